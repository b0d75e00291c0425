/*
 * batch.h - rows on their way through the engine, column by column: what source.c, join.c and engine.c hand on.
 */
#ifndef SL_ENGINE_BATCH_H
#define SL_ENGINE_BATCH_H

#include "enclave/pact/plan.h"

#define SL_BATCH_ROWS 2048

/* Whether a row counts. */
enum sl_row_mark {
	SL_ROW_LEFT_OUT = 0, /* a filter left it out: its unit may belong to the complement */
	SL_ROW_KEPT = 1,
	SL_ROW_ABSENT = 2,   /* a table of an inner join lacks its unit: there is no such row */
};

/* Where units end, each of them once: the rows of the u-th end before ends[u]. n 0: it is not told. */
struct sl_unit_ends {
	const uint16_t *ends;
	uint32_t n;
	const int64_t *units; /* the u-th; NULL: look among the rows' */
};

/* Arrays by plan.inputs[], or by the columns of one source. Borrowed until the next call of who made it. */
struct sl_batch {
	uint32_t rows;         /* at most SL_BATCH_ROWS; 0: the end */
	const int64_t *units;  /* not falling; NULL: `ends` has them */
	const int64_t *values[SL_INPUTS_MAX];
	const uint8_t *nulls[SL_INPUTS_MAX]; /* 1: missing, the value is then anything; NULL: none is */
	/* Of inputs that all rows of a unit share, by unit as in `ends`; by row only where an expression reads them. */
	const int64_t *unit_values[SL_INPUTS_MAX];
	const uint8_t *unit_nulls[SL_INPUTS_MAX];
	struct sl_unit_ends ends;
	const uint8_t *marks;  /* enum sl_row_mark per row; NULL: all are kept */
	bool none_kept;        /* no row is: values and nulls are not told */
};

/* The unit of its first row, of its last one; it has a row. */
static inline int64_t sl_batch_first_unit(const struct sl_batch *b)
{
	return b->units != NULL ? b->units[0] : b->ends.units[0];
}

static inline int64_t sl_batch_last_unit(const struct sl_batch *b)
{
	return b->units != NULL ? b->units[b->rows - 1] : b->ends.units[b->ends.n - 1];
}

#endif
