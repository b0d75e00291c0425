/*
 * data_import.c - sluice data import: bring a data package's tables in.
 */
#include "ui-cli/commands.h"
#include "ui-cli/progress.h"

enum sl_rc sl_cmd_data_import(struct sl_cli *c, struct sl_err *err)
{
	const char *only[SL_GIVEN_MAX], *table;
	struct sl_progress progress = { .cli = c };
	const struct sl_data_watch watch = sl_progress_watch(&progress);
	uint32_t at = 0;
	size_t n = 0;
	enum sl_rc rc;

	while (n < SL_GIVEN_MAX && (table = sl_args_next(&c->args, "--table", &at)))
		only[n++] = table;
	rc = sl_data_import(&c->enclave, &c->actor, sl_cli_word(c, 0), only, n, &watch, err);
	sl_progress_end(&progress);
	if (rc)
		return rc;
	sl_cli_changed(c, "imported %s", sl_cli_word(c, 0));
	if (c->standing.has_policy)
		sl_cli_next(c, "sluice data ls");
	else
		sl_cli_next(c, "sluice policy new > policy.json");
	return SL_OK;
}
