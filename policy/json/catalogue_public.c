/*
 * catalogue_public.c - "public" of a table: which numbers of its units anybody may know from elsewhere. What they are
 * is not written here: they are counted when something is asked of the table.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "policy/json/catalogue_read.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Beyond it not every question of history is asked any more (docs/disclosure.md, depth). */
#define CELLS_SMALL 500u

static const char *const public_keys[] = { "name", "by", "source" };

static enum sl_rc no_field(const struct sl_json_at *at, const struct sl_cat_table *t, const char *name,
                           struct sl_err *err)
{
	const char *names[SL_COLUMNS_MAX];

	for (uint32_t i = 0; i < t->nfields; i++)
		names[i] = t->fields[i].column.name;
	int near = sl_text_near(name, names, t->nfields);
	return near >= 0 ? sl_json_fault(at, false, err, "no field \"%s\" (did you mean \"%s\"?)", name, names[near])
	                 : sl_json_fault(at, false, err, "no field \"%s\"", name);
}

/* A column of the table that makes groups: an enum, bands or a reference table. */
static enum sl_rc read_column(const struct sl_json_at *at, const struct sl_cat_table *t, struct sl_cat_public *p,
                              struct sl_err *err)
{
	const char *name = json_string_value(at->value);
	uint32_t i = 0;

	if (name == NULL)
		return sl_json_fault(at, false, err, "expected the name of a column");
	while (i < t->nfields && strcmp(t->fields[i].column.name, name) != 0)
		i++;
	if (i == t->nfields)
		return no_field(at, t, name, err);
	const struct sl_cat_field *f = &t->fields[i];
	bool groups = f->domain != NULL || sl_column_ngroups(&f->column, sl_catalogue_is_banded(&f->column)) > 0;
	if (f->is_unit || f->load_column == SL_CAT_NOT_LOADED || !groups)
		return sl_json_fault(at, false, err, "\"%s\" makes no groups: it has no enum, bands or reference table", name);
	for (uint32_t k = 0; k < p->nby; k++)
		if (p->by[k] == i)
			return sl_json_fault(at, false, err, "\"%s\" twice", name);
	p->by[p->nby++] = (uint16_t)i;
	return SL_OK;
}

static enum sl_rc read_by(const struct sl_json_at *item, const struct sl_cat_table *t, struct sl_cat_public *p,
                          struct sl_err *err)
{
	struct sl_json_at by;
	enum sl_rc rc = sl_json_get(item, "by", &by, err);

	if (rc == SL_OK)
		rc = sl_json_is_array(&by, SL_KEYS_MAX, err);
	for (size_t i = 0; rc == SL_OK && i < json_array_size(by.value); i++) {
		struct sl_json_at column = sl_json_item(&by, i);
		rc = read_column(&column, t, p, err);
	}
	if (rc == SL_OK && sl_catalogue_public_cells(t, p) > SL_CAT_PUBLIC_CELLS_MAX)
		rc = sl_json_fault(&by, false, err, "more than %u combinations", SL_CAT_PUBLIC_CELLS_MAX);
	return rc;
}

/* Its own, or what it is by. */
static enum sl_rc read_name(const struct sl_json_at *item, const struct sl_cat_table *t, struct sl_cat_public *p,
                            struct sl_err *err)
{
	struct sl_buf b = { 0 };
	struct sl_json_at m;

	if (sl_json_opt(item, "name", &m))
		return sl_json_text(&m, SL_NAME_BYTES, false, &p->name, err);
	sl_buf_text(&b, p->nby == 0 ? "total" : "by ");
	for (uint32_t k = 0; k < p->nby; k++)
		sl_buf_printf(&b, "%s%s", k > 0 ? ", " : "", t->fields[p->by[k]].column.name);
	enum sl_rc rc = sl_buf_ok(&b, "the name of a public total", err);
	if (rc == SL_OK) {
		p->name = strdup(sl_buf_cstr(&b));
		rc = p->name != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	sl_buf_free(&b);
	return rc;
}

static enum sl_rc read_one(struct sl_cat_reader *r, const struct sl_json_at *item, struct sl_cat_public *p,
                           struct sl_err *err)
{
	struct sl_cat_table *t = r->table;
	uint32_t line, col;
	enum sl_rc rc = sl_json_keys(item, public_keys, COUNT(public_keys), err);

	if (rc == SL_OK)
		rc = read_by(item, t, p, err);
	if (rc == SL_OK)
		rc = read_name(item, t, p, err);
	if (rc == SL_OK)
		rc = sl_cat_read_text_or_empty(item, "source", SL_TITLE_BYTES, &p->source, err);
	for (const struct sl_cat_public *other = t->publics; rc == SL_OK && other != p; other++)
		if (strcmp(other->name, p->name) == 0)
			rc = sl_json_fault(item, false, err, "public total \"%s\" twice", p->name);
	if (rc != SL_OK || sl_catalogue_public_cells(t, p) <= CELLS_SMALL)
		return rc;
	sl_json_where(item, false, &line, &col);
	(void)sl_notes_add(&r->cat->notes, SL_NOTE_WARNING, r->cat->file, line, col, "public-large",
	                   "table \"%s\": public total \"%s\" has more than %u combinations: requests of the table are "
	                   "compared with it by fewer questions, and reviewers are told so (depth)",
	                   t->name, p->name, CELLS_SMALL);
	return SL_OK;
}

enum sl_rc sl_cat_read_public(struct sl_cat_reader *r, const struct sl_json_at *at, struct sl_err *err)
{
	struct sl_cat_table *t = r->table;
	struct sl_json_at s, list;
	enum sl_rc rc = sl_json_get(at, "sluice", &s, err);

	if (rc != SL_OK || !sl_json_opt(&s, "public", &list))
		return rc;
	rc = sl_json_is_array(&list, SL_CAT_PUBLIC_MAX, err);
	if (rc == SL_OK)
		t->publics = sl_json_calloc(json_array_size(list.value), sizeof *t->publics, err);
	if (rc == SL_OK && t->publics == NULL)
		rc = SL_E_NOMEM;
	for (size_t i = 0; rc == SL_OK && i < json_array_size(list.value); i++) {
		struct sl_json_at item = sl_json_item(&list, i);
		rc = read_one(r, &item, &t->publics[t->npublics++], err);
	}
	return rc;
}
