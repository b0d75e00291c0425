/* test_units.c - the cache of unit texts: what it says is right, however full it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/load/units.h"

static bool find(const struct sl_units *u, const char *text, size_t len, uint32_t *ordinal)
{
	struct sl_unit_key key = sl_units_key(u, text, len);

	return sl_units_find(u, &key, ordinal);
}

static void add(struct sl_units *u, const char *text, size_t len, uint32_t ordinal)
{
	struct sl_unit_key key = sl_units_key(u, text, len);

	sl_units_add(u, &key, ordinal);
}

/* Every length around where a word, and a slot, end; texts that differ in their last byte, or in their length alone. */
static void test_units_of_any_length_are_told_apart(void **state)
{
	char text[40];
	struct sl_units u;
	uint32_t ordinal, n = 0;

	(void)state;
	assert_int_equal(sl_units_init(&u, 1 << 20, 42, NULL), SL_OK);
	for (size_t len = 1; len <= sizeof text; len++) {
		memset(text, 'a', sizeof text);
		assert_false(find(&u, text, len, &ordinal));
		add(&u, text, len, n++);
		text[len - 1] = '\0';
		assert_false(find(&u, text, len, &ordinal));
		add(&u, text, len, n++);
	}
	for (size_t len = 1; len <= sizeof text; len++) {
		memset(text, 'a', sizeof text);
		assert_true(find(&u, text, len, &ordinal));
		assert_int_equal(ordinal, 2 * (len - 1));
		text[len - 1] = '\0';
		assert_true(find(&u, text, len, &ordinal));
		assert_int_equal(ordinal, 2 * (len - 1) + 1);
	}
	sl_units_fini(&u);
}

static void test_units_that_are_there_stay_as_they_are(void **state)
{
	struct sl_units u;
	uint32_t ordinal;

	(void)state;
	assert_int_equal(sl_units_init(&u, 1 << 20, 42, NULL), SL_OK);
	add(&u, "x", 1, 7);
	add(&u, "x", 1, 8);
	assert_true(find(&u, "x", 1, &ordinal));
	assert_int_equal(ordinal, 7);
	assert_int_equal(u.count, 1);
	sl_units_fini(&u);
}

/* It holds no more than it may, and forgets nothing it has taken. */
static void holds(uint64_t bytes_max, const char *format, uint32_t at_least)
{
	struct sl_units u;
	uint32_t ordinal, known = 0;

	assert_int_equal(sl_units_init(&u, bytes_max, 42, NULL), SL_OK);
	for (uint32_t pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < 50000; i++) {
			char text[64];
			size_t len = (size_t)snprintf(text, sizeof text, format, i);

			if (pass == 0)
				add(&u, text, len, i);
			if (!find(&u, text, len, &ordinal))
				continue;
			assert_int_equal(ordinal, i);
			known += pass;
		}
	assert_int_equal(known, u.count);
	assert_true(known >= at_least);
	assert_true(u.nslots * sizeof *u.slots + u.longs.cap <= (bytes_max > 64 << 10 ? bytes_max : 64 << 10));
	sl_units_fini(&u);
}

static void test_units_hold_as_many_as_they_may(void **state)
{
	(void)state;
	holds(16 << 20, "%u", 50000);
	holds(16 << 20, "a person with a long name, number %u", 50000);
	holds(1 << 20, "%u", 8000);
	holds(1 << 20, "a person with a long name, number %u", 4000);
	holds(0, "%u", 512);
	holds(0, "a person with a long name, number %u", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units_of_any_length_are_told_apart),
		cmocka_unit_test(test_units_that_are_there_stay_as_they_are),
		cmocka_unit_test(test_units_hold_as_many_as_they_may),
	};

	return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
