/* seal.c - see seal.h. */
#include "enclave/vault/seal.h"

#include <string.h>

#include <openssl/crypto.h>

#include "enclave/vault/cipher.h"
#include "enclave/vault/digest.h"

#define NONCE_BYTES SL_CIPHER_NONCE_BYTES
#define TAG_BYTES SL_CIPHER_TAG_BYTES

_Static_assert(SL_SEAL_BOX_EXTRA == NONCE_BYTES + TAG_BYTES, "a box is nonce, ciphertext, tag");
_Static_assert(SL_SEAL_DIGEST_BYTES == SL_DIGEST_BYTES, "both are SHA-256");

enum sl_rc sl_secret_new(struct sl_secret *out, struct sl_err *err)
{
	enum sl_rc rc = sl_random(out->b, sizeof out->b, err);

	if (rc != SL_OK)
		sl_secret_wipe(out);
	return rc;
}

enum sl_rc sl_secret_derive(const struct sl_secret *from, const char *info, struct sl_secret *out, struct sl_err *err)
{
	return sl_hkdf(from->b, info, out->b, err);
}

void sl_secret_wipe(struct sl_secret *k)
{
	explicit_bzero(k, sizeof *k);
}

bool sl_seal_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

enum sl_rc sl_seal_sha256(const void *data, size_t len, uint8_t out[static SL_SEAL_DIGEST_BYTES], struct sl_err *err)
{
	const struct sl_seal_part part = { data, len };

	return sl_seal_sha256_parts(&part, 1, out, err);
}

enum sl_rc sl_seal_sha256_parts(const struct sl_seal_part *parts, size_t n, uint8_t out[static SL_SEAL_DIGEST_BYTES],
                                struct sl_err *err)
{
	struct sl_sha256 *s = NULL;
	enum sl_rc rc = sl_sha256_new(&s, err);

	memset(out, 0, SL_SEAL_DIGEST_BYTES);
	for (size_t i = 0; rc == SL_OK && i < n; i++)
		rc = sl_sha256_add(s, parts[i].data, parts[i].len, err);
	if (rc == SL_OK)
		rc = sl_sha256_end(s, out, err);
	sl_sha256_free(s);
	return rc;
}

enum sl_rc sl_seal_hmac(const struct sl_secret *key, const void *data, size_t len,
                        uint8_t out[static SL_SEAL_DIGEST_BYTES], struct sl_err *err)
{
	struct sl_hmac *h = NULL;
	enum sl_rc rc = sl_hmac_new(key->b, sizeof key->b, &h, err);

	memset(out, 0, SL_SEAL_DIGEST_BYTES);
	if (rc == SL_OK)
		rc = sl_hmac_of(h, data, len, out, err);
	sl_hmac_free(h);
	return rc;
}

/* Room for len bytes behind what out holds, at *at; otherwise out is as it was. */
static enum sl_rc grow(struct sl_buf *out, size_t len, uint8_t **at, struct sl_err *err)
{
	static const uint8_t zeroes[4096];
	size_t before = out->len;
	enum sl_rc rc;

	for (size_t left = len; left > 0 && !out->failed;) {
		size_t n = left < sizeof zeroes ? left : sizeof zeroes;
		sl_buf_put(out, zeroes, n);
		left -= n;
	}
	rc = sl_buf_ok(out, "a sealed box", err);
	if (rc != SL_OK)
		out->len = before;
	*at = rc == SL_OK && len > 0 ? out->data + before : NULL;
	return rc;
}

enum sl_rc sl_seal_box(const struct sl_secret *key, const char *context, const void *data, size_t len,
                       struct sl_buf *out, struct sl_err *err)
{
	struct sl_cipher *c = NULL;
	size_t before = out->len;
	enum sl_rc rc;
	uint8_t *at;

	if (len > SL_BUF_MAX - SL_SEAL_BOX_EXTRA)
		return sl_err_set(err, SL_E_LIMIT, "%zu bytes are too many for one sealed box", len);
	rc = grow(out, len + SL_SEAL_BOX_EXTRA, &at, err);
	if (rc == SL_OK)
		rc = sl_cipher_new(key->b, &c, err);
	if (rc == SL_OK)
		rc = sl_random(at, NONCE_BYTES, err);
	if (rc == SL_OK)
		rc = sl_cipher_seal(c, at, context, strlen(context), data, len, at + NONCE_BYTES, at + NONCE_BYTES + len,
		                    err);
	sl_cipher_free(c);
	if (rc != SL_OK)
		out->len = before;
	return rc;
}

enum sl_rc sl_seal_unbox(const struct sl_secret *key, const char *context, const void *box, size_t len,
                         struct sl_buf *out, struct sl_err *err)
{
	const uint8_t *from = box;
	struct sl_cipher *c = NULL;
	size_t before = out->len;
	enum sl_rc rc;
	uint8_t *at;

	if (len < SL_SEAL_BOX_EXTRA)
		return sl_err_set(err, SL_E_INTEGRITY, "%zu bytes are no sealed box", len);
	if (len > SL_BUF_MAX)
		return sl_err_set(err, SL_E_LIMIT, "%zu bytes are too many for one sealed box", len);
	len -= SL_SEAL_BOX_EXTRA;
	rc = grow(out, len, &at, err);
	if (rc == SL_OK)
		rc = sl_cipher_new(key->b, &c, err);
	if (rc == SL_OK)
		rc = sl_cipher_open(c, from, context, strlen(context), from + NONCE_BYTES, len, from + NONCE_BYTES + len, at,
		                    err);
	sl_cipher_free(c);
	if (rc != SL_OK)
		out->len = before;
	return rc;
}
