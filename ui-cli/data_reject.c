/*
 * data_reject.c - sluice data reject: an owner's say about what would leave of their tables.
 */
#include "ui-cli/commands.h"
#include "ui-cli/decide.h"

enum sl_rc sl_cmd_data_reject(struct sl_cli *c, struct sl_err *err)
{
	return sl_decide(c, &sl_decider_owner, SL_DECISION_REJECT, err);
}
