/* older.c - see older.h. */
#include "jobs/older.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "jobs/store/db.h"

/*
 * What is written anew, and what is overwritten, stand in the log with a frame around each page, and the first in the
 * file besides: measured of publications alone, 3.01 times what the file had. On a busy machine 700 MB take a minute.
 */
#define ROOM_OF(bytes) ((bytes) * 3 + (bytes) / 16)
#define BYTES_A_MINUTE (UINT64_C(700) << 20)
#define MOMENT_BYTES (UINT64_C(50) << 20)

bool sl_older_look(const char *dir, struct sl_older *out)
{
	struct statvfs disk;
	struct stat file;
	char *path = NULL;

	*out = (struct sl_older){ 0 };
	if (asprintf(&path, "%s/state.db", dir) < 0)
		return false;
	bool older = sl_db_is_older(path, &out->from, &out->to) && stat(path, &file) == 0 && statvfs(path, &disk) == 0;
	free(path);
	if (!older)
		return false;
	out->bytes = (uint64_t)file.st_size;
	out->room = ROOM_OF(out->bytes);
	out->free = (uint64_t)disk.f_bavail * disk.f_frsize;
	if (out->bytes > MOMENT_BYTES)
		out->minutes = (uint32_t)((out->bytes + BYTES_A_MINUTE - 1) / BYTES_A_MINUTE);
	return true;
}
