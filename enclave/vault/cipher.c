/* cipher.c - see cipher.h. */
#include "enclave/vault/cipher.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/evp.h>

#include "enclave/vault/algorithms.h"

/* The library's context is all there is; the name keeps its headers out of ours. */
static EVP_CIPHER_CTX *ctx_of(struct sl_cipher *c)
{
	return (EVP_CIPHER_CTX *)c;
}

enum sl_rc sl_cipher_new(const uint8_t key[static SL_CIPHER_KEY_BYTES], struct sl_cipher **out, struct sl_err *err)
{
	const EVP_CIPHER *aes = sl_algorithms_aes_256_gcm();
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	*out = NULL;
	if (ctx == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a cipher");
	if (aes == NULL || EVP_CipherInit_ex2(ctx, aes, key, NULL, 1, NULL) != 1) {
		EVP_CIPHER_CTX_free(ctx);
		return sl_err_set(err, SL_E_BUG, "AES-256-GCM is not to be had");
	}
	*out = (struct sl_cipher *)ctx;
	return SL_OK;
}

void sl_cipher_free(struct sl_cipher *c)
{
	EVP_CIPHER_CTX_free(ctx_of(c));
}

/* Everything but the tag, in either direction. */
static bool pass(struct sl_cipher *c, int sealing, const uint8_t *nonce, const void *aad, size_t naad,
                 const uint8_t *in, size_t len, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = ctx_of(c);
	int n;

	return naad <= INT_MAX && len <= INT_MAX && EVP_CipherInit_ex(ctx, NULL, NULL, NULL, nonce, sealing) == 1 &&
	       EVP_CipherUpdate(ctx, NULL, &n, aad, (int)naad) == 1 &&
	       (len == 0 || EVP_CipherUpdate(ctx, out, &n, in, (int)len) == 1);
}

enum sl_rc sl_cipher_seal(struct sl_cipher *c, const uint8_t nonce[static SL_CIPHER_NONCE_BYTES], const void *aad,
                          size_t naad, const uint8_t *in, size_t len, uint8_t *out,
                          uint8_t tag[static SL_CIPHER_TAG_BYTES], struct sl_err *err)
{
	uint8_t none[SL_CIPHER_TAG_BYTES];
	int n;

	if (!pass(c, 1, nonce, aad, naad, in, len, out) || EVP_CipherFinal_ex(ctx_of(c), none, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx_of(c), EVP_CTRL_AEAD_GET_TAG, SL_CIPHER_TAG_BYTES, tag) != 1)
		return sl_err_set(err, SL_E_BUG, "AES-256-GCM does not seal");
	return SL_OK;
}

enum sl_rc sl_cipher_open(struct sl_cipher *c, const uint8_t nonce[static SL_CIPHER_NONCE_BYTES], const void *aad,
                          size_t naad, const uint8_t *in, size_t len, const uint8_t tag[static SL_CIPHER_TAG_BYTES],
                          uint8_t *out, struct sl_err *err)
{
	uint8_t expected[SL_CIPHER_TAG_BYTES], none[SL_CIPHER_TAG_BYTES];
	int n;

	memcpy(expected, tag, sizeof expected);
	if (pass(c, 0, nonce, aad, naad, in, len, out) &&
	    EVP_CIPHER_CTX_ctrl(ctx_of(c), EVP_CTRL_AEAD_SET_TAG, SL_CIPHER_TAG_BYTES, expected) == 1 &&
	    EVP_CipherFinal_ex(ctx_of(c), none, &n) == 1)
		return SL_OK;
	if (len > 0)
		memset(out, 0, len);
	return sl_err_set(err, SL_E_INTEGRITY, "the bytes are not what was sealed, or this is not their key");
}
