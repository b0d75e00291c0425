/* data.c - see data.h. */
#include "jobs/data.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "enclave/vault/keys.h"
#include "jobs/import.h"
#include "jobs/snapshot.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc read_file(const char *path, size_t max, struct sl_buf *out, struct sl_err *err)
{
	FILE *f = fopen(path, "re");
	char piece[16384];
	size_t n;

	if (f == NULL)
		return sl_err_errno(err, SL_E_INPUT, errno, "cannot open %s", path);
	out->max = max;
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		sl_buf_put(out, piece, n);
	bool bad = ferror(f) != 0;
	(void)fclose(f);
	return bad ? sl_err_set(err, SL_E_IO, "cannot read %s", path) : sl_buf_ok(out, path, err);
}

/* A data package on the importer's disk. */
struct package {
	struct sl_buf text;
	struct sl_catalogue catalogue;
	int dir; /* its folder: resources are opened beneath it, through no link */
};

static void close_package(struct package *p)
{
	sl_buf_free(&p->text);
	sl_catalogue_free(&p->catalogue);
	if (p->dir >= 0)
		close(p->dir);
}

static enum sl_rc open_package(const char *path, struct package *p, struct sl_err *err)
{
	char *copy = strdup(path);
	enum sl_rc rc = copy != NULL ? SL_OK : no_memory(err);

	memset(p, 0, sizeof *p);
	p->dir = copy != NULL ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (rc == SL_OK && p->dir < 0)
		rc = sl_err_errno(err, SL_E_INPUT, errno, "cannot open the folder of %s", path);
	if (rc == SL_OK)
		rc = read_file(path, SL_CATALOGUE_BYTES_MAX, &p->text, err);
	if (rc == SL_OK)
		rc = sl_catalogue_load(path, p->text.data, p->text.len, &p->catalogue, err);
	if (rc == SL_OK)
		rc = sl_seal_sha256(p->text.data, p->text.len, p->catalogue.sha256, err);
	for (uint32_t i = 0; rc == SL_OK && i < p->catalogue.notes.nitems; i++)
		if (p->catalogue.notes.items[i].kind == SL_NOTE_ERROR) {
			rc = SL_E_INPUT;
			if (err != NULL)
				*err = p->catalogue.notes.items[i].what;
			if (err != NULL)
				err->rc = rc;
		}
	free(copy);
	return rc;
}

static enum sl_rc open_resource(const struct package *p, const struct sl_cat_table *t, int *fd, struct sl_err *err)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	struct stat st;

	*fd = (int)syscall(SYS_openat2, p->dir, t->path, &how, sizeof how);
	if (*fd < 0) {
		enum sl_rc rc = sl_err_errno(err, SL_E_INPUT, errno, "cannot open %s of table %s", t->path, t->name);
		sl_err_at(err, p->catalogue.file, t->line, t->col);
		sl_err_remedy(err, "resources lie below the folder of datapackage.json and are not links");
		return rc;
	}
	if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode))
		return sl_err_set(err, SL_E_INPUT, "%s is not a regular file", t->path);
	return SL_OK;
}

static enum sl_rc import_resource(struct sl_import *im, const struct package *p, const struct sl_cat_table *t,
                                  sl_data_progress *progress, void *self, struct sl_err *err)
{
	const struct sl_load_report *report = NULL;
	struct sl_import_source source = {
		.fd = -1,
		.wal = -1,
		.format = t->gzip ? SL_LOAD_CSV_GZIP : SL_LOAD_CSV,
		.sqlite_table = "",
		.name = t->path,
	};
	enum sl_rc rc = open_resource(p, t, &source.fd, err);

	if (rc == SL_OK)
		rc = sl_import_table(im, t, &source, &report, err);
	if (report != NULL && progress != NULL && (rc == SL_OK || report->nbad_rows > 0))
		progress(self, t->name, report);
	if (source.fd >= 0)
		close(source.fd);
	return rc;
}

static bool is_wanted(const struct sl_cat_table *t, const char *const *only, size_t nonly)
{
	const char *short_name = strchr(t->name, '.') != NULL ? strchr(t->name, '.') + 1 : t->name;
	bool wanted = nonly == 0;

	for (size_t i = 0; i < nonly; i++)
		wanted |= strcmp(only[i], t->name) == 0 || strcmp(only[i], short_name) == 0;
	return wanted;
}

static enum sl_rc check_only(const struct sl_catalogue *c, const char *const *only, size_t nonly, struct sl_err *err)
{
	for (size_t i = 0; i < nonly; i++) {
		bool found = false;
		for (uint32_t k = 0; k < c->ntables; k++)
			found |= is_wanted(&c->tables[k], &only[i], 1);
		if (!found)
			return sl_err_set(err, SL_E_INPUT, "%s has no table \"%s\"", c->file, only[i]);
	}
	return SL_OK;
}

enum sl_rc sl_data_import(struct sl_enclave *e, const struct sl_actor *actor, const char *path, const char *const *only,
                          size_t nonly, sl_data_progress *progress, void *self, struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_import im = {.lock = -1};
	struct package p = {.dir = -1};
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_IMPORT, err);
	if (rc == SL_OK)
		rc = open_package(path, &p, err);
	if (rc == SL_OK)
		rc = check_only(&p.catalogue, only, nonly, err);
	if (rc == SL_OK)
		rc = sl_import_begin(&im, e, &standing, &p.catalogue, err);
	/* Reference tables first: they are the domains of the others. */
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; rc == SL_OK && i < p.catalogue.ntables; i++) {
			const struct sl_cat_table *t = &p.catalogue.tables[i];
			if ((t->reference_key != NULL) == (pass == 0) && is_wanted(t, only, nonly))
				rc = import_resource(&im, &p, t, progress, self, err);
		}
	if (rc == SL_OK)
		rc = sl_import_commit(&im, actor, p.text.data, p.text.len, err);
	if (im.e != NULL)
		sl_import_end(&im);
	close_package(&p);
	sl_standing_free(&standing);
	return rc;
}

enum sl_rc sl_data_attach(struct sl_enclave *e, const struct sl_actor *actor, const char *sqlite_path,
                          const char *sqlite_table, const char *package_path, const char *table,
                          sl_data_progress *progress, void *self, struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_import im = {.lock = -1};
	struct package p = {.dir = -1};
	struct sl_snapshot snapshot = {-1, -1};
	const struct sl_load_report *report = NULL;
	const struct sl_cat_table *t = NULL;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_IMPORT, err);
	if (rc == SL_OK)
		rc = open_package(package_path, &p, err);
	if (rc == SL_OK && (t = sl_catalogue_table(&p.catalogue, table)) == NULL)
		rc = sl_err_set(err, SL_E_INPUT, "%s describes no table \"%s\"", package_path, table);
	if (rc == SL_OK)
		rc = sl_import_begin(&im, e, &standing, &p.catalogue, err);
	if (rc == SL_OK)
		rc = sl_snapshot_take(sqlite_path, &snapshot, err);
	if (rc == SL_OK) {
		struct sl_import_source source = {snapshot.db, snapshot.wal, SL_LOAD_SQLITE, sqlite_table, sqlite_path};
		rc = sl_import_table(&im, t, &source, &report, err);
	}
	if (report != NULL && progress != NULL && (rc == SL_OK || report->nbad_rows > 0))
		progress(self, table, report);
	if (rc == SL_OK)
		rc = sl_import_commit(&im, actor, p.text.data, p.text.len, err);
	sl_snapshot_close(&snapshot);
	if (im.e != NULL)
		sl_import_end(&im);
	close_package(&p);
	sl_standing_free(&standing);
	return rc;
}

static enum sl_rc describe(struct sl_enclave *e, const struct sl_standing *s, const struct sl_cat_table *t,
                           bool counted, struct sl_data_table *out, struct sl_err *err)
{
	struct sl_version v = {0};
	enum sl_rc rc = sl_version_latest(&e->db, t->name, &v, &out->versions, err);

	out->name = strdup(t->name);
	out->title = strdup(t->title != NULL ? t->title : "");
	out->owner = strdup(t->owner != NULL ? t->owner : "");
	out->space = strdup(t->space != NULL ? t->space : "");
	out->class_ = t->class_;
	out->imported = rc == SL_OK;
	out->counted = counted;
	if (counted) {
		out->rows = v.rows;
		out->units = v.units;
		out->bytes = v.bytes;
	}
	out->imported_at = v.at;
	memcpy(out->version, v.id, sizeof out->version);
	sl_version_free(&v);
	for (uint32_t i = 0; rc == SL_E_NO && i < s->nreference; i++)
		if (strcmp(s->reference[i].table, t->name) == 0) {
			out->imported = true;
			out->rows = s->reference[i].nrows;
		}
	if (out->name == NULL || out->title == NULL || out->owner == NULL || out->space == NULL)
		return no_memory(err);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_data_list(struct sl_enclave *e, const struct sl_actor *actor, struct sl_data_table **out, uint32_t *nout,
                        struct sl_err *err)
{
	struct sl_standing s = {0};
	uint32_t n = 0;
	enum sl_rc rc = sl_standing_load(e, &s, err);

	*out = NULL;
	*nout = 0;
	bool counted = rc == SL_OK && sl_actor_may(actor, &s, SL_ACTION_DATA_IMPORT, NULL) == SL_OK;
	for (uint32_t i = 0; i < s.ncatalogues; i++)
		n += s.catalogues[i].ntables;
	if (rc == SL_OK && (*out = calloc(n + 1, sizeof **out)) == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; rc == SL_OK && i < s.ncatalogues; i++)
		for (uint32_t k = 0; rc == SL_OK && k < s.catalogues[i].ntables; k++)
			rc = describe(e, &s, &s.catalogues[i].tables[k], counted, &(*out)[(*nout)++], err);
	if (rc != SL_OK) {
		sl_data_list_free(*out, *nout);
		*out = NULL;
		*nout = 0;
	}
	sl_standing_free(&s);
	return rc;
}

void sl_data_list_free(struct sl_data_table *tables, uint32_t ntables)
{
	for (uint32_t i = 0; i < ntables; i++) {
		free(tables[i].name);
		free(tables[i].title);
		free(tables[i].owner);
		free(tables[i].space);
	}
	free(tables);
}

enum sl_rc sl_data_segment_open(struct sl_enclave *e, const char *table, struct sl_data_segment *out,
                                struct sl_err *err)
{
	struct sl_version v = {0};
	struct sl_secret vault = {{0}};
	struct stat st;
	char hex[33], *path = NULL;
	enum sl_rc rc = sl_version_latest(&e->db, table, &v, NULL, err);

	memset(out, 0, sizeof *out);
	out->fd = -1;
	if (rc == SL_E_NO)
		(void)sl_err_set(err, SL_E_NO, "table %s has not been imported", table);
	if (rc == SL_OK) {
		sl_text_hex(v.segment_id, 16, hex);
		path = sl_enclave_path(e, "vault/%s.seg", hex);
		out->fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
		if (out->fd < 0)
			rc = sl_err_errno(err, SL_E_IO, errno, "the segment of %s cannot be opened", table);
	}
	if (rc == SL_OK && (fstat(out->fd, &st) != 0 || (uint64_t)st.st_size != v.bytes))
		rc = sl_err_set(err, SL_E_INTEGRITY, "the segment of %s has another size than was sealed", table);
	if (rc == SL_OK && v.nwrapped != SL_WRAPPED_KEY_BYTES)
		rc = sl_err_set(err, SL_E_INTEGRITY, "the key of %s is damaged", table);
	if (rc == SL_OK)
		rc = sl_enclave_vault_key(e, &vault, err);
	if (rc == SL_OK)
		rc = sl_keys_unwrap(vault.b, v.segment_id, v.wrapped, out->key, err);
	sl_secret_wipe(&vault);
	memcpy(out->segment_id, v.segment_id, sizeof out->segment_id);
	memcpy(out->version, v.id, sizeof out->version);
	out->bytes = v.bytes;
	out->rows = v.rows;
	sl_version_free(&v);
	free(path);
	if (rc != SL_OK)
		sl_data_segment_close(out);
	return rc;
}

void sl_data_segment_close(struct sl_data_segment *s)
{
	if (s->fd >= 0)
		close(s->fd);
	explicit_bzero(s, sizeof *s);
	s->fd = -1;
}
