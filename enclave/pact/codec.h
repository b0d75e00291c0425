/*
 * codec.h - one field table per record drives encoding, decoding, freeing, fuzz seeds and the docs.
 *
 * On the wire: scalars little-endian; fixed bytes as they are; text and blobs as u32 length + bytes;
 * vectors as u32 count + elements. No pointers, no padding, no optional parts. Decoding checks every
 * range and bound of the table, and that no byte is left.
 */
#ifndef SL_PACT_CODEC_H
#define SL_PACT_CODEC_H

#include "enclave/base/buf.h"
#include "enclave/base/num.h"

enum sl_kind {
	SL_KIND_NONE = 0,
	SL_KIND_U8, SL_KIND_U16, SL_KIND_U32, SL_KIND_U64,
	SL_KIND_I8, SL_KIND_I32, SL_KIND_I64, SL_KIND_I128,
	SL_KIND_BYTES, /* uint8_t[max] */
	SL_KIND_TEXT,  /* char *, heap, NUL-terminated UTF-8 of at most max bytes; NULL encodes as "" and decodes as "" */
	SL_KIND_BLOB,  /* uint8_t * + uint32_t count of at most max bytes */
	SL_KIND_VEC,   /* element * + uint32_t count of at most max elements, each a `sub` record */
	SL_KIND_REC,   /* a `sub` record in place */
};

struct sl_record;

struct sl_field {
	const char *name;
	enum sl_kind kind;
	size_t offset;            /* of the value or pointer in the struct */
	size_t count_offset;      /* of the uint32_t count (BLOB, VEC) */
	uint32_t max;             /* bytes or elements */
	int64_t lo, hi;           /* scalars: inclusive range; lo = hi = 0 means the whole type */
	const struct sl_record *sub;
	const char *doc;
};

struct sl_record {
	const char *name;
	size_t size;              /* sizeof the struct */
	const struct sl_field *fields;
	size_t nfields;
};

#define SL_SCALAR(T, k, m, lo_, hi_, doc_) \
	{ .name = #m, .kind = (k), .offset = offsetof(T, m), .lo = (lo_), .hi = (hi_), .doc = (doc_) }
#define SL_BYTES(T, m, n, doc_) \
	{ .name = #m, .kind = SL_KIND_BYTES, .offset = offsetof(T, m), .max = (n), .doc = (doc_) }
#define SL_TEXT(T, m, n, doc_) \
	{ .name = #m, .kind = SL_KIND_TEXT, .offset = offsetof(T, m), .max = (n), .doc = (doc_) }
#define SL_BLOB(T, m, c, n, doc_)                                                                           \
	{                                                                                                   \
		.name = #m, .kind = SL_KIND_BLOB, .offset = offsetof(T, m), .count_offset = offsetof(T, c), \
		.max = (n), .doc = (doc_)                                                                   \
	}
#define SL_VEC(T, m, c, n, sub_, doc_)                                                                                 \
	{                                                                                                              \
		.name = #m, .kind = SL_KIND_VEC, .offset = offsetof(T, m), .count_offset = offsetof(T, c), .max = (n), \
		.sub = &(sub_), .doc = (doc_)                                                                          \
	}
#define SL_REC(T, m, sub_, doc_) \
	{ .name = #m, .kind = SL_KIND_REC, .offset = offsetof(T, m), .sub = &(sub_), .doc = (doc_) }
#define SL_RECORD(var, T, table) \
	const struct sl_record var = { #T, sizeof(struct T), (table), sizeof(table) / sizeof((table)[0]) }

/*
 * sl_codec_encode - append rec's wire form to out. Values must satisfy the table: SL_E_BUG names the field
 * that does not (the sender made it), SL_E_LIMIT when out is full.
 */
SL_MUST_CHECK enum sl_rc sl_codec_encode(const struct sl_record *rec, const void *value, struct sl_buf *out,
                                         struct sl_err *err);

/*
 * sl_codec_decode - fill *value (caller's storage of rec->size bytes, any content) from exactly len bytes.
 * On failure everything allocated is freed and *value is zeroed: SL_E_INPUT names field and reason,
 * SL_E_NOMEM. An allocation is made only after its count fits the bytes that are left.
 */
SL_MUST_CHECK enum sl_rc sl_codec_decode(const struct sl_record *rec, const void *data, size_t len, void *value,
                                         struct sl_err *err);

/*
 * sl_codec_decode_older - the same; also of what was stored before the record got the vector that is its last field,
 * and ends where its count would stand: it has none. Of the two errors the second is told.
 */
SL_MUST_CHECK enum sl_rc sl_codec_decode_older(const struct sl_record *rec, const void *data, size_t len, void *value,
                                               struct sl_err *err);

/* sl_codec_free - free what the fields own and zero *value. Accepts a zeroed or NULL value. */
void sl_codec_free(const struct sl_record *rec, void *value);

/* sl_codec_copy - deep copy (encode, decode). *out as after decode. */
SL_MUST_CHECK enum sl_rc sl_codec_copy(const struct sl_record *rec, const void *value, void *out, struct sl_err *err);

/* sl_codec_fixed_bytes - wire size of a record of numbers and fixed bytes only; anything longer counts nothing. */
uint64_t sl_codec_fixed_bytes(const struct sl_record *rec);

/* sl_codec_describe - append the field table as the Markdown table docs/formats.md shows. */
void sl_codec_describe(const struct sl_record *rec, struct sl_buf *out);

/* sl_kind_name - "u8", "text" … */
const char *sl_kind_name(enum sl_kind kind);

#endif
