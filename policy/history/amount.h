/*
 * amount.h - what is added up, so that two sums of which one follows from the other and from how many are added up are
 * one: pay, 2 * pay, 100 - pay and what per_unit made of pay by adding it up; pay + bonus and (bonus + pay) / 2. The
 * terms of a sum of products with numbers, each with its share in it.
 *
 * Only what is exact on its grid is taken apart: pay / 3 and pay * 0.5 rounded are other amounts than pay, and each
 * of them is one. Who has no value has a condition of its own (condition.h): this is about who has one.
 */
#ifndef SL_POLICY_HISTORY_AMOUNT_H
#define SL_POLICY_HISTORY_AMOUNT_H

#include "policy/history/operands.h"

/* More terms than these are taken for one thing, as they are spelled. */
#define SL_AMOUNT_TERMS_MAX 8u

/* sl_amount_of - of a checked expression: equal ones tell each other's sums. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_amount_of(const struct sl_operands *s, const struct sl_expr *e, struct sl_meaning *out,
                                      struct sl_err *err);

#endif
