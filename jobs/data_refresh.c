/* data_refresh.c - tables once more from where they came: package by package, and only what has changed. */
#include <stdlib.h>
#include <string.h>

#include "jobs/data_package.h"

/* The sources of the tables that are wanted. */
struct wanted {
	struct sl_store_source *items;
	uint32_t n;
};

static void free_wanted(struct wanted *w)
{
	for (uint32_t i = 0; i < w->n; i++)
		sl_store_source_free(&w->items[i]);
	free(w->items);
	memset(w, 0, sizeof *w);
}

static enum sl_rc add_source(struct sl_enclave *e, const char *table, bool is_named, struct wanted *w,
                             struct sl_err *err)
{
	enum sl_rc rc = sl_store_source_get(&e->db, table, &w->items[w->n], err);

	if (rc == SL_E_NO && is_named) {
		rc = sl_err_set(err, SL_E_INPUT, "where %s came from is not on record", table);
		sl_err_remedy(err, "import or attach it once more; after that it can be refreshed");
		return rc;
	}
	w->n += rc == SL_OK;
	return rc == SL_E_NO ? SL_OK : rc;
}

static enum sl_rc find_wanted(struct sl_enclave *e, const struct sl_standing *s, const char *const *only, size_t nonly,
                              struct wanted *w, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t n = 0;

	for (uint32_t c = 0; c < s->ncatalogues; c++)
		n += s->catalogues[c].ntables;
	w->items = calloc((size_t)n + 1, sizeof *w->items);
	if (w->items == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t c = 0; c < s->ncatalogues; c++)
		for (uint32_t t = 0; rc == SL_OK && t < s->catalogues[c].ntables; t++)
			if (sl_data_is_named(s->catalogues[c].tables[t].name, only, nonly))
				rc = add_source(e, s->catalogues[c].tables[t].name, nonly > 0, w, err);
	for (size_t i = 0; rc == SL_OK && i < nonly; i++) {
		bool found = false;
		for (uint32_t k = 0; k < w->n; k++)
			found |= sl_data_is_named(w->items[k].table, &only[i], 1);
		if (!found)
			rc = sl_err_set(err, SL_E_INPUT, "there is no table \"%.100s\"", only[i]);
	}
	return rc;
}

static enum sl_rc is_stored(const struct sl_import *im, const struct sl_cat_table *t, bool *stored, struct sl_err *err)
{
	struct sl_versions all = {0};
	enum sl_rc rc = SL_OK;

	*stored = false;
	for (uint32_t i = 0; t->reference_key != NULL && i < im->standing->nreference; i++)
		*stored |= strcmp(im->standing->reference[i].table, t->name) == 0;
	if (t->reference_key == NULL)
		rc = sl_versions_load(&im->e->db, t->name, &all, err);
	if (all.n > 0)
		*stored = all.items[all.n - 1].forgotten == 0;
	sl_versions_free(&all);
	return rc;
}

static bool same_catalogue(const struct sl_import *im)
{
	for (uint32_t i = 0; i < im->standing->ncatalogues; i++)
		if (memcmp(im->standing->catalogues[i].sha256, im->catalogue->sha256, 32) == 0)
			return true;
	return false;
}

/* The same bytes, under the same catalogue and codes, and what was made of them is still there. */
static enum sl_rc is_same(const struct sl_import *im, const struct sl_cat_table *t, const struct sl_store_source *was,
                          struct sl_data_origin *o, bool *same, struct sl_err *err)
{
	bool stored = false;
	enum sl_rc rc = is_stored(im, t, &stored, err);

	*same = false;
	if (rc != SL_OK || !stored || o->record.bytes != was->bytes || !same_catalogue(im) || sl_import_codes_moved(im, t))
		return rc;
	rc = sl_data_origin_digest(o, err);
	*same = rc == SL_OK && memcmp(o->record.sha256, was->sha256, sizeof was->sha256) == 0;
	return rc;
}

static void tell_skipped(const struct sl_data_watch *watch, const char *table, const char *why)
{
	if (watch != NULL && watch->skipped != NULL)
		watch->skipped(watch->self, table, why);
}

static enum sl_rc refresh_table(struct sl_import *im, const struct sl_data_package *p, const struct sl_cat_table *t,
                                const struct sl_store_source *was, const struct sl_data_watch *watch,
                                struct sl_err *err)
{
	struct sl_data_origin o = {.files = {-1, -1}};
	bool same = false;
	enum sl_rc rc;

	if (was->kind == SL_SOURCE_APPENDED) {
		tell_skipped(watch, t->name, "rows were appended to it, which its source does not have; import replaces them");
		return SL_OK;
	}
	if (was->kind == SL_SOURCE_SQLITE)
		rc = sl_data_origin_sqlite(p, t, was->path, was->inside, im->limits.load_memory_bytes, &o, err);
	else
		rc = sl_data_origin_resource(p, t, &o, err);
	if (rc != SL_OK)
		sl_err_remedy(err, "put it back, or import %s from where it is now", t->name);
	if (rc == SL_OK)
		rc = is_same(im, t, was, &o, &same, err);
	if (rc == SL_OK && same)
		tell_skipped(watch, t->name, "its source has not changed");
	else if (rc == SL_OK)
		rc = sl_data_origin_import(im, t, &o, watch, err);
	sl_data_origin_close(&o);
	return rc;
}

static const struct sl_store_source *source_of(const struct wanted *w, const char *table, const char *package)
{
	for (uint32_t i = 0; i < w->n; i++)
		if (strcmp(w->items[i].table, table) == 0 && strcmp(w->items[i].package, package) == 0)
			return &w->items[i];
	return NULL;
}

static enum sl_rc check_described(const struct wanted *w, const struct sl_data_package *p, const char *package,
                                  struct sl_err *err)
{
	for (uint32_t i = 0; i < w->n; i++)
		if (strcmp(w->items[i].package, package) == 0 && sl_catalogue_table(&p->catalogue, w->items[i].table) == NULL)
			return sl_err_set(err, SL_E_INPUT, "%s describes no table \"%s\" any more", package, w->items[i].table);
	return SL_OK;
}

static enum sl_rc refresh_package(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *s,
                                  const struct wanted *w, const char *package, const struct sl_data_watch *watch,
                                  uint32_t *nnew, struct sl_err *err)
{
	struct sl_data_package p = {.dir = -1};
	struct sl_import im = {.lock = -1};
	enum sl_rc rc = sl_data_package_open(package, &p, err);

	if (rc != SL_OK)
		sl_err_remedy(err, "put it back, or import the tables from where it is now");
	if (rc == SL_OK)
		rc = check_described(w, &p, package, err);
	if (rc == SL_OK)
		rc = sl_import_begin(&im, e, s, &p.catalogue, err);
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; rc == SL_OK && i < p.catalogue.ntables; i++) {
			const struct sl_cat_table *t = &p.catalogue.tables[i];
			const struct sl_store_source *was = source_of(w, t->name, package);
			if ((t->reference_key != NULL) == (pass == 0) && was != NULL)
				rc = refresh_table(&im, &p, t, was, watch, err);
		}
	uint32_t n = im.ntables;
	if (rc == SL_OK && n > 0)
		rc = sl_import_commit(&im, actor, p.text.data, p.text.len, err);
	if (rc == SL_OK)
		*nnew += n;
	if (im.e != NULL)
		sl_import_end(&im);
	sl_data_package_close(&p);
	return rc;
}

static bool is_first_of_package(const struct wanted *w, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++)
		if (strcmp(w->items[i].package, w->items[at].package) == 0)
			return false;
	return true;
}

enum sl_rc sl_data_refresh(struct sl_enclave *e, const struct sl_actor *actor, const char *const *only, size_t nonly,
                           const struct sl_data_watch *watch, uint32_t *nnew, struct sl_err *err)
{
	struct sl_standing s = {0};
	struct wanted w = {0};
	enum sl_rc rc = sl_standing_load(e, &s, err);

	*nnew = 0;
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &s, SL_ACTION_DATA_IMPORT, err);
	if (rc == SL_OK)
		rc = find_wanted(e, &s, only, nonly, &w, err);
	for (uint32_t i = 0; rc == SL_OK && i < w.n; i++)
		if (is_first_of_package(&w, i))
			rc = refresh_package(e, actor, &s, &w, w.items[i].package, watch, nnew, err);
	free_wanted(&w);
	sl_standing_free(&s);
	return rc;
}
