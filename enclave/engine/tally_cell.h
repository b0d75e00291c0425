/*
 * tally_cell.h - a tally's cells from inside: what tally.c and tally_late.c, which fill them, and tally_tell.c, which
 * merges and reads them, have in common.
 */
#ifndef SL_ENGINE_TALLY_CELL_H
#define SL_ENGINE_TALLY_CELL_H

#include "enclave/engine/tally.h"

enum {
	SL_TALLY_ANY = 1,    /* a value was met */
	SL_TALLY_DIFFER = 2, /* and another one */
	SL_TALLY_WIDE = 4,   /* part of the present unit's total is in rest.wide_total */
};

static inline struct sl_tally_block *cell_at(const struct sl_tally *t, uint32_t cell)
{
	return &t->blocks[(size_t)cell * t->nblocks];
}

static inline struct sl_tally_rest *rest_at(const struct sl_tally *t, uint32_t cell, uint32_t arg)
{
	return &t->rests[(size_t)cell * t->nargs + arg];
}

/* Largest three, falling. */
static inline void insert_top(struct sl_tally_rest *rest, int64_t v)
{
	for (uint32_t i = 0; i < 3; i++) {
		int64_t here = rest->top[i];
		rest->top[i] = v > here ? v : here;
		v = v > here ? here : v;
	}
}

/* A value, until it is known that they differ. */
static inline void note_value(struct sl_tally_block *b, struct sl_tally_rest *rest, int64_t value)
{
	if (!(b->flags & SL_TALLY_ANY)) {
		b->flags |= SL_TALLY_ANY;
		rest->value = value;
	} else if (value != rest->value) {
		b->flags |= SL_TALLY_DIFFER;
	}
}

/* Adds to a sum of which what left 64 bits is kept apart. */
static inline void spill_over(int64_t *sum, sl_i128 *wide, int64_t v)
{
	*wide += *sum;
	*sum = v;
}

/*
 * sl_tally_fold_late - a unit total that is not quiet, or takes the sum out of 64 bits: few of most tables. It may
 * wait, and totals behind it be told quiet or not without it: what is quiet stays so. sl_tally_add_late - those that
 * wait.
 */
void sl_tally_fold_late(struct sl_tally *t, struct sl_tally_block *b, struct sl_tally_rest *rest);
void sl_tally_add_late(struct sl_tally *t);

#endif
