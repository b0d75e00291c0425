/*
 * csv.h - CSV by RFC 4180 as a state machine, with what people's files need besides: a byte order mark, LF or
 * CRLF, a chosen separator, lines counted as an editor counts them.
 *
 * A row that cannot be read (a stray quote, a NUL, a field too long) is a fault of that row; an open quote at
 * the end of the file is a fault of the file. Empty lines are no rows where there are two columns or more. The
 * header is the first row.
 */
#ifndef SL_LOAD_CSV_H
#define SL_LOAD_CSV_H

#include "enclave/load/bytes.h"
#include "enclave/load/rowsource.h"

struct sl_csv {
	struct sl_row_source rows;
	struct sl_bytes *from;       /* borrowed; set before the first row */
	uint64_t bytes_max;          /* of the source, unzipped */
	uint8_t delimiter;
	uint8_t state;
	uint32_t nfields;            /* of the row being read */
	uint32_t width;              /* fields of the header; 0: not read yet */
	uint64_t line, row_line, quote_line;
	const char *fault;           /* of the row being read */
	bool ended, past_start, row_quoted;
	struct sl_buf text;          /* of the row being read */
	size_t *starts;              /* SL_SOURCE_COLUMNS_MAX + 1 of them */
	struct sl_cell *cells;
	const uint8_t *at, *end;
	uint8_t *in;
	uint8_t special[256];        /* bytes that end a run of plain text */
};

/*
 * sl_csv_init - before lock-down; no byte is read. sl_csv_fini also after failure; accepts a zeroed one.
 * Fails: SL_E_INPUT (the delimiter is none of , ; tab |), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_csv_init(struct sl_csv *csv, uint8_t delimiter, struct sl_err *err);
void sl_csv_fini(struct sl_csv *csv);

#endif
