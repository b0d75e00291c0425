/* entries.c - see entries.h. */
#include "jobs/entries.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/fold.h"
#include "jobs/store/entry.h"
#include "jobs/store/policy.h"

/* The texts of a domain, as they are printed: who looks for a diagnosis finds the column of diagnoses. */
static void put_labels(struct sl_buf *out, const struct sl_column *c)
{
	for (uint32_t i = 0; i < c->nlabels + c->nbands; i++) {
		if (i > 0)
			sl_buf_text(out, ", ");
		sl_buf_text(out, i < c->nlabels ? c->labels[i].text : c->bands[i - c->nlabels].label);
	}
}

/* Folds what is searched, and stores the row. */
static enum sl_rc put(struct sl_enclave *e, const char *dataset, const char *name, struct sl_store_entry *row,
                      struct sl_err *err)
{
	const char *const texts[] = {name, row->title, row->description, row->labels};
	struct sl_buf folded = {0};

	for (size_t i = 0; i < 4; i++) {
		if (i > 0)
			sl_buf_text(&folded, "\n");
		sl_fold_text(&folded, texts[i], strlen(texts[i]));
	}
	row->folded = sl_buf_cstr(&folded);
	enum sl_rc rc = row->folded != NULL ? sl_store_entry_put(&e->db, dataset, row, err)
	                                    : sl_err_set(err, SL_E_NOMEM, "out of memory");
	sl_buf_free(&folded);
	return rc;
}

static const char *text(const char *s)
{
	return s != NULL ? s : "";
}

static enum sl_rc put_table(struct sl_enclave *e, const char *dataset, const struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_store_entry row = {
		.table = t->name, .column = "", .owner = t->owner, .space = text(t->space), .rhythm = text(t->rhythm),
		.class_ = t->class_, .title = text(t->title), .description = text(t->description), .labels = "",
	};
	struct sl_buf labels = {0};
	enum sl_rc rc = put(e, dataset, t->name, &row, err);

	for (uint32_t i = 0; rc == SL_OK && i < t->nfields; i++) {
		const struct sl_cat_field *f = &t->fields[i];
		sl_buf_reset(&labels);
		put_labels(&labels, &f->column);
		row.column = f->column.name;
		row.position = (int64_t)i + 1;
		row.title = text(f->column.title);
		row.description = text(f->description);
		row.labels = sl_buf_cstr(&labels);
		rc = row.labels != NULL ? put(e, dataset, f->column.name, &row, err)
		                        : sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	sl_buf_free(&labels);
	return rc;
}

enum sl_rc sl_entries_put(struct sl_enclave *e, const struct sl_catalogue *catalogue, struct sl_err *err)
{
	enum sl_rc rc = sl_store_entries_begin(&e->db, catalogue->dataset, catalogue->sha256, SL_FOLD_VERSION, err);

	for (uint32_t i = 0; rc == SL_OK && i < catalogue->ntables; i++)
		rc = put_table(e, catalogue->dataset, &catalogue->tables[i], err);
	return rc;
}

struct names {
	char **items;
	uint32_t n;
};

static enum sl_rc add_name(void *self, const char *dataset, struct sl_err *err)
{
	struct names *names = self;
	char **more = realloc(names->items, (names->n + 1) * sizeof *more);

	if (more == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	names->items = more;
	more[names->n] = strdup(dataset);
	return more[names->n++] != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc put_stored(void *self, const char *dataset, const void *bytes, size_t len,
                             const uint8_t digest[static 32], struct sl_err *err)
{
	struct sl_catalogue catalogue = {0};
	enum sl_rc rc = sl_catalogue_load(dataset, bytes, len, &catalogue, err);

	if (rc == SL_OK) {
		memcpy(catalogue.sha256, digest, 32);
		rc = sl_entries_put(self, &catalogue, err);
	}
	sl_catalogue_free(&catalogue);
	return rc;
}

enum sl_rc sl_entries_settle(struct sl_enclave *e, struct sl_err *err)
{
	struct names stale = {0};
	enum sl_rc rc = sl_store_entries_stale(&e->db, SL_FOLD_VERSION, add_name, &stale, err);

	if (rc == SL_OK && stale.n > 0) {
		rc = sl_db_begin(&e->db, err);
		for (uint32_t i = 0; rc == SL_OK && i < stale.n; i++)
			rc = sl_catalogue_one(&e->db, stale.items[i], put_stored, e, err);
		if (rc == SL_OK)
			rc = sl_db_commit(&e->db, err);
		sl_db_rollback(&e->db);
	}
	for (uint32_t i = 0; i < stale.n; i++)
		free(stale.items[i]);
	free(stale.items);
	return rc;
}
