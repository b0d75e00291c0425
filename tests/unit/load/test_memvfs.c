/* test_memvfs.c - what SQLite could ask of its files, and does not get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "enclave/load/memvfs.h"

static sqlite3_vfs *vfs;
static sqlite3_file *file;

static int start(void **state)
{
	(void)state;
	if (sl_memvfs_register(NULL) != SL_OK)
		return -1;
	vfs = sqlite3_vfs_find(SL_MEMVFS_NAME);
	file = calloc(1, (size_t)vfs->szOsFile);
	return vfs != NULL && file != NULL ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	free(file);
	return 0;
}

static int open_as(const char *name, int kind)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | kind;

	return vfs->xOpen(vfs, name, file, flags, &flags) == SQLITE_OK ? flags : -1;
}

static void test_memvfs_opens_database_and_log_alone(void **state)
{
	static const int others[] = { SQLITE_OPEN_TEMP_DB, SQLITE_OPEN_TRANSIENT_DB, SQLITE_OPEN_MAIN_JOURNAL,
		SQLITE_OPEN_TEMP_JOURNAL, SQLITE_OPEN_SUBJOURNAL, SQLITE_OPEN_SUPER_JOURNAL };

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_int_equal(open_as(SL_MEMVFS_DATABASE, others[i]), -1);
	assert_int_equal(open_as(NULL, SQLITE_OPEN_MAIN_DB), -1);
	assert_int_equal(open_as(SL_MEMVFS_DATABASE, SQLITE_OPEN_MAIN_DB), SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY);
	assert_int_equal(open_as(SL_MEMVFS_DATABASE, SQLITE_OPEN_WAL), SQLITE_OPEN_WAL | SQLITE_OPEN_READONLY);
}

static void test_memvfs_reads_and_never_writes(void **state)
{
	static const char image[] = "0123456789";
	sqlite3_int64 size = 0;
	char out[8];
	int reserved = 1;

	(void)state;
	sl_memvfs_serve(image, 10, NULL, 0);
	assert_int_not_equal(open_as(SL_MEMVFS_DATABASE, SQLITE_OPEN_MAIN_DB), -1);
	const sqlite3_io_methods *m = file->pMethods;
	assert_int_equal(m->xRead(file, out, 8, 1), SQLITE_OK);
	assert_memory_equal(out, "12345678", 8);
	assert_int_equal(m->xRead(file, out, 8, 6), SQLITE_IOERR_SHORT_READ);
	assert_memory_equal(out, "6789\0\0\0\0", 8);
	assert_int_equal(m->xRead(file, out, 8, 1000), SQLITE_IOERR_SHORT_READ);
	assert_int_equal(m->xRead(file, out, 8, -1), SQLITE_IOERR_SHORT_READ);
	assert_int_equal(m->xWrite(file, "x", 1, 0), SQLITE_READONLY);
	assert_int_equal(m->xTruncate(file, 0), SQLITE_READONLY);
	assert_int_equal(m->xSync(file, 0), SQLITE_OK);
	assert_int_equal(m->xFileSize(file, &size), SQLITE_OK);
	assert_int_equal(size, 10);
	assert_int_equal(m->xCheckReservedLock(file, &reserved), SQLITE_OK);
	assert_int_equal(reserved, 0);
	assert_int_equal(m->xFileControl(file, SQLITE_FCNTL_PERSIST_WAL, NULL), SQLITE_NOTFOUND);
	assert_int_equal(m->xDeviceCharacteristics(file) & SQLITE_IOCAP_IMMUTABLE, 0);
	assert_int_equal(m->xClose(file), SQLITE_OK);
}

static void test_memvfs_knows_no_name_clock_chance_or_library(void **state)
{
	char out[16] = "xxxxxxxx";
	double now = 0;
	int there = 1;

	(void)state;
	sl_memvfs_serve("x", 1, NULL, 0);
	assert_int_equal(vfs->xAccess(vfs, "source-wal", SQLITE_ACCESS_EXISTS, &there), SQLITE_OK);
	assert_int_equal(there, 0);
	sl_memvfs_serve("x", 1, "y", 1);
	assert_int_equal(vfs->xAccess(vfs, "source-wal", SQLITE_ACCESS_EXISTS, &there), SQLITE_OK);
	assert_int_equal(there, 1);
	assert_int_equal(vfs->xAccess(vfs, "source-journal", SQLITE_ACCESS_EXISTS, &there), SQLITE_OK);
	assert_int_equal(there, 0);
	assert_int_equal(vfs->xAccess(vfs, "source-wal", SQLITE_ACCESS_READWRITE, &there), SQLITE_OK);
	assert_int_equal(there, 0);
	assert_int_equal(vfs->xDelete(vfs, "source-wal", 0), SQLITE_IOERR_DELETE);
	assert_int_equal(vfs->xFullPathname(vfs, "../etc", 16, out), SQLITE_OK);
	assert_string_equal(out, "../etc");
	assert_int_equal(vfs->xFullPathname(vfs, "0123456789abcdef", 16, out), SQLITE_CANTOPEN);
	assert_null(vfs->xDlOpen(vfs, "x.so"));
	assert_null(vfs->xDlSym(vfs, NULL, "x"));
	vfs->xDlError(vfs, sizeof out, out);
	vfs->xDlClose(vfs, NULL);
	assert_int_equal(vfs->xRandomness(vfs, 8, out), 8);
	assert_memory_equal(out, "\0\0\0\0\0\0\0\0", 8);
	assert_int_equal(vfs->xSleep(vfs, 5), 0);
	assert_int_equal(vfs->xCurrentTime(vfs, &now), SQLITE_OK);
	assert_true(now > 2440587 && now < 2440588);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memvfs_opens_database_and_log_alone),
		cmocka_unit_test(test_memvfs_reads_and_never_writes),
		cmocka_unit_test(test_memvfs_knows_no_name_clock_chance_or_library),
	};

	return cmocka_run_group_tests_name("memory files of SQLite", tests, start, stop);
}
