/*
 * test_tar.c - the archive is what tar reads back, the same each time, and holds no other kinds of files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ui-cli/tar.h"

static char folder[64];

static void write_file(const char *name, const char *text)
{
	char path[192];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int make_folder(void **state)
{
	char path[192];

	(void)state;
	snprintf(folder, sizeof folder, "/tmp/sluice-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/data", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	write_file("data/t.csv", "age,n\n0-39,12\n");
	write_file("VERIFY.txt", "");
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	sl_tar_remove(folder);
	return access(folder, F_OK) == 0;
}

static void test_tar_is_read_back_by_tar(void **state)
{
	char command[512], line[64];
	struct sl_err err = {0};
	char *expected[] = {"L-1/\n", "L-1/VERIFY.txt\n", "L-1/data/\n", "L-1/data/t.csv\n", "age,n\n", "0-39,12\n"};
	FILE *f;

	(void)state;
	snprintf(command, sizeof command, "%s.tar", folder);
	f = fopen(command, "w");
	assert_non_null(f);
	assert_int_equal(sl_tar_write(folder, "L-1", f, &err), SL_OK);
	assert_int_equal(ftell(f) % 512, 0);
	fclose(f);
	snprintf(command, sizeof command, "tar -tf %s.tar; tar -xOf %s.tar L-1/data/t.csv; rm %s.tar", folder, folder, folder);
	f = popen(command, "r");
	assert_non_null(f);
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		assert_non_null(fgets(line, sizeof line, f));
		assert_string_equal(line, expected[i]);
	}
	assert_null(fgets(line, sizeof line, f));
	assert_int_equal(pclose(f), 0);
}

static void test_tar_link_is_refused(void **state)
{
	struct sl_err err = {0};
	char path[192];
	FILE *f = fopen("/dev/null", "w");

	(void)state;
	snprintf(path, sizeof path, "%s/link", folder);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(sl_tar_write(folder, "L-1", f, &err), SL_E_INPUT);
	fclose(f);
}

static void test_tar_long_name_is_refused(void **state)
{
	struct sl_err err = {0};
	char name[128];
	FILE *f = fopen("/dev/null", "w");

	(void)state;
	memset(name, 'a', 98);
	name[98] = 0;
	write_file(name, "x");
	assert_int_equal(sl_tar_write(folder, "L-1", f, &err), SL_E_INPUT);
	fclose(f);
}

static void test_tar_disk_full_is_told(void **state)
{
	struct sl_err err = {0};
	FILE *f = fopen("/dev/full", "w");

	(void)state;
	if (!f)
		skip();
	setvbuf(f, NULL, _IONBF, 0);
	assert_int_equal(sl_tar_write(folder, "L-1", f, &err), SL_E_IO);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tar_is_read_back_by_tar, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_tar_link_is_refused, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_tar_long_name_is_refused, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_tar_disk_full_is_told, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
