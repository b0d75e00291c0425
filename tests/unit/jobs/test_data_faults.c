/* test_data_faults.c - the k-th allocation fails: a data command is done whole, or not at all and can be done again. */
#include "tests/unit/jobs/faults.h"

#include <string.h>

#include "jobs/data.h"
#include "jobs/data_search.h"
#include "jobs/entries.h"

static struct sl_enclave e;
static const struct sl_actor operator_ = {.kind = SL_ACTOR_OPERATOR, .person = (char *)(uintptr_t)""};
static const char *const table = "tiny.persons";

static const char package[] =
	"{\"name\": \"tiny\", \"title\": \"one\", \"resources\": [{\"name\": \"persons\", \"path\": \"persons.csv\", "
	"\"sluice\": {\"owner\": \"clinic\", \"class\": \"confidential\", \"unit\": {\"column\": \"id\", \"space\": "
	"\"person\"}}, \"schema\": {\"fields\": [{\"name\": \"id\", \"type\": \"integer\", \"constraints\": {\"required\": "
	"true}}, {\"name\": \"age\", \"type\": \"integer\", \"sluice\": {\"uses\": [\"measure\"]}}]}}]}\n";

static int opened(void **state)
{
	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK || world_package(package) != 0)
		return 1;
	scratch_write("more.csv", "id,age\n3,60\n", 12);
	return sl_data_import(&e, &operator_, "package/datapackage.json", NULL, 0, NULL, NULL) != SL_OK;
}

static int closed(void **state)
{
	sl_enclave_close(&e);
	return world_remove(state);
}

static enum sl_rc import(struct sl_err *err)
{
	return sl_data_import(&e, &operator_, "package/datapackage.json", NULL, 0, NULL, err);
}

static enum sl_rc append(struct sl_err *err)
{
	return sl_data_append(&e, &operator_, "package/datapackage.json", table, "more.csv", NULL, err);
}

static enum sl_rc refresh(struct sl_err *err)
{
	uint32_t n;

	return sl_data_refresh(&e, &operator_, NULL, 0, NULL, &n, err);
}

static enum sl_rc forget(struct sl_err *err)
{
	const struct sl_data_forget all = {.table = table, .all = true};
	uint32_t n;

	return sl_data_forget(&e, &operator_, &all, &n, err);
}

static void nobody(void *self, const struct sl_data_verified *seen)
{
	(void)self;
	assert_null(seen->fault);
}

static enum sl_rc verify(struct sl_err *err)
{
	const struct sl_data_verify watch = {.seen = nobody};

	return sl_data_verify(&e, &operator_, NULL, 0, &watch, err);
}

static enum sl_rc list(struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_data_table *tables = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_standing_people(&e, &standing, err);

	if (rc == SL_OK)
		rc = sl_data_list(&e, &operator_, &standing, &tables, &n, err);
	sl_data_list_free(tables, n);
	sl_standing_free(&standing);
	return rc;
}

static enum sl_rc search(struct sl_err *err)
{
	static const char *const words[] = {"AGE"}, *const none[] = {"agf"};
	struct sl_standing standing = {0};
	struct sl_search found = {0};
	enum sl_rc rc = sl_standing_people(&e, &standing, err);

	if (rc == SL_OK)
		rc = sl_data_search(&e, &operator_, &standing, words, 1, 0, &found, err);
	if (rc == SL_OK) {
		assert_int_equal(found.n, 1);
		assert_string_equal(found.items[0].column, "age");
	}
	sl_search_free(&found);
	if (rc == SL_OK)
		rc = sl_data_search(&e, &operator_, &standing, none, 1, 0, &found, err);
	if (rc == SL_OK) {
		assert_int_equal(found.n, 0);
		assert_string_equal(found.near, "age");
	}
	sl_search_free(&found);
	sl_standing_free(&standing);
	return rc;
}

/* As in an enclave of an older version: nothing of the catalogues is found until they are read once more. */
static enum sl_rc settle(struct sl_err *err)
{
	world_sql("DELETE FROM entry_source");
	enum sl_rc rc = sl_entries_settle(&e, err);
	assert_int_equal(world_number("SELECT count(*) FROM entry"), 3);
	assert_int_equal(world_number("SELECT count(*) FROM entry_source"), rc == SL_OK);
	return rc;
}

/* No segment but those of the versions there are. */
static void has_no_stray_segment(enum sl_rc rc)
{
	(void)rc;
	assert_int_equal(scratch_run("test $(ls enclave/vault/*.seg 2>/dev/null | wc -l) = %lld",
	                             (long long)world_number("SELECT count(*) FROM version WHERE forgotten=0")), 0);
}

static void with_each_failing(enum sl_rc (*command)(struct sl_err *), bool starts_process)
{
	faults_each(&(struct faults){.e = &e, .command = command, .done_once = command == forget,
	                             .starts_process = starts_process, .after = has_no_stray_segment});
}

static void test_import_without_memory_keeps_nothing(void **state) { (void)state; with_each_failing(import, true); }
static void test_append_without_memory_adds_nothing(void **state) { (void)state; with_each_failing(append, true); }
static void test_verify_without_memory_finds_no_fault(void **state) { (void)state; with_each_failing(verify, true); }
static void test_list_without_memory_fails(void **state) { (void)state; with_each_failing(list, false); }
static void test_search_without_memory_fails(void **state) { (void)state; with_each_failing(search, false); }
static void test_entries_made_again_without_memory_stay_as_they_were(void **state)
{
	(void)state;
	with_each_failing(settle, false);
}
static void test_forget_without_memory_forgets_nothing(void **state) { (void)state; with_each_failing(forget, false); }
static void test_refresh_without_memory_fails(void **state) { (void)state; with_each_failing(refresh, false); }

#define WITH_A_TABLE(t) cmocka_unit_test_setup_teardown(t, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_A_TABLE(test_import_without_memory_keeps_nothing),
		WITH_A_TABLE(test_append_without_memory_adds_nothing),
		WITH_A_TABLE(test_verify_without_memory_finds_no_fault),
		WITH_A_TABLE(test_list_without_memory_fails),
		WITH_A_TABLE(test_search_without_memory_fails),
		WITH_A_TABLE(test_entries_made_again_without_memory_stay_as_they_were),
		WITH_A_TABLE(test_forget_without_memory_forgets_nothing),
		WITH_A_TABLE(test_refresh_without_memory_fails),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
