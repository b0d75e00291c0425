/*
 * Any bytes as an opened chunk: what is taken decodes within its bounds, whole and in pieces alike, and its values
 * encode to a chunk of the same values. The input is the encoding (1 byte), rows - 1 (2 bytes), the chunk.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/vault/encode.h"
#include "enclave/vault/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t values[SL_CHUNK_ROWS], again[SL_CHUNK_ROWS];
static uint8_t nulls[SL_CHUNK_ROWS], nulls_again[SL_CHUNK_ROWS];
static struct sl_encode_scratch scratch;

static void parse(struct sl_chunk *c, enum sl_encoding encoding, uint32_t rows, const uint8_t *bytes, uint32_t n,
                  bool *taken)
{
	struct sl_manifest_group group = { .rows = rows };
	struct sl_manifest_chunk chunk = { .encoding = (uint8_t)encoding, .bytes = n };
	struct sl_manifest_column column = { .chunks = &chunk, .nchunks = 1 };
	struct sl_reader r = { .manifest = { .groups = &group, .ngroups = 1, .columns = &column, .ncolumns = 1 } };

	if (sl_chunk_init(c, &r, 0, NULL) != SL_OK)
		abort();
	memcpy(c->plain, bytes, n);
	*taken = sl_chunk_parse(c, encoding, rows, n);
	if (*taken != (c->rows == rows))
		abort();
}

static void decode(const struct sl_chunk *c, uint32_t stretch, int64_t *values_out, uint8_t *nulls_out)
{
	memset(nulls_out, 0, c->rows);
	for (uint32_t from = 0; from < c->rows; from += stretch) {
		uint32_t rows = c->rows - from < stretch ? c->rows - from : stretch;

		sl_chunk_values(c, from, rows, values_out + from);
		(void)sl_chunk_nulls(c, from, rows, nulls_out + from);
	}
}

static void decode_again_and_compare(const struct sl_chunk *c, uint32_t stretch)
{
	decode(c, stretch, again, nulls_again);
	if (memcmp(values, again, c->rows * sizeof *values) != 0 || memcmp(nulls, nulls_again, c->rows) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_chunk c, second;
	uint32_t rows;
	bool taken;

	if (size < 3 || size - 3 > SL_CHUNK_BYTES_MAX)
		return 0;
	rows = 1 + (uint32_t)(data[1] | data[2] << 8);
	parse(&c, (enum sl_encoding)data[0], rows, data + 3, (uint32_t)size - 3, &taken);
	if (taken) {
		decode(&c, rows, values, nulls);
		decode_again_and_compare(&c, 1 + (uint32_t)(data[0] + size) % 37);
		struct sl_encoded e = sl_encode_chunk(&scratch, values, nulls, rows);
		if (e.bytes > sl_chunk_bytes_max(rows))
			abort();
		parse(&second, e.encoding, rows, scratch.out, e.bytes, &taken);
		if (!taken)
			abort();
		decode_again_and_compare(&second, rows);
		sl_chunk_fini(&second);
	}
	sl_chunk_fini(&c);
	return 0;
}
