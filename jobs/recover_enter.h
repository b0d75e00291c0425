/*
 * recover_enter.h - inside jobs: one bundle of a release that state.db does not know, and how it is entered again.
 */
#ifndef SL_JOBS_RECOVER_ENTER_H
#define SL_JOBS_RECOVER_ENTER_H

#include "jobs/bundle.h"
#include "jobs/history.h"
#include "jobs/recover.h"
#include "jobs/request_open.h"

/* A bundle of this enclave, verified, and the numbers in it. Zeroed: none. */
struct sl_lost {
	struct sl_bundle_facts f;
	json_t *publication;
	uint8_t digest[32];     /* of publication.json */
	int64_t release, request; /* the numbers it left under */
	int64_t at;               /* when */
	const struct sl_buf *policies; /* that were given; borrowed */
	uint32_t npolicies;
	int64_t lies_as;          /* the number that its copy in DIR/releases has; 0: none lies there */
};

/*
 * sl_lost_open - verify it fully, as this enclave's. As sl_bundle_open; SL_E_INTEGRITY: its numbers are none.
 * sl_lost_is_fork - another release has its number here.
 * sl_lost_enter - in one commit: its row, its leaf "release.recovered", and when its units are found the request, the
 * decisions on it and its place in history: where another has its number, under the next one that is free, so such a
 * one is entered when all numbers that were given are. Idempotent; one that was entered without its units is tried
 * again.
 */
SL_MUST_CHECK enum sl_rc sl_lost_is_fork(struct sl_enclave *e, const struct sl_lost *lost, bool *is,
                                         struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_lost_open(const struct sl_buf *anchor, const char *dir, struct sl_lost *out,
                                      struct sl_err *err);
void sl_lost_free(struct sl_lost *lost);
SL_MUST_CHECK enum sl_rc sl_lost_enter(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_lost *lost,
                                       struct sl_recovered_one *out, struct sl_err *err);

/* What was found out about a lost release. */
struct sl_found {
	struct sl_opened o;             /* the request, as it was judged and left */
	struct sl_history_boxes boxes;  /* of one that is not here; n 0: the request is here, with its own */
	bool known;
	bool is_taken;                  /* another request has its number here */
	char *why;                      /* not known: why. Heap */
};
/*
 * sl_lost_find - the stored request of this publication, or a stored job that gives the same bytes again. Not finding
 * it is no failure: out->why says what is missing. Outside a transaction: it runs confined programs.
 * Fails: SL_E_NOMEM, SL_E_HOST, SL_E_BUSY, SL_E_IO: nothing is known then.
 */
SL_MUST_CHECK enum sl_rc sl_lost_find(struct sl_enclave *e, const struct sl_lost *lost, struct sl_found *out,
                                      struct sl_err *err);
void sl_found_free(struct sl_found *f);

#endif
