/*
 * review_findings.h - the findings of a review, by rule: what refuses, what is to judge, what hides.
 */
#ifndef SL_UI_REVIEW_FINDINGS_H
#define SL_UI_REVIEW_FINDINGS_H

#include "ui-cli/review_facts.h"

/*
 * sl_review_findings_print - on a terminal, those that refuse, those that hide nothing, those that hide; of more than
 * SL_REVIEW_FINDINGS_SHOWN, unless all are wanted, of each rule that hides one, and how many.
 * sl_review_findings_put - append HTML; each has its number as id f1.
 */
void sl_review_findings_print(const struct sl_review *r, bool all);
void sl_review_findings_put(const struct sl_review *r, struct sl_buf *out);

#endif
