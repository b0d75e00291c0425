/* test_pack.c - lists of byte strings, and leases of jobs. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/store/job.h"

static void make(struct sl_buf *box)
{
	struct sl_buf items[3] = { { 0 } };
	struct sl_err err = { 0 };

	sl_buf_text(&items[0], "one");
	sl_buf_text(&items[2], "three");
	assert_int_equal(sl_pack_list(items, 3, box, &err), SL_OK);
	for (int i = 0; i < 3; i++)
		sl_buf_free(&items[i]);
}

static void test_list_made_and_read_is_the_same(void **state)
{
	struct sl_buf box = { 0 }, *items;
	struct sl_err err = { 0 };
	uint32_t n;

	(void)state;
	make(&box);
	assert_int_equal(sl_pack_unlist(&box, 3, &items, &n, &err), SL_OK);
	assert_int_equal(n, 3);
	assert_memory_equal(items[0].data, "one", 3);
	assert_int_equal(items[1].len, 0);
	assert_memory_equal(items[2].data, "three", 5);
	sl_pack_free(items, n);
	sl_buf_free(&box);
}

static void test_list_cut_anywhere_is_refused(void **state)
{
	struct sl_buf box = { 0 }, *items;
	uint32_t n;

	(void)state;
	make(&box);
	for (size_t len = 0; len < box.len; len++) {
		struct sl_buf cut = { .data = box.data, .len = len };
		struct sl_err err = { 0 };
		assert_int_equal(sl_pack_unlist(&cut, 3, &items, &n, &err), SL_E_INTEGRITY);
		assert_null(items);
	}
	sl_buf_free(&box);
}

static void test_list_longer_than_allowed_or_with_bytes_behind_is_refused(void **state)
{
	struct sl_buf box = { 0 }, *items;
	struct sl_err err = { 0 };
	uint32_t n;

	(void)state;
	make(&box);
	assert_int_equal(sl_pack_unlist(&box, 2, &items, &n, &err), SL_E_INTEGRITY);
	sl_buf_u8(&box, 0);
	assert_int_equal(sl_pack_unlist(&box, 3, &items, &n, &err), SL_E_INTEGRITY);
	sl_buf_free(&box);
}

static void test_lease_of_this_process_is_alive_and_of_another_start_or_boot_is_not(void **state)
{
	struct sl_lease lease;
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_job_lease(&lease, &err), SL_OK);
	assert_true(sl_job_lease_alive(&lease));
	lease.start++;
	assert_false(sl_job_lease_alive(&lease));
	lease.start--;
	lease.boot[0] = lease.boot[0] == 'x' ? 'y' : 'x';
	assert_false(sl_job_lease_alive(&lease));
}

static void test_digest_in_upper_case_or_short_is_no_digest(void **state)
{
	uint8_t out[32];
	char hex[65];

	(void)state;
	memset(hex, 'a', 64);
	hex[64] = '\0';
	json_t *v = json_pack("{s:s}", "d", hex);
	assert_true(sl_pack_unhex(v, "d", out));
	assert_false(sl_pack_unhex(v, "e", out));
	json_decref(v);
	hex[3] = 'A';
	v = json_pack("{s:s}", "d", hex);
	assert_false(sl_pack_unhex(v, "d", out));
	json_decref(v);
	hex[63] = '\0';
	v = json_pack("{s:s}", "d", hex);
	assert_false(sl_pack_unhex(v, "d", out));
	json_decref(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_made_and_read_is_the_same),
		cmocka_unit_test(test_list_cut_anywhere_is_refused),
		cmocka_unit_test(test_list_longer_than_allowed_or_with_bytes_behind_is_refused),
		cmocka_unit_test(test_lease_of_this_process_is_alive_and_of_another_start_or_boot_is_not),
		cmocka_unit_test(test_digest_in_upper_case_or_short_is_no_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
