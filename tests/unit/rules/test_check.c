/* test_check.c - order of judging, what hangs together, values, and what answers must not depend on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "policy/digest.h"
#include "tests/unit/rules/kit.h"
#include "tests/unit/vault/failing.h"

static struct kit *usual(void)
{
	struct kit *k = kit_new();

	(void)kit_add(k, 40, 0, 0);
	(void)kit_add(k, 30, 0, 1);
	(void)kit_add(k, 5, 1, 0);
	(void)kit_add(k, 60, 2, 1);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "visits", SL_STAT_COUNT, 0, 0);
	kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_PRICE, 0);
	kit_calc_difference(&k->plans[0], "gap", 1, 0);
	return k;
}

static void test_digest_of_known_texts(void **state)
{
	static const struct {
		const char *text, *hex;
	} known[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	uint8_t out[SL_DIGEST_BYTES];
	char hex[2 * SL_DIGEST_BYTES + 1], *long_text = malloc(1000000);

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		sl_digest_sha256(known[i].text, strlen(known[i].text), out);
		sl_text_hex(out, sizeof out, hex);
		assert_string_equal(hex, known[i].hex);
	}
	memset(long_text, 'a', 1000000);
	sl_digest_sha256(long_text, 1000000, out);
	sl_text_hex(out, sizeof out, hex);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(long_text);
}

static void test_check_result_of_another_plan_is_an_integrity_failure(void **state)
{
	struct kit *k = usual();
	struct sl_publication p;
	struct sl_err err = { 0 };

	(void)state;
	kit_count(k);
	k->results[0].plan_digest[31] ^= 1;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INTEGRITY);
	assert_int_equal(p.noutputs, 0);
	k->results[0].plan_digest[31] ^= 1;
	k->plans[0].limit = 3;
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INTEGRITY);
	kit_free(k);
}

static void test_check_evidence_that_is_not_whole_is_refused(void **state)
{
	struct kit *k = usual();
	struct sl_publication p;
	struct sl_err err = { 0 };

	(void)state;
	kit_count(k);
	k->results[0].nevidence--;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INPUT);
	k->results[0].nevidence++;
	k->results[0].filtered = 1;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, NULL), SL_E_INPUT);
	k->results[0].filtered = 0;
	k->results[0].evidence[0].contributors = 1000;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, NULL), SL_E_INPUT);
	k->setup.nplans = 0;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, NULL), SL_E_INPUT);
	k->setup.nplans = 1;
	kit_free(k);
}

static void test_check_small_cell_hides_its_whole_row(void **state)
{
	struct kit *k = usual();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);

	(void)state;
	for (uint32_t c = 0; c < 5; c++) {
		assert_int_equal(kit_cell(k, &p, 0, 2, c)->shown, 0); /* region B, m: 5 units */
		assert_int_equal(kit_cell(k, &p, 0, 0, c)->shown, 1);
	}
	assert_int_equal(p.outputs[0].suppressed, 5 * 5);
	assert_int_equal(p.outputs[0].population, 135);
	assert_int_equal(p.releasable, 1);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_check_values_are_exact_and_rounded_once(void **state)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 12, 0, 0);
	struct sl_publication p;

	(void)state;
	kit_quiet(k);
	for (uint32_t i = 0; i < 12; i++) {
		row[i].value[KIT_PRICE] = i == 0 ? -105 : i == 1 ? 1 : 0; /* -1.05 and 0.01: the mean is -0.08666… */
		row[i].value[KIT_SICK] = i < 8;
	}
	kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_PRICE, 0);
	kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_PRICE, 0);
	kit_stat(&k->plans[0], "share", SL_STAT_SHARE, KIT_SICK, 0);
	kit_stat(&k->plans[0], "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(kit_cell(k, &p, 0, 0, 0)->value, -104);
	assert_int_equal(kit_cell(k, &p, 0, 0, 1)->value, -867); /* scale 4 */
	assert_int_equal(kit_cell(k, &p, 0, 0, 2)->value, 6667);
	assert_int_equal(kit_cell(k, &p, 0, 0, 3)->value, 8);
	assert_int_equal(sl_check_column_type(&k->plans[0], &k->setup.view, 1).scale, 4);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_check_failed_statistic_takes_those_on_the_same_column_with_it(void **state)
{
	struct kit *k = kit_new();
	struct sl_publication p;

	(void)state;
	kit_add(k, 30, 0, 0)->value[KIT_AMOUNT] = 1000000;
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "over", SL_STAT_COUNT_IF, KIT_AMOUNT, 112);
	kit_stat(&k->plans[0], "price", SL_STAT_SUM, KIT_PRICE, 0);
	kit_calc_difference(&k->plans[0], "shown", 0, 0);
	kit_calc_difference(&k->plans[0], "hidden", 0, 2);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, 1);
	assert_int_equal(kit_cell(k, &p, 0, 0, 1)->shown, 0); /* dominance */
	assert_int_equal(kit_cell(k, &p, 0, 0, 2)->shown, 0); /* linked */
	assert_int_equal(kit_cell(k, &p, 0, 0, 3)->shown, 1);
	assert_int_equal(kit_cell(k, &p, 0, 0, 4)->shown, 1);
	assert_int_equal(kit_cell(k, &p, 0, 0, 5)->shown, 0); /* [c] in, [c] out */
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static bool two_outputs_pass(uint32_t small, bool other_where)
{
	struct kit *k = kit_new();
	struct sl_plan *second = kit_plan(k);
	struct sl_publication p;
	bool pass;

	(void)kit_add(k, 40, 0, 0);
	(void)kit_add(k, small, 1, 0);
	k->setup.rules.zeros_show = 1;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
	kit_stat(second, "n", SL_STAT_UNITS, 0, 0);
	if (other_where)
		kit_where(second, KIT_AMOUNT, 110);
	p = kit_check(k, SL_RULE_NONE);
	pass = p.releasable;
	assert_int_equal(kit_has(&p, SL_RULE_MARGINS), !pass);
	assert_true(!pass || small >= 10 || kit_has(&p, SL_RULE_SECONDARY));
	for (uint32_t i = 1; i < p.nfindings; i++)
		assert_true(p.findings[i].output >= p.findings[i - 1].output);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return pass;
}

static void test_check_margin_beside_a_hidden_cell_hides_another(void **state)
{
	(void)state;
	assert_true(two_outputs_pass(40, false));
	assert_true(two_outputs_pass(5, false));
}

static void test_check_two_conditions_on_the_same_units_are_refused(void **state)
{
	(void)state;
	assert_false(two_outputs_pass(40, true));
}

static void encode(const struct sl_publication *p, struct sl_buf *out)
{
	struct sl_err err = { 0 };

	sl_buf_reset(out);
	assert_int_equal(sl_codec_encode(&sl_publication_record, p, out, &err), SL_OK);
}

static void shuffle(struct kit *k, unsigned *seed)
{
	for (uint32_t i = k->nrows; i > 1; i--) {
		uint32_t j = (uint32_t)rand_r(seed) % i;
		struct kit_row t = k->rows[i - 1];
		k->rows[i - 1] = k->rows[j];
		k->rows[j] = t;
	}
}

static void test_check_order_of_rows_changes_nothing(void **state)
{
	struct sl_buf a = { 0 }, b = { 0 };
	struct kit *k = usual();
	unsigned seed = 1;

	(void)state;
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	encode(&p, &a);
	sl_codec_free(&sl_publication_record, &p);
	for (int i = 0; i < 5; i++) {
		shuffle(k, &seed);
		p = kit_check(k, SL_RULE_NONE);
		encode(&p, &b);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.data, b.data, a.len);
		sl_codec_free(&sl_publication_record, &p);
	}
	sl_buf_free(&a);
	sl_buf_free(&b);
	kit_free(k);
}

/* Straight from the rows: may the sum of region r be told? Written without the rules. */
static bool sum_may_be_told(const struct kit *k, int64_t r)
{
	int64_t total[SL_KEYS_MAX * 64] = { 0 }, x1 = 0, x2 = 0, all = 0, first = -1;
	bool in[SL_KEYS_MAX * 64] = { false }, equal = true;
	uint32_t units = 0;

	for (uint32_t i = 0; i < k->nrows; i++) {
		if (k->rows[i].value[KIT_REGION] != r)
			continue;
		units += !in[k->rows[i].unit];
		in[k->rows[i].unit] = true;
		total[k->rows[i].unit] += k->rows[i].value[KIT_AMOUNT];
		equal = equal && (first < 0 || first == k->rows[i].value[KIT_AMOUNT]);
		first = k->rows[i].value[KIT_AMOUNT];
	}
	uint32_t some = 0;
	bool alike = true;
	int64_t one = 0;
	for (size_t u = 0; u < sizeof in; u++) {
		some += total[u] != 0;
		alike = alike && (total[u] == 0 || one == 0 || total[u] == one);
		one = total[u] != 0 ? total[u] : one;
		all += total[u];
		if (total[u] > x1) {
			x2 = x1;
			x1 = total[u];
		} else if (total[u] > x2) {
			x2 = total[u];
		}
	}
	/* A count in disguise: few add something, or few add nothing. */
	bool few = (some > 0 && some < 4) || (alike && units - some > 0 && units - some < 4);
	return units >= 4 && !few && !equal && (x1 + x2) * 100 < 90 * all && (all - x1 - x2) * 100 >= 10 * x1;
}

static void test_check_agrees_with_a_reading_of_the_rows(void **state)
{
	unsigned seed = 7;
	uint32_t told = 0, held = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct kit *k = kit_new();
		k->setup.rules.threshold = 4;
		k->setup.rules.within_group = 1;
		for (uint32_t n = 10 + (uint32_t)rand_r(&seed) % 30; n > 0; n--) {
			struct kit_row *row = kit_add(k, 1, rand_r(&seed) % 4, 0);
			row->unit = 1 + (uint32_t)rand_r(&seed) % 40;
			row->value[KIT_AMOUNT] = rand_r(&seed) % 3 == 0 ? rand_r(&seed) % 2000 : rand_r(&seed) % 20;
		}
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		for (uint32_t r = 0; r < 4; r++) {
			bool may = sum_may_be_told(k, r);
			assert_int_equal(kit_cell(k, &p, 0, r, 0)->shown, may);
			told += may;
			held += !may;
		}
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
	assert_true(told > 100 && held > 100);
}

static void test_check_more_findings_than_a_person_can_read_is_refused(void **state)
{
	struct kit *k = kit_new();
	struct sl_column *c = &k->setup.view.tables[0].columns[KIT_REGION];
	struct sl_plan *plan = &k->plans[0];
	struct sl_publication p;
	struct sl_err err = { 0 };
	uint8_t digest[32];

	(void)state;
	/* 20,000 regions by two genders by bands, all empty: each cell breaks two rules. */
	c->labels = realloc(c->labels, SL_LABELS_MAX * sizeof *c->labels);
	for (; c->nlabels < SL_LABELS_MAX; c->nlabels++)
		c->labels[c->nlabels].text = strdup("x");
	kit_key(plan, "region", KIT_REGION, false);
	kit_key(plan, "gender", KIT_GENDER, false);
	kit_key(plan, "age", KIT_AGE, true);
	kit_stat(plan, "n", SL_STAT_UNITS, 0, 0);
	struct sl_buf bytes = { 0 };
	assert_int_equal(sl_codec_encode(&sl_plan_record, plan, &bytes, &err), SL_OK);
	sl_digest_sha256(bytes.data, bytes.len, digest);
	k->results[0].nevidence = (uint32_t)sl_plan_cells(plan, &k->setup.view);
	k->results[0].evidence = calloc(k->results[0].nevidence, sizeof *k->results[0].evidence);
	memcpy(k->results[0].plan_digest, digest, sizeof digest);
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_OK);
	assert_int_equal(p.releasable, 0);
	assert_true(p.nfindings <= SL_FINDINGS_MAX);
	assert_int_equal(p.outputs[0].suppressed, p.outputs[0].ncells);
	assert_int_equal(p.findings[p.nfindings - 1].rule, SL_RULE_CONTEXT);
	sl_buf_free(&bytes);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Two outputs, one the margin of the other, and a hidden cell. */
static struct kit *two_linked(void)
{
	struct kit *k = kit_new();
	struct sl_plan *margin = kit_plan(k);

	(void)kit_add(k, 40, 0, 0);
	(void)kit_add(k, 5, 1, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(margin, "persons", SL_STAT_UNITS, 0, 0);
	return k;
}

/* The same, rounded, and an output that no other adds up to. */
static struct kit *two_rounded(void)
{
	struct kit *k = two_linked();
	struct sl_plan *apart = kit_plan(k);

	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	kit_key(apart, "gender", KIT_GENDER, false);
	kit_stat(apart, "persons", SL_STAT_UNITS, 0, 0);
	return k;
}

/* With the n-th allocation failing; 0: none. wire: SL_OK: its bytes, the caller's. */
static enum sl_rc judge(struct kit *k, unsigned long n, bool *reached, struct sl_buf *wire)
{
	struct sl_publication p;
	struct sl_err err = { 0 };

	failing_at(n);
	enum sl_rc rc = sl_check_run(&k->setup, k->plans, k->results, &p, &err);
	*reached = failing_reached();
	failing_at(0);
	/* A buffer does not tell memory from bound. */
	if (rc != SL_OK && rc != SL_E_NOMEM && rc != SL_E_LIMIT)
		fail_msg("%d %s", rc, err.text);
	if (rc == SL_OK) {
		assert_int_equal(sl_codec_encode(&sl_publication_record, &p, wire, NULL), SL_OK);
		sl_codec_free(&sl_publication_record, &p);
	}
	return rc;
}

/* Words that are only asked whether they are there may be lost; nothing of the publication is. */
static void fail_each_allocation(struct kit *k)
{
	struct sl_buf whole = { 0 };
	bool reached = true;
	unsigned long n;

	kit_count(k);
	assert_int_equal(judge(k, 0, &reached, &whole), SL_OK);
	reached = true;
	for (n = 1; reached && n < 10000; n++) {
		struct sl_buf wire = { 0 };
		enum sl_rc rc = judge(k, n, &reached, &wire);
		assert_true(rc == SL_OK || reached);
		if (rc == SL_OK) {
			assert_int_equal(wire.len, whole.len);
			assert_memory_equal(wire.data, whole.data, whole.len);
		}
		sl_buf_free(&wire);
	}
	assert_true(n > 10);
	sl_buf_free(&whole);
	kit_free(k);
}

static void test_check_every_allocation_that_fails_is_told(void **state)
{
	(void)state;
	fail_each_allocation(usual());
	fail_each_allocation(two_linked());
	fail_each_allocation(two_rounded());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digest_of_known_texts),
		cmocka_unit_test(test_check_result_of_another_plan_is_an_integrity_failure),
		cmocka_unit_test(test_check_evidence_that_is_not_whole_is_refused),
		cmocka_unit_test(test_check_small_cell_hides_its_whole_row),
		cmocka_unit_test(test_check_values_are_exact_and_rounded_once),
		cmocka_unit_test(test_check_failed_statistic_takes_those_on_the_same_column_with_it),
		cmocka_unit_test(test_check_margin_beside_a_hidden_cell_hides_another),
		cmocka_unit_test(test_check_two_conditions_on_the_same_units_are_refused),
		cmocka_unit_test(test_check_order_of_rows_changes_nothing),
		cmocka_unit_test(test_check_agrees_with_a_reading_of_the_rows),
		cmocka_unit_test(test_check_more_findings_than_a_person_can_read_is_refused),
		cmocka_unit_test(test_check_every_allocation_that_fails_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
