/*
 * base64.h - RFC 4648 base64 (alphabet + and /, padded), in the one canonical form only: no white space, no missing
 * padding, no stray bits in the last character. So two texts never mean the same bytes.
 */
#ifndef SL_SIGN_BASE64_H
#define SL_SIGN_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enclave/base/buf.h"

/* Characters for n bytes, without a NUL. */
#define SL_BASE64_TEXT(n) (((n) + 2) / 3 * 4)

/* sl_base64_write - SL_BASE64_TEXT(len) characters and a NUL into out. */
void sl_base64_write(const void *data, size_t len, char *out);
/* sl_base64_put - append the text of len bytes; a failure stays in out (sl_buf_ok). */
void sl_base64_put(struct sl_buf *out, const void *data, size_t len);

/* sl_base64_read - all of text[0..len) into out; at most max bytes. False: not canonical base64, or more than max;
 * *nout is then 0. */
bool sl_base64_read(const char *text, size_t len, uint8_t *out, size_t max, size_t *nout);

#endif
