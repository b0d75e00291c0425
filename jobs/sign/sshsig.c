/* sshsig.c - see sshsig.h. */
#include "jobs/sign/sshsig.h"

#include <string.h>

#include <openssl/evp.h>

#include "enclave/vault/seal.h"
#include "jobs/sign/base64.h"
#include "jobs/sign/wire.h"

#define MAGIC "SSHSIG"
#define HEAD "-----BEGIN SSH SIGNATURE-----\n"
#define TAIL "-----END SSH SIGNATURE-----"
#define LINE_CHARS_MAX 76
#define VERSION 1

/* Bits of the flags a hardware key signs (W3C WebAuthn, 6.1). */
#define FLAG_PRESENT 0x01
#define FLAGS_WITH_MORE_DATA 0xC0

static const char *const hashes[] = { [SL_SSHSIG_SHA256] = "sha256", [SL_SSHSIG_SHA512] = "sha512" };

#define NHASHES (sizeof hashes / sizeof hashes[0])

static enum sl_rc no_signature(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INPUT, "not an SSH signature: %s", why);
}

/* The base64 without its line breaks: lines of one width, the last one not longer. False: something else. */
static bool join_lines(const char *text, size_t len, char *out, size_t *nout)
{
	size_t width = 0, n = 0;

	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t line = end == NULL ? 0 : (size_t)(end - text);
		if (line == 0 || line > LINE_CHARS_MAX || (width != 0 && line > width))
			return false;
		if (width != 0 && line < width && len != line + 1)
			return false;
		if (width == 0)
			width = line;
		memcpy(out + n, text, line);
		n += line;
		text += line + 1;
		len -= line + 1;
	}
	*nout = n;
	return n > 0;
}

/* The armour off: binary into blob. */
static enum sl_rc unwrap(const char *armour, size_t len, uint8_t *blob, size_t *nblob, struct sl_err *err)
{
	char joined[SL_SSHSIG_TEXT_MAX];
	size_t nhead = strlen(HEAD), ntail = strlen(TAIL), n;

	if (len > SL_SSHSIG_TEXT_MAX)
		return no_signature(err, "it is too long");
	if (len > 0 && armour[len - 1] == '\n')
		len--;
	if (len < nhead + ntail || memcmp(armour, HEAD, nhead) != 0 || memcmp(armour + len - ntail, TAIL, ntail) != 0)
		return no_signature(err, "it does not begin and end with the lines of one");
	if (!join_lines(armour + nhead, len - nhead - ntail, joined, &n))
		return no_signature(err, "its lines are not all of one width");
	if (!sl_base64_read(joined, n, blob, SL_SSHSIG_TEXT_MAX, nblob))
		return no_signature(err, "it is not canonical base64");
	return SL_OK;
}

static bool read_algorithm_and_bytes(struct sl_wire_string s, struct sl_sshsig *sig)
{
	struct sl_cursor c = sl_cursor_over(s.data, s.len);
	struct sl_wire_string name = sl_wire_get(&c), bytes = sl_wire_get(&c);
	bool hardware = sig->key.type == SL_SSH_SK_ED25519;

	if (!sl_wire_is(name, hardware ? "sk-ssh-ed25519@openssh.com" : "ssh-ed25519") ||
	    bytes.len != sizeof sig->signature)
		return false;
	memcpy(sig->signature, bytes.data, sizeof sig->signature);
	if (hardware) {
		sig->flags = sl_cursor_u8(&c);
		sig->counter = sl_wire_u32(&c);
	}
	return !c.failed && sl_cursor_left(&c) == 0;
}

static uint8_t hash_named(struct sl_wire_string s)
{
	for (uint8_t h = SL_SSHSIG_SHA256; h < NHASHES; h++)
		if (sl_wire_is(s, hashes[h]))
			return h;
	return SL_SSHSIG_NO_HASH;
}

static enum sl_rc read_blob(const uint8_t *blob, size_t len, struct sl_sshsig *sig, struct sl_err *err)
{
	struct sl_cursor c = sl_cursor_over(blob, len);
	const uint8_t *magic = sl_cursor_take(&c, strlen(MAGIC));
	struct sl_wire_string key, reserved, bytes;

	if (magic == NULL || memcmp(magic, MAGIC, strlen(MAGIC)) != 0 || sl_wire_u32(&c) != VERSION)
		return no_signature(err, "it is not one of version 1");
	key = sl_wire_get(&c);
	if (key.data == NULL || sl_ssh_key_from_blob(key.data, key.len, &sig->key, NULL) != SL_OK)
		return no_signature(err, "its key is not ssh-ed25519 or sk-ssh-ed25519@openssh.com");
	if (!sl_wire_text(sl_wire_get(&c), sig->namespace, sizeof sig->namespace) || sig->namespace[0] == '\0')
		return no_signature(err, "it has no namespace");
	reserved = sl_wire_get(&c);
	if (reserved.len != 0)
		return no_signature(err, "its reserved field is not empty");
	sig->hash = hash_named(sl_wire_get(&c));
	if (sig->hash == SL_SSHSIG_NO_HASH)
		return no_signature(err, "its hash is neither sha256 nor sha512");
	bytes = sl_wire_get(&c);
	if (bytes.data == NULL || !read_algorithm_and_bytes(bytes, sig))
		return no_signature(err, "what its key made is not an Ed25519 signature");
	if (c.failed || sl_cursor_left(&c) != 0)
		return no_signature(err, "there are bytes behind it");
	return SL_OK;
}

enum sl_rc sl_sshsig_parse(const char *armour, size_t len, struct sl_sshsig *sig, struct sl_err *err)
{
	uint8_t blob[SL_SSHSIG_TEXT_MAX];
	size_t nblob = 0;
	enum sl_rc rc = unwrap(armour, len, blob, &nblob, err);

	memset(sig, 0, sizeof *sig);
	if (rc == SL_OK)
		rc = read_blob(blob, nblob, sig, err);
	if (rc != SL_OK)
		memset(sig, 0, sizeof *sig);
	return rc;
}

enum sl_rc sl_sshsig_signed_bytes(const char *namespace, enum sl_sshsig_hash hash, const void *message, size_t len,
                                  struct sl_buf *out, struct sl_err *err)
{
	const EVP_MD *md = hash == SL_SSHSIG_SHA256 ? EVP_sha256() : hash == SL_SSHSIG_SHA512 ? EVP_sha512() : NULL;
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned ndigest = 0;

	if (md == NULL || EVP_Digest(message, len, digest, &ndigest, md, NULL) != 1)
		return sl_err_set(err, SL_E_BUG, "the cryptographic library refuses SHA-2");
	sl_buf_text(out, MAGIC);
	sl_wire_put(out, namespace, strlen(namespace));
	sl_wire_put(out, NULL, 0);
	sl_wire_put(out, hashes[hash], strlen(hashes[hash]));
	sl_wire_put(out, digest, ndigest);
	return sl_buf_ok(out, "the bytes that are signed", err);
}

/* A hardware key signs hashes of application and message, with its flags and counter between them (PROTOCOL.u2f). */
static enum sl_rc as_hardware_signs(const struct sl_sshsig *sig, struct sl_buf *bytes, struct sl_err *err)
{
	uint8_t application[SL_SEAL_DIGEST_BYTES], message[SL_SEAL_DIGEST_BYTES];
	enum sl_rc rc = sl_seal_sha256(sig->key.application, strlen(sig->key.application), application, err);

	if (rc == SL_OK)
		rc = sl_seal_sha256(bytes->data, bytes->len, message, err);
	sl_buf_reset(bytes);
	sl_buf_put(bytes, application, sizeof application);
	sl_buf_u8(bytes, sig->flags);
	sl_wire_put_u32(bytes, sig->counter);
	sl_buf_put(bytes, message, sizeof message);
	return rc != SL_OK ? rc : sl_buf_ok(bytes, "the bytes that are signed", err);
}

static enum sl_rc judge(const struct sl_sshsig *sig, const char *namespace, const struct sl_ssh_key *expected,
                        struct sl_err *err)
{
	if (strcmp(sig->namespace, namespace) != 0)
		return sl_err_set(err, SL_E_INTEGRITY, "the signature is for \"%s\", not for \"%s\"", sig->namespace,
		                  namespace);
	if (expected != NULL && !sl_ssh_key_equal(expected, &sig->key))
		return sl_err_set(err, SL_E_IDENT, "the signature is of another key than expected");
	if (sig->key.type == SL_SSH_SK_ED25519 && (sig->flags & FLAG_PRESENT) == 0)
		return sl_err_set(err, SL_E_IDENT, "nobody touched the hardware key when it signed");
	/* Such flags say that more was signed than a signature of SSH has room for. */
	if ((sig->flags & FLAGS_WITH_MORE_DATA) != 0)
		return sl_err_set(err, SL_E_INTEGRITY, "the hardware key signed something else besides");
	return SL_OK;
}

enum sl_rc sl_sshsig_verify(const void *message, size_t len, const char *armour, size_t narmour,
                            const char *namespace, const struct sl_ssh_key *expected, struct sl_ssh_key *signer,
                            struct sl_err *err)
{
	struct sl_buf bytes = { 0 };
	struct sl_sshsig sig;
	enum sl_rc rc;

	if (signer != NULL)
		memset(signer, 0, sizeof *signer);
	if (namespace[0] == '\0' || strlen(namespace) >= SL_SSHSIG_NAMESPACE_BYTES)
		return sl_err_set(err, SL_E_INPUT, "a signature's namespace has 1 to %d bytes", SL_SSHSIG_NAMESPACE_BYTES - 1);
	rc = sl_sshsig_parse(armour, narmour, &sig, err);
	if (rc == SL_OK)
		rc = judge(&sig, namespace, expected, err);
	if (rc == SL_OK)
		rc = sl_sshsig_signed_bytes(namespace, sig.hash, message, len, &bytes, err);
	if (rc == SL_OK && sig.key.type == SL_SSH_SK_ED25519)
		rc = as_hardware_signs(&sig, &bytes, err);
	if (rc == SL_OK)
		rc = sl_ed25519_verify(sig.key.point, bytes.data, bytes.len, sig.signature, err);
	if (rc == SL_OK && signer != NULL)
		*signer = sig.key;
	sl_buf_free(&bytes);
	return rc;
}
