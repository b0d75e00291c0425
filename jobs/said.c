/* said.c - see said.h. */
#include "jobs/said.h"

#include <string.h>

#include "jobs/sign/base64.h"
#include "jobs/sign/canon.h"
#include "jobs/store/meta.h"

static enum sl_rc bytes_of(json_t *said, struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = said == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : sl_canon_put(said, out, err);

	json_decref(said);
	return rc;
}

enum sl_rc sl_said_sign(const struct sl_enclave *e, json_t *said, struct sl_buf *base64, struct sl_err *err)
{
	uint8_t sig[SL_ED25519_SIGNATURE_BYTES];
	struct sl_ed25519 key = { 0 };
	struct sl_buf bytes = { 0 };
	enum sl_rc rc = bytes_of(said, &bytes, err);

	if (rc == SL_OK)
		rc = sl_enclave_sign_key(e, &key, err);
	if (rc == SL_OK)
		rc = sl_ed25519_sign(&key, bytes.data, bytes.len, sig, err);
	sl_ed25519_wipe(&key);
	if (rc == SL_OK) {
		sl_base64_put(base64, sig, sizeof sig);
		rc = sl_buf_ok(base64, "a signature", err);
	}
	sl_buf_free(&bytes);
	return rc;
}

enum sl_rc sl_said_check(const uint8_t public[static SL_ED25519_PUBLIC_BYTES], json_t *said, const char *base64,
                         struct sl_err *err)
{
	uint8_t sig[SL_ED25519_SIGNATURE_BYTES];
	struct sl_buf bytes = { 0 };
	size_t n = 0;
	enum sl_rc rc = bytes_of(said, &bytes, err);

	if (rc == SL_OK && (!sl_base64_read(base64, strlen(base64), sig, sizeof sig, &n) || n != sizeof sig ||
	                    sl_ed25519_verify(public, bytes.data, bytes.len, sig, NULL) != SL_OK))
		rc = sl_err_set(err, SL_E_INTEGRITY, "the enclave did not sign this");
	sl_buf_free(&bytes);
	return rc;
}

enum sl_rc sl_said_places(struct sl_enclave *e, const char *word, struct sl_buf *out, struct sl_err *err)
{
	bool has = false;
	enum sl_rc rc = sl_meta_has(&e->db, word, &has, err);

	if (rc == SL_OK && has)
		rc = sl_meta_get(&e->db, word, out, err);
	return rc == SL_OK && out->len % 8 != 0 ? sl_err_set(err, SL_E_INTEGRITY, "state.db: %s is damaged", word) : rc;
}

enum sl_rc sl_said_add_place(struct sl_enclave *e, const char *word, uint64_t leaf, struct sl_err *err)
{
	struct sl_buf where = { 0 };
	enum sl_rc rc = sl_said_places(e, word, &where, err);

	sl_buf_u64(&where, leaf);
	if (rc == SL_OK)
		rc = sl_buf_ok(&where, word, err);
	if (rc == SL_OK)
		rc = sl_meta_put(&e->db, word, where.data, where.len, err);
	sl_buf_free(&where);
	return rc;
}
