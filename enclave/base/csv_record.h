/*
 * csv_record.h - a CSV of ours read back record by record, from its very bytes.
 */
#ifndef SL_BASE_CSV_RECORD_H
#define SL_BASE_CSV_RECORD_H

#include "enclave/base/buf.h"

#define SL_CSV_COLUMNS_MAX 256

/* One record's fields, one behind the other with a NUL each. Zeroed is empty; sl_buf_free(&text) when done. */
struct sl_csv_record {
	struct sl_buf text;
	size_t starts[SL_CSV_COLUMNS_MAX];
	uint32_t n;
};

/*
 * sl_csv_record_next - the record at *at (RFC 4180, ends of lines LF), in place of what r held; *at moves behind it.
 * sl_csv_record_field - its field i < n; borrowed until the next one.
 * sl_csv_record_bad - the error of a text that is not such a CSV: SL_E_INPUT.
 * Fails: SL_E_INPUT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_csv_record_next(const char **at, const char *end, struct sl_csv_record *r,
                                            struct sl_err *err);
const char *sl_csv_record_field(const struct sl_csv_record *r, uint32_t i);
SL_MUST_CHECK enum sl_rc sl_csv_record_bad(struct sl_err *err);

#endif
