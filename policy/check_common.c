/* check_common.c - see check_common.h. */
#include "policy/check_common.h"

#include <string.h>

#include "policy/check_secondary.h"

static void number_keys(const struct sl_plan *plan, const struct sl_view *view, uint64_t *divide, uint32_t *groups)
{
	uint64_t below = 1;

	for (uint32_t k = plan->nkeys; k-- > 0; below *= groups[k]) {
		divide[k] = below;
		groups[k] = sl_column_ngroups(sl_plan_key_column(plan, view, k), plan->keys[k].banded != 0);
	}
}

void sl_common_find(const struct sl_plan *a, const struct sl_plan *b, const struct sl_view *view,
                    struct sl_common *out)
{
	memset(out, 0, sizeof *out);
	out->ncells = 1;
	out->nkeys[0] = a->nkeys;
	out->nkeys[1] = b->nkeys;
	number_keys(a, view, out->divide[0], out->groups[0]);
	number_keys(b, view, out->divide[1], out->groups[1]);
	for (uint32_t k = 0; k < a->nkeys; k++)
		for (uint32_t l = 0; l < b->nkeys; l++)
			if (sl_check_same_key(a, &a->keys[k], b, &b->keys[l])) {
				out->times[0][k] = out->times[1][l] = out->ncells;
				out->ncells *= out->groups[0][k];
			}
}

uint32_t sl_common_cell(const struct sl_common *c, int side, uint32_t cell)
{
	uint64_t at = 0;

	for (uint32_t k = 0; k < c->nkeys[side]; k++)
		at += cell / c->divide[side][k] % c->groups[side][k] * c->times[side][k];
	return (uint32_t)at;
}
