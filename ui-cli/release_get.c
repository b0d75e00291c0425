/*
 * release_get.c - sluice release get: copy a bundle to a directory.
 */
#include <inttypes.h>
#include <string.h>

#include "jobs/release.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_release_get(struct sl_cli *c, struct sl_err *err)
{
	const char *to = sl_args_flag(&c->args, "--to");
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'L', &id, err);

	if (!rc)
		rc = sl_release_get(&c->enclave, &c->actor, id, to, err);
	if (rc)
		return rc;
	sl_cli_set(c, "release", json_sprintf("L-%" PRId64, id));
	sl_cli_set(c, "to", sl_cli_text(to));
	sl_cli_changed(c, "L-%" PRId64 " is in %s", id, to);
	sl_cli_next(c, "sluice release verify %s --anchor ANCHOR", to);
	return SL_OK;
}
