/*
 * view.h - what a project may see of the catalogue: tables, columns, types, domains, uses. No row, no count.
 *
 * policy makes it from catalogue ∩ policy; sluice-script resolves names against it; engine and check
 * get the same view, so that an index means the same column in every process.
 */
#ifndef SL_PACT_VIEW_H
#define SL_PACT_VIEW_H

#include "enclave/pact/codec.h"

#define SL_NAME_BYTES 128      /* a table or column name; 64 code units of ASCII or some 40 CJK characters */
#define SL_TITLE_BYTES 512     /* a title or description */
#define SL_TABLES_MAX 32
#define SL_COLUMNS_MAX 512
#define SL_LABELS_MAX 20000    /* labels of one domain */
#define SL_BANDS_MAX 256
#define SL_REFERENCE_CELLS_MAX (10 * SL_LABELS_MAX) /* of one reference table: ten attributes of the longest */
#define SL_PARAMS_MAX 64

enum sl_type {
	SL_TYPE_NONE = 0,
	SL_TYPE_INTEGER, /* scale 0 */
	SL_TYPE_REAL,    /* int64 on grid 10^-scale */
	SL_TYPE_BOOLEAN, /* 0, 1 */
	SL_TYPE_DATE,    /* days since 1970-01-01 */
	SL_TYPE_TEXT,    /* code of a domain: 0..nlabels-1, nlabels = (other) */
	SL_TYPE_COUNT_
};

/* What a column may do; bits. 0: nothing. */
enum sl_use { SL_USE_GROUP = 1, SL_USE_FILTER = 2, SL_USE_MEASURE = 4 };

enum sl_class { SL_CLASS_NONE = 0, SL_CLASS_OPEN, SL_CLASS_ON_APPLICATION, SL_CLASS_CONFIDENTIAL };

struct sl_label {
	char *text;
};

/* A band: lo ≤ value ≤ hi on the column's grid; INT64_MIN / INT64_MAX are open ends. Bands do not overlap and rise. */
struct sl_band {
	int64_t lo, hi;
	char *label;
};

struct sl_column {
	char *name;
	char *title;          /* canonical text from the catalogue, for outputs */
	char *measured_in;    /* its unit of measure: "days"; "": the catalogue does not say */
	uint8_t type;         /* enum sl_type */
	uint8_t uses;         /* enum sl_use bits, catalogue ∩ policy */
	int8_t scale;
	uint8_t nullable;     /* 0: required, no (missing) */
	uint8_t has_domain;   /* labels[] is the whole domain (text, boolean with labels, coded integer) */
	uint8_t has_other;    /* values outside the domain occur: (other) */
	uint8_t sensitive;    /* group disclosure and all-equal apply */
	uint8_t structural_zero; /* an empty cell of this column's domain is public knowledge */
	int64_t lo, hi;       /* declared minimum and maximum on the grid; INT64_MIN / INT64_MAX: none */
	struct sl_label *labels;
	uint32_t nlabels;
	struct sl_band *bands;
	uint32_t nbands;
	uint16_t reference;   /* 0: none; else view.tables[reference - 1] is its domain: code = row of that table */
};

/* An attribute of a row of a reference table, on the attribute's grid. */
struct sl_reference_cell {
	int64_t value;        /* 0 when missing */
	uint8_t missing;
};

struct sl_table {
	char *name;           /* dataset.table */
	char *space;          /* unit space; "": an open reference table without units */
	char *unit_column;    /* its name, for messages; never a column[] of the view */
	char *period;         /* what time its rows speak of: "1990 to 2017"; "": the catalogue does not say */
	uint8_t one_row_per_unit;
	uint8_t class_;       /* enum sl_class */
	struct sl_column *columns; /* of a reference table: granted attributes, neither key nor label */
	uint32_t ncolumns;
	struct sl_reference_cell *cells; /* of a reference table: [row][column]; else none */
	uint32_t ncells;
};

struct sl_view {
	struct sl_table *tables;
	uint32_t ntables;
};

extern const struct sl_record sl_label_record, sl_band_record, sl_reference_cell_record, sl_column_record,
	sl_table_record, sl_view_record;

/*
 * sl_view_check - the laws a decoded view must satisfy beyond ranges: types and scales agree, bands rise, names
 * are unique; only a reference table has cells, whole rows of them, each within its column's domain; a column's
 * reference is such a table with a row for each of its labels.
 */
SL_MUST_CHECK enum sl_rc sl_view_check(const struct sl_view *view, struct sl_err *err);

/* The finite domain of a grouping key made from `c` (bands when `banded`). */
/* sl_column_ngroups - how many groups: labels or bands, +1 for (other), +1 for (missing). 0: no finite domain. */
uint32_t sl_column_ngroups(const struct sl_column *c, bool banded);
/* sl_column_has_other - whether (other) is one of them: declared, or bands that leave a gap within [lo, hi]. */
bool sl_column_has_other(const struct sl_column *c, bool banded);
/*
 * sl_column_group_label - label of group g: catalogue label, "(other)" or "(missing)"; booleans without labels
 * "false", "true". Borrowed.
 */
const char *sl_column_group_label(const struct sl_column *c, bool banded, uint32_t g);
/* sl_column_group - the group of a value: in 0..ngroups-1. */
uint32_t sl_column_group(const struct sl_column *c, bool banded, int64_t value, bool missing);

#define SL_LABEL_OTHER "(other)"
#define SL_LABEL_MISSING "(missing)"
/* What stands in the place of every number that is hidden. */
#define SL_MARKER "[c]"
/* sl_label_is_ours - len bytes that mean something in a release, and so are no label of an owner's. */
bool sl_label_is_ours(const char *text, size_t len);

const char *sl_type_name(enum sl_type type);
/* sl_use_name - "group", "filter" or "measure" for one bit. */
const char *sl_use_name(enum sl_use use);

#endif
