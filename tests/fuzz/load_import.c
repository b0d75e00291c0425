/*
 * A whole import of any CSV through typing, registry and writer: when it says complete, the segment opens and has as
 * many rows as told; when not, nothing was written. The report decodes again.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "enclave/load/load.h"
#include "enclave/vault/keys.h"
#include "enclave/vault/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sl_label sexes[] = { { (char[]){ "f" } }, { (char[]){ "m" } } };
static struct sl_label missing[] = { { (char[]){ "NA" } } };
static struct sl_load_column columns[] = {
	{ .header = (char[]){ "id" }, .type = SL_TYPE_INTEGER, .date_format = (char[]){ "" } },
	{ .header = (char[]){ "n" }, .type = SL_TYPE_INTEGER, .lo = -100, .hi = 1000, .date_format = (char[]){ "" } },
	{ .header = (char[]){ "r" }, .type = SL_TYPE_REAL, .scale = 3, .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX,
	  .missing = missing, .nmissing = 1, .date_format = (char[]){ "" } },
	{ .header = (char[]){ "s" }, .type = SL_TYPE_TEXT, .nullable = 1, .labels = sexes, .nlabels = 2,
	  .date_format = (char[]){ "" } },
	{ .header = (char[]){ "d" }, .type = SL_TYPE_DATE, .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX,
	  .date_format = (char[]){ "%d/%m/%Y" } },
};

static int memory_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", 0);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

static void check_segment(const struct sl_load_setup *setup, int fd, const struct sl_load_report *report)
{
	size_t len = (size_t)report->segment_bytes;
	uint8_t key[32], *file = malloc(len);
	struct sl_reader r;

	if (file == NULL || lseek(fd, 0, SEEK_END) != (off_t)len || pread(fd, file, len, 0) != (ssize_t)len ||
	    sl_keys_manifest(setup->segment_key, key, NULL) != SL_OK ||
	    sl_reader_open(&r, file, len, setup->segment_id, key, 1, NULL) != SL_OK ||
	    r.manifest.rows != report->rows || r.manifest.units != report->units)
		abort();
	sl_reader_close(&r);
	free(file);
}

static void check_report(const struct sl_load_report *report)
{
	struct sl_load_report again;

	if (sl_codec_copy(&sl_load_report_record, report, &again, NULL) != SL_OK)
		abort();
	sl_codec_free(&sl_load_report_record, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_load_setup setup = { .format = SL_LOAD_CSV, .delimiter = ',', .table = (char[]){ "" }, .rows_max = 10000,
		.bad_rows_max = 5, .columns = columns, .ncolumns = 5, .one_row_per_unit = size % 2,
		.threads = 1 };
	struct sl_load_fds fds = { .source = memory_file(data, size), .segment = memory_file(NULL, 0),
		.registry = memory_file(NULL, 0), .spill = memory_file(NULL, 0), .base = -1, .wal = -1 };
	struct sl_load_report report = { 0 };
	struct sl_load *l = malloc(sizeof *l);
	enum sl_rc rc;

	if (l == NULL)
		abort();
	rc = sl_load_prepare(l, &setup, &fds, (uint64_t)64 << 20, NULL);
	if (rc == SL_OK)
		rc = sl_load_run(l, &report, NULL);
	if (rc == SL_OK)
		check_report(&report);
	if (rc == SL_OK && report.complete)
		check_segment(&setup, fds.segment, &report);
	else if (lseek(fds.segment, 0, SEEK_END) != 0 || lseek(fds.registry, 0, SEEK_END) != 0)
		abort();
	sl_codec_free(&sl_load_report_record, &report);
	sl_load_fini(l);
	free(l);
	(void)close(fds.source);
	(void)close(fds.segment);
	(void)close(fds.registry);
	(void)close(fds.spill);
	return 0;
}
