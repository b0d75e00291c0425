/*
 * layout.h - a row of a table as few bytes: the unit's ordinal, each value above its column's minimum in as many bytes
 * as its declared range takes, and a bit per column that may be missing.
 *
 * Rows stand so in memory and, enciphered, in the spill. Equal rows are equal bytes. Nothing of it is kept when the
 * process ends, so numbers lie in the machine's own order.
 */
#ifndef SL_LOAD_LAYOUT_H
#define SL_LOAD_LAYOUT_H

#include <stdbool.h>
#include <string.h>

#include "enclave/pact/load.h"

/* Bytes that may be written and read behind a row: values are moved eight bytes at a time. */
#define SL_LAYOUT_SLACK 8u
/* Ordinals are 32 bits. */
#define SL_LAYOUT_UNITS_MAX UINT32_MAX

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the low bytes of a number come first");

struct sl_layout_column {
	int64_t lo, hi;
	uint64_t mask;      /* of the bytes that are the column's */
	uint32_t offset, bytes;
	uint32_t null_byte; /* where its bit is, when nullable */
	uint8_t null_bit;   /* 0: never missing */
	bool has_other;     /* hi is the code of what is outside the domain */
};

struct sl_layout {
	uint32_t ncolumns;  /* [0] is the unit */
	uint32_t row_bytes, nulls_at;
	struct sl_layout_column *columns;
};

/* sl_layout_init - of the columns of a setup that was checked. SL_E_NOMEM. fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_layout_init(struct sl_layout *l, const struct sl_load_setup *setup, struct sl_err *err);
void sl_layout_fini(struct sl_layout *l);

static inline void sl_layout_set_unit(uint8_t *row, uint32_t ordinal)
{
	memcpy(row, &ordinal, sizeof ordinal);
}

static inline uint32_t sl_layout_unit(const uint8_t *row)
{
	uint32_t ordinal;

	memcpy(&ordinal, row, sizeof ordinal);
	return ordinal;
}

/*
 * sl_layout_put - in rising order of columns, the bytes of the nulls last: eight bytes are written whatever the column
 * takes, so what stands behind the row, up to SL_LAYOUT_SLACK bytes, does not stay.
 */
static inline void sl_layout_put(const struct sl_layout *l, uint8_t *row, uint32_t c, int64_t value)
{
	uint64_t v = (uint64_t)value - (uint64_t)l->columns[c].lo;

	memcpy(row + l->columns[c].offset, &v, sizeof v);
}

static inline int64_t sl_layout_value(const struct sl_layout *l, const uint8_t *row, uint32_t c)
{
	uint64_t v;

	memcpy(&v, row + l->columns[c].offset, sizeof v);
	return (int64_t)((v & l->columns[c].mask) + (uint64_t)l->columns[c].lo);
}

static inline bool sl_layout_missing(const struct sl_layout *l, const uint8_t *row, uint32_t c)
{
	return (row[l->columns[c].null_byte] & l->columns[c].null_bit) != 0;
}

#endif
