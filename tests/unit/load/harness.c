/* harness.c - see harness.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/keeper/keeper.h"
#include "tests/unit/load/harness.h"

#define MEMORY_BYTES ((uint64_t)256 << 20)

/* Segments opened so far. */
static uint64_t runs;

void harness_init(struct harness *h, const char *unit)
{
	memset(h, 0, sizeof *h);
	h->setup.format = SL_LOAD_CSV;
	h->setup.delimiter = ',';
	h->setup.table = strdup("");
	h->setup.rows_max = 1000000;
	h->setup.threads = 1;
	h->setup.bad_rows_max = SL_BAD_ROWS_MAX;
	h->setup.columns = h->columns;
	memset(h->setup.segment_key, 7, sizeof h->setup.segment_key);
	memset(h->setup.space_key, 8, sizeof h->setup.space_key);
	memset(h->setup.segment_id, 9, sizeof h->setup.segment_id);
	h->segment = h->registry = h->base = -1;
	h->setup.reference = unit == NULL;
	if (unit != NULL) {
		harness_column(h, unit, SL_TYPE_TEXT);
		h->registry = memfd_create("registry", 0);
	}
}

struct sl_load_column *harness_column(struct harness *h, const char *name, enum sl_type type)
{
	struct sl_load_column *c = &h->columns[h->setup.ncolumns++];

	assert_true(h->setup.ncolumns <= HARNESS_COLUMNS);
	*c = (struct sl_load_column){ .header = strdup(name), .type = (uint8_t)type, .nullable = 1, .lo = INT64_MIN,
		.hi = INT64_MAX, .date_format = strdup("") };
	return c;
}

static void put_labels(const char *const *texts, struct sl_label **out, uint32_t *n)
{
	for (*n = 0; texts[*n] != NULL; (*n)++)
		;
	*out = calloc(*n + 1, sizeof **out);
	for (uint32_t i = 0; i < *n; i++)
		(*out)[i].text = strdup(texts[i]);
}

void harness_labels(struct sl_load_column *c, const char *const *labels)
{
	put_labels(labels, &c->labels, &c->nlabels);
}

void harness_missing(struct sl_load_column *c, const char *const *texts)
{
	put_labels(texts, &c->missing, &c->nmissing);
}

static void forget_run(struct harness *h)
{
	if (h->bytes != NULL)
		sl_reader_close(&h->reader);
	free(h->bytes);
	h->bytes = NULL;
	sl_codec_free(&sl_load_report_record, &h->report);
	sl_err_clear(&h->err);
	if (h->segment >= 0)
		close(h->segment);
	h->segment = -1;
}

void harness_again(struct harness *h)
{
	if (h->report.complete)
		h->setup.registry_count += h->report.new_units;
	forget_run(h);
}

void harness_base(struct harness *h, bool compare)
{
	assert_int_equal(h->report.complete, 1);
	if (h->base >= 0)
		close(h->base);
	h->base = dup(h->segment);
	h->setup.base_bytes = h->report.segment_bytes;
	memcpy(h->setup.base_id, h->setup.segment_id, sizeof h->setup.base_id);
	memcpy(h->setup.base_key, h->setup.segment_key, sizeof h->setup.base_key);
	h->setup.compare = compare;
	h->setup.segment_id[0]++;
	h->setup.segment_key[0]++;
	harness_again(h);
}

static void free_labels(struct sl_label *labels, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		free(labels[i].text);
	free(labels);
}

void harness_fini(struct harness *h)
{
	forget_run(h);
	for (uint32_t i = 0; i < h->setup.ncolumns; i++) {
		free(h->columns[i].header);
		free(h->columns[i].date_format);
		free_labels(h->columns[i].labels, h->columns[i].nlabels);
		free_labels(h->columns[i].missing, h->columns[i].nmissing);
	}
	free(h->setup.table);
	if (h->registry >= 0)
		close(h->registry);
	if (h->base >= 0)
		close(h->base);
}

static int memory_file(const void *data, size_t len)
{
	int fd = memfd_create("source", 0);

	for (size_t at = 0; at < len;) {
		ssize_t n = write(fd, (const char *)data + at, len - at);

		assert_true(n > 0);
		at += (size_t)n;
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static struct sl_load_fds make_fds(struct harness *h, const void *source, size_t len, const void *wal, size_t wal_len)
{
	struct sl_load_fds fds = { .source = memory_file(source, len), .segment = -1, .registry = h->registry,
		.spill = -1, .base = -1, .wal = -1 };

	if (h->setup.base_bytes > 0)
		fds.base = dup(h->base);
	h->source = fds.source;
	forget_run(h);
	if (!h->setup.reference) {
		fds.segment = h->segment = h->full_segment ? open("/dev/full", O_RDWR) : memfd_create("segment", 0);
		fds.spill = h->full_spill ? open("/dev/full", O_RDWR) : memfd_create("spill", 0);
	}
	if (h->registry >= 0)
		assert_int_equal(lseek(h->registry, 0, SEEK_SET), 0);
	if (wal != NULL)
		fds.wal = memory_file(wal, wal_len);
	return fds;
}

static void open_segment(struct harness *h)
{
	size_t len = (size_t)h->report.segment_bytes;
	uint8_t key[32];

	runs++;
	assert_int_equal(lseek(h->segment, 0, SEEK_END), (off_t)len);
	h->bytes = malloc(len);
	assert_int_equal(pread(h->segment, h->bytes, len, 0), (ssize_t)len);
	assert_int_equal(sl_keys_manifest(h->setup.segment_key, key, NULL), SL_OK);
	assert_int_equal(sl_reader_open(&h->reader, h->bytes, len, h->setup.segment_id, key, 1, NULL), SL_OK);
	for (uint32_t c = 0; c < h->reader.manifest.ncolumns; c++) {
		assert_int_equal(sl_keys_column(h->setup.segment_key, c, key, NULL), SL_OK);
		assert_int_equal(sl_reader_column(&h->reader, c, key, NULL), SL_OK);
	}
}

static void after_run(struct harness *h, struct sl_load_fds *fds, enum sl_rc rc)
{
	close(fds->source);
	if (fds->wal >= 0)
		close(fds->wal);
	if (fds->spill >= 0)
		h->spilt_bytes = (uint64_t)lseek(fds->spill, 0, SEEK_END);
	if (fds->spill >= 0)
		close(fds->spill);
	if (fds->base >= 0)
		close(fds->base);
	if (rc == SL_OK && h->report.complete && !h->setup.reference)
		open_segment(h);
	/* Nothing may be half imported; old rows are read, and found unfit, only as they are written again. */
	if (h->setup.base_bytes == 0 && (rc != SL_OK || !h->report.complete) && h->segment >= 0 && rc != SL_E_IO &&
	    rc != SL_E_NOMEM)
		assert_int_equal(lseek(h->segment, 0, SEEK_END), 0);
}

enum sl_rc harness_run(struct harness *h, const void *source, size_t len, const void *wal, size_t wal_len)
{
	struct sl_load_fds fds = make_fds(h, source, len, wal, wal_len);
	struct sl_load *l = malloc(sizeof *l);
	enum sl_rc rc;

	assert_non_null(l);
	rc = sl_load_prepare(l, &h->setup, &fds, h->memory_bytes > 0 ? h->memory_bytes : MEMORY_BYTES, &h->err);
	if (rc == SL_OK)
		rc = sl_load_run(l, &h->report, &h->err);
	sl_load_fini(l);
	free(l);
	after_run(h, &fds, rc);
	return rc;
}

enum sl_rc harness_text(struct harness *h, const char *text)
{
	return harness_run(h, text, strlen(text), NULL, 0);
}

enum sl_rc harness_confined(struct harness *h, const void *source, size_t len, const void *wal, size_t wal_len)
{
	struct sl_load_fds fds = make_fds(h, source, len, wal, wal_len);
	int data[6] = { fds.source };
	uint32_t ndata = 1;
	struct sl_buf setup = { 0 };
	struct sl_keeper_outcome out = { 0 };
	enum sl_rc rc;

	if (!h->setup.reference) {
		data[ndata++] = fds.segment;
		data[ndata++] = fds.registry;
		data[ndata++] = fds.spill;
	}
	if (fds.base >= 0)
		data[ndata++] = fds.base;
	if (fds.wal >= 0)
		data[ndata++] = fds.wal;
	assert_int_equal(sl_codec_encode(&sl_load_setup_record, &h->setup, &setup, &h->err), SL_OK);
	struct sl_keeper_job job = { .program = SL_PROGRAM_LOAD, .path = SL_TEST_BIN_DIR "/sluice-load", .data_fds = data,
		.ndata = ndata, .memory_bytes = h->memory_bytes > 0 ? h->memory_bytes : MEMORY_BYTES,
		.file_bytes_max = (uint64_t)1 << 32, .deadline_ms = 60000,
		.threads = h->setup.threads, .progress = h->progress, .progress_self = h };
	struct sl_keeper_message send = { SL_FRAME_LOAD_SETUP, setup.data, setup.len };
	struct sl_keeper_expect expect = { SL_FRAME_LOAD_REPORT, 1, 1, (size_t)64 << 20 };
	rc = sl_keeper_run(&job, &send, 1, &expect, 1, &out, &h->err);
	if (rc == SL_OK)
		rc = sl_codec_decode(&sl_load_report_record, out.frames[0].body.data, out.frames[0].body.len, &h->report, &h->err);
	else
		print_message("%s: %s\n", sl_keeper_fate_name(out.fate), h->err.text);
	sl_keeper_outcome_free(&out);
	sl_buf_free(&setup);
	after_run(h, &fds, rc);
	return rc;
}

uint32_t harness_chunk(struct harness *h, uint32_t column, uint32_t group, int64_t *values, uint8_t *nulls)
{
	struct sl_chunk chunk;
	uint32_t rows;

	assert_int_equal(sl_chunk_init(&chunk, &h->reader, column, &h->err), SL_OK);
	assert_int_equal(sl_reader_chunk(&h->reader, 0, column, group, &chunk, &h->err), SL_OK);
	rows = chunk.rows;
	sl_chunk_values(&chunk, 0, rows, values);
	if (!sl_chunk_nulls(&chunk, 0, rows, nulls))
		memset(nulls, 0, rows);
	sl_chunk_fini(&chunk);
	return rows;
}

int64_t harness_value(struct harness *h, uint32_t column, uint64_t row)
{
	/* The cells of each column that were asked for last, and of which segment they were. */
	static struct {
		int64_t values[SL_CHUNK_ROWS];
		uint8_t nulls[SL_CHUNK_ROWS];
		uint64_t run;
		uint32_t group;
	} last[HARNESS_COLUMNS];
	uint32_t group = (uint32_t)(row / SL_CHUNK_ROWS);

	assert_true(column < HARNESS_COLUMNS && row < h->reader.manifest.rows);
	if (last[column].run != runs || last[column].group != group) {
		harness_chunk(h, column, group, last[column].values, last[column].nulls);
		last[column].run = runs;
		last[column].group = group;
	}
	row %= SL_CHUNK_ROWS;
	return last[column].nulls[row] ? INT64_MIN : last[column].values[row];
}

void harness_only_bad_row(struct harness *h, uint64_t line, const char *column, const char *reason_part)
{
	const struct sl_load_report *r = &h->report;

	assert_int_equal(r->complete, 0);
	assert_int_equal(r->bad_rows_total, 1);
	if (r->bad_rows[0].line != line || strcmp(r->bad_rows[0].column, column) != 0 ||
	    strstr(r->bad_rows[0].reason, reason_part) == NULL)
		fail_msg("line %llu column \"%s\": %s", (unsigned long long)r->bad_rows[0].line, r->bad_rows[0].column,
		         r->bad_rows[0].reason);
}
