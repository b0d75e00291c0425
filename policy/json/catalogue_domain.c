/*
 * catalogue_domain.c - the finite domain of a column: source texts, the labels printed for them, and what is outside.
 *
 * An integer with an enum is coded data, not a quantity: it becomes text codes.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/json/catalogue_read.h"

/* One member of an enum: a text, or for a coded integer the number as the source writes it. */
static enum sl_rc read_member(const struct sl_json_at *at, bool coded, char **out, struct sl_err *err)
{
	char digits[SL_DECIMAL_TEXT];

	if (!coded || !json_is_integer(at->value))
		return sl_json_text(at, SL_TITLE_BYTES, false, out, err);
	(void)sl_format_decimal(json_integer_value(at->value), 0, digits);
	*out = strdup(digits);
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc read_enum(const struct sl_json_at *at, struct sl_cat_field *f, struct sl_err *err)
{
	struct sl_column *c = &f->column;
	bool coded = c->type == SL_TYPE_INTEGER;
	uint32_t second = 0;
	enum sl_rc rc = sl_json_is_array(at, SL_LABELS_MAX, err);

	if (rc == SL_OK && json_array_size(at->value) == 0)
		rc = sl_json_fault(at, false, err, "is empty");
	if (rc == SL_OK && !coded && c->type != SL_TYPE_TEXT)
		rc = sl_json_fault(at, true, err,
		                   "only text and coded integers have an enum; numbers have sluice.bands");
	if (rc != SL_OK)
		return rc;
	f->texts = sl_json_calloc(json_array_size(at->value), sizeof *f->texts, err);
	if (f->texts == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < json_array_size(at->value) && rc == SL_OK; i++) {
		struct sl_json_at item = sl_json_item(at, i);
		rc = read_member(&item, coded, &f->texts[f->ntexts].text, err);
		if (rc == SL_OK)
			f->ntexts++;
	}
	c->type = SL_TYPE_TEXT;
	c->has_domain = 1;
	if (rc == SL_OK)
		rc = sl_json_twice(f->texts, f->ntexts, &second, err);
	if (rc == SL_OK && second < f->ntexts) {
		struct sl_json_at item = sl_json_item(at, second);
		rc = sl_json_fault(&item, false, err, "\"%s\" twice", f->texts[second].text);
	}
	return rc;
}

static enum sl_rc copy_labels(struct sl_cat_field *f, struct sl_err *err)
{
	struct sl_column *c = &f->column;

	c->labels = sl_json_calloc(f->ntexts, sizeof *c->labels, err);
	if (c->labels == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < f->ntexts; i++) {
		c->labels[i].text = strdup(f->texts[i].text);
		if (c->labels[i].text == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
		c->nlabels++;
	}
	return SL_OK;
}

static enum sl_rc check_labels(const struct sl_json_at *at, const struct sl_column *c, struct sl_err *err)
{
	uint32_t second;

	for (uint32_t i = 0; i < c->nlabels; i++)
		if (sl_label_is_ours(c->labels[i].text, strlen(c->labels[i].text)))
			return sl_json_fault(at, true, err, "\"%s\" is a label of ours", c->labels[i].text);
	enum sl_rc rc = sl_json_twice(c->labels, c->nlabels, &second, err);
	if (rc == SL_OK && second < c->nlabels)
		rc = sl_json_fault(at, true, err, "label \"%s\" twice", c->labels[second].text);
	return rc;
}

/* "labels": {source text: label}; names[] are the source texts, in order of the codes. */
static enum sl_rc read_labels(const struct sl_json_at *at, struct sl_column *c, const char *const *names,
                              struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_keys(at, names, c->nlabels, err);

	for (uint32_t i = 0; i < c->nlabels && rc == SL_OK; i++)
		if (sl_json_opt(at, names[i], &m))
			rc = sl_json_text(&m, SL_TITLE_BYTES, false, &c->labels[i].text, err);
	return rc == SL_OK ? check_labels(at, c, err) : rc;
}

static enum sl_rc read_text_labels(const struct sl_json_at *field, const struct sl_json_at *s, struct sl_cat_field *f,
                                   struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = copy_labels(f, err);

	if (rc != SL_OK)
		return rc;
	if (s == NULL || !sl_json_opt(s, "labels", &m))
		return check_labels(field, &f->column, err);
	const char **names = sl_json_calloc(f->ntexts, sizeof *names, err);
	if (names == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < f->ntexts; i++)
		names[i] = f->texts[i].text;
	rc = read_labels(&m, &f->column, names, err);
	free(names);
	return rc;
}

/* {false text, true text}: both or none, one text each. */
static enum sl_rc read_boolean_texts(const struct sl_json_at *field, struct sl_cat_field *f, struct sl_err *err)
{
	static const char *const keys[] = { "falseValues", "trueValues" };
	struct sl_json_at m;
	enum sl_rc rc = SL_OK;

	if (sl_json_has(field, keys[0]) != sl_json_has(field, keys[1])) {
		(void)sl_json_opt(field, sl_json_has(field, keys[0]) ? keys[0] : keys[1], &m);
		return sl_json_fault(&m, true, err, "\"trueValues\" and \"falseValues\" go together");
	}
	if (!sl_json_has(field, keys[0]))
		return SL_OK;
	f->texts = sl_json_calloc(2, sizeof *f->texts, err);
	if (f->texts == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < 2 && rc == SL_OK; i++) {
		(void)sl_json_opt(field, keys[i], &m);
		rc = sl_json_is_array(&m, 64, err);
		if (rc == SL_OK && json_array_size(m.value) != 1)
			rc = sl_json_fault(&m, false, err, "names exactly one text");
		struct sl_json_at item = sl_json_item(&m, 0);
		if (rc == SL_OK)
			rc = sl_json_text(&item, SL_TITLE_BYTES, false, &f->texts[i].text, err);
		if (rc == SL_OK)
			f->ntexts++;
	}
	if (rc == SL_OK && strcmp(f->texts[0].text, f->texts[1].text) == 0)
		rc = sl_json_fault(&m, false, err, "true and false are the same text");
	return rc;
}

static enum sl_rc read_boolean(const struct sl_json_at *field, const struct sl_json_at *s, struct sl_cat_field *f,
                               struct sl_err *err)
{
	static const char *const names[] = { "false", "true" };
	struct sl_column *c = &f->column;
	struct sl_json_at m;
	enum sl_rc rc = read_boolean_texts(field, f, err);

	if (rc != SL_OK || s == NULL || !sl_json_opt(s, "labels", &m))
		return rc;
	c->labels = sl_json_calloc(2, sizeof *c->labels, err);
	if (c->labels == NULL)
		return SL_E_NOMEM;
	c->has_domain = 1;
	for (; c->nlabels < 2; c->nlabels++) {
		c->labels[c->nlabels].text = strdup(names[c->nlabels]);
		if (c->labels[c->nlabels].text == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	return read_labels(&m, c, names, err);
}

static enum sl_rc read_reference(const struct sl_json_at *at, struct sl_cat_field *f, struct sl_err *err)
{
	struct sl_column *c = &f->column;
	enum sl_rc rc = sl_json_text(at, 2 * SL_NAME_BYTES, false, &f->domain, err);

	if (rc == SL_OK && strchr(f->domain, '.') == NULL)
		rc = sl_json_fault(at, false, err, "names a table: \"dataset.table\"");
	if (rc == SL_OK && c->has_domain)
		rc = sl_json_fault(at, true, err, "a column has an enum or a domain, not both");
	if (rc == SL_OK && c->type != SL_TYPE_TEXT && c->type != SL_TYPE_INTEGER)
		rc = sl_json_fault(at, true, err, "only text and coded integers have a domain");
	c->type = SL_TYPE_TEXT;
	c->has_domain = 1;
	return rc;
}

static enum sl_rc read_other(const struct sl_json_at *s, struct sl_column *c, struct sl_err *err)
{
	struct sl_json_at m;
	bool other = false;
	enum sl_rc rc = SL_OK;

	if (!sl_json_opt(s, "other", &m))
		return SL_OK;
	rc = sl_json_bool(&m, &other, err);
	if (rc == SL_OK && other && (c->type != SL_TYPE_TEXT || !c->has_domain))
		rc = sl_json_fault(&m, true, err, "only a column with an enum or domain has others");
	c->has_other = other;
	return rc;
}

enum sl_rc sl_cat_read_domain(const struct sl_json_at *field, struct sl_cat_field *f, struct sl_err *err)
{
	struct sl_json_at sluice, constraints, m;
	const struct sl_json_at *s = sl_json_opt(field, "sluice", &sluice) ? &sluice : NULL;
	struct sl_column *c = &f->column;
	enum sl_rc rc = SL_OK;

	if (f->is_unit)
		return SL_OK;
	if (c->type != SL_TYPE_BOOLEAN &&
	    (sl_json_opt(field, "trueValues", &m) || sl_json_opt(field, "falseValues", &m)))
		return sl_json_fault(&m, true, err, "only a boolean has it");
	if (sl_json_opt(field, "constraints", &constraints) && sl_json_opt(&constraints, "enum", &m))
		rc = read_enum(&m, f, err);
	if (rc == SL_OK && s != NULL && sl_json_opt(s, "domain", &m))
		rc = read_reference(&m, f, err);
	if (rc == SL_OK && f->ntexts > 0 && c->type == SL_TYPE_TEXT)
		rc = read_text_labels(field, s, f, err);
	else if (rc == SL_OK && c->type == SL_TYPE_BOOLEAN)
		rc = read_boolean(field, s, f, err);
	else if (rc == SL_OK && s != NULL && sl_json_opt(s, "labels", &m))
		rc = sl_json_fault(&m, true, err,
		                   f->domain != NULL ? "labels come from the reference table"
		                                     : "labels need an enum or a boolean");
	if (rc == SL_OK && s != NULL)
		rc = read_other(s, c, err);
	return rc;
}
