/* pairs.c - see audit.h: two shown sets that differ by few units. */
#include "policy/history/meeting.h"

/* Units that are in one of the two and not in the other, or there with other rows. */
static uint64_t difference(const struct sl_audit *a, uint32_t x, uint32_t y, const struct sl_meeting *m)
{
	return a->sets[x].units + a->sets[y].units - m->both - m->alike;
}

/* The same units by the same conditions: those that a new version of a table tells something else of. */
static bool is_renewed(const struct sl_audit *a, uint32_t set, uint32_t other, uint64_t *units)
{
	uint64_t counts[SL_PRINTS_MAX] = { 0 };

	if (!sl_audit_is_renewed(a, sl_audit_output_of(a, set), sl_audit_output_of(a, other)))
		return false;
	sl_audit_count_renewed(a, other, counts);
	*units = sl_audit_renewed(a, &a->families[a->sets[other].family], &a->families[a->sets[set].family], counts);
	return *units < a->threshold;
}

static bool is_violation(const struct sl_audit *a, uint32_t x, uint32_t y, uint64_t *units)
{
	if (*units == 0 && sl_audit_same(&a->sets[x], &a->sets[y]))
		return is_renewed(a, x, y, units);
	return *units < a->threshold;
}

/* Of two of the request the later output's set is the one to hide: when its turn comes. */
static bool is_its_turn(const struct sl_audit *a, uint32_t set, uint32_t other)
{
	return !sl_audit_is_new(a, other) || sl_audit_output_of(a, other) < sl_audit_output_of(a, set);
}

/* Of a row, and a number of another output of the request, the number goes: the row is more. */
static struct sl_audit_hit hit_of(const struct sl_audit *a, uint32_t set, uint32_t other, uint64_t units)
{
	bool turned = sl_audit_is_new(a, other) && sl_audit_costs_less(a, other, set);

	return (struct sl_audit_hit){ .set = turned ? other : set, .other = turned ? set : other, .units = units };
}

static bool judge_set(const struct sl_audit *a, uint32_t set, const struct sl_meetings *m, struct sl_audit_hit *hit)
{
	uint32_t output = sl_audit_output_of(a, set);

	for (uint32_t i = 0; i < m->nmet; i++) {
		uint32_t other = m->met[i];
		if (!a->sets[other].shown || !sl_audit_together(a, output, sl_audit_output_of(a, other)) ||
		    !is_its_turn(a, set, other))
			continue;
		uint64_t units = difference(a, set, other, &m->with[other]);
		if (is_violation(a, set, other, &units)) {
			*hit = hit_of(a, set, other, units);
			return true;
		}
	}
	return false;
}

enum sl_rc sl_audit_pairs(struct sl_audit *a, struct sl_err *err)
{
	struct sl_meetings m;
	struct sl_audit_hit hit;
	enum sl_rc rc = sl_meetings_init(&m, a, err);

	for (uint32_t set = a->outputs[a->nearlier].first_set; set < a->nsets && rc == SL_OK; set++) {
		if (!a->sets[set].shown || !a->has_near[set])
			continue;
		sl_meet(&m, a, set);
		if (judge_set(a, set, &m, &hit))
			rc = sl_audit_hide(a, &hit, err);
	}
	sl_meetings_fini(&m);
	return rc;
}
