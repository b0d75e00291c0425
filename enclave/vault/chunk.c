/* chunk.c - see chunk.h. */
#include "enclave/vault/chunk.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/vault/reader.h"
#include "enclave/vault/unpack.h"

_Static_assert(SL_CHUNK_SLACK_BYTES >= SL_UNPACK_SLACK_BYTES, "the last number of a chunk is loaded whole");
#define WINDOW_ROWS 32
#define BLOCK_ROWS 8u
#define FEW_STRETCHES 8u
#define FEW_RUNS 128u

struct room {
	uint32_t bytes, runs;
};

static struct room room_of(const struct sl_reader *r, uint32_t column)
{
	struct room room = { 0 };

	if (column >= r->manifest.ncolumns)
		return room;
	for (uint32_t g = 0; g < r->manifest.ngroups; g++) {
		const struct sl_manifest_chunk *chunk = &r->manifest.columns[column].chunks[g];

		room.bytes = chunk->bytes > room.bytes ? chunk->bytes : room.bytes;
		if (chunk->encoding == SL_ENCODING_RUNS && r->manifest.groups[g].rows > room.runs)
			room.runs = r->manifest.groups[g].rows;
	}
	return room;
}

static size_t room_bytes(struct room room)
{
	return room.runs * sizeof(uint16_t) + room.bytes + SL_CHUNK_SLACK_BYTES;
}

enum sl_rc sl_chunk_init(struct sl_chunk *c, const struct sl_reader *r, uint32_t column, struct sl_err *err)
{
	struct room room = room_of(r, column);
	uint8_t *memory = calloc(1, room_bytes(room));

	*c = (struct sl_chunk){ 0 };
	if (memory == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a chunk of %u bytes", room.bytes);
	c->run_last = (uint16_t *)(void *)memory;
	c->plain = memory + room.runs * sizeof(uint16_t);
	c->bytes_max = room.bytes;
	c->runs_max = room.runs;
	return SL_OK;
}

void sl_chunk_fini(struct sl_chunk *c)
{
	if (c->run_last != NULL)
		explicit_bzero(c->run_last, room_bytes((struct room){ c->bytes_max, c->runs_max }));
	free(c->run_last);
	*c = (struct sl_chunk){ 0 };
}

/* Blocks of constant length become wide stores. */
static inline void fill_block(int64_t out[static BLOCK_ROWS], int64_t value)
{
	for (uint32_t k = 0; k < BLOCK_ROWS; k++)
		out[k] = value;
}

static void fill(int64_t *out, uint32_t rows, int64_t value)
{
	uint32_t i = 0;

	for (; i + BLOCK_ROWS <= rows; i += BLOCK_ROWS)
		fill_block(out + i, value);
	for (; i < rows; i++)
		out[i] = value;
}

static void unpack(const struct sl_chunk *c, uint32_t from, uint32_t rows, int64_t *out)
{
	if (c->width == 0)
		fill(out, rows, (int64_t)c->base);
	else
		sl_unpack(c->packed, c->width, c->base, from, rows, out);
}

/* Index i into a dictionary: as sl_unpack_at, for the few bits that there are. */
static inline uint64_t index_at(const uint8_t *packed, uint32_t width, uint32_t i)
{
	uint32_t bit = i * width;

	return sl_unpack_load(packed + bit / 8) >> bit % 8 & ((UINT64_C(1) << width) - 1);
}

static void look_up(const struct sl_chunk *c, uint32_t from, uint32_t rows, int64_t *out)
{
	for (uint32_t i = 0; i < rows; i++)
		out[i] = (int64_t)sl_unpack_load(c->dictionary + 8 * index_at(c->packed, c->width, from + i));
}

/* The run that row `row` lies in. */
static uint32_t run_of(const struct sl_chunk *c, uint32_t row)
{
	uint32_t lo = 0, hi = c->runs - 1;

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;

		if (c->run_last[middle] < row)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

static void expand_runs(const struct sl_chunk *c, uint32_t from, uint32_t rows, int64_t *out)
{
	uint32_t run = rows > 0 ? run_of(c, from) : 0, at = 0;
	int64_t values[FEW_RUNS];

	for (uint32_t k = FEW_RUNS; at < rows; run++, k++) {
		uint32_t end = c->run_last[run] + 1u - from;

		if (k == FEW_RUNS) {
			unpack(c, run, c->runs - run < FEW_RUNS ? c->runs - run : FEW_RUNS, values);
			k = 0;
		}
		/*
		 * Blocks, over the end of the run; the next one writes over that. Two before it is asked whether there are
		 * more: most runs are not longer, and the processor can guess that.
		 */
		if (end + 2 * BLOCK_ROWS <= rows) {
			fill_block(out + at, values[k]);
			fill_block(out + at + BLOCK_ROWS, values[k]);
			for (uint32_t i = at + 2 * BLOCK_ROWS; i < end; i += BLOCK_ROWS)
				fill_block(out + i, values[k]);
		} else {
			fill(out + at, (end < rows ? end : rows) - at, values[k]);
		}
		at = end;
	}
}

uint32_t sl_chunk_runs(const struct sl_chunk *c, uint32_t from, uint32_t rows, uint16_t *ends, int64_t *values)
{
	const uint16_t *last;
	uint32_t first, n;

	if (c->encoding != SL_ENCODING_RUNS || c->nulls != NULL)
		return 0;
	first = run_of(c, from);
	last = c->run_last + first;
	n = run_of(c, from + rows - 1) - first + 1;
	for (uint32_t i = 0; i < n; i++)
		ends[i] = (uint16_t)(last[i] + 1u - from);
	ends[n - 1] = (uint16_t)rows;
	unpack(c, first, n, values);
	return n;
}

typedef uint16_t ends_at_once __attribute__((vector_size(FEW_STRETCHES * sizeof(uint16_t))));

/* How many stretches before `ends`, as far as one looks, are each one of the runs before `last`. */
static inline uint32_t same_before(const uint16_t *last, const uint16_t *ends, uint32_t from)
{
	ends_at_once runs, stretches;
	uint64_t other[2]; /* as they lie: unpack.h knows one host order */

	memcpy(&runs, last - FEW_STRETCHES, sizeof runs);
	memcpy(&stretches, ends - FEW_STRETCHES, sizeof stretches);
	runs = (runs + (uint16_t)(1u - from)) ^ stretches;
	memcpy(other, &runs, sizeof other);
	if (other[1] != 0)
		return (uint32_t)__builtin_clzll(other[1]) / 16;
	return other[0] != 0 ? FEW_STRETCHES / 2 + (uint32_t)__builtin_clzll(other[0]) / 16 : FEW_STRETCHES;
}

bool sl_chunk_stretches(const struct sl_chunk *c, uint32_t from, const uint16_t *ends, uint32_t n, int64_t *values)
{
	const uint16_t *last;
	uint32_t first, at;

	if (c->encoding != SL_ENCODING_RUNS || c->nulls != NULL || n == 0)
		return false;
	first = run_of(c, from);
	last = c->run_last + first;
	at = run_of(c, from + ends[n - 1] - 1) - first;
	if (at >= n)
		return false;
	/* Values of the runs, then, from the last, of the stretches, of which there are no fewer. */
	unpack(c, first, at + 1, values);
	for (uint32_t i = n - 1; i > 0; i--) {
		uint32_t same = i > FEW_STRETCHES && at >= FEW_STRETCHES ? same_before(last + at, ends + i, from) : 0;

		if (same == FEW_STRETCHES) {
			memmove(values + i - FEW_STRETCHES + 1, values + at - FEW_STRETCHES + 1, FEW_STRETCHES * sizeof *values);
			i -= FEW_STRETCHES - 1;
			at -= FEW_STRETCHES;
			continue;
		}
		/* Those, and the one before, which is not. */
		for (; same > 0; same--)
			values[i--] = values[at--];
		uint32_t end = from + ends[i - 1];
		values[i] = values[at];
		if (at == 0)
			continue;
		if (last[at - 1] + 1u > end)
			return false;
		if (last[at - 1] + 1u == end)
			at--;
	}
	return at == 0;
}

/* Bits [row, row + 32) of the bitmap. */
static uint32_t null_window(const struct sl_chunk *c, uint32_t row)
{
	return (uint32_t)(sl_unpack_load(c->nulls + row / 8) >> row % 8);
}

static uint32_t window_bits(uint32_t rows_left)
{
	return rows_left < WINDOW_ROWS ? (1u << rows_left) - 1 : UINT32_MAX;
}

static void zero_missing(const struct sl_chunk *c, uint32_t from, uint32_t rows, int64_t *values)
{
	for (uint32_t i = 0; i < rows; i += WINDOW_ROWS)
		for (uint32_t bits = null_window(c, from + i) & window_bits(rows - i); bits != 0; bits &= bits - 1)
			values[i + (uint32_t)__builtin_ctz(bits)] = 0;
}

void sl_chunk_values(const struct sl_chunk *c, uint32_t from, uint32_t rows, int64_t *values)
{
	switch (c->encoding) {
	case SL_ENCODING_DICTIONARY:
		look_up(c, from, rows, values);
		break;
	case SL_ENCODING_RUNS:
		expand_runs(c, from, rows, values);
		break;
	default:
		unpack(c, from, rows, values);
	}
	if (c->nulls != NULL)
		zero_missing(c, from, rows, values);
}

/* Bit k of b to byte k of the sum. */
static uint64_t spread(uint64_t b)
{
	uint64_t one_each = b * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);

	return (one_each + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 & UINT64_C(0x0101010101010101);
}

bool sl_chunk_nulls(const struct sl_chunk *c, uint32_t from, uint32_t rows, uint8_t *nulls)
{
	uint32_t i = 0;

	if (c->nulls == NULL)
		return false;
	for (; i + 8 <= rows; i += 8) {
		uint64_t eight = spread(null_window(c, from + i) & 0xff);

		memcpy(nulls + i, &eight, 8);
	}
	for (; i < rows; i++)
		nulls[i] = (uint8_t)(null_window(c, from + i) & 1);
	return true;
}

static void pick_runs(const struct sl_chunk *c, uint32_t from, const uint32_t *rows, uint32_t n, int64_t *values)
{
	uint32_t run = n > 0 ? run_of(c, from + rows[0]) : 0;

	for (uint32_t i = 0; i < n; i++) {
		while (c->run_last[run] < from + rows[i])
			run++;
		values[i] = (int64_t)(c->base + sl_unpack_at(c->packed, c->width, run));
	}
}

bool sl_chunk_pick(const struct sl_chunk *c, uint32_t from, const uint32_t *rows, uint32_t n, int64_t *values,
                   uint8_t *nulls)
{
	if (c->encoding == SL_ENCODING_RUNS)
		pick_runs(c, from, rows, n, values);
	else if (c->encoding == SL_ENCODING_DICTIONARY)
		for (uint32_t i = 0; i < n; i++)
			values[i] = (int64_t)sl_unpack_load(c->dictionary + 8 * index_at(c->packed, c->width, from + rows[i]));
	else
		for (uint32_t i = 0; i < n; i++)
			values[i] = (int64_t)(c->base + sl_unpack_at(c->packed, c->width, from + rows[i]));
	for (uint32_t i = 0; c->nulls != NULL && i < n; i++) {
		uint32_t row = from + rows[i];
		nulls[i] = c->nulls[row / 8] >> row % 8 & 1;
		values[i] = nulls[i] != 0 ? 0 : values[i];
	}
	return c->nulls != NULL;
}

/* n numbers of `width` bits, and no bit set behind the last; NULL when they are not there. */
static const uint8_t *take_packed(struct sl_cursor *in, uint32_t n, uint32_t width)
{
	uint64_t bits = (uint64_t)n * width;
	const uint8_t *packed = sl_cursor_take(in, (size_t)((bits + 7) / 8));

	return packed != NULL && (bits % 8 == 0 || packed[bits / 8] >> bits % 8 == 0) ? packed : NULL;
}

static bool take_nulls(struct sl_chunk *c, struct sl_cursor *in)
{
	uint8_t flags = sl_cursor_u8(in), any = 0;

	if (flags != SL_CHUNK_NULLS)
		return flags == 0;
	c->nulls = take_packed(in, c->rows, 1);
	for (uint32_t i = 0; c->nulls != NULL && i < (c->rows + 7) / 8; i++)
		any |= c->nulls[i];
	return any != 0;
}

static bool take_values(struct sl_chunk *c, struct sl_cursor *in, bool based, uint32_t width_max)
{
	c->base = based ? sl_cursor_u64(in) : 0;
	c->width = sl_cursor_u8(in);
	c->packed = c->width <= width_max ? take_packed(in, c->rows, c->width) : NULL;
	return c->packed != NULL;
}

static bool indexes_fit(const struct sl_chunk *c)
{
	uint64_t negative = 0;

	for (uint32_t i = 0; c->entries < UINT64_C(1) << c->width && i < c->rows; i++)
		negative |= c->entries - 1 - index_at(c->packed, c->width, i);
	return negative >> 63 == 0;
}

static bool take_dictionary(struct sl_chunk *c, struct sl_cursor *in)
{
	c->entries = sl_cursor_u32(in);
	c->width = sl_cursor_u8(in);
	if (c->entries == 0 || c->entries > c->rows || c->width > 16 || c->entries > UINT64_C(1) << c->width)
		return false;
	c->dictionary = sl_cursor_take(in, (size_t)c->entries * 8);
	c->packed = take_packed(in, c->rows, c->width);
	if (c->dictionary == NULL || c->packed == NULL)
		return false;
	for (uint32_t i = 1; i < c->entries; i++)
		if ((int64_t)sl_unpack_load(c->dictionary + 8 * i) <= (int64_t)sl_unpack_load(c->dictionary + 8 * (i - 1)))
			return false;
	return indexes_fit(c);
}

static bool take_runs(struct sl_chunk *c, struct sl_cursor *in)
{
	const uint8_t *lengths;
	int64_t few[FEW_RUNS];
	uint32_t length_width, n;
	uint64_t end = 0;

	c->runs = sl_cursor_u32(in);
	c->base = sl_cursor_u64(in);
	c->width = sl_cursor_u8(in);
	length_width = sl_cursor_u8(in);
	if (c->runs == 0 || c->runs > c->rows || c->runs > c->runs_max || c->width > 64 || length_width > 16)
		return false;
	c->packed = take_packed(in, c->runs, c->width);
	lengths = take_packed(in, c->runs, length_width);
	if (c->packed == NULL || lengths == NULL)
		return false;
	for (uint32_t i = 0; i < c->runs && end <= c->rows; i += n) {
		n = c->runs - i < FEW_RUNS ? c->runs - i : FEW_RUNS;
		sl_unpack(lengths, length_width, 1, i, n, few);
		for (uint32_t k = 0; k < n; k++) {
			end += (uint64_t)few[k];
			c->run_last[i + k] = (uint16_t)(end - 1);
		}
	}
	return end == c->rows;
}

static bool take_parts(struct sl_chunk *c, struct sl_cursor *in)
{
	switch (c->encoding) {
	case SL_ENCODING_PLAIN:
		c->width = 64;
		c->packed = take_packed(in, c->rows, 64);
		return c->packed != NULL;
	case SL_ENCODING_PACKED:
		return take_values(c, in, false, 63);
	case SL_ENCODING_FRAME:
		return take_values(c, in, true, 64);
	case SL_ENCODING_DICTIONARY:
		return take_dictionary(c, in);
	case SL_ENCODING_RUNS:
		return take_runs(c, in);
	default:
		return false;
	}
}

bool sl_chunk_parse(struct sl_chunk *c, enum sl_encoding encoding, uint32_t rows, uint32_t bytes)
{
	struct sl_cursor in = sl_cursor_over(c->plain, bytes <= c->bytes_max ? bytes : 0);

	*c = (struct sl_chunk){ .plain = c->plain, .run_last = c->run_last, .bytes_max = c->bytes_max,
		.runs_max = c->runs_max, .rows = rows, .encoding = encoding };
	if (rows > 0 && rows <= SL_CHUNK_ROWS && bytes <= c->bytes_max && take_nulls(c, &in) && take_parts(c, &in) &&
	    !in.failed && sl_cursor_left(&in) == 0)
		return true;
	explicit_bzero(c->plain, c->bytes_max);
	*c = (struct sl_chunk){ .plain = c->plain, .run_last = c->run_last, .bytes_max = c->bytes_max,
		.runs_max = c->runs_max };
	return false;
}
