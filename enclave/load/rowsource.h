/*
 * rowsource.h - a table as it comes from outside, row by row; CSV and SQLite each give one.
 */
#ifndef SL_LOAD_ROWSOURCE_H
#define SL_LOAD_ROWSOURCE_H

#include <stdbool.h>

#include "enclave/base/err.h"

#define SL_SOURCE_COLUMNS_MAX 2048
#define SL_SOURCE_FIELD_BYTES ((size_t)1 << 20)
#define SL_SOURCE_ROW_BYTES ((size_t)16 << 20)

/* UNFIT: of a kind no column takes; text says which. */
enum sl_cell_kind { SL_CELL_NULL = 0, SL_CELL_TEXT, SL_CELL_INTEGER, SL_CELL_UNFIT };

/* A value as the source has it; text is borrowed until the next row and may hold any byte. */
struct sl_cell {
	enum sl_cell_kind kind;
	const char *text;
	size_t len;
	int64_t integer;
};

struct sl_row {
	uint64_t line;              /* 1-based line of the source where the row begins; SQLite: row number */
	const char *fault;          /* static text: the row cannot be read, but the next one can; NULL: fine */
	const struct sl_cell *cells; /* ncells of them, by source column; none when there is a fault */
	uint32_t ncells;
};

struct sl_row_source {
	/*
	 * next - *more false at the end. SL_E_INPUT: the source is broken beyond this point, err has the line;
	 * SL_E_IO, SL_E_NOMEM, SL_E_LIMIT.
	 */
	enum sl_rc (*next)(struct sl_row_source *s, struct sl_row *row, bool *more, struct sl_err *err);
};

#endif
