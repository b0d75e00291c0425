/*
 * seal.h - what the trusted floors need on top of cipher.h and digest.h: a key as a type, a digest in one call, a
 * comparison that takes the same time for every content, and a sealed box (any bytes under a key and a context).
 *
 * Streaming SHA-256, HMAC, HKDF and random bytes are digest.h; ciphering chunk by chunk under lock-down is cipher.h.
 * Called by jobs. Not by confined programs: each call allocates.
 */
#ifndef SL_VAULT_SEAL_H
#define SL_VAULT_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enclave/base/buf.h"

#define SL_SEAL_DIGEST_BYTES 32

/* A secret of 32 bytes. Owned by whoever declares it, who wipes it with sl_secret_wipe on every way out. */
struct sl_secret {
	uint8_t b[32];
};

/* sl_secret_new - a fresh random key. SL_E_BUG (the library refused); *out is then zeroed. */
SL_MUST_CHECK enum sl_rc sl_secret_new(struct sl_secret *out, struct sl_err *err);
/* sl_secret_derive - HKDF-SHA256(from, no salt, info). `info` names the purpose: one info, one purpose. SL_E_BUG. */
SL_MUST_CHECK enum sl_rc sl_secret_derive(const struct sl_secret *from, const char *info, struct sl_secret *out,
                                          struct sl_err *err);
void sl_secret_wipe(struct sl_secret *k);

/* sl_seal_equal - same bytes? The time depends on len only. Lengths are compared by the caller before. */
bool sl_seal_equal(const void *a, const void *b, size_t len);

/* One stretch of a message that is not in one piece. */
struct sl_seal_part {
	const void *data;
	size_t len;
};

/* sl_seal_sha256 - of len bytes; _parts: of the parts one behind the other. SL_E_BUG; out is then zeroed. */
SL_MUST_CHECK enum sl_rc sl_seal_sha256(const void *data, size_t len, uint8_t out[static SL_SEAL_DIGEST_BYTES],
                                        struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_seal_sha256_parts(const struct sl_seal_part *parts, size_t n,
                                              uint8_t out[static SL_SEAL_DIGEST_BYTES], struct sl_err *err);

/* sl_seal_hmac - HMAC-SHA256 of len bytes under key. SL_E_BUG; out is then zeroed. */
SL_MUST_CHECK enum sl_rc sl_seal_hmac(const struct sl_secret *key, const void *data, size_t len,
                                      uint8_t out[static SL_SEAL_DIGEST_BYTES], struct sl_err *err);

/*
 * sl_seal_box - append to out the sealed form of len bytes: random nonce (12), ciphertext (len), tag (16).
 * sl_seal_unbox - append the bytes again.
 *   key      in      one purpose, fewer than 2^32 boxes (the nonces are random)
 *   context  in      what the box is and whose ("result J-7"); bound to the tag, not stored
 *   out      in/out  keeps what it held; on failure its length is as before
 * Limits: len under 2^30.
 * Fails:  SL_E_LIMIT, SL_E_NOMEM, SL_E_BUG; unbox SL_E_INTEGRITY (other key, other context, a byte changed or
 *         missing).
 */
#define SL_SEAL_BOX_EXTRA 28
SL_MUST_CHECK enum sl_rc sl_seal_box(const struct sl_secret *key, const char *context, const void *data, size_t len,
                                     struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_seal_unbox(const struct sl_secret *key, const char *context, const void *box, size_t len,
                                       struct sl_buf *out, struct sl_err *err);

#endif
