/*
 * bends.h - arithmetic that treats some rows otherwise than others, though it has no condition in it.
 *
 * A quotient is rounded to its decimals: age / 194000000 is 0.000001 from 97 on, and 0 below. Where different values
 * become the same, that is a step, wherever the author wants it. And where a column is set against itself after it
 * was rounded, or after an abs, as in abs(age - 96) - abs(age - 97), all that is left may be such a step.
 */
#ifndef SL_RULES_BENDS_H
#define SL_RULES_BENDS_H

#include "enclave/pact/plan.h"
#include "policy/rules/reach.h"

/* What is known of the inputs of an expression. */
struct sl_bends_inputs {
	struct sl_reach reach[SL_INPUTS_MAX];
	uint64_t same[SL_INPUTS_MAX]; /* a bit for each input made of the same rows: itself, other folds of its table */
	uint64_t bent;                /* those that were rounded, or bent, before */
};

enum sl_bend {
	SL_BEND_APART = 0, /* some rows are treated otherwise than others, or it is not known */
	SL_BEND_BENT,      /* rounded, or an abs: nothing may be set against it that reads the same */
	SL_BEND_NONE
};

/* sl_bends - what an expression, or a list of them, does to the rows. */
enum sl_bend sl_bends(const struct sl_expr *expr, const struct sl_bends_inputs *inputs);

#endif
