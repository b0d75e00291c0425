/* root.c - see root.h. */
#include "jobs/root.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/pack.h"
#include "jobs/said.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/ssh_key.h"
#include "jobs/store/policy.h"
#include "policy/policy.h"

#define PLACES "roots" /* in meta: the leaves of all but the first, eight bytes each */
#define LEAF_BYTES_MAX ((size_t)1 << 20)

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc damaged(struct sl_err *err, uint64_t leaf)
{
	return sl_err_set(err, SL_E_INTEGRITY, "log leaf %llu is no root of trust that this enclave signed",
	                  (unsigned long long)leaf);
}

json_t *sl_root_officers_json(const struct sl_officer *officers, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n && list != NULL; i++)
		if (json_array_append_new(list, json_pack("{s:s, s:s}", "key", officers[i].key_line, "name",
		                                          officers[i].name)) != 0) {
			json_decref(list);
			list = NULL;
		}
	return list;
}

enum sl_rc sl_root_check(const struct sl_officer *officers, size_t n, struct sl_err *err)
{
	struct sl_ssh_key key;

	if (n == 0)
		return sl_err_set(err, SL_E_INPUT, "an enclave needs at least one officer");
	for (size_t i = 0; i < n; i++) {
		if (!sl_text_is_ident(officers[i].name))
			return sl_err_set(err, SL_E_INPUT, "\"%s\" cannot name an officer", officers[i].name);
		for (size_t k = 0; k < i; k++)
			if (strcmp(officers[k].name, officers[i].name) == 0)
				return sl_err_set(err, SL_E_INPUT, "two officers are called \"%s\"", officers[i].name);
		enum sl_rc rc = sl_ssh_key_parse(officers[i].key_line, strlen(officers[i].key_line), &key, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

void sl_roots_free(struct sl_root *roots, uint32_t n)
{
	for (uint32_t i = 0; roots != NULL && i < n; i++) {
		for (uint32_t k = 0; k < roots[i].nofficers; k++) {
			free((void *)(uintptr_t)roots[i].officers[k].name);
			free((void *)(uintptr_t)roots[i].officers[k].key_line);
		}
		free(roots[i].officers);
		free(roots[i].at);
		free(roots[i].reason);
	}
	free(roots);
}

const struct sl_root *sl_root_over(const struct sl_root *roots, uint32_t n, uint64_t serial)
{
	for (uint32_t i = n; i > 0; i--)
		if (roots[i - 1].serial == serial && (i > 1 || serial == 0))
			return &roots[i - 1];
	return NULL;
}

static enum sl_rc take_officers(struct sl_root *r, const json_t *list, struct sl_err *err)
{
	const json_t *item;
	size_t i;

	if (json_array_size(list) == 0)
		return sl_err_set(err, SL_E_INTEGRITY, "log leaf %llu names no officer", (unsigned long long)r->leaf);
	if ((r->officers = calloc(json_array_size(list), sizeof *r->officers)) == NULL)
		return no_memory(err);
	json_array_foreach(list, i, item) {
		struct sl_officer *o = &r->officers[r->nofficers++];
		o->name = strdup(sl_pack_text(item, "name"));
		o->key_line = strdup(sl_pack_text(item, "key"));
		if (o->name == NULL || o->key_line == NULL)
			return no_memory(err);
	}
	return SL_OK;
}

/* What the enclave signs of a root: who, why, over which policy, and where in the log. */
static json_t *said_of(const struct sl_enclave *e, uint64_t leaf, uint64_t serial, const char *reason, json_t *officers)
{
	return json_pack("{s:s, s:s, s:I, s:O, s:I, s:s}", "sluice", SL_AUDIT_REROOTED, "enclave", e->name, "log leaf",
	                 (json_int_t)leaf, "officers", officers, "over policy", (json_int_t)serial, "reason", reason);
}

static enum sl_rc check_signed(const struct sl_enclave *e, const struct sl_root *r, const json_t *leaf,
                               struct sl_err *err)
{
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_said_check(e->public, said_of(e, r->leaf, r->serial, r->reason, json_object_get(leaf, "officers")),
	                              sl_pack_text(leaf, "signature"), &why);

	return rc == SL_OK || rc == SL_E_INTEGRITY ? rc == SL_OK ? rc : damaged(err, r->leaf)
	                                           : sl_err_set(err, rc, "%s", why.text);
}

static enum sl_rc load_one(struct sl_enclave *e, uint64_t index, struct sl_root *r, struct sl_err *err)
{
	struct sl_buf body = { 0 };
	json_t *leaf = NULL;
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_audit_leaf(e, index, &body, &why);

	r->leaf = index;
	if (rc != SL_OK)
		rc = rc == SL_E_NO ? damaged(err, index) : sl_err_set(err, rc, "%s", why.text);
	if (rc == SL_OK)
		rc = sl_canon_read("a root of trust", body.data, body.len, LEAF_BYTES_MAX, &leaf, err);
	if (rc == SL_OK && strcmp(sl_pack_text(leaf, "kind"), index == 0 ? "enclave.founded" : SL_AUDIT_REROOTED) != 0)
		rc = damaged(err, index);
	r->serial = (uint64_t)json_integer_value(json_object_get(leaf, "over policy"));
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_pack_text(leaf, "at"), &r->at, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_pack_text(leaf, "reason"), &r->reason, err);
	if (rc == SL_OK)
		rc = take_officers(r, json_object_get(leaf, "officers"), err);
	if (rc == SL_OK && index > 0)
		rc = check_signed(e, r, leaf, err);
	json_decref(leaf);
	sl_buf_free(&body);
	return rc;
}

enum sl_rc sl_roots_load(struct sl_enclave *e, struct sl_root **out, uint32_t *n, struct sl_err *err)
{
	struct sl_buf where = { 0 };
	enum sl_rc rc = sl_said_places(e, PLACES, &where, err);
	struct sl_cursor at = sl_cursor_over(where.data, where.len);
	uint32_t count = (uint32_t)(where.len / 8) + 1;

	*n = 0;
	*out = rc == SL_OK ? calloc(count, sizeof **out) : NULL;
	if (rc == SL_OK && *out == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; i < count && rc == SL_OK; i++)
		rc = load_one(e, i == 0 ? 0 : sl_cursor_u64(&at), &(*out)[(*n)++], err);
	if (rc != SL_OK) {
		sl_roots_free(*out, *n);
		*out = NULL;
		*n = 0;
	}
	sl_buf_free(&where);
	return rc;
}

static enum sl_rc serial_now(struct sl_enclave *e, uint64_t *serial, struct sl_err *err)
{
	struct sl_buf text = { .max = SL_POLICY_BYTES_MAX }, armours = { 0 };
	struct sl_policy policy = { 0 };
	uint8_t digest[32];
	enum sl_rc rc = sl_policy_stored(&e->db, 0, &text, &armours, digest, err);

	*serial = 0;
	if (rc == SL_OK) {
		rc = sl_policy_load("policy in force", text.data, text.len, &policy, err);
		*serial = policy.serial;
	} else if (rc == SL_E_NO) {
		rc = SL_OK;
	}
	sl_policy_free(&policy);
	sl_buf_free(&text);
	sl_buf_free(&armours);
	return rc;
}

/* Within the open transaction: the leaf, signed, and its place. */
static enum sl_rc add_root(struct sl_enclave *e, json_t *officers, const char *reason, struct sl_err *err)
{
	struct sl_buf signature = { 0 };
	uint64_t leaf = 0, serial = 0;
	enum sl_rc rc = sl_audit_size(e, &leaf, err);

	if (rc == SL_OK)
		rc = serial_now(e, &serial, err);
	if (rc == SL_OK)
		rc = sl_said_sign(e, said_of(e, leaf, serial, reason, officers), &signature, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, SL_AUDIT_REROOTED, "operator",
		                     json_pack("{s:O, s:I, s:s, s:s}", "officers", officers, "over policy", (json_int_t)serial,
		                               "reason", reason, "signature", sl_buf_cstr(&signature)),
		                     NULL, err);
	if (rc == SL_OK)
		rc = sl_said_add_place(e, PLACES, leaf, err);
	sl_buf_free(&signature);
	return rc;
}

enum sl_rc sl_enclave_reroot(struct sl_enclave *e, const struct sl_officer *officers, size_t n, const char *reason,
                             struct sl_buf *anchor, struct sl_err *err)
{
	json_t *list = NULL;
	enum sl_rc rc = sl_root_check(officers, n, err);

	if (rc == SL_OK && !sl_text_says(reason, 500))
		rc = sl_err_set(err, SL_E_INPUT, "a reason is one line of clean text of at most 500 bytes, and not blank");
	if (rc == SL_OK && (list = sl_root_officers_json(officers, n)) == NULL)
		rc = no_memory(err);
	if (rc == SL_OK)
		rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = add_root(e, list, reason, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	json_decref(list);
	return rc == SL_OK ? sl_enclave_anchor(e, anchor, err) : rc;
}
