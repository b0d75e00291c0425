/* checkpoint.c - see checkpoint.h. */
#include "jobs/sign/checkpoint.h"

#include <inttypes.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/sign/base64.h"

#define LINES 3
#define ROOT_TEXT SL_BASE64_TEXT(sizeof(struct sl_merkle_hash))

void sl_checkpoint_put(const struct sl_checkpoint *cp, struct sl_buf *out)
{
	sl_buf_printf(out, "%s\n%" PRIu64 "\n", cp->origin, cp->size);
	sl_base64_put(out, cp->root.b, sizeof cp->root.b);
	sl_buf_text(out, "\n");
}

enum sl_rc sl_checkpoint_sign(const struct sl_checkpoint *cp, const struct sl_ed25519 *key, struct sl_buf *out,
                              struct sl_err *err)
{
	struct sl_buf text = { 0 };
	enum sl_rc rc;

	sl_checkpoint_put(cp, &text);
	rc = sl_buf_ok(&text, "a checkpoint", err);
	if (rc == SL_OK)
		rc = sl_signed_note_sign((const char *)text.data, text.len, cp->origin, key, out, err);
	sl_buf_free(&text);
	return rc;
}

/* A number with one text: no sign, no leading zero. */
static bool read_size(const char *at, size_t len, uint64_t *out)
{
	int64_t v;

	if (len == 0 || at[0] < '0' || at[0] > '9' || (len > 1 && at[0] == '0') || !sl_parse_int(at, len, &v))
		return false;
	*out = (uint64_t)v;
	return true;
}

enum sl_rc sl_checkpoint_parse(const char *text, size_t len, struct sl_checkpoint *cp, struct sl_err *err)
{
	const char *line[LINES];
	size_t n[LINES], nroot, at = 0;
	bool ok = true;

	memset(cp, 0, sizeof *cp);
	for (int i = 0; ok && i < LINES; i++) {
		const char *end = at < len ? memchr(text + at, '\n', len - at) : NULL;
		ok = end != NULL;
		line[i] = text + at;
		n[i] = ok ? (size_t)(end - line[i]) : 0;
		at += n[i] + 1;
	}
	ok = ok && at == len && n[0] < sizeof cp->origin && n[2] == ROOT_TEXT && read_size(line[1], n[1], &cp->size) &&
	     sl_base64_read(line[2], n[2], cp->root.b, sizeof cp->root.b, &nroot) && nroot == sizeof cp->root.b;
	if (ok)
		memcpy(cp->origin, line[0], n[0]);
	if (ok && strlen(cp->origin) == n[0] && sl_signed_note_name_ok(cp->origin))
		return SL_OK;
	memset(cp, 0, sizeof *cp);
	return sl_err_set(err, SL_E_INPUT, "not a checkpoint: it has not the three lines origin, size, root");
}

enum sl_rc sl_checkpoint_verify(const char *note, size_t len, const struct sl_signed_note_key *key,
                                struct sl_checkpoint *cp, struct sl_err *err)
{
	size_t ntext;
	enum sl_rc rc = sl_signed_note_verify(note, len, key, &ntext, err);

	memset(cp, 0, sizeof *cp);
	if (rc == SL_OK)
		rc = sl_checkpoint_parse(note, ntext, cp, err);
	if (rc == SL_OK && strcmp(cp->origin, key->name) != 0) {
		rc = sl_err_set(err, SL_E_INTEGRITY, "the checkpoint is of the log \"%s\", signed by \"%s\"", cp->origin,
		                key->name);
		memset(cp, 0, sizeof *cp);
	}
	return rc;
}
