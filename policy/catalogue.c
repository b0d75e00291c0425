/* catalogue.c - see catalogue.h: finding and freeing. Files are read in policy/json. */
#include "policy/catalogue.h"

#include <stdlib.h>
#include <string.h>

const char *sl_class_name(enum sl_class class_)
{
	switch (class_) {
	case SL_CLASS_OPEN:
		return "open";
	case SL_CLASS_ON_APPLICATION:
		return "on_application";
	case SL_CLASS_CONFIDENTIAL:
		return "confidential";
	case SL_CLASS_NONE:
		break;
	}
	return "none";
}

static void free_field(struct sl_cat_field *f)
{
	sl_codec_free(&sl_column_record, &f->column);
	for (uint32_t i = 0; i < f->ntexts; i++)
		free(f->texts[i].text);
	for (uint32_t i = 0; i < f->nmissing; i++)
		free(f->missing[i].text);
	free(f->texts);
	free(f->missing);
	free(f->description);
	free(f->domain);
	free(f->date_format);
}

static void free_table(struct sl_cat_table *t)
{
	char *texts[] = { t->name,  t->path,        t->title,         t->description,     t->owner,
		          t->space, t->unit_column, t->reference_key, t->reference_label, t->period, t->rhythm };

	for (uint32_t i = 0; i < t->nfields; i++)
		free_field(&t->fields[i]);
	free(t->fields);
	for (uint32_t i = 0; i < t->njoins; i++)
		free(t->joins[i]);
	free(t->joins);
	for (uint32_t i = 0; i < t->npublics; i++) {
		free(t->publics[i].name);
		free(t->publics[i].source);
	}
	free(t->publics);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		free(texts[i]);
}

bool sl_catalogue_is_banded(const struct sl_column *c)
{
	return sl_column_ngroups(c, false) == 0 && c->nbands > 0;
}

uint64_t sl_catalogue_public_cells(const struct sl_cat_table *table, const struct sl_cat_public *p)
{
	uint64_t n = 1;

	for (uint32_t k = 0; k < p->nby; k++) {
		const struct sl_column *c = &table->fields[p->by[k]].column;
		if (table->fields[p->by[k]].domain == NULL &&
		    __builtin_mul_overflow(n, sl_column_ngroups(c, sl_catalogue_is_banded(c)), &n))
			return UINT64_MAX;
	}
	return n;
}

void sl_catalogue_free(struct sl_catalogue *cat)
{
	if (cat == NULL)
		return;
	for (uint32_t i = 0; i < cat->ntables; i++)
		free_table(&cat->tables[i]);
	free(cat->tables);
	free(cat->file);
	free(cat->dataset);
	free(cat->title);
	sl_notes_free(&cat->notes);
	memset(cat, 0, sizeof *cat);
}

const struct sl_cat_table *sl_catalogue_table(const struct sl_catalogue *cat, const char *name)
{
	for (uint32_t i = 0; i < cat->ntables; i++)
		if (cat->tables[i].name != NULL && strcmp(cat->tables[i].name, name) == 0)
			return &cat->tables[i];
	return NULL;
}

const struct sl_cat_field *sl_catalogue_field(const struct sl_cat_table *table, const char *name)
{
	for (uint32_t i = 0; i < table->nfields; i++)
		if (strcmp(table->fields[i].column.name, name) == 0)
			return &table->fields[i];
	return NULL;
}
