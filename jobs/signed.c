/* signed.c - see signed.h. */
#include "jobs/signed.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/pack.h"
#include "jobs/review_gate.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/sshsign.h"

#define ARMOUR_BEGIN "-----BEGIN SSH SIGNATURE-----"

enum sl_rc sl_signed_make(const struct sl_actor *actor, const char *namespace, struct sl_buf *text,
                          struct sl_signed *out, struct sl_err *err)
{
	struct sl_buf armour = { 0 };
	enum sl_rc rc;

	if (actor->kind != SL_ACTOR_KEY) {
		rc = sl_err_set(err, SL_E_IDENT, "a decision is signed, and no key was given");
		sl_err_remedy(err, "give --key, or sign the statement with ssh-keygen and hand it in");
		return rc;
	}
	rc = sl_sshsign_make(actor->key_path, namespace, text->data, text->len, &armour, NULL, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_buf_cstr(text), &out->statement, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_buf_cstr(&armour), &out->armour, err);
	out->nstatement = text->len;
	sl_buf_free(&armour);
	return rc;
}

enum sl_rc sl_signed_take(const void *bytes, size_t n, struct sl_signed *out, struct sl_err *err)
{
	const char *s = bytes, *at = memmem(bytes, n, ARMOUR_BEGIN, strlen(ARMOUR_BEGIN));

	if (at == NULL || at == s || n > SL_SIGNED_BYTES_MAX || memchr(bytes, '\0', n) != NULL)
		return sl_err_set(err, SL_E_INPUT, "no statement with a signature behind it");
	out->nstatement = (size_t)(at - s);
	out->statement = strndup(s, out->nstatement);
	out->armour = strndup(at, n - out->nstatement);
	return out->statement != NULL && out->armour != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

void sl_signed_free(struct sl_signed *s)
{
	free(s->statement);
	free(s->armour);
	memset(s, 0, sizeof *s);
}

static enum sl_rc verify_with(const struct sl_signed *s, size_t len, const char *namespace,
                              const struct sl_ssh_key *key, struct sl_err *err)
{
	return sl_sshsig_verify(s->statement, len, s->armour, strlen(s->armour), namespace, key, NULL, err);
}

enum sl_rc sl_signed_check(const struct sl_person *person, const char *namespace, struct sl_signed *s,
                           struct sl_err *err)
{
	struct sl_ssh_key key;
	enum sl_rc rc = sl_ssh_key_parse(person->key, strlen(person->key), &key, err);

	if (rc != SL_OK)
		return rc;
	size_t len = s->nstatement;
	if (len > 0 && s->statement[len - 1] == '\n' && verify_with(s, len - 1, namespace, &key, NULL) == SL_OK)
		s->statement[--s->nstatement] = '\0';
	return verify_with(s, s->nstatement, namespace, &key, err);
}

/* What was signed, without the line feed that an editor may have put behind it. */
static size_t text_len(const struct sl_signed *s)
{
	return s->nstatement > 0 && s->statement[s->nstatement - 1] == '\n' ? s->nstatement - 1 : s->nstatement;
}

enum sl_rc sl_signed_read(struct sl_enclave *e, const struct sl_signed *s, json_t **v, uint64_t *log_size,
                          uint8_t log_root[static 32], struct sl_err *err)
{
	struct sl_merkle_hash root;
	enum sl_rc rc = sl_canon_read("the statement", s->statement, text_len(s), SL_SIGNED_BYTES_MAX, v, err);

	if (rc != SL_OK)
		return rc;
	json_int_t size = json_integer_value(json_object_get(*v, "log size"));
	if (size <= 0 || !sl_pack_unhex(*v, "log root", log_root))
		rc = sl_err_set(err, SL_E_INPUT, "the statement names no size and root of the log");
	*log_size = (uint64_t)size;
	if (rc == SL_OK)
		rc = sl_review_log_root(e, (uint64_t)size, &root, err);
	if (rc == SL_E_NO || (rc == SL_OK && !sl_seal_equal(log_root, root.b, sizeof root.b)))
		rc = sl_err_set(err, SL_E_INTEGRITY, "the statement names a log that this one never was");
	if (rc != SL_OK) {
		json_decref(*v);
		*v = NULL;
	}
	return rc;
}

enum sl_rc sl_signed_is(const struct sl_signed *s, const struct sl_buf *text, const char *what, struct sl_err *err)
{
	enum sl_rc rc;

	if (text->len == text_len(s) && memcmp(text->data, s->statement, text->len) == 0)
		return SL_OK;
	rc = sl_err_set(err, SL_E_INTEGRITY, "the statement is not about %s as it stands", what);
	sl_err_remedy(err, "make the statement again and sign that");
	return rc;
}
