/*
 * cipher.h - AES-256-GCM under one key: the only cryptography the engine links.
 *
 * A cipher is made before lock-down and used after without a system call or an allocation.
 */
#ifndef SL_VAULT_CIPHER_H
#define SL_VAULT_CIPHER_H

#include "enclave/base/err.h"

#define SL_CIPHER_KEY_BYTES 32
#define SL_CIPHER_NONCE_BYTES 12
#define SL_CIPHER_TAG_BYTES 16

struct sl_cipher;

/* sl_cipher_new - SL_E_NOMEM, SL_E_BUG (the library refused); *out is then NULL. sl_cipher_free wipes; accepts NULL. */
SL_MUST_CHECK enum sl_rc sl_cipher_new(const uint8_t key[static SL_CIPHER_KEY_BYTES], struct sl_cipher **out,
                                       struct sl_err *err);
void sl_cipher_free(struct sl_cipher *c);

/*
 * sl_cipher_seal, sl_cipher_open - len bytes (under 2 GiB) from in to out, which may be the same; aad is bound to the
 * tag. A nonce is used for one seal per key, ever.
 * Fails: seal SL_E_BUG. open SL_E_INTEGRITY: not these bytes, tag, aad, nonce or key; out is then zeroed.
 */
SL_MUST_CHECK enum sl_rc sl_cipher_seal(struct sl_cipher *c, const uint8_t nonce[static SL_CIPHER_NONCE_BYTES],
                                        const void *aad, size_t naad, const uint8_t *in, size_t len, uint8_t *out,
                                        uint8_t tag[static SL_CIPHER_TAG_BYTES], struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_cipher_open(struct sl_cipher *c, const uint8_t nonce[static SL_CIPHER_NONCE_BYTES],
                                        const void *aad, size_t naad, const uint8_t *in, size_t len,
                                        const uint8_t tag[static SL_CIPHER_TAG_BYTES], uint8_t *out,
                                        struct sl_err *err);

#endif
