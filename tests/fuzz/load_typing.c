/*
 * Any text as a number or date: the short way for usual forms and the long way, which a space in front leads to, agree.
 * A unit that is taken as it stands is what the long way makes of it.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/load/typing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_value(const struct sl_typer *t, const struct sl_cell *plain, const struct sl_cell *spaced)
{
	int64_t value[2];
	bool missing[2];
	const char *reason = sl_typer_value(t, plain, &value[0], &missing[0]);
	const char *again = sl_typer_value(t, spaced, &value[1], &missing[1]);

	if ((reason == NULL) != (again == NULL) || missing[0] != missing[1])
		abort();
	if (reason == NULL && value[0] != value[1])
		abort();
	if (reason != NULL && strcmp(reason, again) != 0)
		abort();
}

static void same_unit(const struct sl_typer *t, const struct sl_cell *plain, const struct sl_cell *spaced)
{
	char room[2][SL_DECIMAL_TEXT];
	const char *text[2] = { "", "" };
	size_t len[2] = { 0, 0 };
	const char *reason = sl_typer_unit(t, plain, room[0], &text[0], &len[0]);
	const char *again = sl_typer_unit(t, spaced, room[1], &text[1], &len[1]);

	if ((reason == NULL) != (again == NULL) || len[0] != len[1] || memcmp(text[0], text[1], len[0]) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_load_column column = { .header = (char[]){ "x" }, .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX,
		.date_format = (char[]){ "" } };
	struct sl_cell plain = { .kind = SL_CELL_TEXT }, spaced = plain;
	struct sl_typer t;
	char *text;

	if (size < 2 || size > 4096)
		return 0;
	column.type = (uint8_t)(SL_TYPE_INTEGER + data[0] % 4);
	column.scale = column.type == SL_TYPE_REAL ? (int8_t)(data[1] % 10) : 0;
	if (data[1] & 0x80) {
		column.lo = -50;
		column.hi = 1000;
	}
	text = malloc(size);
	if (text == NULL || sl_typer_init(&t, &column, NULL) != SL_OK)
		abort();
	text[0] = ' ';
	memcpy(text + 1, data + 2, size - 2);
	plain.text = text + 1;
	plain.len = size - 2;
	spaced.text = text;
	spaced.len = size - 1;
	same_value(&t, &plain, &spaced);
	same_unit(&t, &plain, &spaced);
	sl_typer_fini(&t);
	free(text);
	return 0;
}
