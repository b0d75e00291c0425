/* catalogue_field.c - one column of a catalogue: type, constraints, uses. Domains and bands have files of their own. */
#include <stdlib.h>
#include <string.h>

#include "policy/json/catalogue_read.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MISSING_MAX 64 /* texts that stand for a missing value */

static const char *const field_keys[] = {
	"name",   "type",        "title",         "description", "example",     "rdfType",
	"format", "constraints", "missingValues", "trueValues",  "falseValues", "sluice",
};
static const char *const constraint_keys[] = {
	"required", "unique", "minimum", "maximum", "enum", "pattern", "minLength", "maxLength",
};
static const char *const sluice_keys[] = {
	"uses", "level", "bands", "scale", "structural_zero", "sensitive", "other", "labels", "domain",
	"measured_in",
};
static const char *const type_names[] = { "integer", "number", "string", "boolean", "date" };
static const uint8_t types[] = { SL_TYPE_INTEGER, SL_TYPE_REAL, SL_TYPE_TEXT, SL_TYPE_BOOLEAN, SL_TYPE_DATE };
static const char *const use_names[] = { "group", "filter", "measure" };
static const uint8_t uses[] = { SL_USE_GROUP, SL_USE_FILTER, SL_USE_MEASURE };

/* An array of texts; "", which is missing everywhere, is dropped. */
static enum sl_rc read_missing_texts(const struct sl_json_at *at, struct sl_label **out, uint32_t *nout,
                                     struct sl_err *err)
{
	enum sl_rc rc = sl_json_is_array(at, MISSING_MAX, err);

	if (rc != SL_OK)
		return rc;
	*out = sl_json_calloc(json_array_size(at->value), sizeof **out, err);
	if (*out == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < json_array_size(at->value) && rc == SL_OK; i++) {
		struct sl_json_at item = sl_json_item(at, i);
		if (json_is_string(item.value) && json_string_length(item.value) == 0)
			continue;
		rc = sl_json_text(&item, SL_TITLE_BYTES, false, &(*out)[*nout].text, err);
		if (rc == SL_OK)
			++*nout;
	}
	return rc;
}

enum sl_rc sl_cat_read_grid(const struct sl_json_at *at, const struct sl_column *c, int64_t *out, struct sl_err *err)
{
	if (c->type != SL_TYPE_DATE)
		return sl_json_decimal(at, c->scale, false, out, err);
	if (!json_is_string(at->value) ||
	    !sl_parse_date(json_string_value(at->value), json_string_length(at->value), out))
		return sl_json_fault(at, false, err, "expected a date \"YYYY-MM-DD\"");
	return SL_OK;
}

static enum sl_rc read_scale(const struct sl_json_at *field, const struct sl_json_at *s, struct sl_column *c,
                             bool is_unit, struct sl_err *err)
{
	struct sl_json_at m;
	uint64_t scale = 0;
	enum sl_rc rc = SL_OK;

	if (sl_json_opt(s, "scale", &m)) {
		rc = sl_json_u64(&m, 0, SL_SCALE_MAX, &scale, err);
		if (rc == SL_OK && c->type != SL_TYPE_REAL)
			rc = sl_json_fault(&m, true, err, "only a number has a scale");
	} else if (c->type == SL_TYPE_REAL && !is_unit) {
		rc = sl_json_fault(field, false, err, "a number needs \"sluice\": {\"scale\": decimals}");
	}
	c->scale = (int8_t)scale;
	return rc;
}

static enum sl_rc read_bound(const struct sl_json_at *k, const char *key, const struct sl_column *c, int64_t *out,
                             struct sl_err *err)
{
	struct sl_json_at m;

	if (!sl_json_opt(k, key, &m))
		return SL_OK;
	if (c->type != SL_TYPE_INTEGER && c->type != SL_TYPE_REAL && c->type != SL_TYPE_DATE)
		return sl_json_fault(&m, true, err, "only numbers and dates have one");
	return sl_cat_read_grid(&m, c, out, err);
}

static enum sl_rc read_constraints(struct sl_cat_reader *r, const struct sl_json_at *field, struct sl_cat_field *f,
                                   struct sl_err *err)
{
	struct sl_column *c = &f->column;
	struct sl_json_at k, m;
	bool required = false;
	enum sl_rc rc;

	c->lo = INT64_MIN;
	c->hi = INT64_MAX;
	c->nullable = 1;
	if (!sl_json_opt(field, "constraints", &k))
		return SL_OK;
	rc = sl_json_keys(&k, constraint_keys, COUNT(constraint_keys), err);
	if (rc == SL_OK && sl_json_opt(&k, "required", &m))
		rc = sl_json_bool(&m, &required, err);
	c->nullable = !required;
	if (rc == SL_OK)
		rc = read_bound(&k, "minimum", c, &c->lo, err);
	if (rc == SL_OK)
		rc = read_bound(&k, "maximum", c, &c->hi, err);
	if (rc == SL_OK && c->lo > c->hi)
		rc = sl_json_fault(&k, true, err, "the minimum is above the maximum");
	for (size_t i = 5; i < COUNT(constraint_keys) && rc == SL_OK; i++)
		if (sl_json_has(&k, constraint_keys[i]))
			(void)sl_notes_add(&r->cat->notes, SL_NOTE_WARNING, r->cat->file, f->line, f->col,
			                   "not-enforced", "column \"%s\": constraint \"%s\" is not checked at import",
			                   c->name, constraint_keys[i]);
	return rc;
}

static enum sl_rc read_uses(const struct sl_json_at *s, struct sl_column *c, struct sl_err *err)
{
	struct sl_json_at m;
	size_t u;
	enum sl_rc rc = SL_OK;

	if (!sl_json_opt(s, "uses", &m))
		return SL_OK;
	rc = sl_json_is_array(&m, COUNT(use_names), err);
	for (size_t i = 0; rc == SL_OK && i < json_array_size(m.value); i++) {
		struct sl_json_at item = sl_json_item(&m, i);
		rc = sl_json_choice(&item, use_names, COUNT(use_names), &u, err);
		if (rc == SL_OK && (c->uses & uses[u]) != 0)
			rc = sl_json_fault(&item, false, err, "\"%s\" twice", use_names[u]);
		if (rc == SL_OK)
			c->uses = (uint8_t)(c->uses | uses[u]);
	}
	return rc;
}

static enum sl_rc read_flag(const struct sl_json_at *s, const char *key, uint8_t *out, struct sl_err *err)
{
	struct sl_json_at m;
	bool b = false;
	enum sl_rc rc = sl_json_opt(s, key, &m) ? sl_json_bool(&m, &b, err) : SL_OK;

	*out = b;
	return rc;
}

/* %Y, %m and %d once each, with one literal separator between. */
static bool date_format_is_known(const char *p)
{
	const char *letters = "Ymd";
	unsigned seen = 0;

	for (int part = 0; part < 3; part++) {
		if (p[0] != '%' || p[1] == '\0' || strchr(letters, p[1]) == NULL)
			return false;
		unsigned bit = 1u << (strchr(letters, p[1]) - letters);
		if ((seen & bit) != 0)
			return false;
		seen |= bit;
		p += 2;
		if (part < 2 && (*p == '\0' || strchr("-/. ", *p++) == NULL))
			return false;
	}
	return *p == '\0';
}

static enum sl_rc read_format(const struct sl_json_at *field, struct sl_cat_field *f, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc;

	f->date_format = strdup("");
	if (f->date_format == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (!sl_json_opt(field, "format", &m))
		return SL_OK;
	rc = sl_json_text(&m, 32, false, &f->date_format, err);
	if (rc != SL_OK)
		return rc;
	if (strcmp(f->date_format, "default") == 0) {
		f->date_format[0] = '\0';
		return SL_OK;
	}
	if (f->column.type != SL_TYPE_DATE)
		return f->column.type == SL_TYPE_TEXT ? SL_OK
		                                      : sl_json_fault(&m, false, err, "only a date has a format");
	if (!date_format_is_known(f->date_format))
		return sl_json_fault(
			&m, false, err,
			"a date format is %%Y, %%m and %%d with - / . or a space between, such as \"%%d/%%m/%%Y\"");
	return SL_OK;
}

static enum sl_rc read_missing(const struct sl_cat_reader *r, const struct sl_json_at *field, struct sl_cat_field *f,
                               struct sl_err *err)
{
	struct sl_json_at m;
	const struct sl_json_at *from = sl_json_opt(field, "missingValues", &m) ? &m : r->missing;

	return from == NULL ? SL_OK : read_missing_texts(from, &f->missing, &f->nmissing, err);
}

static enum sl_rc read_words(const struct sl_json_at *field, struct sl_cat_field *f, struct sl_err *err)
{
	struct sl_json_at m;
	struct sl_column *c = &f->column;
	enum sl_rc rc = sl_json_get(field, "name", &m, err);

	if (rc == SL_OK)
		rc = sl_json_text(&m, SL_NAME_BYTES, false, &c->name, err);
	c->title = rc == SL_OK ? strdup("") : NULL;
	c->measured_in = rc == SL_OK ? strdup("") : NULL;
	f->description = rc == SL_OK ? strdup("") : NULL;
	if (rc == SL_OK && (c->title == NULL || c->measured_in == NULL || f->description == NULL))
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK && sl_json_opt(field, "title", &m))
		rc = sl_json_text(&m, SL_TITLE_BYTES, true, &c->title, err);
	if (rc == SL_OK && sl_json_opt(field, "description", &m))
		rc = sl_json_text(&m, SL_TITLE_BYTES * 8, true, &f->description, err);
	return rc;
}

static enum sl_rc read_type(const struct sl_json_at *field, struct sl_column *c, struct sl_err *err)
{
	struct sl_json_at m;
	size_t i = 0;
	enum sl_rc rc = sl_json_get(field, "type", &m, err);

	if (rc == SL_OK)
		rc = sl_json_choice(&m, type_names, COUNT(type_names), &i, err);
	c->type = types[i];
	return rc;
}

static enum sl_rc read_sluice(struct sl_cat_field *f, const struct sl_json_at *s, struct sl_err *err)
{
	struct sl_column *c = &f->column;
	struct sl_json_at m;
	uint64_t level = 0;
	enum sl_rc rc = sl_json_keys(s, sluice_keys, COUNT(sluice_keys), err);

	if (rc == SL_OK)
		rc = read_uses(s, c, err);
	if (rc == SL_OK && sl_json_opt(s, "level", &m))
		rc = sl_json_u64(&m, 1, 4, &level, err);
	f->level = (uint8_t)level;
	if (rc == SL_OK && sl_json_opt(s, "measured_in", &m))
		rc = sl_json_text(&m, SL_NAME_BYTES, false, &c->measured_in, err);
	if (rc == SL_OK)
		rc = read_flag(s, "sensitive", &c->sensitive, err);
	if (rc == SL_OK)
		rc = read_flag(s, "structural_zero", &c->structural_zero, err);
	if (rc == SL_OK && f->is_unit && c->uses != 0) {
		(void)sl_json_opt(s, "uses", &m);
		rc = sl_json_fault(&m, true, err, "the unit column is only ever counted and joined on; it has no uses");
	}
	return rc;
}

/* A use that the column cannot be put to would be a promise the script finds broken. */
static enum sl_rc check_uses(const struct sl_json_at *field, const struct sl_cat_field *f, struct sl_err *err)
{
	const struct sl_column *c = &f->column;
	bool number = c->type == SL_TYPE_INTEGER || c->type == SL_TYPE_REAL;

	if (c->type == SL_TYPE_TEXT && !c->has_domain && c->uses != 0)
		return sl_json_fault(field, false, err,
		                     "text needs a domain to be used: constraints.enum, or sluice.domain");
	if ((c->uses & SL_USE_MEASURE) != 0 && !number)
		return sl_json_fault(field, false, err, "\"measure\" needs an integer or number without an enum");
	if ((c->uses & SL_USE_GROUP) != 0 && !c->has_domain && c->type != SL_TYPE_BOOLEAN && c->nbands == 0)
		return sl_json_fault(
			field, false, err,
			"\"group\" needs a finite domain: constraints.enum, sluice.domain or sluice.bands");
	return SL_OK;
}

/* A spreadsheet that opens a release computes such a text. "-5" and "+65" are labels like others. */
static bool like_formula(const char *label)
{
	bool sign = label[0] == '+' || label[0] == '-';
	char next = sign ? label[1] : '\0';

	return label[0] == '=' || label[0] == '@' || (next >= 'A' && next <= 'Z') || (next >= 'a' && next <= 'z');
}

/* Labels are written as they are, or a sum over a release would not find them again: who declares them is told. */
static void lint_labels(struct sl_cat_reader *r, const struct sl_cat_field *f)
{
	const struct sl_column *c = &f->column;

	for (uint32_t i = 0; i < c->nlabels + c->nbands; i++) {
		const char *label = i < c->nlabels ? c->labels[i].text : c->bands[i - c->nlabels].label;

		if (like_formula(label))
			(void)sl_notes_add(&r->cat->notes, SL_NOTE_WARNING, r->cat->file, f->line, f->col, "formula",
			                   "column \"%s\": spreadsheets compute the label \"%s\"", c->name, label);
	}
}

static void lint(struct sl_cat_reader *r, const struct sl_cat_field *f)
{
	const struct sl_column *c = &f->column;

	if (f->level >= 3 && (c->uses & SL_USE_GROUP) != 0 && !c->sensitive)
		sl_err_remedy(sl_notes_add(&r->cat->notes, SL_NOTE_WARNING, r->cat->file, f->line, f->col,
		                           "level-group",
		                           "column \"%s\" of level %u may group but is not marked sensitive", c->name,
		                           f->level),
		              "add \"sensitive\": true, so that group disclosure is judged");
	if (f->is_unit || c->uses == 0)
		return;
	lint_labels(r, f);
	if (c->title[0] == '\0')
		(void)sl_notes_add(&r->cat->notes, SL_NOTE_WARNING, r->cat->file, f->line, f->col, "no-title",
		                   "column \"%s\" has no title; authors must describe it themselves", c->name);
	if ((c->uses & SL_USE_MEASURE) != 0 && c->measured_in[0] == '\0')
		sl_err_remedy(sl_notes_add(&r->cat->notes, SL_NOTE_WARNING, r->cat->file, f->line, f->col, "no-unit",
		                           "column \"%s\" does not say what it is measured in; authors must, each time",
		                           c->name),
		              "add \"measured_in\": \"days\" (kg, EUR, 1 for what is only counted)");
}

enum sl_rc sl_cat_read_field(struct sl_cat_reader *r, const struct sl_json_at *at, struct sl_cat_field *f,
                             struct sl_err *err)
{
	struct sl_json_at s, bands;
	bool has_sluice;
	enum sl_rc rc;

	sl_json_where(at, false, &f->line, &f->col);
	rc = sl_json_keys(at, field_keys, COUNT(field_keys), err);
	if (rc == SL_OK)
		rc = read_words(at, f, err);
	if (rc != SL_OK)
		return rc;
	f->is_unit = strcmp(f->column.name, r->table->unit_column) == 0;
	has_sluice = sl_json_opt(at, "sluice", &s);
	rc = read_type(at, &f->column, err);
	if (rc == SL_OK && has_sluice)
		rc = read_sluice(f, &s, err);
	if (rc == SL_OK)
		rc = read_scale(at, &s, &f->column, f->is_unit, err);
	if (rc == SL_OK)
		rc = read_constraints(r, at, f, err);
	if (rc == SL_OK)
		rc = read_format(at, f, err);
	if (rc == SL_OK)
		rc = read_missing(r, at, f, err);
	if (rc == SL_OK)
		rc = sl_cat_read_domain(at, f, err);
	if (rc == SL_OK && has_sluice && sl_json_opt(&s, "bands", &bands))
		rc = sl_cat_read_bands(&bands, &f->column, err);
	if (rc == SL_OK)
		rc = check_uses(at, f, err);
	if (rc == SL_OK)
		lint(r, f);
	return rc;
}
