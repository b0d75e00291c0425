/* rounding_kit.c - see rounding_kit.h. */
#include "tests/unit/rules/rounding_kit.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "policy/transform.h"

struct kit *rounding_kit(void)
{
	struct kit *k = kit_new();

	kit_quiet(k);
	k->setup.rules.threshold = 8;
	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	return k;
}

struct kit *rounding_kit_random(void)
{
	struct kit *k = rounding_kit();

	k->setup.rules.threshold = 9;
	k->setup.rules.transform = SL_TRANSFORM_RANDOM;
	k->setup.rules.transform_base = 3;
	k->drawn_with = 1;
	return k;
}

struct kit *rounding_kit_two_by_four(enum sl_transform transform, uint32_t base)
{
	static const uint32_t counts[4][GENDERS] = { { 3, 18 }, { 8, 23 }, { 16, 31 }, { 23, 44 } };
	struct kit *k = rounding_kit();
	struct sl_plan *total = kit_plan(k);

	k->setup.rules.transform = (uint8_t)transform;
	k->setup.rules.transform_base = base;
	for (uint32_t r = 0; r < 4; r++)
		for (uint32_t g = 0; g < GENDERS; g++)
			(void)kit_add(k, counts[r][g], r, g);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(total, "gender", KIT_GENDER, false);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
	kit_stat(total, "n", SL_STAT_UNITS, 0, 0);
	k->setup.view.tables[0].one_row_per_unit = 1;
	return k;
}

void rounding_kit_assert_any_count(const struct kit *k, int64_t shown, int64_t mean)
{
	for (int64_t m = shown - 2; m <= shown + 2; m++) {
		bool possible = false;
		for (int64_t sum = 0; sum < 400 * m && !possible; sum++) {
			int64_t exact = (200 * sum / m + 1) / 2, got = -1;
			possible = sl_transform_limit(&k->setup.rules, exact, shown, 100, &got) && got == mean;
		}
		assert_true(possible);
	}
}
