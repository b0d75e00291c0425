/*
 * value.h - the meaning of what is no condition: columns, folds, arithmetic, choices.
 */
#ifndef SL_POLICY_HISTORY_VALUE_H
#define SL_POLICY_HISTORY_VALUE_H

#include "policy/history/operands.h"

/* Where the operand that ends before `to` begins. */
uint32_t sl_value_start(const struct sl_expr *e, uint32_t to);

/* sl_value_column - of an operand, of this type and grid. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_value_column(const struct sl_operands *s, uint32_t operand, uint8_t type, int8_t scale,
                                         struct sl_meaning *out, struct sl_err *err);

/* sl_value_of - of the operand that ends before `to`. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_value_of(const struct sl_operands *s, const struct sl_expr *e, uint32_t to,
                                     struct sl_meaning *out, struct sl_err *err);

/*
 * sl_value_never_missing - whether each of a list of checked expressions has a value of every row, as the catalogue
 * tells: of required columns, by operators that make something of all that lies between their declared bounds.
 */
bool sl_value_never_missing(const struct sl_operands *s, const struct sl_expr *list);

/* In condition.c: of a condition that ends before `to`, as a value with unknown, or as what is true. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_value_condition(const struct sl_operands *s, const struct sl_expr *e, uint32_t to,
                                            bool filters, struct sl_meaning *out, struct sl_err *err);

#endif
