/*
 * decide.h - what review approve and review reject share.
 */
#ifndef SL_UI_DECIDE_H
#define SL_UI_DECIDE_H

#include "jobs/request.h"
#include "ui-cli/cli.h"

/* sl_decide - record a decision on the request named by the first word and tell what came of it. */
SL_MUST_CHECK enum sl_rc sl_decide(struct sl_cli *c, enum sl_decision decision, struct sl_err *err);

#endif
