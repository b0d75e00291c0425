/* encode.c - see encode.h. */
#include "enclave/vault/encode.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "numbers are written as they lie: this host order needs a swap here"
#endif

/* What is known of the cells once they have been looked through. */
struct shape {
	uint32_t rows;
	int64_t lo, hi;            /* of s->values, so with what stands in for missing ones */
	uint32_t runs, longest;
	uint32_t distinct;         /* in the table; 0: too many for a dictionary */
};

/* Where the next byte goes. */
struct cut {
	uint8_t *at;
};

static void put_u8(struct cut *c, uint32_t v)
{
	*c->at++ = (uint8_t)v;
}

/* The lowest bytes of v. */
static void put_le(struct cut *c, uint64_t v, uint32_t bytes)
{
	memcpy(c->at, &v, bytes);
	c->at += bytes;
}

static uint32_t width_of(uint64_t v)
{
	return v == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(v);
}

static uint64_t packed_bytes(uint64_t n, uint32_t width)
{
	return (n * width + 7) / 8;
}

/* values[i] - base, `width` bits each: number i goes to bit i * width on. */
static void put_packed(struct cut *c, const int64_t *values, uint32_t n, int64_t base, uint32_t width)
{
	uint64_t bits = 0;
	uint32_t used = 0;

	for (uint32_t i = 0; width > 0 && i < n; i++) {
		uint64_t number = (uint64_t)values[i] - (uint64_t)base;

		bits |= number << used;
		used += width;
		if (used >= 64) {
			put_le(c, bits, 8);
			used -= 64;
			bits = used > 0 ? number >> (width - used) : 0;
		}
	}
	put_le(c, bits, (used + 7) / 8);
}

/*
 * A missing cell takes the value of the row before, the first ones that of the first that is there: it lengthens a run,
 * widens no range and adds to no dictionary. All missing: 0.
 */
static struct sl_zone fill_in(struct sl_encode_scratch *s, const int64_t *values, const uint8_t *nulls, uint32_t rows)
{
	struct sl_zone zone = { .lo = INT64_MAX, .hi = INT64_MIN };
	int64_t last = 0;

	/* Nothing lies in out so early. */
	if (nulls == NULL)
		nulls = memset(s->out, 0, rows);
	for (uint32_t r = 0; r < rows; r++)
		if (nulls[r] == 0) {
			last = values[r];
			break;
		}
	for (uint32_t r = 0; r < rows; r++) {
		if (nulls[r] == 0) {
			last = values[r];
			zone.lo = last < zone.lo ? last : zone.lo;
			zone.hi = last > zone.hi ? last : zone.hi;
		}
		zone.nulls += nulls[r] != 0;
		s->values[r] = last;
	}
	return zone;
}

static void count_runs(const int64_t *values, struct shape *shape)
{
	uint32_t start = 0;

	for (uint32_t r = 1; r <= shape->rows; r++)
		if (r == shape->rows || values[r] != values[r - 1]) {
			shape->longest = r - start > shape->longest ? r - start : shape->longest;
			shape->runs++;
			start = r;
		}
}

_Static_assert(SL_ENCODE_SLOTS == 1 << (64 - 47), "a slot is the highest bits of a product");

/* Where v is in the table, or would go. */
static uint32_t *slot_of(struct sl_encode_scratch *s, int64_t v)
{
	uint32_t slot = (uint32_t)((uint64_t)v * UINT64_C(0x9E3779B97F4A7C15) >> 47);

	while (s->slots[slot] != 0 && s->distinct[s->slots[slot] - 1] != v)
		slot = (slot + 1) % SL_ENCODE_SLOTS;
	return &s->slots[slot];
}

static uint64_t dictionary_bytes(uint32_t distinct, uint32_t rows)
{
	return 4 + 1 + (uint64_t)distinct * 8 + packed_bytes(rows, width_of(distinct - 1));
}

/* Fills the table, and gives up as soon as a dictionary would take more than `bytes`. */
static uint32_t count_distinct(struct sl_encode_scratch *s, uint32_t rows, uint64_t bytes)
{
	uint32_t n = 0;

	memset(s->slots, 0, sizeof s->slots);
	for (uint32_t r = 0; r < rows; r++) {
		uint32_t *slot = slot_of(s, s->values[r]);

		if (*slot != 0)
			continue;
		s->distinct[n++] = s->values[r];
		*slot = n;
		if (dictionary_bytes(n, rows) > bytes)
			return 0;
	}
	return n;
}

static void sink(int64_t *v, uint32_t at, uint32_t n)
{
	for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
		int64_t parent = v[at];

		child += child + 1 < n && v[child + 1] > v[child];
		if (parent >= v[child])
			return;
		v[at] = v[child];
		v[child] = parent;
	}
}

/* A heap sort: no allocation, no recursion. */
static void sort(int64_t *v, uint32_t n)
{
	for (uint32_t i = n / 2; i-- > 0;)
		sink(v, i, n);
	for (uint32_t end = n; end-- > 1;) {
		int64_t largest = v[0];

		v[0] = v[end];
		v[end] = largest;
		sink(v, 0, end);
	}
}

static uint32_t frame_width(const struct shape *shape)
{
	return width_of((uint64_t)shape->hi - (uint64_t)shape->lo);
}

static uint64_t runs_bytes(const struct shape *shape)
{
	return 4 + 8 + 1 + 1 + packed_bytes(shape->runs, frame_width(shape)) +
	       packed_bytes(shape->runs, width_of(shape->longest - 1));
}

/* Bytes behind the bitmap; UINT64_MAX where the encoding cannot hold the cells. */
static uint64_t bytes_in(enum sl_encoding encoding, const struct shape *shape)
{
	switch (encoding) {
	case SL_ENCODING_PLAIN:
		return (uint64_t)shape->rows * 8;
	case SL_ENCODING_PACKED:
		return shape->lo < 0 ? UINT64_MAX : 1 + packed_bytes(shape->rows, width_of((uint64_t)shape->hi));
	case SL_ENCODING_FRAME:
		return 8 + 1 + packed_bytes(shape->rows, frame_width(shape));
	case SL_ENCODING_RUNS:
		return runs_bytes(shape);
	case SL_ENCODING_DICTIONARY:
		return shape->distinct == 0 ? UINT64_MAX : dictionary_bytes(shape->distinct, shape->rows);
	default:
		return UINT64_MAX;
	}
}

static enum sl_encoding smallest(const struct shape *shape)
{
	enum sl_encoding best = SL_ENCODING_PLAIN;

	for (int e = SL_ENCODING_PLAIN; e < SL_ENCODING_COUNT_; e++)
		if (bytes_in((enum sl_encoding)e, shape) < bytes_in(best, shape))
			best = (enum sl_encoding)e;
	return best;
}

static void put_dictionary(struct sl_encode_scratch *s, const struct shape *shape, struct cut *c)
{
	uint32_t width = width_of(shape->distinct - 1);

	sort(s->distinct, shape->distinct);
	put_le(c, shape->distinct, 4);
	put_u8(c, width);
	memset(s->slots, 0, sizeof s->slots);
	for (uint32_t i = 0; i < shape->distinct; i++) {
		put_le(c, (uint64_t)s->distinct[i], 8);
		*slot_of(s, s->distinct[i]) = i + 1;
	}
	for (uint32_t r = 0; r < shape->rows; r++)
		s->values[r] = *slot_of(s, s->values[r]) - 1;
	put_packed(c, s->values, shape->rows, 0, width);
}

static void put_runs(struct sl_encode_scratch *s, const struct shape *shape, struct cut *c)
{
	uint32_t width = frame_width(shape), length_width = width_of(shape->longest - 1), n = 0, start = 0;

	put_le(c, shape->runs, 4);
	put_le(c, (uint64_t)shape->lo, 8);
	put_u8(c, width);
	put_u8(c, length_width);
	for (uint32_t r = 0; r < shape->rows; r++)
		if (r == 0 || s->values[r] != s->values[r - 1])
			s->distinct[n++] = s->values[r];
	put_packed(c, s->distinct, n, shape->lo, width);
	n = 0;
	for (uint32_t r = 1; r <= shape->rows; r++)
		if (r == shape->rows || s->values[r] != s->values[r - 1]) {
			s->distinct[n++] = r - start;
			start = r;
		}
	put_packed(c, s->distinct, n, 1, length_width);
}

static void put_values(struct sl_encode_scratch *s, enum sl_encoding encoding, const struct shape *shape,
                       struct cut *c)
{
	switch (encoding) {
	case SL_ENCODING_PACKED:
		put_u8(c, width_of((uint64_t)shape->hi));
		put_packed(c, s->values, shape->rows, 0, width_of((uint64_t)shape->hi));
		break;
	case SL_ENCODING_FRAME:
		put_le(c, (uint64_t)shape->lo, 8);
		put_u8(c, frame_width(shape));
		put_packed(c, s->values, shape->rows, shape->lo, frame_width(shape));
		break;
	case SL_ENCODING_DICTIONARY:
		put_dictionary(s, shape, c);
		break;
	case SL_ENCODING_RUNS:
		put_runs(s, shape, c);
		break;
	default:
		put_packed(c, s->values, shape->rows, 0, 64);
	}
}

static void put_nulls(struct cut *c, const uint8_t *nulls, uint32_t rows)
{
	memset(c->at, 0, (rows + 7) / 8);
	for (uint32_t r = 0; r < rows; r++)
		c->at[r / 8] = (uint8_t)(c->at[r / 8] | (nulls[r] != 0 ? 1u << r % 8 : 0));
	c->at += (rows + 7) / 8;
}

struct sl_encoded sl_encode_chunk(struct sl_encode_scratch *s, const int64_t *values, const uint8_t *nulls,
                                  uint32_t rows)
{
	struct sl_encoded e = { .zone = fill_in(s, values, nulls, rows) };
	struct shape shape = { .rows = rows, .lo = e.zone.lo, .hi = e.zone.hi };
	struct cut c = { s->out };

	if (e.zone.nulls == rows)
		shape.lo = shape.hi = 0;
	count_runs(s->values, &shape);
	shape.distinct = count_distinct(s, rows, bytes_in(smallest(&shape), &shape));
	e.encoding = smallest(&shape);
	put_u8(&c, e.zone.nulls > 0 ? SL_CHUNK_NULLS : 0);
	if (e.zone.nulls > 0)
		put_nulls(&c, nulls, rows);
	put_values(s, e.encoding, &shape, &c);
	e.bytes = (uint32_t)(c.at - s->out);
	return e;
}
