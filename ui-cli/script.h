/*
 * script.h - what job check and job run share: the script, its parameters, and what is shown of a job.
 */
#ifndef SL_UI_SCRIPT_H
#define SL_UI_SCRIPT_H

#include "jobs/job.h"
#include "ui-cli/cli.h"

/* Zeroed by the caller; free with sl_script_words_free. */
struct sl_script_words {
	struct sl_job_spec spec;
	struct sl_buf text;
	struct sl_param params[SL_PARAMS_MAX];
};

/*
 * sl_script_words_take - the spec that the command line names: the script in `file`, --project, --param. SL_E_USAGE,
 * SL_E_IO, SL_E_LIMIT.
 */
SL_MUST_CHECK enum sl_rc sl_script_words_take(struct sl_cli *c, const char *file, struct sl_script_words *w,
                                              struct sl_err *err);
void sl_script_words_free(struct sl_script_words *w);

/* sl_script_told - what the script printed goes to stderr; a failing script's line is kept for the error. */
void sl_script_told(struct sl_cli *c, const struct sl_job *job);
/* sl_script_shape - the declared outputs: a table on stdout, and "outputs" of the JSON answer. */
SL_MUST_CHECK enum sl_rc sl_script_shape(struct sl_cli *c, const struct sl_job *job, struct sl_err *err);

#endif
