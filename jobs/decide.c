/* decide.c - see decide.h. */
#include "jobs/decide.h"

#include "jobs/review_gate.h"

enum sl_rc sl_decide_meant(const struct sl_store_request *row, const struct sl_say *say, const char *show,
                           struct sl_err *err)
{
	const long long id = (long long)row->id, now = (long long)row->revision;
	const long long meant = say->revision != 0 ? (long long)say->revision : 1;

	if (say->decision != SL_DECISION_APPROVE || meant == now)
		return SL_OK;
	(void)sl_err_set(err, SL_E_NO, "R-%lld is at revision %lld, and the approval is about revision %lld%s", id, now, meant,
	                 say->revision == 0 ? ", for none is named" : "");
	sl_err_rule(err, SL_MOVES_STATE);
	sl_err_remedy(err, "look at what is there now: %s R-%lld; then give --revision %lld", show, id, now);
	return SL_E_NO;
}

static enum sl_rc sign_here(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const struct sl_say *say,
                            const struct sl_decide_as *as, struct sl_signed *d, struct sl_err *err)
{
	struct sl_buf text = { 0 };
	enum sl_rc rc = actor->kind == SL_ACTOR_KEY ? as->statement(e, actor, id, say, &text, err) : SL_OK;

	if (rc == SL_OK)
		rc = sl_signed_make(actor, as->namespace, &text, d, err);
	sl_buf_free(&text);
	return rc;
}

enum sl_rc sl_decide_record(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const struct sl_say *say,
                            const void *signed_statement, size_t nsigned, const struct sl_decide_as *as,
                            int64_t *release, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_signed d = { 0 };

	*release = 0;
	if ((unsigned)say->decision >= 32 || (as->decisions >> say->decision & 1) == 0)
		return sl_err_set(err, SL_E_USAGE, "a decision is %s", as->words);
	enum sl_rc rc = signed_statement != NULL ? sl_signed_take(signed_statement, nsigned, &d, err)
	                                         : sign_here(e, actor, id, say, as, &d, err);
	if (rc == SL_OK)
		rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, as->action, err);
	if (rc == SL_OK)
		rc = as->record(e, actor, &standing, id, say, &d, release, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	if (rc != SL_OK)
		*release = 0;
	if (rc == SL_OK && *release != 0)
		rc = sl_review_released(e, *release, err);
	sl_signed_free(&d);
	sl_standing_free(&standing);
	return rc;
}
