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
	int64_t release, request;
};

/*
 * sl_lost_open - verify it fully, as this enclave's. As sl_bundle_open; SL_E_INTEGRITY: its numbers are none.
 * sl_lost_enter - in one commit: its row, its leaf "release.recovered", and when its units are found the request, the
 * decisions on it and its place in history. Idempotent; one that was entered without its units is tried again.
 */
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
	char *why;                      /* not known: why. Heap */
};
/*
 * sl_lost_find - the stored request of this publication, or a stored job that gives the same bytes again. Not finding
 * it is no failure: out->why says what is missing. Outside a transaction: it runs confined programs.
 * Fails: SL_E_NOMEM, SL_E_HOST, SL_E_BUSY, SL_E_IO: nothing is known then.
 */
SL_MUST_CHECK enum sl_rc sl_lost_find(struct sl_enclave *e, const struct sl_standing *standing,
                                      const struct sl_lost *lost, struct sl_found *out, struct sl_err *err);
void sl_found_free(struct sl_found *f);

#endif
