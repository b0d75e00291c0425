/*
 * transform.h - what is done to a number before it is shown: policy's transformation, one number at a time.
 *
 * Counts are rounded. A number that is not a count is printed only as finely as the rounded count behind it tells: n
 * known to w in N is known to w/N, and so is what is divided by it. Pure; who adds up is check_transform.c, who looks
 * at what the printed numbers give away together is check_rounding.c.
 */
#ifndef SL_POLICY_TRANSFORM_H
#define SL_POLICY_TRANSFORM_H

#include "enclave/pact/result.h"
#include "enclave/pact/setup.h"

/* Told in records, so that a reader of an old release knows what was done to it. Rises when the same input prints
 * differently. */
#define SL_TRANSFORM_VERSION 1
#define SL_TRANSFORM_BASE_MAX 1000
/* Counts beyond it are not rounded but hidden: sums of them stay within 64 bits. */
#define SL_TRANSFORM_COUNT_MAX ((int64_t)1 << 45)

/* sl_transform_is_known - a transformation of the list, with a base it can have. False refuses. */
bool sl_transform_is_known(const struct sl_rules *rules);
/* sl_transform_is_on - counts are changed. */
bool sl_transform_is_on(const struct sl_rules *rules);
/* sl_transform_draws - enum sl_draws_level: what has to be drawn while rows are read, for these rules to be asked. */
uint8_t sl_transform_draws(const struct sl_rules *rules);
/* sl_transform_name - "none", "round", "midpoint", "random"; "unknown". */
const char *sl_transform_name(const struct sl_rules *rules);

/* sl_transform_words - where counts go, before the base: "to the nearest". Of one that is on. */
const char *sl_transform_words(const struct sl_rules *rules);

/*
 * sl_transform_count - how n units or rows are printed. False: too large; *out is then 0.
 *   draw  in  of who is counted (struct sl_draw), for random rounding: n that is r more than a multiple goes up for the
 *             first r in base of all draws, so that what is printed is n on the average. Else not looked at.
 */
bool sl_transform_count(const struct sl_rules *rules, uint64_t n, uint64_t draw, int64_t *out);

struct sl_interval {
	int64_t lo, hi;
};

/*
 * sl_transform_interval - every count that is printed as `printed`, or may be: a number that sl_transform_count makes.
 * Of fewer than `threshold` units none is shown but 0.
 */
struct sl_interval sl_transform_interval(const struct sl_rules *rules, int64_t printed);
/* sl_transform_least - how many counts an interval must keep when everything printed is put together. */
int64_t sl_transform_least(const struct sl_rules *rules);
/* sl_transform_edge - how many counts the smallest number that may be shown could be. */
int64_t sl_transform_edge(const struct sl_rules *rules);

/*
 * sl_transform_limit - v, which n (printed) rows make up, as finely as n tells: to a step of 1, 2 or 5 times a power of
 * ten that is no less than w/n of v, nor of `one`, half away from zero; w is how many counts print alike.
 *   one  in  what one row may change in the numerator, on v's grid; > 0
 * sl_transform_share - part of whole, both printed, on a grid of 10^-scale, with as many decimals as w/whole has.
 * False: outside int64, or whole is 0.
 */
bool sl_transform_limit(const struct sl_rules *rules, int64_t v, int64_t n, int64_t one, int64_t *out);
bool sl_transform_share(const struct sl_rules *rules, sl_i128 part, sl_i128 whole, int scale, int64_t *out);

#endif
