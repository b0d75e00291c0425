/*
 * review_json.h - a review as members of the JSON answer: every row and finding.
 */
#ifndef SL_UI_REVIEW_JSON_H
#define SL_UI_REVIEW_JSON_H

#include "jobs/request.h"
#include "ui-cli/cli.h"

/* sl_review_json_set - set them. Fails: as sl_review_rows_each. */
SL_MUST_CHECK enum sl_rc sl_review_json_set(struct sl_cli *c, const struct sl_review *r,
                                            const struct sl_checkpoint *log, struct sl_err *err);

#endif
