/*
 * presence.h - how many units have a row, one that is kept, one that is left out: population, complement and partly
 * follow from these. Used by tally.c.
 *
 * Rows are looked at 64 at a time, a bit each: a unit is a stretch of bits, and whether it has a row of a kind is what
 * an addition carries to its last one.
 */
#ifndef SL_ENGINE_PRESENCE_H
#define SL_ENGINE_PRESENCE_H

#include "enclave/engine/batch.h"

/* Units counted are those whose last row was met; the unit of the last row so far may go on. */
struct sl_presence {
	uint64_t present, kept, left_out;
	int64_t unit;                      /* of the last row so far; -1: there was none */
	bool has_kept, has_left_out;       /* of that unit, so far */
};

void sl_presence_init(struct sl_presence *p);

/*
 * sl_presence_add - a batch of units of at most 32 bits; marks as sl_row_mark, NULL: all rows are kept, or none when
 * batch->none_kept.
 */
void sl_presence_add(struct sl_presence *p, const struct sl_batch *batch, const uint8_t *marks);

/* sl_presence_end - the last unit is counted too. More may not be added. */
void sl_presence_end(struct sl_presence *p);

#endif
