/*
 * catalogue_owner.c - "sluice" of a table: whose it is, its class, whom a row is about or that it is a reference table,
 * and what its owner wants: to be asked, joins, rhythm, quality.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "policy/json/catalogue_read.h"
#include "policy/rhythm.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const sluice_keys[] = {
	"owner", "class", "unit", "one_row_per_unit", "reference", "period", "owner_approval", "joins", "rhythm",
	"quality", "public",
};
static const char *const unit_keys[] = { "column", "space" };
static const char *const reference_keys[] = { "key", "label" };
static const char *const class_names[] = { "open", "on_application", "confidential" };

enum sl_rc sl_cat_read_text_or_empty(const struct sl_json_at *at, const char *key, size_t max, char **out,
                                     struct sl_err *err)
{
	struct sl_json_at m;

	if (sl_json_opt(at, key, &m))
		return sl_json_text(&m, max, true, out, err);
	*out = strdup("");
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc read_unit(const struct sl_json_at *at, struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_keys(at, unit_keys, COUNT(unit_keys), err);

	if (rc == SL_OK)
		rc = sl_json_get(at, "column", &m, err);
	if (rc == SL_OK)
		rc = sl_json_text(&m, SL_NAME_BYTES, false, &t->unit_column, err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "space", &m, err);
	if (rc == SL_OK)
		rc = sl_json_name(&m, &t->space, err);
	return rc;
}

static enum sl_rc read_reference(const struct sl_json_at *at, struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_keys(at, reference_keys, COUNT(reference_keys), err);

	if (rc == SL_OK)
		rc = sl_json_get(at, "key", &m, err);
	if (rc == SL_OK)
		rc = sl_json_text(&m, SL_NAME_BYTES, false, &t->reference_key, err);
	if (rc == SL_OK && sl_json_opt(at, "label", &m))
		return sl_json_text(&m, SL_NAME_BYTES, false, &t->reference_label, err);
	if (rc == SL_OK) {
		t->reference_label = strdup(t->reference_key);
		if (t->reference_label == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	return rc;
}

static enum sl_rc read_unit_or_reference(const struct sl_json_at *s, struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_json_at unit, ref, m;
	bool has_unit = sl_json_opt(s, "unit", &unit), has_ref = sl_json_opt(s, "reference", &ref), one = false;
	enum sl_rc rc;

	if (has_unit == has_ref)
		return sl_json_fault(s, false, err,
		                     "needs either \"unit\" (whom a row is about) or, for an open table without "
		                     "people, \"reference\"");
	if (has_ref && t->class_ != SL_CLASS_OPEN)
		return sl_json_fault(&ref, true, err, "only a table of class \"open\" is a reference table");
	rc = has_unit ? read_unit(&unit, t, err) : read_reference(&ref, t, err);
	if (rc == SL_OK && sl_json_opt(s, "one_row_per_unit", &m))
		rc = has_ref ? sl_json_fault(&m, true, err, "a reference table has no units")
		             : sl_json_bool(&m, &one, err);
	t->one_row_per_unit = one;
	if (rc == SL_OK && has_ref) {
		t->space = strdup("");
		t->unit_column = strdup("");
		if (t->space == NULL || t->unit_column == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	return rc;
}

/* "dataset.table" or "dataset.*". */
static bool is_table_pattern(const char *s)
{
	const char *dot = strchr(s, '.');
	char dataset[SL_NAME_BYTES] = "";

	if (dot == NULL || (size_t)(dot - s) >= sizeof dataset)
		return false;
	memcpy(dataset, s, (size_t)(dot - s));
	return sl_text_is_ident(dataset) && (strcmp(dot + 1, "*") == 0 || sl_text_is_ident(dot + 1));
}

static enum sl_rc read_joins(const struct sl_json_at *at, struct sl_cat_table *t, struct sl_err *err)
{
	enum sl_rc rc = sl_json_is_array(at, SL_CAT_TABLES_MAX, err);

	if (rc == SL_OK)
		t->joins = sl_json_calloc(json_array_size(at->value), sizeof *t->joins, err);
	if (rc == SL_OK && t->joins == NULL)
		rc = SL_E_NOMEM;
	t->says_joins = 1;
	for (size_t i = 0; rc == SL_OK && i < json_array_size(at->value); i++) {
		struct sl_json_at item = sl_json_item(at, i);
		rc = sl_json_text(&item, 2 * SL_NAME_BYTES, false, &t->joins[t->njoins], err);
		if (rc == SL_OK && !is_table_pattern(t->joins[t->njoins++]))
			rc = sl_json_fault(&item, false, err, "expected \"dataset.table\" or \"dataset.*\"");
	}
	return rc;
}

/* What the owner wants to be asked, and what may stand beside the table. A reference table holds nobody. */
static enum sl_rc read_owner_words(const struct sl_json_at *s, struct sl_cat_table *t, struct sl_err *err)
{
	static const char *const of_units[] = { "owner_approval", "joins", "quality", "public" };
	static const char *const qualities[] = { "closed", "open" };
	bool approval = t->class_ == SL_CLASS_CONFIDENTIAL;
	size_t quality = 0;
	struct sl_json_at m;
	enum sl_rc rc = SL_OK;

	for (size_t i = 0; i < COUNT(of_units); i++)
		if (t->reference_key != NULL && sl_json_opt(s, of_units[i], &m))
			return sl_json_fault(&m, true, err, "is not said of a reference table");
	if (sl_json_opt(s, "owner_approval", &m))
		rc = sl_json_bool(&m, &approval, err);
	t->owner_approval = approval;
	if (rc == SL_OK && sl_json_opt(s, "quality", &m))
		rc = sl_json_choice(&m, qualities, COUNT(qualities), &quality, err);
	t->quality_is_open = quality == 1;
	return rc == SL_OK && sl_json_opt(s, "joins", &m) ? read_joins(&m, t, err) : rc;
}

static enum sl_rc read_rhythm(const struct sl_json_at *s, struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_rhythm rhythm;
	struct sl_json_at m;
	enum sl_rc rc = sl_cat_read_text_or_empty(s, "rhythm", SL_NAME_BYTES, &t->rhythm, err);

	if (rc != SL_OK || !sl_json_opt(s, "rhythm", &m))
		return rc;
	if (t->reference_key != NULL)
		return sl_json_fault(&m, true, err, "a reference table has no versions that could be late");
	return sl_rhythm_parse(t->rhythm, &rhythm)
	               ? SL_OK
	               : sl_json_fault(&m, false, err, "a rhythm is P, a number from 1 to 999, and D, W, M or Y: \"P3M\"");
}

enum sl_rc sl_cat_read_owner(const struct sl_json_at *at, struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_json_at s, m;
	size_t class_ = 0;
	enum sl_rc rc = sl_json_get(at, "sluice", &s, err);

	if (rc == SL_OK)
		rc = sl_json_keys(&s, sluice_keys, COUNT(sluice_keys), err);
	if (rc == SL_OK)
		rc = sl_json_get(&s, "owner", &m, err);
	if (rc == SL_OK)
		rc = sl_json_text(&m, SL_NAME_BYTES, false, &t->owner, err);
	if (rc == SL_OK)
		rc = sl_json_get(&s, "class", &m, err);
	if (rc == SL_OK)
		rc = sl_json_choice(&m, class_names, COUNT(class_names), &class_, err);
	if (rc != SL_OK)
		return rc;
	t->class_ = (uint8_t)(class_ + 1);
	rc = sl_cat_read_text_or_empty(&s, "period", SL_NAME_BYTES, &t->period, err);
	if (rc == SL_OK)
		rc = read_unit_or_reference(&s, t, err);
	if (rc == SL_OK)
		rc = read_owner_words(&s, t, err);
	return rc == SL_OK ? read_rhythm(&s, t, err) : rc;
}
