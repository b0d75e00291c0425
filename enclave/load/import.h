/*
 * import.h - the rows of a source, one by one, into memory or into the report. Used by load.c.
 */
#ifndef SL_LOAD_IMPORT_H
#define SL_LOAD_IMPORT_H

#include "enclave/load/load.h"

/*
 * sl_import_rows - read `source` to its end, header first. l->builder.report gets rows, skipped, bad_rows, reference.
 * Fails: as sl_load_run; SL_E_INPUT: the source is broken, err has the line.
 */
SL_MUST_CHECK enum sl_rc sl_import_rows(struct sl_load *l, struct sl_row_source *source, struct sl_err *err);

#endif
