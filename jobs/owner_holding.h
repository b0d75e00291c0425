/*
 * owner_holding.h - what somebody holds of a table on application: in each project of theirs that policy gives it to,
 * the owner's word of today.
 */
#ifndef SL_JOBS_OWNER_HOLDING_H
#define SL_JOBS_OWNER_HOLDING_H

#include "jobs/actor.h"

struct sl_owner_holding {
	const struct sl_project *project; /* borrowed from the standing */
	struct sl_owner_word word;        /* without uses */
};

/*
 * sl_owner_holdings - a row for each project that has the person among its analysts, is not over, and is given the
 * table by policy; in the policy's order. None when the person is not in the policy.
 *   s      in   with owners' grants
 *   table  in   name, owner and class are read
 *   out    out  heap; NULL with n 0
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_owner_holdings(const struct sl_standing *s, const char *person,
                                           const struct sl_cat_table *table, struct sl_owner_holding **out, uint32_t *n,
                                           struct sl_err *err);

/*
 * sl_owner_best - of several the one that lets most; NULL when there are none.
 * sl_owner_holding_text - "G-1 until 2099-12-31", "none", "G-1 was withdrawn" …, into out.
 */
const struct sl_owner_holding *sl_owner_best(const struct sl_owner_holding *h, uint32_t n);
#define SL_OWNER_HOLDING_TEXT 96
void sl_owner_holding_text(const struct sl_owner_word *word, char out[static SL_OWNER_HOLDING_TEXT]);

#endif
