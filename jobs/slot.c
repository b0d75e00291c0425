/* slot.c - see slot.h. */
#include "jobs/slot.h"

#include <time.h>

#define NS_PER_S INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
/* Longer nobody waits who is done: then the end counts instead. */
#define SLOTS_MAX 16u

int64_t sl_slot_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

uint32_t sl_slot_planned(uint64_t work_ms, uint32_t slot_ms)
{
	if (slot_ms == 0)
		return 1;
	for (uint32_t slots = 1; slots <= SLOTS_MAX; slots *= 2)
		if (work_ms <= (uint64_t)slots * slot_ms)
			return slots;
	return 0;
}

int64_t sl_slot_next(int64_t start, int64_t now, uint32_t slot_ms, uint32_t first)
{
	int64_t end = start + (int64_t)slot_ms * first * NS_PER_MS;

	if (slot_ms == 0 || first == 0)
		return now;
	while (end <= now)
		end = start + 2 * (end - start);
	return end;
}

bool sl_slot_wait(int64_t start, uint32_t slot_ms, uint32_t first)
{
	int64_t end = sl_slot_next(start, sl_slot_now(), slot_ms, first);
	struct timespec at = { .tv_sec = end / NS_PER_S, .tv_nsec = end % NS_PER_S };

	/* The clock is what counts: a sleep that a signal ends, or that fails, is begun again. */
	while (sl_slot_now() < end)
		(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	return slot_ms == 0 || end == sl_slot_next(start, start, slot_ms, first);
}
