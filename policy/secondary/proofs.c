/* proofs.c - see choosing.h: the witnesses of every primary, as the prover found them and the checker judges them. */
#include <stdlib.h>
#include <string.h>

#include "policy/secondary/choosing.h"
#include "policy/secondary/witness.h"

void sl_proof_forget(struct sl_proof *proof)
{
	free(proof->high.changes);
	free(proof->low.changes);
	*proof = (struct sl_proof){ 0 };
}

/* What the prover's table changes. */
static void note(struct sl_choosing *c, struct sl_proof_table *table)
{
	const struct sl_prover *p = &c->prover;

	table->changes = calloc((size_t)p->nmoved + 1, sizeof *table->changes);
	c->no_memory |= table->changes == NULL;
	for (uint32_t i = 0; i < p->nmoved && table->changes != NULL; i++) {
		uint32_t fact = p->moved_facts[i];
		if (p->values[fact] != c->s->facts[fact].value)
			table->changes[table->n++] = (struct sl_proof_change){ fact, p->values[fact] };
	}
}

static void note_dead_ends(struct sl_choosing *c)
{
	c->prover.work += c->s->nequations;
	for (uint32_t e = 0; e < c->s->nequations; e++)
		c->dead_ends[e] += c->prover.dead_ends[e];
}

static bool find(struct sl_choosing *c, uint32_t primary, int64_t target, struct sl_proof_table *table)
{
	bool found = sl_prover_find(&c->prover, primary, target);

	note_dead_ends(c);
	if (found)
		note(c, table);
	return found;
}

bool sl_proof_find(struct sl_choosing *c, uint32_t primary)
{
	const struct sl_fact *fact = &c->s->facts[primary];
	struct sl_proof *proof = &c->proofs[primary];

	sl_proof_forget(proof);
	memset(c->dead_ends, 0, c->s->nequations * sizeof *c->dead_ends);
	return find(c, primary, sl_fact_highest(fact), &proof->high) &&
	       find(c, primary, sl_fact_lowest(fact), &proof->low);
}

static bool find_hiding(struct sl_choosing *c, uint32_t primary, int64_t target, struct sl_proof_table *table)
{
	if (!sl_prover_find_hiding(&c->prover, primary, target, c->banned, c->key))
		return false;
	note(c, table);
	for (uint32_t i = 0; i < table->n && table->changes != NULL; i++)
		if (c->s->facts[table->changes[i].fact].state == SL_FACT_SHOWN)
			sl_choosing_hide(c, table->changes[i].fact);
	return true;
}

bool sl_proof_find_hiding(struct sl_choosing *c, uint32_t primary)
{
	const struct sl_fact *fact = &c->s->facts[primary];
	struct sl_proof *proof = &c->proofs[primary];

	sl_proof_forget(proof);
	return find_hiding(c, primary, sl_fact_highest(fact), &proof->high) &&
	       find_hiding(c, primary, sl_fact_lowest(fact), &proof->low);
}

static bool table_touches(const struct sl_system *s, const struct sl_proof_table *table, uint32_t row)
{
	for (uint32_t i = 0; i < table->n; i++)
		if (s->facts[table->changes[i].fact].row == row)
			return true;
	return false;
}

bool sl_proof_touches(const struct sl_system *s, const struct sl_proof *proof, uint32_t row)
{
	return table_touches(s, &proof->high, row) || table_touches(s, &proof->low, row);
}

static void set_table(struct sl_witness *w, const struct sl_proof_table *table)
{
	for (uint32_t i = 0; i < table->n; i++)
		sl_witness_set(w, table->changes[i].fact, table->changes[i].value);
}

static bool holds(const struct sl_choosing *c, struct sl_witness *w, uint32_t primary)
{
	const struct sl_proof *proof = &c->proofs[primary];

	if (proof->high.changes == NULL || proof->low.changes == NULL)
		return false;
	set_table(w, &proof->high);
	if (!sl_witness_is_high(w, primary))
		return false;
	set_table(w, &proof->low);
	return sl_witness_is_low(w, primary);
}

bool sl_proofs_hold(struct sl_choosing *c)
{
	struct sl_witness w;
	enum sl_rc rc = sl_witness_init(&w, c->s, NULL);
	bool all = rc == SL_OK;

	c->no_memory |= rc == SL_E_NOMEM;
	for (uint32_t f = 0; f < c->s->nfacts && all; f++)
		all = c->s->facts[f].state != SL_FACT_PRIMARY || holds(c, &w, f);
	sl_witness_fini(&w);
	return all;
}
