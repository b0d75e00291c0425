/* data_package.c - see data_package.h. */
#include "jobs/data_package.h"

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

#include "jobs/file_digest.h"

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

static enum sl_rc refuse_errors(const struct sl_notes *notes, struct sl_err *err)
{
	for (uint32_t i = 0; i < notes->nitems; i++) {
		if (notes->items[i].kind != SL_NOTE_ERROR)
			continue;
		if (err != NULL) {
			*err = notes->items[i].what;
			err->rc = SL_E_INPUT;
		}
		return SL_E_INPUT;
	}
	return SL_OK;
}

enum sl_rc sl_data_package_open(const char *path, struct sl_data_package *p, struct sl_err *err)
{
	char *copy = strdup(path);
	enum sl_rc rc = copy != NULL ? SL_OK : no_memory(err);

	memset(p, 0, sizeof *p);
	p->dir = copy != NULL ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (rc == SL_OK && p->dir < 0)
		rc = sl_err_errno(err, SL_E_INPUT, errno, "cannot open the folder of %s", path);
	if (rc == SL_OK)
		rc = read_file(path, SL_CATALOGUE_BYTES_MAX, &p->text, err);
	if (rc == SL_OK && (p->path = realpath(path, NULL)) == NULL)
		rc = sl_err_errno(err, SL_E_INPUT, errno, "cannot find %s", path);
	if (rc == SL_OK)
		rc = sl_catalogue_load(path, p->text.data, p->text.len, &p->catalogue, err);
	if (rc == SL_OK)
		rc = sl_seal_sha256(p->text.data, p->text.len, p->catalogue.sha256, err);
	if (rc == SL_OK)
		rc = refuse_errors(&p->catalogue.notes, err);
	free(copy);
	return rc;
}

void sl_data_package_close(struct sl_data_package *p)
{
	free(p->path);
	sl_buf_free(&p->text);
	sl_catalogue_free(&p->catalogue);
	if (p->dir >= 0)
		close(p->dir);
	*p = (struct sl_data_package){.dir = -1};
}

static enum sl_rc open_resource(const struct sl_data_package *p, const struct sl_cat_table *t, int *fd,
                                struct sl_err *err)
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

static enum sl_rc fill_record(const struct sl_data_package *p, const struct sl_cat_table *t, uint8_t kind, char *path,
                              const char *inside, struct sl_store_source *r, struct sl_err *err)
{
	r->kind = kind;
	r->path = path;
	r->table = strdup(t->name);
	r->package = strdup(p->path);
	r->inside = strdup(inside);
	return r->path == NULL || r->table == NULL || r->package == NULL || r->inside == NULL ? no_memory(err) : SL_OK;
}

enum sl_rc sl_data_origin_resource(const struct sl_data_package *p, const struct sl_cat_table *t,
                                   struct sl_data_origin *o, struct sl_err *err)
{
	struct stat st = {0};
	enum sl_rc rc = open_resource(p, t, &o->files.db, err);

	o->format = t->gzip ? SL_LOAD_CSV_GZIP : SL_LOAD_CSV;
	if (rc == SL_OK && fstat(o->files.db, &st) != 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot look at %s", t->path);
	o->record.bytes = (uint64_t)st.st_size;
	o->written = st.st_mtim;
	return rc == SL_OK ? fill_record(p, t, SL_SOURCE_RESOURCE, strdup(t->path), "", &o->record, err) : rc;
}

static uint64_t length_of(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

enum sl_rc sl_data_origin_sqlite(const struct sl_data_package *p, const struct sl_cat_table *t, const char *file,
                                 const char *inside, uint64_t bytes_max, struct sl_data_origin *o, struct sl_err *err)
{
	enum sl_rc rc = sl_snapshot_take(file, bytes_max, &o->files, err);
	char *path = rc == SL_OK ? realpath(file, NULL) : NULL;

	o->format = SL_LOAD_SQLITE;
	o->record.bytes = length_of(o->files.db) + length_of(o->files.wal);
	return rc == SL_OK ? fill_record(p, t, SL_SOURCE_SQLITE, path, inside, &o->record, err) : rc;
}

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), k = strlen(end);

	return n >= k && strcmp(text + n - k, end) == 0;
}

enum sl_rc sl_data_origin_rows(const struct sl_data_package *p, const struct sl_cat_table *t, const char *file,
                               struct sl_data_origin *o, struct sl_err *err)
{
	struct stat st;

	o->format = ends_in(file, ".gz") ? SL_LOAD_CSV_GZIP : SL_LOAD_CSV;
	o->files.db = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (o->files.db < 0)
		return sl_err_errno(err, SL_E_INPUT, errno, "cannot open %s", file);
	if (fstat(o->files.db, &st) != 0 || !S_ISREG(st.st_mode))
		return sl_err_set(err, SL_E_INPUT, "%s is not a regular file", file);
	o->record.bytes = (uint64_t)st.st_size;
	o->written = st.st_mtim;
	return fill_record(p, t, SL_SOURCE_APPENDED, realpath(file, NULL), "", &o->record, err);
}

void sl_data_origin_close(struct sl_data_origin *o)
{
	sl_snapshot_close(&o->files);
	sl_store_source_free(&o->record);
}

/* Of file and log apart, so that no byte can pass from the one to the other. */
static enum sl_rc digest_both(const struct sl_data_origin *o, uint8_t out[static 32], struct sl_err *err)
{
	uint8_t both[64];
	enum sl_rc rc = sl_file_digest(o->files.db, length_of(o->files.db), o->record.path, both, err);

	if (rc == SL_OK)
		rc = sl_file_digest(o->files.wal, length_of(o->files.wal), o->record.path, both + 32, err);
	return rc == SL_OK ? sl_seal_sha256(both, sizeof both, out, err) : rc;
}

enum sl_rc sl_data_origin_digest(struct sl_data_origin *o, struct sl_err *err)
{
	struct sl_err why = {0};
	enum sl_rc rc;

	if (o->files.wal >= 0)
		return digest_both(o, o->record.sha256, err);
	if (length_of(o->files.db) == o->record.bytes)
		rc = sl_file_digest(o->files.db, o->record.bytes, o->record.path, o->record.sha256, &why);
	else
		rc = SL_E_INTEGRITY;
	if (rc == SL_E_INTEGRITY)
		memset(o->record.sha256, 0, sizeof o->record.sha256);
	else if (rc != SL_OK)
		return sl_err_set(err, rc, "%s", why.text);
	return SL_OK;
}

/* A snapshot cannot change; a file that is read where it lies can. */
static enum sl_rc check_unchanged(const struct sl_data_origin *o, struct sl_err *err)
{
	struct stat st;
	enum sl_rc rc;

	if (o->format == SL_LOAD_SQLITE)
		return SL_OK;
	if (fstat(o->files.db, &st) != 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot look at %s", o->record.path);
	if ((uint64_t)st.st_size == o->record.bytes && st.st_mtim.tv_sec == o->written.tv_sec &&
	    st.st_mtim.tv_nsec == o->written.tv_nsec)
		return SL_OK;
	rc = sl_err_set(err, SL_E_INPUT, "%s was written to while it was read; nothing was imported", o->record.path);
	sl_err_remedy(err, "import it again when it is whole");
	return rc;
}

/* The digest comes after the rows: a file that changes between the two is found changed the next time. */
enum sl_rc sl_data_origin_import(struct sl_import *im, const struct sl_cat_table *t, struct sl_data_origin *o,
                                 const struct sl_data_watch *watch, struct sl_err *err)
{
	const struct sl_load_report *report = NULL;
	struct sl_import_source source = {
		.fd = o->files.db,
		.wal = o->files.wal,
		.format = o->format,
		.sqlite_table = o->record.inside,
		.name = o->record.path,
		.append = o->append,
		.step = watch != NULL ? watch->step : NULL,
		.step_self = watch != NULL ? watch->self : NULL,
	};
	enum sl_rc rc = sl_import_table(im, t, &source, &report, err);

	if (rc == SL_OK)
		rc = check_unchanged(o, err);
	if (report != NULL && watch != NULL && watch->table != NULL && (rc == SL_OK || report->nbad_rows > 0))
		watch->table(watch->self, t->name, report, rc == SL_OK ? &im->tables[im->ntables - 1].fate : NULL);
	if (rc == SL_OK)
		rc = sl_data_origin_digest(o, err);
	if (rc == SL_OK) {
		im->tables[im->ntables - 1].source = o->record;
		memset(&o->record, 0, sizeof o->record);
	}
	return rc;
}

bool sl_data_is_named(const char *table, const char *const *only, size_t nonly)
{
	const char *short_name = strchr(table, '.') != NULL ? strchr(table, '.') + 1 : table;
	bool named = nonly == 0;

	for (size_t i = 0; i < nonly; i++)
		named |= strcmp(only[i], table) == 0 || strcmp(only[i], short_name) == 0;
	return named;
}
