/*
 * data_forget.c - sluice data forget: old versions of a table end for good, and what that does not reach is said.
 */
#include "jobs/data.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_data_forget(struct sl_cli *c, struct sl_err *err)
{
	const struct sl_data_forget what = {
		.table = sl_cli_word(c, 0),
		.version = sl_args_flag(&c->args, "--id"),
		.all = sl_args_flag(&c->args, "--all") != NULL,
	};
	uint32_t n = 0;
	enum sl_rc rc;

	if (what.all && what.version != NULL)
		return sl_err_set(err, SL_E_USAGE, "--all and --id exclude each other");
	rc = sl_data_forget(&c->enclave, &c->actor, &what, &n, err);
	if (rc)
		return rc;
	sl_cli_set(c, "table", sl_cli_text(what.table));
	sl_cli_set(c, "forgotten", json_integer(n));
	sl_cli_changed(c, "forgot %u version%s of %s: key destroyed, file removed", n, n == 1 ? "" : "s", what.table);
	if (!c->args.json)
		puts("not reached: copies of state.db and vault/ made before, with the vault key; disk blocks not used again;\n"
		     "             releases, which stay as they are");
	sl_cli_next(c, what.all ? "sluice data import datapackage.json" : "sluice data ls");
	return SL_OK;
}
