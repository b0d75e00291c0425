/*
 * left.h - what left, as it lies in DIR/releases: a bundle there that state.db does not know tells that an older state
 * was brought back. Asked by whatever opens the gate or says that the log is whole.
 */
#ifndef SL_JOBS_LEFT_H
#define SL_JOBS_LEFT_H

#include "jobs/bundle.h"

/*
 * sl_left_behind - the highest number of a bundle in DIR/releases behind the last release that the state ever had,
 * 0: there is none.
 *   given  in  numbers that the caller knows of; borrowed
 * Fails: SL_E_IO, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_left_behind(struct sl_enclave *e, const int64_t *given, uint32_t ngiven, int64_t *release,
                                        struct sl_err *err);
/* sl_left_check - fails with SL_E_INTEGRITY when there is one, and says which. Else as sl_left_behind. */
SL_MUST_CHECK enum sl_rc sl_left_check(struct sl_enclave *e, struct sl_err *err);

/*
 * sl_left_is - a bundle that lies under a release's name is that release's: its publication has this digest.
 * Fails: SL_E_INTEGRITY: it is another's, and is not handed out.
 */
SL_MUST_CHECK enum sl_rc sl_left_is(const struct sl_bundle *b, int64_t release, const uint8_t publication[static 32],
                                    struct sl_err *err);

#endif
