/*
 * import.h - the rows of a source into memory, the spill and the report. Used by load.c.
 */
#ifndef SL_LOAD_IMPORT_H
#define SL_LOAD_IMPORT_H

#include "enclave/load/load.h"

/*
 * sl_import_csv, sl_import_sqlite, sl_import_reference - read the source to its end, header first. l->builder.report
 * gets rows, skipped, bad_rows, reference; l->rows and l->spill the rows.
 * Fails: as sl_load_run; SL_E_INPUT: the source is broken, err has the line.
 */
SL_MUST_CHECK enum sl_rc sl_import_csv(struct sl_load *l, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_import_sqlite(struct sl_load *l, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_import_reference(struct sl_load *l, struct sl_row_source *source, struct sl_err *err);

#endif
