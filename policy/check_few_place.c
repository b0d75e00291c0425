/* check_few_place.c - see check_few.h: which numbers there are of a place, over all outputs and earlier releases. */
#include <string.h>

#include "policy/check_few.h"
#include "policy/rules/rules.h"

const struct sl_evidence *sl_few_evidence(const struct sl_few_side *s, uint32_t cell)
{
	return &s->at.result->evidence[(size_t)cell * s->at.plan->nstats];
}

static const struct sl_published_cell *shown_of(const struct sl_few_place *p, const struct sl_few_side *s,
                                                uint32_t cell)
{
	return &p->st->pub->outputs[s->output].cells[(size_t)cell * (s->at.plan->nstats + s->at.plan->ncalcs)];
}

/* --- the numbers of a place -------------------------------------------------------------------------------- */

static bool is_row_shown(const struct sl_few_place *p, const struct sl_few_side *s, uint32_t cell)
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
	if (sum->ncells == 0 || sl_few_evidence(s, cell)->cell_rows < sl_few_evidence(s, sum->cell)->cell_rows)
		sum->cell = cell;
	sum->number = *n;
	sum->number.rows += rows;
	sum->number.known_rows += known;
	sum->number.has_sums = sums;
	sum->number.x = x;
	sum->number.xx = xx;
	sum->ncells++;
}

static void add_row(const struct sl_few_place *p, struct sl_few_side *s, uint32_t row)
{
	const struct sl_few_column *c = &s->column;

	for (uint32_t i = s->first[row]; i < s->first[row + 1]; i++) {
		uint32_t cell = s->cells[i], group = s->group_of[cell];
		struct sl_few_sum *sums = &s->sums[(size_t)group * (c->nstats + 1)];
		struct sl_few_number n = { .fn = SL_STAT_COUNT, .rows = sl_few_evidence(s, cell)->cell_rows };
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
static bool add_side(const struct sl_few_place *p, struct sl_few_side *s)
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
static bool is_within(const struct sl_few_place *p, const bool *in, bool *whole)
{
	*whole = true;
	for (uint32_t a = 0; a < p->owner->column.natoms; a++) {
		if (in[a] && !p->in[a])
			return false;
		*whole = *whole && in[a] == p->in[a];
	}
	return true;
}

static void put(struct sl_few_place_number *list, uint32_t *n, struct sl_few_place_number one)
{
	if (*n < SL_FEW_NUMBERS_MAX)
		list[(*n)++] = one;
}

/* Counts and conditions, or sums, means and spreads of so many cells: of one, or of several. */
static void take_numbers(struct sl_few_place *p, struct sl_few_side *s, bool of_several)
{
	const struct sl_few_column *c = &s->column;

	for (uint32_t g = 0; g < s->ngroups; g++) {
		struct sl_few_sum *sums = &s->sums[(size_t)g * (c->nstats + 1)];
		bool whole;
		if (sums[0].ncells == 0 || !is_within(p, s->in + (size_t)g * c->natoms, &whole))
			continue;
		for (uint32_t i = 0; i <= c->nstats; i++) {
			struct sl_few_place_number one = { .number = &sums[i].number, .side = s, .cell = sums[i].cell,
				                    .stat = i == 0 ? SL_FINDING_WHOLE : c->stats[i - 1] };
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

/* How many rows there are, and how many of them one unit may have. */
void sl_few_place_at(struct sl_few_place *p, uint32_t row)
{
	const struct sl_few_side *s = p->owner;

	p->row = row;
	memcpy(p->in, s->column.in, sizeof p->in);
	p->rows = 0;
	p->most = 0;
	for (uint32_t i = s->first[p->row]; i < s->first[p->row + 1]; i++) {
		const struct sl_evidence *e = sl_few_evidence(s, s->cells[i]);
		uint64_t most = 0;
		for (uint32_t k = 0; k < s->at.plan->nstats; k++)
			most = e[k].rows_by_one_max > most ? e[k].rows_by_one_max : most;
		p->rows += (sl_i128)e->cell_rows;
		p->most += most;
	}
	p->most = p->most == 0 || sl_few_side_once(s) ? 1 : p->most;
}

static void take_earlier(struct sl_few_place *p)
{
	const struct sl_earlier_set *row = &p->owner->rows.sets[p->row];
	uint32_t n = p->past != NULL ? sl_few_past_counts(p->past, row, p->before, SL_FEW_NUMBERS_MAX) : 0;
	bool whole;

	for (uint32_t i = 0; i < n; i++)
		if (is_within(p, p->before[i].number.in, &whole) && !whole)
			put(p->given, &p->ngiven, (struct sl_few_place_number){ .number = &p->before[i].number,
			                                                 .before = &p->before[i],
			                                                 .stat = SL_FINDING_WHOLE });
}

void sl_few_place_find(struct sl_few_place *p)
{
	p->ngiven = p->nasked = 0;
	for (uint32_t i = 0; i < p->nsides; i++)
		if (p->sides[i].asks && !add_side(p, &p->sides[i]))
			memset(p->sides[i].sums, 0,
			       (size_t)p->sides[i].ngroups * (p->sides[i].column.nstats + 1) * sizeof *p->sides[i].sums);
	for (int several = 1; several >= 0; several--)
		for (uint32_t i = 0; i < p->nsides; i++)
			if (p->sides[i].asks)
				take_numbers(p, &p->sides[i], several == 1);
	take_earlier(p);
}
