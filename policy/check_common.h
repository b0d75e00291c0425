/*
 * check_common.h - inside policy/check*.c only: the keys two outputs have in common, and how a cell of either is
 * numbered by them alone.
 */
#ifndef SL_POLICY_CHECK_COMMON_H
#define SL_POLICY_CHECK_COMMON_H

#include "enclave/pact/plan.h"

struct sl_common {
	uint32_t ncells;                  /* of the common keys */
	uint32_t nkeys[2];                /* of each output, those that are not common included */
	uint64_t divide[2][SL_KEYS_MAX];  /* of each output's keys: cell / divide % groups is the key's group */
	uint32_t groups[2][SL_KEYS_MAX];
	uint64_t times[2][SL_KEYS_MAX];   /* what the group counts among the common cells; 0: not a common key */
};

/* sl_common_find - of two checked plans; side 0 is `a`, side 1 is `b`. */
void sl_common_find(const struct sl_plan *a, const struct sl_plan *b, const struct sl_view *view,
                    struct sl_common *out);
/* sl_common_cell - which of the common cells a cell of a side is in. */
uint32_t sl_common_cell(const struct sl_common *c, int side, uint32_t cell);

#endif
