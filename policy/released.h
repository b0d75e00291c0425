/*
 * released.h - how many numbers a project may ever have of one unit space. Many numbers about the same units are
 * equations: whatever each of them hides, enough of them together give rows back.
 *
 * A number is a statistic of a cell of an output's full cross, hidden or not: what is counted follows from what was
 * declared, and tells nothing of a row. What `calc` makes of printed numbers is no other number.
 */
#ifndef SL_POLICY_RELEASED_H
#define SL_POLICY_RELEASED_H

#include "enclave/pact/plan.h"

#define SL_RELEASED_NUMBERS "released-numbers"

/* Of one unit space. */
struct sl_released {
	const char *space;
	uint64_t left;  /* numbers that left the project before, revoked or not */
	uint64_t asked; /* of the request */
};

/* sl_released_of - numbers of an output. sl_released_add - a sum that stays at UINT64_MAX. */
uint64_t sl_released_of(const struct sl_plan *plan, const struct sl_view *view);
uint64_t sl_released_add(uint64_t a, uint64_t b);

/* One of them with what policy says, for people; space "": there is none. */
struct sl_released_told {
	uint64_t left, asked, max; /* max SL_RELEASED_UNBOUNDED: left was not counted */
	char space[SL_NAME_BYTES];
};

/* sl_released_fullest - the space with most numbers, the request's among them; NULL: there is none. */
const struct sl_released *sl_released_fullest(const struct sl_released *spaces, uint32_t n);

/* sl_released_within - no space would have more than max; SL_RELEASED_UNBOUNDED: as many as there are. No space: no. */
bool sl_released_within(const struct sl_released *spaces, uint32_t n, uint64_t max);
/* sl_released_tell - the fullest. sl_released_bounded - there is something to tell. */
void sl_released_tell(const struct sl_released *spaces, uint32_t n, uint64_t max, struct sl_released_told *out);
bool sl_released_bounded(const struct sl_released_told *told);

/* sl_released_ask - the same, told to the author. Fails: SL_E_DENIED with rule SL_RELEASED_NUMBERS and remedy. */
SL_MUST_CHECK enum sl_rc sl_released_ask(const struct sl_released *spaces, uint32_t n, uint64_t max,
                                         const char *project, struct sl_err *err);

#endif
