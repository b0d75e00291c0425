/*
 * A segment under known keys with any bytes laid over it: what the reader takes is what was sealed. The input is pairs
 * of place (3 bytes) and value, then a cut.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "enclave/vault/keys.h"
#include "enclave/vault/reader.h"
#include "enclave/vault/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS 40
#define FILE_BYTES_MAX 8192

static const uint8_t key[32] = { 1 }, id[16] = { 2 };
static uint8_t original[FILE_BYTES_MAX];
static size_t original_len;
static int64_t values[ROWS];

static void write_original(void)
{
	struct sl_manifest_column columns[2] = { { .name = (char[]){ "id" }, .type = SL_TYPE_INTEGER },
		{ .name = (char[]){ "v" }, .type = SL_TYPE_INTEGER } };
	const int64_t *value_of[2] = { values, values };
	const uint8_t *null_of[2] = { NULL, NULL };
	int fd = memfd_create("segment", 0);
	struct sl_writer w;
	uint8_t version[32];
	uint64_t bytes;

	for (int64_t i = 0; i < ROWS; i++)
		values[i] = i * 3;
	if (sl_writer_init(&w, id, key, columns, 2, ROWS, NULL) != SL_OK || sl_writer_begin(&w, fd, NULL) != SL_OK ||
	    sl_writer_group(&w, value_of, null_of, ROWS, NULL) != SL_OK ||
	    sl_writer_finish(&w, version, &bytes, NULL) != SL_OK || bytes > sizeof original ||
	    pread(fd, original, (size_t)bytes, 0) != (ssize_t)bytes)
		abort();
	original_len = (size_t)bytes;
	sl_writer_fini(&w);
	(void)close(fd);
}

static void read_column(struct sl_reader *r, uint32_t column)
{
	int64_t found[ROWS] = { 0 };
	struct sl_chunk chunk;
	uint8_t subkey[32];

	if (sl_keys_column(key, column, subkey, NULL) != SL_OK || sl_reader_column(r, column, subkey, NULL) != SL_OK)
		return;
	if (sl_chunk_init(&chunk, r, column, NULL) != SL_OK)
		abort();
	for (uint32_t g = 0; g < r->manifest.ngroups; g++)
		if (sl_reader_chunk(r, 0, column, g, &chunk, NULL) == SL_OK) {
			sl_chunk_values(&chunk, 0, chunk.rows, found);
			if (chunk.rows != ROWS || memcmp(found, values, sizeof values) != 0)
				abort();
		}
	sl_chunk_fini(&chunk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t manifest_key[32], *file;
	struct sl_reader r;
	size_t len;

	if (original_len == 0)
		write_original();
	len = size % 4 == 3 ? data[size - 1] * original_len / 255 : original_len;
	file = malloc(len + 1);
	if (file == NULL || sl_keys_manifest(key, manifest_key, NULL) != SL_OK)
		abort();
	memcpy(file, original, len);
	for (size_t i = 0; i + 4 <= size; i += 4) {
		size_t at = (size_t)(data[i] | data[i + 1] << 8 | data[i + 2] << 16) % (len + 1);

		file[at] = data[i + 3];
	}
	if (sl_reader_open(&r, file, len, id, manifest_key, 1, NULL) == SL_OK)
		for (uint32_t c = 0; c < r.manifest.ncolumns; c++)
			read_column(&r, c);
	sl_reader_close(&r);
	free(file);
	return 0;
}
