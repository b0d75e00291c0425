/* load.c - see load.h. */
#include "enclave/load/load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "enclave/confine/crew.h"
#include "enclave/load/changes.h"
#include "enclave/load/import.h"
#include "enclave/load/memory.h"
#include "enclave/load/memvfs.h"
#include "enclave/load/output.h"
#include "enclave/load/setup.h"
#include "enclave/vault/digest.h"

/* Of source text, unzipped: what bounds a file that is small and unpacks to something endless. */
#define TEXT_BYTES_MIN (UINT64_C(64) << 20)
#define TEXT_BYTES_PER_ROW 4096
/* Of lines without a character, beside the rows. */
#define EMPTY_LINES_MIN 10000u
/* Of the memory: for text as it is read, for units that were looked up. */
#define STRETCH_PART 32
#define STRETCH_BYTES_EACH ((size_t)2 << 20)
#define UNITS_PART 8
/* Progress is told after so much work, or a part of all work. */
#define TELL_BYTES (UINT64_C(16) << 20)
#define TELL_ROWS (UINT64_C(1) << 20)
#define TELL_PARTS (SL_LOAD_PROGRESS_MAX / 4)

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
	l->place = calloc(s->ncolumns, sizeof *l->place);
	if (l->typers == NULL || l->place == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for columns");
	for (uint32_t i = 0; i < s->ncolumns && rc == SL_OK; i++)
		rc = sl_typer_init(&l->typers[i], &s->columns[i], err);
	return rc;
}

/* Long enough that handing it out costs nothing, short enough to leave the memory to the rows. */
static size_t stretch_bytes(const struct sl_load *l)
{
	uint64_t bytes = l->memory_bytes / STRETCH_PART, most = (uint64_t)STRETCH_BYTES_EACH * l->threads;

	bytes = bytes < most ? bytes : most;
	return bytes > SL_CSV_STRETCH_BYTES ? (size_t)bytes : SL_CSV_STRETCH_BYTES;
}

static enum sl_rc make_source(struct sl_load *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	sl_bytes_fd_init(&l->file, l->fds.source);
	if (l->setup->format == SL_LOAD_SQLITE) {
		/* Room for whole images now; how long they are was asked before. */
		bool fits = l->source_bytes < l->memory_bytes && l->wal_bytes < l->memory_bytes - l->source_bytes;

		l->db = fits ? malloc(l->source_bytes + 1) : NULL;
		l->wal = fits ? malloc(l->wal_bytes + 1) : NULL;
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
		rc = sl_csv_init(&l->csv, l->setup->delimiter, l->threads, err);
	l->csv.stretch_bytes = stretch_bytes(l);
	l->csv.from = l->gzip != NULL ? &l->gzip->base : &l->file.base;
	l->csv.bytes_max = TEXT_BYTES_MIN + l->setup->rows_max * TEXT_BYTES_PER_ROW;
	l->csv.empty_max = EMPTY_LINES_MIN + l->setup->rows_max;
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
	rc = sl_writer_init_lanes(&l->writer, s->segment_id, s->segment_key, columns, s->ncolumns,
	                          s->rows_max + (s->compare ? 0 : sl_base_rows(&l->base)), l->threads, err);
	free(columns);
	return rc;
}

/* What rows are held and written with; a reference table has none of it. */
static enum sl_rc make_table(struct sl_load *l, struct sl_err *err)
{
	uint64_t secret = 0;
	enum sl_rc rc = sl_random((uint8_t *)&secret, sizeof secret, err);

	l->plan.setup = l->setup;
	l->plan.typers = l->typers;
	l->plan.place = l->place;
	if (rc == SL_OK)
		rc = sl_random((uint8_t *)l->changes_key, sizeof l->changes_key, err);
	if (rc == SL_OK)
		rc = sl_layout_init(&l->plan.layout, l->setup, err);
	sl_rows_init(&l->rows, l->plan.layout.row_bytes);
	if (rc == SL_OK)
		rc = sl_units_init(&l->plan.units, l->memory_bytes / UNITS_PART, secret, err);
	if (rc == SL_OK && (l->intakes = calloc(l->threads, sizeof *l->intakes)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for rows");
	for (uint32_t i = 0; i < l->threads && rc == SL_OK; i++) {
		rc = sl_intake_init(&l->intakes[i], &l->plan, err);
		l->intakes[i].texts_stay = true;
	}
	if (rc == SL_OK)
		rc = sl_spill_init(&l->spill, l->fds.spill, l->plan.layout.row_bytes, err);
	if (rc == SL_OK && l->setup->base_bytes > 0)
		rc = sl_base_open(&l->base, l->fds.base, l->setup, &l->plan.layout, err);
	return rc == SL_OK ? make_writer(l, err) : rc;
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
	/* A crew that is there already, as in tests, works whole. */
	l->threads = setup->threads > sl_crew_size() ? setup->threads : sl_crew_size();
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
		rc = make_table(l, err);
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
	if (rc != SL_OK)
		return rc;
	return l->setup->reference ? sl_import_reference(l, &l->sqlite.rows, err) : sl_import_sqlite(l, err);
}

static enum sl_rc import_csv(struct sl_load *l, struct sl_err *err)
{
	return l->setup->reference ? sl_import_reference(l, &l->csv.rows, err) : sl_import_csv(l, err);
}

/* A merge of all there is into the segment, old rows first. */
struct merging {
	struct sl_load *l;
	struct sl_output *output;
	struct sl_changes changes;
	struct sl_stream **streams;
	uint32_t *heap;
	struct sl_spill_stream *runs;
	struct sl_rows_stream rows;
	uint32_t n;
};

static enum sl_rc take_row(void *arg, uint32_t from, const uint8_t *row, struct sl_err *err)
{
	struct merging *m = arg;
	bool has_base = m->l->base.map != NULL, is_old = has_base && from == 0;

	if (has_base)
		sl_changes_row(&m->changes, !is_old, is_old && m->l->base.odd, row);
	return is_old && m->l->setup->compare ? SL_OK : sl_output_add(m->output, row, err);
}

static enum sl_rc begin_merge(struct merging *m, struct sl_err *err)
{
	struct sl_spill *spill = &m->l->spill;
	enum sl_rc rc = sl_rows_sort(&m->l->rows, err);

	m->streams = calloc(spill->nruns + 2, sizeof *m->streams);
	m->heap = calloc(spill->nruns + 2, sizeof *m->heap);
	m->runs = calloc(spill->nruns + 1, sizeof *m->runs);
	if (rc == SL_OK && (m->streams == NULL || m->heap == NULL || m->runs == NULL))
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for merging");
	if (rc == SL_OK && m->l->base.map != NULL)
		m->streams[m->n++] = &m->l->base.stream;
	for (uint32_t i = 0; i < spill->nruns && rc == SL_OK; i++) {
		rc = sl_spill_stream_init(&m->runs[i], spill, i, err);
		m->streams[m->n++] = &m->runs[i].base;
	}
	if (rc == SL_OK) {
		sl_rows_stream_init(&m->rows, &m->l->rows);
		m->streams[m->n++] = &m->rows.base;
	}
	sl_changes_init(&m->changes, m->l->plan.layout.row_bytes, !m->l->setup->compare, m->l->changes_key);
	return rc;
}

static void end_merge(struct merging *m)
{
	for (uint32_t i = 0; m->runs != NULL && i < m->l->spill.nruns; i++)
		sl_spill_stream_fini(&m->runs[i]);
	free(m->runs);
	free(m->heap);
	free(m->streams);
}

static enum sl_rc merge(struct sl_load *l, struct sl_output *output, struct sl_load_report *report, struct sl_err *err)
{
	struct merging m = { .l = l, .output = output };
	enum sl_rc rc = begin_merge(&m, err);

	if (rc == SL_OK)
		rc = sl_merge(m.streams, m.n, m.heap, take_row, &m, err);
	if (rc == SL_OK)
		rc = sl_output_end(output, err);
	sl_changes_end(&m.changes);
	report->changed_units = m.changes.changed;
	report->added_units = m.changes.added;
	report->removed_units = m.changes.removed;
	end_merge(&m);
	return rc;
}

static void told_by_output(void *arg, uint64_t rows)
{
	struct sl_load *l = arg;

	sl_load_tell(l, SL_LOAD_WRITING, rows, rows, l->builder.report->rows + l->builder.report->old_rows);
}

static enum sl_rc put_rows(struct sl_load *l, struct sl_load_report *report, struct sl_err *err)
{
	struct sl_output output = { 0 };
	struct sl_quality quality = { 0 };
	enum sl_rc rc = sl_output_init(&output, &l->plan.layout, &l->writer, report->rows + report->old_rows, err);

	if (rc == SL_OK)
		rc = sl_quality_init(&quality, &l->plan.layout, !l->setup->one_row_per_unit, l->changes_key[0], err);
	output.quality = &quality;
	output.progress = told_by_output;
	output.progress_arg = l;
	if (rc == SL_OK && (l->base.map != NULL || l->spill.nruns > 0)) {
		rc = merge(l, &output, report, err);
	} else {
		if (rc == SL_OK)
			rc = sl_rows_sort(&l->rows, err);
		if (rc == SL_OK)
			rc = sl_output_rows(&output, &l->rows, err);
	}
	if (rc == SL_OK)
		sl_quality_tell(&quality, report);
	sl_quality_fini(&quality);
	sl_output_fini(&output);
	return rc;
}

static enum sl_rc write_segment(struct sl_load *l, struct sl_load_report *report, struct sl_err *err)
{
	uint64_t before = l->registry.loaded;
	enum sl_rc rc;

	report->old_rows = l->setup->compare ? 0 : sl_base_rows(&l->base);
	rc = sl_memory_for_merge(l, err);
	if (rc == SL_OK)
		rc = sl_writer_begin(&l->writer, l->fds.segment, err);
	if (rc == SL_OK)
		rc = put_rows(l, report, err);
	report->units = l->writer.manifest.units;
	if (rc == SL_OK)
		rc = sl_writer_finish(&l->writer, report->version, &report->segment_bytes, err);
	if (rc == SL_OK)
		rc = sl_registry_append(&l->registry, l->fds.registry, err);
	report->new_units = l->registry.count - before;
	return rc;
}

void sl_load_tell(struct sl_load *l, enum sl_load_phase phase, uint64_t rows, uint64_t done, uint64_t total)
{
	bool bytes = phase == SL_LOAD_READING && total > 0;
	uint64_t step = bytes ? TELL_BYTES : TELL_ROWS, all = bytes ? total : l->setup->rows_max + l->builder.report->old_rows;
	struct sl_load_progress p = { .phase = (uint8_t)phase, .rows = rows, .done = done, .total = total };

	step = step > all / TELL_PARTS ? step : all / TELL_PARTS;
	if (l->on_progress == NULL || done < l->told + step)
		return;
	l->told = done;
	l->on_progress(l->progress_arg, &p);
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
	rc = l->setup->format == SL_LOAD_SQLITE ? import_sqlite(l, &cause) : import_csv(l, &cause);
	l->told = 0;
	/* A broken source is an answer for whoever brought it, with its place. */
	if (rc == SL_E_INPUT)
		rc = sl_report_bad_row(&l->builder, cause.line > 0 ? cause.line : l->csv.line, "", cause.text, err);
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
	free(l->place);
	for (uint32_t i = 0; l->intakes != NULL && i < l->threads; i++)
		sl_intake_fini(&l->intakes[i]);
	free(l->intakes);
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
	sl_spill_fini(&l->spill);
	sl_base_close(&l->base);
	sl_units_fini(&l->plan.units);
	sl_layout_fini(&l->plan.layout);
	free(l->seen);
	memset(l, 0, sizeof *l);
}
