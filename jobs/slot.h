/*
 * slot.h - when the end of something that read rows may be told: at a multiple of the policy's slot_ms since its start.
 *
 * By the monotonic clock: setting the host's time neither shortens a slot nor tells where in one the work ended. Why
 * slots: docs/decisions/0040-ends-are-told-at-slots.md.
 */
#ifndef SL_JOBS_SLOT_H
#define SL_JOBS_SLOT_H

#include <stdint.h>

/* sl_slot_now - the monotonic clock, in nanoseconds. */
int64_t sl_slot_now(void);

/*
 * sl_slot_next - the first multiple of slot_ms since start that is later than now, so at least one slot after start.
 * slot_ms 0: now. A now before start counts as start.
 */
int64_t sl_slot_next(int64_t start, int64_t now, uint32_t slot_ms);

/* sl_slot_wait - return at sl_slot_next or later, never earlier, whatever signals come. slot_ms 0: at once. */
void sl_slot_wait(int64_t start, uint32_t slot_ms);

#endif
