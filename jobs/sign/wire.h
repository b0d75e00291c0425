/*
 * wire.h - inside jobs/sign: the data types of SSH (RFC 4251, section 5), big-endian, over bytes nobody vouches for.
 */
#ifndef SL_SIGN_WIRE_H
#define SL_SIGN_WIRE_H

#include <stdbool.h>

#include "enclave/base/buf.h"

/* A string as it lies in the borrowed bytes. */
struct sl_wire_string {
	const uint8_t *data;
	size_t len;
};

/* Reading: short input makes the cursor `failed` and yields zero or the empty string. */
uint32_t sl_wire_u32(struct sl_cursor *c);
struct sl_wire_string sl_wire_get(struct sl_cursor *c);
bool sl_wire_is(struct sl_wire_string s, const char *text);
/* sl_wire_text - s into out with a NUL: false when it is longer than max-1, or not clean text. */
bool sl_wire_text(struct sl_wire_string s, char *out, size_t max);

void sl_wire_put_u32(struct sl_buf *out, uint32_t v);
void sl_wire_put(struct sl_buf *out, const void *data, size_t len);

#endif
