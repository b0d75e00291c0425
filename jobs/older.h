/*
 * older.h - a state.db of an earlier version of Sluice, before it is brought to this one: what that takes. The first
 * command after an update does it, and its user waits.
 */
#ifndef SL_JOBS_OLDER_H
#define SL_JOBS_OLDER_H

#include <stdbool.h>
#include <stdint.h>

struct sl_older {
	int64_t from, to;   /* versions */
	uint64_t bytes;     /* that state.db has */
	uint64_t room;      /* that it may take besides, at most, while it is done; most of a third of that for good */
	uint64_t free;      /* on its disk */
	uint32_t minutes;   /* about, at most; 0: a moment */
};

/* sl_older_look - false: it is of this version, or cannot be read, which whoever opens it is told. */
bool sl_older_look(const char *dir, struct sl_older *out);

#endif
