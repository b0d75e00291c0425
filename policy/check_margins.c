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

/* Same condition over the same columns of the same joined tables, as written; other spellings count as different. */
static bool same_population(const struct sl_plan *a, const struct sl_plan *b)
{
	if (a->nsources != b->nsources || a->where.nops != b->where.nops || a->where.nsets != b->where.nsets)
		return false;
	for (uint32_t i = 0; i < a->nsources; i++)
		if (a->sources[i].table != b->sources[i].table)
			return false;
	for (uint32_t i = 0; i < a->where.nops; i++) {
		const struct sl_op *x = &a->where.ops[i], *y = &b->where.ops[i];
		if (x->op != y->op || x->type != y->type || x->scale != y->scale || x->value != y->value)
			return false;
		if (x->op == SL_OP_COLUMN ? a->inputs[x->arg].source != b->inputs[y->arg].source ||
		                                    a->inputs[x->arg].column != b->inputs[y->arg].column ||
		                                    a->inputs[x->arg].lookup != b->inputs[y->arg].lookup
		                          : x->arg != y->arg)
			return false;
	}
	for (uint32_t i = 0; i < a->where.nsets; i++) {
		const struct sl_set *x = &a->where.sets[i], *y = &b->where.sets[i];
		if (x->scale != y->scale || x->nitems != y->nitems)
			return false;
		if (x->nitems > 0 && memcmp(x->items, y->items, x->nitems * sizeof x->items[0]) != 0)
			return false;
	}
	return true;
}

static bool is_unsafe(const struct sl_check_state *st, uint32_t i, bool any_hidden)
{
	for (uint32_t j = 0; j < st->pub->noutputs; j++)
		if (j != i && strcmp(space_of(st, i), space_of(st, j)) == 0 &&
		    (any_hidden || !same_population(&st->plans[i], &st->plans[j])))
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
