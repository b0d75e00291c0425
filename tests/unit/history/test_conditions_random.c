/* test_conditions_random.c - random conditions are one only where every row says so, and stay one written anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/history/spelled.h"

#define TEXT_BYTES 4096

/* Random conditions, as text. */

static uint64_t seed = 20;

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

struct writing {
	char text[TEXT_BYTES];
	size_t len;
};

static void put(struct writing *w, const char *text)
{
	size_t n = strlen(text);

	assert_true(w->len + n < sizeof w->text);
	memcpy(w->text + w->len, text, n + 1);
	w->len += n;
}

static const char *const numbers[] = { "age", "must", "amount", "age + must", "must * age", "age div must",
	                               "case when sick then age else must end", "coalesce(age, must)" };
static const char *const constants[] = { "0", "1", "2", "3", "1.5", "0.5", "2.04" };
static const char *const lists[] = { "(1)", "(2, 1)", "(1, 2, 3)", "(0, 3)" };
static const char *const comparisons[6] = { " = ", " <> ", " < ", " <= ", " > ", " >= " };
static const char *const opposites[6] = { " <> ", " = ", " >= ", " > ", " <= ", " < " };
static const char *const mirrors[6] = { " = ", " <> ", " > ", " >= ", " < ", " <= " };
static const char *const others[] = { "sick", "side = 'north'", "side <> 'north'", "side in ('south', 'west')",
	                              "place = 'north'", "place in ('north', 'south')", "age is null", "amount is null",
	                              "sick is null", "(age > must) = sick", "(sick and age = 1) is null" };

/* One comparison with a number, of two values, or one of the others; written one way, and another that is the same. */
static void write_atom(struct writing *w, struct writing *again, unsigned few)
{
	const char *a = numbers[pick(few)], *b = pick(4) > 0 ? constants[pick(COUNTOF(constants))] : numbers[pick(few)];
	unsigned op = pick(6), how = pick(3);

	if (pick(3) == 0) {
		a = others[pick(few + 3)];
		put(w, a);
		put(again, pick(2) ? "not not (" : "(");
		put(again, a);
		put(again, ")");
		return;
	}
	if (pick(5) == 0) {
		const char *list = lists[pick(COUNTOF(lists))];
		put(w, "must in ");
		put(w, list);
		put(again, "not (must not in ");
		put(again, list);
		put(again, ")");
		return;
	}
	put(w, a);
	put(w, comparisons[op]);
	put(w, b);
	put(again, how == 1 ? "not (" : "");
	put(again, how == 2 ? b : a);
	put(again, (how == 0 ? comparisons : how == 1 ? opposites : mirrors)[op]);
	put(again, how == 2 ? a : b);
	put(again, how == 1 ? ")" : "");
}

static void write_condition(struct writing *w, struct writing *again, unsigned depth, unsigned few)
{
	struct writing sides[2] = { 0 }, twins[2] = { 0 };
	bool both = pick(2) == 0, over = pick(3) == 0;
	unsigned first = pick(2);

	if (depth == 0 || pick(5) == 0) {
		write_atom(w, again, few);
		return;
	}
	write_condition(&sides[0], &twins[0], depth - 1, few);
	write_condition(&sides[1], &twins[1], depth - 1, few);
	for (int i = 0; i < 2; i++) {
		put(w, i == 0 ? "(" : both ? " and (" : " or (");
		put(w, sides[i].text);
		put(w, ")");
	}
	/* De Morgan, or just the other way round, and one of them once more. */
	put(again, over ? "not (" : "");
	for (int i = 0; i < 3; i++) {
		put(again, i == 0 ? "" : both != over ? " and " : " or ");
		put(again, over ? "not (" : "(");
		put(again, twins[i % 2 == 0 ? first : !first].text);
		put(again, ")");
	}
	put(again, over ? ")" : "");
}

static unsigned pairs(void)
{
	const char *asked = getenv("SL_HISTORY_PAIRS");

	return asked != NULL ? (unsigned)strtoul(asked, NULL, 10) : 4000;
}

static void test_random_conditions_are_one_only_where_every_row_says_so(void **state)
{
	size_t equal = 0, inside = 0;

	(void)state;
	for (unsigned i = 0, n = pairs(); i < n; i++) {
		struct writing text[2] = { 0 }, again = { 0 };
		struct spelled a, b;
		unsigned depth = pick(3), few = 1 + pick(COUNTOF(numbers));
		for (int k = 0; k < 2; k++, again.len = 0)
			write_condition(&text[k], &again, depth, few);
		spelled_init(text[0].text, &a);
		spelled_init(text[1].text, &b);
		spelled_check_rows(text[0].text, &a, text[1].text, &b);
		equal += spelled_same_rows(&a, &b) || spelled_same_value(&a, &b);
		inside += !spelled_same_rows(&a, &b) && (spelled_within(&a, &b) || spelled_within(&b, &a));
		spelled_free(&a);
		spelled_free(&b);
	}
	/* Enough of both that the law was asked. */
	assert_true(equal > pairs() / 100);
	assert_true(inside > pairs() / 100);
}

static void test_random_conditions_written_anew_stay_the_same(void **state)
{
	(void)state;
	for (unsigned i = 0, n = pairs() / 4; i < n; i++) {
		struct writing text = { 0 }, again = { 0 };
		struct spelled a, b;
		write_condition(&text, &again, pick(4), COUNTOF(numbers));
		spelled_init(text.text, &a);
		spelled_init(again.text, &b);
		if (!spelled_same_rows(&a, &b) || !spelled_same_value(&a, &b))
			fail_msg("%s | %s: two conditions", text.text, again.text);
		spelled_check_rows(text.text, &a, again.text, &b);
		spelled_free(&a);
		spelled_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_conditions_are_one_only_where_every_row_says_so),
		cmocka_unit_test(test_random_conditions_written_anew_stay_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
