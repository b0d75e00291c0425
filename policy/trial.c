/* trial.c - see trial.h: the plan that was not written, and the spaces that it is compared in. */
#include "policy/trial.h"

#include <stdlib.h>
#include <string.h>

#include "policy/implied.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "no memory to try a request without something");
}

/* --- the plan less a statistic --------------------------------------------------------------------------- */

static bool reads(const struct sl_expr *e, uint32_t stat)
{
	for (uint32_t i = 0; i < e->nops; i++)
		if (e->ops[i].op == SL_OP_COLUMN && e->ops[i].arg == stat)
			return true;
	return false;
}

/* Calcs read no implied statistic, which stand behind all others. */
static void drop_calcs(struct sl_plan *p, uint32_t stat)
{
	uint32_t n = 0;

	for (uint32_t c = 0; c < p->ncalcs; c++) {
		struct sl_calc *calc = &p->calcs[c];
		if (reads(&calc->expr, stat)) {
			free(calc->name);
			free(calc->description);
			sl_codec_free(&sl_expr_record, &calc->expr);
			continue;
		}
		for (uint32_t i = 0; i < calc->expr.nops; i++)
			if (calc->expr.ops[i].op == SL_OP_COLUMN && calc->expr.ops[i].arg > stat)
				calc->expr.ops[i].arg--;
		p->calcs[n++] = *calc;
	}
	p->ncalcs = n;
}

static void free_stat(struct sl_stat *s)
{
	free(s->name);
	free(s->description);
	sl_codec_free(&sl_expr_record, &s->arg);
	sl_codec_free(&sl_expr_record, &s->arg2);
}

static void drop_stats(struct sl_plan *p, uint32_t stat)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < p->nstats; s++) {
		struct sl_stat *of = &p->stats[s];
		if (s != stat && !sl_stat_is_implied(of)) {
			p->stats[n++] = *of;
			continue;
		}
		free_stat(of);
	}
	p->nstats = n;
}

static bool is_same(const struct sl_stat *a, const struct sl_stat *b)
{
	return a->fn == b->fn && a->p == b->p && sl_expr_equal(&a->arg, &b->arg) && sl_expr_equal(&a->arg2, &b->arg2);
}

/* An author may ask for the same twice, so of theirs it is told by where they stand. */
static uint32_t stat_of(const struct sl_plan *was, const struct sl_plan *p, uint32_t s, uint32_t stat)
{
	uint32_t of = s + (s >= stat);

	if (!sl_stat_is_implied(&p->stats[s]))
		return of;
	for (of = 0; of < was->nstats && !is_same(&p->stats[s], &was->stats[of]);)
		of++;
	return of;
}

/* Which statistic each was. One that is implied now and was not counted then stays uncounted. */
static void find_stats(const struct sl_plan *was, struct sl_plan *p, struct sl_trial *t)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < p->nstats; s++) {
		uint32_t of = stat_of(was, p, s, t->stat);
		if (of == was->nstats) {
			free_stat(&p->stats[s]);
			continue;
		}
		t->from[n] = of;
		p->stats[n++] = p->stats[s];
	}
	p->nstats = n;
}

/* In which order rows are printed, and how many, changes nothing of what they tell. */
static enum sl_rc make_plan(const struct sl_plan *was, const struct sl_view *view, struct sl_trial *t,
                            struct sl_plan *out, struct sl_err *err)
{
	enum sl_rc rc = sl_codec_copy(&sl_plan_record, was, out, err);

	if (rc != SL_OK)
		return rc;
	out->norder = 0;
	out->limit = 0;
	drop_calcs(out, t->stat);
	drop_stats(out, t->stat);
	rc = sl_implied_add(out, view, err);
	if (rc == SL_OK)
		find_stats(was, out, t);
	return rc;
}

/* --- its spaces ------------------------------------------------------------------------------------------- */

static bool is_whole(const struct sl_trial *t)
{
	return t->stat == SL_FINDING_WHOLE;
}

/* What the set of a cell becomes: that of the same statistic, or of one that counts the same. */
static void number_sets(const struct sl_trial *t, const struct sl_plan *was, uint32_t to[static SL_STATS_MAX + 1])
{
	const struct sl_plan *plan = &t->plans[t->output];

	to[0] = 0;
	for (uint32_t s = 0; s < was->nstats; s++)
		if (sl_plan_watches(&was->stats[s]))
			to[1 + sl_plan_watched(was, s)] = SL_TRIAL_NO_SET;
	for (uint32_t s = 0; s < plan->nstats; s++)
		if (sl_plan_watches(&plan->stats[s]))
			to[1 + sl_plan_watched(was, t->from[s])] = 1 + sl_plan_watched(plan, s);
}

/* The sets of a space, renumbered for want of those of output `at`. */
struct renumbered {
	const struct sl_trial *t;
	uint32_t at, per_cell, now;          /* sets of a cell, before and then */
	uint32_t within[SL_STATS_MAX + 1];   /* what becomes of each; of an output that goes, nothing of any */
	struct sl_atoms_output *outputs;
	uint32_t noutputs, next;
	uint32_t *to;
};

static void renumber_cells(struct renumbered *r, uint32_t set, uint32_t nsets)
{
	for (uint32_t i = 0; i < nsets; i++) {
		uint32_t k = r->within[i % r->per_cell];
		r->to[set + i] = k == SL_TRIAL_NO_SET ? k : r->next + i / r->per_cell * r->now + k;
	}
}

/* Which rows are meant, numbered by the first output that means them. */
static uint32_t rows_of(const struct renumbered *r, const struct sl_atoms *a, uint32_t output)
{
	uint32_t rows = a->outputs[output].rows_of, n = 0;

	for (uint32_t i = 0; rows != 0 && i < output; i++) {
		bool gone = i == r->at && is_whole(r->t);
		if (!gone && a->outputs[i].rows_of == rows)
			return n + 1;
		n += !gone;
	}
	return rows != 0 ? n + 1 : 0;
}

static void renumber(struct renumbered *r, const struct sl_atoms *a)
{
	uint32_t set = 0;

	for (uint32_t i = 0; i < a->noutputs; set += a->outputs[i++].nsets) {
		uint32_t nsets = a->outputs[i].nsets;
		if (i == r->at)
			renumber_cells(r, set, nsets);
		for (uint32_t k = 0; k < nsets && i != r->at; k++)
			r->to[set + k] = r->next + k;
		if (i == r->at && is_whole(r->t))
			continue;
		nsets = i == r->at ? nsets / r->per_cell * r->now : nsets;
		r->outputs[r->noutputs++] = (struct sl_atoms_output){ .nsets = nsets, .rows_of = rows_of(r, a, i) };
		r->next += nsets;
	}
}

/* Of a space whose output `at`, of all that its atoms know, loses sets or goes. */
static enum sl_rc make_atoms(const struct sl_plan *was, const struct sl_trial *t, const struct sl_atoms *a, uint32_t at,
                             struct sl_atoms *out, struct sl_err *err)
{
	struct renumbered r = { .t = t, .at = at, .per_cell = 1 + sl_plan_watched(was, was->nstats) };
	uint64_t nsets = 0;

	for (uint32_t k = 0; k < r.per_cell; k++)
		r.within[k] = SL_TRIAL_NO_SET;
	if (!is_whole(t)) {
		number_sets(t, was, r.within);
		r.now = 1 + sl_plan_watched(&t->plans[t->output], t->plans[t->output].nstats);
	}
	for (uint32_t i = 0; i < a->noutputs; i++)
		nsets += a->outputs[i].nsets;
	r.outputs = calloc((size_t)a->noutputs + 1, sizeof *r.outputs);
	r.to = malloc(((size_t)nsets + 1) * sizeof *r.to);
	enum sl_rc rc = r.outputs != NULL && r.to != NULL ? SL_OK : no_memory(err);
	if (rc == SL_OK) {
		renumber(&r, a);
		rc = sl_trial_atoms(a, r.to, r.outputs, r.noutputs, out, err);
	}
	free(r.outputs);
	free(r.to);
	return rc;
}

/* The request's outputs of a space; *own: where the one that is tried stands among them, or how many there are. */
static enum sl_rc make_plans(const struct sl_trial *t, const struct sl_history *h, uint32_t *own,
                             struct sl_history *out, struct sl_err *err)
{
	*out = *h;
	out->nplans = 0;
	*own = h->nplans;
	out->plans = calloc((size_t)h->nplans + 1, sizeof *out->plans);
	if (out->plans == NULL)
		return no_memory(err);
	for (uint32_t k = 0; k < h->nplans; k++) {
		struct sl_history_plan *p = &out->plans[out->nplans];
		*p = h->plans[k];
		if (p->plan == t->output)
			*own = k;
		if (p->plan == t->output && is_whole(t))
			continue;
		p->plan = (uint16_t)(p->plan - (is_whole(t) && p->plan > t->output));
		out->nplans++;
	}
	return SL_OK;
}

/* Only what sl_trial_close frees is its own: the plans of a space, and its atoms. */
static enum sl_rc make_space(const struct sl_trial_of *of, struct sl_trial *t, const struct sl_check_space *space,
                             struct sl_err *err)
{
	struct sl_check_space *to = &t->spaces[t->setup.nspaces];
	uint32_t own;
	enum sl_rc rc = make_plans(t, &space->history, &own, &to->history, err);

	/* Where one output is left, and nothing before it, there is nothing to compare. */
	bool compares = space->atoms.noutputs > 0 && to->history.nplans + to->history.noutputs > 1;

	t->setup.nspaces += rc == SL_OK;
	if (rc == SL_OK && compares && to->history.nplans > 0 && (space->atoms.nalike > 0 || space->atoms.alike_given_up != 0))
		return sl_err_set(err, SL_E_LIMIT, "which rows of two versions are alike is not known without an output");
	if (rc != SL_OK)
		return rc;
	if (compares)
		rc = make_atoms(&of->plans[t->output], t, &space->atoms,
		                own < space->history.nplans ? space->history.noutputs + own : UINT32_MAX, &to->atoms, err);
	if (rc == SL_OK && to->history.nplans == 0) {
		free(to->history.plans);
		sl_codec_free(&sl_atoms_record, &to->atoms);
		t->setup.nspaces--;
	}
	return rc;
}

/* --- all of it -------------------------------------------------------------------------------------------- */

/* All but the output, or all, of it the plan and result that there would have been. */
static enum sl_rc make_outputs(const struct sl_trial_of *of, struct sl_trial *t, struct sl_err *err)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < of->setup->nplans; i++) {
		if (i == t->output && is_whole(t))
			continue;
		t->plans[n] = of->plans[i];
		t->results[n++] = of->results[i];
	}
	t->setup.nplans = n;
	if (is_whole(t))
		return SL_OK;
	struct sl_plan *plan = &t->plans[t->output];
	t->results[t->output] = (struct sl_result){ 0 };
	*plan = (struct sl_plan){ 0 };
	enum sl_rc rc = make_plan(&of->plans[t->output], &of->setup->view, t, plan, err);
	return rc == SL_OK ? sl_trial_result(&of->setup->view, &of->plans[t->output], &of->results[t->output], plan, t->from,
	                                     &t->results[t->output], err)
	                   : rc;
}

enum sl_rc sl_trial_open(const struct sl_trial_of *of, uint32_t output, uint32_t stat, struct sl_trial *out,
                         struct sl_err *err)
{
	const uint32_t nplans = of->setup->nplans, nspaces = of->setup->nspaces;

	*out = (struct sl_trial){ .setup = *of->setup, .output = output, .stat = stat };
	out->setup.nplans = out->setup.nspaces = 0;
	out->plans = calloc(nplans, sizeof *out->plans);
	out->results = calloc(nplans, sizeof *out->results);
	out->spaces = calloc((size_t)nspaces + 1, sizeof *out->spaces);
	if (out->plans == NULL || out->results == NULL || out->spaces == NULL)
		return no_memory(err);
	enum sl_rc rc = make_outputs(of, out, err);
	for (uint32_t s = 0; s < nspaces && rc == SL_OK; s++)
		rc = make_space(of, out, &of->spaces[s], err);
	return rc;
}

void sl_trial_close(struct sl_trial *t)
{
	if (t->plans != NULL && t->setup.nplans > t->output && !is_whole(t))
		sl_codec_free(&sl_plan_record, &t->plans[t->output]);
	if (t->results != NULL && t->setup.nplans > t->output && !is_whole(t))
		sl_codec_free(&sl_result_record, &t->results[t->output]);
	for (uint32_t s = 0; s < t->setup.nspaces; s++) {
		free(t->spaces[s].history.plans);
		sl_codec_free(&sl_atoms_record, &t->spaces[s].atoms);
	}
	free(t->plans);
	free(t->results);
	free(t->spaces);
	memset(t, 0, sizeof *t);
}

uint32_t sl_trial_output(const struct sl_trial *t, uint32_t output)
{
	return output + (is_whole(t) && output >= t->output);
}

uint32_t sl_trial_stat(const struct sl_trial *t, uint32_t output, uint32_t stat)
{
	return !is_whole(t) && output == t->output && stat < t->plans[output].nstats ? t->from[stat] : stat;
}
