/*
 * ed25519.h - the enclave's signing key: Ed25519 (RFC 8032) as bytes, and as the PEM forms stock openssl reads.
 *
 * The private file is PKCS #8 (RFC 8410), the public one SubjectPublicKeyInfo; each has exactly one text, so reading is
 * a comparison and not a parser. `openssl pkeyutl -verify -rawin -pubin` repeats every check made here.
 */
#ifndef SL_SIGN_ED25519_H
#define SL_SIGN_ED25519_H

#include <stdbool.h>

#include "enclave/base/buf.h"

#define SL_ED25519_PUBLIC_BYTES 32
#define SL_ED25519_SIGNATURE_BYTES 64
#define SL_ED25519_ID_TEXT 65

/* The caller's storage; wiped with sl_ed25519_wipe on every way out. */
struct sl_ed25519 {
	uint8_t seed[32];
	uint8_t public[SL_ED25519_PUBLIC_BYTES];
};

/* sl_ed25519_generate - a fresh key. sl_ed25519_from_seed - the key of a seed. SL_E_BUG; *key is then zeroed. */
SL_MUST_CHECK enum sl_rc sl_ed25519_generate(struct sl_ed25519 *key, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_ed25519_from_seed(const uint8_t seed[static 32], struct sl_ed25519 *key,
                                              struct sl_err *err);
void sl_ed25519_wipe(struct sl_ed25519 *key);

/*
 * sl_ed25519_write, sl_ed25519_read - as a private file (private_file.h gives the failures of the file itself).
 * read fails besides with SL_E_INPUT: not one unencrypted Ed25519 key in PKCS #8 PEM. *key is zeroed on failure.
 */
SL_MUST_CHECK enum sl_rc sl_ed25519_write(const struct sl_ed25519 *key, const char *path, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_ed25519_read(const char *path, struct sl_ed25519 *key, struct sl_err *err);

/* sl_ed25519_sign - SL_E_BUG; sig is then zeroed. */
SL_MUST_CHECK enum sl_rc sl_ed25519_sign(const struct sl_ed25519 *key, const void *message, size_t len,
                                         uint8_t sig[static SL_ED25519_SIGNATURE_BYTES], struct sl_err *err);
/*
 * sl_ed25519_verify - SL_OK: this key signed these bytes. SL_E_INTEGRITY: it did not, or the key is one that
 * sl_ed25519_is_weak. SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_ed25519_verify(const uint8_t public[static SL_ED25519_PUBLIC_BYTES], const void *message,
                                           size_t len, const uint8_t sig[static SL_ED25519_SIGNATURE_BYTES],
                                           struct sl_err *err);
/*
 * sl_ed25519_is_weak - a point of small order: some signature under it fits many messages, so whoever signed cannot be
 * told. Such a key is nobody's.
 */
bool sl_ed25519_is_weak(const uint8_t public[static SL_ED25519_PUBLIC_BYTES]);

/* sl_ed25519_public_pem - append the public key's PEM. sl_ed25519_public_from_pem - SL_E_INPUT: not exactly one. */
void sl_ed25519_public_pem(const uint8_t public[static SL_ED25519_PUBLIC_BYTES], struct sl_buf *out);
SL_MUST_CHECK enum sl_rc sl_ed25519_public_from_pem(const char *text, size_t len,
                                                    uint8_t public[static SL_ED25519_PUBLIC_BYTES],
                                                    struct sl_err *err);
/* sl_ed25519_id - SHA-256 of the public key's DER in hex: `openssl pkey -pubin -outform DER | sha256sum`. SL_E_BUG. */
SL_MUST_CHECK enum sl_rc sl_ed25519_id(const uint8_t public[static SL_ED25519_PUBLIC_BYTES],
                                       char out[static SL_ED25519_ID_TEXT], struct sl_err *err);

#endif
