/*
 * review_approve.c - sluice review approve: the last approval that is needed releases.
 */
#include "ui-cli/commands.h"
#include "ui-cli/decide.h"

enum sl_rc sl_cmd_review_approve(struct sl_cli *c, struct sl_err *err)
{
	if (c->args.nwords > 1)
		return sl_decide_each(c, &sl_decider_reviewer, err);
	return sl_decide(c, &sl_decider_reviewer, SL_DECISION_APPROVE, err);
}
