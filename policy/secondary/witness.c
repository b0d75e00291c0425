/*
 * witness.c - see witness.h. Kept so small that it can be read whole; it shares nothing with the prover but the system,
 * and of the system it uses facts, terms and equations as they were built, not the index.
 */
#include "policy/secondary/witness.h"

#include <stdlib.h>
#include <string.h>

/* --- where numbers stand --------------------------------------------------------------------------------- */

static bool allocate(struct sl_witness *w)
{
	size_t nfacts = (size_t)w->s->nfacts + 1, nequations = (size_t)w->s->nequations + 1;

	w->values = calloc(nfacts, sizeof *w->values);
	w->changed = calloc(nfacts, sizeof *w->changed);
	w->is_changed = calloc(nfacts, sizeof *w->is_changed);
	w->residual = calloc(nequations, sizeof *w->residual);
	w->has_whole = calloc(nequations, sizeof *w->has_whole);
	w->first_place = calloc(nfacts + 1, sizeof *w->first_place);
	w->places = calloc((size_t)w->s->nterms + 1, sizeof *w->places);
	return w->values != NULL && w->changed != NULL && w->is_changed != NULL && w->residual != NULL &&
	       w->has_whole != NULL && w->first_place != NULL && w->places != NULL;
}

/* One equation's terms are where their facts stand. Returns what is missing to 0 in the true table. */
static int64_t place_terms(struct sl_witness *w, uint32_t e)
{
	const struct sl_equation *equation = &w->s->equations[e];
	uint32_t terms[2] = { 0, 0 }; /* on either side */
	int64_t sum = 0;

	/* Within 64 bits: see SL_FACT_VALUE_MAX. */
	for (uint32_t i = equation->first; i < equation->first + equation->nterms; i++) {
		const struct sl_term *term = &w->s->terms[i];

		terms[term->factor == 1]++;
		w->places[w->first_place[term->fact + 1]++] = 2 * e + (term->factor == 1 ? 0 : 1);
		sum += term->factor == 1 ? w->values[term->fact] : -w->values[term->fact];
	}
	w->has_whole[e] = terms[0] == 1 || terms[1] == 1;
	return sum;
}

enum sl_rc sl_witness_init(struct sl_witness *w, const struct sl_system *s, struct sl_err *err)
{
	bool holds = true;

	*w = (struct sl_witness){ .s = s };
	if (!allocate(w))
		return sl_err_set(err, SL_E_NOMEM, "no memory to judge witnesses");
	for (uint32_t f = 0; f < s->nfacts; f++) {
		w->values[f] = s->facts[f].value;
		holds = holds && s->facts[f].lo <= s->facts[f].value && s->facts[f].value <= s->facts[f].hi;
	}
	/* Counted two ahead, so that placing moves each start to where it belongs. */
	for (uint32_t e = 0; e < s->nequations; e++)
		for (uint32_t i = 0; i < s->equations[e].nterms; i++)
			w->first_place[s->terms[s->equations[e].first + i].fact + 2]++;
	for (uint32_t f = 2; f < s->nfacts + 2; f++)
		w->first_place[f] += w->first_place[f - 1];
	for (uint32_t e = 0; e < s->nequations; e++)
		holds = place_terms(w, e) == 0 && holds;
	return holds ? SL_OK : sl_err_set(err, SL_E_INPUT, "numbers to be audited do not agree with what is known of them");
}

void sl_witness_fini(struct sl_witness *w)
{
	free(w->values);
	free(w->changed);
	free(w->is_changed);
	free(w->residual);
	free(w->has_whole);
	free(w->first_place);
	free(w->places);
	memset(w, 0, sizeof *w);
}

/* --- the table at hand ----------------------------------------------------------------------------------- */

/* Beyond any bound is as far as a value may go: sums stay within 64 bits, and such a table does not hold. */
static int64_t clamped(int64_t value)
{
	value = value < SL_FACT_VALUE_MAX + 1 ? value : SL_FACT_VALUE_MAX + 1;
	return value > -SL_FACT_VALUE_MAX - 1 ? value : -SL_FACT_VALUE_MAX - 1;
}

static void put(struct sl_witness *w, uint32_t fact, int64_t value)
{
	int64_t by = value - w->values[fact];

	w->values[fact] = value;
	for (uint32_t i = w->first_place[fact]; i < w->first_place[fact + 1]; i++)
		w->residual[w->places[i] / 2] += w->places[i] % 2 == 0 ? by : -by;
}

void sl_witness_set(struct sl_witness *w, uint32_t fact, int64_t value)
{
	if (!w->is_changed[fact])
		w->changed[w->nchanged++] = fact;
	w->is_changed[fact] = 1;
	put(w, fact, clamped(value));
}

void sl_witness_set_all(struct sl_witness *w, const int64_t *values)
{
	for (uint32_t f = 0; f < w->s->nfacts; f++)
		if (values[f] != w->values[f])
			sl_witness_set(w, f, values[f]);
}

static void back_to_true(struct sl_witness *w)
{
	for (; w->nchanged > 0; w->nchanged--) {
		uint32_t fact = w->changed[w->nchanged - 1];

		w->is_changed[fact] = 0;
		put(w, fact, w->s->facts[fact].value);
	}
}

/* --- what is known --------------------------------------------------------------------------------------- */

/* Whether, by an equation, one of two numbers is the sum of others and the other one is among those. */
static bool is_whole_and_part(const struct sl_witness *w, uint32_t one, uint32_t other)
{
	for (uint32_t i = w->first_place[one]; i < w->first_place[one + 1]; i++)
		for (uint32_t k = w->first_place[other]; k < w->first_place[other + 1]; k++)
			/* the same equation, on the other side */
			if ((w->places[i] ^ w->places[k]) == 1 && w->has_whole[w->places[i] / 2])
				return true;
	return false;
}

/* Whether somebody whom the primary is to be kept from knows the fact. */
static bool is_known(const struct sl_witness *w, uint32_t fact, uint32_t primary)
{
	const struct sl_fact *f = &w->s->facts[fact], *p = &w->s->facts[primary];

	if (f->state == SL_FACT_SHOWN)
		return true;
	if (fact == primary || f->insider == SL_INSIDER_NONE)
		return false;
	return f->insider != SL_INSIDER_EVERYBODY || p->insider != SL_INSIDER_EVERYBODY ||
	       !is_whole_and_part(w, fact, primary);
}

/* Every number that was not set is the true one; an equation in which none was is met. */
static bool holds(const struct sl_witness *w, uint32_t primary)
{
	for (uint32_t c = 0; c < w->nchanged; c++) {
		uint32_t f = w->changed[c];
		const struct sl_fact *fact = &w->s->facts[f];

		if (w->values[f] < fact->lo || w->values[f] > fact->hi)
			return false;
		if (w->values[f] != fact->value && is_known(w, f, primary))
			return false;
		for (uint32_t i = w->first_place[f]; i < w->first_place[f + 1]; i++)
			if (w->residual[w->places[i] / 2] != 0)
				return false;
	}
	return true;
}

bool sl_witness_holds(struct sl_witness *w, uint32_t primary)
{
	bool yes = holds(w, primary);

	back_to_true(w);
	return yes;
}

static bool is_primary(const struct sl_witness *w, uint32_t primary)
{
	return primary < w->s->nfacts && w->s->facts[primary].state == SL_FACT_PRIMARY;
}

bool sl_witness_is_high(struct sl_witness *w, uint32_t primary)
{
	bool far = is_primary(w, primary) && w->values[primary] >= sl_fact_highest(&w->s->facts[primary]);

	return sl_witness_holds(w, far ? primary : 0) && far;
}

bool sl_witness_is_low(struct sl_witness *w, uint32_t primary)
{
	bool far = is_primary(w, primary) && w->values[primary] <= sl_fact_lowest(&w->s->facts[primary]);

	return sl_witness_holds(w, far ? primary : 0) && far;
}
