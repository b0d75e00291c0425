/*
 * listed.c - see audit.h: a condition that lists values is met by the groups by its column that it lists, and by nobody
 * else, whoever there is: that such groups hold the same units as it does tells nothing.
 */
#include "policy/history/audit.h"

static bool has_part(const struct sl_audit_set *s, sl_i128 hash)
{
	for (uint32_t i = 0; i < s->nparts; i++)
		if (s->parts[i].hash == hash)
			return true;
	return false;
}

/* Everything it asks for is asked for in common, or is one of the two. */
static bool asks_alone(const struct sl_audit_set *s, const struct sl_audit_set *common, sl_i128 part, sl_i128 known)
{
	for (uint32_t i = 0; i < s->nparts; i++)
		if (s->parts[i].hash != part && s->parts[i].hash != known && !has_part(common, s->parts[i].hash))
			return false;
	return has_part(s, part);
}

static bool has_group(const struct sl_audit *a, const struct sl_audit_family *f, const struct sl_audit_set *common,
                      sl_i128 value, sl_i128 known)
{
	for (uint32_t k = 0; k < f->nsets; k++) {
		const struct sl_audit_set *s = &a->sets[f->first_set + k * f->stride];
		if (s->shown && asks_alone(s, common, value, known))
			return true;
	}
	return false;
}

bool sl_audit_is_listed(const struct sl_audit *a, uint32_t output, const struct sl_audit_set *asks,
                        const struct sl_audit_family *groups, const struct sl_audit_set *common)
{
	const struct sl_audit_output *o = &a->outputs[output];

	for (uint32_t u = 0; u < o->nunions; u++) {
		const struct sl_condition_union *list = &o->unions[u];
		bool all = list->nvalues > 1 && asks_alone(asks, common, list->whole.hash, list->known.hash);
		for (uint32_t v = 0; v < list->nvalues && all; v++)
			all = has_group(a, groups, common, list->values[v].hash, list->known.hash);
		if (all)
			return true;
	}
	return false;
}
