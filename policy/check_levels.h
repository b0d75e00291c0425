/*
 * check_levels.h - inside policy/check*.c only: keys that come from one column, one finer than the other. A ward lies
 * in one district, a district in one city: an open reference table says so, and so everybody knows it.
 */
#ifndef SL_POLICY_CHECK_LEVELS_H
#define SL_POLICY_CHECK_LEVELS_H

#include "enclave/pact/plan.h"

/* A key of a checked plan, borrowed. */
struct sl_level {
	const struct sl_plan *plan;
	const struct sl_key *key;
};

enum sl_levels {
	SL_LEVELS_CROSS = 0, /* of one column, and neither puts the groups of the other together, or that is not known */
	SL_LEVELS_APART,     /* of two columns */
	SL_LEVELS_SAME,
	SL_LEVELS_WITHIN,    /* each group of the first lies in one group of the second; maybe the other way, too */
	SL_LEVELS_AROUND,    /* the other way only */
};

/*
 * sl_levels_compare - how the groups of two keys lie in each other: of keys of one column by what the reference table
 * says of each value of it.
 *   map  out  may be NULL. WITHIN: per group of a the group of b; AROUND: the other way round; else NULL. The caller's
 *             to free. A group in which no value of the column lies is mapped to 0.
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_levels_compare(const struct sl_view *view, struct sl_level a, struct sl_level b,
                                           enum sl_levels *out, uint32_t **map, struct sl_err *err);

/*
 * sl_levels_possible - per cell of a plan, whether a row can be in it as far as its keys go: of a ward beside a
 * district that it does not lie in, or a district without wards, everybody knows that nobody is there. The caller's to
 * free.
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_levels_possible(const struct sl_view *view, const struct sl_plan *plan, bool **out,
                                            struct sl_err *err);

#endif
