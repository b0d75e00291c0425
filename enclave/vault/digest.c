/* digest.c - see digest.h. */
#include "enclave/vault/digest.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "enclave/vault/algorithms.h"

static enum sl_rc refused(const char *what, struct sl_err *err)
{
	return sl_err_set(err, SL_E_BUG, "the cryptographic library refuses %s", what);
}

enum sl_rc sl_sha256_new(struct sl_sha256 **out, struct sl_err *err)
{
	const EVP_MD *sha_256 = sl_algorithms_sha_256();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	*out = NULL;
	if (ctx == NULL || sha_256 == NULL || EVP_DigestInit_ex2(ctx, sha_256, NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		return refused("SHA-256", err);
	}
	*out = (struct sl_sha256 *)ctx;
	return SL_OK;
}

enum sl_rc sl_sha256_add(struct sl_sha256 *s, const void *data, size_t len, struct sl_err *err)
{
	return EVP_DigestUpdate((EVP_MD_CTX *)s, data, len) == 1 ? SL_OK : refused("SHA-256", err);
}

enum sl_rc sl_sha256_end(struct sl_sha256 *s, uint8_t out[static SL_DIGEST_BYTES], struct sl_err *err)
{
	return EVP_DigestFinal_ex((EVP_MD_CTX *)s, out, NULL) == 1 ? SL_OK : refused("SHA-256", err);
}

void sl_sha256_free(struct sl_sha256 *s)
{
	EVP_MD_CTX_free((EVP_MD_CTX *)s);
}

enum sl_rc sl_hmac_new(const uint8_t *key, size_t nkey, struct sl_hmac **out, struct sl_err *err)
{
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){ "SHA256" }, 0),
		OSSL_PARAM_construct_end() };
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;

	EVP_MAC_free(mac);
	*out = NULL;
	if (ctx == NULL || EVP_MAC_init(ctx, key, nkey, params) != 1) {
		EVP_MAC_CTX_free(ctx);
		return refused("HMAC", err);
	}
	*out = (struct sl_hmac *)ctx;
	return SL_OK;
}

enum sl_rc sl_hmac_of(struct sl_hmac *h, const void *data, size_t len, uint8_t out[static SL_DIGEST_BYTES],
                      struct sl_err *err)
{
	EVP_MAC_CTX *ctx = (EVP_MAC_CTX *)h;
	size_t n = 0;

	if (EVP_MAC_init(ctx, NULL, 0, NULL) != 1 || EVP_MAC_update(ctx, data, len) != 1 ||
	    EVP_MAC_final(ctx, out, &n, SL_DIGEST_BYTES) != 1 || n != SL_DIGEST_BYTES)
		return refused("HMAC", err);
	return SL_OK;
}

void sl_hmac_free(struct sl_hmac *h)
{
	EVP_MAC_CTX_free((EVP_MAC_CTX *)h);
}

enum sl_rc sl_hkdf(const uint8_t key[static 32], const char *info, uint8_t out[static 32], struct sl_err *err)
{
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char[]){ "SHA256" }, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)key, 32),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)info, strlen(info)),
		OSSL_PARAM_construct_end() };
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	bool ok = ctx != NULL && EVP_KDF_derive(ctx, out, 32, params) == 1;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	if (!ok)
		memset(out, 0, 32);
	return ok ? SL_OK : refused("HKDF", err);
}

enum sl_rc sl_random(uint8_t *out, size_t len, struct sl_err *err)
{
	return len <= INT32_MAX && RAND_bytes(out, (int)len) == 1 ? SL_OK : refused("random bytes", err);
}
