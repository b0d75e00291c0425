/*
 * ui_csv.c - any text drawn as a table: what reaches the terminal has no control character but line feeds.
 */
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "ui-cli/csv_grid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void draw(const uint8_t *data, size_t size)
{
	struct sl_err err = {0};
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return;
	if (sl_csv_grid_print(data, size, f, &err) != SL_OK && err.rc == SL_OK)
		abort();
	fclose(f);
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] < ' ' && text[i] != '\n') || text[i] == 0x7f)
			abort();
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	setlocale(LC_CTYPE, "C");
	draw(data, size);
	setlocale(LC_CTYPE, "C.UTF-8");
	draw(data, size);
	return 0;
}
