/*
 * data_ledger.c - sluice data ledger: what became of one table, for its owner.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/ledger.h"
#include "ui-cli/commands.h"
#include "ui-cli/file.h"

static const char *word(const json_t *body, const char *key)
{
	const char *s = json_string_value(json_object_get(body, key));

	return s ? s : "";
}

/* What a leaf is about, in a few words: "age (group filter)" of a job, "12 cells" of a release. */
static void details(const json_t *body, const char *table, struct sl_buf *out)
{
	json_t *columns = json_object_get(json_object_get(json_object_get(body, "reads"), table), "columns"), *uses, *use;
	const char *name, *sep = "";
	size_t i;

	json_object_foreach(columns, name, uses) {
		sl_buf_printf(out, "%s%s (", sep, name);
		json_array_foreach(uses, i, use) {
			sl_buf_printf(out, "%s%s", i ? " " : "", json_string_value(use) ? json_string_value(use) : "");
		}
		sl_buf_text(out, ")");
		sep = ", ";
	}
	if (json_object_get(body, "cells"))
		sl_buf_printf(out, "%" JSON_INTEGER_FORMAT " published numbers", json_integer_value(json_object_get(body, "cells")));
}

static enum sl_rc print(const struct sl_ledger *l, const char *table, struct sl_err *err)
{
	const char *const names[] = {">LEAF", "AT", "WHAT", "WHO", "PROJECT", "ID", "DETAILS"};
	static const char *const ids[] = {"release", "job", "grant", "application", "version"};
	struct sl_grid grid = {0};
	enum sl_rc rc = SL_OK;

	sl_grid_open(&grid, names, 7);
	for (uint32_t i = 0; i < l->n && !rc; i++) {
		const json_t *b = l->lines[i].body;
		struct sl_buf text = {0};
		const char *id = "";
		char leaf[32];

		for (size_t k = 0; k < sizeof ids / sizeof *ids && !*id; k++)
			id = word(b, ids[k]);
		snprintf(leaf, sizeof leaf, "%" PRIu64, l->lines[i].leaf);
		details(b, table, &text);
		const char *texts[] = {leaf, word(b, "at"), word(b, "kind"), word(b, "who"), word(b, "project"), id,
		                       text.len ? sl_buf_cstr(&text) : ""};
		sl_grid_row(&grid, texts);
		rc = sl_buf_ok(&text, "ledger", err);
		sl_buf_free(&text);
	}
	if (!rc)
		rc = sl_grid_print(&grid, stdout, err);
	if (!rc)
		printf("not released: %" PRIu64 " refused by the check, %" PRIu64 " rejected\n"
		       "shown to reviewers and owners: %" PRIu64 "\n",
		       l->refused, l->rejected, l->shown);
	sl_grid_free(&grid);
	return rc;
}

static enum sl_rc export_to(struct sl_cli *c, const struct sl_ledger *l, const char *table, const char *file,
                            struct sl_err *err)
{
	struct sl_buf text = {0};
	bool standard = strcmp(file, "-") == 0;
	enum sl_rc rc = SL_OK;

	if (standard && c->args.json)
		rc = sl_err_set(err, SL_E_USAGE, "--json and --export - both want standard output");
	if (!rc)
		rc = sl_ledger_export(&c->enclave, table, l, &text, err);

	if (!rc && standard)
		fwrite(text.data, 1, text.len, stdout);
	else if (!rc)
		rc = sl_file_write_new(file, 0600, text.data, text.len, err);
	if (!rc && !standard) {
		sl_cli_changed(c, "%u lines of the ledger of %s are in %s", l->n, table, file);
		sl_cli_next(c, "sluice audit verify --ledger %s --anchor ANCHOR", file);
	}
	sl_buf_free(&text);
	return rc;
}

enum sl_rc sl_cmd_data_ledger(struct sl_cli *c, struct sl_err *err)
{
	const char *table = sl_cli_word(c, 0), *file = sl_args_flag(&c->args, "--export");
	json_t *lines = json_array();
	struct sl_ledger l = { 0 };
	enum sl_rc rc = sl_ledger_make(&c->enclave, &c->actor, table, &l, err);

	for (uint32_t i = 0; i < l.n && !rc; i++)
		json_array_append_new(lines, json_incref(l.lines[i].body));
	if (!rc) {
		sl_cli_set(c, "table", sl_cli_text(table));
		sl_cli_set(c, "refused", json_integer((json_int_t)l.refused));
		sl_cli_set(c, "rejected", json_integer((json_int_t)l.rejected));
		sl_cli_set(c, "shown", json_integer((json_int_t)l.shown));
	}
	sl_cli_set(c, "lines", lines);
	if (!rc && file)
		rc = export_to(c, &l, table, file, err);
	else if (!rc && !c->args.json)
		rc = print(&l, table, err);
	sl_ledger_free(&l);
	return rc;
}
