/*
 * data_requests.c - sluice data requests: applications to owners, and what became of them.
 */
#include <inttypes.h>
#include <string.h>

#include "enclave/base/num.h"
#include "ui-cli/commands.h"
#include "ui-cli/owner_words.h"

static void day_text(int64_t day, char out[static SL_DECIMAL_TEXT])
{
	out[0] = '\0';
	if (day != INT64_MIN)
		(void)sl_format_date(day, out);
}

/* "in force until 2027-01-31", "withdrawn", "waits", "refused". */
static void state_text(const struct sl_application *a, char *out, size_t cap)
{
	char day[SL_DECIMAL_TEXT];

	if (a->row.state != SL_APPLICATION_GRANTED) {
		snprintf(out, cap, "%s", sl_application_state_name((enum sl_application_state)a->row.state));
		return;
	}
	day_text(a->until, day);
	snprintf(out, cap, "G-%" PRId64 " %s%s%s", a->grant, sl_owner_say_name((enum sl_owner_say)a->say),
	         a->say == SL_OWNER_GRANTS ? " until " : "", a->say == SL_OWNER_GRANTS ? day : "");
}

static void add_row(struct sl_grid *grid, const struct sl_application *a)
{
	char name[32], day[SL_DECIMAL_TEXT], state[96];

	snprintf(name, sizeof name, "A-%" PRId64, a->row.id);
	day_text(a->row.until, day);
	state_text(a, state, sizeof state);
	const char *texts[] = {name, a->row.table, a->row.project, a->row.author, day, state, a->row.reason};
	sl_grid_row(grid, texts);
}

static json_t *object(const struct sl_application *a)
{
	char until[SL_DECIMAL_TEXT], granted[SL_DECIMAL_TEXT];
	json_t *o = json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "application",
	                      json_sprintf("A-%" PRId64, a->row.id), "state",
	                      sl_application_state_name((enum sl_application_state)a->row.state), "table",
	                      sl_cli_text(a->row.table), "owner", sl_cli_text(a->owner), "project",
	                      sl_cli_text(a->row.project), "purpose", sl_cli_text(a->purpose), "by",
	                      sl_cli_text(a->row.author), "reason", sl_cli_text(a->row.reason), "at",
	                      sl_cli_time(a->row.created_at), "columns",
	                      sl_owner_words_columns_json(a->columns, a->ncolumns));

	day_text(a->row.until, until);
	json_object_set_new(o, "until", until[0] ? json_string(until) : json_null());
	if (a->row.state == SL_APPLICATION_REFUSED) {
		json_object_set_new(o, "refused_by", sl_cli_text(a->row.decided_by));
		json_object_set_new(o, "answer", sl_cli_text(a->row.answer));
	}
	if (!a->grant)
		return o;
	day_text(a->until, granted);
	json_object_set_new(o, "grant",
	                    json_pack("{s:o, s:s, s:s, s:o, s:o}", "grant", json_sprintf("G-%" PRId64, a->grant), "state",
	                              sl_owner_say_name((enum sl_owner_say)a->say), "until", granted, "by",
	                              sl_cli_text(a->row.decided_by), "columns",
	                              sl_owner_words_columns_json(a->given, a->ngiven)));
	return o;
}

static void line(const char *label, const char *text)
{
	printf("%s: ", label);
	sl_say_text(stdout, text, strlen(text));
	putchar('\n');
}

static enum sl_rc columns_line(const char *label, const struct sl_granted_column *columns, uint32_t n,
                               struct sl_err *err)
{
	struct sl_buf text = {0};

	sl_owner_words_columns(columns, n, &text);
	enum sl_rc rc = sl_buf_ok(&text, "columns", err);
	if (!rc)
		line(label, sl_buf_cstr(&text));
	sl_buf_free(&text);
	return rc;
}

static enum sl_rc print_one(const struct sl_cli *c, const struct sl_application *a, struct sl_err *err)
{
	char state[96], day[SL_DECIMAL_TEXT], time[SL_TIME_TEXT];

	state_text(a, state, sizeof state);
	day_text(a->row.until, day);
	sl_enclave_time_text(a->row.created_at, time);
	printf("A-%" PRId64 "  %s\n", a->row.id, state);
	line("table", a->row.table);
	line("owner", a->owner);
	line("project", a->row.project);
	line("purpose", a->purpose);
	line("asked by", a->row.author);
	line("asked at", time);
	line("reason", a->row.reason);
	line("wanted until", day[0] ? day : "the project's end");
	enum sl_rc rc = columns_line("columns and uses by policy", a->columns, a->ncolumns, err);
	if (!rc && a->grant) {
		line("granted by", a->row.decided_by);
		rc = columns_line("columns and uses granted", a->given, a->ngiven, err);
	}
	if (!rc && a->withdrawn_by && *a->withdrawn_by) {
		line("withdrawn by", a->withdrawn_by);
		line("because", a->withdrawn_why);
	}
	if (!rc && a->row.state == SL_APPLICATION_REFUSED) {
		line("refused by", a->row.decided_by);
		line("because", a->row.answer);
	}
	if (!rc && a->row.state == SL_APPLICATION_WAITS)
		sl_cli_next(c, "an owner: sluice data grant A-%" PRId64 " --until DAY, or data refuse A-%" PRId64 " --reason TEXT",
		            a->row.id, a->row.id);
	return rc;
}

enum sl_rc sl_cmd_data_requests(struct sl_cli *c, struct sl_err *err)
{
	const char *const names[] = {"ID", "TABLE", "PROJECT", "BY", "WANTED UNTIL", "STATE", "REASON"};
	struct sl_application *a = NULL;
	struct sl_grid grid = {0};
	json_t *list = json_array();
	const char *word = sl_cli_word(c, 0);
	int64_t id = 0;
	uint32_t n = 0;
	enum sl_rc rc = word ? sl_args_id(word, 'A', &id, err) : SL_OK;

	if (!rc)
		rc = sl_owner_applications(&c->enclave, &c->actor, id, &a, &n, err);
	sl_grid_open(&grid, names, 7);
	for (uint32_t i = 0; i < n && !rc; i++) {
		add_row(&grid, &a[i]);
		json_array_append_new(list, object(&a[i]));
	}
	sl_cli_set(c, "applications", list);
	if (!rc && !c->args.json)
		rc = id ? print_one(c, &a[0], err) : sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	sl_owner_applications_free(a, n);
	return rc;
}
