/*
 * review_grid.h - a table as it would leave, on a terminal, and behind a bar what stands behind it, for its reviewer.
 */
#ifndef SL_UI_REVIEW_GRID_H
#define SL_UI_REVIEW_GRID_H

#include "ui-cli/review_facts.h"

/* More rows, and findings, than these nobody reads on a terminal: what to look at comes first, the rest is counted. */
#define SL_REVIEW_ROWS_SHOWN 100u
#define SL_REVIEW_FINDINGS_SHOWN 60u

/*
 * sl_review_grid_print - table i, read back from its very bytes; [c] with what hid it. Of a table of more than
 * SL_REVIEW_ROWS_SHOWN rows those to look at, then the first, unless all are wanted; what is left out is said.
 * Fails: SL_E_INPUT, SL_E_INTEGRITY (bytes and publication disagree on what is hidden), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_review_grid_print(const struct sl_review *r, uint32_t i, bool all, struct sl_err *err);

#endif
