/*
 * memvfs.h - the two files SQLite may see: a database and its write-ahead log, both in memory, both read-only.
 *
 * Knows no name, no path, no clock and no system call. One database at a time in a process.
 */
#ifndef SL_LOAD_MEMVFS_H
#define SL_LOAD_MEMVFS_H

#include "enclave/base/err.h"

#define SL_MEMVFS_NAME "sluice-memory"
#define SL_MEMVFS_DATABASE "source"

/* sl_memvfs_register - make SL_MEMVFS_NAME known to SQLite; before lock-down, again is fine. SL_E_BUG. */
SL_MUST_CHECK enum sl_rc sl_memvfs_register(struct sl_err *err);

/* sl_memvfs_serve - what opens of SL_MEMVFS_DATABASE see from now on; borrowed. wal NULL: there is none. */
void sl_memvfs_serve(const void *db, size_t db_bytes, const void *wal, size_t wal_bytes);

#endif
