/* ssh_key.c - see ssh_key.h. */
#include "jobs/sign/ssh_key.h"

#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/seal.h"
#include "jobs/sign/base64.h"
#include "jobs/sign/wire.h"

static const struct {
	const char *name;
	bool hardware;
} types[] = {
	[SL_SSH_ED25519] = { "ssh-ed25519", false },
	[SL_SSH_SK_ED25519] = { "sk-ssh-ed25519@openssh.com", true },
};

#define NTYPES (sizeof types / sizeof types[0])
#define BLOB_MAX (4 + 26 + 4 + 32 + 4 + SL_SSH_APPLICATION_BYTES)

static uint8_t type_of(const void *name, size_t len)
{
	for (uint8_t t = SL_SSH_ED25519; t < NTYPES; t++)
		if (len == strlen(types[t].name) && memcmp(name, types[t].name, len) == 0)
			return t;
	return SL_SSH_NONE;
}

static enum sl_rc no_key(struct sl_ssh_key *key, struct sl_err *err, const char *why)
{
	memset(key, 0, sizeof *key);
	return sl_err_set(err, SL_E_INPUT, "not a usable SSH public key: %s", why);
}

enum sl_rc sl_ssh_key_from_blob(const uint8_t *blob, size_t len, struct sl_ssh_key *key, struct sl_err *err)
{
	struct sl_cursor c = sl_cursor_over(blob, len);
	struct sl_wire_string name = sl_wire_get(&c), point, application;

	memset(key, 0, sizeof *key);
	key->type = name.data == NULL ? SL_SSH_NONE : type_of(name.data, name.len);
	if (key->type == SL_SSH_NONE)
		return no_key(key, err, "only ssh-ed25519 and sk-ssh-ed25519@openssh.com are taken");
	point = sl_wire_get(&c);
	if (point.data == NULL || point.len != sizeof key->point)
		return no_key(key, err, "its point has not 32 bytes");
	memcpy(key->point, point.data, sizeof key->point);
	if (types[key->type].hardware) {
		application = sl_wire_get(&c);
		if (!sl_wire_text(application, key->application, sizeof key->application) ||
		    strncmp(key->application, "ssh:", 4) != 0)
			return no_key(key, err, "its application is not \"ssh:\" with a short text");
	}
	if (c.failed || sl_cursor_left(&c) != 0)
		return no_key(key, err, "there are bytes behind it");
	if (sl_ed25519_is_weak(key->point))
		return no_key(key, err, "it is weak: its signatures fit many messages");
	return SL_OK;
}

enum sl_rc sl_ssh_key_parse(const char *line, size_t len, struct sl_ssh_key *key, struct sl_err *err)
{
	uint8_t blob[BLOB_MAX], type;
	const char *space, *base64, *comment;
	size_t nbase64, nblob;

	if (len > SL_SSH_LINE_BYTES_MAX)
		return no_key(key, err, "the line is too long");
	if (len > 0 && line[len - 1] == '\n')
		len--;
	if (!sl_text_is_clean(line, len))
		return no_key(key, err, "it is not one line of plain text");
	space = len > 0 ? memchr(line, ' ', len) : NULL;
	type = space == NULL ? SL_SSH_NONE : type_of(line, (size_t)(space - line));
	if (type == SL_SSH_NONE)
		return no_key(key, err, "the line does not begin with ssh-ed25519 or sk-ssh-ed25519@openssh.com");
	base64 = space + 1;
	comment = memchr(base64, ' ', (size_t)(line + len - base64));
	nbase64 = (size_t)((comment != NULL ? comment : line + len) - base64);
	if (!sl_base64_read(base64, nbase64, blob, sizeof blob, &nblob))
		return no_key(key, err, "its second word is not base64 of a key");
	if (sl_ssh_key_from_blob(blob, nblob, key, err) != SL_OK)
		return SL_E_INPUT;
	if (key->type != type)
		return no_key(key, err, "its two words name different types");
	return SL_OK;
}

void sl_ssh_key_blob(const struct sl_ssh_key *key, struct sl_buf *out)
{
	SL_REQUIRE(key->type != SL_SSH_NONE && key->type < NTYPES);
	sl_wire_put(out, types[key->type].name, strlen(types[key->type].name));
	sl_wire_put(out, key->point, sizeof key->point);
	if (types[key->type].hardware)
		sl_wire_put(out, key->application, strlen(key->application));
}

void sl_ssh_key_text(const struct sl_ssh_key *key, struct sl_buf *out)
{
	struct sl_buf blob = { 0 };

	sl_ssh_key_blob(key, &blob);
	sl_buf_printf(out, "%s ", types[key->type].name);
	sl_base64_put(out, blob.data, blob.len);
	/* Half a key must not pass for a whole one. */
	sl_buf_fails_with(out, &blob);
	sl_buf_free(&blob);
}

bool sl_ssh_key_equal(const struct sl_ssh_key *a, const struct sl_ssh_key *b)
{
	return a->type != SL_SSH_NONE && a->type == b->type && memcmp(a->point, b->point, sizeof a->point) == 0 &&
	       strcmp(a->application, b->application) == 0;
}

enum sl_rc sl_ssh_key_fingerprint(const struct sl_ssh_key *key, char out[static SL_SSH_FINGERPRINT_TEXT],
                                  struct sl_err *err)
{
	char base64[SL_BASE64_TEXT(SL_SEAL_DIGEST_BYTES) + 1];
	uint8_t hash[SL_SEAL_DIGEST_BYTES];
	struct sl_buf blob = { 0 };
	enum sl_rc rc;

	out[0] = '\0';
	sl_ssh_key_blob(key, &blob);
	rc = sl_buf_ok(&blob, "a public key", err);
	if (rc == SL_OK)
		rc = sl_seal_sha256(blob.data, blob.len, hash, err);
	if (rc == SL_OK) {
		sl_base64_write(hash, sizeof hash, base64);
		memcpy(out, "SHA256:", 7);
		/* OpenSSH leaves the one padding character out. */
		memcpy(out + 7, base64, SL_SSH_FINGERPRINT_TEXT - 8);
		out[SL_SSH_FINGERPRINT_TEXT - 1] = '\0';
	}
	sl_buf_free(&blob);
	return rc;
}
