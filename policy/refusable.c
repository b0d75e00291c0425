/* refusable.c - see refusable.h. Nothing here sees a row. */
#include "policy/refusable.h"

#include <string.h>

#include "policy/rules/rules.h"
#include "policy/transform.h"

/* Findings that one number can have at most: each rule's, and of two rules one for each of eight releases. */
#define FINDINGS_OF_ONE (SL_RULE_COUNT_ + 16u)

static const char *space_of(const struct sl_refusable *r, uint32_t i)
{
	return r->view->tables[r->plans[i].sources[0].table].space;
}

static bool has_another_of_its_space(const struct sl_refusable *r, uint32_t i)
{
	for (uint32_t j = 0; j < r->nplans; j++)
		if (j != i && strcmp(space_of(r, i), space_of(r, j)) == 0)
			return true;
	return false;
}

/* So many findings as make a list too long: of all outputs together, and told of the first. */
static bool may_be_too_much(const struct sl_refusable *r)
{
	uint64_t numbers = 0;

	for (uint32_t i = 0; i < r->nplans; i++)
		numbers += sl_plan_cells(&r->plans[i], r->view) * (r->plans[i].nstats + UINT64_C(1));
	return numbers > SL_CHECK_KEPT_MAX / FINDINGS_OF_ONE;
}

bool sl_refusable_by(const struct sl_refusable *r, enum sl_rule rule, uint32_t i)
{
	switch (rule) {
	case SL_RULE_SMALL_COMPLEMENT:
		return sl_rule_leaves_out(&r->plans[i]) &&
		       (r->rules->small_complement != 1 || r->rules->group_disclosure != 1);
	case SL_RULE_MARGINS:
		return has_another_of_its_space(r, i);
	case SL_RULE_TRACKER:
		return true;
	case SL_RULE_ROUNDING:
		return sl_transform_is_on(r->rules);
	case SL_RULE_CONTEXT:
		return may_be_too_much(r);
	default:
		return false;
	}
}

static void tell_rule(const struct sl_refusable *r, const struct sl_rule_row *row, struct sl_buf *out)
{
	bool any = false;

	for (uint32_t i = 0; i < r->nplans; i++) {
		if (!sl_refusable_by(r, row->rule, i))
			continue;
		sl_buf_printf(out, "%s%s, output \"%s\"", any ? "" : "\n", any ? "" : row->id, r->plans[i].output);
		any = true;
	}
	if (any)
		sl_buf_printf(out, ": %s; %s", row->reason, row->remedy);
}

void sl_refusable_tell(const struct sl_refusable *r, struct sl_buf *out)
{
	sl_buf_text(out, "which rule refused it depends on rows, and is not told; one of this shape can be refused by:");
	for (uint32_t rule = SL_RULE_NONE + 1; rule < SL_RULE_COUNT_; rule++)
		tell_rule(r, sl_rule_find((uint8_t)rule), out);
}
