/*
 * header.h - which source column is which: the named ones by their header, the others told as skipped.
 */
#ifndef SL_LOAD_HEADER_H
#define SL_LOAD_HEADER_H

#include "enclave/load/report.h"
#include "enclave/load/rowsource.h"

/*
 * sl_header_match - place[i] = source column of setup->columns[i].
 *   row  in  the header row
 *   ok   out false: bad rows say which columns are missing or there twice; place is then not usable and nothing of the
 *            source's words is in the report (a file without a header would show its first row)
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_header_match(const struct sl_load_setup *setup, const struct sl_row *row, uint32_t *place,
                                         bool *ok, struct sl_report_builder *b, struct sl_err *err);

#endif
