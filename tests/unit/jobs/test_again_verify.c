/* test_again_verify.c - what a bundle says of rows of earlier releases: each way it cannot be is found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "jobs/again_verify.h"
#include "tests/unit/vault/failing.h"

#define HEAD "sex,n,mean,[earlier]\n"
#define OWN "f,40,3.1,\n"
#define NEAR "\"near\":\"earlier\","

/* A bundle of one table of two rows with two numbers each; earlier: how many of them the record counts. */
struct bundle {
	enum sl_rc want;
	const char *near;
	int earlier;
	const char *csv;
};

static enum sl_rc verify(const struct bundle *x, struct sl_err *err)
{
	struct sl_bundle b = { 0 };
	char record[256];
	int n = snprintf(record, sizeof record, "{%s\"outputs\":[{\"path\":\"data/x.csv\",\"rows\":2,\"values\":4,"
	                                        "\"earlier\":%d}]}", x->near, x->earlier);
	enum sl_rc rc = sl_bundle_add(&b, "data/x.csv", x->csv, strlen(x->csv), err);

	if (rc == SL_OK)
		rc = sl_bundle_add(&b, "sdc-record.json", record, (size_t)n, err);
	if (rc == SL_OK)
		rc = sl_again_verify(&b, "L-3", err);
	sl_bundle_free(&b);
	return rc;
}

static const struct bundle bundles[] = {
	{ SL_OK, NEAR, 0, HEAD OWN "m,[c],[c],\n" },
	{ SL_OK, NEAR, 2, HEAD OWN "m,50,4.0,L-1/data/y.csv#row=2\n" },
	{ SL_OK, NEAR, 3, HEAD "f,40,[c],L-2/data/y.csv#row=12\n" "m,50,4.0,L-1/data/y.csv#row=2\n" },
	{ SL_OK, "", 0, "sex,n,mean\n" "f,40,3.1\n" "m,50,4.0\n" },
	/* The column without the policy, and the policy without the column. */
	{ SL_E_INTEGRITY, "", 0, HEAD OWN "m,50,4.0,\n" },
	{ SL_E_INTEGRITY, "\"near\":\"refuse\",", 0, HEAD OWN "m,50,4.0,\n" },
	{ SL_E_INTEGRITY, NEAR, 0, "sex,n,mean\n" "f,40,3.1\n" "m,50,4.0\n" },
	{ SL_E_INTEGRITY, NEAR, 0, "[earlier]\n" "\n" },
	{ SL_E_INTEGRITY, NEAR, 0, "" },
	/* Other numbers than are counted; a row without one. */
	{ SL_E_INTEGRITY, NEAR, 1, HEAD OWN "m,50,4.0,L-1/data/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,\n" },
	{ SL_E_INTEGRITY, NEAR, 0, HEAD OWN "m,[c],[c],L-1/data/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,L-1/data/y.csv#row=2\n" },
	/* Its own release, a later one, none; the header, no row; a place elsewhere. */
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-3/data/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-12/data/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-99999999999999999999/data/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-0/data/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-01/data/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-/data/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-1/data/y.csv#row=1\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-1/data/y.csv#row=\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-1/data/y.csv#row=2x\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-1/data/y.csv\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-1/data/.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-1/data/../y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,L-1/y.csv#row=2\n" },
	{ SL_E_INTEGRITY, NEAR, 2, HEAD OWN "m,50,4.0,yes\n" },
};

static void test_each_way_it_cannot_be_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bundles / sizeof bundles[0]; i++) {
		struct sl_err err = { 0 };
		if (verify(&bundles[i], &err) != bundles[i].want)
			fail_msg("bundle %zu: %s", i, err.text);
	}
}

static void test_a_bundle_without_a_record_or_a_table_is_found(void **state)
{
	static const char record[] = "{" NEAR "\"outputs\":[{\"path\":\"data/z.csv\",\"rows\":2,\"values\":4}]}";
	struct sl_bundle b = { 0 };

	(void)state;
	assert_int_equal(sl_again_verify(&b, "L-3", NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_bundle_add(&b, "sdc-record.json", record, sizeof record - 1, NULL), SL_OK);
	assert_int_equal(sl_again_verify(&b, "L-3", NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_again_verify(&b, "", NULL), SL_E_INTEGRITY);
	sl_bundle_free(&b);
}

static void test_with_an_allocation_failing_it_is_no_other_verdict(void **state)
{
	(void)state;
	for (size_t i = 1; i < 10; i += 8) {
		unsigned long k = 0;
		enum sl_rc rc;
		do {
			struct sl_err err = { 0 };
			failing_at(++k);
			rc = verify(&bundles[i], &err);
			int reached = failing_reached();
			failing_at(0);
			if (!reached)
				break;
			assert_int_equal(rc, SL_E_NOMEM);
		} while (k < 1000);
		assert_int_equal(rc, bundles[i].want);
		assert_true(k > 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_way_it_cannot_be_is_found),
		cmocka_unit_test(test_a_bundle_without_a_record_or_a_table_is_found),
		cmocka_unit_test(test_with_an_allocation_failing_it_is_no_other_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
