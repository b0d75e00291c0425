/*
 * review_reject.c - sluice review reject: say no, and why.
 */
#include "ui-cli/commands.h"
#include "ui-cli/decide.h"

enum sl_rc sl_cmd_review_reject(struct sl_cli *c, struct sl_err *err)
{
	return sl_decide(c, &sl_decider_reviewer, SL_DECISION_REJECT, err);
}
