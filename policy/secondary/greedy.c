/* greedy.c - see choosing.h: for one primary after the other, the cheapest rows that hide it. */
#include "policy/secondary/choosing.h"

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

void sl_choosing_set(struct sl_choosing *c, uint32_t row, enum sl_fact_state from, enum sl_fact_state to)
{
	struct sl_system *s = c->s;

	c->prover.work += s->nfacts;
	for (uint32_t f = 0; f < s->nfacts; f++)
		if (s->facts[f].row == row && s->facts[f].state == from) {
			s->facts[f].state = (uint8_t)to;
			sl_prover_changed(&c->prover, f);
		}
}

void sl_choosing_hide(struct sl_choosing *c, uint32_t fact)
{
	const struct sl_fact *f = &c->s->facts[fact];

	c->hidden[c->nhidden++] = (struct sl_hidden_row){ f->row, f->cost };
	c->cost_end = f->cost < c->cost_end ? c->cost_end - f->cost : 0;
	sl_choosing_set(c, f->row, SL_FACT_SHOWN, SL_FACT_SECONDARY);
}

void sl_choosing_show_last(struct sl_choosing *c)
{
	sl_choosing_set(c, c->hidden[--c->nhidden].row, SL_FACT_SECONDARY, SL_FACT_SHOWN);
}

bool sl_choosing_spent(const struct sl_choosing *c)
{
	return c->no_memory || c->cost_end == 0 || c->prover.work > c->work_end;
}

/* --- where there are no paths ---------------------------------------------------------------------------- */

/* A number that can move. */
static bool has_hidden(const struct sl_system *s, uint32_t e, uint32_t but)
{
	for (uint32_t i = 0; i < s->equations[e].nterms; i++) {
		const struct sl_term *t = &s->terms[s->equations[e].first + i];
		if (t->fact != but && s->facts[t->fact].state != SL_FACT_SHOWN && s->facts[t->fact].insider == 0)
			return true;
	}
	return false;
}

/* Of its other equations, how many have nothing hidden that could answer a move of this one. */
static uint32_t lonely_places(const struct sl_system *s, uint32_t fact, uint32_t but)
{
	uint32_t n = 0;

	for (uint32_t i = s->first_place[fact]; i < s->first_place[fact + 1]; i++)
		n += s->places[i].equation != but && !has_hidden(s, s->places[i].equation, fact);
	return n;
}

struct candidate {
	uint32_t fact;      /* UINT32_MAX: none */
	bool too_small;     /* it could not go down as far as the primary is protected */
	uint32_t lonely;
	uint64_t cost, tie;
};

static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (b->fact == UINT32_MAX || a->lonely != b->lonely)
		return b->fact == UINT32_MAX || a->lonely < b->lonely;
	if (a->too_small != b->too_small)
		return !a->too_small;
	return a->cost != b->cost ? a->cost < b->cost : a->tie < b->tie;
}

static struct candidate cheapest_of(const struct sl_choosing *c, uint32_t e, uint32_t primary)
{
	const struct sl_system *s = c->s;
	const struct sl_fact *for_it = &s->facts[primary];
	int64_t room = sl_fact_highest(for_it) - for_it->value;
	struct candidate best = { .fact = UINT32_MAX };

	for (uint32_t i = 0; i < s->equations[e].nterms; i++) {
		uint32_t f = s->terms[s->equations[e].first + i].fact;
		const struct sl_fact *fact = &s->facts[f];
		if (fact->state != SL_FACT_SHOWN || fact->cost == 0 || fact->value == 0 || fact->row == c->banned)
			continue;
		struct candidate here = { f, fact->value - fact->lo < room, lonely_places(s, f, e), fact->cost,
			                  mix(c->key ^ mix(fact->row)) };
		if (is_better(&here, &best))
			best = here;
	}
	return best;
}

/* Hides one more row, in the equation where the search gave up most often. False: there is none to hide. */
static bool hide_another(struct sl_choosing *c, uint32_t primary)
{
	for (;;) {
		uint32_t worst = UINT32_MAX;
		for (uint32_t e = 0; e < c->s->nequations; e++)
			if (c->dead_ends[e] > 0 && (worst == UINT32_MAX || c->dead_ends[e] > c->dead_ends[worst]))
				worst = e;
		if (worst == UINT32_MAX)
			return false;
		struct candidate best = cheapest_of(c, worst, primary);
		if (best.fact != UINT32_MAX) {
			sl_choosing_hide(c, best.fact);
			return true;
		}
		c->dead_ends[worst] = 0;
	}
}

bool sl_choosing_protect(struct sl_choosing *c, uint32_t primary)
{
	if (c->prover.network.whole)
		return sl_proof_find_hiding(c, primary) && !sl_choosing_spent(c);
	if (sl_proof_find(c, primary) || sl_proof_find_hiding(c, primary))
		return !sl_choosing_spent(c);
	while (!sl_proof_find(c, primary))
		if (sl_choosing_spent(c) || !hide_another(c, primary))
			return false;
	return !c->no_memory;
}
