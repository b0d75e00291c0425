/* sums_kit.c - see sums_kit.h. */
#include "tests/unit/rules/sums_kit.h"

#include <stdlib.h>

const uint32_t sums_kit_example[REGIONS * GENDERS] = { 18, 2, 14, 19, 12, 10, 11, 14 };

struct kit *sums_kit_make(const uint32_t counts[REGIONS * GENDERS], enum sl_stat_fn fn, enum kit_column column)
{
	struct kit *k = kit_new();
	struct sl_plan *by_region = kit_plan(k), *by_gender = kit_plan(k);

	kit_quiet(k);
	k->setup.rules.threshold = 3;
	for (uint32_t i = 0; i < REGIONS * GENDERS; i++)
		(void)kit_add(k, counts[i], i / GENDERS, i % GENDERS);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	kit_key(by_region, "region", KIT_REGION, false);
	kit_key(by_gender, "gender", KIT_GENDER, false);
	kit_stat(&k->plans[0], "n", fn, column, 0);
	kit_stat(by_region, "n", fn, column, 0);
	kit_stat(by_gender, "n", fn, column, 0);
	return k;
}

bool sums_kit_shown(const struct kit *k, const struct sl_publication *p, uint32_t output, uint32_t cell)
{
	return kit_cell(k, p, output, cell, 0)->shown != 0;
}

void sums_kit_drop_key(struct sl_plan *plan)
{
	plan->nkeys--;
	free(plan->keys[plan->nkeys].name);
	free(plan->keys[plan->nkeys].description);
}
