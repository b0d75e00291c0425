/* restored.c - see restored.h. */
#include "jobs/restored.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/pack.h"
#include "jobs/said.h"
#include "jobs/sign/canon.h"

#define PLACES "restores"
#define LEAF_BYTES_MAX ((size_t)64 << 10)

static json_t *said_of(const char *name, uint64_t leaf, const struct sl_checkpoint *outside)
{
	return json_pack("{s:s, s:s, s:I, s:o, s:I}", "sluice", SL_AUDIT_RESTORED, "enclave", name, "log leaf",
	                 (json_int_t)leaf, "outside root", sl_pack_hex(outside->root.b), "outside size",
	                 (json_int_t)outside->size);
}

static enum sl_rc take(const json_t *leaf, uint64_t index, const char *name, const uint8_t *public,
                       struct sl_restored *out, struct sl_err *err)
{
	json_int_t size = json_integer_value(json_object_get(leaf, "outside size"));
	struct sl_err why = { 0 };
	enum sl_rc rc = SL_E_INTEGRITY;

	*out = (struct sl_restored){ .leaf = index, .outside = { .size = size > 0 ? (uint64_t)size : 0 } };
	(void)snprintf(out->outside.origin, sizeof out->outside.origin, "%s", name);
	(void)snprintf(out->at, sizeof out->at, "%s", sl_pack_text(leaf, "at"));
	if (index > 0 && size > 0 && sl_pack_unhex(leaf, "outside root", out->outside.root.b))
		rc = sl_said_check(public, said_of(name, index, &out->outside), sl_pack_text(leaf, "signature"), &why);
	if (rc == SL_E_INTEGRITY)
		rc = sl_err_set(err, rc, "log leaf %" PRIu64 " tells of a restore that this enclave did not sign", index);
	else if (rc != SL_OK)
		rc = sl_err_set(err, rc, "%s", why.text);
	return rc;
}

enum sl_rc sl_restored_read(const void *body, size_t len, uint64_t index, const char *name,
                            const uint8_t public[static SL_ED25519_PUBLIC_BYTES], struct sl_restored *out,
                            struct sl_err *err)
{
	/* Leaves are canonical JSON: a quote within a text is escaped, so only the member itself reads like this. */
	static const char kind[] = "\"kind\":\"" SL_AUDIT_RESTORED "\"";
	json_t *leaf = NULL;
	enum sl_rc rc;

	memset(out, 0, sizeof *out);
	if (memmem(body, len, kind, sizeof kind - 1) == NULL)
		return SL_OK;
	rc = sl_canon_read("a restore", body, len, LEAF_BYTES_MAX, &leaf, err);
	if (rc == SL_E_INPUT)
		rc = sl_err_set(err, SL_E_INTEGRITY, "log leaf %" PRIu64 " cannot be read", index);
	if (rc == SL_OK && strcmp(sl_pack_text(leaf, "kind"), SL_AUDIT_RESTORED) == 0)
		rc = take(leaf, index, name, public, out, err);
	json_decref(leaf);
	if (rc != SL_OK)
		memset(out, 0, sizeof *out);
	return rc;
}

static enum sl_rc load_one(struct sl_enclave *e, uint64_t index, struct sl_restored *out, struct sl_err *err)
{
	struct sl_buf body = { 0 };
	enum sl_rc rc = sl_audit_leaf(e, index, &body, err);

	if (rc == SL_OK)
		rc = sl_restored_read(body.data, body.len, index, e->name, e->public, out, err);
	if (rc == SL_E_NO || (rc == SL_OK && out->leaf == 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "log leaf %" PRIu64 " does not tell of a restore, as state.db has it", index);
	sl_buf_free(&body);
	return rc;
}

enum sl_rc sl_restored_load(struct sl_enclave *e, struct sl_restored **out, uint32_t *n, struct sl_err *err)
{
	struct sl_buf where = { 0 };
	enum sl_rc rc = sl_said_places(e, PLACES, &where, err);
	struct sl_cursor at = sl_cursor_over(where.data, where.len);
	uint32_t count = (uint32_t)(where.len / 8);

	*n = 0;
	*out = rc == SL_OK && count > 0 ? calloc(count, sizeof **out) : NULL;
	if (rc == SL_OK && count > 0 && *out == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < count && rc == SL_OK; i++)
		rc = load_one(e, sl_cursor_u64(&at), &(*out)[(*n)++], err);
	if (rc != SL_OK) {
		free(*out);
		*out = NULL;
		*n = 0;
	}
	sl_buf_free(&where);
	return rc;
}

enum sl_rc sl_restored_add(struct sl_enclave *e, const char *who, const struct sl_checkpoint *outside,
                           struct sl_err *err)
{
	struct sl_buf signature = { 0 };
	uint64_t leaf = 0;
	enum sl_rc rc = sl_audit_size(e, &leaf, err);

	if (rc == SL_OK)
		rc = sl_said_sign(e, said_of(e->name, leaf, outside), &signature, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, SL_AUDIT_RESTORED, who,
		                     json_pack("{s:o, s:I, s:s}", "outside root", sl_pack_hex(outside->root.b), "outside size",
		                               (json_int_t)outside->size, "signature", sl_buf_cstr(&signature)),
		                     NULL, err);
	if (rc == SL_OK)
		rc = sl_said_add_place(e, PLACES, leaf, err);
	sl_buf_free(&signature);
	return rc;
}

bool sl_restored_explains(const struct sl_restored *r, const struct sl_checkpoint *cp)
{
	if (r->leaf == 0 || cp->size > r->outside.size)
		return false;
	if (cp->size == r->outside.size)
		return memcmp(cp->root.b, r->outside.root.b, sizeof cp->root.b) == 0;
	return cp->size > r->leaf;
}

void sl_restored_ask(const struct sl_restored *last, const struct sl_checkpoint *cp, struct sl_err *err)
{
	static const char how[] = "sluice recover --checkpoint FILE, with the bundles that left";

	if (last != NULL && last->leaf != 0 && cp->size > last->outside.size)
		sl_err_remedy(err, "a restore on %s is told of up to size %" PRIu64 ", and yours is later: give it to who runs the "
		                   "enclave, who enters it: %s", last->at, last->outside.size, how);
	else
		sl_err_remedy(err, "keep it, for the enclave signed it, and ask who runs the enclave what happened; if a backup "
		                   "was brought back, it is entered: %s", how);
}

enum sl_rc sl_restored_tell(const struct sl_restored *r, const struct sl_checkpoint *cp, struct sl_err *err)
{
	(void)sl_err_set(err, SL_E_UNDECIDED,
	                 "the log was brought back from a backup and goes on from leaf %" PRIu64 ", which says so, on %s; "
	                 "the checkpoint of size %" PRIu64 " is of what is lost, up to size %" PRIu64,
	                 r->leaf, r->at, cp->size, r->outside.size);
	sl_err_remedy(err, "ask who runs the enclave why, and compare the bundles you have with \"release ls\": each that "
	                   "left must be there");
	return SL_E_UNDECIDED;
}
