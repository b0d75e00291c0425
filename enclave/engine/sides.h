/*
 * sides.h - on which side of brackets the rows of units lie, where all rows of a unit are in one cell; what lies inside
 * is held. Used by bracket.c.
 *
 * There are two ways with one outcome: for any processor, and sixteen rows at once for those that can (x86-64 with
 * AVX-512 BITALG and VBMI2), which is asked for as the program runs.
 */
#ifndef SL_ENGINE_SIDES_H
#define SL_ENGINE_SIDES_H

#include "enclave/engine/bracket.h"

/* Rows of a unit, or of a part of one: below a bracket, and not above it. The first one inside, if there is one. */
struct sl_sides {
	uint32_t below, upto, first;
};

/* Numbers whose order without a sign is that of values: one subtraction tells below from not, and inside from above. */
#define SL_SIDES_UNSIGNED(v) ((uint64_t)(v) ^ UINT64_C(1) << 63)

/* No more rows than a block's end has room for. Without a branch: where a row lies cannot be guessed. */
static inline __attribute__((always_inline)) void sl_sides_of_few(struct sl_bracket_cell *c, uint32_t k,
                                                                  struct sl_held *h, const int64_t *values,
                                                                  uint32_t rows, bool near, struct sl_sides *s)
{
	uint64_t lo = SL_SIDES_UNSIGNED(c->of[k].lo), wide = SL_SIDES_UNSIGNED(c->of[k].hi) - lo, over, far = 0;
	uint32_t below = 0, at = c->end[k].at, before = at;
	int64_t *held = h->values;
	int32_t *held_near = h->values;
	uint8_t *marks = h->marks;

	for (uint32_t r = 0; r < rows; r++) {
		int64_t v = values[r];
		if (near)
			held_near[at] = (int32_t)v;
		else
			held[at] = v;
		marks[at] = 0;
		below += __builtin_sub_overflow(SL_SIDES_UNSIGNED(v), lo, &over);
		at += over <= wide;
		far |= (uint64_t)v + SL_HELD_NEAR;
	}
	if (near && far >= 2 * SL_HELD_NEAR)
		h->overran = true;
	c->end[k].at = at;
	s->below += below;
	s->upto += below + at - before;
}

/* sl_sides_of_rows - rows from..end, that all count. Those inside of the k-th bracket go to its list. */
static inline struct sl_sides sl_sides_of_rows(struct sl_bracket_cell *c, uint32_t k, struct sl_held *h, uint32_t list,
                                               uint32_t from, uint32_t end, const int64_t *values)
{
	struct sl_sides s = { 0 };

	for (uint32_t r = from; r < end; r += SL_HELD_STEP_ROWS) {
		uint32_t rows = end - r < SL_HELD_STEP_ROWS ? end - r : SL_HELD_STEP_ROWS;
		if (c->end[k].at >= c->end[k].full)
			sl_held_turn(h, list, &c->end[k]);
		s.first = s.upto == s.below ? c->end[k].at : s.first;
		if (h->near)
			sl_sides_of_few(c, k, h, values + r, rows, true, &s);
		else
			sl_sides_of_few(c, k, h, values + r, rows, false, &s);
	}
	return s;
}

/* Units of a batch, from the u-th on and before the to-th, none of which has a row in another batch. */
struct sl_sides_order {
	struct sl_unit_ends ends;
	uint32_t u, to;
	uint32_t rows;             /* of the batch */
	const uint32_t *cells;     /* by unit */
	const int64_t *values;     /* by row */
	bool two;                  /* both brackets of a pair are asked, else the first */
};

/* sl_sides_of_units - into their cells: counted by their flags, with their rows (sl_bracket_sums); u > 0. */
void sl_sides_of_units(struct sl_bracket_cell *of, struct sl_held *h, const struct sl_sides_order *order);

/* sl_sides_anywhere - the same on any processor, whatever this one can; sl_sides_has_vectors - it can more. */
void sl_sides_anywhere(struct sl_bracket_cell *of, struct sl_held *h, const struct sl_sides_order *order);
bool sl_sides_has_vectors(void);

#endif
