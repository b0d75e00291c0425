/*
 * network.h - a system in which every number stands in at most two equations, once on either side: a table with its
 * totals, also where the groups of one key lie in larger ones. To move a number is then to carry so much from one of
 * its equations to the other, and what a change leaves unmet is carried back along a path of other numbers: found by
 * shortest paths, with none overlooked, and whole numbers stay whole (Ahuja, Magnanti and Orlin, Network Flows, 1993,
 * chapter 9; for hidden cells Castro, Operations Research 60 (2012) 1463).
 *
 * A number of a table with the totals of three keys stands in three equations, and so there are no such paths. But
 * among the numbers that one of the three adds up they are, and leave that one met: a slice of the table.
 *
 * Part of prover.c, and as little trusted.
 */
#ifndef SL_POLICY_SECONDARY_NETWORK_H
#define SL_POLICY_SECONDARY_NETWORK_H

#include "policy/secondary/system.h"

struct sl_network {
	bool whole;                /* of the whole system; else it is none, and there are slices */
	uint32_t nnodes;           /* an equation each; node 0 is outside of all */
	uint32_t *members, nmembers;  /* the facts that may move */
	uint32_t *from, *to;       /* per fact: to raise it by one is to carry one from node to node */
	uint32_t *first_arc;       /* arcs[first_arc[n]] … arcs[first_arc[n + 1] - 1] are the facts at node n, */
	uint32_t *arcs, *nhidden;  /* the hidden ones first; */
	uint32_t *ends;            /* per arc: the node at its other end */
	int8_t *sign;              /* per equation: which side of it is turned round */
	uint32_t *queue;
	uint64_t *distance;        /* per node, of the path at hand */
	uint32_t *by;              /* per node: the fact it is reached by */
	uint8_t *settled;
	struct sl_network_entry *heap;
	uint32_t nheap;
	uint64_t serial;
	uint32_t *path, npath;     /* the facts of the path found last */
};

/* What is to be carried. */
struct sl_route {
	uint32_t source, sink;     /* nodes */
	int64_t wanted;            /* > 0 */
	uint32_t fixed;            /* a fact that stays as it is */
	uint32_t banned;           /* a row that is not hidden */
	bool may_hide;             /* shown numbers may be moved, the cheapest to hide */
	const uint8_t *freed, *moved;  /* per fact: see prover.h */
	uint64_t key;
};

/* sl_network_init - of an indexed system: the whole, if it is a network. SL_E_NOMEM; sl_network_fini also then. */
SL_MUST_CHECK enum sl_rc sl_network_init(struct sl_network *n, const struct sl_system *s, struct sl_err *err);
void sl_network_fini(struct sl_network *n);

/*
 * sl_network_slice - of what is not whole, the numbers that stand in all of the fact's equations but two: places a
 * and b of it, a < b. Until the next call. Returns the numbers looked at.
 */
uint64_t sl_network_slice(struct sl_network *n, const struct sl_system *s, uint32_t fact, uint32_t a, uint32_t b);

/* sl_network_changed - the number's state is another one now. Returns the numbers looked at. */
uint64_t sl_network_changed(struct sl_network *n, const struct sl_system *s, uint32_t fact);

/*
 * sl_network_carry - along one path, as much as it holds; values are changed, and path says whose.
 *   work  in/out  the numbers looked at are added
 * Returns how much, 0: there is no path.
 */
int64_t sl_network_carry(struct sl_network *n, const struct sl_system *s, const struct sl_route *r, int64_t *values,
                         uint64_t *work);

/*
 * sl_network_room - after a sl_network_carry that found no path: how far the fact could go from its true value on a way
 * from the nodes that were reached to the others. 0: it does not lead there, or stays as it is.
 */
int64_t sl_network_room(const struct sl_network *n, const struct sl_system *s, const struct sl_route *r, uint32_t fact);

#endif
