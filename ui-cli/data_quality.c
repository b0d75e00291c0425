/*
 * data_quality.c - sluice data quality: what is missing, outside its domain or twice in a table, beside the version
 * before.
 */
#include "jobs/data_quality.h"

#include <inttypes.h>
#include <string.h>

#include "ui-cli/commands.h"

#define COUNT_TEXT 96

/* "2.1 %": of what is there at all never "0.0 %". */
static void share_text(uint64_t part, uint64_t all, char *out, size_t cap)
{
	double share = all > 0 ? 100.0 * (double)part / (double)all : 0;

	if (part > 0 && share < 0.05)
		snprintf(out, cap, "under 0.1 %%");
	else
		snprintf(out, cap, "%.1f %%", share);
}

/* "1820 (9.8 %), was 2.1 % !" */
static void count_text(const struct sl_quality_count *q, const struct sl_quality_count *rows,
                       char out[static COUNT_TEXT])
{
	char now[32], before[32];

	share_text(q->now, rows->now, now, sizeof now);
	share_text(q->before, rows->before, before, sizeof before);
	snprintf(out, COUNT_TEXT, "%" PRIu64 " (%s)%s%s%s", q->now, now, q->has_before ? ", was " : "",
	         q->has_before ? before : "", q->stands_out ? " !" : "");
}

static void print_number(const char *what, const struct sl_quality_count *q)
{
	printf("%s: %" PRIu64, what, q->now);
	if (q->has_before)
		printf(", was %" PRIu64 "%s", q->before, q->stands_out ? " !" : "");
	putchar('\n');
}

static json_t *count_json(const struct sl_quality_count *q)
{
	json_t *o = json_pack("{s:I, s:b}", "now", (json_int_t)q->now, "stands_out", q->stands_out);

	json_object_set_new(o, "before", q->has_before ? json_integer((json_int_t)q->before) : json_null());
	return o;
}

static void print_head(const struct sl_data_quality *q, const char *table)
{
	char time[SL_TIME_TEXT], text[COUNT_TEXT];

	sl_enclave_time_text(q->at, time);
	sl_say_text(stdout, table, strlen(table));
	printf("  version of %s%s\n", time, q->in_force ? ", in force" : ", waits");
	if (q->banded)
		return;
	print_number("rows", &q->rows);
	print_number("units", &q->units);
	count_text(&q->repeated, &q->rows, text);
	printf("rows that repeat one of their unit: %s\n", text);
	if (!q->has_before)
		puts("there is no version before to compare with");
}

static enum sl_rc print_columns(const struct sl_data_quality *q, struct sl_err *err)
{
	const char *const names[] = { "COLUMN", "MISSING", "(other)" };
	struct sl_grid grid = { 0 };

	sl_grid_open(&grid, names, 3);
	for (uint32_t i = 0; i < q->ncolumns; i++) {
		char missing[COUNT_TEXT], other[COUNT_TEXT];
		const char *texts[] = { q->columns[i].name, missing, other };

		if (q->banded) {
			texts[1] = sl_quality_band_name((enum sl_quality_band)q->bands[2 * i]);
			texts[2] = sl_quality_band_name((enum sl_quality_band)q->bands[2 * i + 1]);
		} else {
			count_text(&q->columns[i].missing, &q->rows, missing);
			count_text(&q->columns[i].other, &q->rows, other);
		}
		sl_grid_row(&grid, texts);
	}
	enum sl_rc rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	return rc;
}

static json_t *columns_json(const struct sl_data_quality *q)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < q->ncolumns; i++) {
		json_t *o = json_pack("{s:o}", "name", sl_cli_text(q->columns[i].name));

		json_object_set_new(o, "missing",
		                    q->banded ? json_string(sl_quality_band_name((enum sl_quality_band)q->bands[2 * i]))
		                              : count_json(&q->columns[i].missing));
		json_object_set_new(o, "other",
		                    q->banded ? json_string(sl_quality_band_name((enum sl_quality_band)q->bands[2 * i + 1]))
		                              : count_json(&q->columns[i].other));
		json_array_append_new(list, o);
	}
	return list;
}

enum sl_rc sl_cmd_data_quality(struct sl_cli *c, struct sl_err *err)
{
	struct sl_data_quality q = { 0 };
	enum sl_rc rc = sl_data_quality_get(&c->enclave, &c->actor, &c->standing, sl_cli_word(c, 0), &q, err);

	if (!rc && c->args.json) {
		sl_cli_set(c, "table", sl_cli_text(sl_cli_word(c, 0)));
		sl_cli_set(c, "version", sl_cli_hex(q.version, sizeof q.version));
		sl_cli_set(c, "imported_at", sl_cli_time(q.at));
		sl_cli_set(c, "in_force", json_boolean(q.in_force));
		sl_cli_set(c, "in_bands", json_boolean(q.banded));
		sl_cli_set(c, "columns", columns_json(&q));
	}
	if (!rc && c->args.json && !q.banded) {
		sl_cli_set(c, "before", q.has_before ? sl_cli_hex(q.before, sizeof q.before) : json_null());
		sl_cli_set(c, "rows", count_json(&q.rows));
		sl_cli_set(c, "units", count_json(&q.units));
		sl_cli_set(c, "repeated_rows", count_json(&q.repeated));
	}
	if (!rc && !c->args.json) {
		print_head(&q, sl_cli_word(c, 0));
		rc = print_columns(&q, err);
	}
	sl_data_quality_free(&q);
	return rc;
}
