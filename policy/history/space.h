/*
 * space.h - the space of all sums and differences of rows. Used by combinations.c, unions.c and versions.c; its numbers
 * by equations.c, too.
 *
 * Modulo a prime of 61 bits, so that it stays exact and short. Where a determinant happens to be a multiple of that
 * prime something could be missed or found too much: one chance in 2^61, and nobody chooses it.
 */
#ifndef SL_POLICY_HISTORY_SPACE_H
#define SL_POLICY_HISTORY_SPACE_H

#include <stdbool.h>

#include "enclave/base/err.h"

struct sl_space {
	uint64_t *rows;      /* nrows × ncolumns; after sl_space_reduce the first `rank` are in reduced form */
	uint32_t nrows, ncolumns, rank;
	uint32_t *pivot;     /* per reduced row, rising: its first column; no other reduced row has anything there */
	uint64_t *row;       /* one more, to be asked about */
};

/* sl_space_init - all zero. SL_E_NOMEM; sl_space_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_space_init(struct sl_space *s, uint32_t nrows, uint32_t ncolumns, struct sl_err *err);
void sl_space_fini(struct sl_space *s);

uint64_t *sl_space_row(const struct sl_space *s, uint32_t r);
/* sl_space_plus, _minus, _times - x + y, x - y, x × y, of two remainders. sl_space_inverse - 1 / x, of any but 0. */
uint64_t sl_space_plus(uint64_t x, uint64_t y);
uint64_t sl_space_minus(uint64_t x, uint64_t y);
uint64_t sl_space_times(uint64_t x, uint64_t y);
uint64_t sl_space_inverse(uint64_t x);
/* sl_space_mixed - a number for x, such that different x add up to the same one time in 2^64. */
uint64_t sl_space_mixed(uint64_t x);
void sl_space_reduce(struct sl_space *s);
/* sl_space_is_told - whether s->row is a combination of the reduced rows; it is used up. */
bool sl_space_is_told(struct sl_space *s);
/* sl_space_is_told_in - the same of the first ncolumns columns alone; in the others stands what the rows left there. */
bool sl_space_is_told_in(struct sl_space *s, uint32_t ncolumns);

#endif
