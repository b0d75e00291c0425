/*
 * all_equal.c - a number that says the same of every unit behind it: all have one value, 0 % or 100 % of a sensitive
 * condition (AllValuesAreSameCheck); a spread of zero; a line that every point is on, which gives y away for x.
 *
 * Measures are what one learns about a unit, so for sum and mean any column counts; for count_if and share the
 * condition must read a sensitive one, since "all women among the women" tells nothing. Or a key is one: where all of
 * those who are well are young, whoever is not young is sick. What an open reference table says of the group itself, as
 * the beds of the region that a row is of, is no value of anybody: there all have one, and whoever reads the table
 * knows it.
 */
#include "policy/rules/rules.h"

/* An attribute of a group of the row, by its code. */
static bool is_of_group(const struct sl_plan *plan, const struct sl_input *in)
{
	for (uint32_t k = 0; k < plan->nkeys && in->lookup > 0; k++) {
		const struct sl_input *key = &plan->inputs[plan->keys[k].input];
		if (key->source == in->source && key->column == in->column && key->lookup == 0 && !plan->keys[k].banded)
			return true;
	}
	return false;
}

/* By plan and catalogue alone, whoever the units are. */
static bool follows_from_groups(const struct sl_plan *plan, const struct sl_expr *arg)
{
	for (uint32_t i = 0; i < arg->nops; i++)
		if (arg->ops[i].op == SL_OP_COLUMN && !is_of_group(plan, &plan->inputs[arg->ops[i].arg]))
			return false;
	return true;
}

bool sl_rule_all_equal(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;

	*hit = (struct sl_rule_hit){ .units = e->contributors };
	if (c->rules->all_equal == 1 || e->cell_units == 0)
		return false;
	if (sl_rule_is_magnitude(s))
		return e->contributors > 0 && e->all_equal && sl_rule_reads_column(c) && !follows_from_groups(c->plan, &s->arg);
	if (sl_stat_has_moments(s->fn))
		return e->contributors > 0 && sl_rule_moments_on_line(c->plan, c->result, c->cell, c->stat);
	if (sl_stat_is_model((enum sl_stat_fn)s->fn))
		return e->contributors > 0 && sl_rule_model_is_exact(c->plan, c->result, c->cell, c->stat);
	if (!sl_rule_is_condition(s) || (c->result->nmargins == 0 && !sl_rule_reads_sensitive(c)))
		return false;
	return e->contributors == 0 || e->complement_units == 0 || (s->fn == SL_STAT_SHARE && e->rows == e->known_rows);
}
