/*
 * job_ls.c - sluice job ls: jobs, newest last.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "ui-cli/commands.h"
#include "ui-cli/script.h"

static void add_row(struct sl_grid *grid, json_t *list, const struct sl_job *job)
{
	const char *state = sl_job_state_name((enum sl_job_state)job->state);
	char id[32], time[SL_TIME_TEXT];
	const char *texts[] = {id, state, job->project, job->author, time, job->file};

	snprintf(id, sizeof id, "J-%" PRId64, job->id);
	sl_enclave_time_text(job->created_at, time);
	sl_grid_row(grid, texts);
	json_array_append_new(list,
	                      json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "job", id, "state", state, "project",
	                                sl_cli_text(job->project), "author", sl_cli_text(job->author), "created_at",
	                                sl_cli_time(job->created_at), "finished_at", sl_cli_time(job->finished_at), "file",
	                                sl_cli_text(job->file)));
}

/* For operators and auditors, behind the list. */
static void list_unseen(struct sl_cli *c, const struct sl_job *jobs, uint32_t n)
{
	json_t *list = json_array();
	bool told = c->args.json;

	for (uint32_t i = 0; i < n; i++) {
		if (jobs[i].unseen == 0)
			continue;
		if (!told)
			puts("nobody has looked at these, which told their authors of rows by how they ended:");
		told = true;
		json_array_append_new(list, json_pack("{s:o, s:I}", "job", json_sprintf("J-%" PRId64, jobs[i].id), "times",
		                                      (json_int_t)jobs[i].unseen));
		if (!c->args.json)
			printf("  sluice job show J-%" PRId64 "\n", jobs[i].id);
	}
	sl_cli_set(c, "unseen", list);
}

enum sl_rc sl_cmd_job_ls(struct sl_cli *c, struct sl_err *err)
{
	const char *const names[] = {"JOB", "STATE", "PROJECT", "AUTHOR", "CREATED", "FILE"};
	json_t *list = json_array();
	struct sl_job *jobs = NULL;
	struct sl_grid grid;
	uint32_t n = 0;
	enum sl_rc rc = sl_job_list(&c->enclave, &c->actor, &jobs, &n, err);

	sl_grid_open(&grid, names, 6);
	for (uint32_t i = 0; i < n; i++)
		add_row(&grid, list, &jobs[i]);
	sl_cli_set(c, "jobs", list);
	if (!rc && !c->args.json)
		rc = sl_grid_print(&grid, stdout, err);
	if (!rc)
		list_unseen(c, jobs, n);
	for (uint32_t i = 0; i < n; i++)
		sl_job_free(&jobs[i]);
	free(jobs);
	sl_grid_free(&grid);
	return rc;
}
