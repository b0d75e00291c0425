/* progress.c - see progress.h. */
#include "ui-cli/progress.h"

#include <inttypes.h>
#include <string.h>

#include "ui-cli/cli.h"

static void print_bad_rows(const char *table, const struct sl_load_report *report)
{
	for (uint32_t i = 0; i < report->nbad_rows; i++) {
		const struct sl_bad_row *row = &report->bad_rows[i];

		fputs("  ", stderr);
		sl_say_text(stderr, table, strlen(table));
		fprintf(stderr, ":%" PRIu64 ": ", row->line);
		if (*row->column) {
			fputs("column \"", stderr);
			sl_say_text(stderr, row->column, strlen(row->column));
			fputs("\": ", stderr);
		}
		sl_say_text(stderr, row->reason, strlen(row->reason));
		fputc('\n', stderr);
	}
	if (report->bad_rows_total > report->nbad_rows)
		fprintf(stderr, "  … and %" PRIu64 " more bad rows\n", report->bad_rows_total - report->nbad_rows);
}

static void print_report(const char *table, const struct sl_load_report *report)
{
	sl_say_text(stderr, table, strlen(table));
	if (report->complete)
		fprintf(stderr, ": %" PRIu64 " rows, %" PRIu64 " units (%" PRIu64 " new)\n", report->rows, report->units,
		        report->new_units);
	else
		fprintf(stderr, ": %" PRIu64 " bad rows; nothing of it is kept\n", report->bad_rows_total);
	print_bad_rows(table, report);
	for (uint32_t i = 0; i < report->nskipped; i++) {
		fputs(i ? ", \"" : "  not imported, the package does not name it: \"", stderr);
		sl_say_text(stderr, report->skipped[i].text, strlen(report->skipped[i].text));
		fputs(i + 1 < report->nskipped ? "\"" : "\"\n", stderr);
	}
}

static json_t *report_object(const char *table, const struct sl_load_report *report)
{
	json_t *skipped = json_array(), *bad = json_array();

	for (uint32_t i = 0; i < report->nskipped; i++)
		json_array_append_new(skipped, sl_cli_text(report->skipped[i].text));
	for (uint32_t i = 0; i < report->nbad_rows; i++)
		json_array_append_new(bad, json_pack("{s:I, s:o, s:o}", "line", (json_int_t)report->bad_rows[i].line, "column",
		                                     sl_cli_text(report->bad_rows[i].column), "reason",
		                                     sl_cli_text(report->bad_rows[i].reason)));
	return json_pack("{s:o, s:b, s:I, s:I, s:I, s:o, s:o, s:I}", "name", sl_cli_text(table), "complete",
	                 report->complete, "rows", (json_int_t)report->rows, "units", (json_int_t)report->units, "new_units",
	                 (json_int_t)report->new_units, "skipped", skipped, "bad_rows", bad, "bad_rows_total",
	                 (json_int_t)report->bad_rows_total);
}

static void collect(struct sl_cli *c, json_t *object)
{
	json_t *tables = json_object_get(c->answer, "tables");

	if (!tables) {
		sl_cli_set(c, "tables", json_array());
		tables = json_object_get(c->answer, "tables");
	}
	json_array_append_new(tables, object);
}

static void tell_table(void *self, const char *table, const struct sl_load_report *report)
{
	struct sl_cli *c = self;

	collect(c, report_object(table, report));
	if (!c->args.json)
		print_report(table, report);
}

static void tell_unchanged(void *self, const char *table)
{
	struct sl_cli *c = self;

	collect(c, json_pack("{s:o, s:b}", "name", sl_cli_text(table), "unchanged", 1));
	if (!c->args.json) {
		sl_say_text(stderr, table, strlen(table));
		fputs(": its source has not changed; no new version\n", stderr);
	}
}

struct sl_data_watch sl_progress_watch(struct sl_cli *c)
{
	return (struct sl_data_watch){ .self = c, .table = tell_table, .unchanged = tell_unchanged };
}
