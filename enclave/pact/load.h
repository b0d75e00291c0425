/*
 * load.h - what sluice-load is told (columns to take, how to type them) and what it reports.
 */
#ifndef SL_PACT_LOAD_H
#define SL_PACT_LOAD_H

#include "enclave/pact/view.h"

#define SL_BAD_ROWS_MAX 100
#define SL_REASON_BYTES 200

/*
 * VERIFY: no source; the segment that base_* name is read through, and nothing else of the setup counts.
 * COMPARE: no source; the segment of segment_id and segment_key is compared with the one that base_* name.
 */
enum sl_load_format {
	SL_LOAD_NONE = 0, SL_LOAD_CSV, SL_LOAD_CSV_GZIP, SL_LOAD_SQLITE, SL_LOAD_VERIFY, SL_LOAD_COMPARE
};

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
	uint16_t attributes;  /* of a reference: its last columns, so many, are typed; before them key, or key and label */
	uint8_t one_row_per_unit; /* a unit's second row is a bad row */
	uint8_t segment_id[16];
	uint8_t segment_key[32];
	uint8_t space_key[32];
	uint64_t registry_count; /* ordinals given out so far; the registry descriptor holds 16 bytes each */
	uint64_t rows_max;
	uint32_t threads;        /* 1 to 64 */
	uint64_t base_bytes;     /* an earlier version of the table, its segment's length; 0: none is given */
	uint8_t base_id[16];
	uint8_t base_key[32];
	uint8_t compare;         /* 0: base's rows come first and stay; 1: base is only compared with */
	uint32_t bad_rows_max;   /* stop collecting after this many; 1..SL_BAD_ROWS_MAX */
	struct sl_load_column *columns;
	uint32_t ncolumns;
};

struct sl_bad_row {
	uint64_t line;        /* of the source, 1-based, the header is line 1; SQLITE: row number */
	char *column;         /* "" : the whole row */
	char *reason;         /* never contains a value of the row */
};

/* A row of an open reference table: key, label, and one cell per attribute of the setup. */
struct sl_reference_row {
	char *key, *label;
	struct sl_reference_cell *cells;
	uint32_t ncells;
};

/* Of one column of a segment: rows without a value, and rows whose value is outside the domain, (other). */
struct sl_load_quality {
	uint64_t missing, other;
};

struct sl_load_report {
	uint8_t complete;     /* 1: everything was read and the segment is whole; 0: bad rows or a fault, discard all */
	uint64_t rows;        /* of the source */
	uint64_t old_rows;    /* of base, in the segment before those of the source */
	uint64_t units, new_units; /* in the segment; of them, not in the registry before */
	uint64_t changed_units; /* with a base: units whose rows are not the ones they were, as multisets */
	uint64_t added_units;   /* of them, not in base */
	uint64_t removed_units; /* of them, in base alone */
	uint64_t segment_bytes;
	uint8_t version[32];  /* SHA-256 of the segment file */
	struct sl_label *skipped; /* source columns that were not named, not imported */
	uint32_t nskipped;
	struct sl_bad_row *bad_rows;
	uint32_t nbad_rows;
	uint64_t bad_rows_total;
	struct sl_reference_row *reference;
	uint32_t nreference;
	uint64_t repeated_rows; /* of the segment: equal to another one of their unit, which is not counted */
	uint64_t unit_rows_max; /* of the segment: of the unit that has most; 0: no rows, or a reference */
	struct sl_load_quality *quality; /* of the segment, one a column, the unit's first; none of a reference */
	uint32_t nquality;
};

/* How far it is; told while it works, some four thousand times at most. Counts, and nothing else of the source. */
enum sl_load_phase { SL_LOAD_PHASE_NONE = 0, SL_LOAD_READING, SL_LOAD_WRITING };
#define SL_LOAD_PROGRESS_MAX 4096
#define SL_LOAD_PROGRESS_BYTES 25
struct sl_load_progress {
	uint8_t phase;        /* enum sl_load_phase */
	uint64_t rows;        /* read, or written */
	uint64_t done, total; /* READING: bytes of the source, as it lies there; WRITING: rows. total 0: not known */
};

extern const struct sl_record sl_load_setup_record, sl_load_report_record, sl_load_progress_record,
	sl_load_quality_record;

#endif
