/*
 * report.h - filling a load report as the import goes on.
 */
#ifndef SL_LOAD_REPORT_H
#define SL_LOAD_REPORT_H

#include "enclave/pact/load.h"

/* A report and the room its vectors have; zeroed is empty. Freed with the report: sl_codec_free. */
struct sl_report_builder {
	struct sl_load_report *report;
	uint32_t bad_rows_max;
	uint32_t bad_rows_cap, skipped_cap, reference_cap;
};

/* Texts are copied; column and reason are cut to their bounds at a UTF-8 boundary. SL_E_NOMEM. */

/* sl_report_bad_row - count one bad row; keep it while there are fewer than bad_rows_max. */
SL_MUST_CHECK enum sl_rc sl_report_bad_row(struct sl_report_builder *b, uint64_t line, const char *column,
                                           const char *reason, struct sl_err *err);
/* sl_report_skipped - a source column that was not named; not UTF-8 is shown as "(column N)", N = number. */
SL_MUST_CHECK enum sl_rc sl_report_skipped(struct sl_report_builder *b, const char *name, size_t len, uint32_t number,
                                           struct sl_err *err);
/* sl_report_reference - one row of a reference table. SL_E_LIMIT over SL_LABELS_MAX, SL_REFERENCE_CELLS_MAX in all. */
SL_MUST_CHECK enum sl_rc sl_report_reference(struct sl_report_builder *b, const char *key, size_t nkey,
                                             const char *label, size_t nlabel,
                                             const struct sl_reference_cell *cells, uint32_t ncells,
                                             struct sl_err *err);

#endif
