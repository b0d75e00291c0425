/*
 * job_run.c - sluice job run: from script to a sealed result.
 */
#include <inttypes.h>

#include "ui-cli/commands.h"
#include "ui-cli/script.h"

static enum sl_rc held(struct sl_cli *c, const struct sl_job *job, struct sl_err *err)
{
	enum sl_rc rc;

	sl_cli_set(c, "job", json_sprintf("J-%" PRId64, job->id));
	sl_cli_set(c, "state", json_string(sl_job_state_name((enum sl_job_state)job->state)));
	sl_cli_changed(c, "J-%" PRId64 " %s", job->id, sl_job_state_name((enum sl_job_state)job->state));
	rc = sl_script_shape(c, job, err);
	if (!rc)
		sl_cli_next(c, "sluice request new J-%" PRId64 " --context \"what the numbers are for\"", job->id);
	return rc;
}

enum sl_rc sl_cmd_job_run(struct sl_cli *c, struct sl_err *err)
{
	struct sl_script_words words = {0};
	struct sl_job job = {0};
	enum sl_rc rc = sl_script_words_take(c, sl_cli_word(c, 0), &words, err);

	if (!rc) {
		rc = sl_job_run(&c->enclave, &c->actor, &words.spec, &job, err);
		sl_script_told(c, &job);
		/* What an analyst is told of a failure is one constant: job keeps it, whatever err says. */
		if (rc == SL_E_NO && job.told && *job.told) {
			sl_err_clear(err);
			sl_err_set(err, SL_E_NO, "%s", job.told);
			sl_err_remedy(err, "run it again; if it fails again ask the operator, who sees why");
		}
	}
	if (!rc)
		rc = held(c, &job, err);
	sl_job_free(&job);
	sl_script_words_free(&words);
	return rc;
}
