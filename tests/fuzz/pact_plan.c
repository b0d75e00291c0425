/* A plan against a fixed view: a checked one has cells, columns and types. */
#include "tests/fuzz/pact_round.h"
#include "tests/unit/pact/house.h"

static void walk(const struct sl_plan *plan, const struct sl_view *view)
{
	uint64_t cells = sl_plan_cells(plan, view);

	if (cells == 0)
		abort();
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		const struct sl_column *c = sl_plan_key_column(plan, view, k);
		if (sl_plan_cell_group(plan, view, cells - 1, k) != sl_column_ngroups(c, plan->keys[k].banded != 0) - 1)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_plan plan;
	struct house house;

	if (!pact_round(&sl_plan_record, data, size, &plan))
		return 0;
	house_init(&house);
	if (sl_plan_check(&plan, &house.view, NULL) == SL_OK)
		walk(&plan, &house.view);
	sl_codec_free(&sl_plan_record, &plan);
	return 0;
}
