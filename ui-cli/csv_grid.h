/*
 * csv_grid.h - a CSV of ours drawn as a table.
 */
#ifndef SL_UI_CSV_GRID_H
#define SL_UI_CSV_GRID_H

#include <stdio.h>

#include "enclave/base/buf.h"

/* sl_csv_grid_print - RFC 4180 text with a header, at most 256 columns. SL_E_INPUT: not that; SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_csv_grid_print(const void *text, size_t len, FILE *f, struct sl_err *err);

#endif
