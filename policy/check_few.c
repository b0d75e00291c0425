/*
 * check_few.c - what rules/few.c asks of one row, of numbers that stand apart: how many have one child in one output,
 * and the sum of children of the same rows in another, are equations of one system (rules/few_told.h). So are the rows
 * of an output that is grouped by children, or asks for those with one.
 *
 * What earlier releases counted of the column is given, too (check_few_earlier.c). What they added up is not known
 * here: where it and the request leave no more than one number open, a person looks, by a finding of rule differencing.
 *
 * A place is a row of an output less what that asks of the column (check_few.h): every number of the column that an
 * output has of the same rows, or of rows that make them up, is taken in. Counts and conditions are given; sums, means
 * and spreads are looked at one after the other, and one that tells of few is hidden. A finding of rule numerator.
 */
#include "policy/check_few.h"

#include <stdlib.h>
#include <string.h>

#include "policy/rules/few.h"
#include "policy/rules/rules.h"

/* --- what is told ------------------------------------------------------------------------------------------ */

/* Numbers beside which one is looked at. */
struct beside {
	const struct sl_few_number *numbers[2 * SL_FEW_NUMBERS_MAX + 1];
	uint32_t n;
};

static bool are_of_one(const struct sl_few_place_number *a, const struct sl_few_place_number *b)
{
	return b != NULL && a->side == b->side &&
	       (a->side != NULL || (a->before->release == b->before->release && a->before->output == b->before->output));
}

/* but: none of its output. */
static void gather(struct beside *b, const struct sl_few_place *p, uint32_t asked, uint32_t less,
                   const struct sl_few_place_number *but)
{
	b->n = 0;
	for (uint32_t i = 0; i < p->ngiven && less < 2; i++)
		if (!are_of_one(&p->given[i], but) && (less < 1 || p->given[i].stat == SL_FINDING_WHOLE))
			b->numbers[b->n++] = p->given[i].number;
	for (uint32_t i = 0; i < asked && less < 3; i++)
		if (!are_of_one(&p->asked[i], but))
			b->numbers[b->n++] = p->asked[i].number;
	if (asked < p->nasked)
		b->numbers[b->n++] = p->asked[asked].number;
}

/* All together; without conditions, then without counts, where there are too many values of it; at last it alone. */
static enum sl_few_answer ask(const struct sl_few_place *p, uint32_t asked, const struct sl_few_place_number *but,
                              uint64_t few, struct sl_few_group *group)
{
	struct beside b;
	struct sl_few_rows rows = { .in = p->in, .natoms = p->owner->column.natoms, .rows = p->rows,
		                    .numbers = b.numbers };

	for (uint32_t less = 0; less < 4; less++) {
		gather(&b, p, asked, less, but);
		rows.n = b.n;
		if (sl_few_fits(&rows))
			return sl_few_told(&rows, few, group);
	}
	return SL_FEW_UNKNOWN;
}

/* A number of another output, or an earlier one, without which nothing would be told; where any would do, the first. */
static const struct sl_few_place_number *find_other(const struct sl_few_place *p, uint32_t asked, uint64_t few)
{
	const struct sl_few_place_number *first = NULL;
	struct sl_few_group unused;

	for (uint32_t i = 0; i < asked + p->ngiven; i++) {
		const struct sl_few_place_number *n = i < asked ? &p->asked[i] : &p->given[i - asked];
		if (n->side == p->asked[asked].side)
			continue;
		first = first == NULL ? n : first;
		if (ask(p, asked, n, few, &unused) != SL_FEW_TELLS)
			return n;
	}
	return first;
}

static void name_other(const struct sl_few_place_number *other, struct sl_rule_hit *hit)
{
	hit->has_other = true;
	hit->release = other->side != NULL ? 0 : other->before->release;
	hit->other_output = other->side != NULL ? other->side->output : other->before->output;
	hit->other_cell = other->side != NULL ? other->cell : other->before->cell;
}

/* Whether the number goes. */
static enum sl_rc ask_number(struct sl_few_place *p, uint32_t asked, bool *goes, struct sl_err *err)
{
	const struct sl_few_place_number *n = &p->asked[asked];
	const struct sl_evidence *e = sl_few_evidence(n->side, n->cell);
	struct sl_rule_case c = { .setup = p->st->setup, .rules = &p->st->setup->rules, .plan = n->side->at.plan,
		                  .result = n->side->at.result, .cell = n->cell, .evidence = e };
	uint64_t limit = sl_rule_limit_cell(&c), few = (limit - 1) * p->most;
	struct sl_few_group group;

	*goes = limit > 0 && ask(p, asked, NULL, few, &group) == SL_FEW_TELLS;
	if (!*goes)
		return SL_OK;
	const struct sl_few_place_number *other = n->less == NULL ? find_other(p, asked, few) : NULL;
	struct sl_rule_hit hit = { .units = e[n->stat].contributors, .limit = (int64_t)limit,
		                   .measured = (int64_t)(group.least / p->most + (group.least % p->most != 0)) };
	if (other != NULL)
		name_other(other, &hit);
	if (n->less != NULL) {
		hit.other_output = n->less->output;
		hit.other_cell = n->less_cell;
		hit.has_other = true;
	}
	sl_check_hide_number(p->st, n->side->output, n->cell, n->stat);
	enum sl_rc rc = sl_check_find(p->st, n->side->output, n->cell, n->stat, SL_RULE_NUMERATOR, &hit, err);
	if (rc == SL_OK)
		sl_check_settle(p->st->pub);
	return rc == SL_OK ? sl_check_few_values(p->st, n->side->output, n->cell, n->stat, &n->side->column, &group, err) : rc;
}

/* Something else has a number of what is asked about: what one output's row tells was asked before. */
static bool are_several(const struct sl_few_place *p)
{
	for (uint32_t i = 0; i < p->nasked; i++)
		if (p->asked[i].side != p->asked[0].side || p->asked[i].less != NULL)
			return true;
	for (uint32_t i = 0; i < p->ngiven && p->nasked > 0; i++)
		if (p->given[i].side != p->asked[0].side)
			return true;
	return false;
}

enum sl_rc sl_few_place_ask(struct sl_few_place *p, bool *goes, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < p->nasked && are_several(p) && !*goes && rc == SL_OK; i++)
		rc = ask_number(p, i, goes, err);
	return rc;
}

/* What goes is no equation any more, and of several cells the others are none: all of the place is looked at again. */
static enum sl_rc ask_place(struct sl_few_place *p, struct sl_err *err)
{
	bool goes = true;
	enum sl_rc rc = SL_OK;

	while (goes && rc == SL_OK) {
		goes = false;
		sl_few_place_find(p);
		rc = sl_few_place_ask(p, &goes, err);
		if (rc == SL_OK && !goes)
			rc = sl_few_ask_less(p, &goes, err);
	}
	return rc;
}

/* --- what an earlier release added up ----------------------------------------------------------------------- */

static bool is_told(const struct sl_few_place *p, uint32_t output, uint64_t release)
{
	const struct sl_publication *pub = p->st->pub;

	for (uint32_t i = 0; i < pub->nfindings; i++)
		if (pub->findings[i].rule == SL_RULE_DIFFERENCING && pub->findings[i].output == output &&
		    pub->findings[i].cell == SL_FINDING_WHOLE && pub->findings[i].release == release)
			return true;
	return false;
}

/* With the earlier number, beside all that the place has, no more than one number of rows is free; else more. */
static bool leaves_one(struct beside *b, const struct sl_few_place *p, const struct sl_few_before *before)
{
	struct sl_few_rows rows = { .in = p->in, .natoms = p->owner->column.natoms, .numbers = b->numbers };
	uint32_t left, with;

	b->numbers[b->n++] = &before->number;
	rows.n = b->n;
	if (rows.n < 2 || !sl_few_left(&rows, &left, &with))
		return false;
	/* Of what it makes of the column nothing is known: another number of it, for all that is. */
	with = before->is_known || left == 0 ? with : left - 1;
	return with < left && with <= 1;
}

/* Once an output and release: a person looks at all of it. */
static enum sl_rc tell_earlier(struct sl_few_place *p, struct sl_err *err)
{
	struct sl_few_before before;
	uint32_t at = 0;
	enum sl_rc rc = SL_OK;

	while (rc == SL_OK && p->past != NULL && sl_few_past_sum(p->past, &p->owner->rows.sets[p->row], &at, &before)) {
		struct beside b;
		struct sl_rule_hit hit = { .has_other = true, .release = before.release, .other_output = before.output,
			                   .other_cell = before.cell };
		memset(p->in, true, sizeof p->in);
		sl_few_place_find(p);
		gather(&b, p, p->nasked, 0, NULL);
		if (!leaves_one(&b, p, &before) || is_told(p, p->owner->output, before.release))
			continue;
		rc = sl_check_find(p->st, p->owner->output, SL_FINDING_WHOLE, SL_FINDING_WHOLE, SL_RULE_DIFFERENCING, &hit,
		                   err);
		if (rc == SL_OK)
			sl_check_settle(p->st->pub);
	}
	return rc;
}

/* --- the columns ------------------------------------------------------------------------------------------- */

static enum sl_rc ask_sides(struct sl_few_place *p, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < p->nsides && rc == SL_OK; i++)
		if (p->sides[i].asks)
			rc = sl_few_side_list(&p->sides[i], err);
	for (uint32_t i = 0; i < p->nsides && rc == SL_OK; i++) {
		p->owner = &p->sides[i];
		for (uint32_t row = 0; p->owner->asks && row < p->owner->rows.nsets && rc == SL_OK; row++) {
			sl_few_place_at(p, row);
			if (p->rows == 0)
				continue;
			rc = ask_place(p, err);
			if (rc == SL_OK)
				rc = tell_earlier(p, err);
		}
	}
	return rc;
}

/* The outputs that have something of a column. */
static enum sl_rc ask_column(struct sl_few_place *p, const struct sl_few_plan *owner, const struct sl_few_column *c,
                             struct sl_err *err)
{
	const struct sl_few_side *first = NULL;
	uint32_t asking = 0, adding = 0;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < p->nsides && rc == SL_OK; i++) {
		rc = sl_few_side_open(&p->sides[i], p->st, i, owner, c, err);
		if (rc != SL_OK || !p->sides[i].asks)
			continue;
		first = first == NULL ? &p->sides[i] : first;
		asking++;
		for (uint32_t k = 0; k < p->sides[i].column.nstats; k++)
			adding += sl_few_is_counted(&p->st->plans[i].stats[p->sides[i].column.stats[k]]);
	}
	if (rc == SL_OK && first != NULL)
		rc = sl_few_past_open(&p->past, p->st, first, adding > 0, err);
	if (rc == SL_OK && ((asking > 1 && adding > 0) || p->past != NULL))
		rc = ask_sides(p, err);
	sl_few_past_close(p->past);
	p->past = NULL;
	p->npairs = 0;
	for (uint32_t i = 0; i < p->nsides; i++)
		sl_few_side_close(&p->sides[i]);
	return rc;
}

/* What the k-th input of an output is read from, where that has few values. */
static bool find_column(const struct sl_few_place *p, uint32_t i, uint32_t k, struct sl_few_column *c)
{
	const struct sl_few_plan owner = { p->st->setup, &p->st->plans[i], &p->st->results[i] };
	const struct sl_input *in = &owner.plan->inputs[k];

	*c = (struct sl_few_column){ .source = in->source, .column = in->column };
	if (!sl_few_has_values_of(&owner.plan->sources[in->source], in->column, &c->of))
		return false;
	sl_few_atoms(&owner, c);
	return c->natoms > 1;
}

/* Another input before it is the same. */
static bool is_before(const struct sl_few_place *p, uint32_t i, uint32_t k, const struct sl_few_column *c)
{
	struct sl_few_column other;

	for (uint32_t j = 0; j <= i; j++)
		for (uint32_t l = 0; l < (j < i ? p->st->plans[j].ninputs : k); l++) {
			const struct sl_input *in = &p->st->plans[j].inputs[l];
			if (sl_few_same_column(&p->st->plans[i], c, &p->st->plans[j], in->source, in->column) &&
			    find_column(p, j, l, &other))
				return true;
		}
	return false;
}

static enum sl_rc ask_output(struct sl_few_place *p, uint32_t i, struct sl_err *err)
{
	const struct sl_few_plan owner = { p->st->setup, &p->st->plans[i], &p->st->results[i] };
	struct sl_few_column c;
	enum sl_rc rc = SL_OK;

	for (uint32_t k = 0; k < owner.plan->ninputs && rc == SL_OK; k++)
		if (find_column(p, i, k, &c) && !is_before(p, i, k, &c))
			rc = ask_column(p, &owner, &c, err);
	return rc;
}

enum sl_rc sl_check_few(struct sl_check_state *st, struct sl_err *err)
{
	uint32_t n = st->pub->noutputs;
	enum sl_rc rc = SL_OK;

	if (st->setup->rules.numerator == 1 || st->without == SL_RULE_NUMERATOR || (n < 2 && st->setup->nspaces == 0))
		return SL_OK;
	struct sl_few_place *p = calloc(1, sizeof *p);
	if (p != NULL)
		p->sides = calloc(n, sizeof *p->sides);
	if (p == NULL || p->sides == NULL) {
		free(p);
		return sl_err_set(err, SL_E_NOMEM, "out of memory for columns of few values");
	}
	p->st = st;
	p->nsides = n;
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = ask_output(p, i, err);
	free(p->sides);
	free(p);
	return rc;
}
