/*
 * lattice.h - whole numbers, none negative, that solve a few linear equations: what is known of some of them together.
 *
 * How many rows have each of a few values is such a system: a count, a sum and a sum of squares are equations of it.
 * Who reads them knows of a value what all solutions have in common. Pure; allocates nothing.
 */
#ifndef SL_RULES_LATTICE_H
#define SL_RULES_LATTICE_H

#include "enclave/base/num.h"

#define SL_LATTICE_UNKNOWNS 6

/* Solutions in whole numbers: at, and any whole multiples of steps[0..nsteps) added to it. */
struct sl_lattice {
	uint32_t n;
	sl_i128 at[SL_LATTICE_UNKNOWNS];
	sl_i128 steps[SL_LATTICE_UNKNOWNS][SL_LATTICE_UNKNOWNS];
	uint32_t nsteps;
	bool none;     /* an equation has no solution beside the others */
	bool lost;     /* a number left 120 bits: nothing is known */
};

/* sl_lattice_open - n unknowns, at most SL_LATTICE_UNKNOWNS, that add up to `sum`. */
void sl_lattice_open(struct sl_lattice *l, uint32_t n, sl_i128 sum);

/* sl_lattice_add - one more equation: of[0] · x[0] + of[1] · x[1] + … = sum. */
void sl_lattice_add(struct sl_lattice *l, const sl_i128 *of, sl_i128 sum);

enum sl_lattice_known { SL_LATTICE_UNSURE = 0, SL_LATTICE_YES, SL_LATTICE_NO };

/*
 * sl_lattice_tells - whether in every solution the unknowns of `mask` (bit i: the i-th) add up to 1 … few.
 *   least  out  of YES and UNSURE: they are at least so many, 1 where that was not worked out
 * UNSURE: the lattice is lost, three equations or more are wanting, or no other solution was found by as many tries as
 * are made; then there may be one. Where there is no solution at all nothing is told: NO.
 */
enum sl_lattice_known sl_lattice_tells(const struct sl_lattice *l, uint32_t mask, sl_i128 few, sl_i128 *least);

#endif
