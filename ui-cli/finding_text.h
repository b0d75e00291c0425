/*
 * finding_text.h - how a finding is shown: to a reviewer, and on invented rows to its author.
 */
#ifndef SL_UI_FINDING_TEXT_H
#define SL_UI_FINDING_TEXT_H

#include "jobs/request.h"
#include "ui-cli/cli.h"

/* sl_finding_text_print - on stdout, several lines; mark stands before the first: "" or "DUMMY DATA ". */
void sl_finding_text_print(const struct sl_finding_text *f, uint32_t number, const char *mark);
json_t *sl_finding_text_object(const struct sl_finding_text *f, uint32_t number);

#endif
