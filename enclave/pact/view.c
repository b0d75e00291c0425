/* view.c - see view.h. */
#include "enclave/pact/view.h"

#include <string.h>

static const struct sl_field label_fields[] = {
	SL_TEXT(struct sl_label, text, SL_TITLE_BYTES, "label from the catalogue or a reference table"),
};
SL_RECORD(sl_label_record, sl_label, label_fields);

static const struct sl_field band_fields[] = {
	SL_SCALAR(struct sl_band, SL_KIND_I64, lo, 0, 0, "smallest value of the band on the column's grid"),
	SL_SCALAR(struct sl_band, SL_KIND_I64, hi, 0, 0, "largest value of the band"),
	SL_TEXT(struct sl_band, label, SL_NAME_BYTES, "label"),
};
SL_RECORD(sl_band_record, sl_band, band_fields);

static const struct sl_field reference_cell_fields[] = {
	SL_SCALAR(struct sl_reference_cell, SL_KIND_I64, value, 0, 0, "value on the attribute's grid; 0 when missing"),
	SL_SCALAR(struct sl_reference_cell, SL_KIND_U8, missing, 0, 1, "missing"),
};
SL_RECORD(sl_reference_cell_record, sl_reference_cell, reference_cell_fields);

static const struct sl_field column_fields[] = {
	SL_TEXT(struct sl_column, name, SL_NAME_BYTES, "name within the table"),
	SL_TEXT(struct sl_column, title, SL_TITLE_BYTES, "canonical title"),
	SL_TEXT(struct sl_column, measured_in, SL_NAME_BYTES, "unit of measure; empty: not said"),
	SL_SCALAR(struct sl_column, SL_KIND_U8, type, SL_TYPE_INTEGER, SL_TYPE_TEXT,
	          "integer 1, real 2, boolean 3, date 4, text 5"),
	SL_SCALAR(struct sl_column, SL_KIND_U8, uses, 0, 7, "group 1, filter 2, measure 4; 0 refuses all"),
	SL_SCALAR(struct sl_column, SL_KIND_I8, scale, 0, SL_SCALE_MAX, "decimals of the grid"),
	SL_SCALAR(struct sl_column, SL_KIND_U8, nullable, 0, 1, "missing values occur"),
	SL_SCALAR(struct sl_column, SL_KIND_U8, has_domain, 0, 1, "labels are the whole domain"),
	SL_SCALAR(struct sl_column, SL_KIND_U8, has_other, 0, 1, "values outside the domain occur"),
	SL_SCALAR(struct sl_column, SL_KIND_U8, sensitive, 0, 1, "group disclosure applies"),
	SL_SCALAR(struct sl_column, SL_KIND_U8, structural_zero, 0, 1, "empty cells are public knowledge"),
	SL_SCALAR(struct sl_column, SL_KIND_I64, lo, 0, 0, "declared minimum on the grid"),
	SL_SCALAR(struct sl_column, SL_KIND_I64, hi, 0, 0, "declared maximum on the grid"),
	SL_VEC(struct sl_column, labels, nlabels, SL_LABELS_MAX, sl_label_record, "domain in canonical order"),
	SL_VEC(struct sl_column, bands, nbands, SL_BANDS_MAX, sl_band_record, "catalogue bands"),
	SL_SCALAR(struct sl_column, SL_KIND_U16, reference, 0, SL_TABLES_MAX,
	          "table of the view that is its domain, plus one; 0: none"),
};
SL_RECORD(sl_column_record, sl_column, column_fields);

static const struct sl_field table_fields[] = {
	SL_TEXT(struct sl_table, name, 2 * SL_NAME_BYTES, "dataset.table"),
	SL_TEXT(struct sl_table, space, SL_NAME_BYTES, "unit space"),
	SL_TEXT(struct sl_table, unit_column, SL_NAME_BYTES, "name of the unit column, for messages"),
	SL_TEXT(struct sl_table, period, SL_NAME_BYTES, "what time its rows speak of; empty: not said"),
	SL_SCALAR(struct sl_table, SL_KIND_U8, one_row_per_unit, 0, 1, "each unit has at most one row"),
	SL_SCALAR(struct sl_table, SL_KIND_U8, class_, SL_CLASS_OPEN, SL_CLASS_CONFIDENTIAL,
	          "open 1, on application 2, confidential 3"),
	SL_VEC(struct sl_table, columns, ncolumns, SL_COLUMNS_MAX, sl_column_record, "granted columns"),
	SL_VEC(struct sl_table, cells, ncells, SL_REFERENCE_CELLS_MAX, sl_reference_cell_record,
	       "of a reference table: its rows, row by row"),
};
SL_RECORD(sl_table_record, sl_table, table_fields);

static const struct sl_field view_fields[] = {
	SL_VEC(struct sl_view, tables, ntables, SL_TABLES_MAX, sl_table_record, "granted tables"),
};
SL_RECORD(sl_view_record, sl_view, view_fields);

static const char *const type_names[] = {
	[SL_TYPE_NONE] = "none",       [SL_TYPE_INTEGER] = "integer", [SL_TYPE_REAL] = "real",
	[SL_TYPE_BOOLEAN] = "boolean", [SL_TYPE_DATE] = "date",       [SL_TYPE_TEXT] = "text",
};

const char *sl_type_name(enum sl_type type)
{
	return (size_t)type < sizeof type_names / sizeof type_names[0] ? type_names[type] : "none";
}

const char *sl_use_name(enum sl_use use)
{
	switch (use) {
	case SL_USE_GROUP:
		return "group";
	case SL_USE_FILTER:
		return "filter";
	case SL_USE_MEASURE:
		return "measure";
	}
	return "none";
}

static enum sl_rc check_column(const struct sl_table *t, const struct sl_column *c, struct sl_err *err)
{
	const char *why = NULL;

	if ((c->type != SL_TYPE_REAL) != (c->scale == 0) && c->type != SL_TYPE_REAL)
		why = "only a real has a scale";
	else if (c->type == SL_TYPE_TEXT && !c->has_domain)
		why = "text without a domain";
	else if (c->has_domain ? c->nlabels == 0 : c->nlabels != 0)
		why = "domain without labels or labels without a domain";
	else if (c->has_domain && c->type == SL_TYPE_BOOLEAN && c->nlabels != 2)
		why = "a boolean has two labels";
	else if (c->has_other && c->type != SL_TYPE_TEXT)
		why = "(other) is for text";
	else if (c->nbands > 0 && c->type != SL_TYPE_INTEGER && c->type != SL_TYPE_REAL && c->type != SL_TYPE_DATE)
		why = "bands on something that is not a number or date";
	else if (c->lo > c->hi)
		why = "minimum above maximum";
	for (uint32_t i = 0; why == NULL && i < c->nbands; i++)
		if (c->bands[i].lo > c->bands[i].hi || (i > 0 && c->bands[i].lo <= c->bands[i - 1].hi))
			why = "bands do not rise";
	if (why != NULL)
		return sl_err_set(err, SL_E_INPUT, "table %s, column %s: %s", t->name, c->name, why);
	return SL_OK;
}

static bool cell_fits(const struct sl_column *c, const struct sl_reference_cell *cell)
{
	if (cell->missing)
		return cell->value == 0;
	if (c->type == SL_TYPE_TEXT)
		return cell->value >= 0 && cell->value < (int64_t)c->nlabels + c->has_other;
	if (c->type == SL_TYPE_BOOLEAN)
		return cell->value == 0 || cell->value == 1;
	return cell->value >= c->lo && cell->value <= c->hi;
}

static enum sl_rc check_cells(const struct sl_table *t, struct sl_err *err)
{
	if (t->ncells > 0 && t->space[0] != '\0')
		return sl_err_set(err, SL_E_INPUT, "table %s: only a reference table tells its cells", t->name);
	if (t->ncells > 0 && (t->ncolumns == 0 || t->ncells % t->ncolumns != 0))
		return sl_err_set(err, SL_E_INPUT, "table %s: its cells are no whole rows", t->name);
	for (uint32_t i = 0; i < t->ncells; i++)
		if (!cell_fits(&t->columns[i % t->ncolumns], &t->cells[i]))
			return sl_err_set(err, SL_E_INPUT, "table %s, column %s: a cell outside its domain", t->name,
			                  t->columns[i % t->ncolumns].name);
	return SL_OK;
}

/* A code is the number of a row: no code may lie behind the last one. */
static enum sl_rc check_reference(const struct sl_view *view, const struct sl_table *t, const struct sl_column *c,
                                  struct sl_err *err)
{
	const struct sl_table *ref;

	if (c->reference == 0)
		return SL_OK;
	if (c->reference > view->ntables || view->tables[c->reference - 1].space[0] != '\0' || c->type != SL_TYPE_TEXT)
		return sl_err_set(err, SL_E_INPUT, "table %s, column %s: its domain is no reference table", t->name, c->name);
	ref = &view->tables[c->reference - 1];
	if (t->space[0] == '\0')
		return sl_err_set(err, SL_E_INPUT, "table %s, column %s: a reference table refers to none", t->name, c->name);
	if (ref->ncells != (uint64_t)c->nlabels * ref->ncolumns)
		return sl_err_set(err, SL_E_INPUT, "table %s, column %s: %s has not one row per label", t->name, c->name,
		                  ref->name);
	return SL_OK;
}

enum sl_rc sl_view_check(const struct sl_view *view, struct sl_err *err)
{
	for (uint32_t i = 0; i < view->ntables; i++) {
		const struct sl_table *t = &view->tables[i];
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(t->name, view->tables[j].name) == 0)
				return sl_err_set(err, SL_E_INPUT, "table %s twice", t->name);
		for (uint32_t k = 0; k < t->ncolumns; k++) {
			enum sl_rc rc = check_column(t, &t->columns[k], err);
			if (rc == SL_OK)
				rc = check_reference(view, t, &t->columns[k], err);
			if (rc != SL_OK)
				return rc;
			for (uint32_t j = 0; j < k; j++)
				if (strcmp(t->columns[k].name, t->columns[j].name) == 0)
					return sl_err_set(err, SL_E_INPUT, "table %s: column %s twice", t->name, t->columns[k].name);
		}
		enum sl_rc rc = check_cells(t, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

/* Labels or bands without (other) and (missing); 0: no finite domain. */
static uint32_t nlabelled(const struct sl_column *c, bool banded)
{
	if (banded)
		return c->nbands;
	if (c->type == SL_TYPE_BOOLEAN)
		return 2;
	return c->has_domain && c->type == SL_TYPE_TEXT ? c->nlabels : 0;
}

bool sl_column_has_other(const struct sl_column *c, bool banded)
{
	if (!banded)
		return c->has_other;
	/* The step between neighbouring values is one grid unit, so bands touch when hi + 1 = next lo. */
	if (c->nbands == 0 || c->bands[0].lo > c->lo || c->bands[c->nbands - 1].hi < c->hi)
		return true;
	for (uint32_t i = 1; i < c->nbands; i++)
		if (c->bands[i - 1].hi + 1 != c->bands[i].lo)
			return true;
	return false;
}

uint32_t sl_column_ngroups(const struct sl_column *c, bool banded)
{
	uint32_t n = nlabelled(c, banded);

	if (n == 0)
		return 0;
	return n + (sl_column_has_other(c, banded) ? 1 : 0) + (c->nullable ? 1 : 0);
}

bool sl_label_is_ours(const char *text, size_t len)
{
	static const char *const ours[] = { SL_LABEL_OTHER, SL_LABEL_MISSING, SL_MARKER };

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (len == strlen(ours[i]) && memcmp(text, ours[i], len) == 0)
			return true;
	return false;
}

const char *sl_column_group_label(const struct sl_column *c, bool banded, uint32_t g)
{
	uint32_t n = nlabelled(c, banded);

	SL_REQUIRE(g < sl_column_ngroups(c, banded));
	if (g < n && banded)
		return c->bands[g].label;
	if (g < n && c->type == SL_TYPE_BOOLEAN && !c->has_domain)
		return g == 0 ? "false" : "true";
	if (g < n)
		return c->labels[g].text;
	return g == n && sl_column_has_other(c, banded) ? SL_LABEL_OTHER : SL_LABEL_MISSING;
}

uint32_t sl_column_group(const struct sl_column *c, bool banded, int64_t value, bool missing)
{
	uint32_t n = nlabelled(c, banded), ngroups = sl_column_ngroups(c, banded);
	uint32_t g = n;

	SL_REQUIRE(ngroups > 0);
	if (missing)
		return ngroups - 1;
	if (!banded) {
		g = value >= 0 && value < (int64_t)n ? (uint32_t)value : n;
	} else {
		for (uint32_t i = 0; i < n && g == n; i++)
			if (value >= c->bands[i].lo && value <= c->bands[i].hi)
				g = i;
	}
	return g < ngroups ? g : ngroups - 1;
}
