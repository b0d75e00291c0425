/*
 * check_beside_conditions.c - see check_beside.h: a share, and a count of those who meet its condition in its rows,
 * wherever and however that is asked for: as count_if(sick) of the women, count_if(sex = "f" and sick) of all, or
 * units() where sex = "f" and sick. Both are of one set by its conditions, and say together of how many the condition
 * is known. Those who do not meet it are another set, which history looks after.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_beside.h"
#include "policy/check_sides.h"
#include "policy/history/outputs.h"

/* All outputs: those of the releases, of all spaces, then the request's. */
struct all {
	struct sl_beside *b;
	struct sl_earlier_output *own;
	struct sl_side *sides;   /* of own, then of earlier ones */
	const struct sl_earlier_output **earlier;
	uint32_t nown, nearlier, nsides;
};

static bool has_share(const struct sl_half *halves, uint32_t n)
{
	for (uint32_t h = 0; h < n; h++)
		if (halves[h].set > 0)
			return true;
	return false;
}

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics tell together");
}

/* --- a share and a count ----------------------------------------------------------------------------------- */

/* The set of another output of which it is told how many it has, with the conditions of the share's; NULL: none. */
static const struct sl_earlier_set *find(const struct sl_side *there, const struct sl_earlier_output *o, uint32_t cell,
                                         const struct sl_half *share)
{
	return sl_side_find_counted(there, &o->sets[(size_t)cell * o->per_cell + share->set]);
}

static bool is_told(const struct sl_earlier_output *o, uint32_t cell, const struct sl_half *share)
{
	return (o->sets[(size_t)cell * o->per_cell].told >> share->stat & 1) != 0;
}

/* --- shares of the request --------------------------------------------------------------------------------- */

static enum sl_rc ask_share(struct all *a, uint32_t i, uint32_t cell, const struct sl_half *share, struct sl_err *err)
{
	const struct sl_check_state *st = a->b->st;
	const struct sl_evidence *e = &st->results[i].evidence[(size_t)cell * st->plans[i].nstats + share->stat];
	uint64_t rows = e->cell_rows - e->known_rows;

	if (!sl_beside_are_few(a->b, i, cell, share->stat, rows))
		return SL_OK;
	for (uint32_t n = 0; n < a->nsides; n++) {
		const struct sl_side *there = &a->sides[n];
		const struct sl_earlier_set *found = find(there, &a->own[i], cell, share);
		if (found == NULL)
			continue;
		const struct sl_seen seen = { n < a->nown ? SL_SEEN_REQUEST : SL_SEEN_EARLIER, there->o->release,
			                      there->o->output, (uint32_t)(found - there->o->sets) / there->o->per_cell };
		return sl_beside_ask(a->b, i, cell, share->stat, rows, &seen, err);
	}
	return SL_OK;
}

static enum sl_rc ask_own(struct all *a, uint32_t i, struct sl_err *err)
{
	const struct sl_earlier_output *o = &a->own[i];
	enum sl_rc rc = SL_OK;

	for (uint32_t h = 0; h < o->nhalves && rc == SL_OK; h++)
		for (uint32_t cell = 0; o->halves[h].set > 0 && cell < o->nsets / o->per_cell && rc == SL_OK; cell++)
			if (is_told(o, cell, &o->halves[h]))
				rc = ask_share(a, i, cell, &o->halves[h], err);
	return rc;
}

/* --- shares that left -------------------------------------------------------------------------------------- */

/* The first number of a count's row, or of a row what counts it. */
static uint32_t stat_of(const struct all *a, uint32_t i, uint32_t place)
{
	const struct sl_plan *plan = &a->b->st->plans[i];
	uint32_t s = 0;

	if (place > 0)
		return sl_history_stat_of(plan, place);
	while (plan->stats[s].fn != SL_STAT_UNITS && plan->stats[s].fn != SL_STAT_COUNT)
		s++;
	return s;
}

/* What left told it already: its own output, or another one. */
static bool was_told(const struct all *a, const struct sl_earlier_output *o, uint32_t cell, const struct sl_half *share)
{
	for (uint32_t n = a->nown; n < a->nsides; n++)
		if (find(&a->sides[n], o, cell, share) != NULL)
			return true;
	return false;
}

/* Of how many it is not known nobody counts now: a person looks, once an output of the request. */
static enum sl_rc ask_earlier(struct all *a, const struct sl_earlier_output *o, const struct sl_half *share, uint32_t i,
                              struct sl_err *err)
{
	for (uint32_t cell = 0; cell < o->nsets / o->per_cell; cell++) {
		const struct sl_earlier_set *found = is_told(o, cell, share) ? find(&a->sides[i], o, cell, share) : NULL;
		const struct sl_seen seen = { SL_SEEN_EARLIER, o->release, o->output, cell };
		if (found != NULL && !was_told(a, o, cell, share))
			return sl_beside_person(a->b, i, stat_of(a, i, (uint32_t)(found - a->own[i].sets) % a->own[i].per_cell),
			                        &seen, err);
	}
	return SL_OK;
}

static enum sl_rc ask_all(struct all *a, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < a->nown && rc == SL_OK; i++)
		rc = ask_own(a, i, err);
	for (uint32_t n = 0; n < a->nearlier; n++)
		for (uint32_t h = 0; h < a->earlier[n]->nhalves; h++)
			for (uint32_t i = 0; a->earlier[n]->halves[h].set > 0 && i < a->nown && rc == SL_OK; i++)
				rc = ask_earlier(a, a->earlier[n], &a->earlier[n]->halves[h], i, err);
	return rc;
}

/* --- what there is to compare ------------------------------------------------------------------------------ */

/* *any: there is a share whose condition may be not known. */
static uint32_t look(const struct sl_beside *b, bool *any)
{
	uint32_t n = 0;

	*any = false;
	for (uint32_t i = 0; i < b->st->pub->noutputs; i++)
		*any = *any || has_share(b->outputs[i].halves, b->outputs[i].nhalves);
	for (uint32_t s = 0; s < b->st->setup->nspaces; s++) {
		const struct sl_history *h = &b->st->spaces[s].history;
		for (uint32_t o = 0; o < h->noutputs; o++, n++)
			*any = *any || has_share(h->outputs[o].halves, h->outputs[o].nhalves);
	}
	return n;
}

static enum sl_rc open_all(struct all *a, struct sl_err *err)
{
	const struct sl_check_state *st = a->b->st;
	uint32_t nearlier = a->nearlier, n = 0;
	enum sl_rc rc = SL_OK;

	a->nown = st->pub->noutputs;
	a->own = calloc(a->nown, sizeof *a->own);
	a->sides = calloc((size_t)a->nown + nearlier, sizeof *a->sides);
	a->earlier = calloc((size_t)nearlier + 1, sizeof *a->earlier);
	if (a->own == NULL || a->sides == NULL || a->earlier == NULL)
		return no_memory(err);
	for (uint32_t s = 0; s < st->setup->nspaces; s++)
		for (uint32_t o = 0; o < st->spaces[s].history.noutputs; o++)
			a->earlier[n++] = &st->spaces[s].history.outputs[o];
	for (uint32_t i = 0; i < a->nown && rc == SL_OK; i++)
		rc = sl_history_output(&st->plans[i], &st->setup->view, st->pub, &st->setup->rules, 0, i, &a->own[i], err);
	while (a->nsides < a->nown + nearlier && rc == SL_OK) {
		const struct sl_earlier_output *o = a->nsides < a->nown ? &a->own[a->nsides] : a->earlier[a->nsides - a->nown];
		rc = sl_side_init(&a->sides[a->nsides++], o, true, err);
	}
	return rc;
}

enum sl_rc sl_beside_conditions(struct sl_beside *b, struct sl_err *err)
{
	struct all a = { .b = b };
	bool any;

	a.nearlier = look(b, &any);
	if (!any)
		return SL_OK;
	enum sl_rc rc = open_all(&a, err);
	if (rc == SL_OK)
		rc = ask_all(&a, err);
	for (uint32_t n = 0; n < a.nsides; n++)
		sl_side_free(&a.sides[n]);
	for (uint32_t i = 0; a.own != NULL && i < a.nown; i++)
		sl_history_output_free(&a.own[i]);
	free(a.own);
	free(a.sides);
	free(a.earlier);
	return rc;
}
