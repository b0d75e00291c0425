/* test_registry.c - ordinals are given once, kept, and found again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/vault/registry.h"

static const uint8_t key[32] = { 5, 6, 7 };

static uint64_t ordinal_of(struct sl_registry *r, int unit)
{
	struct sl_err err = { 0 };
	char text[32];
	uint64_t ordinal = UINT64_MAX;
	int n = snprintf(text, sizeof text, "unit %d", unit);

	assert_int_equal(sl_registry_ordinal(r, text, (size_t)n, &ordinal, &err), SL_OK);
	return ordinal;
}

static void test_registry_grows_and_is_used_again(void **state)
{
	struct sl_err err = { 0 };
	struct sl_registry r;
	int fd = memfd_create("registry", 0);

	(void)state;
	assert_int_equal(sl_registry_init(&r, key, &err), SL_OK);
	assert_int_equal(sl_registry_load(&r, fd, 0, &err), SL_OK);
	for (int i = 0; i < 10000; i++)
		assert_int_equal(ordinal_of(&r, i % 7000), i % 7000);
	assert_int_equal(r.count, 7000);
	assert_int_equal(sl_registry_append(&r, fd, &err), SL_OK);
	sl_registry_fini(&r);

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sl_registry_init(&r, key, &err), SL_OK);
	assert_int_equal(sl_registry_load(&r, fd, 7000, &err), SL_OK);
	for (int i = 0; i < 7000; i++)
		assert_int_equal(ordinal_of(&r, i), i);
	assert_int_equal(ordinal_of(&r, 7000), 7000);
	assert_int_equal(sl_registry_append(&r, fd, &err), SL_OK);
	assert_int_equal(lseek(fd, 0, SEEK_END), 7001 * SL_REGISTRY_HASH_BYTES);
	sl_registry_fini(&r);
	close(fd);
}

/* What a failed attempt left behind the committed count is not read, and is written over. */
static void test_registry_left_over_is_overwritten(void **state)
{
	struct sl_err err = { 0 };
	struct sl_registry r;
	int fd = memfd_create("registry", 0);

	(void)state;
	for (int attempt = 0; attempt < 2; attempt++) {
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_int_equal(sl_registry_init(&r, key, &err), SL_OK);
		assert_int_equal(sl_registry_load(&r, fd, 0, &err), SL_OK);
		assert_int_equal(ordinal_of(&r, 100 + attempt), 0);
		assert_int_equal(sl_registry_append(&r, fd, &err), SL_OK);
		sl_registry_fini(&r);
	}
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sl_registry_init(&r, key, &err), SL_OK);
	assert_int_equal(sl_registry_load(&r, fd, 1, &err), SL_OK);
	assert_int_equal(ordinal_of(&r, 101), 0);
	assert_int_equal(ordinal_of(&r, 100), 1);
	sl_registry_fini(&r);
	close(fd);
}

static void test_registry_shorter_than_its_count_is_found(void **state)
{
	static const uint8_t hashes[40] = { 1 };
	struct sl_err err = { 0 };
	struct sl_registry r;
	int fd = memfd_create("registry", 0);

	(void)state;
	assert_int_equal(write(fd, hashes, sizeof hashes), sizeof hashes);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sl_registry_init(&r, key, &err), SL_OK);
	assert_int_equal(sl_registry_load(&r, fd, 3, &err), SL_E_INTEGRITY);
	sl_registry_fini(&r);
	close(fd);
}

static void test_registry_one_hash_twice_is_found(void **state)
{
	static const uint8_t hashes[32] = { 0 };
	struct sl_err err = { 0 };
	struct sl_registry r;
	int fd = memfd_create("registry", 0);

	(void)state;
	assert_int_equal(write(fd, hashes, sizeof hashes), sizeof hashes);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(sl_registry_init(&r, key, &err), SL_OK);
	assert_int_equal(sl_registry_load(&r, fd, 2, &err), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, "at 0 and 1"));
	sl_registry_fini(&r);
	close(fd);
}

static void test_registry_other_key_gives_other_hashes(void **state)
{
	static const uint8_t other[32] = { 9 };
	struct sl_err err = { 0 };
	struct sl_registry a, b;

	(void)state;
	assert_int_equal(sl_registry_init(&a, key, &err), SL_OK);
	assert_int_equal(sl_registry_init(&b, other, &err), SL_OK);
	(void)ordinal_of(&a, 1);
	(void)ordinal_of(&b, 1);
	assert_memory_not_equal(a.hashes[0], b.hashes[0], SL_REGISTRY_HASH_BYTES);
	sl_registry_fini(&a);
	sl_registry_fini(&b);
}

static void test_registry_of_more_units_than_ordinals_is_refused(void **state)
{
	struct sl_err err = { 0 };
	struct sl_registry r;
	int fd = memfd_create("registry", 0);

	(void)state;
	assert_int_equal(sl_registry_init(&r, key, &err), SL_OK);
	assert_int_equal(sl_registry_load(&r, fd, SL_REGISTRY_UNITS_MAX + 1, &err), SL_E_LIMIT);
	assert_non_null(strstr(err.text, "at most 4294967294 units"));
	sl_registry_fini(&r);
	close(fd);
}

static void test_registry_knows_a_hash_as_it_knows_the_text(void **state)
{
	struct sl_err err = { 0 };
	struct sl_registry r;
	uint8_t hash[SL_REGISTRY_HASH_BYTES] = { 1, 2, 3 };
	uint64_t ordinal = 9;

	(void)state;
	assert_int_equal(sl_registry_init(&r, key, &err), SL_OK);
	assert_int_equal(ordinal_of(&r, 4), 0);
	assert_int_equal(sl_registry_add(&r, r.hashes[0], &ordinal, &err), SL_OK);
	assert_int_equal(ordinal, 0);
	assert_int_equal(sl_registry_add(&r, hash, &ordinal, &err), SL_OK);
	assert_int_equal(ordinal, 1);
	assert_int_equal(r.count, 2);
	sl_registry_fini(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registry_grows_and_is_used_again),
		cmocka_unit_test(test_registry_left_over_is_overwritten),
		cmocka_unit_test(test_registry_shorter_than_its_count_is_found),
		cmocka_unit_test(test_registry_one_hash_twice_is_found),
		cmocka_unit_test(test_registry_other_key_gives_other_hashes),
		cmocka_unit_test(test_registry_of_more_units_than_ordinals_is_refused),
		cmocka_unit_test(test_registry_knows_a_hash_as_it_knows_the_text),
	};

	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
