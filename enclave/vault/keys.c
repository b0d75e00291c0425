/* keys.c - see keys.h. */
#include "enclave/vault/keys.h"

#include <stdio.h>
#include <string.h>

#include "enclave/vault/cipher.h"
#include "enclave/vault/digest.h"

#define WRAP_INFO "sluice wrap v0"
#define NONCE_BYTES SL_CIPHER_NONCE_BYTES

enum sl_rc sl_keys_column(const uint8_t segment_key[static SL_KEY_BYTES], uint32_t column,
                          uint8_t out[static SL_KEY_BYTES], struct sl_err *err)
{
	char info[64];

	(void)snprintf(info, sizeof info, "sluice segment v0 column %u", column);
	return sl_hkdf(segment_key, info, out, err);
}

enum sl_rc sl_keys_manifest(const uint8_t segment_key[static SL_KEY_BYTES], uint8_t out[static SL_KEY_BYTES],
                            struct sl_err *err)
{
	return sl_hkdf(segment_key, "sluice segment v0 manifest", out, err);
}

enum sl_rc sl_keys_space(const uint8_t vault_key[static SL_KEY_BYTES], const char *space,
                         uint8_t out[static SL_KEY_BYTES], struct sl_err *err)
{
	char info[32 + SL_NAME_BYTES];
	int n = snprintf(info, sizeof info, "sluice space v0 %s", space);

	/* A name cut short would give two spaces one key. */
	if (n < 0 || (size_t)n >= sizeof info) {
		memset(out, 0, SL_KEY_BYTES);
		return sl_err_set(err, SL_E_BUG, "the name of a unit space is too long");
	}
	return sl_hkdf(vault_key, info, out, err);
}

enum sl_rc sl_keys_rounding(const uint8_t vault_key[static SL_KEY_BYTES], uint8_t out[static SL_KEY_BYTES],
                            struct sl_err *err)
{
	return sl_hkdf(vault_key, "sluice rounding v0", out, err);
}

static enum sl_rc wrapping_cipher(const uint8_t *vault_key, struct sl_cipher **out, struct sl_err *err)
{
	uint8_t key[SL_KEY_BYTES];
	enum sl_rc rc = sl_hkdf(vault_key, WRAP_INFO, key, err);

	*out = NULL;
	if (rc == SL_OK)
		rc = sl_cipher_new(key, out, err);
	explicit_bzero(key, sizeof key);
	return rc;
}

enum sl_rc sl_keys_wrap(const uint8_t vault_key[static SL_KEY_BYTES], const uint8_t id[static SL_SEGMENT_ID_BYTES],
                        const uint8_t key[static SL_KEY_BYTES], uint8_t out[static SL_WRAPPED_KEY_BYTES],
                        struct sl_err *err)
{
	struct sl_cipher *c = NULL;
	enum sl_rc rc = wrapping_cipher(vault_key, &c, err);

	if (rc == SL_OK)
		rc = sl_random(out, NONCE_BYTES, err);
	if (rc == SL_OK)
		rc = sl_cipher_seal(c, out, id, SL_SEGMENT_ID_BYTES, key, SL_KEY_BYTES, out + NONCE_BYTES,
		                    out + NONCE_BYTES + SL_KEY_BYTES, err);
	sl_cipher_free(c);
	return rc;
}

enum sl_rc sl_keys_unwrap(const uint8_t vault_key[static SL_KEY_BYTES], const uint8_t id[static SL_SEGMENT_ID_BYTES],
                          const uint8_t wrapped[static SL_WRAPPED_KEY_BYTES], uint8_t out[static SL_KEY_BYTES],
                          struct sl_err *err)
{
	struct sl_cipher *c = NULL;
	enum sl_rc rc = wrapping_cipher(vault_key, &c, err);

	memset(out, 0, SL_KEY_BYTES);
	if (rc == SL_OK && sl_cipher_open(c, wrapped, id, SL_SEGMENT_ID_BYTES, wrapped + NONCE_BYTES, SL_KEY_BYTES,
	                                  wrapped + NONCE_BYTES + SL_KEY_BYTES, out, NULL) != SL_OK)
		rc = sl_err_set(err, SL_E_INTEGRITY, "the segment's key does not open: another vault key, or changed bytes");
	sl_cipher_free(c);
	return rc;
}
