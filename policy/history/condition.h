/*
 * condition.h - values and conditions of a plan as what they mean, so that spellings of one condition are one: the
 * order of AND, OR, + and *, doubles, NOT at any depth, comparisons with a number either way round and on any grid,
 * lists, `between`, equalities of conditions, is null. Not: arithmetic (x + 1 > 4 is not x > 3), what follows from
 * three conditions, distribution of AND over OR.
 *
 * Two with one meaning are the same for every row, missing values included; two with different ones may be.
 */
#ifndef SL_POLICY_HISTORY_CONDITION_H
#define SL_POLICY_HISTORY_CONDITION_H

#include "policy/history/operands.h"

/* sl_condition_value - of a checked expression: the same value of every row, missing where it is. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_condition_value(const struct sl_operands *s, const struct sl_expr *e,
                                            struct sl_meaning *out, struct sl_err *err);

/* sl_condition_filter - of a checked condition, none included: true of the same rows. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_condition_filter(const struct sl_operands *s, const struct sl_expr *e,
                                             struct sl_meaning *out, struct sl_err *err);

/*
 * sl_condition_parts - of a checked condition, none included: append what a row must all meet for it to be true. What
 * AND puts together stays apart, so that fewer conditions are seen to let more through. Fails: SL_E_LIMIT (more than
 * SL_PREDICATE_PARTS_MAX), SL_E_NOMEM.
 * sl_condition_unions - of those, which ask for one of a few values: appended, as sl_clause_unions does.
 * sl_condition_known - the same of: has a value. sl_condition_key - of: is in this group of the plan's key; as a
 * condition on the key's column would say it.
 */
SL_MUST_CHECK enum sl_rc sl_condition_parts(const struct sl_operands *s, const struct sl_expr *e,
                                            struct sl_predicate_part *parts, uint32_t *n, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_condition_unions(const struct sl_operands *s, const struct sl_expr *e,
                                             struct sl_condition_unions *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_condition_known(const struct sl_operands *s, const struct sl_expr *e,
                                            struct sl_predicate_part *parts, uint32_t *n, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_condition_key(const struct sl_operands *s, uint32_t key, uint32_t group,
                                          struct sl_predicate_part *parts, uint32_t *n, struct sl_err *err);

#endif
