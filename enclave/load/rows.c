/* rows.c - see rows.h. */
#include "enclave/load/rows.h"

#include <stdlib.h>
#include <string.h>

#define NULL_WORDS (SL_ROWS_BLOCK / 64)
#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)

/* Column-major: SL_ROWS_BLOCK values per column, then one bit per row and column. */
struct sl_rows_block {
	uint64_t *nulls;
	int64_t values[];
};

static size_t block_bytes(uint32_t ncolumns)
{
	return sizeof(struct sl_rows_block) + (size_t)ncolumns * (SL_ROWS_BLOCK * 8 + NULL_WORDS * 8);
}

void sl_rows_init(struct sl_rows *r, uint32_t ncolumns)
{
	*r = (struct sl_rows){ .ncolumns = ncolumns };
}

static enum sl_rc add_block(struct sl_rows *r, struct sl_err *err)
{
	struct sl_rows_block *b;

	if (r->nblocks == r->blocks_cap) {
		uint64_t cap = r->blocks_cap > 0 ? 2 * r->blocks_cap : 16;
		struct sl_rows_block **more = realloc(r->blocks, cap * sizeof(*more));

		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for rows");
		r->blocks = more;
		r->blocks_cap = cap;
	}
	b = malloc(block_bytes(r->ncolumns));
	if (b == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for rows");
	b->nulls = (uint64_t *)(b->values + (size_t)r->ncolumns * SL_ROWS_BLOCK);
	memset(b->nulls, 0, (size_t)r->ncolumns * NULL_WORDS * 8);
	r->blocks[r->nblocks++] = b;
	return SL_OK;
}

enum sl_rc sl_rows_add(struct sl_rows *r, const int64_t *values, const uint8_t *missing, struct sl_err *err)
{
	uint64_t at = r->count % SL_ROWS_BLOCK;
	struct sl_rows_block *b;

	if (r->count == r->nblocks * SL_ROWS_BLOCK) {
		enum sl_rc rc = add_block(r, err);

		if (rc != SL_OK)
			return rc;
	}
	b = r->blocks[r->nblocks - 1];
	for (uint32_t c = 0; c < r->ncolumns; c++) {
		b->values[(size_t)c * SL_ROWS_BLOCK + at] = missing[c] ? 0 : values[c];
		if (missing[c])
			b->nulls[(size_t)c * NULL_WORDS + at / 64] |= UINT64_C(1) << (at % 64);
	}
	r->count++;
	return SL_OK;
}

/* Rows gathered at once: a row group, or all rows when they are fewer. */
static size_t gathered(uint64_t count)
{
	return count < SL_CHUNK_ROWS ? (size_t)count : SL_CHUNK_ROWS;
}

uint64_t sl_rows_bytes(uint32_t ncolumns, uint64_t count)
{
	uint64_t blocks = (count + SL_ROWS_BLOCK - 1) / SL_ROWS_BLOCK;

	return blocks * block_bytes(ncolumns) + count * 2 * sizeof(uint32_t) + ncolumns * gathered(count) * 9;
}

static int64_t value_at(const struct sl_rows *r, uint32_t column, uint64_t row)
{
	return r->blocks[row / SL_ROWS_BLOCK]->values[(size_t)column * SL_ROWS_BLOCK + row % SL_ROWS_BLOCK];
}

static uint8_t null_at(const struct sl_rows *r, uint32_t column, uint64_t row)
{
	uint64_t at = row % SL_ROWS_BLOCK;

	return r->blocks[row / SL_ROWS_BLOCK]->nulls[(size_t)column * NULL_WORDS + at / 64] >> (at % 64) & 1;
}

/* One stable counting pass over the digit at `shift`. */
static void sort_by_digit(const struct sl_rows *r, const uint32_t *from, uint32_t *to, unsigned shift)
{
	uint64_t start[DIGITS] = { 0 }, sum = 0;

	for (uint64_t i = 0; i < r->count; i++)
		start[(uint64_t)value_at(r, 0, i) >> shift & (DIGITS - 1)]++;
	for (uint32_t d = 0; d < DIGITS; d++) {
		uint64_t n = start[d];

		start[d] = sum;
		sum += n;
	}
	for (uint64_t i = 0; i < r->count; i++) {
		uint64_t digit = (uint64_t)value_at(r, 0, from[i]) >> shift & (DIGITS - 1);

		to[start[digit]++] = from[i];
	}
}

/* The rows' order by ordinal, stable: radix sort, least digit first, as many digits as the largest ordinal has. */
static enum sl_rc order(const struct sl_rows *r, uint32_t **out, struct sl_err *err)
{
	uint32_t *a = malloc(r->count * sizeof *a + 1), *b = malloc(r->count * sizeof *b + 1), *swap;
	uint64_t largest = 0, last = 0;
	bool sorted = true;

	*out = a;
	if (a == NULL || b == NULL) {
		free(b);
		return sl_err_set(err, SL_E_NOMEM, "out of memory for sorting rows");
	}
	for (uint64_t i = 0; i < r->count; i++) {
		uint64_t v = (uint64_t)value_at(r, 0, i);

		a[i] = (uint32_t)i;
		sorted = sorted && v >= last;
		largest = v > largest ? v : largest;
		last = v;
	}
	for (unsigned shift = 0; !sorted && shift < 64 && largest >> shift != 0; shift += DIGIT_BITS) {
		sort_by_digit(r, a, b, shift);
		swap = a;
		a = b;
		b = swap;
	}
	free(b);
	*out = a;
	return SL_OK;
}

/* The next group's rows, gathered column by column. */
static void gather(const struct sl_rows *r, const uint32_t *rows, uint32_t n, int64_t *values, uint8_t *nulls)
{
	size_t stride = gathered(r->count);

	for (uint32_t c = 0; c < r->ncolumns; c++)
		for (uint32_t i = 0; i < n; i++) {
			values[c * stride + i] = value_at(r, c, rows[i]);
			nulls[c * stride + i] = null_at(r, c, rows[i]);
		}
}

static enum sl_rc write_groups(const struct sl_rows *r, struct sl_writer *w, const uint32_t *sorted, int64_t *values,
                               uint8_t *nulls, uint64_t *units, struct sl_err *err)
{
	const int64_t *value_of[SL_SEGMENT_COLUMNS_MAX];
	const uint8_t *null_of[SL_SEGMENT_COLUMNS_MAX];
	enum sl_rc rc = SL_OK;

	for (uint32_t c = 0; c < r->ncolumns; c++) {
		value_of[c] = values + c * gathered(r->count);
		null_of[c] = nulls + c * gathered(r->count);
	}
	for (uint64_t at = 0; at < r->count && rc == SL_OK; at += SL_CHUNK_ROWS) {
		uint64_t left = r->count - at;
		uint32_t n = left < SL_CHUNK_ROWS ? (uint32_t)left : SL_CHUNK_ROWS;

		gather(r, sorted + at, n, values, nulls);
		rc = sl_writer_group(w, value_of, null_of, n, err);
	}
	*units = r->count > 0;
	for (uint64_t i = 1; i < r->count; i++)
		*units += value_at(r, 0, sorted[i]) != value_at(r, 0, sorted[i - 1]);
	return rc;
}

enum sl_rc sl_rows_write(const struct sl_rows *r, struct sl_writer *w, uint64_t *units, struct sl_err *err)
{
	int64_t *values = malloc(r->ncolumns * gathered(r->count) * sizeof *values + 1);
	uint8_t *nulls = malloc(r->ncolumns * gathered(r->count) + 1);
	uint32_t *sorted = NULL;
	enum sl_rc rc;

	if (values == NULL || nulls == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for a row group");
	else
		rc = order(r, &sorted, err);
	if (rc == SL_OK)
		rc = write_groups(r, w, sorted, values, nulls, units, err);
	free(sorted);
	free(nulls);
	free(values);
	return rc;
}

void sl_rows_fini(struct sl_rows *r)
{
	for (uint64_t i = 0; i < r->nblocks; i++)
		free(r->blocks[i]);
	free(r->blocks);
	*r = (struct sl_rows){ .ncolumns = r->ncolumns };
}
