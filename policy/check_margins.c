/*
 * check_margins.c - rule margins: several outputs about the same units.
 *
 * With different conditions two of them may differ by one unit: refused. So may groups that overlap. With the same
 * conditions and a hidden cell among them more is hidden (check_secondary.c); where that is not to be had, refused too.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_secondary.h"
#include "policy/rules/rules.h"

static const char *space_of(const struct sl_check_state *st, uint32_t i)
{
	return st->setup->view.tables[st->plans[i].sources[0].table].space;
}

static bool same_space(const struct sl_check_state *st, uint32_t i, uint32_t j)
{
	return strcmp(space_of(st, i), space_of(st, j)) == 0;
}

/* Where the units behind the outputs are known, those of other conditions are compared by them: check_history.c. */
static bool differs_from_another(const struct sl_check_state *st, uint32_t i)
{
	if (sl_check_space_of(st, i) != NULL)
		return false;
	for (uint32_t j = 0; j < st->pub->noutputs; j++)
		if (j != i && same_space(st, i, j) && !sl_check_same_population(&st->plans[i], &st->plans[j]))
			return true;
	return false;
}

/* Whether two outputs are judged together: of one unit space; where their units are known, only about the same ones. */
static bool belong_together(const struct sl_check_state *st, uint32_t i, uint32_t j)
{
	return same_space(st, i, j) &&
	       (sl_check_space_of(st, i) == NULL || sl_check_same_population(&st->plans[i], &st->plans[j]));
}

/*
 * The outputs that belong to i; false: it is not the first of at least two. One that is added up from the rounded cells
 * of another says nothing besides.
 */
static bool gather_group(const struct sl_check_state *st, uint32_t i, bool in_group[static SL_PLANS_MAX])
{
	uint32_t n = 0;

	memset(in_group, 0, SL_PLANS_MAX * sizeof *in_group);
	if (st->total_of[i] != 0)
		return false;
	for (uint32_t j = 0; j < st->pub->noutputs; j++) {
		bool same = st->total_of[j] == 0 && belong_together(st, i, j);
		if (same && j < i)
			return false;
		in_group[j] = same;
		n += same;
	}
	return n > 1;
}

/* Its groups of a column and those of another output overlap. */
static enum sl_rc crosses_another(const struct sl_check_state *st, const bool *in_group, uint32_t i, bool *cross,
                                  struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*cross = false;
	for (uint32_t j = 0; j < st->pub->noutputs && !*cross && rc == SL_OK; j++)
		if (j != i && in_group[j])
			rc = sl_check_keys_cross(&st->setup->view, &st->plans[i], &st->plans[j], cross, err);
	return rc;
}

static enum sl_rc refuse(struct sl_check_state *st, uint32_t i, struct sl_err *err)
{
	struct sl_rule_hit hit = { .measured = st->pub->outputs[i].suppressed,
		                   .limit = st->spent ? st->setup->secondary_work : 0 };
	enum sl_rc rc = sl_check_find(st, i, SL_FINDING_WHOLE, SL_FINDING_WHOLE, SL_RULE_MARGINS, &hit, err);

	if (rc == SL_OK)
		sl_check_settle(st->pub);
	return rc;
}

/* A sum was hidden for what it is, and not for how few it is of: units do not say how near it can be told. */
static bool hides_amounts(const struct sl_check_state *st, const bool *in_group)
{
	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		if (in_group[i] && sl_check_hides_for_amount(st, i, SL_FINDING_WHOLE))
			return true;
	return false;
}

/* What has no equations is compared by its units, where they are known; else refused. */
static enum sl_rc pass_on(struct sl_check_state *st, const bool *in_group, uint32_t i, struct sl_err *err)
{
	bool amounts = st->amounts_proved || !hides_amounts(st, in_group);

	st->by_units[i] = st->proved[i] = amounts && sl_check_space_of(st, i) != NULL;
	return st->by_units[i] ? SL_OK : refuse(st, i, err);
}

/*
 * Whether units may be in several cells of an output: then cells less their total tell how many are in two of them,
 * also where nothing is hidden.
 */
static bool has_overlaps(const struct sl_check_state *st, uint32_t i)
{
	const struct sl_check_space *space = sl_check_space_of(st, i);
	uint32_t k = 0;

	if (space == NULL || space->atoms.noutputs == 0)
		return false;
	while (space->history.plans[k].plan != i)
		k++;
	return space->atoms.outputs[space->history.noutputs + k].rows_of != 0;
}

/* Plan a groups by a column that plan b does not group by, nor by one finer or coarser. */
static bool groups_by_more(const struct sl_plan *a, const struct sl_plan *b)
{
	for (uint32_t k = 0; k < a->nkeys; k++) {
		uint32_t l = 0;
		while (l < b->nkeys && !sl_rule_same_column(a, a->keys[k].input, b, b->keys[l].input))
			l++;
		if (l == b->nkeys)
			return true;
	}
	return false;
}

/*
 * Each of two outputs groups by a column that the other does not: what the one column tells of the other in these rows,
 * as a district of a ward beside it but for one unit, no plan says, and units do; also where nothing is hidden.
 */
static bool may_tell_of_another(const struct sl_check_state *st, const bool *in_group, uint32_t i)
{
	for (uint32_t j = 0; j < st->pub->noutputs; j++)
		if (in_group[j] && groups_by_more(&st->plans[i], &st->plans[j]) && groups_by_more(&st->plans[j], &st->plans[i]))
			return sl_check_space_of(st, i) != NULL;
	return false;
}

static bool share_a_column(const struct sl_plan *a, const struct sl_stat *s, const struct sl_plan *b,
                           const struct sl_stat *t)
{
	for (uint32_t i = 0; i < a->ninputs; i++)
		for (uint32_t j = 0; j < b->ninputs; j++)
			if (sl_rule_reads(&s->arg, i) && sl_rule_reads(&t->arg, j) && sl_rule_same_column(a, i, b, j))
				return true;
	return false;
}

/* The one tells how many have a value, and the other counts who has some values of the same column. */
static bool counts_of_known(const struct sl_plan *known, const struct sl_plan *plan)
{
	for (uint32_t s = 0; s < known->nstats; s++)
		for (uint32_t t = 0; sl_stat_is_of_known(&known->stats[s]) && t < plan->nstats; t++)
			if (sl_rule_is_condition(&plan->stats[t]) && !sl_stat_is_of_known(&plan->stats[t]) &&
			    share_a_column(known, &known->stats[s], plan, &plan->stats[t]))
				return true;
	return false;
}

/* Few may be left, of whom no equation of one kind of numbers tells, and units do. */
static bool may_leave_of_known(const struct sl_check_state *st, const bool *in_group, uint32_t i)
{
	for (uint32_t j = 0; j < st->pub->noutputs; j++)
		if (in_group[j] && j != i &&
		    (counts_of_known(&st->plans[i], &st->plans[j]) || counts_of_known(&st->plans[j], &st->plans[i])))
			return sl_check_space_of(st, i) != NULL;
	return false;
}

static enum sl_rc judge_group(struct sl_check_state *st, const bool *in_group, struct sl_err *err)
{
	bool any_hidden = false, alike = true, safe = false;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < st->pub->noutputs; i++) {
		any_hidden = any_hidden || (in_group[i] && st->pub->outputs[i].suppressed > 0);
		alike = alike && !(in_group[i] && differs_from_another(st, i));
	}
	st->spent = st->amounts_proved = false;
	if (st->without == SL_RULE_SECONDARY)
		safe = true;
	else if (alike && any_hidden)
		rc = sl_check_secondary(st, in_group, &safe, err);
	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++) {
		bool cross = false;
		if (!in_group[i])
			continue;
		rc = crosses_another(st, in_group, i, &cross, err);
		if (rc == SL_OK && ((any_hidden && !safe) || differs_from_another(st, i) || cross))
			rc = pass_on(st, in_group, i, err);
		else if (has_overlaps(st, i) || may_leave_of_known(st, in_group, i) || may_tell_of_another(st, in_group, i))
			st->by_units[i] = true;
	}
	return rc;
}

enum sl_rc sl_check_margins(struct sl_check_state *st, struct sl_err *err)
{
	bool in_group[SL_PLANS_MAX];
	enum sl_rc rc = SL_OK;

	if (st->without == SL_RULE_MARGINS)
		return SL_OK;
	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++)
		if (gather_group(st, i, in_group))
			rc = judge_group(st, in_group, err);
	return rc;
}
