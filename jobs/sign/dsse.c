/* dsse.c - see dsse.h. */
#include "jobs/sign/dsse.h"

#include <string.h>

#include "jobs/sign/base64.h"
#include "jobs/sign/canon.h"

void sl_dsse_pae(const char *type, const void *payload, size_t len, struct sl_buf *out)
{
	sl_buf_printf(out, "DSSEv1 %zu %s %zu ", strlen(type), type, len);
	sl_buf_put(out, payload, len);
}

/* The one envelope of these three; every character is plain, so nothing needs JSON's escapes. */
static void put(const void *payload, size_t len, const char *keyid, const uint8_t *sig, struct sl_buf *out)
{
	sl_buf_text(out, "{\"payload\":\"");
	sl_base64_put(out, payload, len);
	sl_buf_text(out, "\",\"payloadType\":\"" SL_DSSE_IN_TOTO "\",\"signatures\":[{\"keyid\":\"");
	sl_buf_text(out, keyid);
	sl_buf_text(out, "\",\"sig\":\"");
	sl_base64_put(out, sig, SL_ED25519_SIGNATURE_BYTES);
	sl_buf_text(out, "\"}]}");
}

enum sl_rc sl_dsse_make(const void *payload, size_t len, const struct sl_ed25519 *key, struct sl_buf *out,
                        struct sl_err *err)
{
	struct sl_buf signed_bytes = { 0 };
	uint8_t sig[SL_ED25519_SIGNATURE_BYTES];
	char keyid[SL_ED25519_ID_TEXT];
	size_t before = out->len;
	enum sl_rc rc = SL_OK;

	if (len > SL_DSSE_BYTES_MAX)
		return sl_err_set(err, SL_E_LIMIT, "%zu bytes are too many for one envelope", len);
	sl_dsse_pae(SL_DSSE_IN_TOTO, payload, len, &signed_bytes);
	rc = sl_buf_ok(&signed_bytes, "the bytes of an envelope", err);
	if (rc == SL_OK)
		rc = sl_ed25519_id(key->public, keyid, err);
	if (rc == SL_OK)
		rc = sl_ed25519_sign(key, signed_bytes.data, signed_bytes.len, sig, err);
	if (rc == SL_OK) {
		put(payload, len, keyid, sig, out);
		rc = sl_buf_ok(out, "an envelope", err);
	}
	if (rc == SL_OK && out->len - before > SL_DSSE_BYTES_MAX)
		rc = sl_err_set(err, SL_E_LIMIT, "an envelope has at most %zu bytes", SL_DSSE_BYTES_MAX);
	if (rc != SL_OK)
		out->len = before;
	sl_buf_free(&signed_bytes);
	return rc;
}

/* The three texts of an envelope, borrowed from root. */
struct parts {
	const char *payload, *keyid, *sig;
	size_t npayload, nsig;
};

static enum sl_rc split(json_t *root, struct parts *p, struct sl_err *err)
{
	const char *type;
	json_t *signatures, *first;
	json_error_t said;

	if (json_unpack_ex(root, &said, JSON_STRICT, "{s:s%,s:s,s:o!}", "payload", &p->payload, &p->npayload, "payloadType",
	                   &type, "signatures", &signatures) != 0 ||
	    !json_is_array(signatures) || json_array_size(signatures) != 1)
		return sl_err_set(err, SL_E_INPUT, "not a DSSE envelope with one signature");
	first = json_array_get(signatures, 0);
	if (json_unpack_ex(first, &said, JSON_STRICT, "{s:s,s:s%!}", "keyid", &p->keyid, "sig", &p->sig, &p->nsig) != 0)
		return sl_err_set(err, SL_E_INPUT, "the signature of the envelope has not keyid and sig");
	if (strcmp(type, SL_DSSE_IN_TOTO) != 0)
		return sl_err_set(err, SL_E_INPUT, "the envelope does not hold an in-toto statement");
	return SL_OK;
}

/* Append the base64 text's bytes; SL_E_INPUT when it is not canonical. */
static enum sl_rc decode(const char *text, size_t len, struct sl_buf *out, struct sl_err *err)
{
	uint8_t chunk[3072];
	size_t n;

	for (size_t at = 0; at < len;) {
		size_t take = len - at < SL_BASE64_TEXT(sizeof chunk) ? len - at : SL_BASE64_TEXT(sizeof chunk);
		if (!sl_base64_read(text + at, take, chunk, sizeof chunk, &n) || (n < sizeof chunk && at + take < len))
			return sl_err_set(err, SL_E_INPUT, "the envelope's payload is not canonical base64");
		sl_buf_put(out, chunk, n);
		at += take;
	}
	return sl_buf_ok(out, "a payload", err);
}

static enum sl_rc check(const struct parts *p, const uint8_t *public, const struct sl_buf *payload, size_t from,
                        struct sl_err *err)
{
	struct sl_buf signed_bytes = { 0 };
	uint8_t sig[SL_ED25519_SIGNATURE_BYTES];
	char keyid[SL_ED25519_ID_TEXT];
	size_t nsig;
	enum sl_rc rc = sl_ed25519_id(public, keyid, err);

	if (rc == SL_OK && strcmp(keyid, p->keyid) != 0)
		rc = sl_err_set(err, SL_E_IDENT, "the envelope is signed by another key than expected");
	if (rc == SL_OK && (!sl_base64_read(p->sig, p->nsig, sig, sizeof sig, &nsig) || nsig != sizeof sig))
		rc = sl_err_set(err, SL_E_INPUT, "the envelope's sig is not base64 of 64 bytes");
	if (rc != SL_OK)
		return rc;
	sl_dsse_pae(SL_DSSE_IN_TOTO, payload->len > from ? payload->data + from : NULL, payload->len - from, &signed_bytes);
	rc = sl_buf_ok(&signed_bytes, "the bytes of an envelope", err);
	if (rc == SL_OK)
		rc = sl_ed25519_verify(public, signed_bytes.data, signed_bytes.len, sig, err);
	sl_buf_free(&signed_bytes);
	return rc;
}

enum sl_rc sl_dsse_verify(const char *envelope, size_t len, const uint8_t public[static SL_ED25519_PUBLIC_BYTES],
                          struct sl_buf *payload, struct sl_err *err)
{
	size_t before = payload->len;
	json_t *root = NULL;
	struct parts p = { 0 };
	enum sl_rc rc = sl_canon_read("the envelope", envelope, len, SL_DSSE_BYTES_MAX, &root, err);

	if (rc == SL_OK)
		rc = split(root, &p, err);
	if (rc == SL_OK)
		rc = decode(p.payload, p.npayload, payload, err);
	if (rc == SL_OK)
		rc = check(&p, public, payload, before, err);
	if (rc != SL_OK)
		payload->len = before;
	json_decref(root);
	return rc;
}
