/*
 * check_compared.h - inside policy/check*.c only: one unit space, its earlier releases and the request's outputs as
 * sets to compare.
 */
#ifndef SL_POLICY_CHECK_COMPARED_H
#define SL_POLICY_CHECK_COMPARED_H

#include "policy/check_state.h"

struct sl_compared {
	struct sl_check_state *st;
	const struct sl_check_space *space;
	struct sl_audit audit;
	struct sl_earlier_output *own;       /* the request's outputs, as they would be history */
	struct sl_audit_numbers *numbers;    /* of each of these */
	bool *apart;
};

/* sl_compared_open - of what is shown now; st and space are the caller's. SL_E_*; close it also after failure. */
SL_MUST_CHECK enum sl_rc sl_compared_open(struct sl_compared *c, struct sl_err *err);
void sl_compared_close(struct sl_compared *c);
/* sl_check_known_fold - of an audit with an index: where everybody has a value, who has one is the row. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_check_known_fold(struct sl_compared *c, struct sl_err *err);
/* sl_compared_plan - the plan of one of the request's outputs in the audit. */
uint32_t sl_compared_plan(const struct sl_compared *c, uint32_t output);

/*
 * sl_check_groups - see rule group-disclosure: rows that are a group of others by a sensitive condition.
 *   hid  out  a row of the request was hidden: what is compared must be opened again
 */
SL_MUST_CHECK enum sl_rc sl_check_groups(struct sl_compared *c, bool *hid, struct sl_err *err);

/* sl_check_readings - what reads a column of an earlier release in another way, for a person to look at. */
SL_MUST_CHECK enum sl_rc sl_check_readings(struct sl_compared *c, struct sl_err *err);

#endif
