/*
 * refusable.h - which rules can refuse a request of a shape: for its author, to whom it must not be told which did. By
 * plans, policy and catalogue alone; every refusal that asks rows is among them.
 */
#ifndef SL_POLICY_REFUSABLE_H
#define SL_POLICY_REFUSABLE_H

#include "policy/check.h"

/* What is asked for, and under which rules. All borrowed. */
struct sl_refusable {
	const struct sl_plan *plans; /* checked */
	uint32_t nplans;
	const struct sl_view *view;
	const struct sl_rules *rules;
};

/* sl_refusable_by - whether the rule may refuse the request for what rows say in output i; most rules never do. */
bool sl_refusable_by(const struct sl_refusable *r, enum sl_rule rule, uint32_t i);

/* sl_refusable_tell - a line for each rule that may: its outputs, reason and remedy; with a line before. Appended. */
void sl_refusable_tell(const struct sl_refusable *r, struct sl_buf *out);

#endif
