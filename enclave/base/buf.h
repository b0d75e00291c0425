/*
 * buf.h - bytes that grow up to a stated bound, and a cursor that reads bytes it does not trust.
 *
 * All numbers on a wire or in a file are little-endian and written byte by byte, so no reader depends
 * on alignment or host order.
 */
#ifndef SL_BASE_BUF_H
#define SL_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enclave/base/err.h"

/* Zeroed is empty and valid. data is heap memory of the buffer; free with sl_buf_free. */
struct sl_buf {
	uint8_t *data;
	size_t len, cap;
	size_t max;      /* bound in bytes; 0 means SL_BUF_MAX */
	bool failed;     /* sticky: an append did not fit or memory ran out; len keeps its old value */
	bool no_memory;  /* it was memory */
};

#define SL_BUF_MAX ((size_t)1 << 30)

void sl_buf_free(struct sl_buf *b);        /* zeroes the bytes first; b is empty after */
void sl_buf_reset(struct sl_buf *b);       /* len 0, failure cleared; memory kept */

/* Appends. After a failure they do nothing; ask once at the end with sl_buf_ok. */
void sl_buf_put(struct sl_buf *b, const void *data, size_t len);
void sl_buf_reserve(struct sl_buf *b, size_t len);             /* len more bytes will not make it grow; adds none */
uint8_t *sl_buf_room(struct sl_buf *b, size_t len);            /* the new bytes, for the caller to fill; NULL: failed */
void sl_buf_text(struct sl_buf *b, const char *s);             /* without the NUL */
void sl_buf_printf(struct sl_buf *b, const char *fmt, ...) SL_PRINTF(2, 3);
void sl_buf_u8(struct sl_buf *b, uint8_t v);
void sl_buf_u16(struct sl_buf *b, uint16_t v);
void sl_buf_u32(struct sl_buf *b, uint32_t v);
void sl_buf_u64(struct sl_buf *b, uint64_t v);

/* sl_buf_ok - SL_OK, or SL_E_LIMIT (bound met) / SL_E_NOMEM naming `what`. */
SL_MUST_CHECK enum sl_rc sl_buf_ok(const struct sl_buf *b, const char *what, struct sl_err *err);

/* sl_buf_fails_with - where a part that was to be appended failed, so has `out`, and for the same reason. */
void sl_buf_fails_with(struct sl_buf *out, const struct sl_buf *part);

/* sl_buf_cstr - the bytes with a NUL behind (not counted in len); NULL when failed. Borrowed until the next append. */
char *sl_buf_cstr(struct sl_buf *b);

/* Reading: a cursor over borrowed bytes. After the first short read it is `failed` and yields zeroes. */
struct sl_cursor {
	const uint8_t *at, *end;
	bool failed;
};

struct sl_cursor sl_cursor_over(const void *data, size_t len);
size_t sl_cursor_left(const struct sl_cursor *c);
const uint8_t *sl_cursor_take(struct sl_cursor *c, size_t len);   /* NULL when short */
uint8_t sl_cursor_u8(struct sl_cursor *c);
uint16_t sl_cursor_u16(struct sl_cursor *c);
uint32_t sl_cursor_u32(struct sl_cursor *c);
uint64_t sl_cursor_u64(struct sl_cursor *c);

#endif
