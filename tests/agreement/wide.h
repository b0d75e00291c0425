/*
 * wide.h - a random plan of everything a plan can say: sources with where, folds and having, all joins, all
 * statistics. SQL cannot say all of it exactly; naive.h can.
 */
#ifndef SL_TEST_AGREEMENT_WIDE_H
#define SL_TEST_AGREEMENT_WIDE_H

#include "enclave/base/buf.h"
#include "enclave/pact/plan.h"
#include "tests/agreement/world.h"

#define WIDE_OPS 96
#define WIDE_SETS 8
#define WIDE_SOURCES 4
#define WIDE_STATS 6
#define WIDE_FOLDS 5
#define WIDE_KEYS 3
#define WIDE_INPUTS 32
#define WIDE_EXPRS (WIDE_SOURCES * (WIDE_FOLDS + 2) + 2 * WIDE_STATS + 1)

struct wide_expr {
	struct sl_op ops[WIDE_OPS];
	struct sl_set sets[WIDE_SETS];
	struct sl_set_item items[WIDE_SETS][2];
};

struct wide {
	struct world *world;
	struct sl_plan plan;
	struct sl_source sources[WIDE_SOURCES];
	struct sl_raw raws[WIDE_SOURCES][WORLD_COLUMNS];
	struct sl_fold folds[WIDE_SOURCES][WIDE_FOLDS];
	struct sl_input inputs[WIDE_INPUTS];
	struct sl_key keys[WIDE_KEYS];
	struct sl_stat stats[WIDE_STATS];
	struct wide_expr exprs[WIDE_EXPRS];
	uint32_t nexprs;
};

/* wide_init - draw a plan over the world; it borrows from *d. wide_text - the plan for a message. */
void wide_init(struct wide *d, struct world *w);
void wide_text(const struct wide *d, struct sl_buf *out);

#endif
