/* A catalogue file from anybody: loaded or refused with a place; what loads makes load setups and lawful views. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char key[] = "k", label[] = "l";

static void use(const struct sl_cat_table *t)
{
	struct sl_reference_row row = { key, label, NULL, 0 };
	struct sl_reference refs[SL_COLUMNS_MAX];
	struct sl_references all = { refs, 0 };
	struct sl_load_setup setup;
	struct sl_column column;
	struct sl_table table;
	struct sl_view view = { &table, 1 };

	for (uint32_t i = 0; i < t->nfields; i++)
		if (t->fields[i].domain != NULL)
			refs[all.nitems++] = (struct sl_reference){ t->fields[i].domain, &row, 1 };
	if (sl_catalogue_load_setup(t, &all, &setup, NULL) != SL_OK)
		abort();
	sl_codec_free(&sl_load_setup_record, &setup);
	for (uint32_t i = 0; i < t->nfields; i++) {
		if (t->fields[i].load_column == SL_CAT_NOT_LOADED || t->fields[i].is_unit)
			continue;
		if (sl_catalogue_view_table(t, &table, NULL) != SL_OK ||
		    sl_catalogue_view_column(&t->fields[i], &all, 7, &column, NULL) != SL_OK)
			abort();
		table.columns = &column;
		table.ncolumns = 1;
		if (sl_view_check(&view, NULL) != SL_OK)
			abort();
		table.columns = NULL;
		table.ncolumns = 0;
		sl_codec_free(&sl_table_record, &table);
		sl_codec_free(&sl_column_record, &column);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_catalogue cat;
	struct sl_err err = { 0 };

	if (sl_catalogue_load("datapackage.json", data, size, &cat, &err) != SL_OK) {
		if (err.line == 0 || err.text[0] == '\0')
			abort();
		return 0;
	}
	for (uint32_t i = 0; i < cat.ntables; i++)
		use(&cat.tables[i]);
	sl_catalogue_free(&cat);
	return 0;
}
