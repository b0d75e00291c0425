/*
 * changes.h - how many units have other rows than in an earlier version: rows of a unit compared as a multiset, by sums
 * of keyed hashes, so that a unit of any number of rows takes no memory.
 */
#ifndef SL_LOAD_CHANGES_H
#define SL_LOAD_CHANGES_H

#include "enclave/load/layout.h"

struct sl_changes {
	uint32_t row_bytes;
	bool keeps_old;            /* the old rows stay: a unit is changed when it gets a row */
	uint64_t key[2];           /* random: nobody can make different rows meet */
	uint64_t changed, added, removed;
	/* the unit whose rows come now */
	bool any, odd;
	uint32_t unit;
	uint64_t rows[2], sum[2][2]; /* old, new */
};

void sl_changes_init(struct sl_changes *c, uint32_t row_bytes, bool keeps_old, const uint64_t key[static 2]);

/* sl_changes_row - rows come by unit, old and new in any order within it. odd: an old row that equals no new one. */
void sl_changes_row(struct sl_changes *c, bool is_new, bool odd, const uint8_t *row);
/* sl_changes_end - after the last row; the counts are then right. */
void sl_changes_end(struct sl_changes *c);

#endif
