/*
 * review_ls.c - sluice review ls: what waits for a review.
 */
#include "ui-cli/commands.h"
#include "ui-cli/request_text.h"

enum sl_rc sl_cmd_review_ls(struct sl_cli *c, struct sl_err *err)
{
	return sl_request_text_list(c, true, err);
}
