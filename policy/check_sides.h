/*
 * check_sides.h - inside policy/check*.c only: the rows of an output as history has it, or all its sets, to be found by
 * their conditions.
 */
#ifndef SL_POLICY_CHECK_SIDES_H
#define SL_POLICY_CHECK_SIDES_H

#include "enclave/pact/history.h"

/* Rows of one output times rows of another that are looked through for those that lie in each other: some ms. */
#define SL_SIDES_WITHIN_MAX UINT64_C(1000000)

struct sl_side {
	const struct sl_earlier_output *o;  /* borrowed */
	const struct sl_earlier_set **rising; /* its rows, or sets, by their conditions */
	uint32_t nrows, nfound;             /* nfound: how many those are */
	struct sl_predicate_part *common;   /* conditions that all its rows have, rising */
	uint32_t ncommon;
};

/* sl_side_init - all: sets are to be found, too. SL_E_NOMEM; sl_side_free also after failure. */
SL_MUST_CHECK enum sl_rc sl_side_init(struct sl_side *s, const struct sl_earlier_output *o, bool all,
                                      struct sl_err *err);
void sl_side_free(struct sl_side *s);

const struct sl_earlier_set *sl_side_row(const struct sl_side *s, uint32_t row);

/* sl_side_find - a set with just the conditions of `like`, of several with them any one; NULL: there is none. */
const struct sl_earlier_set *sl_side_find(const struct sl_side *s, const struct sl_earlier_set *like);

/* sl_side_find_counted - such a set of which it was printed how many it has. */
const struct sl_earlier_set *sl_side_find_counted(const struct sl_side *s, const struct sl_earlier_set *like);

/* sl_parts_among - all conditions of the few are among the many. Both rise. */
bool sl_parts_among(const struct sl_predicate_part *few, uint32_t nfew, const struct sl_predicate_part *many,
                    uint32_t nmany);

#endif
