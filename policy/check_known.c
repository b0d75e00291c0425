/*
 * check_known.c - who has a value, of a row that tells how many do: by a total and a mean or share of the same thing.
 * It is an implied count (implied.h) that is told as long as both are shown, and compared with other outputs and
 * earlier releases as any count is. Where everybody has one, it says nothing that the row does not.
 */
#include <stdlib.h>

#include "policy/check_compared.h"
#include "policy/history/halves.h"

enum sl_rc sl_check_known_open(struct sl_check_state *st, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++)
		rc = sl_halves_known(&st->plans[i], &st->setup->view, &st->known[i], &st->nknown[i], err);
	return rc;
}

void sl_check_known_close(struct sl_check_state *st)
{
	for (uint32_t i = 0; i < SL_PLANS_MAX; i++)
		free(st->known[i]);
}

static bool any_shown(const struct sl_published_cell *row, uint64_t stats)
{
	for (; stats != 0; stats &= stats - 1)
		if (row[__builtin_ctzll(stats)].shown)
			return true;
	return false;
}

void sl_check_known(const struct sl_check_state *st, uint32_t output, struct sl_published_cell *row)
{
	for (uint32_t i = 0; i < st->nknown[output]; i++) {
		const struct sl_half_known *k = &st->known[output][i];
		if (!any_shown(row, k->totals) || !any_shown(row, k->quotients))
			row[k->stat] = (struct sl_published_cell){ 0 };
	}
}

/* --- who is in it ------------------------------------------------------------------------------------------ */

/* Rows of a unit that are in the same sets count once for each group of them. */
static uint32_t *count_places(const struct sl_audit *a)
{
	uint32_t *places = calloc((size_t)a->nsets + 1, sizeof *places);

	for (uint32_t p = 0; places != NULL && p < a->atoms->nplaces; p++)
		places[a->atoms->places[p].set]++;
	return places;
}

/* All rows of a cell have a value: then those are its rows. */
static void fold(struct sl_audit *a, uint32_t output, uint64_t of_known, const uint32_t *places)
{
	const struct sl_audit_output *o = &a->outputs[output];

	for (uint32_t row = o->first_set; of_known != 0 && row < o[1].first_set; row += o->per_cell)
		for (uint64_t bits = of_known; bits != 0; bits &= bits - 1) {
			uint32_t set = row + 1 + (uint32_t)__builtin_ctzll(bits);
			if (places[set] != places[row])
				continue;
			a->sets[set].parts = a->sets[row].parts;
			a->sets[set].nparts = a->sets[row].nparts;
			a->sets[set].rank = a->sets[row].rank;
		}
}

enum sl_rc sl_check_known_fold(struct sl_compared *c, struct sl_err *err)
{
	struct sl_audit *a = &c->audit;
	const struct sl_history *h = &c->space->history;
	uint64_t any = 0;

	for (uint32_t i = 0; i < a->noutputs; i++)
		any |= i < h->noutputs ? h->outputs[i].of_known : c->own[i - h->noutputs].of_known;
	if (any == 0)
		return SL_OK;
	uint32_t *places = count_places(a);
	if (places == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare outputs");
	for (uint32_t i = 0; i < a->noutputs; i++)
		fold(a, i, i < h->noutputs ? h->outputs[i].of_known : c->own[i - h->noutputs].of_known, places);
	free(places);
	return SL_OK;
}
