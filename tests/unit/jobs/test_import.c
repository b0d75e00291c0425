/* test_import.c - a data package comes in whole or not at all, from beneath its own folder, one at a time. */
#include "tests/unit/jobs/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/audit.h"
#include "jobs/data.h"
#include "jobs/import.h"

static struct sl_enclave e;
static const struct sl_actor operator_ = {.kind = SL_ACTOR_OPERATOR, .person = (char *)(uintptr_t)""};

/* The package: a reference table of codes, visits that use it, persons. path: of persons; mark: a title. */
static void write_package(const char *path, const char *mark)
{
	struct sl_buf b = {0};

	sl_buf_printf(
		&b,
		"{\"name\": \"tiny\", \"title\": \"%s\", \"resources\": [\n"
		"{\"name\": \"codes\", \"path\": \"codes.csv\", \"sluice\": {\"owner\": \"clinic\", \"class\": "
	        "\"open\", "
		"\"reference\": {\"key\": \"code\", \"label\": \"label\"}}, \"schema\": {\"fields\": [{\"name\": "
	        "\"code\", "
		"\"type\": \"string\"}, {\"name\": \"label\", \"type\": \"string\"}]}},\n"
		"{\"name\": \"persons\", \"path\": \"%s\", \"sluice\": {\"owner\": \"clinic\", \"class\": "
		"\"confidential\", \"unit\": {\"column\": \"id\", \"space\": \"person\"}}, \"schema\": {\"fields\": "
	        "[{\"name\": "
		"\"id\", \"type\": \"integer\", \"constraints\": {\"required\": true}}, {\"name\": \"code\", \"type\": "
		"\"string\", \"sluice\": {\"uses\": [\"group\"], \"domain\": \"tiny.codes\"}}]}}]}\n",
		mark, path);
	assert_int_equal(scratch_run("mkdir -p package"), 0);
	scratch_write("package/datapackage.json", b.data, b.len);
	sl_buf_free(&b);
	scratch_write("package/codes.csv", "code,label\na,first\nb,second\n", 27);
	scratch_write("package/persons.csv", "id,code\n1,a\n2,b\n3,a\n", 20);
}

static int opened(void **state)
{
	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK)
		return 1;
	write_package("persons.csv", "one");
	return 0;
}

static int closed(void **state)
{
	sl_enclave_close(&e);
	return world_remove(state);
}

static enum sl_rc import(const char *only, struct sl_err *err)
{
	int64_t leaves = world_number("SELECT count(*) FROM leaf"), versions = world_number("SELECT count(*) FROM version");
	struct sl_err own = {0};
	struct sl_err *told = err != NULL ? err : &own;
	enum sl_rc rc = sl_data_import(&e, &operator_, "package/datapackage.json", &only, only != NULL, NULL, told);

	assert_false(e.db.in_transaction);
	if (rc != SL_OK) {
		assert_true(told->text[0] != '\0');
		assert_int_equal(world_number("SELECT count(*) FROM leaf"), leaves);
		assert_int_equal(world_number("SELECT count(*) FROM version"), versions);
	}
	/* Every segment is a version's. */
	assert_int_equal(scratch_run("test $(ls enclave/vault/*.seg 2>/dev/null | wc -l) = %lld",
	                             (long long)world_number("SELECT count(*) FROM version")), 0);
	if (rc != SL_OK && err == NULL && getenv("SHOW") != NULL)
		(void)fprintf(stderr, "%s: %u: %s\n", own.file, own.line, own.text);
	return rc;
}

static void test_import_whole_is_one_leaf_and_reads_back(void **state)
{
	struct sl_data_segment s;

	(void)state;
	assert_int_equal(import(NULL, NULL), SL_OK);
	assert_int_equal(world_number("SELECT count(*) FROM leaf"), 2);
	assert_int_equal(world_number("SELECT units FROM space"), 3);
	assert_int_equal(sl_data_segment_open(&e, "tiny.persons", &s, NULL), SL_OK);
	assert_int_equal(s.rows, 3);
	sl_data_segment_close(&s);
	assert_int_equal(sl_data_segment_open(&e, "tiny.nothing", &s, NULL), SL_E_NO);
	assert_int_equal(scratch_run("for f in enclave/vault/*.seg; do echo >> $f; done"), 0);
	assert_int_equal(sl_data_segment_open(&e, "tiny.persons", &s, NULL), SL_E_INTEGRITY);
	assert_int_equal(scratch_run("rm enclave/vault/*.seg"), 0);
	assert_int_equal(sl_data_segment_open(&e, "tiny.persons", &s, NULL), SL_E_IO);
}

static void test_import_of_a_resource_that_is_no_plain_file_below_is_refused(void **state)
{
	(void)state;
	scratch_write("outside.csv", "id,code\n1,a\n", 12);
	assert_int_equal(scratch_run("rm package/persons.csv"), 0);
	assert_int_equal(import(NULL, NULL), SL_E_INPUT);
	assert_int_equal(symlink("../outside.csv", "package/persons.csv"), 0);
	assert_int_equal(import(NULL, NULL), SL_E_INPUT);
	assert_int_equal(unlink("package/persons.csv"), 0);
	assert_int_equal(symlink("codes.csv", "package/persons.csv"), 0);
	assert_int_equal(import(NULL, NULL), SL_E_INPUT);
	assert_int_equal(unlink("package/persons.csv"), 0);
	assert_int_equal(mkfifo("package/persons.csv", 0600), 0);
	assert_int_equal(import(NULL, NULL), SL_E_INPUT);
	assert_int_equal(unlink("package/persons.csv"), 0);
	assert_int_equal(mkdir("package/persons.csv", 0700), 0);
	assert_int_equal(import(NULL, NULL), SL_E_INPUT);
}

static void test_import_of_a_path_out_of_the_folder_is_refused(void **state)
{
	static const char *const paths[] = {"../outside.csv", "/etc/passwd", "link/outside.csv", "./persons.csv"};

	(void)state;
	scratch_write("outside.csv", "id,code\n1,a\n", 12);
	assert_int_equal(symlink("..", "package/link"), 0);
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		write_package(paths[i], "one");
		assert_int_equal(import(NULL, NULL), SL_E_INPUT);
	}
}

/* Told once 16 MiB were read: the last row is mended meanwhile, which leaves the length as it is. */
static void write_to_it(void *self, const char *table, const struct sl_load_progress *progress)
{
	FILE *f = *(const bool *)self ? fopen("package/persons.csv", "r+e") : NULL;

	(void)table, (void)progress;
	if (f == NULL)
		return;
	assert_int_equal(fseek(f, -2, SEEK_END), 0);
	assert_int_equal(fputc('b', f), 'b');
	assert_int_equal(fclose(f), 0);
}

static void test_import_of_a_text_that_is_written_to_meanwhile_is_refused(void **state)
{
	bool writes = true;
	const struct sl_data_watch watch = {.step = write_to_it, .self = &writes};
	struct sl_buf text = {0};
	struct sl_err err = {0};

	(void)state;
	sl_buf_text(&text, "id,code\n");
	for (uint32_t i = 0; text.len < 24u << 20; i++)
		sl_buf_text(&text, i % 2 == 0 ? "1000000000001,a\n" : "1000000000002,b\n");
	scratch_write("package/persons.csv", text.data, text.len);
	assert_int_equal(sl_data_import(&e, &operator_, "package/datapackage.json", NULL, 0, &watch, &err), SL_E_INPUT);
	if (strstr(err.text, "written to while it was read") == NULL)
		fail_msg("%s", err.text);
	assert_int_equal(world_number("SELECT count(*) FROM version"), 0);
	assert_int_equal(scratch_run("test -z \"$(ls enclave/vault/*.seg 2>/dev/null)\""), 0);
	assert_int_equal(scratch_run("test ! -s enclave/vault/person.units"), 0);
	writes = false;
	sl_err_clear(&err);
	assert_int_equal(sl_data_import(&e, &operator_, "package/datapackage.json", NULL, 0, &watch, &err), SL_OK);
	sl_buf_free(&text);
}

static void test_import_with_a_bad_row_names_its_line_and_keeps_nothing(void **state)
{
	struct sl_err err = {0};

	(void)state;
	scratch_write("package/persons.csv", "id,code\n1,a\n2,z\n3,a\n", 20);
	assert_int_equal(import(NULL, &err), SL_E_INPUT);
	assert_int_equal(err.line, 3);
	assert_int_equal(world_number("SELECT count(*) FROM reference"), 0);
	scratch_write("package/persons.csv", "id,code\n1,a\n2,b\n3,a\n", 20);
	assert_int_equal(import(NULL, NULL), SL_OK);
	assert_int_equal(world_number("SELECT units FROM space"), 3);
}

static void test_import_on_a_registry_that_is_not_what_was_sealed_is_refused(void **state)
{
	struct sl_err err = {0};

	(void)state;
	assert_int_equal(import(NULL, NULL), SL_OK);
	/* Two units change places: each hash is still a unit's. */
	assert_int_equal(scratch_run("cd enclave/vault && cp person.units kept && { dd bs=16 skip=1 count=1 if=kept; "
	                             "dd bs=16 count=1 if=kept; dd bs=16 skip=2 if=kept; } 2>/dev/null >person.units"), 0);
	assert_int_equal(import(NULL, &err), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, "unit registry of person"));
	assert_int_equal(scratch_run("cd enclave/vault && head -c 47 kept >person.units"), 0);
	assert_int_equal(import(NULL, NULL), SL_E_INTEGRITY);
	/* What lies behind the sealed part is left from an attempt that failed. */
	assert_int_equal(scratch_run("cd enclave/vault && cp kept person.units && echo more >>person.units && rm kept"), 0);
	assert_int_equal(import(NULL, NULL), SL_OK);
}

static void test_import_seals_a_registry_from_before_the_seal(void **state)
{
	(void)state;
	assert_int_equal(import(NULL, NULL), SL_OK);
	world_sql("UPDATE space SET sha256=NULL");
	assert_int_equal(import(NULL, NULL), SL_OK);
	assert_int_equal(world_number("SELECT count(*) FROM space WHERE length(sha256)=32"), 1);
}

static void test_import_by_an_actor_without_the_role_is_denied(void **state)
{
	const struct sl_actor nobody = {0};

	(void)state;
	assert_int_equal(sl_data_import(&e, &nobody, "package/datapackage.json", NULL, 0, NULL, NULL), SL_E_DENIED);
}

static void test_import_of_a_table_that_is_not_described_is_refused(void **state)
{
	(void)state;
	assert_int_equal(import("nothing", NULL), SL_E_INPUT);
}

static void test_import_while_another_runs_is_busy(void **state)
{
	struct sl_enclave other;
	struct sl_standing s;
	struct sl_import im;
	const struct sl_catalogue none = {0};

	(void)state;
	assert_int_equal(sl_standing_load(&e, &s, NULL), SL_OK);
	assert_int_equal(sl_import_begin(&im, &e, &s, &none, NULL), SL_OK);
	assert_int_equal(import(NULL, NULL), SL_E_BUSY);
	/* Who opens the enclave meanwhile takes nothing of the running one away. */
	assert_int_equal(scratch_run("touch enclave/vault/00112233445566778899aabbccddeeff.seg"), 0);
	assert_int_equal(sl_enclave_open("enclave", &other, NULL), SL_OK);
	sl_enclave_close(&other);
	assert_int_equal(unlink("enclave/vault/00112233445566778899aabbccddeeff.seg"), 0);
	sl_import_end(&im);
	assert_int_equal(import(NULL, NULL), SL_OK);
	sl_standing_free(&s);
}

static void test_import_of_some_tables_keeps_the_codes_of_the_others(void **state)
{
	struct sl_err err = {0};

	(void)state;
	assert_int_equal(import(NULL, NULL), SL_OK);
	assert_int_equal(import("codes", NULL), SL_OK);
	scratch_write("package/codes.csv", "code,label\nb,second\na,first\n", 27);
	assert_int_equal(import("codes", &err), SL_E_INPUT);
	assert_non_null(strstr(err.text, "tiny.persons"));
	assert_int_equal(import(NULL, NULL), SL_OK);
	write_package("persons.csv", "two");
	assert_int_equal(import("codes", NULL), SL_E_INPUT);
	assert_int_equal(import(NULL, NULL), SL_OK);
}

/* The codes have a rank besides. */
static void with_attributes(void)
{
	assert_int_equal(scratch_run("sed -i 's/\"label\", \"type\": \"string\"}/&, {\"name\": \"rank\", \"type\": "
	                             "\"integer\", \"sluice\": {\"uses\": [\"measure\"]}}/' package/datapackage.json"), 0);
	scratch_write("package/codes.csv", "code,label,rank\na,first,-7\nb,second,\n", 37);
}

static void test_import_of_a_reference_keeps_its_attributes(void **state)
{
	struct sl_standing s;
	struct sl_err err = {0};

	(void)state;
	with_attributes();
	assert_int_equal(import(NULL, NULL), SL_OK);
	assert_int_equal(sl_standing_load(&e, &s, NULL), SL_OK);
	assert_int_equal(s.reference[0].nrows, 2);
	assert_string_equal(s.reference[0].rows[1].label, "second");
	assert_int_equal(s.reference[0].rows[0].ncells, 1);
	assert_int_equal(s.reference[0].rows[0].cells[0].value, -7);
	assert_int_equal(s.reference[0].rows[0].cells[0].missing, 0);
	assert_int_equal(s.reference[0].rows[1].cells[0].missing, 1);
	sl_standing_free(&s);
	world_sql("UPDATE reference SET cells=x'0001'");
	assert_int_equal(sl_standing_load(&e, &s, &err), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, "reference table is damaged"));
}

/* An attribute's code means what the catalogue says that it was loaded under. */
static void test_import_under_another_catalogue_takes_references_with_attributes_along(void **state)
{
	struct sl_err err = {0};

	(void)state;
	with_attributes();
	assert_int_equal(import(NULL, NULL), SL_OK);
	write_package("persons.csv", "two");
	with_attributes();
	assert_int_equal(import("persons", &err), SL_E_INPUT);
	assert_non_null(strstr(err.text, "tiny.codes was loaded under another catalogue"));
	assert_int_equal(import(NULL, NULL), SL_OK);
	assert_int_equal(import("persons", NULL), SL_OK);
}

#define WITH_PACKAGE(t) cmocka_unit_test_setup_teardown(t, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PACKAGE(test_import_whole_is_one_leaf_and_reads_back),
		WITH_PACKAGE(test_import_of_a_resource_that_is_no_plain_file_below_is_refused),
		WITH_PACKAGE(test_import_of_a_path_out_of_the_folder_is_refused),
		WITH_PACKAGE(test_import_of_a_text_that_is_written_to_meanwhile_is_refused),
		WITH_PACKAGE(test_import_with_a_bad_row_names_its_line_and_keeps_nothing),
		WITH_PACKAGE(test_import_on_a_registry_that_is_not_what_was_sealed_is_refused),
		WITH_PACKAGE(test_import_seals_a_registry_from_before_the_seal),
		WITH_PACKAGE(test_import_by_an_actor_without_the_role_is_denied),
		WITH_PACKAGE(test_import_of_a_table_that_is_not_described_is_refused),
		WITH_PACKAGE(test_import_while_another_runs_is_busy),
		WITH_PACKAGE(test_import_of_some_tables_keeps_the_codes_of_the_others),
		WITH_PACKAGE(test_import_of_a_reference_keeps_its_attributes),
		WITH_PACKAGE(test_import_under_another_catalogue_takes_references_with_attributes_along),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
