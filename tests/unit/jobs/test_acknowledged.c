/* test_acknowledged.c - a log tells whether what left was acknowledged by all who approved what there was then. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/acknowledged.h"
#include "tests/unit/vault/failing.h"

#define LEAVES_MAX 8

static const char submitted[] = "{\"kind\":\"request.submitted\",\"request\":\"R-1\",\"who\":\"ana\"}";
static const char rui_names_both[] =
	"{\"acknowledged\":[\"differencing\",\"depth\"],\"kind\":\"review.approved\",\"request\":\"R-1\",\"who\":\"rui\"}";
static const char rui_names_none[] =
	"{\"acknowledged\":[],\"kind\":\"review.approved\",\"request\":\"R-1\",\"who\":\"rui\"}";
static const char teo_names_one[] =
	"{\"acknowledged\":[\"depth\"],\"kind\":\"review.approved\",\"request\":\"R-1\",\"who\":\"teo\"}";
static const char teo_of_before[] = "{\"kind\":\"review.approved\",\"request\":\"R-1\",\"who\":\"teo\"}";
static const char rui_of_another[] =
	"{\"acknowledged\":[],\"kind\":\"review.approved\",\"request\":\"R-2\",\"who\":\"rui\"}";
static const char left_asked[] =
	"{\"acknowledge\":[\"differencing\",\"depth\"],\"kind\":\"release.made\",\"release\":\"L-1\",\"request\":\"R-1\"}";
static const char left_asked_nothing[] =
	"{\"acknowledge\":[],\"kind\":\"release.made\",\"release\":\"L-1\",\"request\":\"R-1\",\"who\":\"rui\"}";
static const char left_of_before[] =
	"{\"kind\":\"release.made\",\"release\":\"L-1\",\"request\":\"R-1\",\"who\":\"rui\"}";
static const char left_asked_a_number[] =
	"{\"acknowledge\":[7],\"kind\":\"release.made\",\"release\":\"L-1\",\"request\":\"R-1\",\"who\":\"rui\"}";
static const char is_only_said[] = "{\"kind\":\"request.commented\",\"text\":\"\\\"kind\\\":\\\"release.made\\\"\"}";

static enum sl_rc see(const char *const *leaves, struct sl_err *err)
{
	struct sl_acknowledged a = { 0 };
	enum sl_rc rc = SL_OK;

	for (uint64_t i = 0; i < LEAVES_MAX && leaves[i] != NULL && rc == SL_OK; i++)
		rc = sl_acknowledged_see(&a, i, leaves[i], strlen(leaves[i]), err);
	sl_acknowledged_free(&a);
	return rc;
}

static const struct {
	enum sl_rc want;
	const char *says; /* "" : nothing */
	const char *leaves[LEAVES_MAX];
} logs[] = {
	{ SL_OK, "", { submitted, rui_names_both, left_asked } },
	{ SL_OK, "", { submitted, rui_names_none, left_asked_nothing } },
	{ SL_OK, "", { submitted, rui_names_none, left_of_before } },
	{ SL_OK, "", { submitted, rui_names_none, rui_names_both, left_asked } }, /* signed again */
	{ SL_OK, "", { submitted, teo_names_one, submitted, rui_names_both, left_asked } }, /* of the revision before */
	{ SL_OK, "", { submitted, rui_names_both, rui_of_another, left_asked, is_only_said } },
	{ SL_E_INTEGRITY, "\"rui\" does not acknowledge \"differencing\"", { submitted, rui_names_none, left_asked } },
	{ SL_E_INTEGRITY, "\"teo\" does not acknowledge", { submitted, rui_names_both, teo_names_one, left_asked } },
	{ SL_E_INTEGRITY, "\"teo\" does not acknowledge", { submitted, teo_of_before, rui_names_both, left_asked } },
	{ SL_E_INTEGRITY, "\"rui\" does not acknowledge", { submitted, rui_names_both, rui_names_none, left_asked } },
	{ SL_E_INTEGRITY, "nobody acknowledged", { submitted, left_asked } },
	{ SL_E_INTEGRITY, "nobody acknowledged", { rui_names_both, submitted, left_asked } },
	{ SL_E_INTEGRITY, "nobody acknowledged", { submitted, rui_names_both, left_asked, left_asked } },
	{ SL_E_INTEGRITY, "leaf 2", { submitted, rui_names_both, left_asked_a_number } },
	{ SL_E_INTEGRITY, "cannot be read", { submitted, "{\"kind\":\"release.made\"" } },
};

static void test_log_lets_nothing_leave_that_somebody_approved_without_naming_what_was_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
		struct sl_err err = { 0 };
		if (see(logs[i].leaves, &err) != logs[i].want || strstr(err.text, logs[i].says) == NULL)
			fail_msg("log %zu: %s", i, err.text);
	}
}

static void test_log_seen_with_an_allocation_failing_is_no_other_verdict(void **state)
{
	(void)state;
	json_set_alloc_funcs(malloc, free);
	for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
		enum sl_rc rc = SL_E_NOMEM;
		for (unsigned long k = 1; rc == SL_E_NOMEM && k < 2000; k++) {
			failing_at(k);
			rc = see(logs[i].leaves, NULL);
			int reached = failing_reached();
			failing_at(0);
			/* The parser calls some want of memory bad text: such a log is not believed, which is no verdict. */
			if (rc == SL_E_INTEGRITY && reached)
				rc = SL_E_NOMEM;
		}
		assert_int_equal(rc, logs[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log_lets_nothing_leave_that_somebody_approved_without_naming_what_was_asked),
		cmocka_unit_test(test_log_seen_with_an_allocation_failing_is_no_other_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
