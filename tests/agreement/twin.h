/*
 * twin.h - a random plan and the same in SQL, drawn together: every operator of the plan has its SQL beside it.
 *
 * SQLite's integers, its three-valued logic, its division toward zero and its x/0 = NULL are the plan's own meaning,
 * and the SQL is written from docs/semantics.md, not from the engine.
 */
#ifndef SL_TEST_AGREEMENT_TWIN_H
#define SL_TEST_AGREEMENT_TWIN_H

#include "enclave/base/buf.h"
#include "enclave/pact/plan.h"
#include "tests/agreement/world.h"

#define TWIN_OPS 64
#define TWIN_SETS 8
#define TWIN_STATS 6
#define TWIN_KEYS 3

struct twin_expr {
	struct sl_op ops[TWIN_OPS];
	struct sl_set sets[TWIN_SETS];
	struct sl_set_item items[TWIN_SETS][2];
};

struct twin {
	struct world *world;
	struct sl_plan plan;
	struct sl_source sources[WORLD_TABLES];
	struct sl_input inputs[WORLD_TABLES * WORLD_COLUMNS];
	struct sl_key keys[TWIN_KEYS];
	struct sl_stat stats[TWIN_STATS];
	struct twin_expr exprs[TWIN_STATS + 1]; /* of the statistics; the last is where's */
	uint32_t groups[TWIN_KEYS];             /* per key */
	uint64_t cells;
};

/*
 * twin_init - draw a plan over the world, and leave in SQLite the table
 *   j (u, kept, cell, g0 … , a0 …): a row per joined row; g: key groups; a: arguments (NULL for UNITS and COUNT)
 * The plan borrows from *t.
 */
void twin_init(struct twin *t, struct world *w);

#endif
