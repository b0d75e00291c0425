/* intervals.c - see intervals.h. */
#include "policy/secondary/intervals.h"

/* Each pass narrows something by one at least; what takes longer than this is not looked at to its end. */
#define PASSES_MAX 1000u

static bool narrow_term(struct sl_fact *f, int32_t factor, int64_t rest_lo, int64_t rest_hi)
{
	/* factor * value + rest = 0 */
	int64_t lo = factor > 0 ? -rest_hi : rest_lo, hi = factor > 0 ? -rest_lo : rest_hi;
	bool changed = lo > f->lo || hi < f->hi;

	f->lo = lo > f->lo ? lo : f->lo;
	f->hi = hi < f->hi ? hi : f->hi;
	return changed;
}

static bool narrow_equation(struct sl_system *s, const struct sl_equation *e)
{
	int64_t lo = 0, hi = 0;
	bool changed = false;

	for (uint32_t i = e->first; i < e->first + e->nterms; i++) {
		const struct sl_fact *f = &s->facts[s->terms[i].fact];
		lo += s->terms[i].factor > 0 ? f->lo : -f->hi;
		hi += s->terms[i].factor > 0 ? f->hi : -f->lo;
	}
	for (uint32_t i = e->first; i < e->first + e->nterms; i++) {
		struct sl_fact *f = &s->facts[s->terms[i].fact];
		bool plus = s->terms[i].factor > 0;
		changed = narrow_term(f, s->terms[i].factor, lo - (plus ? f->lo : -f->hi), hi - (plus ? f->hi : -f->lo)) ||
		          changed;
	}
	return changed;
}

void sl_intervals_narrow(struct sl_system *s, bool *settled)
{
	bool changed = true;

	for (uint32_t pass = 0; changed && pass < PASSES_MAX; pass++) {
		changed = false;
		for (uint32_t i = 0; i < s->nequations; i++)
			changed = narrow_equation(s, &s->equations[i]) || changed;
	}
	*settled = !changed;
}
