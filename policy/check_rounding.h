/*
 * check_rounding.h - inside policy/check_rounding*.c only: the counts of an output. i is the output, cell and stat a
 * place in it.
 */
#ifndef SL_POLICY_CHECK_ROUNDING_H
#define SL_POLICY_CHECK_ROUNDING_H

#include "policy/check_state.h"

/* sl_rounding_is_count - units, rows, those that meet a condition, and the parts of a share. */
bool sl_rounding_is_count(const struct sl_stat *stat);
uint32_t sl_rounding_ncells(const struct sl_check_state *st, uint32_t i);
const struct sl_evidence *sl_rounding_evidence(const struct sl_check_state *st, uint32_t i, uint32_t cell,
                                               uint32_t stat);
uint64_t sl_rounding_true_count(const struct sl_check_state *st, uint32_t i, uint32_t cell, uint32_t stat);

/* sl_rounding_tell - a finding: only `left` counts remain possible. */
SL_MUST_CHECK enum sl_rc sl_rounding_tell(struct sl_check_state *st, uint32_t i, uint32_t cell, uint32_t stat,
                                          int64_t left, struct sl_err *err);

/* sl_rounding_rows - see check_rounding_rows.c. */
SL_MUST_CHECK enum sl_rc sl_rounding_rows(struct sl_check_state *st, uint32_t i, struct sl_err *err);

#endif
