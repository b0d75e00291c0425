/* signed_note.c - see signed_note.h. */
#include "jobs/sign/signed_note.h"

#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/seal.h"
#include "jobs/sign/base64.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a space */
#define HASH_BYTES 4
#define ALGORITHM_ED25519 0x01
#define LINE_BYTES (HASH_BYTES + SL_ED25519_SIGNATURE_BYTES)

bool sl_signed_note_name_ok(const char *name)
{
	/* Every space of Unicode; a name with one would end early for another reader. */
	static const char *const spaces[] = { " ", "+", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
		"\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
		"\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80" };
	size_t n = strnlen(name, SL_SIGNED_NOTE_NAME_BYTES);

	if (n == 0 || n >= SL_SIGNED_NOTE_NAME_BYTES || !sl_text_is_clean(name, n))
		return false;
	for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
		if (strstr(name, spaces[i]) != NULL)
			return false;
	return true;
}

static enum sl_rc key_hash(const struct sl_signed_note_key *key, uint8_t out[static HASH_BYTES], struct sl_err *err)
{
	static const uint8_t middle[] = { '\n', ALGORITHM_ED25519 };
	const struct sl_seal_part parts[] = { { key->name, strlen(key->name) }, { middle, sizeof middle },
		{ key->public, sizeof key->public } };
	uint8_t hash[SL_SEAL_DIGEST_BYTES];
	enum sl_rc rc = sl_seal_sha256_parts(parts, 3, hash, err);

	memcpy(out, hash, HASH_BYTES);
	return rc;
}

enum sl_rc sl_signed_note_key_put(const struct sl_signed_note_key *key, struct sl_buf *out, struct sl_err *err)
{
	uint8_t hash[HASH_BYTES], bytes[1 + sizeof key->public];
	char hex[2 * HASH_BYTES + 1];
	size_t before = out->len;
	enum sl_rc rc;

	if (!sl_signed_note_name_ok(key->name))
		return sl_err_set(err, SL_E_INPUT, "a key's name is clean text without space and '+'");
	rc = key_hash(key, hash, err);
	if (rc != SL_OK)
		return rc;
	sl_text_hex(hash, sizeof hash, hex);
	bytes[0] = ALGORITHM_ED25519;
	memcpy(bytes + 1, key->public, sizeof key->public);
	sl_buf_printf(out, "%s+%s+", key->name, hex);
	sl_base64_put(out, bytes, sizeof bytes);
	rc = sl_buf_ok(out, "a verifier key", err);
	if (rc != SL_OK)
		out->len = before;
	return rc;
}

static enum sl_rc no_key(struct sl_signed_note_key *key, struct sl_err *err, const char *why)
{
	memset(key, 0, sizeof *key);
	return sl_err_set(err, SL_E_INPUT, "not a verifier key \"name+hash+base64\": %s", why);
}

enum sl_rc sl_signed_note_key_parse(const char *text, size_t len, struct sl_signed_note_key *key, struct sl_err *err)
{
	const char *plus = len > 0 ? memchr(text, '+', len) : NULL;
	size_t nname = plus == NULL ? 0 : (size_t)(plus - text), nhash = 2 * HASH_BYTES + 2, n;
	uint8_t bytes[1 + sizeof key->public], hash[HASH_BYTES], said[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1] = "";
	enum sl_rc rc;

	memset(key, 0, sizeof *key);
	if (nname == 0 || nname >= sizeof key->name || len - nname < nhash || plus[nhash - 1] != '+')
		return no_key(key, err, "it has not three parts");
	memcpy(key->name, text, nname);
	if (strlen(key->name) != nname || !sl_signed_note_name_ok(key->name))
		return no_key(key, err, "its name is not clean text");
	memcpy(hex, plus + 1, 2 * HASH_BYTES);
	if (!sl_text_unhex(hex, said, sizeof said))
		return no_key(key, err, "its hash is not eight hex digits");
	if (!sl_base64_read(plus + nhash, len - nname - nhash, bytes, sizeof bytes, &n) || n != sizeof bytes ||
	    bytes[0] != ALGORITHM_ED25519)
		return no_key(key, err, "its third part is not base64 of an Ed25519 key");
	memcpy(key->public, bytes + 1, sizeof key->public);
	if (sl_ed25519_is_weak(key->public))
		return no_key(key, err, "it is weak: its signatures fit many messages");
	rc = key_hash(key, hash, err);
	if (rc != SL_OK)
		memset(key, 0, sizeof *key);
	else if (memcmp(hash, said, sizeof hash) != 0)
		return no_key(key, err, "its hash is of another name or key");
	return rc;
}

/* UTF-8, lines, no control characters but the line feeds. */
static bool text_ok(const char *text, size_t len)
{
	if (len == 0 || text[len - 1] != '\n' || !sl_text_is_utf8(text, len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7f)
			return false;
	return true;
}

enum sl_rc sl_signed_note_sign(const char *text, size_t len, const char *name, const struct sl_ed25519 *key,
                               struct sl_buf *out, struct sl_err *err)
{
	struct sl_signed_note_key who = { 0 };
	uint8_t line[LINE_BYTES];
	size_t before = out->len;
	enum sl_rc rc;

	if (!text_ok(text, len))
		return sl_err_set(err, SL_E_INPUT, "a note is lines of plain UTF-8 text");
	if (!sl_signed_note_name_ok(name))
		return sl_err_set(err, SL_E_INPUT, "a key's name is clean text without space and '+'");
	if (len > SL_SIGNED_NOTE_BYTES_MAX - 512)
		return sl_err_set(err, SL_E_LIMIT, "a note has at most %d bytes", SL_SIGNED_NOTE_BYTES_MAX - 512);
	memcpy(who.name, name, strlen(name));
	memcpy(who.public, key->public, sizeof who.public);
	rc = key_hash(&who, line, err);
	if (rc == SL_OK)
		rc = sl_ed25519_sign(key, text, len, line + HASH_BYTES, err);
	if (rc != SL_OK)
		return rc;
	sl_buf_put(out, text, len);
	sl_buf_printf(out, "\n" DASH "%s ", name);
	sl_base64_put(out, line, sizeof line);
	sl_buf_text(out, "\n");
	rc = sl_buf_ok(out, "a note", err);
	if (rc != SL_OK)
		out->len = before;
	return rc;
}

static enum sl_rc no_note(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INPUT, "not a signed note: %s", why);
}

/* Bytes of the text: up to the last empty line. 0: there is none. */
static size_t text_bytes(const char *note, size_t len)
{
	for (size_t i = len; i-- > 1;)
		if (note[i] == '\n' && note[i - 1] == '\n')
			return i;
	return 0;
}

/* One line "— name base64", its line feed left out. */
struct signature_line {
	char name[SL_SIGNED_NOTE_NAME_BYTES];
	uint8_t bytes[512];
	size_t nbytes;
};

static bool read_line(const char *at, size_t len, struct signature_line *line)
{
	size_t ndash = strlen(DASH), nname;
	const char *space;

	if (len < ndash || memcmp(at, DASH, ndash) != 0)
		return false;
	at += ndash;
	len -= ndash;
	space = len > 0 ? memchr(at, ' ', len) : NULL;
	nname = space == NULL ? 0 : (size_t)(space - at);
	if (nname == 0 || nname >= sizeof line->name)
		return false;
	memset(line->name, 0, sizeof line->name);
	memcpy(line->name, at, nname);
	return strlen(line->name) == nname && sl_signed_note_name_ok(line->name) &&
	       sl_base64_read(space + 1, len - nname - 1, line->bytes, sizeof line->bytes, &line->nbytes) &&
	       line->nbytes > HASH_BYTES;
}

enum sl_rc sl_signed_note_verify(const char *note, size_t len, const struct sl_signed_note_key *key, size_t *ntext,
                                 struct sl_err *err)
{
	size_t n = len > SL_SIGNED_NOTE_BYTES_MAX ? 0 : text_bytes(note, len), nlines = 0, found = 0;
	struct signature_line line;
	uint8_t hash[HASH_BYTES];
	enum sl_rc rc;

	*ntext = 0;
	if (n == 0 || !text_ok(note, n) || note[len - 1] != '\n')
		return no_note(err, "it is not text, an empty line and signature lines");
	rc = key_hash(key, hash, err);
	for (size_t at = n + 1; rc == SL_OK && at < len;) {
		const char *end = memchr(note + at, '\n', len - at);
		size_t nline = (size_t)(end - (note + at));
		if (++nlines > SL_SIGNED_NOTE_SIGNATURES_MAX || !read_line(note + at, nline, &line))
			return no_note(err, "a line below the text is no signature");
		at += nline + 1;
		if (strcmp(line.name, key->name) != 0 || memcmp(line.bytes, hash, HASH_BYTES) != 0)
			continue;
		if (found++ > 0 || line.nbytes != LINE_BYTES)
			return no_note(err, "a signature is there twice, or has another length");
		rc = sl_ed25519_verify(key->public, note, n, line.bytes + HASH_BYTES, err);
	}
	if (rc == SL_OK && nlines == 0)
		return no_note(err, "nobody signed it");
	if (rc == SL_OK && found == 0)
		return sl_err_set(err, SL_E_UNDECIDED, "the note is not signed by the key named \"%s\"", key->name);
	if (rc == SL_OK)
		*ntext = n;
	return rc;
}
