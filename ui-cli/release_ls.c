/*
 * release_ls.c - sluice release ls: what left.
 */
#include <inttypes.h>

#include "jobs/release.h"
#include "ui-cli/commands.h"

static json_t *release_object(const struct sl_release *r, const char *id, const char *request)
{
	json_t *has = json_array();
	json_t *o = json_pack("{s:s, s:s, s:o, s:o}", "release", id, "request", request, "project", sl_cli_text(r->project),
	                      "released_at", sl_cli_time(r->released_at));

	for (uint32_t i = 0; i < r->nfetched; i++)
		json_array_append_new(has, json_pack("{s:o, s:o}", "person", sl_cli_text(r->fetched[i].person), "fetched_at",
		                                     sl_cli_time(r->fetched[i].at)));
	json_object_set_new(o, "recipients", has);
	if (r->revoked_at)
		json_object_set_new(o, "revoked", json_pack("{s:o, s:o, s:o}", "at", sl_cli_time(r->revoked_at), "by",
		                                            sl_cli_text(r->revoked_by), "reason", sl_cli_text(r->reason)));
	if (r->recovered_at)
		json_object_set_new(o, "recovered",
		                    json_pack("{s:o, s:o, s:o, s:o*}", "at", sl_cli_time(r->recovered_at), "by",
		                              sl_cli_text(r->recovered_by), "unknown",
		                              *r->unknown ? sl_cli_text(r->unknown) : json_null(), "left as",
		                              r->left_as ? json_sprintf("L-%" PRId64, r->left_as) : NULL));
	return o;
}

static void add_row(struct sl_grid *grid, json_t *list, const struct sl_release *r)
{
	char id[32], request[32], time[SL_TIME_TEXT];
	struct sl_buf has = {0}, revoked = {0}, recovered = {0};

	snprintf(id, sizeof id, "L-%" PRId64, r->id);
	snprintf(request, sizeof request, "R-%" PRId64, r->request);
	sl_enclave_time_text(r->released_at, time);
	if (r->recovered_at)
		sl_buf_printf(&recovered, "by %s%s%s", r->recovered_by, *r->unknown ? "; its persons are unknown: " : "",
		              r->unknown);
	if (r->left_as)
		sl_buf_printf(&recovered, "; left as L-%" PRId64, r->left_as);
	for (uint32_t i = 0; i < r->nfetched; i++)
		sl_buf_printf(&has, "%s%s", i ? ", " : "", r->fetched[i].person);
	if (r->revoked_at)
		sl_buf_printf(&revoked, "by %s: %s", r->revoked_by, r->reason);
	if (has.failed || revoked.failed || recovered.failed)
		grid->failed = true;
	else
		sl_grid_row(grid, (const char *const[]){id, request, r->project, r->released_at ? time : "?",
		                                        has.len ? sl_buf_cstr(&has) : "",
		                                        revoked.len ? sl_buf_cstr(&revoked) : "",
		                                        recovered.len ? sl_buf_cstr(&recovered) : ""});
	sl_buf_free(&has);
	sl_buf_free(&revoked);
	sl_buf_free(&recovered);
	json_array_append_new(list, release_object(r, id, request));
}

enum sl_rc sl_cmd_release_ls(struct sl_cli *c, struct sl_err *err)
{
	const char *const names[] = {"RELEASE", "REQUEST", "PROJECT", "RELEASED", "HAS IT", "REVOKED", "RECOVERED"};
	bool recovered = false;
	struct sl_release *releases = NULL;
	json_t *list = json_array();
	struct sl_grid grid;
	uint32_t n = 0;
	enum sl_rc rc = sl_release_list(&c->enclave, &c->actor, &releases, &n, err);

	for (uint32_t i = 0; i < n; i++)
		recovered = recovered || releases[i].recovered_at;
	/* In most enclaves nothing ever was. */
	sl_grid_open(&grid, names, recovered ? 7 : 6);
	for (uint32_t i = 0; i < n && !rc; i++)
		add_row(&grid, list, &releases[i]);
	sl_cli_set(c, "releases", list);
	if (!rc && !c->args.json)
		rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	sl_release_list_free(releases, n);
	return rc;
}
