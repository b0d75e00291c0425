/*
 * html.h - text that may come from anybody, written into an HTML page: it can be read there and do nothing.
 */
#ifndef SL_UI_HTML_H
#define SL_UI_HTML_H

#include "enclave/base/buf.h"

/*
 * sl_html_text - append text for an element's content or a quoted attribute: sl_text_escape, then & < > " ' as
 *   entities.
 * sl_html_cell - the same for a table's cell: what a spreadsheet would take for a formula (= + - @ first, behind
 *   blanks or in full width; not a number) gets an apostrophe before it.
 * sl_html_words - several lines in a <pre>, "| " before each, so that none of them begins a formula or looks like ours;
 *   tabs become blanks. Nothing for an empty text.
 * A failure stays in out (sl_buf_ok).
 */
void sl_html_text(struct sl_buf *out, const void *s, size_t len);
void sl_html_cell(struct sl_buf *out, const char *s);
void sl_html_words(struct sl_buf *out, const void *s, size_t len);

#endif
