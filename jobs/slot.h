/*
 * slot.h - when the end of something that read rows may be told: one slot_ms of the policy since its start, or two, or
 * four, and so on.
 *
 * By the monotonic clock: setting the host's time neither shortens a slot nor tells where in one the work ended. Why
 * slots: docs/decisions/0040-ends-are-told-at-slots.md.
 */
#ifndef SL_JOBS_SLOT_H
#define SL_JOBS_SLOT_H

#include <stdbool.h>
#include <stdint.h>

/* sl_slot_now - the monotonic clock, in nanoseconds. */
int64_t sl_slot_now(void);

/*
 * sl_slot_next - the first of 1, 2, 4, 8 … times slot_ms since start that is later than now.
 * slot_ms 0: now. A now before start counts as start.
 */
int64_t sl_slot_next(int64_t start, int64_t now, uint32_t slot_ms);

/*
 * sl_slot_wait - return at sl_slot_next or later, never earlier, whatever signals come. slot_ms 0: at once.
 * False: the first slot had passed, so that when it returns tells how long the work took.
 */
bool sl_slot_wait(int64_t start, uint32_t slot_ms);

#endif
