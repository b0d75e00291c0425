/* progress.c - see progress.h. */
#include "ui-cli/progress.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "enclave/base/num.h"
#include "ui-cli/cli.h"

#define TERMINAL_MS 200
#define LOG_MS 5000

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

static void print_fate(const struct sl_data_fate *fate)
{
	char day[SL_DECIMAL_TEXT];

	if (!fate->waits)
		return;
	if (fate->compared)
		fprintf(stderr, "  waits: %" PRIu64 " units differ from the version in force, %u have to", fate->changed,
		        fate->needed);
	else
		fputs("  waits: there is no version in force to compare it with", stderr);
	if (fate->has_day && sl_format_date(fate->day, day))
		fprintf(stderr, "; policy's day for the table is %s", day);
	fputs("\n", stderr);
}

static void print_report(const char *table, const struct sl_load_report *report, const struct sl_data_fate *fate)
{
	sl_say_text(stderr, table, strlen(table));
	if (fate && report->old_rows > 0)
		fprintf(stderr, ": %" PRIu64 " rows added to %" PRIu64, report->rows, report->old_rows);
	else if (fate)
		fprintf(stderr, ": %" PRIu64 " rows", report->rows);
	if (fate)
		fprintf(stderr, ", %" PRIu64 " units (%" PRIu64 " new)\n", report->units, report->new_units);
	else
		fprintf(stderr, ": %" PRIu64 " bad rows; nothing of it is kept\n", report->bad_rows_total);
	print_bad_rows(table, report);
	for (uint32_t i = 0; i < report->nskipped; i++) {
		fputs(i ? ", \"" : "  not imported, the package does not name it: \"", stderr);
		sl_say_text(stderr, report->skipped[i].text, strlen(report->skipped[i].text));
		fputs(i + 1 < report->nskipped ? "\"" : "\"\n", stderr);
	}
	if (fate)
		print_fate(fate);
}

static json_t *report_object(const char *table, const struct sl_load_report *report, const struct sl_data_fate *fate)
{
	json_t *skipped = json_array(), *bad = json_array(), *o;

	for (uint32_t i = 0; i < report->nskipped; i++)
		json_array_append_new(skipped, sl_cli_text(report->skipped[i].text));
	for (uint32_t i = 0; i < report->nbad_rows; i++)
		json_array_append_new(bad, json_pack("{s:I, s:o, s:o}", "line", (json_int_t)report->bad_rows[i].line, "column",
		                                     sl_cli_text(report->bad_rows[i].column), "reason",
		                                     sl_cli_text(report->bad_rows[i].reason)));
	o = json_pack("{s:o, s:b, s:I, s:I, s:I, s:I, s:o, s:o, s:I, s:b}", "name", sl_cli_text(table), "complete",
	              report->complete, "rows", (json_int_t)report->rows, "old_rows", (json_int_t)report->old_rows, "units",
	              (json_int_t)report->units, "new_units", (json_int_t)report->new_units, "skipped", skipped, "bad_rows",
	              bad, "bad_rows_total", (json_int_t)report->bad_rows_total, "waits", fate && fate->waits);
	if (fate && fate->compared)
		json_object_set_new(o, "changed_units", json_integer((json_int_t)fate->changed));
	return o;
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

static void wipe_line(struct sl_progress *p)
{
	if (p->is_drawn)
		fputs("\r\033[K", stderr);
	p->is_drawn = false;
}

static void tell_table(void *self, const char *table, const struct sl_load_report *report,
                       const struct sl_data_fate *fate)
{
	struct sl_progress *p = self;

	wipe_line(p);
	p->phase = 0;
	collect(p->cli, report_object(table, report, fate));
	if (!p->cli->args.json)
		print_report(table, report, fate);
}

static void tell_skipped(void *self, const char *table, const char *why)
{
	struct sl_progress *p = self;

	wipe_line(p);
	collect(p->cli, json_pack("{s:o, s:s}", "name", sl_cli_text(table), "skipped", why));
	if (!p->cli->args.json) {
		sl_say_text(stderr, table, strlen(table));
		fprintf(stderr, ": %s; no new version\n", why);
	}
}

static int64_t now_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void tell_step(void *self, const char *table, const struct sl_load_progress *progress)
{
	struct sl_progress *p = self;
	bool is_terminal = isatty(STDERR_FILENO);
	char line[SL_PROGRESS_LINE];
	int64_t now = now_ms();

	if (p->cli->args.json)
		return;
	if (p->phase == 0)
		p->told_ms = now;
	if (progress->phase != p->phase)
		p->since_ms = now;
	p->phase = progress->phase;
	if (now - p->told_ms < (is_terminal ? TERMINAL_MS : LOG_MS))
		return;
	p->told_ms = now;
	wipe_line(p);
	sl_progress_line(progress, now - p->since_ms, line);
	sl_say_text(stderr, table, strlen(table));
	fprintf(stderr, is_terminal ? ": %s" : ": %s\n", line);
	p->is_drawn = is_terminal;
	fflush(stderr);
}

struct sl_data_watch sl_progress_watch(struct sl_progress *p)
{
	return (struct sl_data_watch){ .self = p, .table = tell_table, .skipped = tell_skipped, .step = tell_step };
}

void sl_progress_end(struct sl_progress *p)
{
	wipe_line(p);
}
