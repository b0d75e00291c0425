/*
 * request_move.h - inside jobs: the one way in which a request's state changes. The table of moves is asked, then the
 * state is written; whoever calls adds the leaf in the same transaction.
 */
#ifndef SL_JOBS_REQUEST_MOVE_H
#define SL_JOBS_REQUEST_MOVE_H

#include "jobs/history.h"
#include "jobs/request_open.h"

/*
 * sl_request_move - within a transaction.
 *   row     in/out  its state is the new one afterwards; unchanged on failure
 *   person  in      whose move it is; NULL: the enclave's own
 *   owns    in      they speak for a table it was made from
 * Fails: as sl_moves_ask; faults of the store.
 */
SL_MUST_CHECK enum sl_rc sl_request_move(struct sl_enclave *e, const struct sl_standing *standing,
                                         struct sl_store_request *row, const char *person, bool owns,
                                         enum sl_move move, struct sl_err *err);

/* sl_request_may - the same question, and nothing is written. */
SL_MUST_CHECK enum sl_rc sl_request_may(const struct sl_standing *standing, const struct sl_store_request *row,
                                        const char *person, bool owns, enum sl_move move, struct sl_err *err);

/*
 * sl_request_get - a request this actor may see. SL_E_NO: there is none.
 * sl_request_grant - the author is still granted what the job read, with the same view. SL_E_DENIED; SL_E_NO: policy
 *   rounds at random, and the job ran before it did.
 * sl_request_sign - the author's statement into row, signed when there is a key here.
 * sl_request_leaf - a leaf about the revision there is.
 */
SL_MUST_CHECK enum sl_rc sl_request_get(struct sl_enclave *e, const struct sl_actor *actor,
                                        const struct sl_standing *standing, int64_t id, struct sl_store_request *row,
                                        struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_request_grant(const struct sl_standing *standing, const struct sl_actor *actor,
                                          const struct sl_job_material *m, struct sl_grant *grant, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_request_sign(struct sl_enclave *e, const struct sl_actor *actor,
                                         struct sl_store_request *row, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_request_leaf(struct sl_enclave *e, const char *kind, const struct sl_actor *actor,
                                         const struct sl_store_request *row, struct sl_err *err);

/* A request that is not here any more, as what left of it says. */
struct sl_request_was {
	int64_t id, job, revision;
	const struct sl_history_then *then; /* the past it is judged beside; NULL: all that left */
	const char *context;
	uint8_t salt[SL_SALT_BYTES];
};
/*
 * sl_request_again - judge it anew, under the policy that is standing; nothing is stored, and whether it is what left
 * is the caller's to ask.
 *   o      in/out  its material is there, the outputs that left; the rest is filled in, also on failure
 *   boxes  out     who stands behind the outputs; free with sl_history_boxes_free
 * Fails: SL_E_DENIED (the author may not ask it now), SL_E_NO (not judged, or not to be released), SL_E_HOST.
 */
SL_MUST_CHECK enum sl_rc sl_request_again(struct sl_enclave *e, const struct sl_standing *standing,
                                          const struct sl_request_was *was, struct sl_opened *o,
                                          struct sl_history_boxes *boxes, struct sl_err *err);

#endif
