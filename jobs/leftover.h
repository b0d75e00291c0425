/*
 * leftover.h - what a killed command left in DIR/vault: segments that were being written, and those that were
 * forgotten.
 *
 * A segment that no version has is removed only when it surely is one of these. After an older state.db was brought
 * back, the newer segments look the same, and who brings the right one back needs them.
 */
#ifndef SL_JOBS_LEFTOVER_H
#define SL_JOBS_LEFTOVER_H

#include "jobs/enclave.h"

/*
 * sl_leftover_note - on disk before the segment is made: who holds the lock, vault/import.lock, is about to write it.
 * sl_leftover_done - what was noted has its version, or is gone.
 */
SL_MUST_CHECK enum sl_rc sl_leftover_note(int lock, const uint8_t segment_id[static 16], struct sl_err *err);
void sl_leftover_done(int lock);
/* sl_leftover_remove - with the lock held: what was noted and has no version, and what was forgotten; a line each. */
SL_MUST_CHECK enum sl_rc sl_leftover_remove(struct sl_enclave *e, int lock, struct sl_buf *told, struct sl_err *err);
/* sl_leftover_unknown - how many segments no version has; first: the name of one of them. With the lock held. */
SL_MUST_CHECK enum sl_rc sl_leftover_unknown(struct sl_enclave *e, uint32_t *n, char first[static 40],
                                             struct sl_err *err);

#endif
