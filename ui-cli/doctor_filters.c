/* doctor_filters.c - see doctor.h: the system call filters in words. */
#include <inttypes.h>

#include "enclave/confine/syscalls.h"
#include "ui-cli/doctor.h"

#define OTHERWISE "any other call, argument, architecture or ABI kills the process"

static const char *data_way(enum sl_syscall_data_way way)
{
	return way == SL_SYSCALL_DATA_READ ? "read" : way == SL_SYSCALL_DATA_WRITE ? "write" : NULL;
}

/* "argument 0 is 3: frames in" */
static void condition_text(const struct sl_syscall_condition *c, char *out, size_t cap)
{
	size_t n;

	if (c->argument < 0) {
		(void)snprintf(out, cap, "arguments: %s", c->words);
		return;
	}
	n = (size_t)snprintf(out, cap, "argument %d is ", c->argument);
	for (size_t i = 0; i < c->nvalues && n < cap; i++)
		n += (size_t)snprintf(out + n, cap - n, "%s%" PRIu64, i > 0 ? " or " : "", c->values[i]);
	if (n < cap)
		(void)snprintf(out + n, cap - n, "%s%s", c->nvalues > 0 ? ": " : "", c->words);
}

static json_t *row_object(const struct sl_syscall_row *row)
{
	struct sl_syscall_condition c = sl_syscalls_condition(row->pin);
	json_t *o = json_pack("{s:i, s:s, s:s, s:s}", "number", row->number, "name", row->name, "condition", c.words, "why",
	                      row->why);
	json_t *values = json_array();

	if (c.argument >= 0)
		json_object_set_new(o, "argument", json_integer(c.argument));
	for (size_t i = 0; i < c.nvalues; i++)
		json_array_append_new(values, json_integer((json_int_t)c.values[i]));
	if (c.nvalues > 0)
		json_object_set(o, "values", values);
	if (data_way(c.data))
		json_object_set_new(o, "data_opened_for", json_string(data_way(c.data)));
	json_decref(values);
	return o;
}

static json_t *filters_object(void)
{
	json_t *o = json_object();

	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++) {
		struct sl_syscall_table table = sl_syscalls_of((enum sl_program)p);
		json_t *rows = json_array();

		for (size_t i = 0; i < table.nrows; i++)
			json_array_append_new(rows, row_object(&table.rows[i]));
		json_object_set_new(o, sl_program_name((enum sl_program)p),
		                    json_pack("{s:o, s:s}", "allowed", rows, "otherwise", OTHERWISE));
	}
	return o;
}

enum sl_rc sl_doctor_filters(struct sl_cli *c, struct sl_err *err)
{
	const char *const names[] = { "PROGRAM", ">NUMBER", "CALL", "CONDITION", "WHY" };
	struct sl_grid grid;
	enum sl_rc rc;

	sl_cli_set(c, "filters", filters_object());
	if (c->args.json)
		return SL_OK;
	sl_grid_open(&grid, names, 5);
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++) {
		struct sl_syscall_table table = sl_syscalls_of((enum sl_program)p);

		for (size_t i = 0; i < table.nrows; i++) {
			const struct sl_syscall_row *row = &table.rows[i];
			struct sl_syscall_condition condition = sl_syscalls_condition(row->pin);
			char number[12], text[160];
			const char *texts[] = { sl_program_name((enum sl_program)p), number, row->name, text, row->why };

			(void)snprintf(number, sizeof number, "%d", row->number);
			condition_text(&condition, text, sizeof text);
			sl_grid_row(&grid, texts);
		}
	}
	rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	if (!rc)
		puts(OTHERWISE);
	return rc;
}
