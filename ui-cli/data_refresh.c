/*
 * data_refresh.c - sluice data refresh: import tables again from where they came.
 */
#include "ui-cli/commands.h"
#include "ui-cli/progress.h"

enum sl_rc sl_cmd_data_refresh(struct sl_cli *c, struct sl_err *err)
{
	struct sl_progress progress = { .cli = c };
	const struct sl_data_watch watch = sl_progress_watch(&progress);
	uint32_t n = 0;
	enum sl_rc rc = sl_data_refresh(&c->enclave, &c->actor, c->args.words, c->args.nwords, &watch, &n, err);

	sl_progress_end(&progress);
	if (rc)
		return rc;
	sl_cli_set(c, "refreshed", json_integer(n));
	if (n > 0) {
		sl_cli_changed(c, "refreshed %u table%s", n, n == 1 ? "" : "s");
		sl_cli_next(c, "sluice data ls");
	} else if (!c->args.json) {
		puts("nothing has changed");
	}
	return SL_OK;
}
