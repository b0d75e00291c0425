/* ed25519.c - see ed25519.h. */
#include "jobs/sign/ed25519.h"

#include <string.h>

#include <openssl/evp.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "enclave/vault/seal.h"
#include "jobs/sign/base64.h"
#include "jobs/sign/private_file.h"

/* RFC 8410: everything before the 32 bytes is constant. */
static const uint8_t private_der[] = { 0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
	                               0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20 };
static const uint8_t public_der[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };

#define PRIVATE_HEAD "-----BEGIN PRIVATE KEY-----\n"
#define PRIVATE_TAIL "\n-----END PRIVATE KEY-----\n"
#define PUBLIC_HEAD "-----BEGIN PUBLIC KEY-----\n"
#define PUBLIC_TAIL "\n-----END PUBLIC KEY-----\n"
#define DER_MAX (sizeof private_der + 32)

static enum sl_rc refused(struct sl_err *err)
{
	return sl_err_set(err, SL_E_BUG, "the cryptographic library refuses Ed25519");
}

void sl_ed25519_wipe(struct sl_ed25519 *key)
{
	explicit_bzero(key, sizeof *key);
}

enum sl_rc sl_ed25519_from_seed(const uint8_t seed[static 32], struct sl_ed25519 *key, struct sl_err *err)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);
	size_t n = sizeof key->public;
	bool ok;

	memcpy(key->seed, seed, sizeof key->seed);
	ok = pkey != NULL && EVP_PKEY_get_raw_public_key(pkey, key->public, &n) == 1 && n == sizeof key->public;
	EVP_PKEY_free(pkey);
	if (ok)
		return SL_OK;
	sl_ed25519_wipe(key);
	return refused(err);
}

enum sl_rc sl_ed25519_generate(struct sl_ed25519 *key, struct sl_err *err)
{
	uint8_t seed[32];
	enum sl_rc rc = sl_random(seed, sizeof seed, err);

	if (rc == SL_OK)
		rc = sl_ed25519_from_seed(seed, key, err);
	else
		sl_ed25519_wipe(key);
	explicit_bzero(seed, sizeof seed);
	return rc;
}

static void put_pem(struct sl_buf *out, const char *head, const uint8_t *der, size_t nder,
                    const uint8_t bytes[static 32], const char *tail)
{
	uint8_t whole[DER_MAX];

	memcpy(whole, der, nder);
	memcpy(whole + nder, bytes, 32);
	sl_buf_text(out, head);
	sl_base64_put(out, whole, nder + 32);
	sl_buf_text(out, tail);
	explicit_bzero(whole, sizeof whole);
}

static bool get_pem(const char *text, size_t len, const char *head, const uint8_t *der, size_t nder,
                    uint8_t bytes[static 32], const char *tail)
{
	size_t nhead = strlen(head), ntail = strlen(tail), nbase64 = SL_BASE64_TEXT(nder + 32), n;
	uint8_t whole[DER_MAX];
	bool ok = len == nhead + nbase64 + ntail && memcmp(text, head, nhead) == 0 &&
	          memcmp(text + nhead + nbase64, tail, ntail) == 0 &&
	          sl_base64_read(text + nhead, nbase64, whole, sizeof whole, &n) && n == nder + 32 &&
	          memcmp(whole, der, nder) == 0;

	if (ok)
		memcpy(bytes, whole + nder, 32);
	explicit_bzero(whole, sizeof whole);
	return ok;
}

enum sl_rc sl_ed25519_write(const struct sl_ed25519 *key, const char *path, struct sl_err *err)
{
	struct sl_buf text = { 0 };
	enum sl_rc rc;

	put_pem(&text, PRIVATE_HEAD, private_der, sizeof private_der, key->seed, PRIVATE_TAIL);
	rc = sl_buf_ok(&text, "a key", err);
	if (rc == SL_OK)
		rc = sl_private_file_write(path, text.data, text.len, err);
	sl_buf_free(&text);
	return rc;
}

enum sl_rc sl_ed25519_read(const char *path, struct sl_ed25519 *key, struct sl_err *err)
{
	struct sl_buf text = { 0 };
	uint8_t seed[32] = { 0 };
	enum sl_rc rc = sl_private_file_read(path, &text, err);

	memset(key, 0, sizeof *key);
	if (rc == SL_OK && !get_pem((const char *)text.data, text.len, PRIVATE_HEAD, private_der, sizeof private_der, seed,
	                            PRIVATE_TAIL))
		rc = sl_err_set(err, SL_E_INPUT, "%s is not an unencrypted Ed25519 key in PKCS #8 PEM", path);
	if (rc == SL_OK)
		rc = sl_ed25519_from_seed(seed, key, err);
	explicit_bzero(seed, sizeof seed);
	sl_buf_free(&text);
	return rc;
}

enum sl_rc sl_ed25519_sign(const struct sl_ed25519 *key, const void *message, size_t len,
                           uint8_t sig[static SL_ED25519_SIGNATURE_BYTES], struct sl_err *err)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->seed, sizeof key->seed);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = SL_ED25519_SIGNATURE_BYTES;
	bool ok = pkey != NULL && ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
	          EVP_DigestSign(ctx, sig, &n, message, len) == 1 && n == SL_ED25519_SIGNATURE_BYTES;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	if (ok)
		return SL_OK;
	memset(sig, 0, SL_ED25519_SIGNATURE_BYTES);
	return refused(err);
}

/*
 * The points of order 1, 2, 4 and 8, each as every text that decodes to it, sign bit left out ("Taming the many
 * EdDSAs", Chalkias, Garillot, Nikolaenko 2020, table 1).
 */
static const uint8_t weak[][32] = {
	{ 0 },
	{ 1 },
	{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
	  0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05 },
	{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
	  0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a },
	{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	{ 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	{ 0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
};

bool sl_ed25519_is_weak(const uint8_t public[static SL_ED25519_PUBLIC_BYTES])
{
	for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++)
		if (memcmp(public, weak[i], 31) == 0 && (public[31] & 0x7f) == weak[i][31])
			return true;
	return false;
}

enum sl_rc sl_ed25519_verify(const uint8_t public[static SL_ED25519_PUBLIC_BYTES], const void *message, size_t len,
                             const uint8_t sig[static SL_ED25519_SIGNATURE_BYTES], struct sl_err *err)
{
	EVP_PKEY *pkey = NULL;
	EVP_MD_CTX *ctx = NULL;
	enum sl_rc rc = SL_E_INTEGRITY;

	if (sl_ed25519_is_weak(public))
		return sl_err_set(err, SL_E_INTEGRITY, "the key is weak: its signatures fit many messages");
	pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public, SL_ED25519_PUBLIC_BYTES);
	ctx = EVP_MD_CTX_new();
	if (pkey == NULL || ctx == NULL || EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, pkey) != 1)
		rc = refused(err);
	else if (EVP_DigestVerify(ctx, sig, SL_ED25519_SIGNATURE_BYTES, message, len) == 1)
		rc = SL_OK;
	else
		rc = sl_err_set(err, SL_E_INTEGRITY, "the signature does not fit the bytes and the key");
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return rc;
}

void sl_ed25519_public_pem(const uint8_t public[static SL_ED25519_PUBLIC_BYTES], struct sl_buf *out)
{
	put_pem(out, PUBLIC_HEAD, public_der, sizeof public_der, public, PUBLIC_TAIL);
}

enum sl_rc sl_ed25519_public_from_pem(const char *text, size_t len, uint8_t public[static SL_ED25519_PUBLIC_BYTES],
                                      struct sl_err *err)
{
	memset(public, 0, SL_ED25519_PUBLIC_BYTES);
	if (!get_pem(text, len, PUBLIC_HEAD, public_der, sizeof public_der, public, PUBLIC_TAIL))
		return sl_err_set(err, SL_E_INPUT, "not an Ed25519 public key in PEM");
	return SL_OK;
}

enum sl_rc sl_ed25519_id(const uint8_t public[static SL_ED25519_PUBLIC_BYTES], char out[static SL_ED25519_ID_TEXT],
                         struct sl_err *err)
{
	const struct sl_seal_part der[] = { { public_der, sizeof public_der }, { public, SL_ED25519_PUBLIC_BYTES } };
	uint8_t hash[SL_SEAL_DIGEST_BYTES];
	enum sl_rc rc = sl_seal_sha256_parts(der, 2, hash, err);

	out[0] = '\0';
	if (rc == SL_OK)
		sl_text_hex(hash, sizeof hash, out);
	return rc;
}
