/* test_render_swap.c - which of several hidden cells the others are hidden for cannot be read off a release. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "policy/render.h"
#include "tests/unit/rules/kit.h"

#define REGIONS 4
#define GENDERS 2

/* Region by gender and both totals, of as many persons as counts says. */
static struct kit *make(const uint32_t counts[REGIONS * GENDERS])
{
	struct kit *k = kit_new();
	struct sl_plan *by_region = kit_plan(k), *by_gender = kit_plan(k);

	k->setup.rules.threshold = 3;
	for (uint32_t i = 0; i < REGIONS * GENDERS; i++)
		(void)kit_add(k, counts[i], i / GENDERS, i % GENDERS);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	kit_key(by_region, "region", KIT_REGION, false);
	kit_key(by_gender, "gender", KIT_GENDER, false);
	for (uint32_t i = 0; i < 3; i++)
		kit_stat(&k->plans[i], "n", SL_STAT_UNITS, 0, 0);
	return k;
}

/* Everything that would be in the bundle of these numbers. */
static void render_all(const struct kit *k, const struct sl_publication *p, struct sl_buf *out)
{
	static const uint8_t sha256[32] = { 0xab };
	const struct sl_render r = { .view = &k->setup.view, .plans = k->plans, .nplans = k->setup.nplans, .publication = p,
		.rules = &k->setup.rules, .enclave = "demo", .project = "liver", .purpose = "to test", .request = "R-1",
		.context = "for the report", .policy_sha256 = sha256 };
	const struct sl_render_file files[3] = { { { 1 }, 1 }, { { 2 }, 2 }, { { 3 }, 3 } };

	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(sl_render_csv(&r, i, out, NULL), SL_OK);
	assert_int_equal(sl_render_datapackage(&r, files, out, NULL), SL_OK);
	assert_int_equal(sl_render_sdc_record(&r, out, NULL), SL_OK);
}

static bool is_found(const struct sl_publication *p, enum sl_rule rule, uint32_t cell)
{
	for (uint32_t f = 0; f < p->nfindings; f++)
		if (p->findings[f].rule == rule && p->findings[f].output == 0 && p->findings[f].cell == cell)
			return true;
	return false;
}

/* Two men of A are few; or two women of A and two men of C are. The totals are the same, and so is the release. */
static void test_render_which_cell_the_others_are_hidden_for_does_not_show(void **state)
{
	static const uint32_t worlds[2][REGIONS * GENDERS] = {
		{ 2, 28, 50, 60, 28, 12, 70, 80 },
		{ 28, 2, 50, 60, 2, 38, 70, 80 },
	};
	struct sl_buf bundles[2] = { { 0 }, { 0 } };

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		struct kit *k = make(worlds[i]);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.releasable, 1);
		assert_true(is_found(&p, SL_RULE_THRESHOLD, i == 0 ? 0 : 1));
		assert_true(is_found(&p, SL_RULE_SECONDARY, i == 0 ? 1 : 0));
		assert_true(is_found(&p, SL_RULE_SECONDARY, 5));
		assert_int_equal(p.outputs[0].suppressed, 4);
		render_all(k, &p, &bundles[i]);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
	assert_string_equal(sl_buf_cstr(&bundles[0]), sl_buf_cstr(&bundles[1]));
	assert_non_null(strstr(sl_buf_cstr(&bundles[0]), SL_MARKER));
	sl_buf_free(&bundles[0]);
	sl_buf_free(&bundles[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_render_which_cell_the_others_are_hidden_for_does_not_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
