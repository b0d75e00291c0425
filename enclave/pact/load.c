/* load.c - see load.h. */
#include "enclave/pact/load.h"

#define COL(k, m, lo, hi, doc) SL_SCALAR(struct sl_load_column, k, m, lo, hi, doc)
static const struct sl_field column_fields[] = {
	SL_TEXT(struct sl_load_column, header, SL_NAME_BYTES, "name in the source"),
	COL(SL_KIND_U8, type, SL_TYPE_INTEGER, SL_TYPE_TEXT, "type"),
	COL(SL_KIND_I8, scale, 0, SL_SCALE_MAX, "decimals of the grid"),
	COL(SL_KIND_U8, nullable, 0, 1, "missing is allowed"),
	COL(SL_KIND_U8, has_other, 0, 1, "values outside the domain are (other)"),
	COL(SL_KIND_I64, lo, 0, 0, "minimum"),
	COL(SL_KIND_I64, hi, 0, 0, "maximum"),
	SL_VEC(struct sl_load_column, labels, nlabels, SL_LABELS_MAX, sl_label_record, "source texts of the domain"),
	SL_TEXT(struct sl_load_column, date_format, SL_NAME_BYTES, "date pattern"),
	SL_VEC(struct sl_load_column, missing, nmissing, 64, sl_label_record, "texts that mean missing"),
};
static SL_RECORD(load_column_record, sl_load_column, column_fields);

#define SET(k, m, lo, hi, doc) SL_SCALAR(struct sl_load_setup, k, m, lo, hi, doc)
static const struct sl_field setup_fields[] = {
	SET(SL_KIND_U8, format, SL_LOAD_CSV, SL_LOAD_COMPARE,
	    "csv 1, gzipped csv 2, sqlite 3, verify 4, compare 5"),
	SET(SL_KIND_U8, delimiter, 0, 0, "field separator"),
	SL_TEXT(struct sl_load_setup, table, SL_NAME_BYTES, "table of the SQLite file"),
	SET(SL_KIND_U8, reference, 0, 1, "open reference table"),
	SET(SL_KIND_U16, attributes, 0, SL_COLUMNS_MAX, "its typed columns, the last ones"),
	SET(SL_KIND_U8, one_row_per_unit, 0, 1, "a second row of a unit is bad"),
	SL_BYTES(struct sl_load_setup, segment_id, 16, "segment"),
	SL_BYTES(struct sl_load_setup, segment_key, 32, "fresh key of this attempt"),
	SL_BYTES(struct sl_load_setup, space_key, 32, "key of the unit space"),
	SET(SL_KIND_U64, registry_count, 0, 0, "ordinals given out"),
	SET(SL_KIND_U64, rows_max, 0, 0, "limit"),
	SET(SL_KIND_U32, threads, 1, 64, "threads"),
	SET(SL_KIND_U64, base_bytes, 0, 0, "length of an earlier version's segment, or 0"),
	SL_BYTES(struct sl_load_setup, base_id, 16, "segment of the earlier version"),
	SL_BYTES(struct sl_load_setup, base_key, 32, "its key"),
	SET(SL_KIND_U8, compare, 0, 1, "0: its rows stay, 1: it is only compared with"),
	SET(SL_KIND_U32, bad_rows_max, 1, SL_BAD_ROWS_MAX, "bad rows to report"),
	SL_VEC(struct sl_load_setup, columns, ncolumns, SL_COLUMNS_MAX, load_column_record, "columns to take, unit first"),
};
SL_RECORD(sl_load_setup_record, sl_load_setup, setup_fields);

static const struct sl_field bad_row_fields[] = {
	SL_SCALAR(struct sl_bad_row, SL_KIND_U64, line, 0, 0, "line of the source"),
	SL_TEXT(struct sl_bad_row, column, SL_NAME_BYTES, "column"),
	SL_TEXT(struct sl_bad_row, reason, SL_REASON_BYTES, "why, without the value"),
};
static SL_RECORD(bad_row_record, sl_bad_row, bad_row_fields);

static const struct sl_field reference_fields[] = {
	SL_TEXT(struct sl_reference_row, key, SL_TITLE_BYTES, "key"),
	SL_TEXT(struct sl_reference_row, label, SL_TITLE_BYTES, "label"),
	SL_VEC(struct sl_reference_row, cells, ncells, SL_COLUMNS_MAX, sl_reference_cell_record, "its attributes"),
};
static SL_RECORD(reference_record, sl_reference_row, reference_fields);

static const struct sl_field quality_fields[] = {
	SL_SCALAR(struct sl_load_quality, SL_KIND_U64, missing, 0, 0, "rows without a value"),
	SL_SCALAR(struct sl_load_quality, SL_KIND_U64, other, 0, 0, "rows outside the domain, (other)"),
};
SL_RECORD(sl_load_quality_record, sl_load_quality, quality_fields);

#define REP(k, m, lo, hi, doc) SL_SCALAR(struct sl_load_report, k, m, lo, hi, doc)
static const struct sl_field report_fields[] = {
	REP(SL_KIND_U8, complete, 0, 1, "the segment is whole"),
	REP(SL_KIND_U64, rows, 0, 0, "rows of the source"),
	REP(SL_KIND_U64, old_rows, 0, 0, "rows of the earlier version that stay"),
	REP(SL_KIND_U64, units, 0, 0, "distinct units"),
	REP(SL_KIND_U64, new_units, 0, 0, "units the registry did not know"),
	REP(SL_KIND_U64, changed_units, 0, 0, "units whose rows differ from the earlier version's"),
	REP(SL_KIND_U64, added_units, 0, 0, "of them, not in the earlier version"),
	REP(SL_KIND_U64, removed_units, 0, 0, "of them, in the earlier version alone"),
	REP(SL_KIND_U64, segment_bytes, 0, 0, "size of the segment"),
	SL_BYTES(struct sl_load_report, version, 32, "SHA-256 of the segment"),
	SL_VEC(struct sl_load_report, skipped, nskipped, SL_COLUMNS_MAX * 4, sl_label_record, "columns not imported"),
	SL_VEC(struct sl_load_report, bad_rows, nbad_rows, SL_BAD_ROWS_MAX, bad_row_record, "the first bad rows"),
	REP(SL_KIND_U64, bad_rows_total, 0, 0, "how many in all"),
	SL_VEC(struct sl_load_report, reference, nreference, SL_LABELS_MAX, reference_record,
	       "rows of an open reference table"),
	REP(SL_KIND_U64, repeated_rows, 0, 0, "rows of the segment that repeat one of their unit"),
	REP(SL_KIND_U64, unit_rows_max, 0, 0, "rows of the unit that has most of them"),
	SL_VEC(struct sl_load_report, quality, nquality, SL_COLUMNS_MAX, sl_load_quality_record,
	       "of each column of the segment, unit first"),
};
SL_RECORD(sl_load_report_record, sl_load_report, report_fields);

static const struct sl_field progress_fields[] = {
	SL_SCALAR(struct sl_load_progress, SL_KIND_U8, phase, SL_LOAD_READING, SL_LOAD_WRITING, "reading 1, writing 2"),
	SL_SCALAR(struct sl_load_progress, SL_KIND_U64, rows, 0, 0, "rows"),
	SL_SCALAR(struct sl_load_progress, SL_KIND_U64, done, 0, 0, "bytes read, or rows written"),
	SL_SCALAR(struct sl_load_progress, SL_KIND_U64, total, 0, 0, "of so many; 0: not known"),
};
SL_RECORD(sl_load_progress_record, sl_load_progress, progress_fields);
