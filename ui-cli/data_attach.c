/*
 * data_attach.c - sluice data attach: snapshot a table of an SQLite file.
 */
#include "ui-cli/commands.h"
#include "ui-cli/progress.h"

enum sl_rc sl_cmd_data_attach(struct sl_cli *c, struct sl_err *err)
{
	struct sl_progress progress = { .cli = c };
	const struct sl_data_watch watch = sl_progress_watch(&progress);
	const char *as = sl_args_flag(&c->args, "--as");
	enum sl_rc rc = sl_data_attach(&c->enclave, &c->actor, sl_cli_word(c, 0), sl_args_flag(&c->args, "--table"),
	                               sl_args_flag(&c->args, "--package"), as, &watch, err);

	sl_progress_end(&progress);
	if (rc)
		return rc;
	sl_cli_changed(c, "attached %s", as);
	sl_cli_next(c, "sluice data show %s", as);
	return SL_OK;
}
