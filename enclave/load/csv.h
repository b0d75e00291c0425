/*
 * csv.h - CSV by RFC 4180, with what people's files need besides: a byte order mark, LF or CRLF, a chosen separator,
 * lines counted as an editor counts them.
 *
 * The source is read in stretches that end where a row ends. A stretch is handed out in shares that can be read by
 * several threads at once, or row by row through `rows`; both see the same rows. A row that cannot be read (a stray
 * quote, a NUL, a field too long) is a fault of that row; an open quote at the end of the file, or a row that is still
 * open after 256 MiB, is a fault of the file.
 * Empty lines are no rows where there are two columns or more. The header is the first row.
 */
#ifndef SL_LOAD_CSV_H
#define SL_LOAD_CSV_H

#include "enclave/load/bytes.h"
#include "enclave/load/rowsource.h"

#define SL_CSV_SHARES_MAX 64
#define SL_CSV_STRETCH_BYTES ((size_t)64 << 10)

struct sl_csv;

/* A part of a stretch: whole rows. Fields are its own but line. */
struct sl_csv_share {
	const struct sl_csv *csv;
	uint8_t *at, *end;
	uint64_t line;           /* of the next row, counted from 0 at the beginning of the share */
	uint64_t empty;          /* lines passed over */
	const char *dropped;     /* a row that was too long to keep stands first; its fault */
	uint64_t dropped_lines;
	struct sl_cell *cells;
};

struct sl_csv {
	struct sl_row_source rows;
	struct sl_bytes *from;       /* borrowed; set before the first row */
	uint64_t bytes_max;          /* of the source, unzipped */
	uint64_t empty_max;          /* lines passed over: they are no rows, so no limit of rows bounds them */
	uint64_t empty;
	size_t stretch_bytes;        /* may be set before the first row */
	uint8_t delimiter;
	uint32_t width;              /* fields of the header; 0: not read yet */
	uint64_t line;               /* of the first row of what was handed out last, or is handed out next */
	uint32_t nshares, ngiven;
	struct sl_csv_share *shares;
	bool from_ended, past_start, open;
	uint8_t *in;                 /* cap bytes and one more; rows in [at, whole), a row's beginning in [whole, have) */
	size_t cap, have, at, whole;
	size_t *cuts;                /* nshares - 1 ends of rows that divide the stretch */
	const char *dropped;
	uint64_t dropped_lines;
	uint8_t special[256];        /* bytes that end a field without quotes */
};

/*
 * sl_csv_init - before lock-down; no byte is read. sl_csv_fini also after failure; accepts a zeroed one.
 *   nshares  in  parts of a stretch, 1 to SL_CSV_SHARES_MAX
 * Fails: SL_E_INPUT (the delimiter is none of , ; tab |), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_csv_init(struct sl_csv *csv, uint8_t delimiter, uint32_t nshares, struct sl_err *err);
void sl_csv_fini(struct sl_csv *csv);

/*
 * sl_csv_stretch - hand out the next rows in csv->shares[0 … nshares-1], in order; what `rows` has not given of the
 * last stretch comes first. All shares of the last call were read to their ends.
 *   more  out  false: the source has ended
 * Fails: as sl_row_source.next.
 */
SL_MUST_CHECK enum sl_rc sl_csv_stretch(struct sl_csv *csv, bool *more, struct sl_err *err);

/* sl_csv_share_next - false at its end. A row's line is counted within the share; cells live until the next row. */
bool sl_csv_share_next(struct sl_csv_share *s, struct sl_row *row);

/* sl_csv_share_line - the line of the source where share i begins; when the shares before it were read. */
uint64_t sl_csv_share_line(const struct sl_csv *csv, uint32_t i);

#endif
