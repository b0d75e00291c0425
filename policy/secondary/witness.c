/*
 * witness.c - see witness.h. Kept so small that it can be read whole; it shares nothing with the prover but the system,
 * and of the system it uses facts, terms and equations as they were built, not the index.
 */
#include "policy/secondary/witness.h"

/* What the fact must be in any table that holds, if that is known. */
static bool is_known(const struct sl_fact *fact, bool is_primary)
{
	return fact->state == SL_FACT_SHOWN || (fact->insider != 0 && !is_primary);
}

static bool facts_hold(const struct sl_system *s, uint32_t primary, const int64_t *values)
{
	for (uint32_t f = 0; f < s->nfacts; f++) {
		const struct sl_fact *fact = &s->facts[f];

		if (values[f] < fact->lo || values[f] > fact->hi)
			return false;
		if (is_known(fact, f == primary) && values[f] != fact->value)
			return false;
	}
	return true;
}

/* Within 64 bits: see SL_FACT_VALUE_MAX; the values were looked at before. */
static bool equation_holds(const struct sl_system *s, const struct sl_equation *equation, const int64_t *values)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < equation->nterms; i++) {
		const struct sl_term *term = &s->terms[equation->first + i];

		sum += term->factor == 1 ? values[term->fact] : -values[term->fact];
	}
	return sum == 0;
}

bool sl_witness_holds(const struct sl_system *s, uint32_t primary, const int64_t *values)
{
	if (!facts_hold(s, primary, values))
		return false;
	for (uint32_t e = 0; e < s->nequations; e++)
		if (!equation_holds(s, &s->equations[e], values))
			return false;
	return true;
}

bool sl_witness_protects(const struct sl_system *s, uint32_t primary, const int64_t *high, const int64_t *low)
{
	return primary < s->nfacts && s->facts[primary].state == SL_FACT_PRIMARY &&
	       sl_witness_holds(s, primary, high) && sl_witness_holds(s, primary, low) &&
	       high[primary] >= sl_fact_highest(&s->facts[primary]) && low[primary] <= sl_fact_lowest(&s->facts[primary]);
}
