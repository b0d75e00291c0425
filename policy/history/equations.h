/*
 * equations.h - linear equations, most of whose terms are none: which numbers follow from which. Used by
 * policy/check_beside_left.c; space.h does the same where most terms are there.
 *
 * Columns are unknowns, and behind them columns of what is not looked for, which stay as they fall out: of which
 * equations an answer was made. Modulo the prime of space.h, with what is said there of it.
 */
#ifndef SL_POLICY_HISTORY_EQUATIONS_H
#define SL_POLICY_HISTORY_EQUATIONS_H

#include <stdbool.h>

#include "enclave/base/err.h"

struct sl_equation_term {
	uint64_t factor;
	uint32_t column;
};

struct sl_equations {
	uint32_t nunknowns, ncolumns;
	struct sl_equation_term *terms;
	uint32_t nterms, terms_cap;
	uint32_t *first;      /* terms[first[r]] … terms[first[r + 1] - 1] of row r, rising: its first one has factor 1 */
	uint32_t nrows;
	uint32_t *row_of;     /* per unknown: 1 + the row that it is the first of */
	uint64_t *at;         /* per column: of one more row, that is made or asked about */
	uint64_t *marks;      /* a bit for each column where that one may be other than 0 */
	uint64_t *work;       /* steps that are left, the caller's; 0: it was given up, and nothing of it is so */
};
#define SL_EQUATIONS_TERMS_MAX (1u << 22)

/* sl_equations_init - work is borrowed. SL_E_NOMEM; sl_equations_free also after failure, and accepts a zeroed one. */
SL_MUST_CHECK enum sl_rc sl_equations_init(struct sl_equations *e, uint32_t nunknowns, uint32_t nothers, uint64_t *work,
                                           struct sl_err *err);
void sl_equations_free(struct sl_equations *e);

/* sl_equations_clear - the row that is made has nothing in it. sl_equations_add - so much more, of a remainder. */
void sl_equations_clear(struct sl_equations *e);
void sl_equations_add(struct sl_equations *e, uint32_t column, uint64_t factor);
/*
 * sl_equations_reduce - the row less what the kept ones say of it.
 *   from   in  columns before it stay as they are
 *   whole  in  false: only until an unknown is found of which they say nothing
 * Returns the first unknown that is left; nunknowns: none, the kept rows tell it.
 */
uint32_t sl_equations_reduce(struct sl_equations *e, uint32_t from, bool whole);
/* sl_equations_keep - the row as far as it is new, as a row of its own; it is cleared. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_equations_keep(struct sl_equations *e, struct sl_err *err);
/* sl_equations_take - a kept row becomes the one that is made. sl_equations_next - its next column that is not 0. */
void sl_equations_take(struct sl_equations *e, uint32_t row);
uint32_t sl_equations_next(const struct sl_equations *e, uint32_t from);

#endif
