/*
 * test_laws.c - laws about the evidence that the engine gives, for random plans of everything a plan can say, also
 * through sealed segments: how units are numbered and in which order rows come changes nothing; and without one unit,
 * cells that it is not in have the same evidence, and whatever is added up over units is less by what the unit has.
 *
 * What one unit has, and so which cells it is in, is told by the naive reference from the rows of that unit alone.
 * SL_LAWS_TABLES and SL_LAWS_SEED in the environment try more, or others, than the everyday ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/confine/crew.h"
#include "enclave/engine/engine.h"
#include "tests/agreement/naive.h"
#include "tests/agreement/sealed.h"
#include "tests/agreement/wide.h"
#include "tests/agreement/wish.h"

#define PLANS_PER_WORLD 4
#define UNITS_MAX 61 /* of a table of a world that is not large */
#define THREADS 2

struct seen {
	uint64_t seed;
	uint64_t with_rows, changed, kept, added; /* that tables and plans are worth trying */
};

static void fail_law(const struct wide *d, const struct seen *seen, const char *what)
{
	struct sl_buf text = { 0 };

	wide_text(d, &text);
	print_error("%s", sl_buf_cstr(&text));
	sl_buf_free(&text);
	fail_msg("SL_LAWS_SEED=%llu SL_LAWS_TABLES=1: %s", (unsigned long long)seen->seed, what);
}

/* --- the engine ------------------------------------------------------------------------------------------ */

static void run(const struct wide *d, const struct seen *seen, const struct sl_store *store, struct sl_result *out)
{
	struct sl_engine_setup setup = { .view = d->world->view, .cells_max = 10000, .memory_bytes = 256 << 20 };
	struct sl_err err = { 0 };

	if (sl_engine_run(&setup, store, &d->plan, out, &err) != SL_OK)
		fail_law(d, seen, err.text);
}

/* Over the tables of a store; sealed: as segments. */
static void run_tables(const struct wide *d, const struct seen *seen, const struct memory_store *tables, bool sealed,
                       struct sl_result *out)
{
	struct world *w = malloc(sizeof *w);

	assert_non_null(w);
	*w = *d->world;
	w->store = *tables;
	if (sealed) {
		struct sealed *s = sealed_open(w);
		run(d, seen, &s->store.store, out);
		sealed_close(s);
	} else {
		run(d, seen, &w->store.store, out);
		assert_int_equal(w->store.nopen, 0);
	}
	free(w);
}

/* --- other tables ---------------------------------------------------------------------------------------- */

/* Adds a row to a table that has room for it. */
static void add_row(struct memory_table *to, const struct memory_table *from, uint32_t row, int64_t unit)
{
	to->units[to->rows] = unit;
	for (uint32_t c = 0; c < from->ncolumns; c++) {
		to->values[c][to->rows] = from->values[c][row];
		to->nulls[c][to->rows] = from->nulls[c][row];
	}
	to->rows++;
}

static struct memory_table *empty_table(struct memory_store *s, const struct memory_table *like)
{
	struct memory_table *t = memory_store_table(s, like->rows, like->ncolumns);

	t->rows = 0;
	return t;
}

/* The same tables as if their rows had come in another order: units are known by other ordinals, with gaps. */
static void permute(struct world *w, struct memory_store *out)
{
	uint32_t known[UNITS_MAX] = { 0 }, rows[4 * UNITS_MAX + 200];

	for (uint32_t u = 0; u < UNITS_MAX; u++) {
		uint32_t at = world_draw(w, u + 1);
		known[u] = known[at];
		known[at] = u;
	}
	memory_store_init(out);
	for (uint32_t i = 0; i < w->store.ntables; i++) {
		const struct memory_table *from = &w->store.tables[i];
		struct memory_table *to = empty_table(out, from);
		for (uint32_t u = 0; u < UNITS_MAX; u++) {
			uint32_t n = 0;
			for (uint32_t r = 0; r < from->rows; r++) {
				if (from->units[r] != known[u])
					continue;
				uint32_t at = world_draw(w, ++n);
				rows[n - 1] = rows[at];
				rows[at] = r;
			}
			for (uint32_t r = 0; r < n; r++)
				add_row(to, from, rows[r], 3 * (int64_t)u + 1);
		}
		assert_int_equal(to->rows, from->rows);
	}
}

/* The rows of one unit, or all the others. */
static void part(const struct memory_store *from, struct memory_store *out, int64_t unit, bool alone)
{
	memory_store_init(out);
	for (uint32_t i = 0; i < from->ntables; i++) {
		const struct memory_table *t = &from->tables[i];
		struct memory_table *to = empty_table(out, t);
		for (uint32_t r = 0; r < t->rows; r++)
			if ((t->units[r] == unit) == alone)
				add_row(to, t, r, t->units[r]);
	}
}

/* --- the order of rows ----------------------------------------------------------------------------------- */

static void same_bytes(const struct wide *d, const struct seen *seen, const struct sl_result *a,
                       const struct sl_result *b)
{
	struct sl_buf x = { 0 }, y = { 0 };

	assert_int_equal(sl_engine_encode(a, &x, NULL), SL_OK);
	assert_int_equal(sl_engine_encode(b, &y, NULL), SL_OK);
	if (x.len != y.len || memcmp(x.data, y.data, x.len) != 0)
		fail_law(d, seen, "another result with rows in another order");
	sl_buf_free(&x);
	sl_buf_free(&y);
}

static void permuted_is_the_same(struct world *w, const struct wide *d, struct seen *seen)
{
	struct memory_store other;
	struct sl_result before, after;

	permute(w, &other);
	run_tables(d, seen, &w->store, false, &before);
	run_tables(d, seen, &other, seen->seed % 5 == 0, &after);
	same_bytes(d, seen, &before, &after);
	seen->with_rows += before.population > 0;
	memory_store_fini(&other);
	sl_codec_free(&sl_result_record, &before);
	sl_codec_free(&sl_result_record, &after);
}

/* Returns how many tables. */
static uint64_t on_random_tables(void (*law)(struct world *w, const struct wide *d, struct seen *seen),
                                 struct seen *seen)
{
	uint64_t tables = wish("SL_LAWS_TABLES", 400);
	struct world *w = malloc(sizeof *w);
	struct wide *d = malloc(sizeof *d);

	*seen = (struct seen){ .seed = wish("SL_LAWS_SEED", 1) };
	assert_true(w != NULL && d != NULL);
	for (uint64_t done = 0; done < tables; done++, seen->seed++) {
		world_init_wild(w, seen->seed);
		for (uint32_t i = 0; i < PLANS_PER_WORLD; i++) {
			wide_init(d, w);
			law(w, d, seen);
		}
		world_fini(w);
	}
	free(w);
	free(d);
	return tables;
}

static void test_laws_the_order_of_rows_changes_nothing(void **state)
{
	struct seen seen;
	uint64_t tables = on_random_tables(permuted_is_the_same, &seen);

	(void)state;
	assert_true(tables < 100 || seen.with_rows > tables * PLANS_PER_WORLD / 4);
}

/* --- one unit less --------------------------------------------------------------------------------------- */

struct law {
	const struct wide *d;
	const struct sl_result *before, *after, *alone;
	uint32_t ncells;
};

/* Whether records of a cell say the same; all of them have as many of every cell. */
static bool same_records(const struct sl_record *rec, const void *a, const void *b, uint32_t n, const struct law *l,
                         uint32_t cell)
{
	struct sl_buf x = { .max = 1 << 20 }, y = { .max = 1 << 20 };
	uint32_t each = n / l->ncells;

	for (uint32_t i = cell * each; i < (cell + 1) * each; i++) {
		assert_int_equal(sl_codec_encode(rec, (const char *)a + i * rec->size, &x, NULL), SL_OK);
		assert_int_equal(sl_codec_encode(rec, (const char *)b + i * rec->size, &y, NULL), SL_OK);
	}
	bool same = x.len == y.len && (x.len == 0 || memcmp(x.data, y.data, x.len) == 0);
	sl_buf_free(&x);
	sl_buf_free(&y);
	return same;
}

static bool same_cell(const struct law *l, uint32_t cell)
{
	const struct sl_result *a = l->before, *b = l->after;

	return same_records(&sl_evidence_record, a->evidence, b->evidence, a->nevidence, l, cell) &&
	       same_records(&sl_moments_record, a->moments, b->moments, a->nmoments, l, cell) &&
	       same_records(&sl_quantile_record, a->quantiles, b->quantiles, a->nquantiles, l, cell) &&
	       same_records(&sl_variable_record, a->variables, b->variables, a->nvariables, l, cell) &&
	       same_records(&sl_sum_record, a->sums, b->sums, a->nsums, l, cell);
}

/* What is counted and added up over units; top and bottom are not. */
static bool adds_up(const struct sl_evidence *all, const struct sl_evidence *less, const struct sl_evidence *one)
{
	bool counts = all->cell_units == less->cell_units + one->cell_units &&
	              all->cell_rows == less->cell_rows + one->cell_rows;

	if (all->overflow || less->overflow || one->overflow)
		return counts;
	return counts && all->contributors == less->contributors + one->contributors &&
	       all->complement_units == less->complement_units + one->complement_units &&
	       all->rows == less->rows + one->rows && all->known_rows == less->known_rows + one->known_rows &&
	       all->negatives == less->negatives + one->negatives && all->zeros == less->zeros + one->zeros &&
	       all->sum == less->sum + one->sum && all->sum_abs == less->sum_abs + one->sum_abs;
}

static bool totals_add_up(const struct law *l)
{
	const struct sl_result *a = l->before, *b = l->after, *one = l->alone;

	for (uint32_t m = 0; m < a->nmargins; m++)
		for (uint32_t i = 0; i < a->margins[m].ncells; i++)
			if (a->margins[m].cells[i].units != b->margins[m].cells[i].units + one->margins[m].cells[i].units)
				return false;
	return a->population == b->population + one->population && a->complement == b->complement + one->complement &&
	       a->partly == b->partly + one->partly;
}

static void compare(const struct law *l, struct seen *seen)
{
	uint32_t nstats = l->d->plan.nstats;

	assert_int_equal(l->before->nevidence, l->after->nevidence);
	if (!totals_add_up(l))
		fail_law(l->d, seen, "totals are not those without the unit and those of the unit");
	for (uint32_t cell = 0; cell < l->ncells; cell++) {
		bool is_in = nstats > 0 && l->alone->evidence[cell * nstats].cell_units > 0;
		if (!is_in && !same_cell(l, cell))
			fail_law(l->d, seen, "other evidence in a cell that the unit is not in");
		for (uint32_t s = cell * nstats; is_in && s < (cell + 1) * nstats; s++) {
			if (!adds_up(&l->before->evidence[s], &l->after->evidence[s], &l->alone->evidence[s]))
				fail_law(l->d, seen, "a cell is not what it is without the unit and what the unit has");
			seen->added += l->alone->evidence[s].contributors > 0;
		}
		seen->changed += is_in;
		seen->kept += !is_in && l->before->evidence[cell * nstats].cell_units > 0;
	}
}

/* A unit that has a row in the first table of the plan, if any has. */
static int64_t pick_unit(struct world *w, const struct wide *d)
{
	const struct memory_table *t = &w->store.tables[d->sources[0].table];

	return t->rows > 0 ? t->units[world_draw(w, t->rows)] : 0;
}

static void one_unit_less(struct world *w, const struct wide *d, struct seen *seen)
{
	int64_t unit = pick_unit(w, d);
	struct memory_store less, one;
	struct sl_result before, after, alone;

	part(&w->store, &less, unit, false);
	part(&w->store, &one, unit, true);
	run_tables(d, seen, &w->store, false, &before);
	run_tables(d, seen, &less, seen->seed % 5 == 0, &after);
	naive_run(&d->plan, &w->view, &one, &alone);
	compare(&(struct law){ d, &before, &after, &alone, (uint32_t)sl_plan_cells(&d->plan, &w->view) }, seen);
	memory_store_fini(&less);
	memory_store_fini(&one);
	sl_codec_free(&sl_result_record, &before);
	sl_codec_free(&sl_result_record, &after);
	sl_codec_free(&sl_result_record, &alone);
}

static void test_laws_a_unit_is_in_the_evidence_of_its_own_cells_alone(void **state)
{
	struct seen seen;
	uint64_t tables = on_random_tables(one_unit_less, &seen);

	(void)state;
	print_message("%llu tables: %llu cells with the unit, %llu with others, %llu statistics with it\n",
	              (unsigned long long)tables, (unsigned long long)seen.changed, (unsigned long long)seen.kept,
	              (unsigned long long)seen.added);
	assert_true(tables < 100 || (seen.changed > tables && seen.kept > 2 * tables && seen.added > tables));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_laws_the_order_of_rows_changes_nothing),
		cmocka_unit_test(test_laws_a_unit_is_in_the_evidence_of_its_own_cells_alone),
	};
	struct sl_err err = { 0 };

	world_keep_memory();
	if (sl_crew_start(THREADS, &err) != SL_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
