/*
 * check_common.h - inside policy/check*.c only: what the keys of two outputs have in common, and how a cell of either
 * is numbered by that alone. A key is in common where both have it; where one has a finer one of the same column, as
 * its groups lie in those of the other.
 */
#ifndef SL_POLICY_CHECK_COMMON_H
#define SL_POLICY_CHECK_COMMON_H

#include "policy/check_levels.h"

/* Two keys that tell the same, and what: the groups of the coarser one. */
struct sl_common_pair {
	uint32_t key[2];     /* of either output */
	uint32_t *map[2];    /* per group of that key; NULL: it is the coarser one */
	uint64_t times;      /* what a group counts among the common cells */
};

struct sl_common {
	uint32_t ncells;                  /* of what is in common */
	struct sl_common_pair pairs[2 * SL_KEYS_MAX];
	uint32_t npairs;
	uint64_t divide[2][SL_KEYS_MAX];  /* of each output's keys: cell / divide % groups is the key's group */
	uint32_t groups[2][SL_KEYS_MAX];
};

/*
 * sl_common_find - of two checked plans; side 0 is `a`, side 1 is `b`. Free with sl_common_free, also after failure.
 * Fails: SL_E_LIMIT (more common cells than an output may have), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_common_find(const struct sl_plan *a, const struct sl_plan *b, const struct sl_view *view,
                                        struct sl_common *out, struct sl_err *err);
void sl_common_free(struct sl_common *c);
/* sl_common_cell - which of the common cells a cell of a side is in. */
uint32_t sl_common_cell(const struct sl_common *c, int side, uint32_t cell);
/* sl_common_keeps - a key's own groups are told apart by the common cells. */
bool sl_common_keeps(const struct sl_common *c, int side, uint32_t key);

#endif
