/*
 * review_first.h - what of a review to look at first: a few lines that say how much there is of what, for who has many
 * to read. What is not in them is not doubtful by what the program knows.
 */
#ifndef SL_UI_REVIEW_FIRST_H
#define SL_UI_REVIEW_FIRST_H

#include "jobs/request.h"

/* One line. Text is ours, with names of outputs and tables in it: escape it. name is stable, for JSON. */
typedef void (*sl_review_line)(void *self, const char *name, uint64_t count, const char *text);

/* sl_review_first_tell - call line for each. Fails: SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_review_first_tell(const struct sl_review *r, sl_review_line line, void *self,
                                              struct sl_err *err);

#endif
