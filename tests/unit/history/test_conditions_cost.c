/* test_conditions_cost.c - what it takes to know what a condition means, and that every allocation of it may fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/predicate.h"
#include "tests/unit/history/spelled.h"
#include "tests/unit/vault/failing.h"

#define LONG_CONDITION \
	"(age in (1, 3) or not (age + must > 3 and sick)) and place <> 'north' and (age is null or sick)"

/* Long lists, nested so: `start`s, a list, `between` and a list and `after` for each more, `end`s. */
static const struct {
	const char *start, *between, *after, *end;
} nestings[] = {
	{ "", " or ", "", "" },
	{ "", " or (", "", ")" },
	{ "not (", " or not ", ")", "" },
	{ "(", " and not ", ")", "" },
	{ "((", " or must = 1) and not ", ")", "" },
	{ "((", " and true) or ", ")", "" },
	{ "((", " or sick) and true) or ", "", "" },
	{ "((", " and must > -9) or ", ")", "" },
	{ "((", " or must is null) and not ", ")", "" },
};

/* Bytes asked for to know what it means, as what rows are let through and as a value; without what parsing takes. */
static unsigned long bytes_for(size_t nesting, unsigned nlists)
{
	struct sl_buf b = { 0 };
	struct spelled read;

	for (unsigned i = 1; i < nlists; i++)
		sl_buf_text(&b, nestings[nesting].start);
	for (unsigned i = 0; i < nlists; i++) {
		sl_buf_text(&b, i > 0 ? nestings[nesting].between : "");
		for (unsigned k = 0; k < 100; k++) /* no number twice, and no two side by side */
			sl_buf_printf(&b, k > 0 ? ", %u" : "must in (%u", 2 * (k * 40 + i));
		sl_buf_printf(&b, ")%s", i > 0 ? nestings[nesting].after : "");
	}
	for (unsigned i = 1; i < nlists; i++)
		sl_buf_text(&b, nestings[nesting].end);
	const char *text = sl_buf_cstr(&b);
	failing_at(0);
	spelled_parse(text, &read.parsed);
	unsigned long parsing = failing_bytes();
	sl_parsed_free(&read.parsed);
	failing_at(0);
	spelled_init(text, &read);
	unsigned long bytes = failing_bytes() - parsing;
	spelled_free(&read);
	sl_buf_free(&b);
	return bytes;
}

/* Twice the lists are about twice the work: nothing is read again at every level. */
static void test_many_long_lists_cost_as_much_as_they_are_long(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNTOF(nestings); i++) {
		unsigned long few = bytes_for(i, 8), many = bytes_for(i, 16);
		if (many > few * 3)
			fail_msg("list%slist: %lu bytes, of twice the lists %lu", nestings[i].between, few, many);
	}
}

static void test_every_allocation_may_fail(void **state)
{
	struct sl_plan plan = spelled_plan();
	struct sl_parsed parsed;
	struct sl_predicate_part *parts;
	enum sl_rc rc;
	unsigned long n = 0;
	uint32_t nparts;
	int reached;

	(void)state;
	spelled_parse(LONG_CONDITION, &parsed);
	plan.where = parsed.expr;
	struct sl_stat share = { .fn = SL_STAT_SHARE, .arg = parsed.expr };
	plan.stats = &share;
	plan.nstats = 1;
	do {
		struct sl_predicate p;
		struct sl_err err = { 0 };
		parts = NULL;
		failing_at(++n);
		rc = sl_predicate_init(&p, &plan, &spelled_view, &err);
		struct sl_condition_unions listed = { 0 };
		if (rc == SL_OK)
			rc = sl_predicate_unions(&plan, &spelled_view, &listed, &err);
		if (rc == SL_OK)
			rc = sl_predicate_set(&p, 1, &parts, &nparts, &err);
		assert_true(rc != SL_OK || listed.n == 2);
		sl_condition_unions_free(&listed);
		sl_predicate_fini(&p);
		reached = failing_reached();
		failing_at(0);
		assert_true(rc == SL_OK || rc == SL_E_NOMEM);
		assert_true(reached ? rc == SL_E_NOMEM && parts == NULL : rc == SL_OK);
		free(parts);
	} while (reached);
	assert_true(n > 30);
	sl_parsed_free(&parsed);
}

/* An output may have a million sets, and a condition listed of thousands: it is read once, not for each set. */
static void test_a_condition_is_not_read_again_for_every_cell(void **state)
{
	struct sl_plan plan = spelled_plan();
	struct sl_stat share = { .fn = SL_STAT_SHARE };
	struct sl_parsed parsed;
	struct sl_predicate p;
	struct sl_predicate_part *parts;
	struct sl_err err = { 0 };
	uint32_t nparts;

	(void)state;
	spelled_parse(LONG_CONDITION, &parsed);
	share.arg = parsed.expr;
	plan.stats = &share;
	plan.nstats = 1;
	assert_int_equal(sl_predicate_init(&p, &plan, &spelled_view, &err), SL_OK);
	failing_at(2); /* the first is the caller's */
	assert_int_equal(sl_predicate_set(&p, 1, &parts, &nparts, &err), SL_OK);
	assert_false(failing_reached());
	failing_at(0);
	assert_true(nparts > 2);
	free(parts);
	sl_predicate_fini(&p);
	sl_parsed_free(&parsed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_long_lists_cost_as_much_as_they_are_long),
		cmocka_unit_test(test_every_allocation_may_fail),
		cmocka_unit_test(test_a_condition_is_not_read_again_for_every_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
