/*
 * data_ls.c - sluice data ls: which tables there are.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "enclave/base/num.h"
#include "jobs/data.h"
#include "jobs/owner_holding.h"
#include "ui-cli/owner_words.h"
#include "ui-cli/commands.h"

static bool is_reference(const struct sl_data_table *t)
{
	return t->space[0] == '\0';
}

/* "late since 2026-11-20": the first day on which it was. */
static void due_text(const struct sl_data_table *t, char *out, size_t cap)
{
	char day[SL_DECIMAL_TEXT] = "";

	if (t->due != INT64_MAX)
		sl_format_date(t->late ? t->due + 1 : t->due, day);
	snprintf(out, cap, "%s%s", !t->late ? "" : t->due == INT64_MAX ? "late" : "late since ", day);
}

/* What the reader has to know of a table before a script names it. */
static void mark_text(const struct sl_data_table *t, char *out, size_t cap)
{
	char held[SL_OWNER_HOLDING_TEXT];

	sl_owner_holding_text(&t->word, held);
	if (t->waits)
		snprintf(out, cap, "a newer one waits");
	else if (t->on_application && sl_owner_usable(&t->word))
		snprintf(out, cap, "granted: %s", held);
	else
		snprintf(out, cap, "%s", t->on_application ? "no grant" : "");
}

static void add_row(struct sl_grid *grid, const struct sl_data_table *t)
{
	char rows[32] = "", units[32] = "", time[SL_TIME_TEXT] = "not imported", due[64] = "", mark[128];

	if (t->imported && t->counted) {
		snprintf(rows, sizeof rows, "%" PRIu64, t->rows);
		snprintf(units, sizeof units, "%" PRIu64, t->units);
	}
	/* A reference table has no versions, so no time of one. */
	if (t->imported && is_reference(t))
		time[0] = '\0';
	else if (t->imported)
		sl_enclave_time_text(t->imported_at, time);
	due_text(t, due, sizeof due);
	mark_text(t, mark, sizeof mark);
	const char *texts[] = {t->name, sl_class_name((enum sl_class)t->class_), t->space, rows, units, time, due, mark,
	                       t->title};

	sl_grid_row(grid, texts);
}

static json_t *object(const struct sl_data_table *t)
{
	json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:s, s:b, s:o, s:o, s:i}", "name", sl_cli_text(t->name), "title",
	                 sl_cli_text(t->title), "owner", sl_cli_text(t->owner), "space", sl_cli_text(t->space), "class",
	                 sl_class_name((enum sl_class)t->class_), "imported", t->imported, "imported_at",
	                 is_reference(t) ? json_null() : sl_cli_time(t->imported_at), "version",
	                 is_reference(t) ? json_null() : sl_cli_hex(t->version, sizeof t->version), "versions",
	                 (int)t->versions);

	if (t->rhythm[0] != '\0') {
		char day[SL_DECIMAL_TEXT] = "";

		if (t->due != INT64_MAX)
			sl_format_date(t->due, day);
		json_object_set_new(o, "rhythm", sl_cli_text(t->rhythm));
		json_object_set_new(o, "due", t->due != INT64_MAX ? json_string(day) : json_null());
		json_object_set_new(o, "late", json_boolean(t->late));
	}
	if (t->on_application)
		json_object_set_new(o, "grant", sl_owner_words_grant_json(&t->word));
	if (t->counted) {
		json_object_set_new(o, "rows", json_integer((json_int_t)t->rows));
		json_object_set_new(o, "units", json_integer((json_int_t)t->units));
		json_object_set_new(o, "waits", json_boolean(t->waits));
		json_object_set_new(o, "bytes", json_integer((json_int_t)t->bytes));
	}
	return o;
}

enum sl_rc sl_cmd_data_ls(struct sl_cli *c, struct sl_err *err)
{
	const char *const names[] = {"TABLE", "CLASS", "UNITS OF", ">ROWS", ">UNITS", "IMPORTED", "DUE", "", "TITLE"};
	bool late_only = sl_args_flag(&c->args, "--late") != NULL;
	struct sl_data_table *tables = NULL;
	json_t *list = json_array();
	struct sl_grid grid = {0};
	uint32_t n = 0, nshown = 0;
	enum sl_rc rc = sl_data_list(&c->enclave, &c->actor, &c->standing, &tables, &n, err);

	sl_grid_open(&grid, names, 9);
	for (uint32_t i = 0; i < n && !rc; i++) {
		if (late_only && !tables[i].late)
			continue;
		nshown++;
		add_row(&grid, &tables[i]);
		json_array_append_new(list, object(&tables[i]));
	}
	sl_cli_set(c, "tables", list);
	if (!rc && !c->args.json && (nshown > 0 || !late_only))
		rc = sl_grid_print(&grid, stdout, err);
	/* For who asks each night: silence and 0 when nothing is late. */
	if (late_only && nshown > 0)
		c->code = sl_rc_exit(SL_E_NO);
	sl_grid_free(&grid);
	sl_data_list_free(tables, n);
	return rc;
}
