/*
 * data_append.c - sluice data append: more rows for a table.
 */
#include "ui-cli/commands.h"
#include "ui-cli/progress.h"

enum sl_rc sl_cmd_data_append(struct sl_cli *c, struct sl_err *err)
{
	struct sl_progress progress = { .cli = c };
	const struct sl_data_watch watch = sl_progress_watch(&progress);
	const char *table = sl_args_flag(&c->args, "--table");
	enum sl_rc rc = sl_data_append(&c->enclave, &c->actor, sl_cli_word(c, 0), table, sl_args_flag(&c->args, "--file"),
	                               &watch, err);

	sl_progress_end(&progress);
	if (rc)
		return rc;
	sl_cli_changed(c, "appended to %s", table);
	sl_cli_next(c, "sluice data ls");
	return SL_OK;
}
