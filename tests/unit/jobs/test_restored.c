/* test_restored.c - the leaf of a restore: what it explains, and that a hand in state.db does not make one. */
#include <stdlib.h>
#include <string.h>

#include "jobs/restored.h"
#include "tests/unit/jobs/world.h"

static struct sl_checkpoint checkpoint(uint64_t size, uint8_t byte)
{
	struct sl_checkpoint cp = { .size = size };

	memset(cp.root.b, byte, sizeof cp.root.b);
	return cp;
}

static void test_restored_explains_what_was_lost_and_nothing_before(void **state)
{
	const struct sl_restored r = { .leaf = 10, .outside = checkpoint(20, 7) };
	const struct sl_restored none = { 0 };
	struct sl_checkpoint cp = checkpoint(20, 7);

	(void)state;
	assert_true(sl_restored_explains(&r, &cp));
	assert_false(sl_restored_explains(&none, &cp));
	cp = checkpoint(20, 8); /* as long, and another one */
	assert_false(sl_restored_explains(&r, &cp));
	cp = checkpoint(21, 7);
	assert_false(sl_restored_explains(&r, &cp));
	cp = checkpoint(11, 9);
	assert_true(sl_restored_explains(&r, &cp));
	cp = checkpoint(10, 9); /* the beginning that both have */
	assert_false(sl_restored_explains(&r, &cp));
	cp = checkpoint(0, 0);
	assert_false(sl_restored_explains(&none, &cp));
}

static void add(struct sl_enclave *e, const struct sl_checkpoint *outside)
{
	assert_int_equal(sl_db_begin(&e->db, NULL), SL_OK);
	assert_int_equal(sl_restored_add(e, "operator", outside, NULL), SL_OK);
	assert_int_equal(sl_db_commit(&e->db, NULL), SL_OK);
}

static void test_restored_is_read_as_it_was_signed(void **state)
{
	const struct sl_checkpoint outside = checkpoint(20, 7);
	struct sl_restored *all = NULL;
	struct sl_enclave e;
	uint32_t n = 0;

	(void)state;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_restored_load(&e, &all, &n, NULL), SL_OK);
	assert_int_equal(n, 0);
	assert_null(all);
	add(&e, &outside);
	world_leaves(&e, 2, "more");
	add(&e, &outside);
	assert_int_equal(sl_restored_load(&e, &all, &n, NULL), SL_OK);
	assert_int_equal(n, 2);
	assert_int_equal(all[0].leaf, 1);
	assert_int_equal(all[1].leaf, 4);
	assert_int_equal(all[0].outside.size, 20);
	assert_memory_equal(all[0].outside.root.b, outside.root.b, sizeof outside.root.b);
	assert_true(all[0].at[0] != '\0');
	free(all);
	sl_enclave_close(&e);
}

/* Its bytes at another place, with another size, or under another key are no leaf of a restore. */
static void test_restored_elsewhere_changed_or_of_another_key_is_found(void **state)
{
	const struct sl_checkpoint outside = checkpoint(20, 7);
	uint8_t other[SL_ED25519_PUBLIC_BYTES] = { 1 };
	struct sl_buf leaf = { 0 };
	struct sl_restored r;
	struct sl_enclave e;

	(void)state;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	add(&e, &outside);
	assert_int_equal(sl_audit_leaf(&e, 1, &leaf, NULL), SL_OK);
	assert_int_equal(sl_restored_read(leaf.data, leaf.len, 1, e.name, e.public, &r, NULL), SL_OK);
	assert_int_equal(r.leaf, 1);
	assert_int_equal(sl_restored_read(leaf.data, leaf.len, 2, e.name, e.public, &r, NULL), SL_E_INTEGRITY);
	assert_int_equal(r.leaf, 0);
	assert_int_equal(sl_restored_read(leaf.data, leaf.len, 1, "another", e.public, &r, NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_restored_read(leaf.data, leaf.len, 1, e.name, other, &r, NULL), SL_E_INTEGRITY);
	char *size = memmem(leaf.data, leaf.len, "\"outside size\":20", 17);
	assert_non_null(size);
	size[15] = '3';
	assert_int_equal(sl_restored_read(leaf.data, leaf.len, 1, e.name, e.public, &r, NULL), SL_E_INTEGRITY);
	leaf.len--; /* of this kind, and no JSON */
	assert_int_equal(sl_restored_read(leaf.data, leaf.len, 1, e.name, e.public, &r, NULL), SL_E_INTEGRITY);
	sl_buf_free(&leaf);
	assert_int_equal(sl_audit_leaf(&e, 0, &leaf, NULL), SL_OK);
	assert_int_equal(sl_restored_read(leaf.data, leaf.len, 0, e.name, e.public, &r, NULL), SL_OK);
	assert_int_equal(r.leaf, 0);
	sl_buf_free(&leaf);
	sl_enclave_close(&e);
}

/* A place in state.db that is no such leaf; a checkpoint that no leaf explains keeps the one beside the keys. */
static void test_restored_places_must_hold_and_nothing_goes_on_unexplained(void **state)
{
	struct sl_restored *all = NULL;
	struct sl_enclave e;
	uint32_t n = 0;

	(void)state;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	world_leaves(&e, 2, "before");
	assert_int_equal(sl_audit_keep(&e, NULL), SL_OK);
	assert_int_equal(sl_audit_go_on(&e, NULL), SL_OK);
	sl_enclave_close(&e);
	assert_int_equal(scratch_run("cp enclave/state.db old && cp keys/log.note old.note"), 0);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	world_leaves(&e, 3, "lost");
	assert_int_equal(sl_audit_keep(&e, NULL), SL_OK);
	sl_enclave_close(&e);
	assert_int_equal(scratch_run("rm -f enclave/state.db-*; cp old enclave/state.db; cp keys/log.note far.note"), 0);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_audit_go_on(&e, NULL), SL_E_INTEGRITY);
	assert_int_equal(scratch_run("cmp keys/log.note far.note"), 0);
	sl_enclave_close(&e);
	world_sql("INSERT INTO meta VALUES('restores', x'0100000000000000')");
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_restored_load(&e, &all, &n, NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_audit_go_on(&e, NULL), SL_E_INTEGRITY);
	sl_enclave_close(&e);
	world_sql("UPDATE meta SET value=x'01' WHERE key='restores'");
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_restored_load(&e, &all, &n, NULL), SL_E_INTEGRITY);
	assert_null(all);
	sl_enclave_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restored_explains_what_was_lost_and_nothing_before),
		cmocka_unit_test_setup_teardown(test_restored_is_read_as_it_was_signed, world_found, world_remove),
		cmocka_unit_test_setup_teardown(test_restored_elsewhere_changed_or_of_another_key_is_found, world_found,
		                                world_remove),
		cmocka_unit_test_setup_teardown(test_restored_places_must_hold_and_nothing_goes_on_unexplained, world_found,
		                                world_remove),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
