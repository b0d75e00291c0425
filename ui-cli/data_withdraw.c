/*
 * data_withdraw.c - sluice data withdraw: an owner ends a grant.
 */
#include <inttypes.h>

#include "jobs/owner.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_data_withdraw(struct sl_cli *c, struct sl_err *err)
{
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'G', &id, err);

	if (!rc)
		rc = sl_owner_withdraw(&c->enclave, &c->actor, id, sl_args_flag(&c->args, "--reason"), err);
	if (!rc) {
		sl_cli_set(c, "grant", json_sprintf("G-%" PRId64, id));
		sl_cli_changed(c, "G-%" PRId64 " withdrawn: no new job uses it, and what has not left stays", id);
		sl_cli_next(c, "sluice data requests");
	}
	return rc;
}
