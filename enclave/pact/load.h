/*
 * load.h - what sluice-load is told (columns to take, how to type them) and what it reports.
 */
#ifndef SL_PACT_LOAD_H
#define SL_PACT_LOAD_H

#include "enclave/pact/view.h"

#define SL_BAD_ROWS_MAX 100
#define SL_REASON_BYTES 200

enum sl_load_format { SL_LOAD_NONE = 0, SL_LOAD_CSV, SL_LOAD_CSV_GZIP, SL_LOAD_SQLITE };

/* One source column to take. The unit column is first (index 0) unless `reference`. */
struct sl_load_column {
	char *header;         /* name in the source */
	uint8_t type;         /* enum sl_type; TEXT: codes of labels. Ignored for the unit column */
	int8_t scale;
	uint8_t nullable;
	uint8_t has_other;
	int64_t lo, hi;       /* outside: a bad row */
	/* TEXT: source texts of the domain, in order. BOOLEAN: {false text, true text} or none: 0/1, false/true */
	struct sl_label *labels;
	uint32_t nlabels;
	char *date_format;    /* DATE: strptime-like subset %Y %m %d with literal separators; "" : %Y-%m-%d */
	struct sl_label *missing; /* source texts that mean missing, besides the empty one */
	uint32_t nmissing;
};

struct sl_load_setup {
	uint8_t format;       /* enum sl_load_format */
	uint8_t delimiter;    /* CSV: ',' ';' '\t' '|' */
	char *table;          /* SQLITE: table name */
	uint8_t reference;    /* 1: an open reference table: rows are reported as labels, no segment is written */
	uint8_t one_row_per_unit; /* a unit's second row is a bad row */
	uint8_t segment_id[16];
	uint8_t segment_key[32];
	uint8_t space_key[32];
	uint64_t registry_count; /* ordinals given out so far; the registry descriptor holds 16 bytes each */
	uint64_t rows_max;
	uint32_t bad_rows_max;   /* stop collecting after this many; 1..SL_BAD_ROWS_MAX */
	struct sl_load_column *columns;
	uint32_t ncolumns;
};

struct sl_bad_row {
	uint64_t line;        /* of the source, 1-based, the header is line 1; SQLITE: row number */
	char *column;         /* "" : the whole row */
	char *reason;         /* never contains a value of the row */
};

/* A row of an open reference table: key and label. */
struct sl_reference_row {
	char *key, *label;
};

struct sl_load_report {
	uint8_t complete;     /* 1: everything was read and the segment is whole; 0: bad rows or a fault, discard all */
	uint64_t rows, units, new_units;
	uint64_t segment_bytes;
	uint8_t version[32];  /* SHA-256 of the segment file */
	struct sl_label *skipped; /* source columns that were not named, not imported */
	uint32_t nskipped;
	struct sl_bad_row *bad_rows;
	uint32_t nbad_rows;
	uint64_t bad_rows_total;
	struct sl_reference_row *reference;
	uint32_t nreference;
};

extern const struct sl_record sl_load_setup_record, sl_load_report_record;

#endif
