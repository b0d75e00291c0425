/*
 * check_transform.c - policy's transformation of a publication, after everything else was judged.
 *
 * A number that is shown is taken apart into counts, which are rounded, and made again from them: a share from two, a
 * sum from its mean and one. Totals of the request are made from the rounded cells of its finest output, hidden ones
 * left out, so that they add up and nothing can be subtracted that is not on the page.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_common.h"
#include "policy/check_state.h"
#include "policy/rules/rules.h"
#include "policy/transform.h"

/* A number that adds up: a count (n is 0); of a share part and whole; of a mean sum and rows; a sum and its rows. */
struct part {
	bool known; /* shown, and not too large */
	sl_i128 v, n;
};

struct work {
	struct sl_check_state *st;
	const struct sl_rules *rules;
	struct part *parts[SL_PLANS_MAX]; /* cell-major, per statistic; only of outputs that are added up */
};

/* --- which outputs are totals ----------------------------------------------------------------------------- */

static bool adds_up(enum sl_stat_fn fn)
{
	return fn >= SL_STAT_UNITS && fn <= SL_STAT_SHARE;
}

/* The statistic of `fine` that is the same as statistic s of `total`; nstats: none. */
static uint32_t same_stat(const struct sl_plan *fine, const struct sl_plan *total, uint32_t s)
{
	const struct sl_stat *of = &total->stats[s];
	uint32_t f = 0;

	while (f < fine->nstats &&
	       (fine->stats[f].fn != of->fn || !sl_check_same_argument(fine, &fine->stats[f].arg, total, &of->arg)))
		f++;
	return f;
}

/* No unit is in two of the cells that are added up: the keys that are left out say one thing of each unit. */
static bool units_add_up(const struct sl_check_state *st, const struct sl_plan *fine, const struct sl_common *c)
{
	for (uint32_t k = 0; k < fine->nkeys; k++)
		if (!sl_common_keeps(c, 0, k) &&
		    !sl_source_one_row(&fine->sources[fine->inputs[fine->keys[k].input].source], &st->setup->view))
			return false;
	return true;
}

/* Two outputs, what they have in common, and which cells of the second anybody can be in. */
struct pair {
	const struct sl_check_state *st;
	uint32_t fine, total;
	struct sl_common common;
	bool *possible;
};

/* Of what is in common one cell of the total at most. `at`: 1 + which; of none 0. */
static bool number_totals(const struct pair *p, uint32_t ntotal, uint32_t *at)
{
	for (uint32_t cell = 0; cell < ntotal; cell++) {
		uint32_t x = sl_common_cell(&p->common, 1, cell);
		if (p->possible[cell] && at[x] != 0)
			return false;
		at[x] = p->possible[cell] ? 1 + cell : at[x];
	}
	return true;
}

/* What is hidden of a total must not come out by adding up. `at`: see number_totals. */
static bool hides_apart(const struct pair *p, const uint32_t *at)
{
	const struct sl_check_state *st = p->st;
	const struct sl_plan *pf = &st->plans[p->fine], *pt = &st->plans[p->total];
	const struct sl_published_output *of = &st->pub->outputs[p->fine], *ot = &st->pub->outputs[p->total];
	uint32_t wf = pf->nstats + pf->ncalcs, wt = pt->nstats + pt->ncalcs, nf = of->ncells / wf;

	for (uint32_t s = 0; s < pt->nstats; s++) {
		uint32_t same = same_stat(pf, pt, s);
		for (uint32_t cell = 0; cell < nf; cell++) {
			uint32_t total = at[sl_common_cell(&p->common, 0, cell)];
			if (total != 0 && of->cells[(size_t)cell * wf + same].shown &&
			    !ot->cells[(size_t)(total - 1) * wt + s].shown)
				return false;
		}
	}
	return true;
}

static bool same_stats(const struct pair *p)
{
	const struct sl_plan *pf = &p->st->plans[p->fine], *pt = &p->st->plans[p->total];

	for (uint32_t s = 0; s < pt->nstats; s++)
		if (!adds_up((enum sl_stat_fn)pt->stats[s].fn) || same_stat(pf, pt, s) == pf->nstats ||
		    (pt->stats[s].fn == SL_STAT_UNITS && !units_add_up(p->st, pf, &p->common)))
			return false;
	return true;
}

/*
 * Where the cells of a total are in a finer output: 1 + the total's cell, per common cell; NULL: it is no total of it.
 * The caller's to free.
 */
static enum sl_rc find_totals(struct pair *p, uint32_t **out, struct sl_err *err)
{
	const struct sl_view *view = &p->st->setup->view;
	const struct sl_plan *pf = &p->st->plans[p->fine], *pt = &p->st->plans[p->total];
	uint32_t ntotal = (uint32_t)sl_plan_cells(pt, view), *at = NULL;
	enum sl_rc rc = sl_common_find(pf, pt, view, &p->common, err);

	*out = NULL;
	if (rc == SL_E_LIMIT) {
		sl_err_clear(err);
		return SL_OK;
	}
	if (rc == SL_OK)
		rc = sl_levels_possible(view, pt, &p->possible, err);
	at = rc == SL_OK ? calloc((size_t)p->common.ncells + 1, sizeof *at) : NULL;
	if (rc == SL_OK && at == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "no memory to look for totals");
	if (rc == SL_OK && same_stats(p) && number_totals(p, ntotal, at))
		*out = at;
	else
		free(at);
	return rc;
}

static void end_pair(struct pair *p)
{
	free(p->possible);
	sl_common_free(&p->common);
}

/* What is added up is there before what it is added up to; of two as fine the earlier. */
static bool is_finer(const struct sl_check_state *st, uint32_t fine, uint32_t total)
{
	if (st->fineness[fine] != st->fineness[total])
		return st->fineness[fine] > st->fineness[total];
	return fine < total;
}

static enum sl_rc is_total_of(const struct sl_check_state *st, uint32_t fine, uint32_t total, bool *is,
                              struct sl_err *err)
{
	const struct sl_plan *pf = &st->plans[fine], *pt = &st->plans[total];
	struct pair p = { .st = st, .fine = fine, .total = total };
	uint32_t *at = NULL;
	enum sl_rc rc;

	*is = false;
	if (!is_finer(st, fine, total) || !sl_check_same_population(pf, pt))
		return SL_OK;
	rc = find_totals(&p, &at, err);
	*is = rc == SL_OK && at != NULL && hides_apart(&p, at);
	free(at);
	end_pair(&p);
	return rc;
}

/* Columns that it is grouped by, then the cells that anybody can be in. */
static enum sl_rc measure_fineness(struct sl_check_state *st, uint32_t i, struct sl_err *err)
{
	const struct sl_plan *plan = &st->plans[i];
	bool *possible = NULL;
	uint64_t columns = 0, cells = 0;
	enum sl_rc rc = sl_levels_possible(&st->setup->view, plan, &possible, err);

	for (uint32_t k = 0; k < plan->nkeys && rc == SL_OK; k++) {
		uint32_t l = 0;
		while (l < k && !sl_rule_same_column(plan, plan->keys[l].input, plan, plan->keys[k].input))
			l++;
		columns += l == k;
	}
	for (uint64_t cell = 0, n = sl_plan_cells(plan, &st->setup->view); cell < n && rc == SL_OK; cell++)
		cells += possible[cell];
	st->fineness[i] = columns << 32 | cells;
	free(possible);
	return rc;
}

enum sl_rc sl_check_totals(struct sl_check_state *st, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	memset(st->total_of, 0, sizeof st->total_of);
	/* At random a total is drawn by itself: the same of the same units, with its cells or without (0064). */
	if (!sl_transform_is_on(&st->setup->rules) || st->setup->rules.transform == SL_TRANSFORM_RANDOM)
		return SL_OK;
	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++)
		rc = measure_fineness(st, i, err);
	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++)
		for (uint32_t fine = 0; fine < st->pub->noutputs && rc == SL_OK; fine++) {
			uint32_t at = st->total_of[i];
			bool is = false;
			if (fine != i && (at == 0 || st->fineness[fine] > st->fineness[at - 1]))
				rc = is_total_of(st, fine, i, &is, err);
			st->total_of[i] = is ? 1 + fine : at;
		}
	return rc;
}

/* --- one number ------------------------------------------------------------------------------------------- */

static int arg_scale(const struct sl_stat *s)
{
	return s->arg.nops > 0 ? s->arg.ops[s->arg.nops - 1].scale : 0;
}

/* What one row may change in what is divided, on the grid that a statistic is published on. */
static int64_t one_of(const struct sl_stat *s, int scale)
{
	bool plain = s->fn == SL_STAT_CORR || s->fn == SL_STAT_R2;
	int natural = s->fn == SL_STAT_VAR ? 2 * arg_scale(s) : plain ? 0 : arg_scale(s);

	if (s->fn == SL_STAT_SLOPE || s->fn == SL_STAT_COEF || s->fn == SL_STAT_COEF_SE || natural > scale)
		return 1;
	return sl_pow10(scale - natural);
}

/* A mean's scale, and the mean on it as finely as its rows tell. */
static bool limit_mean(const struct work *w, const struct sl_stat *s, const struct sl_evidence *e, int64_t n,
                       int *scale, int64_t *out)
{
	struct sl_input_type arg = { .type = s->arg.ops[s->arg.nops - 1].type, .scale = (int8_t)arg_scale(s) };
	sl_i128 sum;
	int64_t mean = 0;

	*scale = sl_stat_type(SL_STAT_MEAN, arg).scale;
	int64_t finer = sl_pow10(*scale - arg.scale);
	return !__builtin_mul_overflow(e->sum, (sl_i128)finer, &sum) && sl_div_round(sum, (sl_i128)e->rows, &mean) &&
	       sl_transform_limit(w->rules, mean, n, finer, out);
}

/* What decides how a number's counts are rounded at random; without draws nothing. */
static struct sl_draw draw_of(const struct work *w, uint32_t i, uint32_t cell, uint32_t stat)
{
	return sl_check_draw(&w->st->results[i], cell * w->st->plans[i].nstats + stat);
}

static struct part part_of_sum(const struct work *w, const struct sl_stat *s, const struct sl_evidence *e,
                               uint64_t draw)
{
	struct part p = { .known = e->rows == 0 };
	int64_t n = 0, mean = 0, sum = 0;
	int scale = 0;

	if (e->rows == 0 || !sl_transform_count(w->rules, e->rows, draw, &n) || n == 0 ||
	    !limit_mean(w, s, e, n, &scale, &mean))
		return p;
	p = (struct part){ .known = true, .v = (sl_i128)mean * n, .n = n };
	if (s->fn == SL_STAT_MEAN)
		return p;
	p.known = sl_div_round(p.v, sl_pow10(scale - arg_scale(s)), &sum);
	p.v = sum;
	return p;
}

/* From the evidence of a cell. */
static struct part part_of(const struct work *w, uint32_t i, uint32_t cell, uint32_t stat)
{
	const struct sl_plan *plan = &w->st->plans[i];
	const struct sl_evidence *e = &w->st->results[i].evidence[(size_t)cell * plan->nstats + stat];
	const struct sl_stat *s = &plan->stats[stat];
	uint64_t n = s->fn == SL_STAT_UNITS ? e->cell_units : s->fn == SL_STAT_COUNT ? e->cell_rows : e->rows;
	struct sl_draw draw = draw_of(w, i, cell, stat);
	struct part p = { .known = false };
	int64_t part = 0, whole = 0;

	if (!w->st->pub->outputs[i].cells[(size_t)cell * (plan->nstats + plan->ncalcs) + stat].shown)
		return p;
	if (sl_rule_is_magnitude(s))
		return part_of_sum(w, s, e, draw.counted);
	p.known = sl_transform_count(w->rules, n, draw.counted, &part) &&
	          (s->fn != SL_STAT_SHARE || sl_transform_count(w->rules, e->known_rows, draw.known, &whole));
	/* A share of so few that they are printed as none. */
	p.known = p.known && (s->fn != SL_STAT_SHARE || whole > 0 || e->known_rows == 0);
	p.v = part;
	p.n = whole;
	return p;
}

/* As it is printed. `again`: a mean of added parts, which tells more than each of them. */
static struct sl_published_cell print_part(const struct work *w, uint32_t i, uint32_t stat, const struct part *p,
                                           bool again)
{
	const struct sl_stat *s = &w->st->plans[i].stats[stat];
	int scale = sl_rule_stat_type(&w->st->plans[i], &w->st->setup->view, stat).scale;
	struct sl_published_cell hidden = { 0 }, cell = { .shown = 1 };
	bool count = s->fn <= SL_STAT_COUNT_IF;

	if (!p->known)
		return hidden;
	cell.missing = !count && p->n == 0;
	if (cell.missing)
		return cell;
	if (s->fn == SL_STAT_SHARE)
		return sl_transform_share(w->rules, p->v, p->n, scale, &cell.value) ? cell : hidden;
	if (s->fn == SL_STAT_MEAN) {
		bool ok = sl_div_round(p->v, p->n, &cell.value) &&
		          (!again || sl_transform_limit(w->rules, cell.value, (int64_t)p->n, one_of(s, scale), &cell.value));
		return ok ? cell : hidden;
	}
	if (p->v > INT64_MAX || p->v < INT64_MIN)
		return hidden;
	cell.value = (int64_t)p->v;
	return cell;
}

/* A number that does not add up: a quantile stands, the others are printed as finely as their rows tell. */
static struct sl_published_cell limit_other(const struct work *w, uint32_t i, uint32_t cell, uint32_t stat,
                                            struct sl_published_cell v)
{
	const struct sl_plan *plan = &w->st->plans[i];
	const struct sl_stat *s = &plan->stats[stat];
	int scale = sl_rule_stat_type(plan, &w->st->setup->view, stat).scale;
	int64_t n = 0, limited = 0;

	if (!v.shown || v.missing || s->fn == SL_STAT_QUANTILE)
		return v;
	if (!sl_transform_count(w->rules, w->st->results[i].evidence[(size_t)cell * plan->nstats + stat].rows,
	                        draw_of(w, i, cell, stat).counted, &n) ||
	    n == 0 || !sl_transform_limit(w->rules, v.value, n, one_of(s, scale), &limited))
		return (struct sl_published_cell){ 0 };
	v.value = limited;
	return v;
}

/* --- one output ------------------------------------------------------------------------------------------- */

static struct part *parts_for(uint32_t ncells, uint32_t nstats, struct sl_err *err)
{
	struct part *parts = calloc((size_t)ncells * nstats + 1, sizeof *parts);

	if (parts == NULL)
		(void)sl_err_set(err, SL_E_NOMEM, "no memory to round an output");
	return parts;
}

static enum sl_rc take_apart(struct work *w, uint32_t i, uint32_t ncells, struct sl_err *err)
{
	const struct sl_plan *plan = &w->st->plans[i];

	w->parts[i] = parts_for(ncells, plan->nstats, err);
	if (w->parts[i] == NULL)
		return SL_E_NOMEM;
	for (uint32_t cell = 0; cell < ncells; cell++)
		for (uint32_t s = 0; s < plan->nstats; s++)
			if (adds_up((enum sl_stat_fn)plan->stats[s].fn))
				w->parts[i][(size_t)cell * plan->nstats + s] = part_of(w, i, cell, s);
	return SL_OK;
}

static void add_cells(struct work *w, const struct pair *p, const uint32_t *at)
{
	const struct sl_plan *pt = &w->st->plans[p->total], *pf = &w->st->plans[p->fine];
	uint32_t nfine = (uint32_t)sl_plan_cells(pf, &w->st->setup->view);

	for (uint32_t s = 0; s < pt->nstats; s++)
		for (uint32_t cell = 0, f = same_stat(pf, pt, s); cell < nfine; cell++) {
			const struct part *from = &w->parts[p->fine][(size_t)cell * pf->nstats + f];
			uint32_t total = at[sl_common_cell(&p->common, 0, cell)];
			if (total == 0 || !from->known)
				continue;
			struct part *to = &w->parts[p->total][(size_t)(total - 1) * pt->nstats + s];
			to->known = true;
			to->v += from->v;
			to->n += from->n;
		}
}

/* What is known of the finer cells; of a total of which none is, nothing; where nobody can be, nobody is. */
static enum sl_rc add_up(struct work *w, uint32_t i, uint32_t ncells, struct sl_err *err)
{
	struct pair p = { .st = w->st, .fine = w->st->total_of[i] - 1, .total = i };
	uint32_t nstats = w->st->plans[i].nstats, *at = NULL;
	enum sl_rc rc = find_totals(&p, &at, err);

	w->parts[i] = parts_for(ncells, nstats, err);
	if (rc == SL_OK && (w->parts[i] == NULL || at == NULL))
		rc = sl_err_set(err, SL_E_NOMEM, "no memory to round an output");
	for (uint32_t n = 0; n < ncells * nstats && rc == SL_OK; n++)
		w->parts[i][n].known = !p.possible[n / nstats];
	if (rc == SL_OK)
		add_cells(w, &p, at);
	free(at);
	end_pair(&p);
	return rc;
}

static enum sl_rc transform_output(struct work *w, uint32_t i, struct sl_err *err)
{
	const struct sl_plan *plan = &w->st->plans[i];
	struct sl_published_output *out = &w->st->pub->outputs[i];
	uint32_t columns = plan->nstats + plan->ncalcs, ncells = out->ncells / columns;
	bool total = w->st->total_of[i] != 0;
	enum sl_rc rc = total ? add_up(w, i, ncells, err) : take_apart(w, i, ncells, err);

	if (rc != SL_OK)
		return rc;
	out->suppressed = 0;
	for (uint32_t cell = 0; cell < ncells; cell++) {
		struct sl_published_cell *row = &out->cells[(size_t)cell * columns];
		for (uint32_t s = 0; s < plan->nstats; s++)
			if (!adds_up((enum sl_stat_fn)plan->stats[s].fn))
				row[s] = limit_other(w, i, cell, s, row[s]);
			else if (row[s].shown)
				row[s] = print_part(w, i, s, &w->parts[i][(size_t)cell * plan->nstats + s], total);
		sl_check_calcs(plan, row);
		for (uint32_t column = 0; column < columns; column++)
			out->suppressed += !row[column].shown;
	}
	return SL_OK;
}

/* The finest first, and of as fine ones the earlier: what is added up is then there. */
static uint32_t next_output(const struct sl_check_state *st, const bool *done)
{
	uint32_t best = UINT32_MAX;

	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		if (!done[i] && (best == UINT32_MAX || is_finer(st, i, best)))
			best = i;
	return best;
}

enum sl_rc sl_check_transform(struct sl_check_state *st, struct sl_err *err)
{
	struct work w = { .st = st, .rules = &st->setup->rules };
	bool done[SL_PLANS_MAX] = { false };
	enum sl_rc rc = SL_OK;

	for (uint32_t n = 0; n < st->pub->noutputs && rc == SL_OK; n++) {
		uint32_t i = next_output(st, done);
		done[i] = true;
		rc = transform_output(&w, i, err);
	}
	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		free(w.parts[i]);
	return rc;
}
