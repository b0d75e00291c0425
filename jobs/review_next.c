/* review_next.c - whose turn it is: what waits for this reviewer, the oldest first. */
#include <stdlib.h>
#include <string.h>

#include "jobs/request_move.h"
#include "jobs/store/review.h"

/* What they may decide, and have not: an approval is given once. */
static enum sl_rc is_theirs(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                            int64_t id, bool *theirs, struct sl_err *err)
{
	struct sl_store_request row = { 0 };
	struct sl_store_review *reviews = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_request_head(&e->db, id, &row, err);

	*theirs = false;
	if (rc != SL_OK)
		return rc;
	if (sl_request_may(standing, &row, actor->person, false, SL_MOVE_APPROVE, NULL) == SL_OK) {
		rc = sl_store_review_list(&e->db, id, &reviews, &n, err);
		*theirs = rc == SL_OK;
	}
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(reviews[i].person, actor->person) == 0)
			*theirs = false;
	sl_store_review_free(reviews, n);
	sl_store_request_free(&row);
	return rc;
}

enum sl_rc sl_review_next(struct sl_enclave *e, const struct sl_actor *actor, int64_t *id, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	int64_t *ids = NULL;
	uint32_t n = 0;
	bool theirs = false;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	*id = 0;
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REVIEW_SHOW, err);
	if (rc == SL_OK)
		rc = sl_store_request_ids(&e->db, true, &ids, &n, err);
	for (uint32_t i = 0; i < n && rc == SL_OK && !theirs; i++) {
		rc = is_theirs(e, actor, &standing, ids[i], &theirs, err);
		*id = theirs ? ids[i] : 0;
	}
	free(ids);
	sl_standing_free(&standing);
	return rc;
}
