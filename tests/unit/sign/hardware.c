/* hardware.c - see hardware.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/vault/seal.h"
#include "jobs/sign/base64.h"
#include "jobs/sign/wire.h"
#include "tests/unit/sign/hardware.h"

static void put_text(struct sl_buf *out, const char *text)
{
	sl_wire_put(out, text, strlen(text));
}

static const char *either(const char *twisted, const char *right)
{
	return twisted != NULL ? twisted : right;
}

void hardware_key(enum sl_ssh_type type, struct sl_ed25519 *key, struct sl_ssh_key *public)
{
	assert_int_equal(sl_ed25519_generate(key, NULL), SL_OK);
	memset(public, 0, sizeof *public);
	public->type = (uint8_t)type;
	memcpy(public->point, key->public, sizeof public->point);
	if (type == SL_SSH_SK_ED25519)
		memcpy(public->application, "ssh:", 5);
}

void hardware_armour(const uint8_t *blob, size_t len, size_t width, struct sl_buf *out)
{
	struct sl_buf base64 = { 0 };

	sl_base64_put(&base64, blob, len);
	sl_buf_text(out, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t at = 0; at < base64.len; at += width) {
		sl_buf_put(out, base64.data + at, base64.len - at < width ? base64.len - at : width);
		sl_buf_text(out, "\n");
	}
	sl_buf_text(out, "-----END SSH SIGNATURE-----\n");
	sl_buf_free(&base64);
}

/* What the token signs: both hashes, the flags and the counter between them. */
static void by_token(const struct sl_ssh_key *public, uint8_t flags, uint32_t counter, struct sl_buf *bytes)
{
	uint8_t application[32], message[32];

	assert_int_equal(sl_seal_sha256(public->application, strlen(public->application), application, NULL), SL_OK);
	assert_int_equal(sl_seal_sha256(bytes->data, bytes->len, message, NULL), SL_OK);
	sl_buf_reset(bytes);
	sl_buf_put(bytes, application, 32);
	sl_buf_u8(bytes, flags);
	sl_wire_put_u32(bytes, counter);
	sl_buf_put(bytes, message, 32);
}

void hardware_sign(const struct sl_ed25519 *key, const struct sl_ssh_key *public, const char *namespace,
                   const char *message, uint8_t flags, uint32_t counter, const struct armour_twist *twist,
                   struct sl_buf *armour)
{
	static const struct armour_twist straight;
	const struct armour_twist *t = twist != NULL ? twist : &straight;
	bool token = public->type == SL_SSH_SK_ED25519;
	enum sl_sshsig_hash hash = strcmp(either(t->hash, "sha512"), "sha256") == 0 ? SL_SSHSIG_SHA256 : SL_SSHSIG_SHA512;
	struct sl_buf bytes = { 0 }, blob = { 0 }, part = { 0 };
	uint8_t sig[SL_ED25519_SIGNATURE_BYTES];

	assert_int_equal(sl_sshsig_signed_bytes(namespace, hash, message, strlen(message), &bytes, NULL), SL_OK);
	if (token)
		by_token(public, flags, counter, &bytes);
	assert_int_equal(sl_ed25519_sign(key, bytes.data, bytes.len, sig, NULL), SL_OK);
	sl_buf_text(&blob, either(t->magic, "SSHSIG"));
	sl_wire_put_u32(&blob, 1 + t->version_off);
	sl_ssh_key_blob(public, &part);
	sl_buf_text(&part, either(t->behind_key, ""));
	sl_wire_put(&blob, part.data, part.len);
	put_text(&blob, namespace);
	put_text(&blob, either(t->reserved, ""));
	put_text(&blob, either(t->hash, "sha512"));
	sl_buf_reset(&part);
	put_text(&part, either(t->algorithm, token ? "sk-ssh-ed25519@openssh.com" : "ssh-ed25519"));
	sl_wire_put(&part, sig, sizeof sig - t->signature_short);
	if (token) {
		sl_buf_u8(&part, flags);
		sl_wire_put_u32(&part, counter);
	}
	sl_buf_text(&part, either(t->behind_signature, ""));
	sl_wire_put(&blob, part.data, part.len);
	sl_buf_text(&blob, either(t->behind, ""));
	hardware_armour(blob.data, blob.len, 70, armour);
	sl_buf_free(&bytes);
	sl_buf_free(&blob);
	sl_buf_free(&part);
}
