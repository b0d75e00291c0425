/* released.c - see released.h. */
#include "policy/released.h"

#include <inttypes.h>
#include <stdio.h>

#include "policy/policy.h"

uint64_t sl_released_add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t sl_released_of(const struct sl_plan *plan, const struct sl_view *view)
{
	uint64_t cells = sl_plan_cells(plan, view), n = sl_plan_printed(plan) - plan->ncalcs;

	return n > 0 && cells > UINT64_MAX / n ? UINT64_MAX : cells * n;
}

static uint64_t of_space(const struct sl_released *s)
{
	return sl_released_add(s->left, s->asked);
}

const struct sl_released *sl_released_fullest(const struct sl_released *spaces, uint32_t n)
{
	const struct sl_released *fullest = NULL;

	for (uint32_t i = 0; i < n; i++)
		if (fullest == NULL || of_space(&spaces[i]) > of_space(fullest))
			fullest = &spaces[i];
	return fullest;
}

bool sl_released_within(const struct sl_released *spaces, uint32_t n, uint64_t max)
{
	const struct sl_released *fullest = sl_released_fullest(spaces, n);

	return fullest != NULL && of_space(fullest) <= max;
}

void sl_released_tell(const struct sl_released *spaces, uint32_t n, uint64_t max, struct sl_released_told *out)
{
	const struct sl_released *s = sl_released_fullest(spaces, n);

	*out = (struct sl_released_told){ .max = max };
	if (s == NULL)
		return;
	out->left = s->left;
	out->asked = s->asked;
	(void)snprintf(out->space, sizeof out->space, "%s", s->space);
}

bool sl_released_bounded(const struct sl_released_told *told)
{
	return told->space[0] != '\0' && told->max != SL_RELEASED_UNBOUNDED;
}

enum sl_rc sl_released_ask(const struct sl_released *spaces, uint32_t n, uint64_t max, const char *project,
                           struct sl_err *err)
{
	const struct sl_released *s = sl_released_fullest(spaces, n);

	if (sl_released_within(spaces, n, max))
		return SL_OK;
	(void)sl_err_set(err, SL_E_DENIED, "%" PRIu64 " numbers of \"%s\" left project \"%s\", hidden ones counted, and the "
	                                   "request has %" PRIu64 ": policy lets %" PRIu64 " leave in all",
	                 s != NULL ? s->left : 0, s != NULL ? s->space : "", project, s != NULL ? s->asked : 0, max);
	sl_err_rule(err, SL_RELEASED_NUMBERS);
	sl_err_remedy(err, "ask for fewer outputs, groups or statistics; or ask an officer for a larger released_numbers_max");
	return SL_E_DENIED;
}
