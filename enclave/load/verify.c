/* verify.c - see verify.h. */
#include "enclave/load/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "enclave/vault/keys.h"

static enum sl_rc map_segment(int fd, uint64_t bytes, const void **data, struct sl_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot look at the segment");
	if (st.st_size < 0 || (uint64_t)st.st_size != bytes || bytes == 0)
		return sl_err_set(err, SL_E_INTEGRITY, "the segment has %lld bytes, not %llu", (long long)st.st_size,
		                  (unsigned long long)bytes);
	*data = mmap(NULL, (size_t)bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	return *data != MAP_FAILED ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot map the segment");
}

static enum sl_rc open_columns(struct sl_verify *v, const struct sl_load_setup *setup, struct sl_err *err)
{
	uint8_t subkey[SL_KEY_BYTES];
	uint32_t n = v->reader.manifest.ncolumns;
	enum sl_rc rc = SL_OK;

	v->scratch = calloc(n, sizeof *v->scratch);
	if (v->scratch == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %u columns", n);
	for (uint32_t c = 0; rc == SL_OK && c < n; c++) {
		rc = sl_keys_column(setup->base_key, c, subkey, err);
		if (rc == SL_OK)
			rc = sl_reader_column(&v->reader, c, subkey, err);
		v->nscratch = c + 1;
		if (rc == SL_OK)
			rc = sl_chunk_init(&v->scratch[c], &v->reader, c, err);
	}
	explicit_bzero(subkey, sizeof subkey);
	return rc;
}

enum sl_rc sl_verify_prepare(struct sl_verify *v, const struct sl_load_setup *setup, int fd, struct sl_err *err)
{
	uint8_t manifest_key[SL_KEY_BYTES];
	const void *data = NULL;
	enum sl_rc rc = map_segment(fd, setup->base_bytes, &data, err);

	if (rc == SL_OK)
		rc = sl_keys_manifest(setup->base_key, manifest_key, err);
	if (rc == SL_OK)
		rc = sl_reader_open(&v->reader, data, setup->base_bytes, setup->base_id, manifest_key, 1, err);
	explicit_bzero(manifest_key, sizeof manifest_key);
	return rc == SL_OK ? open_columns(v, setup, err) : rc;
}

enum sl_rc sl_verify_run(struct sl_verify *v, struct sl_load_report *report, struct sl_err *err)
{
	enum sl_rc rc = sl_reader_verify(&v->reader, 0, 0, v->nscratch, v->scratch, err);

	report->rows = v->reader.manifest.rows;
	report->units = v->reader.manifest.units;
	report->complete = rc == SL_OK;
	return rc;
}

void sl_verify_fini(struct sl_verify *v)
{
	for (uint32_t c = 0; c < v->nscratch; c++)
		sl_chunk_fini(&v->scratch[c]);
	free(v->scratch);
	sl_reader_close(&v->reader);
	memset(v, 0, sizeof *v);
}
