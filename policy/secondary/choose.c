/* choose.c - see choose.h. */
#include "policy/secondary/choose.h"

#include <stdlib.h>
#include <string.h>

#include "policy/secondary/prover.h"
#include "policy/secondary/witness.h"

/*
 * Terms and numbers looked at, some six nanoseconds each (bench/secondary.c): for protecting, and as much again for
 * showing what is not needed. Who is not protected by then is not protected.
 */
#define WORK_MAX UINT64_C(1000000000)

/* The same for the checker, who reads whole tables in their order, ten times as fast. */
#define CHECK_MAX UINT64_C(10000000000)

/* A table, told by where it differs from the true one: hiding more numbers never makes it less of a witness. */
struct witness {
	struct change {
		uint32_t fact;
		int64_t value;
	} *changes;
	uint32_t n;
};

/* Of a primary that is protected; zeroed: of none. */
struct proof {
	struct witness high, low;
};

struct choosing {
	struct sl_system *s;
	struct sl_prover prover;
	struct proof *proofs;     /* per fact */
	int64_t *high, *low;      /* two whole tables, for the checker */
	uint32_t *dead_ends;      /* of both searches for a primary */
	uint64_t key;
	struct sl_choice *out;
	bool no_memory;
};

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

static void note_dead_ends(struct choosing *c)
{
	c->prover.work += c->s->nequations;
	for (uint32_t e = 0; e < c->s->nequations; e++)
		c->dead_ends[e] += c->prover.dead_ends[e];
}

static void forget(struct proof *proof)
{
	free(proof->high.changes);
	free(proof->low.changes);
	*proof = (struct proof){ 0 };
}

/* What the prover's table changes. */
static void note_witness(struct choosing *c, struct witness *w)
{
	const struct sl_prover *p = &c->prover;

	w->n = p->nmoved;
	w->changes = calloc((size_t)w->n + 1, sizeof *w->changes);
	c->no_memory |= w->changes == NULL;
	for (uint32_t i = 0; i < w->n && w->changes != NULL; i++)
		w->changes[i] = (struct change){ p->moved_facts[i], p->values[p->moved_facts[i]] };
}

static void write_table(const struct sl_system *s, const struct witness *w, int64_t *values)
{
	for (uint32_t f = 0; f < s->nfacts; f++)
		values[f] = s->facts[f].value;
	for (uint32_t i = 0; i < w->n; i++)
		values[w->changes[i].fact] = w->changes[i].value;
}

/* Whether the checker accepts the proof, for what is hidden now. */
static bool is_protected(struct choosing *c, uint32_t primary)
{
	const struct proof *proof = &c->proofs[primary];

	if (proof->high.changes == NULL || proof->low.changes == NULL)
		return false;
	write_table(c->s, &proof->high, c->high);
	write_table(c->s, &proof->low, c->low);
	return sl_witness_protects(c->s, primary, c->high, c->low);
}

static bool find(struct choosing *c, uint32_t primary, int64_t target, struct witness *w)
{
	bool found = sl_prover_find(&c->prover, primary, target);

	note_dead_ends(c);
	if (found)
		note_witness(c, w);
	return found;
}

/* Looks for two witnesses, which nobody has judged yet; whatever proof there was is forgotten. */
static bool prove(struct choosing *c, uint32_t primary)
{
	const struct sl_fact *fact = &c->s->facts[primary];
	struct proof *proof = &c->proofs[primary];

	forget(proof);
	memset(c->dead_ends, 0, c->s->nequations * sizeof *c->dead_ends);
	return find(c, primary, sl_fact_highest(fact), &proof->high) &&
	       find(c, primary, sl_fact_lowest(fact), &proof->low);
}

static void set_row(struct choosing *c, uint32_t row, enum sl_fact_state from, enum sl_fact_state to)
{
	struct sl_system *s = c->s;

	c->prover.work += s->nfacts;
	for (uint32_t f = 0; f < s->nfacts; f++)
		if (s->facts[f].row == row && s->facts[f].state == from) {
			s->facts[f].state = (uint8_t)to;
			sl_prover_changed(&c->prover, f);
		}
}

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

static struct candidate cheapest_of(const struct choosing *c, uint32_t e, uint32_t primary)
{
	const struct sl_system *s = c->s;
	const struct sl_fact *for_it = &s->facts[primary];
	int64_t room = sl_fact_highest(for_it) - for_it->value;
	struct candidate best = { .fact = UINT32_MAX };

	for (uint32_t i = 0; i < s->equations[e].nterms; i++) {
		uint32_t f = s->terms[s->equations[e].first + i].fact;
		const struct sl_fact *fact = &s->facts[f];
		if (fact->state != SL_FACT_SHOWN || fact->cost == 0 || fact->value == 0)
			continue;
		struct candidate here = { f, fact->value - fact->lo < room, lonely_places(s, f, e), fact->cost,
			                  mix(c->key ^ mix(fact->row)) };
		if (is_better(&here, &best))
			best = here;
	}
	return best;
}

/* Hides one more row, in the equation where the search gave up most often. False: there is none to hide. */
static bool hide_another(struct choosing *c, uint32_t primary)
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
			set_row(c, c->s->facts[best.fact].row, SL_FACT_SHOWN, SL_FACT_SECONDARY);
			c->out->rows_hidden++;
			return true;
		}
		c->dead_ends[worst] = 0;
	}
}

/* What it would take to judge a proof of every primary. */
static uint64_t check_work(const struct sl_system *s)
{
	uint64_t primaries = 0;

	for (uint32_t f = 0; f < s->nfacts; f++)
		primaries += s->facts[f].state == SL_FACT_PRIMARY;
	return primaries * 2 * (2 * (uint64_t)s->nfacts + s->nterms);
}

static bool protect_all(struct choosing *c)
{
	for (uint32_t f = 0; f < c->s->nfacts; f++) {
		if (c->s->facts[f].state != SL_FACT_PRIMARY)
			continue;
		c->out->primaries++;
		while (!prove(c, f))
			if (c->no_memory || c->prover.work > WORK_MAX || !hide_another(c, f))
				return false;
	}
	return true;
}

static bool all_protected(struct choosing *c)
{
	for (uint32_t f = 0; f < c->s->nfacts; f++)
		if (c->s->facts[f].state == SL_FACT_PRIMARY && !is_protected(c, f))
			return false;
	return true;
}

static bool touches(const struct sl_system *s, const struct witness *w, uint32_t row)
{
	for (uint32_t i = 0; i < w->n; i++)
		if (s->facts[w->changes[i].fact].row == row)
			return true;
	return false;
}

/* The row is shown: who needed it looks for another proof. False: one of them has none. */
static bool prove_without(struct choosing *c, uint32_t row, struct proof *before)
{
	for (uint32_t f = 0; f < c->s->nfacts; f++) {
		c->prover.work += 1 + c->proofs[f].high.n + c->proofs[f].low.n;
		if (!touches(c->s, &c->proofs[f].high, row) && !touches(c->s, &c->proofs[f].low, row))
			continue;
		before[f] = c->proofs[f];
		c->proofs[f] = (struct proof){ 0 };
		if (!prove(c, f))
			return false;
	}
	return true;
}

/* Keeps the new proofs, or takes back those from before. */
static void settle(struct choosing *c, struct proof *before, bool keep)
{
	for (uint32_t f = 0; f < c->s->nfacts; f++) {
		if (before[f].high.changes == NULL)
			continue;
		if (keep) {
			forget(&before[f]);
			continue;
		}
		forget(&c->proofs[f]);
		c->proofs[f] = before[f];
		before[f] = (struct proof){ 0 };
	}
}

/* The dearest row hidden for others, but those `kept` already; UINT32_MAX: none. */
static uint32_t dearest(const struct choosing *c, const uint8_t *kept)
{
	uint32_t best = UINT32_MAX;

	for (uint32_t f = 0; f < c->s->nfacts; f++)
		if (c->s->facts[f].state == SL_FACT_SECONDARY && !kept[f] &&
		    (best == UINT32_MAX || c->s->facts[f].cost > c->s->facts[best].cost))
			best = f;
	return best;
}

static enum sl_rc prune(struct choosing *c, struct sl_err *err)
{
	uint8_t *kept = calloc((size_t)c->s->nfacts + 1, 1);
	struct proof *before = calloc((size_t)c->s->nfacts + 1, sizeof *before);
	uint32_t f;

	c->no_memory |= kept == NULL || before == NULL;
	while (!c->no_memory && c->prover.work <= 2 * WORK_MAX && (f = dearest(c, kept)) != UINT32_MAX) {
		uint32_t row = c->s->facts[f].row;
		set_row(c, row, SL_FACT_SECONDARY, SL_FACT_SHOWN);
		bool shown = prove_without(c, row, before);
		settle(c, before, shown);
		c->out->rows_hidden -= shown;
		if (!shown)
			set_row(c, row, SL_FACT_SHOWN, SL_FACT_SECONDARY);
		c->prover.work += c->s->nfacts;
		for (uint32_t i = 0; i < c->s->nfacts; i++)
			kept[i] |= c->s->facts[i].row == row;
	}
	free(kept);
	free(before);
	return c->no_memory ? sl_err_set(err, SL_E_NOMEM, "no memory to choose what to hide") : SL_OK;
}

enum sl_rc sl_choose(struct sl_system *s, uint64_t key, struct sl_choice *out, struct sl_err *err)
{
	struct choosing c = { .s = s, .key = key, .out = out };
	enum sl_rc rc = sl_prover_init(&c.prover, s, err);

	*out = (struct sl_choice){ 0 };
	c.high = calloc((size_t)s->nfacts + 1, sizeof *c.high);
	c.low = calloc((size_t)s->nfacts + 1, sizeof *c.low);
	c.proofs = calloc((size_t)s->nfacts + 1, sizeof *c.proofs);
	c.dead_ends = calloc((size_t)s->nequations + 1, sizeof *c.dead_ends);
	if (rc == SL_OK && (c.high == NULL || c.low == NULL || c.proofs == NULL || c.dead_ends == NULL))
		rc = sl_err_set(err, SL_E_NOMEM, "no memory to choose what to hide");
	if (rc == SL_OK && check_work(s) <= CHECK_MAX && protect_all(&c)) {
		rc = prune(&c, err);
		/* Not taken from above: what is published is what is looked at here. */
		out->safe = rc == SL_OK && all_protected(&c);
	}
	if (rc == SL_OK && c.no_memory)
		rc = sl_err_set(err, SL_E_NOMEM, "no memory to choose what to hide");
	for (uint32_t f = 0; f < s->nfacts && c.proofs != NULL; f++)
		forget(&c.proofs[f]);
	free(c.proofs);
	free(c.high);
	free(c.low);
	free(c.dead_ends);
	sl_prover_fini(&c.prover);
	return rc;
}
