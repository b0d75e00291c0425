/*
 * request_asked.h - what request new and request revise share: the flags of what is asked, and what came of it.
 */
#ifndef SL_UI_REQUEST_ASKED_H
#define SL_UI_REQUEST_ASKED_H

#include "jobs/request.h"
#include "ui-cli/cli.h"

/* sl_request_asked - --context, --output and --draft as given; outputs receives the names, borrowed. */
struct sl_request_ask sl_request_asked(const struct sl_cli *c, const char *outputs[static SL_GIVEN_MAX]);
/* sl_request_asked_tell - state, and the next command. SL_E_DENIED: the check refused it. */
SL_MUST_CHECK enum sl_rc sl_request_asked_tell(struct sl_cli *c, const struct sl_request *r, struct sl_err *err);

#endif
