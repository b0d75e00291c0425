/*
 * wide.h - exact integers of 4096 bits and a sign, for values made of products of sums: no floating point anywhere.
 *
 * So wide are the products of determinants of the sums of eight x (rules/model.c). A number that leaves 4096 bits sets
 * `overflow`, which every operation passes on and every question about the number answers with false. Zero has no sign.
 */
#ifndef SL_POLICY_WIDE_H
#define SL_POLICY_WIDE_H

#include "enclave/base/num.h"

#define SL_WIDE_LIMBS 64

/* Zeroed is 0. */
struct sl_wide {
	uint64_t limb[SL_WIDE_LIMBS]; /* magnitude, least significant first */
	bool negative;
	bool overflow;
};

struct sl_wide sl_wide_of(sl_i128 v);
struct sl_wide sl_wide_add(struct sl_wide a, struct sl_wide b);
struct sl_wide sl_wide_sub(struct sl_wide a, struct sl_wide b);
struct sl_wide sl_wide_mul(struct sl_wide a, struct sl_wide b);

/* sl_wide_div - a / b without the rest; an overflow for b zero. */
struct sl_wide sl_wide_div(struct sl_wide a, struct sl_wide b);

/* sl_wide_sign - -1, 0 or 1 of a number that did not overflow. sl_wide_cmp_abs - the same of |a| - |b|. */
int sl_wide_sign(const struct sl_wide *a);
int sl_wide_cmp_abs(const struct sl_wide *a, const struct sl_wide *b);

/*
 * sl_wide_div_round - a / b, half away from zero. sl_wide_root_round - the square root of a / b, half away from zero,
 * for a not negative and b positive.
 * False: an overflow, division by zero, a root of what is negative, or a result outside int64; *out is then 0.
 */
bool sl_wide_div_round(struct sl_wide a, struct sl_wide b, int64_t *out);
bool sl_wide_root_round(struct sl_wide a, struct sl_wide b, int64_t *out);

#endif
