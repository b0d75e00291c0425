/*
 * review_chart.h - part of a reviewer's page: the published counts of one output as bars.
 */
#ifndef SL_UI_REVIEW_CHART_H
#define SL_UI_REVIEW_CHART_H

#include "jobs/request.h"

/*
 * sl_review_chart_put - append an inline SVG of output i when it has one or two keys, a count, and few enough rows;
 * else nothing. Bars have the numbers of their rows, no words: a drawing needs no text from elsewhere.
 * A failure stays in out (sl_buf_ok).
 */
void sl_review_chart_put(const struct sl_review *r, uint32_t i, struct sl_buf *out);

#endif
