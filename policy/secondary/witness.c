/*
 * witness.c - see witness.h. Kept so small that it can be read whole; it shares nothing with the prover but the system,
 * and of the system it uses facts, terms and equations as they were built, not the index.
 */
#include "policy/secondary/witness.h"

/* Whether, by an equation, one of two numbers is the sum of others and the other one is among those. */
static bool is_whole_and_part(const struct sl_system *s, uint32_t one, uint32_t other)
{
	for (uint32_t e = 0; e < s->nequations; e++) {
		uint32_t terms[2] = { 0, 0 }; /* on either side */
		int32_t of_one = 0, of_other = 0;

		for (uint32_t i = 0; i < s->equations[e].nterms; i++) {
			const struct sl_term *term = &s->terms[s->equations[e].first + i];

			terms[term->factor == 1]++;
			of_one = term->fact == one ? term->factor : of_one;
			of_other = term->fact == other ? term->factor : of_other;
		}
		if (of_one * of_other == -1 && (terms[0] == 1 || terms[1] == 1))
			return true;
	}
	return false;
}

/* Whether somebody whom the primary is to be kept from knows the fact. */
static bool is_known(const struct sl_system *s, uint32_t fact, uint32_t primary)
{
	const struct sl_fact *f = &s->facts[fact], *p = &s->facts[primary];

	if (f->state == SL_FACT_SHOWN)
		return true;
	if (fact == primary || f->insider == SL_INSIDER_NONE)
		return false;
	return f->insider != SL_INSIDER_EVERYBODY || p->insider != SL_INSIDER_EVERYBODY ||
	       !is_whole_and_part(s, fact, primary);
}

static bool facts_hold(const struct sl_system *s, uint32_t primary, const int64_t *values)
{
	for (uint32_t f = 0; f < s->nfacts; f++) {
		const struct sl_fact *fact = &s->facts[f];

		if (values[f] < fact->lo || values[f] > fact->hi)
			return false;
		if (values[f] != fact->value && is_known(s, f, primary))
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
