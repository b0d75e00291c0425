/*
 * review_chart.h - the published numbers of one output as bars: its first count, or else its first statistic. Of more
 * rows than can be read, how many there are in each band.
 */
#ifndef SL_UI_REVIEW_CHART_H
#define SL_UI_REVIEW_CHART_H

#include "ui-cli/review_facts.h"

/*
 * sl_review_chart_put - append it as a table of HTML, a drawn bar in each row. A failure stays in out (sl_buf_ok).
 * sl_review_chart_print - on a terminal. Both do nothing for an output without a key, or with a number below zero.
 */
void sl_review_chart_put(const struct sl_review *r, uint32_t i, struct sl_buf *out);
SL_MUST_CHECK enum sl_rc sl_review_chart_print(const struct sl_review *r, uint32_t i, struct sl_err *err);

#endif
