/*
 * group_disclosure.c - of a sensitive column nobody, everybody or nearly everybody of a group has what is told: 20 of
 * 20 positive tells of each of the twenty, and so does 0 of 20.
 *
 * Along a key: units of the cell against units of the margin that leaves the sensitive key out (the engine counts both;
 * a unit may be in several cells of one margin). A group that is empty itself tells nothing here; rule zero has it.
 *
 * A count_if or share is the cell that its condition would be, within its own cell; so is a sum, mean or spread of two
 * values (two_values.c) by the rows that have the one that is not 0, either where neither is. As with a key the other
 * side is not asked, which of a rare disease are nearly all: but of a flag it is known which side has it, so that
 * "not sick" is asked for the sick too.
 */
#include "policy/rules/rules.h"

/* `part` of `whole` is told. The one nearest to the limit is kept for the message. */
static bool is_told_of_all(const struct sl_rule_case *c, uint64_t part, uint64_t whole, struct sl_rule_hit *hit)
{
	uint32_t limit = c->rules->group_percent;
	int64_t percent = sl_rule_percent((sl_i128)part, (sl_i128)whole);
	bool unsafe = part == 0 || part >= whole || (sl_i128)part * SL_PERCENT_WHOLE > (sl_i128)limit * (sl_i128)whole;

	if (unsafe || percent >= hit->measured)
		*hit = (struct sl_rule_hit){ .units = part, .measured = percent, .limit = limit };
	return unsafe;
}

/* Units of the cell, or known rows where the number is a part of those: who is unknown waters it down for nobody. */
static bool tells_condition(const struct sl_rule_case *c, const struct sl_stat *s, struct sl_rule_hit *hit)
{
	const struct sl_evidence *e = c->evidence;
	bool is_share = s->fn == SL_STAT_SHARE;
	int64_t of[2];

	if (is_told_of_all(c, e->contributors, e->cell_units, hit) ||
	    (is_share && is_told_of_all(c, e->rows, e->known_rows, hit)))
		return true;
	if (!sl_rule_of_flag(c, &s->arg, of) || of[0] <= of[1])
		return false;
	return is_told_of_all(c, e->complement_units, e->cell_units, hit) ||
	       (is_share && is_told_of_all(c, e->known_rows - e->rows, e->known_rows, hit));
}

static bool tells_values(const struct sl_rule_case *c, const struct sl_stat *s, struct sl_rule_hit *hit)
{
	uint64_t rows[2], all = c->evidence->rows;
	int64_t values[2], of[2];
	bool is_flag = sl_rule_of_flag(c, &s->arg, of);

	if (!sl_rule_rows_of_two(c, values, rows))
		return false;
	for (uint32_t i = 0; i < 2; i++)
		if ((values[i] != 0 || (is_flag && values[i] == of[1])) && is_told_of_all(c, rows[i], all, hit))
			return true;
	return false;
}

/* Of one number of a cell that somebody is in. */
static bool tells_number(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];

	if (c->evidence->cell_units == 0 || !sl_rule_reads_sensitive(c))
		return false;
	return sl_rule_is_condition(s) ? tells_condition(c, s, hit) : tells_values(c, s, hit);
}

bool sl_rule_group_disclosure(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	uint64_t units = c->evidence->cell_units;
	sl_i128 limit = c->rules->group_percent;

	if (c->rules->group_disclosure == 1)
		return false;
	if (c->stat != SL_FINDING_WHOLE)
		return tells_number(c, hit);
	for (uint32_t m = 0; m < c->result->nmargins; m++) {
		const struct sl_margin *margin = &c->result->margins[m];
		uint64_t all = margin->cells[sl_plan_cell_by(c->plan, &c->setup->view, c->cell, ~(1u << margin->key))].units;
		bool none = units == 0 && !sl_rule_is_absent(c, margin->key);
		if (all == 0)
			continue;
		int64_t part = sl_rule_percent((sl_i128)units, (sl_i128)all);
		bool unsafe = none || units >= all || (units > 0 && (sl_i128)units * SL_PERCENT_WHOLE > limit * (sl_i128)all);
		if (unsafe || part >= hit->measured)
			*hit = (struct sl_rule_hit){ .units = units, .measured = part, .limit = c->rules->group_percent };
		if (unsafe)
			return true;
	}
	return false;
}
