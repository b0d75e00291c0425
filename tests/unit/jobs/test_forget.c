/* test_forget.c - an old version ends for good: no byte of its key is left in the state file or its log. */
#include "tests/unit/jobs/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "jobs/data.h"
#include "jobs/import.h"

static struct sl_enclave e;
static const struct sl_actor operator_ = {.kind = SL_ACTOR_OPERATOR, .person = (char *)(uintptr_t)""};
static const struct sl_data_forget old = {.table = "tiny.persons"};

static const char package[] =
	"{\"name\": \"tiny\", \"title\": \"one\", \"resources\": [\n"
	"{\"name\": \"codes\", \"path\": \"codes.csv\", \"sluice\": {\"owner\": \"clinic\", \"class\": \"open\", "
	"\"reference\": {\"key\": \"code\", \"label\": \"label\"}}, \"schema\": {\"fields\": [{\"name\": \"code\", "
	"\"type\": \"string\"}, {\"name\": \"label\", \"type\": \"string\"}]}},\n"
	"{\"name\": \"persons\", \"path\": \"persons.csv\", \"sluice\": {\"owner\": \"clinic\", \"class\": "
	"\"confidential\", \"unit\": {\"column\": \"id\", \"space\": \"person\"}}, \"schema\": {\"fields\": [{\"name\": "
	"\"id\", \"type\": \"integer\", \"constraints\": {\"required\": true}}, {\"name\": \"age\", \"type\": "
	"\"integer\", \"sluice\": {\"uses\": [\"measure\"]}}]}}]}\n";

static enum sl_rc import(void)
{
	return sl_data_import(&e, &operator_, "package/datapackage.json", NULL, 0, NULL, NULL);
}

/* Three versions; the last is in force. */
static int opened(void **state)
{
	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK || world_package(package) != 0)
		return 1;
	scratch_write("package/codes.csv", "code,label\na,first\n", 19);
	return import() != SL_OK || import() != SL_OK || import() != SL_OK;
}

static int closed(void **state)
{
	sl_enclave_close(&e);
	return world_remove(state);
}

/* Whether the file holds these bytes anywhere. */
static bool holds(const char *path, const uint8_t *bytes, size_t n)
{
	FILE *f = fopen(path, "rb");
	struct sl_buf all = {0};
	char piece[65536];
	size_t got;
	bool found = false;

	while (f != NULL && (got = fread(piece, 1, sizeof piece, f)) > 0)
		sl_buf_put(&all, piece, got);
	found = all.len >= n && memmem(all.data, all.len, bytes, n) != NULL;
	if (f != NULL)
		(void)fclose(f);
	sl_buf_free(&all);
	return found;
}

static bool state_holds(const uint8_t *bytes, size_t n)
{
	return holds("enclave/state.db", bytes, n) || holds("enclave/state.db-wal", bytes, n);
}

static uint32_t forgotten(const struct sl_data_forget *what, enum sl_rc want)
{
	struct sl_err err = {0};
	uint32_t n = 0;
	int64_t leaves = world_number("SELECT count(*) FROM leaf");

	assert_int_equal(sl_data_forget(&e, &operator_, what, &n, &err), want);
	assert_false(e.db.in_transaction);
	assert_int_equal(err.rc, want);
	assert_int_equal(world_number("SELECT count(*) FROM leaf"), leaves + (n > 0));
	assert_int_equal(scratch_run("test $(ls enclave/vault/*.seg 2>/dev/null | wc -l) = %lld",
	                             (long long)world_number("SELECT count(*) FROM version WHERE forgotten=0")), 0);
	return n;
}

static void test_forget_leaves_no_byte_of_the_keys_in_the_state_file_or_its_log(void **state)
{
	struct sl_versions all = {0};

	(void)state;
	assert_int_equal(sl_versions_load(&e.db, "tiny.persons", &all, NULL), SL_OK);
	assert_int_equal(all.n, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_true(state_holds(all.items[i].wrapped, all.items[i].nwrapped));
	assert_int_equal(forgotten(&old, SL_OK), 2);
	/* Not even the first bytes of one. */
	assert_false(state_holds(all.items[0].wrapped, 12));
	assert_false(state_holds(all.items[1].wrapped, 12));
	assert_true(state_holds(all.items[2].wrapped, all.items[2].nwrapped));
	assert_int_equal(world_number("SELECT count(*) FROM meta WHERE key='scrub'"), 0);
	assert_int_equal(world_number("SELECT count(*) FROM leaf WHERE instr(CAST(body AS TEXT), 'data.forgotten')"), 1);
	assert_int_equal(forgotten(&old, SL_E_NO), 0);
	sl_versions_free(&all);
}

/* Of 24 million bytes a cache's worth at a time: an enclave's state.db is larger than what memory there is. */
static void test_forget_needs_no_memory_for_a_copy_of_the_state_file(void **state)
{
	(void)state;
	assert_int_equal(sqlite3_exec(e.db.handle,
	                              "CREATE TABLE ballast (b BLOB); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
	                              "FROM n WHERE i < 6000) INSERT INTO ballast SELECT randomblob(4000) FROM n",
	                              NULL, NULL, NULL), SQLITE_OK);
	int64_t before = sqlite3_memory_used();
	(void)sqlite3_memory_highwater(1);
	assert_int_equal(forgotten(&old, SL_OK), 2);
	assert_in_range(sqlite3_memory_highwater(0) - before, 0, 8000000);
	assert_int_equal(scratch_run("ls -a enclave | grep etilqs"), 1);
}

/* Somebody reads: what is owed is owed on, and paid by whoever opens the enclave next. */
static void test_forget_while_somebody_reads_is_finished_by_the_next_command(void **state)
{
	struct sl_versions all = {0};
	struct sl_enclave reader, next;

	(void)state;
	assert_int_equal(sl_versions_load(&e.db, "tiny.persons", &all, NULL), SL_OK);
	assert_int_equal(sl_enclave_open("enclave", &reader, NULL), SL_OK);
	(void)sqlite3_busy_timeout(e.db.handle, 50);
	assert_int_equal(sqlite3_exec(reader.db.handle, "BEGIN; SELECT count(*) FROM version", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(forgotten(&old, SL_E_BUSY), 2);
	assert_int_equal(world_number("SELECT count(*) FROM meta WHERE key='scrub'"), 1);
	sl_enclave_close(&reader);
	assert_int_equal(sl_enclave_open("enclave", &next, NULL), SL_OK);
	assert_int_equal(world_number("SELECT count(*) FROM meta WHERE key='scrub'"), 0);
	sl_enclave_close(&next);
	assert_false(state_holds(all.items[0].wrapped, 12));
	sl_versions_free(&all);
}

static void test_forget_of_the_version_in_force_needs_all(void **state)
{
	struct sl_data_segment s;
	struct sl_version v = {0};
	char hex[65];

	(void)state;
	assert_int_equal(sl_version_in_force(&e.db, "tiny.persons", &v, NULL), SL_OK);
	sl_text_hex(v.id, 32, hex);
	const struct sl_data_forget in_force = {.table = "tiny.persons", .version = hex};
	assert_int_equal(forgotten(&in_force, SL_E_NO), 0);
	assert_int_equal(sl_data_segment_open(&e, "tiny.persons", &s, NULL), SL_OK);
	sl_data_segment_close(&s);
	const struct sl_data_forget all = {.table = "tiny.persons", .all = true};
	struct sl_err err = {0};
	assert_int_equal(forgotten(&all, SL_OK), 3);
	assert_int_equal(sl_data_segment_open(&e, "tiny.persons", &s, &err), SL_E_NO);
	assert_non_null(strstr(err.text, "forgotten"));
	sl_version_free(&v);
}

static void test_forget_of_one_version_by_the_first_digits_of_its_id(void **state)
{
	struct sl_versions all = {0};
	char hex[65], text[72];

	(void)state;
	assert_int_equal(sl_versions_load(&e.db, "tiny.persons", &all, NULL), SL_OK);
	sl_text_hex(all.items[1].id, 32, hex);
	(void)snprintf(text, sizeof text, "sha256:%.8s", hex);
	const struct sl_data_forget one = {.table = "tiny.persons", .version = text};
	assert_int_equal(forgotten(&one, SL_OK), 1);
	assert_int_equal(forgotten(&one, SL_E_NO), 0);
	assert_int_equal(world_number("SELECT forgotten>0 FROM version WHERE n=2"), 1);
	const struct sl_data_forget few = {.table = "tiny.persons", .version = "1234567"};
	assert_int_equal(forgotten(&few, SL_E_NO), 0);
	sl_versions_free(&all);
}

static void test_forget_of_what_has_no_versions_is_refused(void **state)
{
	static const struct sl_data_forget unknown = {.table = "tiny.nothing"}, reference = {.table = "tiny.codes"};
	const struct sl_actor nobody = {0};
	uint32_t n = 0;
	int lock = -1;

	(void)state;
	assert_int_equal(forgotten(&unknown, SL_E_NO), 0);
	assert_int_equal(forgotten(&reference, SL_E_NO), 0);
	assert_int_equal(sl_data_forget(&e, &nobody, &old, &n, NULL), SL_E_DENIED);
	assert_int_equal(sl_import_lock(&e, &lock, NULL), SL_OK);
	assert_int_equal(forgotten(&old, SL_E_BUSY), 0);
	close(lock);
}

/* As if it had been killed between the commit and the removal of a file. */
static void test_open_takes_away_a_segment_whose_key_is_destroyed(void **state)
{
	struct sl_enclave next;

	(void)state;
	world_sql("UPDATE version SET wrapped=zeroblob(0), forgotten=1 WHERE n=1; INSERT INTO meta VALUES('scrub','owed')");
	assert_int_equal(sl_enclave_open("enclave", &next, NULL), SL_OK);
	assert_non_null(strstr(next.repaired, "did not finish"));
	sl_enclave_close(&next);
	assert_int_equal(world_number("SELECT count(*) FROM meta WHERE key='scrub'"), 0);
	assert_int_equal(scratch_run("test $(ls enclave/vault/*.seg | wc -l) = 2"), 0);
}

#define WITH_VERSIONS(t) cmocka_unit_test_setup_teardown(t, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_VERSIONS(test_forget_leaves_no_byte_of_the_keys_in_the_state_file_or_its_log),
		WITH_VERSIONS(test_forget_needs_no_memory_for_a_copy_of_the_state_file),
		WITH_VERSIONS(test_forget_while_somebody_reads_is_finished_by_the_next_command),
		WITH_VERSIONS(test_forget_of_the_version_in_force_needs_all),
		WITH_VERSIONS(test_forget_of_one_version_by_the_first_digits_of_its_id),
		WITH_VERSIONS(test_forget_of_what_has_no_versions_is_refused),
		WITH_VERSIONS(test_open_takes_away_a_segment_whose_key_is_destroyed),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
