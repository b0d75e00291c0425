/*
 * data_review.c - sluice data review: what asks for an owner's approval, and what it would publish.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/owner.h"
#include "ui-cli/commands.h"
#include "ui-cli/csv_grid.h"
#include "ui-cli/decide.h"

static void line(const char *label, const char *text)
{
	printf("%s: ", label);
	sl_say_text(stdout, text, strlen(text));
	putchar('\n');
}

static enum sl_rc print_one(const struct sl_cli *c, const struct sl_owner_review *r, struct sl_err *err)
{
	char of[SL_DECIDE_OF];
	enum sl_rc rc = SL_OK;

	printf("R-%" PRId64 " %s", r->request.id, sl_moves_state_name((enum sl_request_state)r->request.state));
	if (r->request.revision > 1)
		printf(", revision %" PRIu32, r->request.revision);
	putchar('\n');
	line("project", r->request.project);
	line("purpose", r->purpose);
	line("author", r->request.author);
	line("you speak for", r->organisation);
	for (uint32_t i = 0; i < r->ntables; i++)
		line("your table", r->tables[i]);
	puts("context, the author's words:");
	sl_say_lines(stdout, "  | ", r->request.context, strlen(r->request.context));
	for (uint32_t i = 0; i < r->nfiles && !rc; i++) {
		char hex[65];

		sl_text_hex(r->files[i].sha256, 32, hex);
		printf("\nWOULD LEAVE %s  sha256:%s\n", r->files[i].path, hex);
		rc = sl_csv_grid_print(r->files[i].bytes.data, r->files[i].bytes.len, stdout, err);
	}
	if (!rc && r->request.state == SL_REQUEST_SUBMITTED)
		sl_cli_next(c, "sluice data approve R-%" PRId64 "%s, or data reject R-%" PRId64 " --comment TEXT", r->request.id,
		            sl_decide_of(r->request.revision, of), r->request.id);
	return rc;
}

static json_t *object(const struct sl_owner_review *r)
{
	json_t *tables = json_array(), *files = json_array();

	for (uint32_t i = 0; i < r->ntables; i++)
		json_array_append_new(tables, sl_cli_text(r->tables[i]));
	for (uint32_t i = 0; i < r->nfiles; i++)
		json_array_append_new(files, json_pack("{s:o, s:o, s:o}", "path", sl_cli_text(r->files[i].path), "sha256",
		                                       sl_cli_hex(r->files[i].sha256, 32), "text",
		                                       sl_cli_bytes(r->files[i].bytes.data, r->files[i].bytes.len)));
	return json_pack("{s:o, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "request",
	                 json_sprintf("R-%" PRId64, r->request.id), "revision", (json_int_t)r->request.revision, "state",
	                 sl_moves_state_name((enum sl_request_state)r->request.state), "project",
	                 sl_cli_text(r->request.project), "purpose", sl_cli_text(r->purpose), "author",
	                 sl_cli_text(r->request.author), "context", sl_cli_text(r->request.context), "owner",
	                 sl_cli_text(r->organisation), "tables", tables, "files", files);
}

static enum sl_rc show(struct sl_cli *c, int64_t id, json_t *list, struct sl_grid *grid, struct sl_err *err)
{
	struct sl_owner_review r;
	char name[32];
	enum sl_rc rc = sl_owner_review_show(&c->enclave, &c->actor, id, &r, err);

	if (rc)
		return rc;
	json_array_append_new(list, object(&r));
	snprintf(name, sizeof name, "R-%" PRId64, id);
	const char *texts[] = {name, r.request.project, r.request.author, r.ntables > 0 ? r.tables[0] : "", r.request.context};
	if (grid)
		sl_grid_row(grid, texts);
	else if (!c->args.json)
		rc = print_one(c, &r, err);
	sl_owner_review_free(&r);
	return rc;
}

static enum sl_rc list_all(struct sl_cli *c, json_t *list, struct sl_err *err)
{
	const char *const names[] = {"REQUEST", "PROJECT", "AUTHOR", "YOUR TABLE", "CONTEXT"};
	struct sl_grid grid = {0};
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_owner_review_list(&c->enclave, &c->actor, &ids, &n, err);

	sl_grid_open(&grid, names, 5);
	for (uint32_t i = 0; i < n && !rc; i++) {
		rc = show(c, ids[i], list, &grid, err);
		/* Of their own project an owner is not asked; somebody else of the organisation is. */
		if (rc == SL_E_DENIED) {
			*err = (struct sl_err){0};
			rc = SL_OK;
		}
	}
	if (!rc && !c->args.json)
		rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	free(ids);
	return rc;
}

enum sl_rc sl_cmd_data_review(struct sl_cli *c, struct sl_err *err)
{
	const char *word = sl_cli_word(c, 0);
	json_t *list = json_array();
	int64_t id = 0;
	enum sl_rc rc = word ? sl_args_id(word, 'R', &id, err) : SL_OK;

	if (!rc)
		rc = word ? show(c, id, list, NULL, err) : list_all(c, list, err);
	sl_cli_set(c, "requests", list);
	return rc;
}
