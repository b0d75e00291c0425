/* request_comment.c - those who asked and those who decide talk where it is kept; it changes nothing. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/store/comment.h"
#include "jobs/store/seen.h"

static enum sl_rc add(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_store_request *request,
                      const char *text, bool private, struct sl_err *err)
{
	char name[SL_PACK_NAME], *person = NULL, *words = NULL;
	enum sl_rc rc = sl_pack_dup(actor->person, &person, err);

	sl_pack_name('R', request->id, name);
	if (rc == SL_OK)
		rc = sl_pack_dup(text, &words, err);
	const struct sl_store_comment row = { request->id, request->revision, sl_enclave_now(), private, person, words };
	if (rc == SL_OK)
		rc = sl_store_comment_insert(&e->db, &row, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "request.commented", sl_pack_who(actor),
		                     json_pack("{s:s, s:I, s:b, s:o}", "request", name, "revision",
		                               (json_int_t)request->revision, "private", private, "text",
		                               sl_pack_keyed(e, text, strlen(text))),
		                     NULL, err);
	free(person);
	free(words);
	return rc;
}

enum sl_rc sl_request_comment(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const char *text,
                              bool private, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_store_request row = { 0 };

	if (!sl_text_says(text, SL_TITLE_BYTES))
		return sl_err_set(err, SL_E_INPUT, "a comment is one line of clean text of at most %d bytes, and not blank",
		                  SL_TITLE_BYTES);
	enum sl_rc rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REQUEST_LIST, err);
	if (rc == SL_OK)
		rc = sl_request_get(e, actor, &standing, id, &row, err);
	if (rc == SL_OK)
		rc = sl_request_may(&standing, &row, actor->person, false, private ? SL_MOVE_NOTE : SL_MOVE_COMMENT, err);
	if (rc == SL_OK)
		rc = add(e, actor, &row, text, private, err);
	/* Whoever could decide on it and speaks of it has looked. */
	if (rc == SL_OK && sl_gate_may_review(&standing.policy, row.project, row.author, actor->person, NULL) == SL_OK)
		rc = sl_store_seen_put(&e->db, row.id, row.revision, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	sl_store_request_free(&row);
	sl_standing_free(&standing);
	return rc;
}
