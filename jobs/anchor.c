/* anchor.c - see anchor.h. */
#include "jobs/anchor.h"

#include <string.h>

#include "enclave/base/num.h"
#include "enclave/base/text.h"

/* "root N HASH" and its line feed, when there is one; *at moves behind it. */
static enum sl_rc read_root(const char **at, const char *end, struct sl_anchor *out, struct sl_err *err)
{
	static const char word[] = "root ";
	const size_t nword = sizeof word - 1;
	char hex[65] = "";
	int64_t leaf = 0;

	if ((size_t)(end - *at) < nword || memcmp(*at, word, nword) != 0)
		return SL_OK;
	const char *n = *at + nword, *lf = memchr(n, '\n', (size_t)(end - n));
	if (lf == NULL || lf - n < 66 || lf[-65] != ' ' || !sl_parse_int(n, (size_t)(lf - 65 - n), &leaf) || leaf <= 0)
		return sl_err_set(err, SL_E_INPUT, "its root is no leaf and hash");
	memcpy(hex, lf - 64, 64);
	if (!sl_text_unhex(hex, out->root_hash.b, sizeof out->root_hash.b))
		return sl_err_set(err, SL_E_INPUT, "its root is no leaf and hash");
	out->root = (uint64_t)leaf;
	*at = lf + 1;
	return SL_OK;
}

static enum sl_rc read_rest(const char *at, const char *end, const char *name, size_t nname, struct sl_anchor *out,
                            struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (strlen(out->key.name) != nname || memcmp(out->key.name, name, nname) != 0)
		rc = sl_err_set(err, SL_E_INPUT, "its key is of another name");
	if (rc == SL_OK)
		rc = read_root(&at, end, out, err);
	if (rc == SL_OK && (at == end || *at++ != '\n'))
		rc = sl_err_set(err, SL_E_INPUT, "it has no checkpoint");
	if (rc == SL_OK)
		rc = sl_checkpoint_verify(at, (size_t)(end - at), &out->key, &out->first, err);
	if (rc == SL_OK && out->first.size != 1)
		rc = sl_err_set(err, SL_E_INPUT, "its checkpoint is not of one leaf");
	return rc;
}

/* "sluice anchor v1", "enclave NAME", "key KEY", perhaps a root, an empty line, the checkpoint of leaf 0. */
enum sl_rc sl_anchor_read(const char *text, size_t len, struct sl_anchor *out, struct sl_err *err)
{
	static const char magic[] = "sluice anchor v1\nenclave ";
	const char *name = text + sizeof magic - 1, *end = text + len;
	struct sl_err why = { 0 };

	memset(out, 0, sizeof *out);
	if (len < sizeof magic || memcmp(text, magic, sizeof magic - 1) != 0)
		return sl_err_set(err, SL_E_INPUT, "this is no anchor");
	const char *lf = memchr(name, '\n', (size_t)(end - name));
	if (lf == NULL || end - lf < 6 || memcmp(lf, "\nkey ", 5) != 0)
		return sl_err_set(err, SL_E_INPUT, "the anchor names no key");
	const char *k = lf + 5, *klf = memchr(k, '\n', (size_t)(end - k));
	if (klf == NULL)
		return sl_err_set(err, SL_E_INPUT, "the anchor has no checkpoint");
	enum sl_rc rc = sl_signed_note_key_parse(k, (size_t)(klf - k), &out->key, &why);
	if (rc == SL_OK)
		rc = read_rest(klf + 1, end, name, (size_t)(lf - name), out, &why);
	if (rc == SL_OK || rc == SL_E_NOMEM || rc == SL_E_BUG)
		return rc == SL_OK ? rc : sl_err_set(err, rc, "%s", why.text);
	return sl_err_set(err, SL_E_INPUT, "this is no anchor: %s", why.text);
}
