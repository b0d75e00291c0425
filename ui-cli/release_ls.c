/*
 * release_ls.c - sluice release ls: what left.
 */
#include <inttypes.h>

#include "jobs/release.h"
#include "ui-cli/commands.h"

static void add_row(struct sl_grid *grid, json_t *list, const struct sl_release *r)
{
	char id[32], request[32], time[SL_TIME_TEXT];
	const char *texts[] = {id, request, r->project, time};

	snprintf(id, sizeof id, "L-%" PRId64, r->id);
	snprintf(request, sizeof request, "R-%" PRId64, r->request);
	sl_enclave_time_text(r->released_at, time);
	sl_grid_row(grid, texts);
	json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o}", "release", id, "request", request, "project",
	                                      sl_cli_text(r->project), "released_at", sl_cli_time(r->released_at)));
}

enum sl_rc sl_cmd_release_ls(struct sl_cli *c, struct sl_err *err)
{
	const char *const names[] = {"RELEASE", "REQUEST", "PROJECT", "RELEASED"};
	struct sl_release *releases = NULL;
	json_t *list = json_array();
	struct sl_grid grid;
	uint32_t n = 0;
	enum sl_rc rc = sl_release_list(&c->enclave, &c->actor, &releases, &n, err);

	sl_grid_open(&grid, names, 4);
	for (uint32_t i = 0; i < n && !rc; i++)
		add_row(&grid, list, &releases[i]);
	sl_cli_set(c, "releases", list);
	if (!rc && !c->args.json)
		rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	sl_release_list_free(releases, n);
	return rc;
}
