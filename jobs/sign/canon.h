/*
 * canon.h - JSON that machines write and machines read: one text for one value, so it can be hashed and signed.
 *
 * Canonical: no white space, members sorted by the bytes of their keys, UTF-8 unescaped, no real numbers. Files that
 * people write are policy/json's.
 */
#ifndef SL_SIGN_CANON_H
#define SL_SIGN_CANON_H

#include <jansson.h>

#include "enclave/base/buf.h"

#define SL_CANON_DEPTH_MAX 32

/*
 * sl_canon_parse - an object or array from len bytes of any JSON; *out is the caller's (json_decref).
 * sl_canon_read - the same, of bytes that are canonical themselves.
 *   what  in  what it is, for messages ("approval.json")
 * Fails: SL_E_INPUT with line and column: not JSON, duplicate key, NUL, bad UTF-8, nested deeper than
 *        SL_CANON_DEPTH_MAX, bytes behind the value; read besides: a real number, or another text of the value.
 *        SL_E_LIMIT: more than bytes_max bytes. SL_E_NOMEM. *out is then NULL.
 */
SL_MUST_CHECK enum sl_rc sl_canon_parse(const char *what, const void *text, size_t len, size_t bytes_max,
                                        json_t **out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_canon_read(const char *what, const void *text, size_t len, size_t bytes_max, json_t **out,
                                       struct sl_err *err);

/* sl_canon_put - append the canonical text of an object or array. SL_E_BUG (a real number in it), SL_E_NOMEM,
 * SL_E_LIMIT; out keeps its length. */
SL_MUST_CHECK enum sl_rc sl_canon_put(const json_t *value, struct sl_buf *out, struct sl_err *err);


#endif
