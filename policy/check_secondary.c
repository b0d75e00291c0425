/*
 * check_secondary.c - what the outputs of one unit space give away together, and what is hidden against it.
 *
 * Outputs over the same rows are sums of one another: for every two of them, the cells of each that agree in the keys
 * both have add up to the same; where one has wards and the other districts, those of a district (check_levels.h).
 * These equations are made from the plans and handed to secondary/choose.h, which hides
 * more rows until no hidden number can be told too closely.
 *
 * All outputs must hold one and the same kind of number: rows; units, as long as no unit is in two cells; the sum of
 * one argument, or its mean. Two kinds bound each other (units are no more than rows, a sum beside a mean tells a
 * count), and what no equation says no witness proves. A mean is taken for its sum exactly, which tells an attacker
 * more than the rounded number does. What is not audited may hide nothing (rule margins).
 *
 * Counts beside sums or means are compared by their units (check_history.c). That does not say how near an amount can
 * be told; so where one is hidden that one or two units dominate, its sums are audited here as if everybody knew who is
 * where: in the witnesses the units are the true ones, and only their amounts are others.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_common.h"
#include "policy/check_secondary.h"
#include "policy/history/halves.h"
#include "policy/secondary/choose.h"
#include "policy/secondary/join_tree.h"

struct audit {
	struct sl_check_state *st;
	const struct sl_family *family;
	struct sl_system system;
	uint32_t *fact_of;          /* [output's first row + cell] */
	uint32_t first_row[SL_PLANS_MAX + 1];
};

/* --- numbers --------------------------------------------------------------------------------------------- */

static const struct sl_evidence *evidence_of(const struct audit *a, uint32_t i, uint32_t cell, uint32_t stat)
{
	return &a->st->results[i].evidence[(size_t)cell * a->st->plans[i].nstats + stat];
}

/* Hidden when every such number of the row is: of two that tell the same, one would do. */
static bool is_hidden(const struct audit *a, uint32_t i, uint32_t cell)
{
	const struct sl_plan *plan = &a->st->plans[i];
	const struct sl_published_cell *row =
		&a->st->pub->outputs[i].cells[(size_t)cell * (plan->nstats + plan->ncalcs)];

	for (uint32_t s = 0; s < plan->nstats; s++)
		if (sl_check_is_of(a->family, plan, &plan->stats[s]) &&
		    (row[s].shown || sl_halves_are_told(plan, a->st->pub, i, cell, s)))
			return false;
	return true;
}

/*
 * Amounts among as many rows as there are: how many that is need not be known, so nothing is promised less for it.
 * Where it would be, there is no telling whether others could be.
 */
static bool bound_amount(const struct audit *a, uint32_t i, const struct sl_evidence *e, struct sl_fact *fact)
{
	struct sl_fact anybody = *fact;

	return sl_check_number(a->st, a->family, i, e, true, &anybody) &&
	       sl_check_number(a->st, a->family, i, e, false, fact) &&
	       (fact->state == SL_FACT_SHOWN || (sl_fact_highest(fact) == sl_fact_highest(&anybody) &&
	                                         sl_fact_lowest(fact) == sl_fact_lowest(&anybody)));
}

static enum sl_rc add_numbers(struct audit *a, uint32_t i, struct sl_err *err)
{
	uint32_t ncells = a->first_row[i + 1] - a->first_row[i];
	bool *possible = NULL;
	enum sl_rc rc = sl_levels_possible(&a->st->setup->view, &a->st->plans[i], &possible, err);

	for (uint32_t cell = 0; cell < ncells && rc == SL_OK; cell++) {
		bool hidden = possible[cell] && is_hidden(a, i, cell);
		const struct sl_evidence *e = evidence_of(a, i, cell, a->family->stat_of[i]);
		struct sl_fact fact = { .row = a->first_row[i] + cell, .state = hidden ? SL_FACT_PRIMARY : SL_FACT_SHOWN };
		if (a->family->of_amounts ? !bound_amount(a, i, e, &fact)
		                          : !sl_check_number(a->st, a->family, i, e, hidden, &fact))
			rc = sl_err_set(err, SL_E_LIMIT, "a number cannot be audited");
		if (rc == SL_OK)
			rc = sl_system_fact(&a->system, &fact, &a->fact_of[fact.row], err);
	}
	free(possible);
	return rc;
}

/* --- equations ------------------------------------------------------------------------------------------- */

/* Facts of both sides, by common cell: a list each, [first[x], first[x + 1]). */
struct sorted {
	uint32_t *first, *facts;
};

static bool sort_facts(const struct audit *a, const struct sl_common *c, int side, uint32_t i, struct sorted *out)
{
	uint32_t ncells = a->first_row[i + 1] - a->first_row[i];

	out->first = calloc((size_t)c->ncells + 2, sizeof *out->first);
	out->facts = calloc((size_t)ncells + 1, sizeof *out->facts);
	if (out->first == NULL || out->facts == NULL)
		return false;
	for (uint32_t cell = 0; cell < ncells; cell++)
		out->first[sl_common_cell(c, side, cell) + 2]++;
	for (uint32_t x = 2; x < c->ncells + 2; x++)
		out->first[x] += out->first[x - 1];
	for (uint32_t cell = 0; cell < ncells; cell++)
		out->facts[out->first[sl_common_cell(c, side, cell) + 1]++] = a->fact_of[a->first_row[i] + cell];
	return true;
}

static enum sl_rc add_terms(struct audit *a, const struct sorted *s, uint32_t x, int32_t factor, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t k = s->first[x]; k < s->first[x + 1] && rc == SL_OK; k++)
		rc = sl_system_term(&a->system, s->facts[k], factor, err);
	return rc;
}

static enum sl_rc add_equation(struct audit *a, const struct sorted s[static 2], uint32_t x, struct sl_err *err)
{
	enum sl_rc rc = sl_system_begin(&a->system, err);

	if (rc == SL_OK)
		rc = add_terms(a, &s[0], x, 1, err);
	return rc == SL_OK ? add_terms(a, &s[1], x, -1, err) : rc;
}

static enum sl_rc add_equations(struct audit *a, uint32_t i, uint32_t j, bool implied, struct sl_err *err)
{
	struct sorted s[2] = { { NULL, NULL }, { NULL, NULL } };
	struct sl_common c;
	enum sl_rc rc = sl_common_find(&a->st->plans[i], &a->st->plans[j], &a->st->setup->view, &c, err);

	if (rc == SL_OK && (!sort_facts(a, &c, 0, i, &s[0]) || !sort_facts(a, &c, 1, j, &s[1])))
		rc = sl_err_set(err, SL_E_NOMEM, "no memory for the equations between tables");
	for (uint32_t x = 0; x < c.ncells && rc == SL_OK; x++) {
		rc = add_equation(a, s, x, err);
		if (implied)
			sl_system_implied(&a->system);
	}
	for (int side = 0; side < 2; side++) {
		free(s[side].first);
		free(s[side].facts);
	}
	sl_common_free(&c);
	return rc;
}

static enum sl_rc build(struct audit *a, struct sl_err *err)
{
	const bool *has = a->family->has;
	uint64_t tree[SL_PLANS_MAX] = { 0 };
	uint32_t n = a->st->pub->noutputs;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (has[i])
			rc = add_numbers(a, i, err);
	sl_join_tree(a->family->keys, has, n, a->first_row, tree);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		for (uint32_t j = i + 1; j < n && rc == SL_OK; j++)
			if (has[i] && has[j])
				rc = add_equations(a, i, j, (tree[i] >> j & 1) == 0, err);
	if (rc == SL_OK)
		sl_system_coarsen(&a->system);
	/* Units that are in several cells are counted in each: then no equation holds of them, and here it is found out. */
	return rc == SL_OK ? sl_system_index(&a->system, err) : rc;
}

/* --- what follows ---------------------------------------------------------------------------------------- */

static enum sl_rc hide_chosen(struct audit *a, bool coarse, struct sl_err *err)
{
	uint32_t nrows = a->first_row[a->st->pub->noutputs];
	bool *done = calloc((size_t)nrows + 1, sizeof *done);
	enum sl_rc rc = done != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "no memory for the publication");

	for (uint32_t f = 0; f < a->system.nfacts && rc == SL_OK; f++) {
		uint32_t row = a->system.facts[f].row, i = 0;
		if (a->system.facts[f].state != SL_FACT_SECONDARY || row >= nrows || done[row])
			continue;
		while (a->first_row[i + 1] <= row)
			i++;
		done[row] = true;
		sl_check_hide_row(a->st, i, row - a->first_row[i]);
		struct sl_rule_hit hit = { .units = evidence_of(a, i, row - a->first_row[i], 0)->cell_units,
			                   .limit = coarse ? a->st->setup->secondary_work : 0 };
		rc = sl_check_find(a->st, i, row - a->first_row[i], SL_FINDING_WHOLE, SL_RULE_SECONDARY, &hit, err);
		if (rc == SL_OK)
			sl_check_settle(a->st->pub);
	}
	free(done);
	return rc;
}

/* Ties are broken by the plans, which whoever reads the release knows, and never by a number of it. */
static uint64_t key_of(const struct audit *a)
{
	uint64_t key = 0, part;

	for (uint32_t i = 0; i < a->st->pub->noutputs; i++) {
		memcpy(&part, a->st->results[i].plan_digest, sizeof part);
		key ^= a->family->has[i] ? part : 0;
	}
	return key;
}

/* What cannot be audited is not safe, which is an answer and no failure. */
static enum sl_rc answer(enum sl_rc rc, const struct sl_err *why, struct sl_err *err)
{
	if (rc == SL_E_LIMIT || rc == SL_E_INPUT)
		return SL_OK;
	if (rc != SL_OK && err != NULL)
		*err = *why;
	return rc;
}

static enum sl_rc audit(struct sl_check_state *st, const struct sl_family *family, bool *safe, struct sl_err *err)
{
	struct audit a = { .st = st, .family = family };
	struct sl_choice choice = { 0 };
	struct sl_err why = { 0 };
	enum sl_rc rc;

	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		a.first_row[i + 1] = a.first_row[i] + (uint32_t)sl_plan_cells(&st->plans[i], &st->setup->view);
	a.fact_of = calloc((size_t)a.first_row[st->pub->noutputs] + 1, sizeof *a.fact_of);
	rc = a.fact_of != NULL ? build(&a, &why) : sl_err_set(&why, SL_E_NOMEM, "no memory for equations");
	if (rc == SL_OK)
		rc = sl_choose(&a.system, key_of(&a), st->setup->secondary_work * UINT64_C(1000000), &choice, &why);
	if (rc == SL_OK && choice.safe)
		rc = hide_chosen(&a, choice.coarse, &why);
	*safe = rc == SL_OK && choice.safe;
	st->spent = choice.spent;
	st->work += choice.work;
	sl_system_free(&a.system);
	free(a.fact_of);
	return answer(rc, &why, err);
}

/* Hidden for something else: its units are looked at, and a person has to say whether that does. */
static enum sl_rc tell_unproved(struct sl_check_state *st, const struct sl_family *family, struct sl_err *err)
{
	struct sl_rule_hit hit = { .measured = -1 };

	return sl_check_depth(st, (uint32_t)(family->plan - st->plans), (uint32_t)(family->stat - family->plan->stats), &hit,
	                      err);
}

/*
 * Of several kinds of numbers those that one or two units dominate; the rest is a matter of units. So are they, where
 * they were hidden for something else.
 */
static enum sl_rc audit_amounts(struct sl_check_state *st, const bool *in_group, struct sl_err *err)
{
	bool found = true, proved = true;
	enum sl_rc rc = SL_OK;

	for (uint32_t n = 0; found && proved && rc == SL_OK; n++) {
		struct sl_family family;
		struct sl_err why = { 0 };
		bool safe = false;
		rc = sl_check_amount(st, in_group, n, &family, &found, &why);
		if (rc == SL_OK && found)
			rc = audit(st, &family, &safe, &why);
		rc = answer(rc, &why, err);
		proved = !found || safe || !family.must;
		if (rc == SL_OK && found && !safe && !family.must)
			rc = tell_unproved(st, &family, err);
	}
	st->amounts_proved = rc == SL_OK && proved;
	return rc;
}

enum sl_rc sl_check_secondary(struct sl_check_state *st, const bool *in_group, bool *safe, struct sl_err *err)
{
	struct sl_family family;
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_check_family(st, in_group, &family, &why);

	*safe = false;
	if (rc == SL_OK)
		return audit(st, &family, safe, err);
	return rc == SL_E_LIMIT ? audit_amounts(st, in_group, err) : answer(rc, &why, err);
}
