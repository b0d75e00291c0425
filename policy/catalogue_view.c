/* catalogue_view.c - see catalogue.h: a table as sluice-load must read it, and as a view shows it. */
#include <stdlib.h>
#include <string.h>

#include "policy/catalogue.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static char *copy_text(const char *text, struct sl_err *err)
{
	char *copy = strdup(text != NULL ? text : "");

	if (copy == NULL)
		(void)no_memory(err);
	return copy;
}

static enum sl_rc copy_labels(const struct sl_label *from, uint32_t n, struct sl_label **out, uint32_t *nout,
                              struct sl_err *err)
{
	if (n == 0)
		return SL_OK;
	*out = calloc(n, sizeof **out);
	if (*out == NULL)
		return no_memory(err);
	for (; *nout < n; ++*nout) {
		(*out)[*nout].text = copy_text(from[*nout].text, err);
		if ((*out)[*nout].text == NULL)
			return SL_E_NOMEM;
	}
	return SL_OK;
}

static const struct sl_reference *find_reference(const char *table, const struct sl_references *refs)
{
	for (uint32_t i = 0; refs != NULL && i < refs->nitems; i++)
		if (strcmp(refs->items[i].table, table) == 0 && refs->items[i].nrows > 0)
			return &refs->items[i];
	return NULL;
}

static const struct sl_reference *find_domain(const struct sl_cat_field *f, const struct sl_references *refs,
                                              struct sl_err *err)
{
	const struct sl_reference *ref = find_reference(f->domain, refs);

	if (ref != NULL)
		return ref;
	(void)sl_err_set(err, SL_E_INPUT, "column \"%s\": its domain, reference table \"%s\", is not imported",
	                 f->column.name, f->domain);
	sl_err_remedy(err, "import \"%s\" first", f->domain);
	return NULL;
}

static enum sl_rc reference_texts(const struct sl_cat_field *f, const struct sl_references *refs, bool labels,
                                  struct sl_label **out, uint32_t *nout, struct sl_err *err)
{
	const struct sl_reference *ref = find_domain(f, refs, err);

	if (ref == NULL)
		return SL_E_INPUT;
	*out = calloc(ref->nrows, sizeof **out);
	if (*out == NULL)
		return no_memory(err);
	for (; *nout < ref->nrows; ++*nout) {
		(*out)[*nout].text = copy_text(labels ? ref->rows[*nout].label : ref->rows[*nout].key, err);
		if ((*out)[*nout].text == NULL)
			return SL_E_NOMEM;
	}
	return SL_OK;
}

static enum sl_rc fill_load_column(const struct sl_cat_field *f, const struct sl_references *refs,
                                   struct sl_load_column *out, struct sl_err *err)
{
	const struct sl_column *c = &f->column;
	enum sl_rc rc;

	out->header = copy_text(c->name, err);
	out->date_format = copy_text(f->date_format, err);
	if (out->header == NULL || out->date_format == NULL)
		return SL_E_NOMEM;
	out->type = c->type;
	out->scale = c->scale;
	out->nullable = c->nullable;
	out->has_other = c->has_other;
	out->lo = c->lo;
	out->hi = c->hi;
	rc = f->domain != NULL && !f->is_unit ? reference_texts(f, refs, false, &out->labels, &out->nlabels, err)
	                                      : copy_labels(f->texts, f->ntexts, &out->labels, &out->nlabels, err);
	return rc == SL_OK ? copy_labels(f->missing, f->nmissing, &out->missing, &out->nmissing, err) : rc;
}

/*
 * Key, and label where it is another column: their texts are taken as they are. Then the attributes, in file order,
 * which is that of their load_column; none has another table's domain.
 */
static enum sl_rc fill_reference(const struct sl_cat_table *t, struct sl_load_setup *out, struct sl_err *err)
{
	const char *names[2] = { t->reference_key, t->reference_label };
	uint32_t n = strcmp(names[0], names[1]) == 0 ? 1 : 2;

	out->columns = calloc(2u + t->nattributes, sizeof *out->columns);
	if (out->columns == NULL)
		return no_memory(err);
	for (; out->ncolumns < n; out->ncolumns++) {
		struct sl_load_column *c = &out->columns[out->ncolumns];
		*c = (struct sl_load_column){ .type = SL_TYPE_TEXT, .lo = INT64_MIN, .hi = INT64_MAX };
		c->header = copy_text(names[out->ncolumns], err);
		c->date_format = copy_text("", err);
		if (c->header == NULL || c->date_format == NULL) {
			out->ncolumns++;
			return SL_E_NOMEM;
		}
	}
	for (uint32_t i = 0; i < t->nfields; i++) {
		if (t->fields[i].load_column == SL_CAT_NOT_LOADED)
			continue;
		enum sl_rc rc = fill_load_column(&t->fields[i], NULL, &out->columns[out->ncolumns++], err);
		if (rc != SL_OK)
			return rc;
	}
	out->attributes = t->nattributes;
	return SL_OK;
}

enum sl_rc sl_catalogue_load_setup(const struct sl_cat_table *t, const struct sl_references *refs,
                                   struct sl_load_setup *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t n = 0;

	memset(out, 0, sizeof *out);
	out->format = t->gzip ? SL_LOAD_CSV_GZIP : SL_LOAD_CSV;
	out->delimiter = t->delimiter;
	out->one_row_per_unit = t->one_row_per_unit;
	out->reference = t->reference_key != NULL;
	out->table = copy_text("", err);
	if (out->table == NULL)
		rc = SL_E_NOMEM;
	if (rc == SL_OK && out->reference) {
		rc = fill_reference(t, out, err);
	} else if (rc == SL_OK) {
		for (uint32_t i = 0; i < t->nfields; i++)
			n += t->fields[i].load_column != SL_CAT_NOT_LOADED;
		out->columns = calloc(n, sizeof *out->columns);
		rc = out->columns != NULL ? SL_OK : no_memory(err);
		out->ncolumns = rc == SL_OK ? n : 0;
		for (uint32_t i = 0; i < t->nfields && rc == SL_OK; i++)
			if (t->fields[i].load_column != SL_CAT_NOT_LOADED)
				rc = fill_load_column(&t->fields[i], refs, &out->columns[t->fields[i].load_column],
				                      err);
	}
	if (rc != SL_OK)
		sl_codec_free(&sl_load_setup_record, out);
	return rc;
}

static enum sl_rc copy_bands(const struct sl_column *from, struct sl_column *out, struct sl_err *err)
{
	if (from->nbands == 0)
		return SL_OK;
	out->bands = calloc(from->nbands, sizeof *out->bands);
	if (out->bands == NULL)
		return no_memory(err);
	for (; out->nbands < from->nbands; out->nbands++) {
		struct sl_band *b = &out->bands[out->nbands];
		*b = from->bands[out->nbands];
		b->label = copy_text(from->bands[out->nbands].label, err);
		if (b->label == NULL)
			return SL_E_NOMEM;
	}
	return SL_OK;
}

enum sl_rc sl_catalogue_view_column(const struct sl_cat_field *f, const struct sl_references *refs, uint8_t uses,
                                    struct sl_column *out, struct sl_err *err)
{
	const struct sl_column *c = &f->column;
	enum sl_rc rc;

	*out = *c;
	out->uses = c->uses & uses;
	out->labels = NULL;
	out->bands = NULL;
	out->nlabels = out->nbands = 0;
	out->name = copy_text(c->name, err);
	out->title = copy_text(c->title, err);
	out->measured_in = copy_text(c->measured_in, err);
	rc = out->name != NULL && out->title != NULL && out->measured_in != NULL ? SL_OK : SL_E_NOMEM;
	if (rc == SL_OK)
		rc = f->domain != NULL ? reference_texts(f, refs, true, &out->labels, &out->nlabels, err)
		                       : copy_labels(c->labels, c->nlabels, &out->labels, &out->nlabels, err);
	if (rc == SL_OK)
		rc = copy_bands(c, out, err);
	if (rc != SL_OK)
		sl_codec_free(&sl_column_record, out);
	return rc;
}

enum sl_rc sl_catalogue_view_table(const struct sl_cat_table *t, struct sl_table *out, struct sl_err *err)
{
	*out = (struct sl_table){
		.name = copy_text(t->name, err),
		.space = copy_text(t->space, err),
		.unit_column = copy_text(t->unit_column, err),
		.period = copy_text(t->period, err),
		.one_row_per_unit = t->one_row_per_unit,
		.class_ = t->class_,
	};
	if (out->name != NULL && out->space != NULL && out->unit_column != NULL && out->period != NULL)
		return SL_OK;
	sl_codec_free(&sl_table_record, out);
	return SL_E_NOMEM;
}

enum sl_rc sl_catalogue_view_cells(const struct sl_cat_table *t, const struct sl_references *refs,
                                   const struct sl_cat_field *const *fields, struct sl_table *out, struct sl_err *err)
{
	const struct sl_reference *ref = find_reference(t->name, refs);
	size_t n = ref != NULL ? (size_t)ref->nrows * out->ncolumns : 0;

	for (uint32_t r = 0; ref != NULL && r < ref->nrows; r++)
		if (ref->rows[r].ncells != t->nattributes)
			ref = NULL; /* imported under another catalogue */
	if (ref == NULL) {
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "reference table \"%s\" is not imported with its attributes",
		                           t->name);
		sl_err_remedy(err, "import \"%s\"", t->name);
		return rc;
	}
	if (n == 0)
		return SL_OK;
	out->cells = calloc(n, sizeof *out->cells);
	if (out->cells == NULL)
		return no_memory(err);
	for (uint32_t r = 0; r < ref->nrows; r++)
		for (uint32_t c = 0; c < out->ncolumns; c++)
			out->cells[out->ncells++] = ref->rows[r].cells[fields[c]->load_column];
	return SL_OK;
}
