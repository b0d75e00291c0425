/*
 * review_return.c - sluice review return: ask its author to change or explain something.
 */
#include "ui-cli/commands.h"
#include "ui-cli/decide.h"

enum sl_rc sl_cmd_review_return(struct sl_cli *c, struct sl_err *err)
{
	return sl_decide(c, &sl_decider_reviewer, SL_DECISION_RETURN, err);
}
