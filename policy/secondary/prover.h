/*
 * prover.h - looks for tables that could be the true one. Not trusted: what it finds witness.c judges, and what it does
 * not find counts as not to be had, which hides more than needed and never less.
 */
#ifndef SL_POLICY_SECONDARY_PROVER_H
#define SL_POLICY_SECONDARY_PROVER_H

#include "policy/secondary/system.h"

struct sl_prover {
	const struct sl_system *s;   /* indexed */
	int64_t *values;             /* the table at hand, one per fact */
	int64_t *residual;           /* per equation: what is missing to 0 */
	uint32_t *open;              /* equations with a residual, in no order */
	uint32_t *open_at;           /* per equation: 1 + its place in open; 0: none */
	uint32_t nopen;
	uint8_t *moved;              /* per fact: the search has set it */
	uint32_t *dead_ends;         /* per equation: how often the last search gave up there */
	uint64_t steps_left, seed;
	uint64_t steps_taken;        /* by all searches */
};

/* sl_prover_init - SL_E_NOMEM; sl_prover_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_prover_init(struct sl_prover *p, const struct sl_system *s, struct sl_err *err);
void sl_prover_fini(struct sl_prover *p);

/*
 * sl_prover_find - a table in which the primary is `target`; in p->values until the next call. False: none was found,
 * and dead_ends says where.
 */
bool sl_prover_find(struct sl_prover *p, uint32_t primary, int64_t target);

#endif
