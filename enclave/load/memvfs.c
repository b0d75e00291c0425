/* memvfs.c - see memvfs.h. */
#include "enclave/load/memvfs.h"

#include <sqlite3.h>
#include <string.h>

struct image {
	const uint8_t *data;
	size_t bytes;
};

struct memory_file {
	sqlite3_file base;
	const struct image *image;
};

static struct image database, write_ahead_log;

static int close_file(sqlite3_file *file)
{
	(void)file;
	return SQLITE_OK;
}

/* Bytes behind the end read as zero, and SQLite is told so. */
static int read_file(sqlite3_file *file, void *out, int amount, sqlite3_int64 offset)
{
	const struct image *image = ((struct memory_file *)file)->image;
	size_t want = (size_t)amount, have = 0;

	if (offset >= 0 && (uint64_t)offset < image->bytes)
		have = image->bytes - (size_t)offset;
	if (have > want)
		have = want;
	if (have > 0)
		memcpy(out, image->data + offset, have);
	memset((char *)out + have, 0, want - have);
	return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int write_file(sqlite3_file *file, const void *data, int amount, sqlite3_int64 offset)
{
	(void)file, (void)data, (void)amount, (void)offset;
	return SQLITE_READONLY;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
	(void)file, (void)size;
	return SQLITE_READONLY;
}

static int sync_file(sqlite3_file *file, int flags)
{
	(void)file, (void)flags;
	return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)((struct memory_file *)file)->image->bytes;
	return SQLITE_OK;
}

/* Nobody else sees this memory. */
static int lock_file(sqlite3_file *file, int level)
{
	(void)file, (void)level;
	return SQLITE_OK;
}

static int check_reserved(sqlite3_file *file, int *out)
{
	(void)file;
	*out = 0;
	return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
	(void)file, (void)op, (void)arg;
	return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *file)
{
	(void)file;
	return 4096;
}

/* Not SQLITE_IOCAP_IMMUTABLE: that would make SQLite pass over the log and give stale rows. */
static int characteristics(sqlite3_file *file)
{
	(void)file;
	return 0;
}

/* Version 1 has no shared memory: the index of the log then lives on the heap (locking_mode EXCLUSIVE). */
static const sqlite3_io_methods methods = {
	.iVersion = 1, .xClose = close_file, .xRead = read_file, .xWrite = write_file, .xTruncate = truncate_file,
	.xSync = sync_file, .xFileSize = file_size, .xLock = lock_file, .xUnlock = lock_file,
	.xCheckReservedLock = check_reserved, .xFileControl = file_control, .xSectorSize = sector_size,
	.xDeviceCharacteristics = characteristics,
};

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out_flags)
{
	struct memory_file *self = (struct memory_file *)file;

	(void)vfs;
	file->pMethods = NULL;
	if (name == NULL || (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
		return SQLITE_CANTOPEN;
	self->image = flags & SQLITE_OPEN_WAL ? &write_ahead_log : &database;
	self->base.pMethods = &methods;
	if (out_flags != NULL)
		*out_flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
	return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs, (void)name, (void)sync;
	return SQLITE_IOERR_DELETE;
}

static int access_file(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	size_t n = strlen(name);

	(void)vfs;
	*out = flags == SQLITE_ACCESS_READWRITE ? 0 : n >= 4 && strcmp(name + n - 4, "-wal") == 0 && write_ahead_log.bytes > 0;
	return SQLITE_OK;
}

static int full_path(sqlite3_vfs *vfs, const char *name, int cap, char *out)
{
	size_t n = strlen(name);

	(void)vfs;
	if (n >= (size_t)cap)
		return SQLITE_CANTOPEN;
	memcpy(out, name, n + 1);
	return SQLITE_OK;
}

static void *no_library(sqlite3_vfs *vfs, const char *name)
{
	(void)vfs, (void)name;
	return NULL;
}

static void no_library_error(sqlite3_vfs *vfs, int cap, char *out)
{
	(void)vfs;
	sqlite3_snprintf(cap, out, "there are no libraries here");
}

static void (*no_symbol(sqlite3_vfs *vfs, void *library, const char *name))(void)
{
	(void)vfs, (void)library, (void)name;
	return NULL;
}

static void no_close(sqlite3_vfs *vfs, void *library)
{
	(void)vfs, (void)library;
}

/* Nothing that is read here needs chance or time. */
static int no_chance(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	memset(out, 0, (size_t)n);
	return n;
}

static int no_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs, (void)microseconds;
	return 0;
}

static int no_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 2440587.5; /* the Julian day of 1970-01-01 */
	return SQLITE_OK;
}

static int no_last_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs, (void)n, (void)out;
	return 0;
}

enum sl_rc sl_memvfs_register(struct sl_err *err)
{
	static sqlite3_vfs vfs = {
		.iVersion = 1, .szOsFile = sizeof(struct memory_file), .mxPathname = 64, .zName = SL_MEMVFS_NAME,
		.xOpen = open_file, .xDelete = delete_file, .xAccess = access_file, .xFullPathname = full_path,
		.xDlOpen = no_library, .xDlError = no_library_error, .xDlSym = no_symbol, .xDlClose = no_close,
		.xRandomness = no_chance, .xSleep = no_sleep, .xCurrentTime = no_time, .xGetLastError = no_last_error,
	};

	/* As default too, so that nothing asks the system's own. */
	if (sqlite3_initialize() != SQLITE_OK || sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
		return sl_err_set(err, SL_E_BUG, "SQLite does not start");
	return SL_OK;
}

void sl_memvfs_serve(const void *db, size_t db_bytes, const void *wal, size_t wal_bytes)
{
	database = (struct image){ db, db_bytes };
	write_ahead_log = (struct image){ wal, wal != NULL ? wal_bytes : 0 };
}
