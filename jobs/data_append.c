/* data_append.c - more rows for a table: the newest version's and a file's, merged into another version. */
#include <string.h>

#include "jobs/data_package.h"

static enum sl_rc find_table(const struct sl_catalogue *c, const char *name, const struct sl_cat_table **out,
                             struct sl_err *err)
{
	for (uint32_t i = 0; i < c->ntables; i++)
		if (sl_data_is_named(c->tables[i].name, &name, 1))
			*out = &c->tables[i];
	if (*out == NULL)
		return sl_err_set(err, SL_E_INPUT, "%s has no table \"%s\"", c->file, name);
	if ((*out)->reference_key != NULL)
		return sl_err_set(err, SL_E_INPUT, "%s is an open reference table: import it whole", (*out)->name);
	return SL_OK;
}

enum sl_rc sl_data_append(struct sl_enclave *e, const struct sl_actor *actor, const char *path, const char *table,
                          const char *file, const struct sl_data_watch *watch, struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_import im = {.lock = -1};
	struct sl_data_package p = {.dir = -1};
	struct sl_data_origin o = {.files = {-1, -1}};
	const struct sl_cat_table *t = NULL;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_IMPORT, err);
	if (rc == SL_OK)
		rc = sl_data_package_open(path, &p, err);
	if (rc == SL_OK)
		rc = find_table(&p.catalogue, table, &t, err);
	if (rc == SL_OK)
		rc = sl_import_begin(&im, e, &standing, &p.catalogue, err);
	if (rc == SL_OK)
		rc = file != NULL ? sl_data_origin_rows(&p, t, file, &o, err) : sl_data_origin_resource(&p, t, &o, err);
	o.append = true;
	if (rc == SL_OK)
		o.record.kind = SL_SOURCE_APPENDED;
	if (rc == SL_OK)
		rc = sl_data_origin_import(&im, t, &o, watch, err);
	if (rc == SL_OK)
		rc = sl_import_commit(&im, actor, p.text.data, p.text.len, err);
	sl_data_origin_close(&o);
	if (im.e != NULL)
		sl_import_end(&im);
	sl_data_package_close(&p);
	sl_standing_free(&standing);
	return rc;
}
