/*
 * request_move.h - inside jobs: the one way in which a request's state changes. The table of moves is asked, then the
 * state is written; whoever calls adds the leaf in the same transaction.
 */
#ifndef SL_JOBS_REQUEST_MOVE_H
#define SL_JOBS_REQUEST_MOVE_H

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

#endif
