/*
 * ways.h - sets and what lies in them, as equations: the ways to add and subtract the sets so that nothing is left, or
 * hardly anything. Used by row_versions.c. Numbers are those of space.h.
 */
#ifndef SL_POLICY_HISTORY_WAYS_H
#define SL_POLICY_HISTORY_WAYS_H

#include <stdbool.h>

#include "enclave/base/err.h"

/* So many times, or a multiple of it in all of its sets, something lies in a set. */
struct sl_way_term {
	uint32_t set, times;
};

/* The ways that are left: of each, how often every set is taken. */
struct sl_ways {
	uint64_t *rows;            /* count of nsets each */
	uint32_t nsets, count;
	uint32_t nsettled;         /* the first of them leave something; the others leave nothing that was asked about */
	uint64_t *left;            /* per way, of the terms at hand */
	uint64_t work;             /* so far */
};

/* sl_ways_init - any way, of nsets sets. SL_E_NOMEM; sl_ways_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_ways_init(struct sl_ways *w, uint32_t nsets, struct sl_err *err);
/* sl_ways_copy - into `to`, as sl_ways_init. */
SL_MUST_CHECK enum sl_rc sl_ways_copy(const struct sl_ways *from, struct sl_ways *to, struct sl_err *err);
void sl_ways_fini(struct sl_ways *w);
const uint64_t *sl_ways_row(const struct sl_ways *w, uint32_t i);

/* sl_ways_left - what a way leaves of some terms. */
uint64_t sl_ways_left(const uint64_t *way, const struct sl_way_term *terms, uint32_t n);
/* sl_ways_without - keep the ways that leave nothing of the terms. */
void sl_ways_without(struct sl_ways *w, const struct sl_way_term *terms, uint32_t n);
/*
 * sl_ways_settle - one way more leaves something of the terms, and no other: false where those that leave nothing so
 * far leave nothing of these either.
 */
bool sl_ways_settle(struct sl_ways *w, const struct sl_way_term *terms, uint32_t n);
/*
 * sl_ways_order - of those that leave nothing, each has a set that no other way takes: the first that it can, in the
 * order given, of all nsets sets.
 */
void sl_ways_order(struct sl_ways *w, const uint32_t *order);

#endif
