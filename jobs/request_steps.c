/* request_steps.c - what an author does with a request that is made: submits the draft, or withdraws it. */
#include <string.h>

#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/spent.h"

/* Of what is not to be seen, it is not said that it is there. */
enum sl_rc sl_request_get(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                          int64_t id, struct sl_store_request *row, struct sl_err *err)
{
	enum sl_rc rc = sl_store_request_get(&e->db, id, row, err);

	if (rc == SL_OK && !sl_pack_sees(actor, standing, SL_ACTION_REQUEST_LIST, row->project, row->author)) {
		sl_store_request_free(row);
		rc = SL_E_NO;
	}
	return rc == SL_E_NO ? sl_err_set(err, SL_E_NO, "there is no request R-%lld", (long long)id) : rc;
}

/* The gate would ask it all again; who submits what cannot be released should hear it now. */
static enum sl_rc check_still(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                              const struct sl_store_request *row, struct sl_err *err)
{
	struct sl_job_material m = { 0 };
	struct sl_grant grant = { 0 };
	enum sl_rc rc = SL_OK;

	if (memcmp(row->policy_digest, standing->policy_digest, sizeof row->policy_digest) != 0) {
		rc = sl_err_set(err, SL_E_DENIED, "another policy is in force than the one that R-%lld was judged under",
		                (long long)row->id);
		sl_err_rule(err, sl_conditions_table[SL_CONDITION_POLICY].id);
		sl_err_remedy(err, "have it judged again: request revise R-%lld", (long long)row->id);
	}
	if (rc == SL_OK)
		rc = sl_job_material_open(e, row->job, false, &m, err);
	if (rc == SL_OK)
		rc = sl_request_select(row, &m, err);
	if (rc == SL_OK)
		rc = sl_request_grant(standing, actor, &m, &grant, err);
	if (rc == SL_OK)
		rc = sl_spent_ask(e, &standing->policy, 0, &m, err);
	sl_grant_free(&grant);
	sl_job_material_free(&m);
	return rc;
}

static enum sl_rc submit(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                         struct sl_store_request *row, struct sl_err *err)
{
	enum sl_rc rc = check_still(e, actor, standing, row, err);

	if (rc == SL_OK)
		rc = sl_request_sign(e, actor, row, err);
	if (rc == SL_OK)
		rc = sl_store_request_sign(&e->db, row, err);
	return rc;
}

static enum sl_rc step(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, enum sl_move move,
                       struct sl_request *out, struct sl_err *err)
{
	const char *kind = move == SL_MOVE_SUBMIT ? "request.submitted" : "request.withdrawn";
	struct sl_standing standing = { 0 };
	struct sl_store_request row = { 0 };
	enum sl_rc rc = sl_db_begin(&e->db, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REQUEST_NEW, err);
	if (rc == SL_OK)
		rc = sl_request_get(e, actor, &standing, id, &row, err);
	if (rc == SL_OK)
		rc = sl_request_may(&standing, &row, actor->person, false, move, err);
	if (rc == SL_OK && move == SL_MOVE_SUBMIT)
		rc = submit(e, actor, &standing, &row, err);
	if (rc == SL_OK)
		rc = sl_request_move(e, &standing, &row, actor->person, false, move, err);
	if (rc == SL_OK)
		rc = sl_request_leaf(e, kind, actor, &row, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	if (rc == SL_OK)
		rc = sl_request_tell(e, &standing, &row, false, out, err);
	sl_store_request_free(&row);
	sl_standing_free(&standing);
	return rc;
}

enum sl_rc sl_request_submit(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, struct sl_request *out,
                             struct sl_err *err)
{
	return step(e, actor, id, SL_MOVE_SUBMIT, out, err);
}

enum sl_rc sl_request_withdraw(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, struct sl_request *out,
                               struct sl_err *err)
{
	return step(e, actor, id, SL_MOVE_WITHDRAW, out, err);
}
