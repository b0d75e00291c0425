/*
 * request_ls.c - sluice request ls: requests, newest last.
 */
#include "ui-cli/commands.h"
#include "ui-cli/request_text.h"

enum sl_rc sl_cmd_request_ls(struct sl_cli *c, struct sl_err *err)
{
	return sl_request_text_list(c, false, err);
}
