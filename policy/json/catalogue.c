/*
 * catalogue.c - see catalogue.h: the package and its tables. What their owners say of them is read in
 * catalogue_owner.c, fields in catalogue_field.c.
 *
 * Standard Frictionless keys are allowed where they change nothing; one that would change what is read and is not
 * honoured (another quote character, a header over several rows) is refused by name.
 */
#include "policy/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "policy/json/catalogue_read.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const package_keys[] = {
	"$schema", "profile",  "name",     "id",      "title",        "description", "homepage",  "version",
	"created", "keywords", "licenses", "sources", "contributors", "image",       "resources",
};
static const char *const resource_keys[] = {
	"$schema",  "profile", "name", "type",    "path",     "title",    "description", "format", "mediatype",
	"encoding", "bytes",   "hash", "sources", "licenses", "homepage", "dialect",     "schema", "sluice",
};
static const char *const dialect_keys[] = {
	"$schema", "csvddfVersion", "delimiter", "header", "quoteChar", "doubleQuote", "lineTerminator",
};
static const char *const schema_keys[] = {
	"$schema", "profile", "fields", "fieldsMatch", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys",
};
static bool path_is_safe(const char *path)
{
	if (path[0] == '/' || strchr(path, '\\') != NULL || strchr(path, ':') != NULL)
		return false;
	for (const char *p = path; p != NULL; p = strchr(p, '/') != NULL ? strchr(p, '/') + 1 : NULL)
		if (p[0] == '\0' || p[0] == '/' || (p[0] == '.' && (p[1] == '/' || p[1] == '\0')) ||
		    (p[0] == '.' && p[1] == '.' && (p[2] == '/' || p[2] == '\0')))
			return false;
	return true;
}

static bool ends_in(const char *s, const char *tail)
{
	size_t n = strlen(s), m = strlen(tail);

	return n > m && strcmp(s + n - m, tail) == 0;
}

static enum sl_rc read_path(const struct sl_json_at *at, struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_get(at, "path", &m, err);

	if (rc == SL_OK)
		rc = sl_json_text(&m, SL_CAT_PATH_BYTES, false, &t->path, err);
	if (rc != SL_OK)
		return rc;
	if (!path_is_safe(t->path))
		return sl_json_fault(&m, false, err, "a path is relative to the catalogue and stays below its folder");
	t->gzip = ends_in(t->path, ".csv.gz");
	if (!t->gzip && !ends_in(t->path, ".csv"))
		return sl_json_fault(&m, false, err, "a path ends in .csv or .csv.gz");
	return SL_OK;
}

/* A member that may be absent and, when it is there, must say exactly what sluice-load does. */
static enum sl_rc must_be_true(const struct sl_json_at *at, const char *key, const char *says, struct sl_err *err)
{
	struct sl_json_at m;

	if (!sl_json_opt(at, key, &m) || json_is_true(m.value))
		return SL_OK;
	return sl_json_fault(&m, false, err, "must be %s", says);
}

static enum sl_rc read_dialect(const struct sl_json_at *at, struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_json_at d, m;

	t->delimiter = ',';
	if (!sl_json_opt(at, "dialect", &d))
		return SL_OK;
	enum sl_rc rc = sl_json_keys(&d, dialect_keys, COUNT(dialect_keys), err);
	if (rc == SL_OK)
		rc = must_be_true(&d, "header", "true: the first line names the columns", err);
	if (rc == SL_OK)
		rc = must_be_true(&d, "doubleQuote", "true", err);
	if (rc == SL_OK && sl_json_opt(&d, "quoteChar", &m) &&
	    (!json_is_string(m.value) || strcmp(json_string_value(m.value), "\"") != 0))
		rc = sl_json_fault(&m, false, err, "must be \"\\\"\"");
	if (rc == SL_OK && sl_json_opt(&d, "delimiter", &m)) {
		const char *s = json_string_value(m.value);
		if (s == NULL || s[0] == '\0' || s[1] != '\0' || strchr(",;\t|", s[0]) == NULL)
			rc = sl_json_fault(&m, false, err, "a delimiter is one of \",\" \";\" \"\\t\" \"|\"");
		else
			t->delimiter = (uint8_t)s[0];
	}
	return rc;
}

static enum sl_rc read_encoding(const struct sl_json_at *at, struct sl_err *err)
{
	static const char *const encodings[] = { "utf-8", "UTF-8", "utf8" };
	struct sl_json_at m;
	size_t i;

	return sl_json_opt(at, "encoding", &m) ? sl_json_choice(&m, encodings, COUNT(encodings), &i, err) : SL_OK;
}

static bool is_loaded(const struct sl_cat_table *t, const struct sl_cat_field *f)
{
	if (t->reference_key != NULL)
		return f->column.uses != 0 && strcmp(f->column.name, t->reference_key) != 0 &&
		       strcmp(f->column.name, t->reference_label) != 0;
	return f->column.type != SL_TYPE_TEXT || f->column.has_domain;
}

/*
 * The unit first, then what has a type that can be stored, in file order. A reference table's rows become labels; what
 * has a use is an attribute of theirs.
 */
static void number_columns(struct sl_catalogue *cat, struct sl_cat_table *t)
{
	uint16_t next = t->reference_key != NULL ? 0 : 1;

	for (uint32_t i = 0; i < t->nfields; i++) {
		struct sl_cat_field *f = &t->fields[i];
		if (f->is_unit)
			f->load_column = 0;
		else if (is_loaded(t, f))
			f->load_column = next++;
		else
			f->load_column = SL_CAT_NOT_LOADED;
		if (f->load_column == SL_CAT_NOT_LOADED && t->reference_key == NULL)
			(void)sl_notes_add(&cat->notes, SL_NOTE_WARNING, cat->file, f->line, f->col, "no-domain",
			                   "table \"%s\", column \"%s\": text without a domain is not imported",
			                   t->name, f->column.name);
	}
	t->nattributes = t->reference_key != NULL ? next : 0;
}

/* Codes of another table in a third one's rows would have to be kept in step: an attribute has a domain of its own. */
static enum sl_rc check_attributes(const struct sl_json_doc *doc, const struct sl_cat_table *t, struct sl_err *err)
{
	for (uint32_t i = 0; i < t->nfields; i++) {
		const struct sl_cat_field *f = &t->fields[i];
		if (t->reference_key == NULL || f->load_column == SL_CAT_NOT_LOADED || f->domain == NULL)
			continue;
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT,
		                           "column \"%s\": an attribute of a reference table has no domain but an enum",
		                           f->column.name);
		sl_err_at(err, doc->file, f->line, f->col);
		return rc;
	}
	return SL_OK;
}

static enum sl_rc check_named(const struct sl_json_at *fields, struct sl_cat_table *t, const char *name,
                              const char *what, struct sl_err *err)
{
	const char *names[SL_COLUMNS_MAX];
	size_t n = 0;

	for (uint32_t i = 0; i < t->nfields; i++) {
		if (strcmp(t->fields[i].column.name, name) == 0)
			return SL_OK;
		names[n++] = t->fields[i].column.name;
	}
	int near = sl_text_near(name, names, n);
	return near >= 0 ? sl_json_fault(fields, true, err, "no field \"%s\", which is the %s (did you mean \"%s\"?)",
	                                 name, what, names[near])
	                 : sl_json_fault(fields, true, err, "no field \"%s\", which is the %s", name, what);
}

static enum sl_rc read_fields(struct sl_cat_reader *r, const struct sl_json_at *at, struct sl_err *err)
{
	struct sl_cat_table *t = r->table;
	enum sl_rc rc = sl_json_is_array(at, SL_COLUMNS_MAX, err);

	if (rc == SL_OK && json_array_size(at->value) == 0)
		rc = sl_json_fault(at, false, err, "has no field");
	if (rc != SL_OK)
		return rc;
	t->fields = sl_json_calloc(json_array_size(at->value), sizeof *t->fields, err);
	if (t->fields == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < json_array_size(at->value) && rc == SL_OK; i++) {
		struct sl_json_at item = sl_json_item(at, i);
		t->nfields++;
		rc = sl_cat_read_field(r, &item, &t->fields[i], err);
		for (size_t j = 0; j < i && rc == SL_OK; j++)
			if (strcmp(t->fields[i].column.name, t->fields[j].column.name) == 0)
				rc = sl_json_fault(&item, false, err, "field \"%s\" twice", t->fields[i].column.name);
	}
	if (rc == SL_OK && t->unit_column[0] != '\0')
		rc = check_named(at, t, t->unit_column, "unit column", err);
	if (rc == SL_OK && t->reference_key != NULL)
		rc = check_named(at, t, t->reference_key, "key of the reference table", err);
	if (rc == SL_OK && t->reference_label != NULL)
		rc = check_named(at, t, t->reference_label, "label of the reference table", err);
	return rc;
}

static enum sl_rc read_schema(struct sl_cat_reader *r, const struct sl_json_at *at, struct sl_err *err)
{
	struct sl_json_at schema, fields, missing;
	enum sl_rc rc = sl_json_get(at, "schema", &schema, err);

	if (rc == SL_OK)
		rc = sl_json_keys(&schema, schema_keys, COUNT(schema_keys), err);
	if (rc == SL_OK)
		rc = sl_json_get(&schema, "fields", &fields, err);
	r->missing = sl_json_opt(&schema, "missingValues", &missing) ? &missing : NULL;
	if (rc == SL_OK)
		rc = read_fields(r, &fields, err);
	r->missing = NULL;
	if (rc == SL_OK)
		number_columns(r->cat, r->table);
	return rc;
}

static enum sl_rc read_name(const struct sl_json_at *at, struct sl_catalogue *cat, struct sl_cat_table *t,
                            struct sl_err *err)
{
	struct sl_json_at m;
	char *name = NULL;
	enum sl_rc rc = sl_json_get(at, "name", &m, err);

	if (rc == SL_OK)
		rc = sl_json_name(&m, &name, err);
	if (rc == SL_OK) {
		size_t n = strlen(cat->dataset) + strlen(name) + 2;
		t->name = sl_json_calloc(n, 1, err);
		if (t->name == NULL)
			rc = SL_E_NOMEM;
		else
			(void)snprintf(t->name, n, "%s.%s", cat->dataset, name);
	}
	for (uint32_t i = 0; rc == SL_OK && &cat->tables[i] != t; i++)
		if (strcmp(cat->tables[i].name, t->name) == 0)
			rc = sl_json_fault(&m, false, err, "resource \"%s\" twice", name);
	free(name);
	return rc;
}

static enum sl_rc read_resource(struct sl_cat_reader *r, const struct sl_json_at *at, struct sl_err *err)
{
	struct sl_cat_table *t = r->table;
	enum sl_rc rc;

	sl_json_where(at, false, &t->line, &t->col);
	rc = sl_json_keys(at, resource_keys, COUNT(resource_keys), err);
	if (rc == SL_OK)
		rc = read_name(at, r->cat, t, err);
	if (rc == SL_OK)
		rc = read_path(at, t, err);
	if (rc == SL_OK)
		rc = sl_cat_read_text_or_empty(at, "title", SL_TITLE_BYTES, &t->title, err);
	if (rc == SL_OK)
		rc = sl_cat_read_text_or_empty(at, "description", SL_TITLE_BYTES * 8, &t->description, err);
	if (rc == SL_OK)
		rc = read_encoding(at, err);
	if (rc == SL_OK)
		rc = read_dialect(at, t, err);
	if (rc == SL_OK)
		rc = sl_cat_read_owner(at, t, err);
	if (rc == SL_OK)
		rc = read_schema(r, at, err);
	return rc == SL_OK ? sl_cat_read_public(r, at, err) : rc;
}

/* A domain of this dataset must exist; one of another dataset is looked for at import. */
static enum sl_rc check_domains(const struct sl_json_doc *doc, const struct sl_catalogue *cat, struct sl_err *err)
{
	for (uint32_t i = 0; i < cat->ntables; i++)
		for (uint32_t k = 0; k < cat->tables[i].nfields; k++) {
			const struct sl_cat_field *f = &cat->tables[i].fields[k];
			size_t n = strlen(cat->dataset);
			if (f->domain == NULL || strncmp(f->domain, cat->dataset, n) != 0 || f->domain[n] != '.')
				continue;
			const struct sl_cat_table *ref = sl_catalogue_table(cat, f->domain);
			if (ref != NULL && ref->reference_key != NULL)
				continue;
			enum sl_rc rc = sl_err_set(
				err, SL_E_INPUT, "column \"%s\": its domain \"%s\" is %s", f->column.name, f->domain,
				ref == NULL ? "no table of this catalogue" : "not a reference table");
			sl_err_at(err, doc->file, f->line, f->col);
			return rc;
		}
	return SL_OK;
}

/* A name of this dataset that is none would allow nothing, and nobody would notice. */
static enum sl_rc check_joins(const struct sl_json_doc *doc, const struct sl_catalogue *cat,
                              const struct sl_cat_table *t, struct sl_err *err)
{
	const char *names[SL_CAT_TABLES_MAX];
	size_t n = strlen(cat->dataset);

	for (uint32_t i = 0; i < cat->ntables; i++)
		names[i] = cat->tables[i].name;
	for (uint32_t k = 0; k < t->njoins; k++) {
		const char *name = t->joins[k];
		if (strncmp(name, cat->dataset, n) != 0 || name[n] != '.' || strcmp(name + n, ".*") == 0 ||
		    sl_catalogue_table(cat, name) != NULL)
			continue;
		int near = sl_text_near(name, names, cat->ntables);
		enum sl_rc rc = near >= 0 ? sl_err_set(err, SL_E_INPUT,
		                                       "joins of \"%s\": no table \"%s\" (did you mean \"%s\"?)",
		                                       t->name, name, names[near])
		                          : sl_err_set(err, SL_E_INPUT, "joins of \"%s\": no table \"%s\"", t->name, name);
		sl_err_at(err, doc->file, t->line, t->col);
		return rc;
	}
	return SL_OK;
}

static enum sl_rc read_package(const struct sl_json_doc *doc, struct sl_catalogue *cat, struct sl_err *err)
{
	struct sl_json_at root = sl_json_root(doc), m;
	struct sl_cat_reader r = { .cat = cat };
	enum sl_rc rc = sl_json_keys(&root, package_keys, COUNT(package_keys), err);

	if (rc == SL_OK)
		rc = sl_json_get(&root, "name", &m, err);
	if (rc == SL_OK)
		rc = sl_json_name(&m, &cat->dataset, err);
	if (rc == SL_OK)
		rc = sl_cat_read_text_or_empty(&root, "title", SL_TITLE_BYTES, &cat->title, err);
	if (rc == SL_OK)
		rc = sl_json_get(&root, "resources", &m, err);
	if (rc == SL_OK)
		rc = sl_json_is_array(&m, SL_CAT_TABLES_MAX, err);
	if (rc == SL_OK && json_array_size(m.value) == 0)
		rc = sl_json_fault(&m, false, err, "has no table");
	if (rc != SL_OK)
		return rc;
	cat->tables = sl_json_calloc(json_array_size(m.value), sizeof *cat->tables, err);
	if (cat->tables == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < json_array_size(m.value) && rc == SL_OK; i++) {
		struct sl_json_at item = sl_json_item(&m, i);
		r.table = &cat->tables[cat->ntables++];
		rc = read_resource(&r, &item, err);
	}
	for (uint32_t i = 0; i < cat->ntables && rc == SL_OK; i++)
		rc = check_attributes(doc, &cat->tables[i], err);
	for (uint32_t i = 0; i < cat->ntables && rc == SL_OK; i++)
		rc = check_joins(doc, cat, &cat->tables[i], err);
	if (rc == SL_OK)
		rc = check_domains(doc, cat, err);
	if (rc == SL_OK && cat->notes.failed)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	return rc;
}

enum sl_rc sl_catalogue_load(const char *file, const void *text, size_t len, struct sl_catalogue *out,
                             struct sl_err *err)
{
	struct sl_json_doc doc = { 0 };
	enum sl_rc rc;

	memset(out, 0, sizeof *out);
	out->file = strdup(file);
	if (out->file == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_json_open(file, text, len, SL_CATALOGUE_BYTES_MAX, &doc, err);
	if (rc == SL_OK)
		rc = read_package(&doc, out, err);
	sl_json_close(&doc);
	if (rc != SL_OK)
		sl_catalogue_free(out);
	return rc;
}
