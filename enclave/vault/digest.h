/*
 * digest.h - SHA-256 of a stream, HMAC-SHA256 under one key, HKDF-SHA256, random bytes: what load and jobs need
 * besides the cipher. Of it the engine uses SHA-256 alone, to say which plan a result answers.
 */
#ifndef SL_VAULT_DIGEST_H
#define SL_VAULT_DIGEST_H

#include "enclave/base/err.h"

#define SL_DIGEST_BYTES 32

struct sl_sha256;
struct sl_hmac;

/* Made before lock-down; add and end need nothing from the system after. SL_E_NOMEM, SL_E_BUG. free accepts NULL. */
SL_MUST_CHECK enum sl_rc sl_sha256_new(struct sl_sha256 **out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_sha256_add(struct sl_sha256 *s, const void *data, size_t len, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_sha256_end(struct sl_sha256 *s, uint8_t out[static SL_DIGEST_BYTES], struct sl_err *err);
void sl_sha256_free(struct sl_sha256 *s);

/* The same for HMAC; one context serves any number of messages. */
SL_MUST_CHECK enum sl_rc sl_hmac_new(const uint8_t *key, size_t nkey, struct sl_hmac **out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_hmac_of(struct sl_hmac *h, const void *data, size_t len,
                                    uint8_t out[static SL_DIGEST_BYTES], struct sl_err *err);
void sl_hmac_free(struct sl_hmac *h);

/* sl_hkdf - RFC 5869 with an empty salt, 32 bytes. SL_E_BUG; out is then zeroed. */
SL_MUST_CHECK enum sl_rc sl_hkdf(const uint8_t key[static 32], const char *info, uint8_t out[static 32],
                                 struct sl_err *err);

/* sl_random - from the system's generator. Not after lock-down. SL_E_BUG. */
SL_MUST_CHECK enum sl_rc sl_random(uint8_t *out, size_t len, struct sl_err *err);

#endif
