/*
 * review_rows.h - the rows of a table as it would leave, one after the other, read back from its very bytes.
 */
#ifndef SL_UI_REVIEW_ROWS_H
#define SL_UI_REVIEW_ROWS_H

#include "enclave/base/csv_record.h"
#include "ui-cli/review_facts.h"

/* Which rows are wanted. */
struct sl_review_rows {
	uint32_t begin, end;  /* rows begin … end - 1 */
	bool flagged;         /* of them those to look at */
	uint32_t most;        /* so many at most; 0: any number */
};

typedef void (*sl_review_rows_head)(void *self, const struct sl_csv_record *head);
typedef void (*sl_review_rows_row)(void *self, uint32_t row, const struct sl_csv_record *record);

/*
 * sl_review_rows_each - call head once and row for each row wanted of table i; records are borrowed for the call.
 * Every row is read and compared with the publication, wanted or not.
 * Fails: SL_E_INPUT (not the CSV that is written here), SL_E_INTEGRITY (bytes and publication disagree on what is
 * hidden), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_review_rows_each(const struct sl_review *r, uint32_t i, const struct sl_review_rows *which,
                                             sl_review_rows_head head, sl_review_rows_row row, void *self,
                                             struct sl_err *err);

/* sl_review_rows_flagged - how many rows there are to look at. sl_review_rows_look - append why, of a cell. */
uint32_t sl_review_rows_flagged(const struct sl_review *r, uint32_t i);
void sl_review_rows_look(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);

#endif
