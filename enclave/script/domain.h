/*
 * domain.h - text and lists: comparisons that become membership in a set of domain codes or numbers.
 */
#ifndef SL_SCRIPT_DOMAIN_H
#define SL_SCRIPT_DOMAIN_H

#include "enclave/script/emit.h"

/*
 * sl_domain_compare - text column op waiting text; the result is in *column. Refuses labels outside the
 * domain, and order with (other).
 */
SL_MUST_CHECK enum sl_rc sl_domain_compare(struct sl_emit *e, enum sl_opcode op, size_t at, struct sl_operand *column,
                                           const struct sl_operand *text);

/* sl_domain_between - lo ≤ x ≤ hi by byte order of the labels; the result is in *x. */
SL_MUST_CHECK enum sl_rc sl_domain_between(struct sl_emit *e, size_t at, struct sl_operand *x,
                                           const struct sl_operand *lo, const struct sl_operand *hi);

/*
 * x in (…): sl_domain_set_new makes an empty set; set_add_text adds the waiting operand `item` for a text column x;
 * set_add_number adds a constant for a number or date x (a number that x's grid cannot hold equals none of its
 * values and is left out); set_emit closes it; the result is in *x.
 */
SL_MUST_CHECK enum sl_rc sl_domain_set_new(struct sl_emit *e, size_t at, uint32_t *set);
SL_MUST_CHECK enum sl_rc sl_domain_set_add_text(struct sl_emit *e, uint32_t set, const struct sl_operand *x,
                                                const struct sl_operand *item);
SL_MUST_CHECK enum sl_rc sl_domain_set_add_number(struct sl_emit *e, uint32_t set, const struct sl_operand *x,
                                                  size_t at, const struct sl_op *constant);
SL_MUST_CHECK enum sl_rc sl_domain_set_emit(struct sl_emit *e, size_t at, uint32_t set, struct sl_operand *x);

#endif
