/*
 * review_table.h - part of a reviewer's page: one table as it would leave, each hidden number with what hid it, and
 * what stands behind each.
 */
#ifndef SL_UI_REVIEW_TABLE_H
#define SL_UI_REVIEW_TABLE_H

#include "ui-cli/review_facts.h"

/*
 * sl_review_table_put - append table i: rows numbered; behind them, for the reviewer alone, what stands behind them.
 * Each finding is linked by its number as #f1. A long one has its rows to look at first, and is then folded, some
 * hundred rows each.
 * Fails: as sl_review_rows_each.
 */
SL_MUST_CHECK enum sl_rc sl_review_table_put(const struct sl_review *r, uint32_t i, struct sl_buf *out,
                                             struct sl_err *err);

#endif
