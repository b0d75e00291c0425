/*
 * snapshot.h - the bytes of an SQLite file at one moment, copied under SQLite's own locks and parsed by nobody here.
 */
#ifndef SL_JOBS_SNAPSHOT_H
#define SL_JOBS_SNAPSHOT_H

#include <stdint.h>

#include "enclave/base/err.h"

struct sl_snapshot {
	int db;   /* sealed memory, at offset 0 */
	int wal;  /* its write-ahead log, or -1 */
};

/*
 * sl_snapshot_take - copy path (and path-wal) while no writer can change them.
 *   bytes_max  in  of both together: the copy takes memory, and a file of holes may be as long as it likes
 * Fails: SL_E_BUSY (somebody writes), SL_E_INPUT (not a regular file; an unfinished transaction lies beside it),
 * SL_E_LIMIT (longer than bytes_max), SL_E_IO.
 */
SL_MUST_CHECK enum sl_rc sl_snapshot_take(const char *path, uint64_t bytes_max, struct sl_snapshot *out,
                                          struct sl_err *err);
void sl_snapshot_close(struct sl_snapshot *s);

#endif
