/*
 * review_changes.h - what the revision there is publishes otherwise than the earlier one that is shown, line by line.
 */
#ifndef SL_UI_REVIEW_CHANGES_H
#define SL_UI_REVIEW_CHANGES_H

#include <jansson.h>

#include "jobs/request.h"

/*
 * sl_review_changes_print - on a terminal; of each table the first SL_REVIEW_ROWS_SHOWN lines unless all are wanted,
 * what is left out is said. Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_review_changes_print(const struct sl_review *r, bool all, struct sl_err *err);

/* sl_review_changes_put - append it to a page, all of it. A failure stays in out (sl_buf_ok). */
void sl_review_changes_put(const struct sl_review *r, struct sl_buf *out);

/* sl_review_changes_object - {"revision", "tables": [{"path", "was", "now", "lines"}]}; null: not compared. */
json_t *sl_review_changes_object(const struct sl_review *r);

#endif
