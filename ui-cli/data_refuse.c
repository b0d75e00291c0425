/*
 * data_refuse.c - sluice data refuse: an owner refuses an application.
 */
#include <inttypes.h>

#include "jobs/owner.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_data_refuse(struct sl_cli *c, struct sl_err *err)
{
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'A', &id, err);

	if (!rc)
		rc = sl_owner_refuse(&c->enclave, &c->actor, id, sl_args_flag(&c->args, "--reason"), err);
	if (!rc) {
		sl_cli_set(c, "application", json_sprintf("A-%" PRId64, id));
		sl_cli_changed(c, "A-%" PRId64 " refused", id);
		sl_cli_next(c, "sluice data requests A-%" PRId64, id);
	}
	return rc;
}
