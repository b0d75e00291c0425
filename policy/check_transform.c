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
		if (c->times[0][k] == 0 &&
		    !sl_source_one_row(&fine->sources[fine->inputs[fine->keys[k].input].source], &st->setup->view))
			return false;
	return true;
}

/* What is hidden of a total must not come out by adding up. `shown`: room for the cells of any output. */
static bool hides_apart(const struct sl_check_state *st, uint32_t fine, uint32_t total, const struct sl_common *c,
                        uint64_t *shown)
{
	const struct sl_plan *pf = &st->plans[fine], *pt = &st->plans[total];
	const struct sl_published_output *of = &st->pub->outputs[fine], *ot = &st->pub->outputs[total];
	uint32_t wf = pf->nstats + pf->ncalcs, wt = pt->nstats + pt->ncalcs, nf = of->ncells / wf, nt = ot->ncells / wt;

	memset(shown, 0, c->ncells * sizeof *shown);
	for (uint32_t s = 0; s < pt->nstats; s++) {
		uint32_t same = same_stat(pf, pt, s);
		for (uint32_t cell = 0; cell < nf; cell++)
			if (of->cells[(size_t)cell * wf + same].shown)
				shown[sl_common_cell(c, 0, cell)] |= UINT64_C(1) << s;
	}
	for (uint32_t cell = 0; cell < nt; cell++)
		for (uint32_t s = 0; s < pt->nstats; s++)
			if (!ot->cells[(size_t)cell * wt + s].shown && (shown[sl_common_cell(c, 1, cell)] >> s & 1) != 0)
				return false;
	return true;
}

static bool is_total_of(const struct sl_check_state *st, uint32_t fine, uint32_t total, uint64_t *shown)
{
	const struct sl_plan *pf = &st->plans[fine], *pt = &st->plans[total];
	struct sl_common c;

	if (pf->nkeys < pt->nkeys || (pf->nkeys == pt->nkeys && fine >= total) || !sl_check_same_population(pf, pt))
		return false;
	sl_common_find(pf, pt, &st->setup->view, &c);
	for (uint32_t k = 0; k < pt->nkeys; k++)
		if (c.times[1][k] == 0)
			return false;
	for (uint32_t s = 0; s < pt->nstats; s++)
		if (!adds_up((enum sl_stat_fn)pt->stats[s].fn) || same_stat(pf, pt, s) == pf->nstats ||
		    (pt->stats[s].fn == SL_STAT_UNITS && !units_add_up(st, pf, &c)))
			return false;
	return hides_apart(st, fine, total, &c, shown);
}

enum sl_rc sl_check_totals(struct sl_check_state *st, struct sl_err *err)
{
	uint32_t most = 0;
	uint64_t *shown;

	memset(st->total_of, 0, sizeof st->total_of);
	if (!sl_transform_is_on(&st->setup->rules))
		return SL_OK;
	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		most = st->pub->outputs[i].ncells > most ? st->pub->outputs[i].ncells : most;
	shown = calloc((size_t)most + 1, sizeof *shown);
	if (shown == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory to look for totals");
	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		for (uint32_t fine = 0; fine < st->pub->noutputs; fine++) {
			uint32_t at = st->total_of[i];
			if (fine != i && (at == 0 || st->plans[fine].nkeys > st->plans[at - 1].nkeys) &&
			    is_total_of(st, fine, i, shown))
				st->total_of[i] = 1 + fine;
		}
	free(shown);
	return SL_OK;
}

/* --- one number ------------------------------------------------------------------------------------------- */

static int arg_scale(const struct sl_stat *s)
{
	return s->arg.nops > 0 ? s->arg.ops[s->arg.nops - 1].scale : 0;
}

/* What one row may change in what is divided, on the grid that a statistic is published on. */
static int64_t one_of(const struct sl_stat *s, int scale)
{
	int natural = s->fn == SL_STAT_VAR ? 2 * arg_scale(s) : s->fn == SL_STAT_CORR ? 0 : arg_scale(s);

	if (s->fn == SL_STAT_SLOPE || natural > scale)
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

static struct part part_of_sum(const struct work *w, const struct sl_stat *s, const struct sl_evidence *e)
{
	struct part p = { .known = e->rows == 0 };
	int64_t n = 0, mean = 0, sum = 0;
	int scale = 0;

	if (e->rows == 0 || !sl_transform_count(w->rules, e->rows, &n) || n == 0 || !limit_mean(w, s, e, n, &scale, &mean))
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
	struct part p = { .known = false };
	int64_t part = 0, whole = 0;

	if (!w->st->pub->outputs[i].cells[(size_t)cell * (plan->nstats + plan->ncalcs) + stat].shown)
		return p;
	if (sl_rule_is_magnitude(s))
		return part_of_sum(w, s, e);
	p.known = sl_transform_count(w->rules, n, &part) &&
	          (s->fn != SL_STAT_SHARE || sl_transform_count(w->rules, e->known_rows, &whole));
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
	if (!sl_transform_count(w->rules, w->st->results[i].evidence[(size_t)cell * plan->nstats + stat].rows, &n) ||
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

/* What is known of the finer cells; of a total of which none is, nothing. */
static enum sl_rc add_up(struct work *w, uint32_t i, uint32_t ncells, struct sl_err *err)
{
	uint32_t fine = w->st->total_of[i] - 1;
	const struct sl_plan *pt = &w->st->plans[i], *pf = &w->st->plans[fine];
	uint32_t nfine = (uint32_t)sl_plan_cells(pf, &w->st->setup->view), *at = NULL;
	struct sl_common c;
	enum sl_rc rc = SL_OK;

	sl_common_find(pf, pt, &w->st->setup->view, &c);
	w->parts[i] = parts_for(ncells, pt->nstats, err);
	at = calloc((size_t)c.ncells + 1, sizeof *at);
	if (w->parts[i] == NULL || at == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "no memory to round an output");
	for (uint32_t cell = 0; cell < ncells && rc == SL_OK; cell++)
		at[sl_common_cell(&c, 1, cell)] = cell;
	for (uint32_t s = 0; s < pt->nstats && rc == SL_OK; s++)
		for (uint32_t cell = 0, f = same_stat(pf, pt, s); cell < nfine; cell++) {
			const struct part *from = &w->parts[fine][(size_t)cell * pf->nstats + f];
			struct part *to = &w->parts[i][(size_t)at[sl_common_cell(&c, 0, cell)] * pt->nstats + s];
			to->known = to->known || from->known;
			to->v += from->known ? from->v : 0;
			to->n += from->known ? from->n : 0;
		}
	free(at);
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

/* Finer ones first, and of as fine ones the earlier: what is added up is then there. */
enum sl_rc sl_check_transform(struct sl_check_state *st, struct sl_err *err)
{
	struct work w = { .st = st, .rules = &st->setup->rules };
	enum sl_rc rc = SL_OK;

	for (uint32_t nkeys = SL_KEYS_MAX + 1; nkeys-- > 0;)
		for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++)
			if (st->plans[i].nkeys == nkeys)
				rc = transform_output(&w, i, err);
	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		free(w.parts[i]);
	return rc;
}
