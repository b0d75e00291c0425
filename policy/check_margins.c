/*
 * check_margins.c - rule margins: what several outputs about the same units give away together.
 *
 * No secondary suppression and no audit of differences exist. So as soon as one cell is hidden, another output of the
 * unit space may hold its margin; and two outputs with different conditions may differ by one unit. Both are refused.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_state.h"

static const char *space_of(const struct sl_check_state *st, uint32_t i)
{
	return st->setup->view.tables[st->plans[i].sources[0].table].space;
}

static bool is_unsafe(const struct sl_check_state *st, uint32_t i, bool any_hidden)
{
	for (uint32_t j = 0; j < st->pub->noutputs; j++)
		if (j != i && strcmp(space_of(st, i), space_of(st, j)) == 0 &&
		    (any_hidden || !sl_check_same_population(&st->plans[i], &st->plans[j])))
			return true;
	return false;
}

/* Findings stay in order of output: the new one, last in the list, moves down behind its output's others. */
static void settle(struct sl_publication *pub)
{
	for (uint32_t n = pub->nfindings - 1; n > 0 && pub->findings[n].output < pub->findings[n - 1].output; n--) {
		struct sl_finding t = pub->findings[n];
		pub->findings[n] = pub->findings[n - 1];
		pub->findings[n - 1] = t;
	}
}

enum sl_rc sl_check_margins(struct sl_check_state *st, struct sl_err *err)
{
	struct sl_rule_hit hit = { 0 };
	bool any_hidden = false;
	enum sl_rc rc = SL_OK;

	if (st->without == SL_RULE_MARGINS)
		return SL_OK;
	for (uint32_t i = 0; i < st->pub->noutputs; i++) {
		any_hidden = any_hidden || st->pub->outputs[i].suppressed > 0;
		hit.measured += st->pub->outputs[i].suppressed;
	}
	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++) {
		if (!is_unsafe(st, i, any_hidden))
			continue;
		rc = sl_check_find(st, i, SL_FINDING_WHOLE, SL_FINDING_WHOLE, SL_RULE_MARGINS, &hit, err);
		if (rc == SL_OK)
			settle(st->pub);
	}
	return rc;
}
