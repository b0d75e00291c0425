/*
 * held.h - rows kept in memory, list by list, to be searched there for order statistics. Used by bracket.c and sides.c,
 * which fill them, and by sample.c and order.c.
 *
 * A list is what lies inside of one bracket: of one cell, in one thread. Of a row its value is kept, and a byte of
 * marks. Lists of a thread take blocks from a store that they share, so that what all of them take is known before,
 * whatever each of them needs.
 */
#ifndef SL_ENGINE_HELD_H
#define SL_ENGINE_HELD_H

#include "enclave/engine/compute.h"
#include "enclave/pact/result.h"

#define SL_HELD_BLOCK_ROWS 256u
#define SL_HELD_STEP_ROWS 16u /* written at once, over the end of a block that had room for one */
#define SL_HELD_ROOM_ROWS (SL_HELD_BLOCK_ROWS + 64u) /* rows are read by words' bits */

/* Marks of a row: it is its unit's first in the list; that unit has been counted below what is looked for, or above. */
enum { SL_HELD_BELOW = 1, SL_HELD_ABOVE = 2, SL_HELD_FIRST = 4 };

/* Values from -SL_HELD_NEAR on and below it are kept in 32 bits where all of them are such. */
#define SL_HELD_NEAR (INT64_C(1) << 30)

/* Where a list's next row goes; none does before it has been turned to a block. */
struct sl_held_end {
	uint32_t at, full;       /* at >= full: there is room for no more */
};

struct sl_held_block {
	uint32_t rows, next;     /* of a list that was ended, in the order they came; next 0: the last one */
};

/* One thread's. Blocks count from 1; block 0 takes what there is no room for. */
struct sl_held {
	void *values;            /* int32_t where near, else int64_t */
	uint8_t *marks;
	struct sl_held_block *blocks;
	uint32_t *first;         /* [list]: its first block; 0: it has none */
	uint32_t nlists, nblocks, used;
	bool near;
	bool overran;            /* there were more rows than room, or one that is not near: nothing of it is of use */
};

/* sl_held_bytes - memory of a store; sl_held_blocks_max - no store has more blocks. */
uint64_t sl_held_bytes(uint32_t nlists, uint64_t nblocks, bool near);
#define SL_HELD_BLOCKS_MAX (UINT32_MAX / SL_HELD_ROOM_ROWS - 2)

/* sl_held_init - lists without a row. SL_E_NOMEM; sl_held_fini also after failure, wipes, accepts a zeroed one. */
SL_MUST_CHECK enum sl_rc sl_held_init(struct sl_held *h, uint32_t nlists, uint32_t nblocks, bool near,
                                      struct sl_err *err);
void sl_held_fini(struct sl_held *h);

/* sl_held_wipe - n stores, on all threads: they are empty then. */
void sl_held_wipe(struct sl_held *stores, uint32_t n);

/* sl_held_turn - a list whose end has no room: to its next block. sl_held_end - after its last row. */
void sl_held_turn(struct sl_held *h, uint32_t list, struct sl_held_end *end);
void sl_held_end(struct sl_held *h, const struct sl_held_end *end);

/* The lists of one bracket in all threads, ended. Borrowed. */
struct sl_held_lists {
	const struct sl_held *stores; /* of thread `lane`: stores[lane * lane_step] */
	uint32_t nlanes, lane_step, list;
};

/* sl_held_rows - how many. sl_held_span - all their values lie in *least … *most; 0 … 0 of none. */
uint64_t sl_held_rows(const struct sl_held_lists *in);
void sl_held_span(const struct sl_held_lists *in, int64_t *least, int64_t *most);

/* Rows counted by the leading digit of their offset from the least value. */
#define SL_HELD_DIGIT_BITS 11
struct sl_held_counts {
	int64_t least;
	uint8_t shift, width;
	uint32_t of[1u << SL_HELD_DIGIT_BITS];
};

/* sl_held_count - values lie in least … most; others are left out, as they are by sl_held_find. */
void sl_held_count(const struct sl_held_lists *in, int64_t least, int64_t most, struct sl_held_counts *counts);

/* Between which two values one lies, and how many rows lie below and there. */
struct sl_held_place {
	int64_t least, most;
	uint64_t below, here;
};

/* sl_held_group - rows that were counted, to out[0 … how many), by that digit, so that some can be found quickly. */
void sl_held_group(const struct sl_held_lists *in, const struct sl_held_counts *counts, int64_t *out);

/*
 * sl_held_find - the rank-th smallest value, 1 … rows, of lists that were counted: between two with no more than
 * `beside` rows there; 0: where it is. grouped: by sl_held_group, or NULL.
 */
struct sl_held_place sl_held_find(const struct sl_held_lists *in, const struct sl_held_counts *counts,
                                  const int64_t *grouped, uint64_t rank, uint64_t beside);

/* sl_held_beside - into *out: units below, at and above `value` that were not counted yet. */
void sl_held_beside(const struct sl_held_lists *in, int64_t value, struct sl_quantile *out);

/* How far units are from having their share of rows below a value. */
struct sl_held_share {
	uint64_t units;
	unsigned __int128 squares; /* of each: its rows below less its share, in ten-thousandths */
};

/* sl_held_shares - of n values; shares of p[] ten-thousandths. A unit of very many rows counts for less than it is. */
void sl_held_shares(const struct sl_held_lists *in, uint32_t n, const int64_t *values, const uint32_t *p,
                    struct sl_held_share *out);

#endif
