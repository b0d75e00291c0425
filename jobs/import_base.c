/*
 * import_base.c - a new version beside those before: which one it is merged or compared with, how many units differ,
 * and whether it is in force at once.
 */
#include <string.h>
#include <unistd.h>

#include "jobs/import.h"
#include "jobs/visibility.h"

/* All that is said of how a table's rows are read and coded, but not in which kind of file they came. */
static enum sl_rc put_layout(const struct sl_cat_table *table, const struct sl_references *refs, struct sl_buf *out,
                             struct sl_err *err)
{
	struct sl_load_setup setup = {0};
	enum sl_rc rc = sl_catalogue_load_setup(table, refs, &setup, err);

	sl_buf_printf(out, "%s %s ", table->space, table->unit_column);
	setup.format = SL_LOAD_CSV;
	setup.delimiter = 0;
	setup.threads = setup.bad_rows_max = 1;
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_load_setup_record, &setup, out, err);
	sl_codec_free(&sl_load_setup_record, &setup);
	return rc;
}

static enum sl_rc same_layout(const struct sl_import *im, const struct sl_cat_table *was,
                              const struct sl_cat_table *table, bool *same, struct sl_err *err)
{
	const struct sl_references then = sl_standing_references(im->standing);
	const struct sl_references now = {im->references, im->nreferences};
	struct sl_buf a = {0}, b = {0};
	enum sl_rc rc = put_layout(was, &then, &a, err);

	if (rc == SL_OK)
		rc = put_layout(table, &now, &b, err);
	*same = rc == SL_OK && a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
	sl_buf_free(&a);
	sl_buf_free(&b);
	return rc;
}

static bool is_stored(const struct sl_import *im)
{
	bool same = false;

	for (uint32_t i = 0; i < im->standing->ncatalogues; i++)
		same |= memcmp(im->standing->catalogues[i].sha256, im->catalogue->sha256, 32) == 0;
	return same;
}

/*
 * Whether codes and columns of what is stored mean something else under this catalogue. Under one that says of the
 * table's titles, owner or uses something else, they do not.
 */
static enum sl_rc means_something_else(const struct sl_import *im, const struct sl_cat_table *table, bool *another,
                                       struct sl_err *err)
{
	bool same = is_stored(im);
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < im->standing->ncatalogues && !same && rc == SL_OK; i++) {
		const struct sl_cat_table *was = sl_catalogue_table(&im->standing->catalogues[i], table->name);
		if (was != NULL && was->reference_key == NULL)
			rc = same_layout(im, was, table, &same, err);
	}
	*another = !same || sl_import_codes_moved(im, table);
	return rc;
}

/* What is in force, or for an append the newest: what new rows are compared or merged with. SL_E_NO: nothing. */
static enum sl_rc find_base(struct sl_import *im, struct sl_import_table *t, bool append, struct sl_version *out,
                            struct sl_err *err)
{
	struct sl_versions all = {0};
	enum sl_rc rc = sl_versions_load(&im->e->db, t->table->name, &all, err);

	t->is_first = all.n == 0;
	for (uint32_t i = 0; rc == SL_OK && i < all.n; i++) {
		struct sl_version *v = &all.items[i];
		if (v->forgotten != 0 || (!append && v->in_force == 0))
			continue;
		sl_version_free(out);
		*out = *v;
		memset(v, 0, sizeof *v);
	}
	sl_versions_free(&all);
	return rc == SL_OK && out->table == NULL ? SL_E_NO : rc;
}

static enum sl_rc open_base(struct sl_import *im, const struct sl_version *v, struct sl_load_setup *setup, int *fd,
                            struct sl_err *err)
{
	struct sl_data_segment s;
	enum sl_rc rc = sl_data_version_open(im->e, v, &s, err);

	if (rc == SL_E_INTEGRITY || rc == SL_E_IO)
		sl_err_remedy(err, "bring the file back from a backup, or: sluice data forget %s --all", v->table);
	if (rc != SL_OK)
		return rc;
	*fd = s.fd;
	s.fd = -1;
	setup->base_bytes = s.bytes;
	memcpy(setup->base_id, s.segment_id, sizeof setup->base_id);
	memcpy(setup->base_key, s.key, sizeof setup->base_key);
	sl_data_segment_close(&s);
	return SL_OK;
}

enum sl_rc sl_import_choose_base(struct sl_import *im, struct sl_import_table *t,
                                 const struct sl_import_source *source, struct sl_load_setup *setup, int *fd,
                                 struct sl_err *err)
{
	struct sl_version base = {0};
	enum sl_rc rc;

	rc = means_something_else(im, t->table, &t->is_another, err);
	if (rc == SL_OK)
		rc = find_base(im, t, source->append, &base, err);
	if (rc == SL_OK && source->append && (t->is_another || !is_stored(im))) {
		rc = sl_err_set(err, SL_E_INPUT, "%s was loaded under another catalogue or other codes", t->table->name);
		sl_err_remedy(err, "append with the package it was imported with, or import the whole table");
	}
	if (rc == SL_E_NO && source->append) {
		rc = sl_err_set(err, SL_E_INPUT, "there is no version of %s to append to", t->table->name);
		sl_err_remedy(err, "import it first");
	}
	if (rc == SL_OK && !t->is_another) {
		setup->compare = !source->append;
		rc = open_base(im, &base, setup, fd, err);
		t->base_n = base.n;
	}
	sl_version_free(&base);
	return rc == SL_E_NO ? SL_OK : rc;
}

/* Appended to a version that waits: what counts is what differs from the one in force, in all. */
static enum sl_rc compare_with(struct sl_import *im, struct sl_import_table *t, const struct sl_version *in_force,
                               struct sl_load_report *report, struct sl_err *err)
{
	struct sl_references refs = {im->references, im->nreferences};
	struct sl_import_source none = {.name = t->table->name};
	struct sl_data_segment newer = {.fd = -1};
	struct sl_load_setup setup = {0};
	int older = -1;
	enum sl_rc rc = sl_catalogue_load_setup(t->table, &refs, &setup, err);

	if (rc == SL_OK)
		rc = open_base(im, in_force, &setup, &older, err);
	if (rc == SL_OK)
		rc = sl_data_version_open(im->e, &t->version, &newer, err);
	if (rc == SL_OK) {
		int fds[2] = {newer.fd, older};
		setup.format = SL_LOAD_COMPARE;
		setup.compare = 1;
		setup.threads = 1;
		setup.bad_rows_max = 1;
		memcpy(setup.segment_id, newer.segment_id, sizeof setup.segment_id);
		memcpy(setup.segment_key, newer.key, sizeof setup.segment_key);
		explicit_bzero(newer.key, sizeof newer.key);
		rc = sl_import_run(im, &none, t->table->name, &setup, fds, 2, report, err);
	}
	sl_data_segment_close(&newer);
	if (older >= 0)
		close(older);
	explicit_bzero(setup.segment_key, sizeof setup.segment_key);
	explicit_bzero(setup.base_key, sizeof setup.base_key);
	sl_codec_free(&sl_load_setup_record, &setup);
	return rc;
}

static enum sl_rc count_changes(struct sl_import *im, struct sl_import_table *t, const struct sl_version *in_force,
                                struct sl_err *err)
{
	struct sl_load_report report = {0};
	struct sl_data_fate *f = &t->fate;
	enum sl_rc rc = SL_OK;

	f->compared = t->base_n != 0 && in_force->n != 0;
	f->changed = t->report.changed_units;
	if (f->compared && t->base_n != in_force->n) {
		rc = compare_with(im, t, in_force, &report, err);
		f->changed = report.changed_units;
		sl_codec_free(&sl_load_report_record, &report);
	}
	t->version.changed = f->compared ? (int64_t)f->changed : SL_CHANGED_UNKNOWN;
	return rc;
}

/* In force at once: the first of its table, one that stands for other things than those before, and what is due. */
enum sl_rc sl_import_decide(struct sl_import *im, struct sl_import_table *t, struct sl_err *err)
{
	struct sl_version in_force = {0};
	enum sl_rc rc = sl_version_in_force(&im->e->db, t->table->name, &in_force, err);
	struct sl_data_fate *f = &t->fate;

	if (rc == SL_E_NO)
		rc = SL_OK;
	if (rc == SL_OK)
		rc = count_changes(im, t, &in_force, err);
	f->waits = !t->is_first && !t->is_another && !sl_visibility_due(im->standing, &t->version, sl_enclave_today());
	if (im->standing->has_policy) {
		f->needed = im->standing->policy.rules.threshold;
		f->has_day = sl_policy_refresh_day(&im->standing->policy, t->table->name, &f->day);
	}
	t->version.in_force = f->waits ? 0 : t->version.at;
	sl_version_free(&in_force);
	return rc;
}
