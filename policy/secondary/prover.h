/*
 * prover.h - looks for tables that could be the true one. Not trusted: what it finds witness.c judges, and what it does
 * not find counts as not to be had, which hides more than needed and never less.
 */
#ifndef SL_POLICY_SECONDARY_PROVER_H
#define SL_POLICY_SECONDARY_PROVER_H

#include "policy/secondary/network.h"

/* Some tens of milliseconds, where equations are long. */
#define SL_SEARCH_WORK_MAX UINT64_C(20000000)

struct sl_prover {
	const struct sl_system *s;   /* indexed */
	int64_t *values;             /* the table at hand, one per fact; the true ones but for those in moved_facts */
	uint32_t *moved_facts;
	uint32_t nmoved;
	int64_t *residual;           /* per equation: what is missing to 0 */
	uint32_t *hidden_terms;      /* per equation, where its terms are: those of numbers that can move come first */
	uint32_t *nhidden;           /* per equation: how many */
	uint32_t *open;              /* equations with a residual, in no order */
	uint32_t *open_at;           /* per equation: 1 + its place in open; 0: none */
	uint32_t nopen;
	uint8_t *moved;              /* per fact: the search has set it */
	uint32_t *dead_ends;         /* per equation: how often the last search gave up there */
	uint32_t steps_left;
	uint8_t *freed;              /* per fact: for the primary of the search at hand it is not known that nobody is there */
	struct sl_network network;
	bool by_paths;               /* how the table at hand was found */
	uint64_t seed;
	uint64_t work;               /* terms and numbers looked at by all searches; who uses them may add their own */
	uint64_t work_end;           /* of the search at hand */
	uint64_t search_work;        /* each may do so much; may be set */
};

/* sl_prover_init - SL_E_NOMEM; sl_prover_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_prover_init(struct sl_prover *p, const struct sl_system *s, struct sl_err *err);
void sl_prover_fini(struct sl_prover *p);

/* sl_prover_changed - the number's state is another one now. */
void sl_prover_changed(struct sl_prover *p, uint32_t fact);

/*
 * sl_prover_find - a table in which the primary is `target`; in p->values, with what differs from the true one in
 * p->moved_facts, until the next call. False: none was found, and dead_ends says where. A call's work is bounded.
 */
bool sl_prover_find(struct sl_prover *p, uint32_t primary, int64_t target);

/*
 * sl_prover_find_hiding - the same, where there is one by paths (network.h) and shown numbers may be moved as well:
 * those that are must be hidden, and are cheap to hide. Ties go by `key`.
 *   banned  in  a row that stays shown; UINT32_MAX: none
 */
bool sl_prover_find_hiding(struct sl_prover *p, uint32_t primary, int64_t target, uint32_t banned, uint64_t key);

/*
 * sl_prover_blocked - of the last search, by sl_prover_find in a network, that found no table with `target`: all that
 * is hidden between one part of the network and the other goes as far as it can, and it does not do. How far each
 * number that leads there could go, shown or hidden; 0 for all others.
 *   room  out  per fact
 * Returns how far they would have to go together.
 */
int64_t sl_prover_blocked(struct sl_prover *p, uint32_t primary, int64_t target, int64_t *room);

#endif
