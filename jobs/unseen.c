/* unseen.c - see unseen.h. */
#include "jobs/unseen.h"

#include <stdlib.h>

#include "jobs/request_move.h"

enum sl_rc sl_unseen_ask(struct sl_enclave *e, const struct sl_policy *policy, const char *project, struct sl_err *err)
{
	struct sl_store_unseen *rows = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_seen_not(&e->db, project, &rows, &n, err);

	free(rows);
	if (rc != SL_OK || n < policy->reviews.unseen_max)
		return rc;
	rc = sl_err_set(err, SL_E_DENIED, "no reviewer has looked at %u requests and revisions of project \"%s\": policy "
	                                  "lets no more be judged before one does", n, project);
	sl_err_rule(err, SL_UNSEEN_REQUESTS);
	sl_err_remedy(err, "ask a reviewer to look also at what was refused, withdrawn or left a draft (review ls names it)");
	return rc;
}

enum sl_rc sl_unseen_ask_job(struct sl_enclave *e, const struct sl_policy *policy, const char *project,
                             struct sl_err *err)
{
	int64_t n = 0;
	enum sl_rc rc = sl_store_seen_not_jobs(&e->db, project, &n, err);

	if (rc != SL_OK || n < (int64_t)policy->reviews.unseen_jobs_max)
		return rc;
	rc = sl_err_set(err, SL_E_DENIED, "%lld jobs of project \"%s\" run, take long, did not complete or could not be "
	                                  "judged, and nobody has looked: policy lets no more read rows before somebody "
	                                  "does", (long long)n, project);
	sl_err_rule(err, SL_UNSEEN_JOBS);
	sl_err_remedy(err, "ask an operator or auditor to look at them (job ls names them to those, job show is a look); "
	                 "what runs counts until it has ended");
	return rc;
}

static enum sl_rc is_theirs(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                            const struct sl_store_unseen *unseen, bool *theirs, struct sl_err *err)
{
	struct sl_store_request row = { 0 };
	enum sl_rc rc = sl_store_request_head(&e->db, unseen->request, &row, err);

	*theirs = rc == SL_OK && !unseen->waits &&
	          sl_gate_may_review(&standing->policy, row.project, row.author, actor->person, NULL) == SL_OK;
	sl_store_request_free(&row);
	return rc;
}

enum sl_rc sl_unseen_list(struct sl_enclave *e, const struct sl_actor *actor, struct sl_store_unseen **out, uint32_t *n,
                          struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_store_unseen *rows = NULL;
	uint32_t all = 0, kept = 0;
	enum sl_rc rc = sl_standing_people(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_store_seen_not(&e->db, NULL, &rows, &all, err);
	for (uint32_t i = 0; i < all && rc == SL_OK; i++) {
		bool theirs = false;
		rc = is_theirs(e, actor, &standing, &rows[i], &theirs, err);
		if (theirs)
			rows[kept++] = rows[i];
	}
	sl_standing_free(&standing);
	if (rc != SL_OK) {
		free(rows);
		rows = NULL;
		kept = 0;
	}
	*out = rows;
	*n = kept;
	return rc;
}
