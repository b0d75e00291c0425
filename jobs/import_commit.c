/*
 * import_commit.c - everything of an attempt in force at once: what is left out of it must keep its meaning, then
 * catalogue, versions, units, reference rows and one leaf in one transaction.
 */
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/data_quality.h"
#include "jobs/entries.h"
#include "jobs/import.h"
#include "jobs/store/policy.h"

static enum sl_rc store_table(struct sl_import *im, const struct sl_import_table *t, json_t *versions,
                              struct sl_err *err)
{
	struct sl_db *db = &im->e->db;
	char hex[65];
	enum sl_rc rc = t->source.table != NULL ? sl_store_source_put(db, &t->source, err) : SL_OK;

	if (rc == SL_OK && !t->reference) {
		sl_text_hex(t->version.id, 32, hex);
		(void)json_object_set_new(versions, t->table->name, json_string(hex));
		rc = sl_version_put(db, &t->version, err);
		return rc == SL_OK ? sl_data_quality_put(im->e, t->table, &t->version, &t->report, err) : rc;
	}
	(void)json_object_set_new(versions, t->table->name, json_string("reference"));
	if (rc == SL_OK)
		rc = sl_reference_clear(db, t->table->name, err);
	for (uint32_t i = 0; rc == SL_OK && i < t->report.nreference; i++)
		rc = sl_reference_add(db, t->table->name, i, &t->report.reference[i], err);
	return rc;
}

static bool is_in_attempt(const struct sl_import *im, const char *name)
{
	bool found = false;

	for (uint32_t i = 0; i < im->ntables; i++)
		found |= strcmp(im->tables[i].table->name, name) == 0;
	return found;
}

/* Do the rows this attempt read for a reference table give every code the meaning it has now? */
static bool same_codes(const struct sl_import *im, const struct sl_import_table *t)
{
	const struct sl_reference *stored = NULL;

	for (uint32_t i = 0; i < im->standing->nreference; i++)
		if (strcmp(im->standing->reference[i].table, t->table->name) == 0)
			stored = &im->standing->reference[i];
	if (stored == NULL || stored->nrows != t->report.nreference)
		return stored == NULL;
	for (uint32_t i = 0; i < stored->nrows; i++)
		if (strcmp(stored->rows[i].key, t->report.reference[i].key) != 0)
			return false;
	return true;
}

bool sl_import_codes_moved(const struct sl_import *im, const struct sl_cat_table *table)
{
	bool moved = false;

	for (uint32_t i = 0; i < im->ntables; i++)
		for (uint32_t k = 0; k < table->nfields; k++)
			moved |= im->tables[i].reference && table->fields[k].domain != NULL &&
			         strcmp(table->fields[k].domain, im->tables[i].table->name) == 0 && !same_codes(im, &im->tables[i]);
	return moved;
}

/* The attributes of its rows are codes and numbers too. */
static enum sl_rc check_reference_left_out(const struct sl_import *im, const struct sl_cat_table *table,
                                           struct sl_err *err)
{
	for (uint32_t i = 0; i < im->standing->nreference; i++)
		if (strcmp(im->standing->reference[i].table, table->name) == 0) {
			(void)sl_err_set(err, SL_E_INPUT, "%s was loaded under another catalogue; it has to be imported with the others",
			                 table->name);
			sl_err_remedy(err, "import the whole package");
			return SL_E_INPUT;
		}
	return SL_OK;
}

/*
 * A segment holds codes, and what they mean is said by the catalogue and the reference rows it was loaded under. A
 * table left out of this attempt keeps its segment, so those must stay what they were.
 */
static enum sl_rc check_left_out(struct sl_import *im, const struct sl_cat_table *table, bool changed,
                                 struct sl_err *err)
{
	bool is_kept = false;
	enum sl_rc rc;

	if (is_in_attempt(im, table->name))
		return SL_OK;
	if (table->reference_key != NULL)
		return changed && table->nattributes > 0 ? check_reference_left_out(im, table, err) : SL_OK;
	rc = sl_version_is_kept(&im->e->db, table->name, &is_kept, err);
	if (rc == SL_OK && is_kept && (changed || sl_import_codes_moved(im, table))) {
		rc = sl_err_set(err, SL_E_INPUT, "%s was loaded under %s; it has to be imported with the others", table->name,
		                changed ? "another catalogue" : "other rows of a reference table");
		sl_err_remedy(err, "import the whole package");
	}
	return rc;
}

static enum sl_rc check_partial(struct sl_import *im, struct sl_err *err)
{
	const struct sl_standing *s = im->standing;
	bool changed = false;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < s->ncatalogues; i++)
		changed |= strcmp(s->catalogues[i].dataset, im->catalogue->dataset) == 0 &&
		           memcmp(s->catalogues[i].sha256, im->catalogue->sha256, 32) != 0;
	for (uint32_t i = 0; rc == SL_OK && i < im->catalogue->ntables; i++)
		rc = check_left_out(im, &im->catalogue->tables[i], changed, err);
	return rc;
}

enum sl_rc sl_import_commit(struct sl_import *im, const struct sl_actor *actor, const void *catalogue_text, size_t len,
                            struct sl_err *err)
{
	struct sl_db *db = &im->e->db;
	char hex[65];
	json_t *versions = json_object();
	enum sl_rc rc = check_partial(im, err);

	if (rc == SL_OK)
		rc = sl_db_begin(db, err);
	sl_text_hex(im->catalogue->sha256, 32, hex);
	if (rc == SL_OK)
		rc = sl_catalogue_put(db, im->catalogue->dataset, catalogue_text, len, im->catalogue->sha256, sl_enclave_now(), err);
	if (rc == SL_OK)
		rc = sl_entries_put(im->e, im->catalogue, err);
	for (uint32_t i = 0; rc == SL_OK && i < im->ntables; i++)
		rc = store_table(im, &im->tables[i], versions, err);
	for (uint32_t i = 0; rc == SL_OK && i < im->nspaces; i++)
		rc = sl_space_set(db, im->spaces[i].name, im->spaces[i].space.units, im->spaces[i].space.sha256, err);
	if (rc == SL_OK)
		rc = sl_audit_append(im->e, "data.imported", actor->person[0] != '\0' ? actor->person : "operator",
		                     json_pack("{s:s, s:s, s:O}", "catalogue", hex, "dataset", im->catalogue->dataset, "versions",
		                               versions),
		                     NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(db, err);
	sl_db_rollback(db);
	json_decref(versions);
	return rc;
}
