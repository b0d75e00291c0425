/*
 * grid.c - tables through libsmartcols. Called by the listing commands.
 */
#include "ui-cli/grid.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/buf.h"
#include "enclave/base/text.h"

static char *escaped(const char *s)
{
	struct sl_buf b = {0};
	char *copy = NULL, *text;

	sl_text_escape(&b, s, strlen(s));
	text = sl_buf_cstr(&b);
	if (text)
		copy = strdup(text);
	sl_buf_free(&b);
	/* libsmartcols never ends on a character that the locale cannot read: without UTF-8 only ASCII is printed. */
	for (char *p = copy; p && *p && MB_CUR_MAX == 1; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	return copy;
}

void sl_grid_open(struct sl_grid *g, const char *const *names, size_t n)
{
	*g = (struct sl_grid){.ncolumns = n, .table = scols_new_table()};
	if (!g->table) {
		g->failed = true;
		return;
	}
	/* The escaping is done here, so that a backslash of ours is not escaped again. */
	scols_table_enable_noencoding(g->table, 1);
	scols_table_set_termforce(g->table, SCOLS_TERMFORCE_NEVER);
	for (size_t i = 0; i < n; i++) {
		bool right = names[i][0] == '>';
		char *name = escaped(names[i] + (right ? 1 : 0));

		if (!name || !scols_table_new_column(g->table, name, 0, right ? SCOLS_FL_RIGHT : 0))
			g->failed = true;
		free(name);
	}
}

void sl_grid_row(struct sl_grid *g, const char *const *texts)
{
	struct libscols_line *line = g->failed ? NULL : scols_table_new_line(g->table, NULL);

	if (!line) {
		g->failed = true;
		return;
	}
	for (size_t i = 0; i < g->ncolumns; i++) {
		char *text = escaped(texts[i] ? texts[i] : "");

		if (!text || scols_line_refer_data(line, i, text) != 0) {
			free(text);
			g->failed = true;
		}
	}
}

enum sl_rc sl_grid_print(struct sl_grid *g, FILE *f, struct sl_err *err)
{
	if (!g->failed) {
		scols_table_set_stream(g->table, f);
		g->failed = scols_print_table(g->table) != 0;
	}
	return g->failed ? sl_err_set(err, SL_E_NOMEM, "out of memory for a table") : SL_OK;
}

void sl_grid_free(struct sl_grid *g)
{
	if (g->table)
		scols_unref_table(g->table);
	*g = (struct sl_grid){0};
}
