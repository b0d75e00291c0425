/* system.c - see system.h. */
#include "policy/secondary/system.h"

#include <stdlib.h>
#include <string.h>

void sl_system_free(struct sl_system *s)
{
	free(s->facts);
	free(s->terms);
	free(s->equations);
	free(s->places);
	free(s->first_place);
	memset(s, 0, sizeof *s);
}

/* Room for one more of `size` bytes. NULL: no memory. */
static void *grown(void *items, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t more = *cap == 0 ? 64 : *cap * 2;

	if (n < *cap)
		return items;
	items = realloc(items, more * size);
	if (items != NULL)
		*cap = more;
	return items;
}

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "no memory for the equations between tables");
}

static bool in_bounds(int64_t v)
{
	return v >= -SL_FACT_VALUE_MAX && v <= SL_FACT_VALUE_MAX;
}

enum sl_rc sl_system_fact(struct sl_system *s, const struct sl_fact *fact, uint32_t *out, struct sl_err *err)
{
	if (!in_bounds(fact->lo) || !in_bounds(fact->hi) || fact->above < 0 || fact->below < 0)
		return sl_err_set(err, SL_E_LIMIT, "a number is too large to be audited");
	if (fact->value < fact->lo || fact->value > fact->hi)
		return sl_err_set(err, SL_E_INPUT, "a number is outside what is known of it");
	if (s->nfacts == SL_SYSTEM_FACTS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "more than %u numbers to audit together", SL_SYSTEM_FACTS_MAX);
	struct sl_fact *facts = grown(s->facts, s->nfacts, &s->facts_cap, sizeof *facts);
	if (facts == NULL)
		return no_memory(err);
	s->facts = facts;
	if (out != NULL)
		*out = s->nfacts;
	s->facts[s->nfacts++] = *fact;
	return SL_OK;
}

enum sl_rc sl_system_begin(struct sl_system *s, struct sl_err *err)
{
	struct sl_equation *equations = grown(s->equations, s->nequations, &s->equations_cap, sizeof *equations);

	if (equations == NULL)
		return no_memory(err);
	s->equations = equations;
	s->equations[s->nequations++] = (struct sl_equation){ .first = s->nterms };
	return SL_OK;
}

enum sl_rc sl_system_term(struct sl_system *s, uint32_t fact, int32_t factor, struct sl_err *err)
{
	if (s->nequations == 0 || fact >= s->nfacts || (factor != 1 && factor != -1))
		return sl_err_set(err, SL_E_BUG, "a term of no equation or of no number");
	if (s->nterms == SL_SYSTEM_TERMS_MAX || s->equations[s->nequations - 1].nterms == SL_EQUATION_TERMS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "too many terms in the equations between tables");
	struct sl_term *terms = grown(s->terms, s->nterms, &s->terms_cap, sizeof *terms);
	if (terms == NULL)
		return no_memory(err);
	s->terms = terms;
	s->terms[s->nterms++] = (struct sl_term){ fact, factor };
	s->equations[s->nequations - 1].nterms++;
	return SL_OK;
}

void sl_system_implied(struct sl_system *s)
{
	if (s->nequations > 0)
		s->equations[s->nequations - 1].implied = true;
}

static int64_t quotient_up(int64_t v, int64_t by)
{
	return v / by + (v % by > 0);
}

void sl_system_coarsen(struct sl_system *s)
{
	int64_t unit = 0;

	for (uint32_t f = 0; f < s->nfacts; f++)
		for (int64_t v = s->facts[f].value; v != 0;) {
			int64_t rest = unit % v;
			unit = v;
			v = rest;
		}
	unit = unit < 0 ? -unit : unit;
	for (uint32_t f = 0; f < s->nfacts && unit > 1; f++) {
		struct sl_fact *fact = &s->facts[f];
		fact->value /= unit;
		fact->lo = quotient_up(fact->lo, unit);
		fact->hi = -quotient_up(-fact->hi, unit);
		fact->above = quotient_up(fact->above, unit);
		fact->below = quotient_up(fact->below, unit);
	}
}

enum sl_rc sl_system_index(struct sl_system *s, struct sl_err *err)
{
	uint32_t at = 0;

	free(s->first_place);
	free(s->places);
	s->first_place = calloc((size_t)s->nfacts + 2, sizeof *s->first_place);
	s->places = calloc((size_t)s->nterms + 1, sizeof *s->places);
	if (s->first_place == NULL || s->places == NULL)
		return no_memory(err);
	/* Counted two ahead, so that filling moves each start to where it belongs. */
	for (uint32_t e = 0; e < s->nequations; e++)
		for (uint32_t i = 0; i < s->equations[e].nterms && !s->equations[e].implied; i++)
			s->first_place[s->terms[s->equations[e].first + i].fact + 2]++;
	for (uint32_t f = 2; f < s->nfacts + 2; f++)
		s->first_place[f] += s->first_place[f - 1];
	for (uint32_t e = 0; e < s->nequations; e++) {
		int64_t sum = 0;
		for (uint32_t i = 0; i < s->equations[e].nterms; i++, at++) {
			const struct sl_term *t = &s->terms[at];
			if (!s->equations[e].implied)
				s->places[s->first_place[t->fact + 1]++] = (struct sl_place){ e, t->factor };
			sum += t->factor * s->facts[t->fact].value;
		}
		if (sum != 0)
			return sl_err_set(err, SL_E_INPUT, "tables of the same rows do not add up to the same");
	}
	return SL_OK;
}

int64_t sl_fact_highest(const struct sl_fact *fact)
{
	return fact->above < fact->hi - fact->value ? fact->value + fact->above : fact->hi;
}

int64_t sl_fact_lowest(const struct sl_fact *fact)
{
	return fact->below < fact->value - fact->lo ? fact->value - fact->below : fact->lo;
}
