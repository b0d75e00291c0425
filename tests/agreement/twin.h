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
#define TWIN_FOLDS (WORLD_COLUMNS - 1) /* of every column but the place */
/* Expressions by number: arguments, second ones, where; of each source where and having. */
#define TWIN_WHERE (2 * TWIN_STATS)
#define TWIN_SOURCE(s) (TWIN_WHERE + 1 + 2 * (s))
#define TWIN_EXPRS TWIN_SOURCE(WORLD_TABLES)
#define TWIN_NO_INPUT UINT32_MAX

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
	struct twin_expr exprs[TWIN_EXPRS];
	struct sl_raw raws[WORLD_COLUMNS];      /* every column, for each source that asks */
	struct sl_fold folds[WORLD_TABLES][TWIN_FOLDS];
	struct sl_op fold_ops[WORLD_TABLES][TWIN_FOLDS];
	uint32_t input_at[WORLD_TABLES][WORLD_COLUMNS]; /* of a source's column, or TWIN_NO_INPUT */
	uint32_t groups[TWIN_KEYS];             /* per key */
	uint64_t cells;
};

/*
 * twin_init - draw a plan over the world, and leave in SQLite the table
 *   j (u, kept, cell, g0 … , a0 …, b0 …): a row per joined row; g: key groups; a: arguments (NULL for UNITS and COUNT,
 *   and where a second one is missing); b: second ones
 * The plan borrows from *t.
 */
void twin_init(struct twin *t, struct world *w);

#endif
