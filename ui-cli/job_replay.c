/*
 * job_replay.c - sluice job replay: run a recorded job again and say whether its result is the same.
 */
#include <inttypes.h>

#include "jobs/job_replay.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_job_replay(struct sl_cli *c, struct sl_err *err)
{
	struct sl_job_replay r = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'J', &id, err);

	if (!rc)
		rc = sl_job_replay(&c->enclave, &c->actor, id, &r, err);
	if (!rc) {
		sl_cli_set(c, "job", json_sprintf("J-%" PRId64, id));
		sl_cli_set(c, "outputs", json_integer(r.noutputs));
		sl_cli_set(c, "identical", json_true());
		sl_cli_changed(c, "J-%" PRId64 " is identical: %u output%s, byte for byte", id, (unsigned)r.noutputs,
		               r.noutputs == 1 ? "" : "s");
	}
	sl_job_replay_free(&r);
	return rc;
}
