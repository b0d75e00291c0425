/*
 * request.h - the rows of requests and of their revisions.
 */
#ifndef SL_JOBS_STORE_REQUEST_H
#define SL_JOBS_STORE_REQUEST_H

#include "jobs/store/db.h"

/* One request. Heap texts, never NULL after get. */
struct sl_store_request {
	int64_t id, job, state, created_at, nfindings, policy_serial;
	int64_t layers;              /* on in sluice-check when it judged */
	int64_t revision;            /* 1, and one more each time its author makes it again */
	int64_t njudge;              /* findings left to judge; -1: it was judged before they were counted */
	char *project, *author, *context;
	char *title;                 /* "" : none */
	char *outputs;               /* JSON: names asked for, in plan order */
	char *refusal;
	char *statement, *signature; /* signature "" when a session asked */
	uint8_t digest[32], policy_digest[32];
	struct sl_buf publication;   /* sealed: sl_pack list of publication and salt */
};

/* sl_store_request_insert - under row's number, or the next one when it is 0; *id is it. */
SL_MUST_CHECK enum sl_rc sl_store_request_insert(struct sl_db *db, const struct sl_store_request *row, int64_t *id,
                                                 struct sl_err *err);
/* sl_store_request_seal - what is known only with its number: digest and sealed publication. */
SL_MUST_CHECK enum sl_rc sl_store_request_seal(struct sl_db *db, const struct sl_store_request *row,
                                               struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_request_state(struct sl_db *db, int64_t id, int64_t state, struct sl_err *err);
/* sl_store_request_sign - the author's words on the revision there is: statement and signature. */
SL_MUST_CHECK enum sl_rc sl_store_request_sign(struct sl_db *db, const struct sl_store_request *row,
                                               struct sl_err *err);
/*
 * sl_store_request_revise - the revision there is moves to the archive; row's, with the next number, takes its place,
 * without digest, publication and units, which sl_store_request_seal and sl_store_members_put bring. Decisions on
 * earlier revisions are kept and not listed any more.
 */
SL_MUST_CHECK enum sl_rc sl_store_request_revise(struct sl_db *db, const struct sl_store_request *row,
                                                 struct sl_err *err);
/*
 * sl_store_request_get - SL_E_NO: no such request (err untouched). sl_store_request_head - without its publication,
 * which is most of it: for lists.
 */
SL_MUST_CHECK enum sl_rc sl_store_request_get(struct sl_db *db, int64_t id, struct sl_store_request *out,
                                              struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_request_head(struct sl_db *db, int64_t id, struct sl_store_request *out,
                                               struct sl_err *err);
/*
 * sl_store_request_revision - one that was revised since, from the archive; its state is the request's of now. SL_E_NO.
 * sl_store_request_revisions - numbers of those in the archive, the first first; heap.
 * sl_store_request_spoke - the newest revision that this person decided or commented on; 0: none.
 */
SL_MUST_CHECK enum sl_rc sl_store_request_revision(struct sl_db *db, int64_t id, int64_t revision,
                                                   struct sl_store_request *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_request_revisions(struct sl_db *db, int64_t id, int64_t **numbers, uint32_t *n,
                                                    struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_request_spoke(struct sl_db *db, int64_t id, const char *person, int64_t *revision,
                                                struct sl_err *err);
/* sl_store_request_ids - of all, or of those that wait for reviews; the oldest first, heap. */
SL_MUST_CHECK enum sl_rc sl_store_request_ids(struct sl_db *db, bool waiting, int64_t **ids, uint32_t *n,
                                              struct sl_err *err);
void sl_store_request_free(struct sl_store_request *row);

#endif
