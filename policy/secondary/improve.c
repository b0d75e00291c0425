/*
 * improve.c - see choosing.h: what was hidden for one primary after the other is more than it takes for all. Each row
 * is shown again, the dearest first, and who needed it looks for another proof: without it, else with cheaper rows.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/secondary/choosing.h"

struct improving {
	struct sl_proof *before; /* per fact: of who had to look for another; zeroed: of none */
	uint8_t *tried;          /* per fact: its row was tried since something changed last */
};

/* The row is shown: who needed it looks for another proof. */
static bool prove_without(struct sl_choosing *c, uint32_t row, struct sl_proof *before)
{
	for (uint32_t f = 0; f < c->s->nfacts; f++) {
		c->prover.work += 1 + c->proofs[f].high.n + c->proofs[f].low.n;
		if (!sl_proof_touches(c->s, &c->proofs[f], row))
			continue;
		before[f] = c->proofs[f];
		c->proofs[f] = (struct sl_proof){ 0 };
		if (!sl_choosing_protect(c, f) || sl_choosing_spent(c))
			return false;
	}
	return true;
}

/* Keeps the new proofs, or takes back those from before. */
static void settle(struct sl_choosing *c, struct sl_proof *before, bool keep)
{
	for (uint32_t f = 0; f < c->s->nfacts; f++) {
		if (before[f].high.changes == NULL)
			continue;
		if (keep) {
			sl_proof_forget(&before[f]);
			continue;
		}
		sl_proof_forget(&c->proofs[f]);
		c->proofs[f] = before[f];
		before[f] = (struct sl_proof){ 0 };
	}
}

/* The dearest row hidden for others that was not tried; its place in c->hidden. UINT32_MAX: none. */
static uint32_t dearest(const struct sl_choosing *c, const uint8_t *tried)
{
	uint32_t best = UINT32_MAX;

	for (uint32_t i = 0; i < c->nhidden; i++)
		if (!tried[i] && (best == UINT32_MAX || c->hidden[i].cost > c->hidden[best].cost))
			best = i;
	return best;
}

/* Does without a row, or with cheaper ones instead; else all is as before. */
static bool do_without(struct sl_choosing *c, struct improving *im, uint32_t at)
{
	const struct sl_hidden_row row = c->hidden[at];
	uint32_t before = c->nhidden;

	sl_choosing_set(c, row.row, SL_FACT_SECONDARY, SL_FACT_SHOWN);
	c->banned = row.row;
	c->cost_end = row.cost; /* what comes instead is cheaper, or it is of no use */
	bool better = prove_without(c, row.row, im->before);
	while (!better && c->nhidden > before)
		sl_choosing_show_last(c);
	settle(c, im->before, better);
	if (!better)
		sl_choosing_set(c, row.row, SL_FACT_SHOWN, SL_FACT_SECONDARY);
	c->banned = SL_NO_ROW;
	c->cost_end = UINT64_MAX;
	return better;
}

void sl_choosing_improve(struct sl_choosing *c)
{
	struct improving im = { calloc((size_t)c->s->nfacts + 1, sizeof *im.before), calloc((size_t)c->s->nfacts + 1, 1) };
	uint32_t at;

	c->no_memory |= im.before == NULL || im.tried == NULL;
	while (!c->no_memory && c->prover.work <= c->work_end && (at = dearest(c, im.tried)) != UINT32_MAX) {
		uint32_t before = c->nhidden;
		im.tried[at] = 1;
		if (!do_without(c, &im, at))
			continue;
		bool other = c->nhidden > before;
		c->nhidden--;
		memmove(&c->hidden[at], &c->hidden[at + 1], (c->nhidden - at) * sizeof *c->hidden);
		memmove(&im.tried[at], &im.tried[at + 1], c->nhidden - at);
		if (other)
			memset(im.tried, 0, c->nhidden);
	}
	free(im.before);
	free(im.tried);
}
