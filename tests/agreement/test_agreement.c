/*
 * test_agreement.c - the engine against plain SQL: random plans over random tables, every number of the evidence.
 *
 * The whole language: folds, four joins, filters before and after them, every statistic; on three threads.
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
#include "tests/agreement/twin.h"
#include "tests/agreement/wish.h"

#define PLANS_PER_WORLD 8
#define THREADS 3 /* the memory store cuts tables into as many parts */

/* Numbers of one (cell, statistic), in the order the SQL gives them. */
enum { N_CONTRIBUTORS, N_COMPLEMENT, N_ROWS, N_KNOWN, N_ONE_MAX, N_NEGATIVES, N_ZEROS, N_SUM, N_SUM_ABS, N_TOP1, N_TOP2,
	N_TOP3, N_MIN, N_MAX, N_EQUAL, N_COUNT };
static const char *const number_names[N_COUNT] = { "contributors", "complement_units", "rows", "known_rows",
	"rows_by_one_max", "negatives", "zeros", "sum", "sum_abs", "top1", "top2", "top3", "unit_min", "unit_max",
	"all_equal" };

struct seen {
	uint64_t seed;          /* of the world; with the plan's number it names a failure */
	uint32_t plan;
	uint64_t with_rows, partly, contributors; /* that the tables drawn are worth comparing */
};

static sqlite3_stmt *ask(struct twin *t, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(t->world->db, sql, -1, &s, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sqlite3_errmsg(t->world->db), sql);
	return s;
}

static bool next(struct twin *t, sqlite3_stmt *s)
{
	int rc = sqlite3_step(s);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		fail_msg("%s: %s", sqlite3_errmsg(t->world->db), sqlite3_sql(s));
	return rc == SQLITE_ROW;
}

/* Column 0 is the cell, then the numbers; cells that are not told stay zero. */
static void read_numbers(struct twin *t, const char *sql, int64_t *out, int n)
{
	sqlite3_stmt *s = ask(t, sql);

	while (next(t, s)) {
		int64_t cell = sqlite3_column_int64(s, 0);
		assert_in_range(cell, 0, t->cells - 1);
		assert_int_equal(sqlite3_column_count(s), n + 1);
		for (int i = 0; i < n; i++)
			out[cell * n + i] = sqlite3_column_int64(s, i + 1);
	}
	sqlite3_finalize(s);
}

static void sql_of_magnitude(char sql[static 2048], uint32_t stat)
{
	snprintf(sql, 2048,
	         "WITH p AS (SELECT cell, u, sum(a%u) AS s, count(a%u) AS n, min(a%u) AS lo, max(a%u) AS hi FROM j "
	         "WHERE kept GROUP BY cell, u HAVING count(a%u) > 0), "
	         "q AS (SELECT *, row_number() OVER (PARTITION BY cell ORDER BY abs(s) DESC) AS k FROM p) "
	         "SELECT cell, count(*), 0, sum(n), sum(n), max(n), sum(s < 0), sum(s = 0), sum(s), sum(abs(s)), "
	         "max(CASE k WHEN 1 THEN abs(s) ELSE 0 END), max(CASE k WHEN 2 THEN abs(s) ELSE 0 END), "
	         "max(CASE k WHEN 3 THEN abs(s) ELSE 0 END), min(s), max(s), min(s) = max(s) OR min(lo) = max(hi) "
	         "FROM q GROUP BY cell",
	         stat, stat, stat, stat, stat);
}

static void sql_of_condition(char sql[static 2048], uint32_t stat, bool share)
{
	const char *of = share ? "sum(known)" : "sum(n)";

	snprintf(sql, 2048,
	         "WITH p AS (SELECT cell, u, count(*) AS n, sum(a%u IS TRUE) AS yes, sum(a%u IS NOT TRUE) AS no, "
	         "count(a%u) AS known FROM j WHERE kept GROUP BY cell, u) "
	         "SELECT cell, sum(yes > 0), sum(no > 0), sum(yes), %s, max(yes), 0, 0, 0, 0, 0, 0, 0, 0, 0, "
	         "%s > 0 AND (sum(yes) = 0 OR sum(yes) = %s) FROM p GROUP BY cell",
	         stat, stat, stat, share ? of : "sum(yes)", of, of);
}

static void sql_of_rows(char sql[static 2048])
{
	snprintf(sql, 2048,
	         "WITH p AS (SELECT cell, u, count(*) AS n FROM j WHERE kept GROUP BY cell, u) "
	         "SELECT cell, count(*), 0, sum(n), sum(n), max(n), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM p GROUP BY cell");
}

/* Of a quantile: those who have a value, and nothing of how much it is. */
static void sql_of_known(char sql[static 2048], uint32_t stat)
{
	snprintf(sql, 2048,
	         "WITH p AS (SELECT cell, u, count(a%u) AS n FROM j WHERE kept GROUP BY cell, u HAVING count(a%u) > 0) "
	         "SELECT cell, count(*), 0, sum(n), sum(n), max(n), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM p GROUP BY cell",
	         stat, stat);
}

static void numbers_of(const struct sl_evidence *e, int64_t out[static N_COUNT])
{
	out[N_CONTRIBUTORS] = (int64_t)e->contributors;
	out[N_COMPLEMENT] = (int64_t)e->complement_units;
	out[N_ROWS] = (int64_t)e->rows;
	out[N_KNOWN] = (int64_t)e->known_rows;
	out[N_ONE_MAX] = (int64_t)e->rows_by_one_max;
	out[N_NEGATIVES] = (int64_t)e->negatives;
	out[N_ZEROS] = (int64_t)e->zeros;
	out[N_SUM] = (int64_t)e->sum;
	out[N_SUM_ABS] = (int64_t)e->sum_abs;
	out[N_TOP1] = e->top1;
	out[N_TOP2] = e->top2;
	out[N_TOP3] = e->top3;
	out[N_MIN] = e->unit_min;
	out[N_MAX] = e->unit_max;
	out[N_EQUAL] = e->all_equal;
}

static void compare_stat(struct twin *t, const struct sl_result *r, uint32_t stat, struct seen *seen)
{
	enum sl_stat_fn fn = t->stats[stat].fn;
	int64_t *want = calloc(t->cells, N_COUNT * sizeof *want), got[N_COUNT];
	char sql[2048];

	if (fn == SL_STAT_UNITS || fn == SL_STAT_COUNT)
		sql_of_rows(sql);
	else if (fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE)
		sql_of_condition(sql, stat, fn == SL_STAT_SHARE);
	else if (fn == SL_STAT_QUANTILE)
		sql_of_known(sql, stat);
	else
		sql_of_magnitude(sql, stat);
	read_numbers(t, sql, want, N_COUNT);
	for (uint64_t cell = 0; cell < t->cells; cell++) {
		const struct sl_evidence *e = &r->evidence[cell * t->plan.nstats + stat];
		numbers_of(e, got);
		assert_int_equal(e->overflow, 0);
		seen->contributors += e->contributors;
		for (int i = 0; i < N_COUNT; i++)
			if (got[i] != want[cell * N_COUNT + (uint64_t)i])
				fail_msg("world %llu plan %u cell %llu, %s: %s is %lld, SQL says %lld", (unsigned long long)seen->seed,
				         seen->plan, (unsigned long long)cell, sl_stat_fn_name(fn), number_names[i], (long long)got[i],
				         (long long)want[cell * N_COUNT + (uint64_t)i]);
	}
	free(want);
}

static void compare_cells(struct twin *t, const struct sl_result *r)
{
	int64_t *want = calloc(t->cells, 2 * sizeof *want);

	read_numbers(t, "SELECT cell, count(DISTINCT u), count(*) FROM j WHERE kept GROUP BY cell", want, 2);
	for (uint64_t i = 0; i < r->nevidence; i++) {
		assert_int_equal(r->evidence[i].cell_units, want[i / t->plan.nstats * 2]);
		assert_int_equal(r->evidence[i].cell_rows, want[i / t->plan.nstats * 2 + 1]);
	}
	free(want);
}

static void compare_units(struct twin *t, const struct sl_result *r, struct seen *seen)
{
	sqlite3_stmt *s = ask(t, "SELECT total(hi), total(NOT hi), total(hi AND NOT lo) FROM "
	                         "(SELECT max(kept) AS hi, min(kept) AS lo FROM j GROUP BY u)");

	assert_true(next(t, s));
	assert_int_equal(r->population, sqlite3_column_int64(s, 0));
	assert_int_equal(r->complement, sqlite3_column_int64(s, 1));
	assert_int_equal(r->partly, sqlite3_column_int64(s, 2));
	assert_int_equal(r->filtered, sl_plan_is_filtered(&t->plan));
	seen->with_rows += r->population > 0;
	seen->partly += r->partly > 0;
	sqlite3_finalize(s);
}

static void compare_margin(struct twin *t, const struct sl_margin *m)
{
	int64_t *want = calloc(t->cells, sizeof *want);
	struct sl_buf sql = { 0 };

	sl_buf_text(&sql, "SELECT 0");
	for (uint32_t k = 0; k < t->plan.nkeys; k++) {
		uint64_t stride = 1;
		for (uint32_t l = k + 1; l < t->plan.nkeys; l++)
			stride *= l == m->key ? 1 : t->groups[l];
		if (k != m->key)
			sl_buf_printf(&sql, " + g%u * %llu", k, (unsigned long long)stride);
	}
	sl_buf_text(&sql, " AS rest, count(DISTINCT u) FROM j WHERE kept GROUP BY rest");
	read_numbers(t, sl_buf_cstr(&sql), want, 1);
	assert_int_equal(m->ncells, t->cells / t->groups[m->key]);
	for (uint32_t i = 0; i < m->ncells; i++)
		assert_int_equal(m->cells[i].units, want[i]);
	sl_buf_free(&sql);
	free(want);
}

/* A value of a cell, as SQL gives it. */
struct value {
	int64_t x, y; /* argument; second one */
};

static int by_argument(const void *a, const void *b)
{
	const struct value *p = a, *q = b;

	return p->x < q->x ? -1 : p->x > q->x;
}

/* All values of a cell, by argument; *n of them. */
static struct value *values_of(struct twin *t, uint32_t stat, uint64_t cell, uint32_t *n)
{
	struct value *values = calloc(4096, sizeof *values);
	char sql[160];

	snprintf(sql, sizeof sql, "SELECT a%u, b%u FROM j WHERE kept AND cell = %llu AND a%u IS NOT NULL", stat, stat,
	         (unsigned long long)cell, stat);
	sqlite3_stmt *s = ask(t, sql);
	for (*n = 0; next(t, s); (*n)++) {
		assert_true(*n < 4096);
		values[*n] = (struct value){ sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1) };
	}
	sqlite3_finalize(s);
	qsort(values, *n, sizeof *values, by_argument);
	return values;
}

static uint64_t units_where(struct twin *t, uint32_t stat, uint64_t cell, const char *sign, int64_t value)
{
	char sql[200];

	snprintf(sql, sizeof sql, "SELECT count(DISTINCT u) FROM j WHERE kept AND cell = %llu AND a%u %s %lld",
	         (unsigned long long)cell, stat, sign, (long long)value);
	sqlite3_stmt *s = ask(t, sql);
	assert_true(next(t, s));
	uint64_t n = (uint64_t)sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

static void compare_quantile(struct twin *t, uint32_t stat, uint64_t cell, const struct sl_quantile *q)
{
	uint32_t n;
	struct value *values = values_of(t, stat, cell, &n);
	struct sl_quantile want = { 0 };

	if (n > 0) {
		/* The smallest value that at least p of the rows do not exceed. */
		uint64_t rank = ((uint64_t)n * t->stats[stat].p + SL_QUANTILE_ONE - 1) / SL_QUANTILE_ONE;
		want.value = values[rank - 1].x;
		want.below_units = units_where(t, stat, cell, "<", want.value);
		want.at_units = units_where(t, stat, cell, "=", want.value);
		want.above_units = units_where(t, stat, cell, ">", want.value);
	}
	free(values);
	if (q->value != want.value || q->below_units != want.below_units || q->at_units != want.at_units ||
	    q->above_units != want.above_units)
		fail_msg("quantile: %lld %llu %llu %llu, SQL says %lld %llu %llu %llu", (long long)q->value,
		         (unsigned long long)q->below_units, (unsigned long long)q->at_units,
		         (unsigned long long)q->above_units, (long long)want.value, (unsigned long long)want.below_units,
		         (unsigned long long)want.at_units, (unsigned long long)want.above_units);
}

static void compare_moments(struct twin *t, uint32_t stat, uint64_t cell, const struct sl_moments *m)
{
	bool pair = t->stats[stat].arg2.nops > 0;
	struct sl_moments want = { 0 };
	uint32_t n;
	struct value *values = values_of(t, stat, cell, &n);

	for (uint32_t i = 0; i < n; i++) {
		/* The argument is y of a pair, and x alone. */
		sl_i128 x = pair ? values[i].y : values[i].x, y = pair ? values[i].x : 0;
		want.x += x;
		want.y += y;
		want.xx += x * x;
		want.xy += x * y;
		want.yy += y * y;
	}
	free(values);
	assert_int_equal(m->overflow, 0);
	if (m->x != want.x || m->y != want.y || m->xx != want.xx || m->xy != want.xy || m->yy != want.yy)
		fail_msg("moments of cell %llu, statistic %u differ", (unsigned long long)cell, stat);
}

static void compare_vectors(struct twin *t, const struct sl_result *r)
{
	uint32_t m = 0, q = 0;

	for (uint64_t cell = 0; cell < t->cells; cell++)
		for (uint32_t stat = 0; stat < t->plan.nstats; stat++) {
			if (t->stats[stat].fn == SL_STAT_QUANTILE)
				compare_quantile(t, stat, cell, &r->quantiles[q++]);
			if (sl_stat_has_moments((enum sl_stat_fn)t->stats[stat].fn))
				compare_moments(t, stat, cell, &r->moments[m++]);
		}
	assert_int_equal(m, r->nmoments);
	assert_int_equal(q, r->nquantiles);
}

static void compare_plan(struct world *w, struct seen *seen)
{
	struct sl_engine_setup setup = { .view = w->view, .memory_bytes = 1 << 30, .cells_max = 10000 };
	struct twin *t = malloc(sizeof *t);
	struct sl_result r;
	struct sl_err err = { 0 };

	assert_non_null(t);
	twin_init(t, w);
	if (sl_engine_run(&setup, &w->store.store, &t->plan, &r, &err) != SL_OK ||
	    sl_result_check(&r, &t->plan, &w->view, &err) != SL_OK)
		fail_msg("world %llu plan %u: %s", (unsigned long long)seen->seed, seen->plan, err.text);
	assert_int_equal(r.nevidence, t->cells * t->plan.nstats);
	compare_units(t, &r, seen);
	compare_cells(t, &r);
	for (uint32_t i = 0; i < t->plan.nstats; i++)
		compare_stat(t, &r, i, seen);
	for (uint32_t i = 0; i < r.nmargins; i++)
		compare_margin(t, &r.margins[i]);
	compare_vectors(t, &r);
	assert_int_equal(w->store.nopen, 0);
	sl_codec_free(&sl_result_record, &r);
	free(t);
}

static void test_agreement_random_plans_are_answered_as_sql_answers_them(void **state)
{
	uint64_t plans = wish("SL_AGREEMENT_PLANS", 2000);
	struct world *w = malloc(sizeof *w);
	struct seen seen = { .seed = wish("SL_AGREEMENT_SEED", 1) };

	(void)state;
	assert_non_null(w);
	for (uint64_t done = 0; done < plans; done += PLANS_PER_WORLD, seen.seed++) {
		world_init(w, seen.seed);
		for (seen.plan = 0; seen.plan < PLANS_PER_WORLD; seen.plan++)
			compare_plan(w, &seen);
		world_fini(w);
	}
	free(w);
	print_message("%llu plans, %llu with rows, %llu cut within units\n", (unsigned long long)plans,
	              (unsigned long long)seen.with_rows, (unsigned long long)seen.partly);
	/* Empty answers agree easily. */
	assert_true(seen.with_rows > plans / 3);
	assert_true(seen.partly > plans / 20);
	assert_true(seen.contributors > plans * 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement_random_plans_are_answered_as_sql_answers_them),
	};

	world_keep_memory();
	if (sl_crew_start(THREADS, NULL) != SL_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
