/*
 * review_html.h - what review show says, as one HTML page that loads nothing and runs nothing.
 */
#ifndef SL_UI_REVIEW_HTML_H
#define SL_UI_REVIEW_HTML_H

#include "jobs/audit.h"
#include "jobs/request.h"

/*
 * sl_review_html_put - append the page. Its Content-Security-Policy allows the one style sheet in it, by digest, and
 * nothing else.
 *   log  in  the log as the reviewer will witness it by signing
 * Fails: as sl_review_table_put; SL_E_LIMIT.
 */
SL_MUST_CHECK enum sl_rc sl_review_html_put(const struct sl_review *r, const struct sl_checkpoint *log,
                                            struct sl_buf *out, struct sl_err *err);

#endif
