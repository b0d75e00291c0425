/* load.c - see load.h. */
#include "enclave/load/load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "enclave/load/import.h"
#include "enclave/load/memvfs.h"
#include "enclave/load/setup.h"

/* Of source text, unzipped: what bounds a file that is small and unpacks to something endless. */
#define TEXT_BYTES_MIN (UINT64_C(64) << 20)
#define TEXT_BYTES_PER_ROW 4096

static enum sl_rc size_of(int fd, uint64_t *bytes, struct sl_err *err)
{
	struct stat st;

	*bytes = 0;
	if (fd < 0)
		return SL_OK;
	if (fstat(fd, &st) != 0)
		return sl_err_set(err, SL_E_IO, "the size of the source cannot be had");
	if (S_ISREG(st.st_mode))
		*bytes = (uint64_t)st.st_size;
	return SL_OK;
}

static enum sl_rc make_typers(struct sl_load *l, struct sl_err *err)
{
	const struct sl_load_setup *s = l->setup;
	enum sl_rc rc = SL_OK;

	l->typers = calloc(s->ncolumns, sizeof *l->typers);
	l->values = calloc(s->ncolumns, sizeof *l->values);
	l->missing = calloc(s->ncolumns, sizeof *l->missing);
	l->place = calloc(s->ncolumns, sizeof *l->place);
	if (l->typers == NULL || l->values == NULL || l->missing == NULL || l->place == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for columns");
	for (uint32_t i = 0; i < s->ncolumns && rc == SL_OK; i++)
		rc = sl_typer_init(&l->typers[i], &s->columns[i], err);
	return rc;
}

static enum sl_rc make_source(struct sl_load *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	sl_bytes_fd_init(&l->file, l->fds.source);
	if (l->setup->format == SL_LOAD_SQLITE) {
		/* Room for whole images now; how long they are was asked before. */
		l->db = malloc(l->source_bytes + 1);
		l->wal = malloc(l->wal_bytes + 1);
		if (l->db == NULL || l->wal == NULL)
			return sl_err_set(err, SL_E_LIMIT, "an SQLite file of %llu bytes does not fit the memory limit of %llu",
			                  (unsigned long long)(l->source_bytes + l->wal_bytes), (unsigned long long)l->memory_bytes);
		return sl_sqlite_prime(err);
	}
	if (l->setup->format == SL_LOAD_CSV_GZIP) {
		l->gzip = calloc(1, sizeof *l->gzip);
		if (l->gzip == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for unzipping");
		rc = sl_gzip_init(l->gzip, err);
		l->gzip->from = &l->file.base;
	}
	if (rc == SL_OK)
		rc = sl_csv_init(&l->csv, l->setup->delimiter, err);
	l->csv.from = l->gzip != NULL ? &l->gzip->base : &l->file.base;
	l->csv.bytes_max = TEXT_BYTES_MIN + l->setup->rows_max * TEXT_BYTES_PER_ROW;
	return rc;
}

static enum sl_rc make_writer(struct sl_load *l, struct sl_err *err)
{
	const struct sl_load_setup *s = l->setup;
	struct sl_manifest_column *columns = calloc(s->ncolumns, sizeof *columns);
	enum sl_rc rc;

	if (columns == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for columns");
	for (uint32_t i = 0; i < s->ncolumns; i++) {
		const struct sl_load_column *c = &s->columns[i];

		columns[i] = (struct sl_manifest_column){ .name = c->header, .type = i > 0 ? c->type : SL_TYPE_INTEGER,
			.scale = i > 0 ? c->scale : 0, .ndomain = i > 0 && c->type == SL_TYPE_TEXT ? c->nlabels : 0 };
	}
	rc = sl_writer_init(&l->writer, s->segment_id, s->segment_key, columns, s->ncolumns, s->rows_max, err);
	free(columns);
	return rc;
}

enum sl_rc sl_load_prepare(struct sl_load *l, const struct sl_load_setup *setup, const struct sl_load_fds *fds,
                           uint64_t memory_bytes, struct sl_err *err)
{
	enum sl_rc rc;

	memset(l, 0, sizeof *l);
	l->setup = setup;
	l->fds = *fds;
	l->memory_bytes = memory_bytes;
	l->writer.fd = -1;
	sl_rows_init(&l->rows, setup->ncolumns);
	rc = sl_load_setup_check(setup, fds, err);
	if (rc == SL_OK)
		rc = size_of(fds->source, &l->source_bytes, err);
	if (rc == SL_OK)
		rc = size_of(fds->wal, &l->wal_bytes, err);
	if (rc == SL_OK)
		rc = make_typers(l, err);
	if (rc == SL_OK)
		rc = make_source(l, err);
	if (rc == SL_OK)
		rc = sl_registry_init(&l->registry, setup->space_key, err);
	if (rc == SL_OK && !setup->reference)
		rc = make_writer(l, err);
	return rc;
}

/* Exactly as many bytes as it was long before; anything else is another file than the one that was copied. */
static enum sl_rc read_image(int fd, uint8_t *to, uint64_t bytes, struct sl_err *err)
{
	struct sl_bytes_fd file;
	uint64_t have = 0;
	size_t n = 1;
	enum sl_rc rc = SL_OK;

	sl_bytes_fd_init(&file, fd);
	while (rc == SL_OK && n > 0 && have <= bytes) {
		rc = file.base.read(&file.base, to + have, (size_t)(bytes - have + 1), &n, err);
		have += n;
	}
	return rc != SL_OK || have == bytes ? rc : sl_err_set(err, SL_E_INPUT, "the SQLite file changed while it was read");
}

static enum sl_rc import_sqlite(struct sl_load *l, struct sl_err *err)
{
	enum sl_rc rc = read_image(l->fds.source, l->db, l->source_bytes, err);

	if (rc == SL_OK && l->fds.wal >= 0)
		rc = read_image(l->fds.wal, l->wal, l->wal_bytes, err);
	if (rc != SL_OK)
		return rc;
	sl_memvfs_serve(l->db, l->source_bytes, l->fds.wal >= 0 ? l->wal : NULL, l->wal_bytes);
	rc = sl_sqlite_open(&l->sqlite, l->setup, err);
	return rc == SL_OK ? sl_import_rows(l, &l->sqlite.rows, err) : rc;
}

static enum sl_rc write_segment(struct sl_load *l, struct sl_load_report *report, struct sl_err *err)
{
	uint64_t before = l->registry.loaded;
	enum sl_rc rc = sl_writer_begin(&l->writer, l->fds.segment, err);

	if (rc == SL_OK)
		rc = sl_rows_write(&l->rows, &l->writer, &report->units, err);
	if (rc == SL_OK)
		rc = sl_writer_finish(&l->writer, report->version, &report->segment_bytes, err);
	if (rc == SL_OK)
		rc = sl_registry_append(&l->registry, l->fds.registry, err);
	report->new_units = l->registry.count - before;
	return rc;
}

enum sl_rc sl_load_run(struct sl_load *l, struct sl_load_report *report, struct sl_err *err)
{
	struct sl_err cause = { 0 };
	enum sl_rc rc = SL_OK;

	l->builder = (struct sl_report_builder){ .report = report, .bad_rows_max = l->setup->bad_rows_max };
	if (!l->setup->reference)
		rc = sl_registry_load(&l->registry, l->fds.registry, l->setup->registry_count, err);
	if (rc != SL_OK)
		return rc;
	rc = l->setup->format == SL_LOAD_SQLITE ? import_sqlite(l, &cause) : sl_import_rows(l, &l->csv.rows, &cause);
	/* A broken source is an answer for whoever brought it, with its place. */
	if (rc == SL_E_INPUT)
		rc = sl_report_bad_row(&l->builder, cause.line > 0 ? cause.line : l->csv.row_line, "", cause.text, err);
	else if (rc != SL_OK)
		return sl_err_set(err, rc, "%s", cause.text);
	if (rc != SL_OK || report->bad_rows_total > 0)
		return rc;
	if (!l->setup->reference)
		rc = write_segment(l, report, err);
	report->complete = rc == SL_OK;
	return rc;
}

void sl_load_fini(struct sl_load *l)
{
	for (uint32_t i = 0; l->typers != NULL && i < l->setup->ncolumns; i++)
		sl_typer_fini(&l->typers[i]);
	free(l->typers);
	free(l->values);
	free(l->missing);
	free(l->place);
	if (l->gzip != NULL)
		sl_gzip_fini(l->gzip);
	free(l->gzip);
	sl_csv_fini(&l->csv);
	sl_sqlite_close(&l->sqlite);
	free(l->db);
	free(l->wal);
	sl_registry_fini(&l->registry);
	sl_writer_fini(&l->writer);
	sl_rows_fini(&l->rows);
	free(l->seen);
	memset(l, 0, sizeof *l);
}
