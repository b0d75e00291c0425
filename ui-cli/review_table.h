/*
 * review_table.h - part of a reviewer's page: one table as it would leave, each hidden number with what hid it.
 */
#ifndef SL_UI_REVIEW_TABLE_H
#define SL_UI_REVIEW_TABLE_H

#include "jobs/request.h"

/*
 * sl_review_table_put - append table i, read back from its very bytes: rows numbered; behind them, for the reviewer
 * alone, the contributors that findings tell of what they hide. Each finding is linked by its number as #f1.
 * sl_review_table_value - column `column` (statistics, then calcs) of row `row` of it, as published. Borrowed.
 * Fails: SL_E_INPUT, SL_E_INTEGRITY (bytes and publication disagree on what is hidden), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_review_table_put(const struct sl_review *r, uint32_t i, struct sl_buf *out,
                                             struct sl_err *err);
const struct sl_published_cell *sl_review_table_value(const struct sl_review *r, uint32_t i, uint32_t row,
                                                      uint32_t column);

#endif
