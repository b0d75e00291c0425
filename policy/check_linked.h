/*
 * check_linked.h - inside policy/check*.c only: which numbers of a row go with one that must not be seen.
 */
#ifndef SL_POLICY_CHECK_LINKED_H
#define SL_POLICY_CHECK_LINKED_H

#include "enclave/pact/publication.h"
#include "policy/history/audit.h"

struct sl_linked {
	uint64_t reads[SL_STATS_MAX]; /* bit i: the statistic's arguments read input i */
	uint64_t near[SL_STATS_MAX];  /* bit i: or one from the same column as input i */
};

/*
 * sl_linked_read - of a checked plan.
 * sl_linked_goes - whether one statistic goes where another must not be seen.
 */
void sl_linked_read(const struct sl_plan *plan, struct sl_linked *out);
bool sl_linked_goes(const struct sl_linked *l, const struct sl_plan *plan, uint32_t s, uint32_t with);

/*
 * sl_linked_numbers - the same of a plan's sets and measures, as audits ask. SL_E_NOMEM.
 * sl_linked_shown - the statistics of a row that are shown: a bit each.
 */
SL_MUST_CHECK enum sl_rc sl_linked_numbers(const struct sl_plan *plan, const struct sl_view *view,
                                           const struct sl_earlier_output *own, struct sl_audit_numbers *out,
                                           struct sl_err *err);
uint64_t sl_linked_shown(const struct sl_plan *plan, const struct sl_published_output *published, uint32_t cell);

#endif
