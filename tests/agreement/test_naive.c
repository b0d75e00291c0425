/*
 * test_naive.c - the engine against the naive reference: random plans of everything a plan can say, over tables of
 * ordinary and of extreme values, each with one, two and three threads and now and then through sealed segments; every
 * number of the evidence, and the same bytes; and who stands behind the numbers, counted, is as many as the evidence
 * says.
 *
 * SL_AGREEMENT_PLANS and SL_AGREEMENT_SEED in the environment run more, or others, than the everyday ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/confine/crew.h"
#include "enclave/engine/engine.h"
#include "enclave/pact/cost.h"
#include "tests/agreement/naive.h"
#include "tests/agreement/sealed.h"
#include "tests/agreement/wide.h"
#include "tests/agreement/wish.h"

#define PLANS_PER_WORLD 8
#define THREADS 3

struct seen {
	uint64_t seed;
	uint32_t plan;
	/* that the plans are worth comparing */
	uint64_t with_rows, complement, partly, overflow, moments, quantiles, watched;
};

/* The crew's size is the process's; how many of it have work is the store's cut. */
static uint32_t lanes_wanted;
static uint32_t (*cut_of_store)(const struct sl_store *store, uint32_t table, uint32_t parts, int64_t first[]);

static uint32_t cut_fewer(const struct sl_store *store, uint32_t table, uint32_t parts, int64_t first[])
{
	return cut_of_store(store, table, parts < lanes_wanted ? parts : lanes_wanted, first);
}

static void fail_plan(const struct wide *d, const struct seen *seen, const char *what)
{
	struct sl_buf text = { 0 };

	wide_text(d, &text);
	print_error("%s", sl_buf_cstr(&text));
	sl_buf_free(&text);
	fail_msg("SL_AGREEMENT_SEED=%llu, plan %u: %s", (unsigned long long)seen->seed, seen->plan, what);
}

static void run(const struct wide *d, const struct seen *seen, struct sl_store *store, uint32_t lanes,
                struct sl_result *out, struct sl_buf *bytes)
{
	const struct world *w = d->world;
	struct sl_engine_setup setup = { .view = w->view, .cells_max = 10000 };
	struct sl_err err = { 0 };

	/* As little memory as will do means more passes over the rows for quantiles. */
	setup.memory_bytes = sl_plan_engine_bytes(&d->plan, &w->view, THREADS, false) + (lanes == 2 ? 0 : 64 << 20);
	lanes_wanted = lanes;
	cut_of_store = store->cut;
	store->cut = cut_fewer;
	enum sl_rc rc = sl_engine_run(&setup, store, &d->plan, out, &err);
	store->cut = cut_of_store;
	if (rc != SL_OK || sl_result_check(out, &d->plan, &w->view, &err) != SL_OK ||
	    sl_engine_encode(out, bytes, &err) != SL_OK)
		fail_plan(d, seen, err.text);
	if (bytes->len != sl_plan_result_bytes(&d->plan, &w->view, false))
		fail_plan(d, seen, "the result has not the bytes that were told beforehand");
}

static void same_again(const struct wide *d, const struct seen *seen, struct sl_store *store, uint32_t lanes,
                       const struct sl_buf *want, const char *how)
{
	struct sl_buf got = { 0 };
	struct sl_result r;

	run(d, seen, store, lanes, &r, &got);
	if (got.len != want->len || memcmp(got.data, want->data, want->len) != 0)
		fail_plan(d, seen, how);
	sl_buf_free(&got);
	sl_codec_free(&sl_result_record, &r);
}

static void find_members(const struct wide *d, const struct seen *seen, struct sl_store *store, uint32_t lanes,
                         struct sl_members *out)
{
	struct sl_engine_setup setup = { .view = d->world->view, .cells_max = 10000, .memory_bytes = UINT64_MAX };
	struct sl_err err = { 0 };

	lanes_wanted = lanes;
	cut_of_store = store->cut;
	store->cut = cut_fewer;
	enum sl_rc rc = sl_engine_members(&setup, store, &d->plan, out, &err);
	store->cut = cut_of_store;
	if (rc != SL_OK)
		fail_plan(d, seen, err.text);
}

/* Units and rows of each set, from the bytes. last: per set, the unit counted last. */
static void count_members(const struct wide *d, const struct seen *seen, const struct sl_members *m, uint64_t *units,
                          uint64_t *rows, uint64_t *last)
{
	struct sl_cursor c = sl_cursor_over(m->units, m->nunits_bytes);

	for (uint64_t u = 1; u <= m->nunits; u++) {
		(void)sl_varint_get(&c);
		for (uint64_t row = m->one_row ? 1 : sl_varint_get(&c); row > 0; row--) {
			if (!m->one_row)
				(void)sl_varint_get(&c);
			uint64_t set = 0;
			for (uint64_t n = sl_varint_get(&c); n > 0; n--) {
				set += sl_varint_get(&c);
				if (c.failed || set >= m->nsets)
					fail_plan(d, seen, "units that cannot be read");
				units[set] += last[set] != u;
				rows[set]++;
				last[set] = u;
			}
			(void)sl_cursor_take(&c, (size_t)m->nprints * 2);
		}
	}
	if (c.failed || sl_cursor_left(&c) != 0)
		fail_plan(d, seen, "bytes behind the last unit");
}

/* A row's set has the cell's units, a watched statistic's its contributors; any number of threads, the same bytes. */
static void compare_members(const struct wide *d, struct seen *seen, struct sl_store *store, const struct sl_result *r)
{
	uint32_t nstats = d->plan.nstats, watched = sl_plan_watched(&d->plan, nstats);
	struct sl_members m, again;

	find_members(d, seen, store, 1, &m);
	uint64_t *units = calloc((size_t)m.nsets * 3 + 1, sizeof *units), *rows = units + m.nsets;
	assert_non_null(units);
	count_members(d, seen, &m, units, rows, rows + m.nsets);
	for (uint32_t cell = 0; cell * (1 + watched) < m.nsets; cell++)
		for (uint32_t s = 0; s < nstats; s++) {
			const struct sl_evidence *e = &r->evidence[(size_t)cell * nstats + s];
			uint64_t *set = &units[cell * (1 + watched)];
			if (set[0] != e->cell_units || rows[cell * (1 + watched)] != e->cell_rows)
				fail_plan(d, seen, "other units or rows in a cell than its evidence says");
			if (sl_plan_watches(&d->plan.stats[s]) &&
			    set[1 + sl_plan_watched(&d->plan, s)] != e->contributors)
				fail_plan(d, seen, "other units behind a statistic than its evidence says");
		}
	seen->watched += watched > 0;
	for (uint32_t lanes = 2; lanes <= THREADS; lanes++) {
		find_members(d, seen, store, lanes, &again);
		if (again.nunits_bytes != m.nunits_bytes || again.nunits != m.nunits ||
		    (m.nunits_bytes > 0 && memcmp(again.units, m.units, m.nunits_bytes) != 0))
			fail_plan(d, seen, "other units with more threads");
		sl_codec_free(&sl_members_record, &again);
	}
	free(units);
	sl_codec_free(&sl_members_record, &m);
}

static void note(struct seen *seen, const struct sl_result *r)
{
	bool overflow = false;

	seen->with_rows += r->population > 0;
	seen->complement += r->complement > 0;
	seen->partly += r->partly > 0;
	for (uint32_t i = 0; i < r->nevidence; i++)
		overflow |= r->evidence[i].overflow;
	for (uint32_t i = 0; i < r->nmoments; i++)
		overflow |= r->moments[i].overflow;
	seen->overflow += overflow;
	seen->moments += r->nmoments > 0;
	seen->quantiles += r->nquantiles > 0;
}

static void compare_plan(struct world *w, struct sealed *sealed, struct seen *seen)
{
	struct wide *d = malloc(sizeof *d);
	struct sl_result engine, naive;
	struct sl_buf bytes = { 0 };
	char what[256];

	assert_non_null(d);
	wide_init(d, w);
	naive_run(&d->plan, &w->view, &w->store, &naive);
	run(d, seen, &w->store.store, 1, &engine, &bytes);
	if (naive_differs(&engine, &naive, what, sizeof what))
		fail_plan(d, seen, what);
	note(seen, &engine);
	w->store.stretch_rows = world_draw(w, 3) ? 1 + world_draw(w, 40) : 0;
	same_again(d, seen, &w->store.store, 2, &bytes, "other bytes with two threads");
	same_again(d, seen, &w->store.store, 3, &bytes, "other bytes with three threads");
	if (sealed != NULL)
		same_again(d, seen, &sealed->store.store, 1 + world_draw(w, THREADS), &bytes, "other bytes through segments");
	compare_members(d, seen, &w->store.store, &engine);
	assert_int_equal(w->store.nopen, 0);
	sl_buf_free(&bytes);
	sl_codec_free(&sl_result_record, &engine);
	sl_codec_free(&sl_result_record, &naive);
	free(d);
}

static void test_naive_random_plans_are_answered_as_the_naive_reference_answers_them(void **state)
{
	uint64_t plans = wish("SL_AGREEMENT_PLANS", 2000);
	struct world *w = malloc(sizeof *w);
	struct seen seen = { .seed = wish("SL_AGREEMENT_SEED", 1) };

	(void)state;
	assert_non_null(w);
	for (uint64_t done = 0; done < plans; done += PLANS_PER_WORLD, seen.seed++) {
		world_init_wild(w, seen.seed);
		struct sealed *sealed = seen.seed % 5 == 0 ? sealed_open(w) : NULL;
		for (seen.plan = 0; seen.plan < PLANS_PER_WORLD; seen.plan++)
			compare_plan(w, sealed, &seen);
		if (sealed != NULL)
			sealed_close(sealed);
		world_fini(w);
	}
	free(w);
	print_message("%llu plans: %llu with rows, %llu complement, %llu partly, %llu overflow, %llu moments, "
	              "%llu quantiles\n", (unsigned long long)plans, (unsigned long long)seen.with_rows,
	              (unsigned long long)seen.complement, (unsigned long long)seen.partly,
	              (unsigned long long)seen.overflow, (unsigned long long)seen.moments,
	              (unsigned long long)seen.quantiles);
	if (plans < 500)
		return;
	/* Empty answers agree easily. */
	assert_true(seen.with_rows > plans / 4);
	assert_true(seen.complement > plans / 10);
	assert_true(seen.partly > plans / 40);
	assert_true(seen.overflow > plans / 20);
	assert_true(seen.moments > plans / 4);
	assert_true(seen.quantiles > plans / 4);
	assert_true(seen.watched > plans / 4);
}

/* Row groups, zone maps and batches end within units, within runs and between them. */
static void test_naive_plans_over_several_row_groups_are_answered_alike(void **state)
{
	struct world *w = malloc(sizeof *w);
	struct seen seen = { .seed = wish("SL_AGREEMENT_SEED", 1) };

	(void)state;
	assert_non_null(w);
	world_init_large(w, seen.seed);
	assert_true(w->store.tables[0].rows > 65536);
	struct sealed *sealed = sealed_open(w);
	for (seen.plan = 0; seen.plan < PLANS_PER_WORLD; seen.plan++)
		compare_plan(w, sealed, &seen);
	sealed_close(sealed);
	world_fini(w);
	free(w);
	assert_true(seen.with_rows > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_naive_random_plans_are_answered_as_the_naive_reference_answers_them),
		cmocka_unit_test(test_naive_plans_over_several_row_groups_are_answered_alike),
	};
	struct sl_err err = { 0 };

	world_keep_memory();
	if (sl_crew_start(THREADS, &err) != SL_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
