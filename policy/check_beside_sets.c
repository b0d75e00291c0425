/*
 * check_beside_sets.c - see check_beside.h: halves that stand in earlier releases, or in outputs of the request about
 * other rows. Two rows are about the same where they have the same conditions; the totals of all rows of an output that
 * lie in another row make up its total, where nothing but what that one asks for is asked of all of them.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_beside.h"
#include "policy/check_sides.h"
#include "policy/history/outputs.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics tell together");
}

uint32_t sl_beside_stats_of(const struct sl_beside *b, const struct sl_earlier_output *o, bool quotient)
{
	uint32_t bits = 0;

	for (uint32_t h = 0; h < o->nhalves; h++)
		if (o->halves[h].of == b->of && o->halves[h].quotient == quotient)
			bits |= UINT32_C(1) << o->halves[h].stat;
	return bits;
}

static struct sl_seen seen_in(const struct sl_side *there, const struct sl_earlier_set *set)
{
	bool is_new = there->o->release == 0;

	return (struct sl_seen){ is_new ? SL_SEEN_REQUEST : SL_SEEN_EARLIER, there->o->release, there->o->output,
		                 (uint32_t)(set - there->o->sets) / there->o->per_cell };
}

static void see_same(const struct sl_beside *b, const struct sl_side *there, const struct sl_earlier_set *row,
                     struct sl_known *k)
{
	const struct sl_earlier_set *found = sl_side_find(there, row);

	for (int q = 0; q < 2 && found != NULL; q++)
		if ((found->told & sl_beside_stats_of(b, there->o, q)) != 0)
			sl_beside_see(k, q, seen_in(there, found));
}

/* The totals of all its rows that lie in the row, if they are all of it. */
static void see_within(const struct sl_beside *b, const struct sl_side *there, const struct sl_earlier_set *row,
                       struct sl_known *k)
{
	uint32_t totals = sl_beside_stats_of(b, there->o, false);
	const struct sl_earlier_set *last = NULL;

	if (!sl_parts_among(there->common, there->ncommon, row->parts, row->nparts))
		return;
	for (uint32_t r = 0; r < there->nrows; r++) {
		const struct sl_earlier_set *set = sl_side_row(there, r);
		if (!sl_parts_among(row->parts, row->nparts, set->parts, set->nparts))
			continue;
		if ((set->told & totals) == 0)
			return;
		last = set;
	}
	if (last != NULL)
		sl_beside_see(k, false, seen_in(there, last));
}

static void see_rows(const struct sl_beside *b, const struct sl_side *there, const struct sl_earlier_output *own,
                     uint32_t i)
{
	struct sl_beside_output *o = &b->outputs[i];
	bool within = sl_beside_stats_of(b, there->o, false) != 0 && o->ncells < there->nrows &&
	              (uint64_t)o->ncells * there->nrows <= SL_SIDES_WITHIN_MAX;

	for (uint32_t cell = 0; cell < o->ncells && there->nrows > 0; cell++) {
		const struct sl_earlier_set *row = &own->sets[(size_t)cell * own->per_cell];
		see_same(b, there, row, &o->cells[cell]);
		if (within)
			see_within(b, there, row, &o->cells[cell]);
	}
}

static enum sl_rc see_output(const struct sl_beside *b, const struct sl_earlier_output *o,
                             const struct sl_earlier_output *own, uint32_t i, struct sl_err *err)
{
	struct sl_side there;
	enum sl_rc rc = SL_OK;

	if (sl_beside_stats_of(b, o, false) == 0 && sl_beside_stats_of(b, o, true) == 0)
		return SL_OK;
	rc = sl_side_init(&there, o, false, err);
	if (rc == SL_OK)
		see_rows(b, &there, own, i);
	sl_side_free(&there);
	return rc;
}

static bool is_in(const struct sl_history *h, uint32_t i)
{
	for (uint32_t k = 0; k < h->nplans; k++)
		if (h->plans[k].plan == i)
			return true;
	return false;
}

/* Whether there is anything that the keys of the request's outputs do not say. */
static bool has_others(const struct sl_beside *b)
{
	bool found = false;

	for (uint32_t s = 0; s < b->st->setup->nspaces; s++)
		for (uint32_t o = 0; o < b->st->spaces[s].history.noutputs; o++)
			found = found || sl_beside_stats_of(b, &b->st->spaces[s].history.outputs[o], false) != 0 ||
			        sl_beside_stats_of(b, &b->st->spaces[s].history.outputs[o], true) != 0;
	for (uint32_t i = 0; i < b->st->pub->noutputs; i++)
		for (uint32_t j = 0; j < i; j++)
			found = found || (b->outputs[i].cells != NULL && b->outputs[j].cells != NULL &&
			                  !sl_check_same_population(&b->st->plans[i], &b->st->plans[j]));
	return found;
}

/* Of the output's cells: each earlier one, and each of the request about other rows as they are written. */
static enum sl_rc see_others(const struct sl_beside *b, const struct sl_earlier_output *own, uint32_t i,
                             struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < b->st->setup->nspaces; s++) {
		const struct sl_history *h = &b->st->spaces[s].history;
		for (uint32_t o = 0; is_in(h, i) && o < h->noutputs && rc == SL_OK; o++)
			rc = see_output(b, &h->outputs[o], &own[i], i, err);
	}
	for (uint32_t j = 0; j < b->st->pub->noutputs && rc == SL_OK; j++)
		if (j != i && b->outputs[j].cells != NULL &&
		    !sl_check_same_population(&b->st->plans[i], &b->st->plans[j]))
			rc = see_output(b, &own[j], &own[i], i, err);
	return rc;
}

enum sl_rc sl_beside_sets(struct sl_beside *b, struct sl_err *err)
{
	const struct sl_check_setup *setup = b->st->setup;
	uint32_t n = b->st->pub->noutputs;
	enum sl_rc rc = SL_OK;

	if (!has_others(b))
		return SL_OK;
	struct sl_earlier_output *own = calloc(n, sizeof *own);
	if (own == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (b->outputs[i].cells != NULL)
			rc = sl_history_output(&b->st->plans[i], &setup->view, b->st->pub, &setup->rules, 0, i, &own[i], err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (b->outputs[i].cells != NULL)
			rc = see_others(b, own, i, err);
	for (uint32_t i = 0; i < n; i++)
		sl_history_output_free(&own[i]);
	free(own);
	return rc;
}

/* --- totals of the request that make up an earlier row ----------------------------------------------------- */

/* Fewer rows cost less; of two as many the first. */
static bool is_cheaper(const struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t than)
{
	const struct sl_evidence *e = b->st->results[i].evidence;
	uint32_t n = b->st->plans[i].nstats;

	return than == SL_FINDING_WHOLE || e[(size_t)cell * n].cell_rows < e[(size_t)than * n].cell_rows;
}

static enum sl_rc ask_around(struct sl_beside *b, uint32_t i, const struct sl_side *own, const struct sl_side *there,
                             const struct sl_earlier_set *row, struct sl_err *err)
{
	const struct sl_seen beside = seen_in(there, row);
	uint32_t cheapest = SL_FINDING_WHOLE;
	uint64_t missing = 0, rows;

	if (!sl_parts_among(own->common, own->ncommon, row->parts, row->nparts))
		return SL_OK;
	for (uint32_t cell = 0; cell < own->nrows; cell++) {
		const struct sl_earlier_set *set = sl_side_row(own, cell);
		bool is_empty = b->st->results[i].evidence[(size_t)cell * b->st->plans[i].nstats].cell_rows == 0;
		if (is_empty || !sl_parts_among(row->parts, row->nparts, set->parts, set->nparts))
			continue;
		if (sl_beside_stat(b, i, false, cell) == SL_FINDING_WHOLE || !sl_beside_missing(b, i, cell, &rows))
			return SL_OK;
		missing += rows;
		cheapest = is_cheaper(b, i, cell, cheapest) ? cell : cheapest;
	}
	return cheapest == SL_FINDING_WHOLE ? SL_OK
	                                    : sl_beside_ask(b, i, cheapest, sl_beside_stat(b, i, false, cheapest), missing,
	                                                    &beside, err);
}

static enum sl_rc ask_output(struct sl_beside *b, uint32_t i, const struct sl_side *own,
                             const struct sl_earlier_output *o, struct sl_err *err)
{
	uint32_t quotients = sl_beside_stats_of(b, o, true);
	struct sl_side there;
	enum sl_rc rc = SL_OK;

	if (quotients == 0)
		return SL_OK;
	rc = sl_side_init(&there, o, false, err);
	for (uint32_t r = 0; r < there.nrows && there.nrows < own->nrows && rc == SL_OK &&
	                     (uint64_t)own->nrows * there.nrows <= SL_SIDES_WITHIN_MAX; r++) {
		const struct sl_earlier_set *row = sl_side_row(&there, r);
		if ((row->told & quotients) != 0)
			rc = ask_around(b, i, own, &there, row, err);
	}
	sl_side_free(&there);
	return rc;
}

static enum sl_rc ask_history(struct sl_beside *b, const struct sl_history *h, uint32_t i, struct sl_err *err)
{
	struct sl_earlier_output o = { 0 };
	struct sl_side own = { 0 };
	enum sl_rc rc = sl_history_output(&b->st->plans[i], &b->st->setup->view, b->st->pub, &b->st->setup->rules, 0, i, &o,
	                                  err);

	if (rc == SL_OK)
		rc = sl_side_init(&own, &o, false, err);
	for (uint32_t k = 0; k < h->noutputs && rc == SL_OK; k++)
		rc = ask_output(b, i, &own, &h->outputs[k], err);
	sl_side_free(&own);
	sl_history_output_free(&o);
	return rc;
}

static bool has_quotient(const struct sl_beside *b, const struct sl_history *h)
{
	for (uint32_t o = 0; o < h->noutputs; o++)
		if (sl_beside_stats_of(b, &h->outputs[o], true) != 0)
			return true;
	return false;
}

enum sl_rc sl_beside_around(struct sl_beside *b, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < b->st->setup->nspaces; s++) {
		const struct sl_history *h = &b->st->spaces[s].history;
		for (uint32_t i = 0; i < b->st->pub->noutputs && rc == SL_OK; i++)
			if (b->outputs[i].cells != NULL && is_in(h, i) && has_quotient(b, h))
				rc = ask_history(b, h, i, err);
	}
	return rc;
}
