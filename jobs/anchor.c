/* anchor.c - see anchor.h. */
#include "jobs/anchor.h"

#include <string.h>

/* "sluice anchor v1", "enclave NAME", "key KEY", an empty line, the checkpoint of leaf 0. */
enum sl_rc sl_anchor_read(const char *text, size_t len, struct sl_signed_note_key *key, struct sl_checkpoint *cp,
                          struct sl_err *err)
{
	static const char magic[] = "sluice anchor v1\nenclave ";
	const char *name = text + sizeof magic - 1, *end = text + len;
	struct sl_err why = { 0 };

	if (len < sizeof magic || memcmp(text, magic, sizeof magic - 1) != 0)
		return sl_err_set(err, SL_E_INPUT, "this is no anchor");
	const char *lf = memchr(name, '\n', (size_t)(end - name));
	if (lf == NULL || end - lf < 6 || memcmp(lf, "\nkey ", 5) != 0)
		return sl_err_set(err, SL_E_INPUT, "the anchor names no key");
	const char *k = lf + 5, *klf = memchr(k, '\n', (size_t)(end - k));
	if (klf == NULL || end - klf < 2 || klf[1] != '\n')
		return sl_err_set(err, SL_E_INPUT, "the anchor has no checkpoint");
	enum sl_rc rc = sl_signed_note_key_parse(k, (size_t)(klf - k), key, &why);
	if (rc == SL_OK && (strlen(key->name) != (size_t)(lf - name) || memcmp(key->name, name, (size_t)(lf - name)) != 0))
		rc = sl_err_set(&why, SL_E_INPUT, "its key is of another name");
	if (rc == SL_OK)
		rc = sl_checkpoint_verify(klf + 2, (size_t)(end - klf - 2), key, cp, &why);
	if (rc == SL_OK && cp->size != 1)
		rc = sl_err_set(&why, SL_E_INPUT, "its checkpoint is not of one leaf");
	if (rc == SL_OK || rc == SL_E_NOMEM || rc == SL_E_BUG)
		return rc == SL_OK ? rc : sl_err_set(err, rc, "%s", why.text);
	return sl_err_set(err, SL_E_INPUT, "this is no anchor: %s", why.text);
}
