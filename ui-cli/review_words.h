/*
 * review_words.h - a review on a terminal: what it is, what to look at first, findings, tables, and what they were made
 * from. Others' words are marked as such, and escaped.
 */
#ifndef SL_UI_REVIEW_WORDS_H
#define SL_UI_REVIEW_WORDS_H

#include "jobs/audit.h"
#include "jobs/request.h"

/*
 * sl_review_words_print - all of it, in that order.
 *   log  in  the log as the reviewer will witness it by signing
 *   all  in  every row and finding, however many there are
 * Fails: as sl_review_grid_print.
 */
SL_MUST_CHECK enum sl_rc sl_review_words_print(const struct sl_review *r, const struct sl_checkpoint *log, bool all,
                                               struct sl_err *err);

/* sl_review_words_told - what the author knows of it by now, a sentence or more of ours. Appended. */
void sl_review_words_told(const struct sl_review *r, struct sl_buf *out);

#endif
