/*
 * bracket.h - order statistics in the pass that makes the evidence, where it is known beforehand between which two
 * values each will lie. Used by order.c and lane.c.
 *
 * Rows outside of a bracket are only counted, and so are the units with a row on either side; rows inside are held, to
 * be searched in memory afterwards (held.h). Whether a bracket had the value in it is then known for certain. What
 * is held is bounded by what was set aside: a bracket that holds too much, or misses, costs another search and changes
 * no number.
 */
#ifndef SL_ENGINE_BRACKET_H
#define SL_ENGINE_BRACKET_H

#include "enclave/engine/held.h"

/* Two quantiles of an argument share a look at its rows. */
#define SL_BRACKET_PAIR 2u
#define SL_BRACKET_FLAGS (1u << 2 * SL_BRACKET_PAIR) /* bit 2k: below the k-th bracket, bit 2k + 1: above it */

struct sl_bracket {
	int64_t lo, hi;        /* both inside */
};

/* The same among values from -SL_HELD_NEAR on and below it, which are compared by 32 bits. */
struct sl_bracket_near {
	int32_t lo, hi;
};

/* Rows and units that were told as a whole (sides.h), and rows below each bracket, told as a whole or not. */
struct sl_bracket_sums {
	uint32_t below[SL_BRACKET_PAIR];
	uint32_t rows, units;
};

/* Counts fit: a table has fewer than 2^32 rows. What every unit touches lies in two lines of the processor's cache. */
struct sl_bracket_cell {
	struct sl_bracket_near near[SL_BRACKET_PAIR];
	struct sl_held_end end[SL_BRACKET_PAIR]; /* of what is inside */
	struct sl_bracket_sums sums;
	uint32_t most_rows;                   /* of a unit that was told as a whole */
	uint32_t tag;                         /* of the last unit that was not, its ordinal + 1; 0: none yet */
	uint32_t met;                         /* that unit's flags, and where it has rows inside */
	uint32_t unused;
	uint32_t units[SL_BRACKET_FLAGS];     /* by all flags of their rows; that unit not yet */
	struct sl_bracket of[SL_BRACKET_PAIR];
	uint32_t first[SL_BRACKET_PAIR];      /* that unit's first row inside */
	uint64_t unused_too[3];
};
_Static_assert(sizeof(struct sl_bracket_cell) == 192, "a cell is three cache lines");

struct sl_bracket_pair {
	uint32_t arg, n;                   /* of the work's arguments; 1 or 2 quantiles */
	uint32_t at[SL_BRACKET_PAIR];      /* which, among all */
	uint32_t p[SL_BRACKET_PAIR];       /* in ten-thousandths */
};

struct sl_brackets {
	uint32_t ncells, nquantiles, nlanes;
	struct sl_bracket_pair pairs[SL_STATS_MAX];
	uint32_t npairs;                   /* 0: there are no brackets */
	struct sl_bracket_cell *cells;     /* [lane][pair][cell] */
	struct sl_held *held;              /* [lane][pair]; lists: sl_brackets_list */
};

/* sl_brackets_bytes - memory of all but what is held. */
uint64_t sl_brackets_bytes(const struct sl_brackets *b);
/*
 * sl_brackets_init - b->ncells, nquantiles, nlanes and pairs are set, the rest is zero. All brackets are then without
 * an end, and nothing is held before there is room (sl_held_init). SL_E_NOMEM; sl_brackets_fini also after failure, and
 * zeroes.
 */
SL_MUST_CHECK enum sl_rc sl_brackets_init(struct sl_brackets *b, struct sl_err *err);
void sl_brackets_fini(struct sl_brackets *b);

static inline struct sl_held *sl_brackets_held(const struct sl_brackets *b, uint32_t lane, uint32_t pair)
{
	return &b->held[(size_t)lane * b->npairs + pair];
}

/* What is held in a cell for the k-th of a pair: a list of its store. */
static inline uint32_t sl_brackets_list(uint32_t cell, uint32_t k)
{
	return cell * SL_BRACKET_PAIR + k;
}

/* sl_brackets_lists - that of all threads. */
struct sl_held_lists sl_brackets_lists(const struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell);

/* sl_bracket_near - of a bracket. */
struct sl_bracket_near sl_bracket_near(struct sl_bracket bracket);

/* sl_brackets_set - for every thread; before the pass. */
void sl_brackets_set(struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell, struct sl_bracket bracket);

struct sl_bracket sl_brackets_of(const struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell);

/*
 * sl_brackets_add - one thread's rows, units whole, in order. sl_brackets_add_units - the same where all rows are
 * kept, none lacks a value, and those of a unit are in one cell: cells are told by unit, as batch->ends has them;
 * batch->units is not looked at. sl_brackets_end - after the last, once.
 */
void sl_brackets_add(const struct sl_brackets *b, uint32_t lane, uint32_t pair, const struct sl_batch *batch,
                     const uint8_t *marks, const uint32_t *cells, const struct sl_computed *arg);
void sl_brackets_add_units(const struct sl_brackets *b, uint32_t lane, uint32_t pair, const struct sl_batch *batch,
                           const uint32_t *unit_cells, const int64_t *values);
void sl_brackets_end(struct sl_brackets *b);

/* What was counted around one bracket, of all threads. */
struct sl_bracket_around {
	uint64_t rows_below, rows_inside;
	uint64_t units_below, units_above; /* with a row there */
};

/* sl_brackets_around - of an ended pass. */
struct sl_bracket_around sl_brackets_around(const struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell);

/* sl_brackets_cell - what one thread counted. */
const struct sl_bracket_cell *sl_brackets_cell(const struct sl_brackets *b, uint32_t lane, uint32_t pair,
                                               uint32_t cell);

#endif
