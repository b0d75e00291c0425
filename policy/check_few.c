/*
 * check_few.c - what rules/few.c asks of one row, of numbers that stand apart: how many have one child in one output,
 * and the sum of children of the same rows in another, are equations of one system (rules/few_told.h). So are the rows
 * of an output that is grouped by children, or asks for those with one.
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

/* Numbers of a place beyond these are left out. */
#define NUMBERS_MAX 256

/* A number of a place, and whose it is. */
struct place_number {
	const struct sl_few_sum *sum;
	const struct sl_few_side *side;
	uint32_t stat;                 /* SL_FINDING_WHOLE: how many rows there are */
};

struct place {
	struct sl_check_state *st;
	struct sl_few_side *sides;
	uint32_t nsides;
	const struct sl_few_side *owner;
	uint32_t row;
	sl_i128 rows;
	uint64_t most;                 /* rows of one unit */
	struct place_number given[NUMBERS_MAX], asked[NUMBERS_MAX];
	uint32_t ngiven, nasked;
	bool hid;
};

static const struct sl_evidence *evidence_of(const struct sl_few_side *s, uint32_t cell)
{
	return &s->at.result->evidence[(size_t)cell * s->at.plan->nstats];
}

static const struct sl_published_cell *shown_of(const struct place *p, const struct sl_few_side *s, uint32_t cell)
{
	return &p->st->pub->outputs[s->output].cells[(size_t)cell * (s->at.plan->nstats + s->at.plan->ncalcs)];
}

/* --- the numbers of a place -------------------------------------------------------------------------------- */

static bool is_row_shown(const struct place *p, const struct sl_few_side *s, uint32_t cell)
{
	for (uint32_t i = 0; i < s->at.plan->nstats; i++)
		if (shown_of(p, s, cell)[i].shown)
			return true;
	return false;
}

/* One more cell of a sum; n NULL: its evidence left its range. */
static void add_cell(struct sl_few_sum *sum, const struct sl_few_side *s, uint32_t cell, bool shown,
                     const struct sl_few_number *n)
{
	sl_i128 x = sum->number.x, xx = sum->number.xx;
	uint64_t rows = sum->number.rows, known = sum->number.known_rows;

	sum->all = (sum->ncells == 0 || sum->all) && shown && n != NULL;
	if (n == NULL)
		return;
	bool sums = (sum->ncells == 0 || sum->number.has_sums) && n->has_sums && !__builtin_add_overflow(x, n->x, &x) &&
	            !__builtin_add_overflow(xx, n->xx, &xx);
	if (sum->ncells == 0 || evidence_of(s, cell)->cell_rows < evidence_of(s, sum->cell)->cell_rows)
		sum->cell = cell;
	sum->number = *n;
	sum->number.rows += rows;
	sum->number.known_rows += known;
	sum->number.has_sums = sums;
	sum->number.x = x;
	sum->number.xx = xx;
	sum->ncells++;
}

static void add_row(const struct place *p, struct sl_few_side *s, uint32_t row)
{
	const struct sl_few_column *c = &s->column;

	for (uint32_t i = s->first[row]; i < s->first[row + 1]; i++) {
		uint32_t cell = s->cells[i], group = s->group_of[cell];
		struct sl_few_sum *sums = &s->sums[(size_t)group * (c->nstats + 1)];
		struct sl_few_number n = { .fn = SL_STAT_COUNT, .rows = evidence_of(s, cell)->cell_rows };
		if (n.rows == 0)
			continue;
		add_cell(&sums[0], s, cell, is_row_shown(p, s, cell), &n);
		for (uint32_t k = 0; k < c->nstats; k++) {
			bool fits = sl_few_number(&s->at, c, k, cell, &n);
			add_cell(&sums[1 + k], s, cell, shown_of(p, s, cell)[c->stats[k]].shown == 1, fits ? &n : NULL);
		}
	}
}

/* The rows of a side that make up the place. False: they do not. */
static bool add_side(const struct place *p, struct sl_few_side *s)
{
	const struct sl_earlier_set *row = &p->owner->rows.sets[p->row];
	bool any = false;

	memset(s->sums, 0, (size_t)s->ngroups * (s->column.nstats + 1) * sizeof *s->sums);
	const struct sl_earlier_set *same = s == p->owner ? row : sl_side_find(&s->found, row);
	if (same != NULL) {
		add_row(p, s, (uint32_t)(same - s->rows.sets));
		return true;
	}
	if (s->rows.nsets <= p->owner->rows.nsets || (uint64_t)s->rows.nsets * p->owner->rows.nsets > SL_SIDES_WITHIN_MAX ||
	    !sl_parts_among(s->found.common, s->found.ncommon, row->parts, row->nparts))
		return false;
	for (uint32_t r = 0; r < s->rows.nsets; r++)
		if (sl_parts_among(row->parts, row->nparts, s->rows.sets[r].parts, s->rows.sets[r].nparts)) {
			add_row(p, s, r);
			any = true;
		}
	return any;
}

/* Rows with one of the group's atoms are all of the place; whole: and those are all that there are. */
static bool is_within(const struct place *p, const bool *in, bool *whole)
{
	*whole = true;
	for (uint32_t a = 0; a < p->owner->column.natoms; a++) {
		if (in[a] && !p->owner->column.in[a])
			return false;
		*whole = *whole && in[a] == p->owner->column.in[a];
	}
	return true;
}

static void put(struct place_number *list, uint32_t *n, struct place_number one)
{
	if (*n < NUMBERS_MAX)
		list[(*n)++] = one;
}

/* Counts and conditions, or sums, means and spreads of so many cells: of one, or of several. */
static void take_numbers(struct place *p, struct sl_few_side *s, bool of_several)
{
	const struct sl_few_column *c = &s->column;

	for (uint32_t g = 0; g < s->ngroups; g++) {
		struct sl_few_sum *sums = &s->sums[(size_t)g * (c->nstats + 1)];
		bool whole;
		if (sums[0].ncells == 0 || !is_within(p, s->in + (size_t)g * c->natoms, &whole))
			continue;
		for (uint32_t i = 0; i <= c->nstats; i++) {
			struct place_number one = { &sums[i], s, i == 0 ? SL_FINDING_WHOLE : c->stats[i - 1] };
			bool counted = i > 0 && sl_few_is_counted(&s->at.plan->stats[one.stat]);
			sums[i].number.in = s->in + (size_t)g * c->natoms;
			if (!sums[i].all || (i == 0 && whole) || (counted && (sums[i].ncells > 1) != of_several))
				continue;
			if (counted)
				put(p->asked, &p->nasked, one);
			else if (!of_several)
				put(p->given, &p->ngiven, one);
		}
	}
}

static bool are_once(const struct sl_few_side *s)
{
	for (uint32_t i = 0; i < s->at.plan->nsources; i++)
		if (s->at.setup->view.tables[s->at.plan->sources[i].table].one_row_per_unit == 0 &&
		    s->at.plan->sources[i].nfolds == 0 && s->at.plan->sources[i].join != SL_JOIN_SEMI &&
		    s->at.plan->sources[i].join != SL_JOIN_ANTI)
			return false;
	return true;
}

/* How many rows there are, and how many of them one unit may have. */
static void count_rows(struct place *p)
{
	const struct sl_few_side *s = p->owner;

	p->rows = 0;
	p->most = 0;
	for (uint32_t i = s->first[p->row]; i < s->first[p->row + 1]; i++) {
		const struct sl_evidence *e = evidence_of(s, s->cells[i]);
		uint64_t most = 0;
		for (uint32_t k = 0; k < s->at.plan->nstats; k++)
			most = e[k].rows_by_one_max > most ? e[k].rows_by_one_max : most;
		p->rows += (sl_i128)e->cell_rows;
		p->most += most;
	}
	p->most = p->most == 0 || are_once(s) ? 1 : p->most;
}

/* False: no other output has anything of it. */
static bool find_numbers(struct place *p)
{
	bool found = false;
	uint32_t first;

	p->ngiven = p->nasked = 0;
	for (uint32_t i = 0; i < p->nsides; i++)
		if (p->sides[i].asks && !add_side(p, &p->sides[i]))
			memset(p->sides[i].sums, 0,
			       (size_t)p->sides[i].ngroups * (p->sides[i].column.nstats + 1) * sizeof *p->sides[i].sums);
	for (int several = 1; several >= 0; several--)
		for (uint32_t i = 0; i < p->nsides; i++)
			if (p->sides[i].asks)
				take_numbers(p, &p->sides[i], several == 1);
	first = p->nasked > 0 ? p->asked[0].side->output : 0;
	for (uint32_t i = 0; i < p->nasked; i++)
		found = found || p->asked[i].side->output != first;
	for (uint32_t i = 0; i < p->ngiven && p->nasked > 0; i++)
		found = found || p->given[i].side->output != first;
	return found;
}

/* --- what is told ------------------------------------------------------------------------------------------ */

/* Numbers beside which one is looked at; without those of an output. */
struct beside {
	const struct sl_few_number *numbers[2 * NUMBERS_MAX];
	uint32_t n;
};

static void gather(struct beside *b, const struct place *p, uint32_t asked, uint32_t less,
                   const struct sl_few_side *but)
{
	b->n = 0;
	for (uint32_t i = 0; i < p->ngiven && less < 2; i++)
		if (p->given[i].side != but && (less < 1 || p->given[i].stat == SL_FINDING_WHOLE))
			b->numbers[b->n++] = &p->given[i].sum->number;
	for (uint32_t i = 0; i < asked && less < 3; i++)
		if (p->asked[i].side != but)
			b->numbers[b->n++] = &p->asked[i].sum->number;
	b->numbers[b->n++] = &p->asked[asked].sum->number;
}

/* All together; without conditions, then without counts, where there are too many values of it; at last it alone. */
static enum sl_few_answer ask(const struct place *p, uint32_t asked, const struct sl_few_side *but, uint64_t few,
                              struct sl_few_group *group)
{
	struct beside b;
	struct sl_few_rows rows = { .in = p->owner->column.in, .natoms = p->owner->column.natoms, .rows = p->rows,
		                    .numbers = b.numbers };

	for (uint32_t less = 0; less < 4; less++) {
		gather(&b, p, asked, less, but);
		rows.n = b.n;
		if (sl_few_fits(&rows))
			return sl_few_told(&rows, few, group);
	}
	return SL_FEW_UNKNOWN;
}

/* Another output's number without which nothing would be told; where any of several would do, the first. */
static const struct place_number *find_other(const struct place *p, uint32_t asked, uint64_t few)
{
	const struct place_number *first = NULL;
	struct sl_few_group unused;

	for (uint32_t i = 0; i < asked + p->ngiven; i++) {
		const struct place_number *n = i < asked ? &p->asked[i] : &p->given[i - asked];
		if (n->side == p->asked[asked].side)
			continue;
		first = first == NULL ? n : first;
		if (ask(p, asked, n->side, few, &unused) != SL_FEW_TELLS)
			return n;
	}
	return first;
}

/* Whether the number goes. */
static enum sl_rc ask_number(struct place *p, uint32_t asked, bool *goes, struct sl_err *err)
{
	const struct place_number *n = &p->asked[asked];
	const struct sl_evidence *e = evidence_of(n->side, n->sum->cell);
	struct sl_rule_case c = { .setup = p->st->setup, .rules = &p->st->setup->rules, .plan = n->side->at.plan,
		                  .result = n->side->at.result, .cell = n->sum->cell, .evidence = e };
	uint64_t limit = sl_rule_limit_cell(&c), few = (limit - 1) * p->most;
	struct sl_few_group group;

	*goes = limit > 0 && ask(p, asked, NULL, few, &group) == SL_FEW_TELLS;
	if (!*goes)
		return SL_OK;
	const struct place_number *other = find_other(p, asked, few);
	struct sl_rule_hit hit = { .units = e[n->stat].contributors, .limit = (int64_t)limit,
		                   .measured = (int64_t)(group.least / p->most + (group.least % p->most != 0)) };
	if (other != NULL) {
		hit.has_other = true;
		hit.other_output = other->side->output;
		hit.other_cell = other->sum->cell;
	}
	sl_check_hide_number(p->st, n->side->output, n->sum->cell, n->stat);
	p->hid = true;
	enum sl_rc rc = sl_check_find(p->st, n->side->output, n->sum->cell, n->stat, SL_RULE_NUMERATOR, &hit, err);
	if (rc == SL_OK)
		sl_check_settle(p->st->pub);
	return rc;
}

/* What goes is no equation any more, and of several cells the others are none: all of the place is looked at again. */
static enum sl_rc ask_place(struct place *p, struct sl_err *err)
{
	bool goes = true;
	enum sl_rc rc = SL_OK;

	while (goes && rc == SL_OK && find_numbers(p)) {
		goes = false;
		for (uint32_t i = 0; i < p->nasked && !goes && rc == SL_OK; i++)
			rc = ask_number(p, i, &goes, err);
	}
	return rc;
}

/* --- the columns ------------------------------------------------------------------------------------------- */

static enum sl_rc ask_sides(struct place *p, struct sl_err *err)
{
	uint32_t asking = 0;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < p->nsides; i++)
		asking += p->sides[i].asks;
	for (uint32_t i = 0; i < p->nsides && asking > 1 && rc == SL_OK; i++)
		if (p->sides[i].asks)
			rc = sl_few_side_list(&p->sides[i], err);
	for (uint32_t i = 0; i < p->nsides && asking > 1 && rc == SL_OK; i++) {
		p->owner = &p->sides[i];
		for (p->row = 0; p->owner->asks && p->row < p->owner->rows.nsets && rc == SL_OK; p->row++) {
			count_rows(p);
			rc = p->rows > 0 ? ask_place(p, err) : SL_OK;
		}
	}
	return rc;
}

/* Of a column that an output adds up. */
static enum sl_rc ask_column(struct place *p, const struct sl_few_plan *owner, const struct sl_few_column *c,
                             struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < p->nsides && rc == SL_OK; i++)
		rc = sl_few_side_open(&p->sides[i], p->st, i, owner, c, err);
	if (rc == SL_OK)
		rc = ask_sides(p, err);
	for (uint32_t i = 0; i < p->nsides; i++)
		sl_few_side_close(&p->sides[i]);
	return rc;
}

/* The same one was there in an output before. */
static bool is_before(const struct place *p, uint32_t i, const struct sl_few_column *c)
{
	uint16_t source = 0, column = 0;

	for (uint32_t j = 0; j <= i; j++)
		for (uint32_t s = 0; s < p->st->plans[j].nstats; s++) {
			const struct sl_plan *plan = &p->st->plans[j];
			if (j == i && s >= c->stats[0])
				return false;
			if (sl_few_is_counted(&plan->stats[s]) && sl_few_reads_one(plan, &plan->stats[s].arg, &source, &column) &&
			    sl_few_same_column(&p->st->plans[i], c, plan, source, column))
				return true;
		}
	return false;
}

static enum sl_rc ask_output(struct place *p, uint32_t i, struct sl_err *err)
{
	const struct sl_few_plan owner = { p->st->setup, &p->st->plans[i], &p->st->results[i] };
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < owner.plan->nstats && rc == SL_OK; s++) {
		struct sl_few_column c = { .stats = { s } };
		if (!sl_few_is_counted(&owner.plan->stats[s]) ||
		    !sl_few_reads_one(owner.plan, &owner.plan->stats[s].arg, &c.source, &c.column))
			continue;
		(void)sl_few_has_values_of(&owner.plan->sources[c.source], c.column, &c.of);
		sl_few_atoms(&owner, &c);
		if (c.natoms > 1 && !is_before(p, i, &c))
			rc = ask_column(p, &owner, &c, err);
	}
	return rc;
}

enum sl_rc sl_check_few(struct sl_check_state *st, struct sl_err *err)
{
	uint32_t n = st->pub->noutputs;
	enum sl_rc rc = SL_OK;

	if (st->setup->rules.numerator == 1 || st->without == SL_RULE_NUMERATOR || n < 2)
		return SL_OK;
	struct place *p = calloc(1, sizeof *p);
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
