/*
 * job_check.c - sluice job check: run a script against the grant, touch no table, keep nothing.
 */
#include "ui-cli/commands.h"
#include "ui-cli/script.h"

enum sl_rc sl_cmd_job_check(struct sl_cli *c, struct sl_err *err)
{
	struct sl_script_words words = {0};
	struct sl_job job = {0};
	enum sl_rc rc = sl_script_words_take(c, sl_cli_word(c, 0), &words, err);

	if (!rc) {
		rc = sl_job_check(&c->enclave, &c->actor, &words.spec, &job, err);
		sl_script_told(c, &job);
	}
	if (!rc)
		rc = sl_script_shape(c, &job, err);
	if (!rc) {
		sl_cli_changed(c, "%s is well; no table was touched", words.spec.file);
		sl_cli_next(c, "sluice job run %s -p %s", sl_cli_word(c, 0), words.spec.project);
	}
	sl_job_free(&job);
	sl_script_words_free(&words);
	return rc;
}
