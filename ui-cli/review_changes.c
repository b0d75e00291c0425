/*
 * review_changes.c - see review_changes.h. Called by review show of an earlier revision.
 */
#include "ui-cli/review_changes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui-cli/cli.h"
#include "ui-cli/html.h"
#include "ui-cli/review_grid.h"
#include "ui-cli/say.h"

/* "- " is a line of the revision that is shown, "+ " one of the revision there is. */
static void tell_lines(const struct sl_change *change, size_t n, struct sl_buf *out)
{
	for (size_t k = 0; k < n; k++) {
		const struct sl_change_line *line = &change->lines[k];

		sl_buf_text(out, line->is_now ? "+ " : "- ");
		sl_buf_put(out, line->text, line->len);
		sl_buf_text(out, "\n");
	}
}

/* What is to be said of a table whose lines are not compared; NULL: they are. */
static const char *whole(const struct sl_change *change)
{
	if (change->was && change->now)
		return NULL;
	return change->was ? " is not asked for any more" : " was not asked for yet";
}

static enum sl_rc print_one(const struct sl_change *change, bool all, struct sl_err *err)
{
	size_t n = all || change->nlines < SL_REVIEW_ROWS_SHOWN ? change->nlines : SL_REVIEW_ROWS_SHOWN;
	struct sl_buf text = {0};
	enum sl_rc rc;

	fputs("  ", stdout);
	sl_say_text(stdout, change->path, strlen(change->path));
	puts(whole(change) ? whole(change) : ":");
	tell_lines(change, n, &text);
	rc = sl_buf_ok(&text, "what was changed", err);
	if (!rc && text.len > 0)
		sl_say_lines(stdout, "    ", text.data, text.len);
	if (!rc && n < change->nlines)
		printf("    and %zu lines more: --all\n", change->nlines - n);
	sl_buf_free(&text);
	return rc;
}

enum sl_rc sl_review_changes_print(const struct sl_review *r, bool all, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (!r->earlier)
		return SL_OK;
	puts("\nCHANGED SINCE");
	if (!r->nchanges)
		printf("  nothing: the tables of revision %" PRIu32 " are these, byte for byte\n", r->current);
	else
		printf("  - as it is here, + as it is in revision %" PRIu32 "\n", r->current);
	for (uint32_t i = 0; i < r->nchanges && !rc; i++)
		rc = print_one(&r->changes[i], all, err);
	return rc;
}

void sl_review_changes_put(const struct sl_review *r, struct sl_buf *out)
{
	if (!r->earlier)
		return;
	sl_buf_text(out, "<h2>Changed since</h2>\n");
	if (!r->nchanges)
		sl_buf_printf(out, "<p>Nothing: the tables of revision %" PRIu32 " are these.</p>\n", r->current);
	else
		sl_buf_printf(out, "<p>- as it is here, + as it is in revision %" PRIu32 "</p>\n", r->current);
	for (uint32_t i = 0; i < r->nchanges; i++) {
		struct sl_buf text = {0};

		sl_buf_text(out, "<p>");
		sl_html_cell(out, r->changes[i].path);
		sl_buf_printf(out, "%s</p>\n", whole(&r->changes[i]) ? whole(&r->changes[i]) : ":");
		tell_lines(&r->changes[i], r->changes[i].nlines, &text);
		sl_html_words(out, text.data, text.len);
		sl_buf_fails_with(out, &text);
		out->no_memory = out->no_memory || text.no_memory;
		sl_buf_free(&text);
	}
}

json_t *sl_review_changes_object(const struct sl_review *r)
{
	json_t *tables = json_array();

	if (!r->current) {
		json_decref(tables);
		return json_null();
	}
	for (uint32_t i = 0; i < r->nchanges; i++) {
		const struct sl_change *change = &r->changes[i];
		json_t *lines = json_array();

		for (size_t k = 0; k < change->nlines; k++)
			json_array_append_new(lines, json_pack("{s:s, s:o}", "in", change->lines[k].is_now ? "now" : "was", "text",
			                                       sl_cli_bytes(change->lines[k].text, change->lines[k].len)));
		json_array_append_new(tables, json_pack("{s:o, s:b, s:b, s:o}", "path", sl_cli_text(change->path), "was",
		                                        change->was, "now", change->now, "lines", lines));
	}
	return json_pack("{s:i, s:o}", "revision", (int)r->current, "tables", tables);
}
