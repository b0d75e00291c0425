/* request_sign.c - what is said of a request under a signature: its author's statement, and its leaf in the log. */
#include <stdlib.h>
#include <string.h>

#include "jobs/audit.h"
#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/sshsign.h"

enum sl_rc sl_request_statement(const struct sl_enclave *e, const struct sl_store_request *row, char **out,
                                struct sl_err *err)
{
	char name[SL_PACK_NAME], request[SL_PACK_NAME];
	json_t *outputs = NULL, *v;
	enum sl_rc rc =
		sl_canon_read("a request's outputs", row->outputs, strlen(row->outputs), (size_t)1 << 20, &outputs, err);

	*out = NULL;
	if (rc != SL_OK)
		return rc;
	sl_pack_name('J', row->job, name);
	v = json_pack("{s:s, s:s, s:s, s:o, s:s}", "context", row->context, "enclave", e->name, "job", name, "outputs",
	              outputs, "project", row->project);
	/* The first revision is signed before it has a number. */
	sl_pack_name('R', row->id, request);
	if (v != NULL && row->revision > 1 &&
	    (json_object_set_new(v, "request", json_string(request)) != 0 ||
	     json_object_set_new(v, "revision", json_integer(row->revision)) != 0)) {
		json_decref(v);
		v = NULL;
	}
	/* So that a statement of before, which had none, is the same now. */
	if (v != NULL && row->title[0] != '\0' && json_object_set_new(v, "title", json_string(row->title)) != 0) {
		json_decref(v);
		v = NULL;
	}
	return sl_pack_cstr(v, out, err);
}

enum sl_rc sl_request_sign(struct sl_enclave *e, const struct sl_actor *actor, struct sl_store_request *row,
                           struct sl_err *err)
{
	struct sl_buf armour = { 0 };

	free(row->statement);
	free(row->signature);
	row->statement = row->signature = NULL;
	enum sl_rc rc = sl_request_statement(e, row, &row->statement, err);

	if (rc == SL_OK && actor->kind == SL_ACTOR_KEY)
		rc = sl_sshsign_make(actor->key_path, SL_REQUEST_NAMESPACE, row->statement, strlen(row->statement),
		                     &armour, NULL, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(armour.len > 0 ? sl_buf_cstr(&armour) : "", &row->signature, err);
	sl_buf_free(&armour);
	return rc;
}

enum sl_rc sl_request_leaf(struct sl_enclave *e, const char *kind, const struct sl_actor *actor,
                           const struct sl_store_request *row, struct sl_err *err)
{
	char name[SL_PACK_NAME], job[SL_PACK_NAME];

	sl_pack_name('R', row->id, name);
	sl_pack_name('J', row->job, job);
	json_t *body = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s}", "request", name, "job", job, "project", row->project,
	                         "publication", sl_pack_hex(row->digest), "statement",
	                         sl_pack_keyed(e, row->statement, strlen(row->statement)), "identified",
	                         row->signature[0] != '\0' ? "signature" : "session");
	if (body != NULL && row->revision > 1 &&
	    json_object_set_new(body, "revision", json_integer(row->revision)) != 0) {
		json_decref(body);
		body = NULL;
	}
	return sl_audit_append(e, kind, sl_pack_who(actor), body, NULL, err);
}
