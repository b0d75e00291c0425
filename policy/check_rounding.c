/*
 * check_rounding.c - rule rounding: a printed count says that the true one is in an interval, and several of them,
 * added up, may say more. They are put together as a reader would: outputs about the same units have the same sums, and
 * conditions that share out a row add up to it. Half of each interval at least must be left.
 *
 * Totals that were made from the rounded cells of a finer output say nothing besides and are left out. Counts are
 * looked at, the parts of shares as if they were printed; what else is shown is printed as coarsely as they are.
 *
 * What numbers of rows tell of units is looked at in check_rounding_rows.c.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_common.h"
#include "policy/check_rounding.h"
#include "policy/rules/rules.h"
#include "policy/secondary/intervals.h"
#include "policy/transform.h"

struct unpick {
	struct sl_check_state *st;
	struct sl_system system;
	bool *possible[SL_PLANS_MAX];    /* per cell: sl_levels_possible */
	uint32_t *fact_of[SL_PLANS_MAX]; /* cell-major, per statistic: 1 + the fact; 0: none yet */
};

/* --- counts ----------------------------------------------------------------------------------------------- */

enum sl_rc sl_rounding_tell(struct sl_check_state *st, uint32_t i, uint32_t cell, uint32_t stat, int64_t left,
                            struct sl_err *err)
{
	struct sl_rule_hit hit = { .measured = left, .limit = sl_transform_least(&st->setup->rules) };
	enum sl_rc rc = sl_check_find(st, i, cell, stat, SL_RULE_ROUNDING, &hit, err);

	if (rc == SL_OK)
		sl_check_settle(st->pub);
	return rc;
}

bool sl_rounding_is_count(const struct sl_stat *s)
{
	return !sl_stat_is_of_known(s) && ((s->fn >= SL_STAT_UNITS && s->fn <= SL_STAT_COUNT_IF) || s->fn == SL_STAT_SHARE);
}

const struct sl_evidence *sl_rounding_evidence(const struct sl_check_state *st, uint32_t i, uint32_t cell,
                                               uint32_t stat)
{
	return &st->results[i].evidence[(size_t)cell * st->plans[i].nstats + stat];
}

uint64_t sl_rounding_true_count(const struct sl_check_state *st, uint32_t i, uint32_t cell, uint32_t stat)
{
	const struct sl_evidence *e = sl_rounding_evidence(st, i, cell, stat);
	uint8_t fn = st->plans[i].stats[stat].fn;

	return fn == SL_STAT_UNITS ? e->cell_units : fn == SL_STAT_COUNT ? e->cell_rows : e->rows;
}

uint32_t sl_rounding_ncells(const struct sl_check_state *st, uint32_t i)
{
	return st->pub->outputs[i].ncells / (st->plans[i].nstats + st->plans[i].ncalcs);
}

static bool same_count(const struct sl_plan *a, uint32_t s, const struct sl_plan *b, uint32_t t)
{
	const struct sl_stat *x = &a->stats[s], *y = &b->stats[t];

	return sl_rounding_is_count(x) && sl_rounding_is_count(y) && sl_rule_is_condition(x) == sl_rule_is_condition(y) &&
	       (sl_rule_is_condition(x) ? sl_check_same_argument(a, &x->arg, b, &y->arg) : x->fn == y->fn);
}

/* A shown one is in its interval; a small hidden one is taken for known to be small; nobody is where nobody can be. */
static enum sl_rc find_fact(struct unpick *u, uint32_t i, uint32_t cell, uint32_t stat, uint32_t *out,
                            struct sl_err *err)
{
	const struct sl_plan *plan = &u->st->plans[i];
	const struct sl_rules *rules = &u->st->setup->rules;
	uint32_t *known = &u->fact_of[i][(size_t)cell * plan->nstats + stat];
	uint64_t n = sl_rounding_true_count(u->st, i, cell, stat);
	struct sl_fact fact = { .value = (int64_t)n, .state = SL_FACT_PRIMARY, .hi = SL_FACT_VALUE_MAX };
	int64_t printed = 0;
	enum sl_rc rc = SL_OK;

	if (*known == 0) {
		uint64_t draw = sl_check_draw(&u->st->results[i], cell * plan->nstats + stat).counted;
		if (!sl_transform_count(rules, n, draw, &printed))
			return sl_err_set(err, SL_E_LIMIT, "a count is too large to be audited");
		if (!u->possible[i][cell]) {
			fact.state = SL_FACT_SHOWN;
			fact.hi = 0;
		} else if (u->st->pub->outputs[i].cells[(size_t)cell * (plan->nstats + plan->ncalcs) + stat].shown) {
			struct sl_interval in = sl_transform_interval(rules, printed);
			fact.lo = in.lo;
			fact.hi = in.hi;
			fact.state = SL_FACT_SHOWN;
		} else if (n < rules->threshold) {
			fact.lo = n > 0 && rules->zeros_show == 1;
			fact.hi = rules->threshold - 1;
		}
		rc = sl_system_fact(&u->system, &fact, known, err);
		*known += rc == SL_OK;
	}
	*out = *known - 1;
	return rc;
}

static enum sl_rc add_term(struct unpick *u, uint32_t i, uint32_t cell, uint32_t stat, int32_t factor,
                           struct sl_err *err)
{
	uint32_t fact = 0;
	enum sl_rc rc = find_fact(u, i, cell, stat, &fact, err);

	return rc == SL_OK ? sl_system_term(&u->system, fact, factor, err) : rc;
}

/* --- two outputs ------------------------------------------------------------------------------------------ */

/* Cells of both sides by common cell, as a list each: first[side][common], then next[side][cell]; 1 + it, 0 ends. */
struct lists {
	uint32_t *first[2], *next[2];
};

static bool make_lists(const struct unpick *u, const struct sl_common *c, const uint32_t output[2], struct lists *l)
{
	bool ok = true;

	for (int side = 0; side < 2 && ok; side++) {
		uint32_t ncells = sl_rounding_ncells(u->st, output[side]);
		l->first[side] = calloc((size_t)c->ncells + 1, sizeof **l->first);
		l->next[side] = calloc((size_t)ncells + 1, sizeof **l->next);
		ok = l->first[side] != NULL && l->next[side] != NULL;
		for (uint32_t cell = ncells; ok && cell-- > 0;) {
			uint32_t *first = &l->first[side][sl_common_cell(c, side, cell)];
			l->next[side][cell] = *first;
			*first = cell + 1;
		}
	}
	return ok;
}

static void free_lists(struct lists *l)
{
	for (int side = 0; side < 2; side++) {
		free(l->first[side]);
		free(l->next[side]);
	}
}

/* Units that are in several cells are counted in each: then the sums differ, and nothing follows. */
static bool sums_agree(const struct unpick *u, const struct sl_common *c, const struct lists *l,
                       const uint32_t output[2], const uint32_t stat[2])
{
	for (uint32_t x = 0; x < c->ncells; x++) {
		uint64_t sum[2] = { 0, 0 };
		for (int side = 0; side < 2; side++)
			for (uint32_t at = l->first[side][x]; at != 0; at = l->next[side][at - 1])
				sum[side] += sl_rounding_true_count(u->st, output[side], at - 1, stat[side]);
		if (sum[0] != sum[1])
			return false;
	}
	return true;
}

static enum sl_rc add_sums(struct unpick *u, const struct sl_common *c, const struct lists *l, const uint32_t output[2],
                           const uint32_t stat[2], struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t x = 0; x < c->ncells && rc == SL_OK; x++) {
		rc = sl_system_begin(&u->system, err);
		for (int side = 0; side < 2; side++)
			for (uint32_t at = l->first[side][x]; at != 0 && rc == SL_OK; at = l->next[side][at - 1])
				rc = add_term(u, output[side], at - 1, stat[side], side == 0 ? 1 : -1, err);
	}
	return rc;
}

static enum sl_rc join_outputs(struct unpick *u, uint32_t i, uint32_t j, struct sl_err *err)
{
	const struct sl_plan *pi = &u->st->plans[i], *pj = &u->st->plans[j];
	const uint32_t output[2] = { i, j };
	struct lists l = { { NULL, NULL }, { NULL, NULL } };
	struct sl_common c;
	enum sl_rc rc = sl_common_find(pi, pj, &u->st->setup->view, &c, err);

	if (rc == SL_OK && !make_lists(u, &c, output, &l))
		rc = sl_err_set(err, SL_E_NOMEM, "no memory for the equations between tables");
	for (uint32_t s = 0; s < pi->nstats && rc == SL_OK; s++)
		for (uint32_t t = 0; t < pj->nstats && rc == SL_OK; t++) {
			const uint32_t stat[2] = { s, t };
			if (same_count(pi, s, pj, t) && sums_agree(u, &c, &l, output, stat))
				rc = add_sums(u, &c, &l, output, stat, err);
		}
	free_lists(&l);
	sl_common_free(&c);
	return rc;
}

/* --- one output ------------------------------------------------------------------------------------------- */

static bool share_a_column(const struct sl_plan *plan, uint32_t s, uint32_t t)
{
	for (uint32_t a = 0; a < plan->ninputs; a++)
		for (uint32_t b = 0; b < plan->ninputs; b++)
			if (sl_rule_reads(&plan->stats[s].arg, a) && sl_rule_reads(&plan->stats[t].arg, b) &&
			    sl_rule_same_column(plan, a, plan, b))
				return true;
	return false;
}

/* Conditions over one column with statistic s: a bit each; 0: s is none, or not the first of them. */
static uint64_t conditions_with(const struct sl_plan *plan, uint32_t s)
{
	uint64_t set = 0;

	for (uint32_t t = 0; t < plan->nstats && sl_rule_is_condition(&plan->stats[s]); t++)
		if (sl_rule_is_condition(&plan->stats[t]) && share_a_column(plan, s, t))
			set |= UINT64_C(1) << t;
	return (set & ((UINT64_C(1) << s) - 1)) != 0 ? 0 : set;
}

static bool share_out(const struct unpick *u, uint32_t i, uint64_t set, uint32_t whole)
{
	for (uint32_t cell = 0; cell < sl_rounding_ncells(u->st, i); cell++) {
		uint64_t sum = 0;
		for (uint32_t s = 0; s < u->st->plans[i].nstats; s++)
			sum += (set >> s & 1) != 0 ? sl_rounding_true_count(u->st, i, cell, s) : 0;
		if (sum != sl_rounding_true_count(u->st, i, cell, whole))
			return false;
	}
	return true;
}

static enum sl_rc join_conditions(struct unpick *u, uint32_t i, uint64_t set, uint32_t whole, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t cell = 0; cell < sl_rounding_ncells(u->st, i) && rc == SL_OK; cell++) {
		rc = sl_system_begin(&u->system, err);
		for (uint32_t s = 0; s < u->st->plans[i].nstats && rc == SL_OK; s++)
			if ((set >> s & 1) != 0)
				rc = add_term(u, i, cell, s, 1, err);
		if (rc == SL_OK)
			rc = add_term(u, i, cell, whole, -1, err);
	}
	return rc;
}

static enum sl_rc look_within(struct unpick *u, uint32_t i, struct sl_err *err)
{
	const struct sl_plan *plan = &u->st->plans[i];
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++) {
		uint64_t set = conditions_with(plan, s);
		for (uint32_t whole = 0; whole < plan->nstats && set != 0 && rc == SL_OK; whole++)
			if (plan->stats[whole].fn <= SL_STAT_COUNT && share_out(u, i, set, whole))
				rc = join_conditions(u, i, set, whole, err);
	}
	return rc;
}

/* --- all of them ------------------------------------------------------------------------------------------ */

static enum sl_rc build(struct unpick *u, struct sl_err *err)
{
	uint32_t n = u->st->pub->noutputs;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		if (u->st->total_of[i] != 0)
			continue;
		u->fact_of[i] = calloc((size_t)sl_rounding_ncells(u->st, i) * u->st->plans[i].nstats + 1, sizeof **u->fact_of);
		rc = u->fact_of[i] != NULL ? sl_levels_possible(&u->st->setup->view, &u->st->plans[i], &u->possible[i], err)
		                           : sl_err_set(err, SL_E_NOMEM, "no memory for the equations between tables");
		if (rc == SL_OK)
			rc = look_within(u, i, err);
		for (uint32_t j = 0; j < i && rc == SL_OK; j++)
			if (u->st->total_of[j] == 0 && sl_check_same_population(&u->st->plans[j], &u->st->plans[i]))
				rc = join_outputs(u, j, i, err);
	}
	return rc;
}

/* The first cell of an output is enough: it refuses. */
static enum sl_rc judge(struct unpick *u, uint32_t i, struct sl_err *err)
{
	const struct sl_rules *rules = &u->st->setup->rules;
	uint32_t nstats = u->st->plans[i].nstats, n = u->fact_of[i] != NULL ? sl_rounding_ncells(u->st, i) * nstats : 0;

	for (uint32_t at = 0; at < n; at++) {
		if (u->fact_of[i][at] == 0)
			continue;
		const struct sl_fact *f = &u->system.facts[u->fact_of[i][at] - 1];
		int64_t left = f->hi - f->lo + 1, least = sl_transform_least(rules);
		if (f->state != SL_FACT_SHOWN && least >= rules->threshold)
			least = (int64_t)rules->threshold - 1; /* policy leaves no more */
		if ((f->state != SL_FACT_SHOWN || f->value > 0) && left < least)
			return sl_rounding_tell(u->st, i, at / nstats, at % nstats, left, err);
	}
	return SL_OK;
}

enum sl_rc sl_check_rounding(struct sl_check_state *st, struct sl_err *err)
{
	struct unpick u = { .st = st };
	struct sl_err why = { 0 };
	bool settled = true;
	enum sl_rc rc = build(&u, &why);

	if (rc == SL_OK)
		sl_intervals_narrow(&u.system, &settled);
	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++) {
		rc = judge(&u, i, &why);
		if (rc == SL_OK)
			rc = sl_rounding_rows(st, i, &why);
	}
	/* What cannot be looked at to its end is not safe, which is an answer and no failure. */
	if (rc == SL_E_LIMIT || (rc == SL_OK && !settled))
		rc = sl_rounding_tell(st, 0, SL_FINDING_WHOLE, SL_FINDING_WHOLE, 0, &why);
	for (uint32_t i = 0; i < st->pub->noutputs; i++) {
		free(u.fact_of[i]);
		free(u.possible[i]);
	}
	sl_system_free(&u.system);
	if (rc != SL_OK && err != NULL)
		*err = why;
	return rc;
}
