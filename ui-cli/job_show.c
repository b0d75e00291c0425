/*
 * job_show.c - sluice job show: one job and its script.
 */
#include <inttypes.h>
#include <string.h>

#include "enclave/confine/layers.h"
#include "ui-cli/commands.h"
#include "ui-cli/script.h"

static void line(const char *name, const char *text)
{
	if (!text || !*text)
		return;
	printf("%s: ", name);
	sl_say_text(stdout, text, strlen(text));
	fputc('\n', stdout);
}

static json_t *layer_names(uint32_t layers)
{
	json_t *list = json_array();

	for (int l = 0; l < SL_LAYER_COUNT; l++)
		if (layers & SL_LAYER_BIT(l))
			json_array_append_new(list, json_string(sl_layers_table[l].name));
	return list;
}

static void print_head(const struct sl_job *job)
{
	char time[SL_TIME_TEXT];

	printf("J-%" PRId64 " %s\n", job->id, sl_job_state_name((enum sl_job_state)job->state));
	line("project", job->project);
	line("author", job->author);
	line("file", job->file);
	sl_enclave_time_text(job->created_at, time);
	line("created", time);
	if (job->finished_at) {
		sl_enclave_time_text(job->finished_at, time);
		line("finished", time);
	}
	line("told", job->told);
	line("reason, for the operator", job->operator_reason);
}

static void set_members(struct sl_cli *c, const struct sl_job *job)
{
	sl_cli_set(c, "job", json_sprintf("J-%" PRId64, job->id));
	sl_cli_set(c, "state", json_string(sl_job_state_name((enum sl_job_state)job->state)));
	sl_cli_set(c, "project", sl_cli_text(job->project));
	sl_cli_set(c, "author", sl_cli_text(job->author));
	sl_cli_set(c, "file", sl_cli_text(job->file));
	sl_cli_set(c, "created_at", sl_cli_time(job->created_at));
	sl_cli_set(c, "finished_at", sl_cli_time(job->finished_at));
	sl_cli_set(c, "layers", layer_names(job->layers));
	if (job->told && *job->told)
		sl_cli_set(c, "told", sl_cli_text(job->told));
	if (job->operator_reason && *job->operator_reason)
		sl_cli_set(c, "operator_reason", sl_cli_text(job->operator_reason));
}

enum sl_rc sl_cmd_job_show(struct sl_cli *c, struct sl_err *err)
{
	struct sl_buf script = {0};
	struct sl_job job = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'J', &id, err);

	if (!rc)
		rc = sl_job_show(&c->enclave, &c->actor, id, &job, &script, err);
	if (rc)
		goto out;
	set_members(c, &job);
	sl_cli_set(c, "script", sl_cli_bytes(script.data, script.len));
	if (!c->args.json)
		print_head(&job);
	rc = job.noutputs || c->args.json ? sl_script_shape(c, &job, err) : SL_OK;
	if (!rc && !c->args.json) {
		puts("script (escaped):");
		sl_say_lines(stdout, "  | ", script.data, script.len);
	}
out:
	sl_job_free(&job);
	sl_buf_free(&script);
	return rc;
}
