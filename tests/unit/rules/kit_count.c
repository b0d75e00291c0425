/* kit_count.c - see kit.h: evidence of every plan, counted unit by unit. */
#include "tests/unit/rules/kit_parts.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "policy/digest.h"

struct unit_total {
	bool in_cell, meets, misses;
	uint64_t rows;
	sl_i128 total;
};

static struct unit_total total_of(const struct kit *k, const struct sl_plan *plan, uint64_t cell, uint32_t stat,
                                  uint32_t unit, struct sl_evidence *e, int64_t *first, bool *have_first)
{
	struct unit_total u = { 0 };
	const struct sl_stat *s = &plan->stats[stat];

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		if (row->unit != unit || kit_cell_of(k, plan, row) != cell)
			continue;
		u.in_cell = true;
		e->cell_rows++;
		struct sl_value v = s->arg.nops > 0 ? kit_evaluate(plan, &s->arg, row) : (struct sl_value){ .v = 1 };
		v.missing = v.missing || kit_lacks_second(plan, s, row);
		bool counts = !v.missing && (!kit_is_condition(s->fn) || v.v == 1);
		u.meets = u.meets || counts;
		u.misses = u.misses || (kit_is_condition(s->fn) && !counts);
		u.rows += counts;
		e->rows += counts;
		e->known_rows += s->fn == SL_STAT_SHARE ? !v.missing : counts;
		if (counts && s->arg.nops > 0 && !kit_is_condition(s->fn)) {
			u.total += v.v;
			e->all_equal = *have_first ? e->all_equal && v.v == *first : 1;
			*first = *have_first ? *first : v.v;
			*have_first = true;
		}
	}
	return u;
}

static void add_total(struct sl_evidence *e, const struct unit_total *u)
{
	int64_t t = (int64_t)u->total, abs = t < 0 ? -t : t;

	e->sum += u->total;
	e->sum_abs += abs;
	e->negatives += t < 0;
	e->zeros += t == 0;
	e->unit_min = e->contributors == 1 || t < e->unit_min ? t : e->unit_min;
	e->unit_max = e->contributors == 1 || t > e->unit_max ? t : e->unit_max;
	if (abs > e->top1) {
		e->top3 = e->top2;
		e->top2 = e->top1;
		e->top1 = abs;
	} else if (abs > e->top2) {
		e->top3 = e->top2;
		e->top2 = abs;
	} else if (abs > e->top3) {
		e->top3 = abs;
	}
}

static uint32_t units_of(const struct kit *k)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < k->nrows; i++)
		most = k->rows[i].unit > most ? k->rows[i].unit : most;
	return most;
}

static struct sl_evidence count_cell(const struct kit *k, const struct sl_plan *plan, uint64_t cell, uint32_t stat)
{
	struct sl_evidence e = { 0 };
	int64_t first = 0;
	bool have_first = false;
	uint8_t fn = plan->stats[stat].fn;

	for (uint32_t unit = 1, n = units_of(k); unit <= n; unit++) {
		struct unit_total u = total_of(k, plan, cell, stat, unit, &e, &first, &have_first);
		e.cell_units += u.in_cell;
		e.contributors += u.meets;
		e.complement_units += u.misses;
		e.rows_by_one_max = u.rows > e.rows_by_one_max ? u.rows : e.rows_by_one_max;
		if (u.meets && fn != SL_STAT_UNITS && fn != SL_STAT_COUNT && !kit_is_condition(fn))
			add_total(&e, &u);
	}
	return e;
}

static void count_population(const struct kit *k, const struct sl_plan *plan, struct sl_result *r)
{
	for (uint32_t unit = 1, n = units_of(k); unit <= n; unit++) {
		bool in = false, out = false;
		for (uint32_t i = 0; i < k->nrows; i++)
			if (k->rows[i].unit == unit) {
				in = in || kit_is_kept(plan, &k->rows[i]);
				out = out || !kit_is_kept(plan, &k->rows[i]);
			}
		r->population += in;
		r->complement += !in && out;
		r->partly += in && out;
	}
}

static void count_margins(const struct kit *k, const struct sl_plan *plan, struct sl_result *r)
{
	for (uint32_t key = 0; key < plan->nkeys; key++) {
		const struct sl_column *c = sl_plan_key_column(plan, &k->setup.view, key);
		if (!c->sensitive)
			continue;
		r->margins = kit_grown(r->margins, r->nmargins, sizeof *r->margins);
		struct sl_margin *m = &r->margins[r->nmargins++];
		m->key = (uint16_t)key;
		m->ncells = (uint32_t)(sl_plan_cells(plan, &k->setup.view) /
		                       sl_column_ngroups(c, plan->keys[key].banded != 0));
		m->cells = kit_zeroed(m->ncells, sizeof *m->cells);
		for (uint32_t unit = 1, n = units_of(k); unit <= n; unit++)
			for (uint32_t cell = 0; cell < m->ncells; cell++) {
				bool in = false;
				for (uint32_t i = 0; i < k->nrows; i++)
					in = in || (k->rows[i].unit == unit && kit_is_kept(plan, &k->rows[i]) &&
					            kit_cell_without(k, plan, &k->rows[i], key) == cell);
				m->cells[cell].units += in;
			}
	}
}

/* Rows of the cell with a value below (-1), at (0) or above (1) it; units of them in *units. */
static uint64_t side_of(const struct kit *k, const struct sl_plan *plan, uint64_t cell, const struct sl_stat *s,
                        int64_t value, int side, uint64_t *units)
{
	uint64_t rows = 0;

	*units = 0;
	for (uint32_t unit = 1, n = units_of(k); unit <= n; unit++) {
		uint64_t before = rows;
		for (uint32_t i = 0; i < k->nrows; i++) {
			const struct kit_row *row = &k->rows[i];
			if (row->unit != unit || kit_cell_of(k, plan, row) != cell)
				continue;
			struct sl_value v = kit_evaluate(plan, &s->arg, row);
			rows += !v.missing && (v.v > value) - (v.v < value) == side;
		}
		*units += rows > before;
	}
	return rows;
}

/* Tries the value of every row: the smallest with at least p of the cell's at or below it. */
static struct sl_quantile quantile_of(const struct kit *k, const struct sl_plan *plan, uint64_t cell,
                                      const struct sl_stat *s)
{
	struct sl_quantile best = { 0 };
	bool found = false;

	for (uint32_t i = 0; i < k->nrows; i++) {
		struct sl_value v = kit_evaluate(plan, &s->arg, &k->rows[i]);
		struct sl_quantile q = { .value = v.v };
		if (v.missing || kit_cell_of(k, plan, &k->rows[i]) != cell)
			continue;
		uint64_t below = side_of(k, plan, cell, s, v.v, -1, &q.below_units);
		uint64_t at = side_of(k, plan, cell, s, v.v, 0, &q.at_units);
		uint64_t all = below + at + side_of(k, plan, cell, s, v.v, 1, &q.above_units);
		if ((below + at) * SL_QUANTILE_ONE < all * s->p || (found && v.v >= best.value))
			continue;
		best = q;
		found = true;
	}
	return best;
}

static void count_quantiles(const struct kit *k, const struct sl_plan *plan, uint32_t ncells, struct sl_result *r)
{
	r->quantiles = kit_zeroed((size_t)ncells * plan->nstats, sizeof *r->quantiles);
	for (uint32_t cell = 0; cell < ncells; cell++)
		for (uint32_t s = 0; s < plan->nstats; s++)
			if (plan->stats[s].fn == SL_STAT_QUANTILE)
				r->quantiles[r->nquantiles++] = quantile_of(k, plan, cell, &plan->stats[s]);
}

/* Of the whole table, one value after the other, each larger than the last. */
static struct sl_distinct distinct_of(const struct kit *k, uint16_t column)
{
	struct sl_distinct d = { 0 };

	for (;;) {
		const int64_t *next = NULL;
		for (uint32_t i = 0; i < k->nrows; i++) {
			const int64_t *v = &k->rows[i].value[column];
			if (!k->rows[i].missing[column] && (d.n == 0 || *v > d.v[d.n - 1]) && (next == NULL || *v < *next))
				next = v;
		}
		if (next == NULL)
			return d;
		if (d.n == SL_DISTINCT_MAX)
			return (struct sl_distinct){ 0 };
		d.v[d.n++] = *next;
	}
}

static void count_distinct(const struct kit *k, const struct sl_plan *plan, struct sl_result *r)
{
	uint16_t inputs[SL_INPUTS_MAX];

	r->ndistinct = sl_result_distinct(plan, &k->setup.view, inputs);
	r->distinct = kit_zeroed(r->ndistinct, sizeof *r->distinct);
	for (uint32_t i = 0; i < r->ndistinct; i++)
		r->distinct[i] = distinct_of(k, plan->inputs[inputs[i]].column);
}

static void bind(const struct sl_plan *plan, struct sl_result *r)
{
	struct sl_buf bytes = { 0 };
	struct sl_err err = { 0 };

	assert_int_equal(sl_codec_encode(&sl_plan_record, plan, &bytes, &err), SL_OK);
	sl_digest_sha256(bytes.data, bytes.len, r->plan_digest);
	sl_buf_free(&bytes);
}

void kit_count(struct kit *k)
{
	kit_free_results(k);
	for (uint32_t p = 0; p < k->setup.nplans; p++) {
		const struct sl_plan *plan = &k->plans[p];
		struct sl_result *r = &k->results[p];
		uint32_t ncells = (uint32_t)sl_plan_cells(plan, &k->setup.view);
		r->filtered = sl_plan_is_filtered(plan);
		r->nevidence = ncells * plan->nstats;
		r->evidence = kit_zeroed(r->nevidence, sizeof *r->evidence);
		for (uint32_t i = 0; i < r->nevidence; i++)
			r->evidence[i] = count_cell(k, plan, i / plan->nstats, i % plan->nstats);
		count_population(k, plan, r);
		count_margins(k, plan, r);
		count_quantiles(k, plan, ncells, r);
		kit_count_moments(k, plan, ncells, r);
		kit_count_models(k, plan, ncells, r);
		kit_draw_counts(k, plan, r);
		count_distinct(k, plan, r);
		bind(plan, r);
	}
}
