/* setup.c - see setup.h. */
#include "enclave/load/setup.h"

#include <string.h>

#include "enclave/confine/crew.h"

static enum sl_rc check_column(const struct sl_load_column *c, struct sl_err *err)
{
	bool is_text = c->type == SL_TYPE_TEXT;

	if (is_text && c->nlabels == 0 && !c->has_other)
		return sl_err_set(err, SL_E_INPUT, "load setup: text column \"%s\" has no domain", c->header);
	if ((c->nlabels > 0 && !is_text && c->type != SL_TYPE_BOOLEAN) || (c->has_other && !is_text))
		return sl_err_set(err, SL_E_INPUT, "load setup: column \"%s\" has a domain its type does not take", c->header);
	if (c->lo > c->hi || (c->scale != 0 && c->type != SL_TYPE_REAL))
		return sl_err_set(err, SL_E_INPUT, "load setup: column \"%s\": bounds or scale do not fit its type", c->header);
	return SL_OK;
}

static enum sl_rc check_columns(const struct sl_load_setup *s, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	uint32_t texts = s->reference && s->ncolumns >= s->attributes ? s->ncolumns - s->attributes : 0;

	if (s->ncolumns == 0 || (s->reference ? texts == 0 || texts > 2 : s->attributes > 0))
		return sl_err_set(err, SL_E_INPUT, "load setup: %u columns are too few or too many", s->ncolumns);
	for (uint32_t i = 0; i < s->ncolumns && rc == SL_OK; i++) {
		for (uint32_t k = 0; k < i && rc == SL_OK; k++)
			if (strcmp(s->columns[i].header, s->columns[k].header) == 0)
				rc = sl_err_set(err, SL_E_INPUT, "load setup: column \"%s\" is named twice", s->columns[i].header);
		if (rc == SL_OK && s->columns[i].header[0] == '\0')
			rc = sl_err_set(err, SL_E_INPUT, "load setup: a column has no name");
		/* Units and reference texts are not typed. */
		if (rc == SL_OK && i >= (s->reference ? texts : 1))
			rc = check_column(&s->columns[i], err);
	}
	return rc;
}

/* A table's rows go to three files, a reference table's to none. */
static bool outputs_fit(const struct sl_load_setup *s, const struct sl_load_fds *fds)
{
	if (s->reference)
		return fds->segment < 0 && fds->registry < 0 && fds->spill < 0;
	return fds->segment >= 0 && fds->registry >= 0 && fds->spill >= 0;
}

enum sl_rc sl_load_setup_check(const struct sl_load_setup *s, const struct sl_load_fds *fds, struct sl_err *err)
{
	if (s->format == SL_LOAD_SQLITE && s->table[0] == '\0')
		return sl_err_set(err, SL_E_INPUT, "load setup: no table of the SQLite file is named");
	if (s->threads == 0 || s->threads > SL_CREW_MAX)
		return sl_err_set(err, SL_E_INPUT, "load setup: threads are out of range");
	if (s->compare && s->base_bytes == 0)
		return sl_err_set(err, SL_E_INPUT, "load setup: there is nothing to compare with");
	if (s->bad_rows_max == 0 || s->bad_rows_max > SL_BAD_ROWS_MAX)
		return sl_err_set(err, SL_E_INPUT, "load setup: bad_rows_max is out of range");
	/* Rows in memory have 32-bit numbers. */
	if (s->rows_max == 0 || s->rows_max > UINT32_MAX)
		return sl_err_set(err, SL_E_LIMIT, "load setup: rows_max is 1 to %u", UINT32_MAX);
	if (fds->source < 0 || (fds->wal >= 0 && s->format != SL_LOAD_SQLITE) ||
	    (fds->base >= 0) != (s->base_bytes > 0) || (s->reference && s->base_bytes > 0) || !outputs_fit(s, fds))
		return sl_err_set(err, SL_E_INPUT, "load setup: the descriptors are not those this work needs");
	return check_columns(s, err);
}
