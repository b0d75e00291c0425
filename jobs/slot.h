/*
 * slot.h - when the end of something that read rows may be told: as many slot_ms of the policy since its start as its
 * work may take, whatever rows are, or two times as many, or four, and so on.
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
 * sl_slot_planned - the first slot that may tell of work: 1, 2, 4, 8 or 16 of them, which are as long as it may take.
 * 0: none of these is. slot_ms 0: 1.
 */
uint32_t sl_slot_planned(uint64_t work_ms, uint32_t slot_ms);

/*
 * sl_slot_next - the first of 1, 2, 4, 8 … times `first` slots since start that is later than now. slot_ms 0: now.
 * A now before start counts as start.
 */
int64_t sl_slot_next(int64_t start, int64_t now, uint32_t slot_ms, uint32_t first);

/*
 * sl_slot_wait - return at sl_slot_next or later, never earlier, whatever signals come. slot_ms 0: at once.
 * False: the first had passed, so that when it returns tells how long the work took.
 */
bool sl_slot_wait(int64_t start, uint32_t slot_ms, uint32_t first);

#endif
