/* choose.c - see choose.h: how far each way of choosing may go, and what is believed in the end. */
#include "policy/secondary/choose.h"

#include <stdlib.h>

#include "policy/secondary/choosing.h"

/* Of a search: its share where every primary needs so many, but not so little that none finds anything. */
#define SHARES 8
#define SEARCH_WORK_MIN 20000
/* The cheapest of all is looked for with so small a part of the work: some fifty milliseconds of what is usual. */
#define EXACT_FACTS_MAX 2000
#define EXACT_PART 100

/* Those without a proof, in their order. False: one of them has none, *at says which. */
static bool protect_from(struct sl_choosing *c, uint32_t *at)
{
	for (; *at < c->s->nfacts; (*at)++)
		if (c->s->facts[*at].state == SL_FACT_PRIMARY && !sl_choosing_protect(c, *at))
			return false;
	return true;
}

static bool may_hide(const struct sl_fact *f)
{
	return f->state == SL_FACT_SHOWN && f->cost > 0 && f->value != 0;
}

static void hide_lines(struct sl_choosing *c, uint32_t fact)
{
	const struct sl_system *s = c->s;

	for (uint32_t i = s->first_place[fact]; i < s->first_place[fact + 1]; i++) {
		const struct sl_equation *e = &s->equations[s->places[i].equation];
		for (uint32_t t = e->first; t < e->first + e->nterms; t++)
			if (may_hide(&s->facts[s->terms[t].fact]))
				sl_choosing_hide(c, s->terms[t].fact);
	}
}

/* The work ran out: the lines of all that come from `at` on, and then whatever may be. */
static bool protect_coarsely(struct sl_choosing *c, uint32_t at, uint64_t work_max)
{
	c->out->coarse = true;
	c->work_end = c->prover.work + work_max / 4;
	for (uint32_t f = at; f < c->s->nfacts; f++)
		if (c->s->facts[f].state == SL_FACT_PRIMARY)
			hide_lines(c, f);
	if (protect_from(c, &at))
		return true;
	c->work_end = c->prover.work + work_max / 4;
	for (uint32_t f = 0; f < c->s->nfacts; f++)
		if (may_hide(&c->s->facts[f]))
			sl_choosing_hide(c, f);
	return protect_from(c, &at);
}

static bool protect_all(struct sl_choosing *c, uint64_t work_max)
{
	uint32_t at = 0;

	c->work_end = work_max / 2;
	if (protect_from(c, &at))
		return true;
	c->out->spent = !c->no_memory && c->prover.work > c->work_end;
	return c->out->spent && protect_coarsely(c, at, work_max);
}

static bool allocate(struct sl_choosing *c)
{
	size_t nfacts = (size_t)c->s->nfacts + 1;

	c->proofs = calloc(nfacts, sizeof *c->proofs);
	c->hidden = calloc(nfacts, sizeof *c->hidden);
	c->dead_ends = calloc((size_t)c->s->nequations + 1, sizeof *c->dead_ends);
	return c->proofs != NULL && c->hidden != NULL && c->dead_ends != NULL;
}

/* So that the first that is not found does not use up what the others need. */
static void share(struct sl_choosing *c, uint64_t work_max)
{
	uint64_t each = work_max / (SHARES * ((uint64_t)c->out->primaries + 1));

	each = each > SEARCH_WORK_MIN ? each : SEARCH_WORK_MIN;
	c->prover.search_work = each < SL_SEARCH_WORK_MAX ? each : SL_SEARCH_WORK_MAX;
}

/* Where it is cheap: not of large tables, and of small ones for no longer than anybody notices. */
static void choose_exactly(struct sl_choosing *c, uint64_t work_max)
{
	uint64_t end = c->prover.work + work_max / EXACT_PART;

	c->work_end = end < work_max ? end : work_max;
	if (c->prover.network.whole && c->s->nfacts <= EXACT_FACTS_MAX && !c->out->coarse && !c->no_memory)
		sl_choosing_exact(c);
}

static void choose(struct sl_choosing *c, uint64_t work_max)
{
	for (uint32_t f = 0; f < c->s->nfacts; f++)
		c->out->primaries += c->s->facts[f].state == SL_FACT_PRIMARY;
	share(c, work_max);
	bool all = protect_all(c, work_max);
	if (all) {
		c->work_end = work_max;
		sl_choosing_improve(c);
		choose_exactly(c, work_max);
	}
	/* Not taken from above: what is published is what is looked at here. */
	c->out->safe = all && !c->no_memory && sl_proofs_hold(c);
	c->out->rows_hidden = c->nhidden;
}

enum sl_rc sl_choose(struct sl_system *s, uint64_t key, uint64_t work_max, struct sl_choice *out, struct sl_err *err)
{
	struct sl_choosing c = { .s = s, .key = key, .cost_end = UINT64_MAX, .banned = SL_NO_ROW, .out = out };
	enum sl_rc rc = sl_prover_init(&c.prover, s, err);

	*out = (struct sl_choice){ 0 };
	c.no_memory = !allocate(&c);
	if (rc == SL_OK && !c.no_memory)
		choose(&c, work_max);
	out->work = c.prover.work;
	if (rc == SL_OK && c.no_memory)
		rc = sl_err_set(err, SL_E_NOMEM, "no memory to choose what to hide");
	for (uint32_t f = 0; f < s->nfacts && c.proofs != NULL; f++)
		sl_proof_forget(&c.proofs[f]);
	free(c.proofs);
	free(c.hidden);
	free(c.dead_ends);
	sl_prover_fini(&c.prover);
	return rc;
}
