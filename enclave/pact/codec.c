/* codec.c - see codec.h. The only place that turns wire bytes into structs. */
#include "enclave/pact/codec.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"

static const struct {
	const char *name;
	uint8_t bytes;   /* of a scalar on the wire and in memory */
	bool is_signed;
} kinds[] = {
	[SL_KIND_NONE] = {"none", 0, false}, [SL_KIND_U8] = {"u8", 1, false},   [SL_KIND_U16] = {"u16", 2, false},
	[SL_KIND_U32] = {"u32", 4, false},   [SL_KIND_U64] = {"u64", 8, false}, [SL_KIND_I8] = {"i8", 1, true},
	[SL_KIND_I32] = {"i32", 4, true},    [SL_KIND_I64] = {"i64", 8, true},  [SL_KIND_I128] = {"i128", 16, true},
	[SL_KIND_BYTES] = {"bytes", 0, false}, [SL_KIND_TEXT] = {"text", 0, false}, [SL_KIND_BLOB] = {"blob", 0, false},
	[SL_KIND_VEC] = {"vector", 0, false}, [SL_KIND_REC] = {"record", 0, false},
};

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "scalars are copied as they lie: this host order needs a swap here"
#endif

#define DEPTH_MAX 8 /* what a script holds: relation, plan, source, fold, expression, set, item */

const char *sl_kind_name(enum sl_kind kind)
{
	return (size_t)kind < sizeof kinds / sizeof kinds[0] ? kinds[kind].name : "none";
}

static uint64_t load_scalar(const struct sl_field *f, const void *at)
{
	switch (kinds[f->kind].bytes) {
	case 1: {
		uint8_t v;
		memcpy(&v, at, 1);
		return kinds[f->kind].is_signed ? (uint64_t)(int64_t)(int8_t)v : v;
	}
	case 2: {
		uint16_t v;
		memcpy(&v, at, 2);
		return v;
	}
	case 4: {
		uint32_t v;
		memcpy(&v, at, 4);
		return kinds[f->kind].is_signed ? (uint64_t)(int64_t)(int32_t)v : v;
	}
	default: {
		uint64_t v;
		memcpy(&v, at, 8);
		return v;
	}
	}
}

static bool in_range(const struct sl_field *f, uint64_t raw)
{
	if (f->lo == 0 && f->hi == 0) /* 128-bit ones have none */
		return true;
	if (kinds[f->kind].is_signed || f->kind != SL_KIND_U64)
		return (int64_t)raw >= f->lo && (int64_t)raw <= f->hi;
	return raw >= (uint64_t)f->lo && raw <= (uint64_t)f->hi;
}

static uint32_t count_of(const struct sl_field *f, const void *value)
{
	uint32_t n;
	memcpy(&n, (const char *)value + f->count_offset, sizeof n);
	return n;
}

static void *pointer_of(const struct sl_field *f, const void *value)
{
	void *p;
	memcpy(&p, (const char *)value + f->offset, sizeof p);
	return p;
}

static void set_vector(const struct sl_field *f, void *value, void *p, uint32_t n)
{
	memcpy((char *)value + f->offset, &p, sizeof p);
	memcpy((char *)value + f->count_offset, &n, sizeof n);
}

static enum sl_rc bad_value(const struct sl_record *rec, const struct sl_field *f, struct sl_err *err)
{
	return sl_err_set(err, SL_E_BUG, "%s.%s: value outside its declared bound", rec->name, f->name);
}

/*
 * Records of scalars and bytes alone lie in memory as on the wire but for padding: results are hundreds of thousands
 * of them, and copied by stretches between two paddings instead of field by field.
 */
#define FLAT_FIELDS_MAX 32

struct flat {
	size_t wire;                 /* bytes of one record */
	size_t nspans, nbounded;
	struct {
		size_t offset, bytes;
	} span[FLAT_FIELDS_MAX];
	const struct sl_field *bounded[FLAT_FIELDS_MAX]; /* fields that have a range */
};

static size_t fixed_bytes(const struct sl_field *f)
{
	return f->kind == SL_KIND_BYTES ? f->max : kinds[f->kind].bytes;
}

/* False: a field owns memory or is a record. */
static bool flatten(const struct sl_record *rec, struct flat *out)
{
	size_t end = SIZE_MAX;

	*out = (struct flat){ 0 };
	for (size_t i = 0; i < rec->nfields; i++) {
		const struct sl_field *f = &rec->fields[i];
		size_t bytes = fixed_bytes(f);
		if (bytes == 0 || rec->nfields > FLAT_FIELDS_MAX)
			return false;
		if (f->offset != end)
			out->span[out->nspans++].offset = f->offset;
		out->span[out->nspans - 1].bytes += bytes;
		if (f->lo != 0 || f->hi != 0)
			out->bounded[out->nbounded++] = f;
		out->wire += bytes;
		end = f->offset + bytes;
	}
	return out->nspans > 0;
}

/* The first field of *value that is out of its range, or NULL. */
static const struct sl_field *out_of_range(const struct flat *flat, const char *value)
{
	for (size_t i = 0; i < flat->nbounded; i++)
		if (!in_range(flat->bounded[i], load_scalar(flat->bounded[i], value + flat->bounded[i]->offset)))
			return flat->bounded[i];
	return NULL;
}

static enum sl_rc encode_flat(const struct sl_record *rec, const struct flat *flat, const char *items, uint32_t n,
                              struct sl_buf *out, struct sl_err *err)
{
	uint8_t *to = sl_buf_room(out, (size_t)n * flat->wire);

	for (uint32_t i = 0; to != NULL && i < n; i++, items += rec->size) {
		const struct sl_field *wrong = out_of_range(flat, items);
		if (wrong != NULL)
			return bad_value(rec, wrong, err);
		for (size_t s = 0; s < flat->nspans; s++) {
			memcpy(to, items + flat->span[s].offset, flat->span[s].bytes);
			to += flat->span[s].bytes;
		}
	}
	return SL_OK;
}

static enum sl_rc encode_record(const struct sl_record *rec, const void *value, struct sl_buf *out, struct sl_err *err);

static enum sl_rc encode_vector(const struct sl_record *rec, const char *items, uint32_t n, struct sl_buf *out,
                                struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	struct flat flat;

	sl_buf_u32(out, n);
	if (flatten(rec, &flat))
		return encode_flat(rec, &flat, items, n, out, err);
	for (uint32_t i = 0; i < n && rc == SL_OK && !out->failed; i++)
		rc = encode_record(rec, items + (size_t)i * rec->size, out, err);
	return rc;
}

static enum sl_rc encode_field(const struct sl_record *rec, const struct sl_field *f, const void *value,
                               struct sl_buf *out, struct sl_err *err)
{
	const void *at = (const char *)value + f->offset;

	switch (f->kind) {
	case SL_KIND_BYTES:
		sl_buf_put(out, at, f->max);
		return SL_OK;
	case SL_KIND_TEXT: {
		const char *s = pointer_of(f, value);
		size_t n = s != NULL ? strlen(s) : 0;
		if (n > f->max || (n > 0 && !sl_text_is_utf8(s, n)))
			return bad_value(rec, f, err);
		sl_buf_u32(out, (uint32_t)n);
		sl_buf_put(out, s, n);
		return SL_OK;
	}
	case SL_KIND_BLOB: {
		uint32_t n = count_of(f, value);
		if (n > f->max)
			return bad_value(rec, f, err);
		sl_buf_u32(out, n);
		sl_buf_put(out, pointer_of(f, value), n);
		return SL_OK;
	}
	case SL_KIND_VEC: {
		uint32_t n = count_of(f, value);
		if (n > f->max)
			return bad_value(rec, f, err);
		return encode_vector(f->sub, pointer_of(f, value), n, out, err);
	}
	case SL_KIND_REC:
		return encode_record(f->sub, at, out, err);
	default: {
		uint64_t raw = load_scalar(f, at);
		if (!in_range(f, raw))
			return bad_value(rec, f, err);
		sl_buf_put(out, at, kinds[f->kind].bytes);
		return SL_OK;
	}
	}
}

static enum sl_rc encode_record(const struct sl_record *rec, const void *value, struct sl_buf *out, struct sl_err *err)
{
	for (size_t i = 0; i < rec->nfields; i++) {
		enum sl_rc rc = encode_field(rec, &rec->fields[i], value, out, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

enum sl_rc sl_codec_encode(const struct sl_record *rec, const void *value, struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = encode_record(rec, value, out, err);

	return rc != SL_OK ? rc : sl_buf_ok(out, rec->name, err);
}

/* The fewest bytes a record can take, so that a count is refused before memory is asked for. */
static size_t least_bytes(const struct sl_record *rec)
{
	size_t n = 0;

	for (size_t i = 0; i < rec->nfields; i++) {
		const struct sl_field *f = &rec->fields[i];
		if (f->kind == SL_KIND_BYTES)
			n += f->max;
		else if (f->kind == SL_KIND_REC)
			n += least_bytes(f->sub);
		else if (f->kind == SL_KIND_TEXT || f->kind == SL_KIND_BLOB || f->kind == SL_KIND_VEC)
			n += 4;
		else
			n += kinds[f->kind].bytes;
	}
	return n > 0 ? n : 1;
}

static enum sl_rc decode_record(const struct sl_record *rec, struct sl_cursor *in, void *value, int depth,
                                struct sl_err *err);

static enum sl_rc refuse(const struct sl_record *rec, const struct sl_field *f, const char *why, struct sl_err *err)
{
	return sl_err_set(err, SL_E_INPUT, "%s.%s: %s", rec->name, f->name, why);
}

static enum sl_rc decode_text(const struct sl_record *rec, const struct sl_field *f, struct sl_cursor *in, void *value,
                              struct sl_err *err)
{
	uint32_t n = sl_cursor_u32(in);

	if (in->failed || n > f->max)
		return refuse(rec, f, "length over its bound", err);
	const uint8_t *bytes = sl_cursor_take(in, n);
	if (bytes == NULL || !sl_text_is_utf8(bytes, n))
		return refuse(rec, f, "cut short or not UTF-8", err);
	char *s = malloc((size_t)n + 1);
	if (s == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	memcpy(s, bytes, n);
	s[n] = '\0';
	memcpy((char *)value + f->offset, &s, sizeof s);
	return SL_OK;
}

static enum sl_rc decode_blob(const struct sl_record *rec, const struct sl_field *f, struct sl_cursor *in, void *value,
                              struct sl_err *err)
{
	uint32_t n = sl_cursor_u32(in);

	if (in->failed || n > f->max)
		return refuse(rec, f, "length over its bound", err);
	const uint8_t *bytes = sl_cursor_take(in, n);
	if (bytes == NULL)
		return refuse(rec, f, "cut short", err);
	uint8_t *copy = malloc(n > 0 ? n : 1);
	if (copy == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	memcpy(copy, bytes, n);
	set_vector(f, value, copy, n);
	return SL_OK;
}

static enum sl_rc decode_flat(const struct sl_record *rec, const struct flat *flat, struct sl_cursor *in, char *items,
                              uint32_t n, struct sl_err *err)
{
	const uint8_t *from = sl_cursor_take(in, (size_t)n * flat->wire);

	if (from == NULL)
		return refuse(rec, &rec->fields[0], "cut short", err);
	for (uint32_t i = 0; i < n; i++, items += rec->size) {
		for (size_t s = 0; s < flat->nspans; s++) {
			memcpy(items + flat->span[s].offset, from, flat->span[s].bytes);
			from += flat->span[s].bytes;
		}
		const struct sl_field *wrong = out_of_range(flat, items);
		if (wrong != NULL)
			return refuse(rec, wrong, "outside its range", err);
	}
	return SL_OK;
}

static enum sl_rc decode_vector(const struct sl_record *rec, const struct sl_field *f, struct sl_cursor *in,
                                void *value, int depth, struct sl_err *err)
{
	uint32_t n = sl_cursor_u32(in);
	struct flat flat;

	if (in->failed || n > f->max)
		return refuse(rec, f, "count over its bound", err);
	if ((uint64_t)n * least_bytes(f->sub) > sl_cursor_left(in))
		return refuse(rec, f, "count larger than the bytes behind it", err);
	char *items = calloc(n > 0 ? n : 1, f->sub->size);
	if (items == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	set_vector(f, value, items, n);
	if (flatten(f->sub, &flat))
		return decode_flat(f->sub, &flat, in, items, n, err);
	for (uint32_t i = 0; i < n; i++) {
		enum sl_rc rc = decode_record(f->sub, in, items + (size_t)i * f->sub->size, depth + 1, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

static enum sl_rc decode_scalar(const struct sl_record *rec, const struct sl_field *f, struct sl_cursor *in,
                                void *value, struct sl_err *err)
{
	uint8_t bytes = kinds[f->kind].bytes;
	const uint8_t *at = sl_cursor_take(in, bytes);
	uint8_t *to = (uint8_t *)value + f->offset;

	if (at == NULL)
		return refuse(rec, f, "cut short", err);
	memcpy(to, at, bytes);
	if (f->kind != SL_KIND_I128 && !in_range(f, load_scalar(f, to)))
		return refuse(rec, f, "outside its range", err);
	return SL_OK;
}

static enum sl_rc decode_field(const struct sl_record *rec, const struct sl_field *f, struct sl_cursor *in,
                               void *value, int depth, struct sl_err *err)
{
	switch (f->kind) {
	case SL_KIND_BYTES: {
		const uint8_t *at = sl_cursor_take(in, f->max);
		if (at == NULL)
			return refuse(rec, f, "cut short", err);
		memcpy((char *)value + f->offset, at, f->max);
		return SL_OK;
	}
	case SL_KIND_TEXT:
		return decode_text(rec, f, in, value, err);
	case SL_KIND_BLOB:
		return decode_blob(rec, f, in, value, err);
	case SL_KIND_VEC:
		return decode_vector(rec, f, in, value, depth, err);
	case SL_KIND_REC:
		return decode_record(f->sub, in, (char *)value + f->offset, depth + 1, err);
	default:
		return decode_scalar(rec, f, in, value, err);
	}
}

static enum sl_rc decode_record(const struct sl_record *rec, struct sl_cursor *in, void *value, int depth,
                                struct sl_err *err)
{
	SL_REQUIRE(depth < DEPTH_MAX);
	for (size_t i = 0; i < rec->nfields; i++) {
		enum sl_rc rc = decode_field(rec, &rec->fields[i], in, value, depth, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

enum sl_rc sl_codec_decode(const struct sl_record *rec, const void *data, size_t len, void *value, struct sl_err *err)
{
	struct sl_cursor in = sl_cursor_over(data, len);

	memset(value, 0, rec->size);
	enum sl_rc rc = decode_record(rec, &in, value, 0, err);
	if (rc == SL_OK && sl_cursor_left(&in) != 0)
		rc = sl_err_set(err, SL_E_INPUT, "%s: %zu bytes left over", rec->name, sl_cursor_left(&in));
	if (rc != SL_OK)
		sl_codec_free(rec, value);
	return rc;
}

enum sl_rc sl_codec_decode_older(const struct sl_record *rec, const void *data, size_t len, void *value,
                                 struct sl_err *err)
{
	struct sl_buf longer = { .max = len + sizeof(uint32_t) };
	enum sl_rc rc = sl_codec_decode(rec, data, len, value, NULL);

	SL_REQUIRE(rec->nfields > 0 && rec->fields[rec->nfields - 1].kind == SL_KIND_VEC);
	if (rc == SL_OK)
		return rc;
	if (rc != SL_E_INPUT)
		return sl_err_set(err, rc, "out of memory for %s", rec->name);
	sl_buf_put(&longer, data, len);
	sl_buf_u32(&longer, 0);
	rc = sl_buf_ok(&longer, rec->name, err);
	if (rc == SL_OK)
		rc = sl_codec_decode(rec, longer.data, longer.len, value, err);
	sl_buf_free(&longer);
	return rc;
}

void sl_codec_free(const struct sl_record *rec, void *value)
{
	struct flat flat;

	if (value == NULL)
		return;
	for (size_t i = 0; i < rec->nfields; i++) {
		const struct sl_field *f = &rec->fields[i];
		if (f->kind == SL_KIND_REC)
			sl_codec_free(f->sub, (char *)value + f->offset);
		if (f->kind != SL_KIND_TEXT && f->kind != SL_KIND_BLOB && f->kind != SL_KIND_VEC)
			continue;
		char *p = pointer_of(f, value);
		uint32_t n = p != NULL && f->kind == SL_KIND_VEC ? count_of(f, value) : 0;
		if (n > 0 && flatten(f->sub, &flat)) {
			explicit_bzero(p, (size_t)n * f->sub->size);
			n = 0;
		}
		for (uint32_t k = 0; k < n; k++)
			sl_codec_free(f->sub, p + (size_t)k * f->sub->size);
		free(p);
	}
	memset(value, 0, rec->size);
}

enum sl_rc sl_codec_copy(const struct sl_record *rec, const void *value, void *out, struct sl_err *err)
{
	struct sl_buf wire = {0};
	enum sl_rc rc = sl_codec_encode(rec, value, &wire, err);

	if (rc == SL_OK)
		rc = sl_codec_decode(rec, wire.data, wire.len, out, err);
	sl_buf_free(&wire);
	return rc;
}

uint64_t sl_codec_fixed_bytes(const struct sl_record *rec)
{
	static const uint8_t of_kind[] = {
		[SL_KIND_U8] = 1, [SL_KIND_U16] = 2, [SL_KIND_U32] = 4, [SL_KIND_U64] = 8,
		[SL_KIND_I8] = 1, [SL_KIND_I32] = 4, [SL_KIND_I64] = 8, [SL_KIND_I128] = 16,
	};
	uint64_t n = 0;

	for (size_t i = 0; i < rec->nfields; i++) {
		enum sl_kind kind = rec->fields[i].kind;
		n += kind == SL_KIND_BYTES ? rec->fields[i].max : kind < sizeof of_kind ? of_kind[kind] : 0;
	}
	return n;
}

void sl_codec_describe(const struct sl_record *rec, struct sl_buf *out)
{
	sl_buf_printf(out, "| field of `%s` | on the wire | meaning |\n|---|---|---|\n", rec->name);
	for (size_t i = 0; i < rec->nfields; i++) {
		const struct sl_field *f = &rec->fields[i];
		sl_buf_printf(out, "| `%s` | %s", f->name, sl_kind_name(f->kind));
		if (f->sub != NULL)
			sl_buf_printf(out, " of `%s`", f->sub->name);
		if (f->max > 0)
			sl_buf_printf(out, "%s %u", f->kind == SL_KIND_BYTES ? "," : ", at most", (unsigned)f->max);
		if (f->lo != 0 || f->hi != 0)
			sl_buf_printf(out, ", %lld to %lld", (long long)f->lo, (long long)f->hi);
		sl_buf_printf(out, " | %s |\n", f->doc);
	}
}
