/* held.c - see held.h. */
#include "enclave/engine/held.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/confine/crew.h"
#include "enclave/engine/stretches.h"

static size_t value_bytes(bool near)
{
	return near ? sizeof(int32_t) : sizeof(int64_t);
}

uint64_t sl_held_bytes(uint32_t nlists, uint64_t nblocks, bool near)
{
	return (nblocks + 1) * (SL_HELD_ROOM_ROWS * (value_bytes(near) + 1) + sizeof(struct sl_held_block)) +
	       nlists * sizeof(uint32_t);
}

enum sl_rc sl_held_init(struct sl_held *h, uint32_t nlists, uint32_t nblocks, bool near, struct sl_err *err)
{
	size_t rows = (nblocks + (size_t)1) * SL_HELD_ROOM_ROWS;

	*h = (struct sl_held){ .nlists = nlists, .nblocks = nblocks, .near = near };
	h->values = malloc(rows * value_bytes(near));
	h->marks = malloc(rows);
	h->blocks = malloc((nblocks + (size_t)1) * sizeof *h->blocks);
	h->first = calloc(nlists + (size_t)1, sizeof *h->first);
	if (h->values != NULL && h->marks != NULL && h->blocks != NULL && h->first != NULL)
		return SL_OK;
	return sl_err_set(err, SL_E_NOMEM, "out of memory to hold rows of %u lists", nlists);
}

/* Block 0 is written when others are full, and before there is one. */
static void wipe(struct sl_held *h)
{
	size_t rows = (h->used + (size_t)1) * SL_HELD_ROOM_ROWS;

	if (h->values != NULL)
		explicit_bzero(h->values, rows * value_bytes(h->near));
	if (h->marks != NULL)
		explicit_bzero(h->marks, rows);
	if (h->first != NULL)
		memset(h->first, 0, h->nlists * sizeof *h->first);
	h->used = 0;
}

void sl_held_fini(struct sl_held *h)
{
	if (h->used > 0 || h->overran)
		wipe(h);
	free(h->values);
	free(h->marks);
	free(h->blocks);
	free(h->first);
	memset(h, 0, sizeof *h);
}

struct wiping {
	struct sl_held *stores;
	uint32_t n;
};

static void wipe_some(void *arg, uint32_t lane)
{
	const struct wiping *w = arg;

	for (uint32_t i = lane; i < w->n; i += sl_crew_size())
		if (w->stores[i].used > 0)
			wipe(&w->stores[i]);
}

void sl_held_wipe(struct sl_held *stores, uint32_t n)
{
	struct wiping wiping = { stores, n };

	sl_crew_run(wipe_some, &wiping);
}

static uint32_t block_of(const struct sl_held_end *end)
{
	return (end->full - SL_HELD_BLOCK_ROWS) / SL_HELD_ROOM_ROWS;
}

void sl_held_end(struct sl_held *h, const struct sl_held_end *end)
{
	if (end->full == 0 || block_of(end) == 0)
		return;
	h->blocks[block_of(end)].rows = end->at - block_of(end) * SL_HELD_ROOM_ROWS;
	h->blocks[block_of(end)].next = 0;
}

void sl_held_turn(struct sl_held *h, uint32_t list, struct sl_held_end *end)
{
	uint32_t block = 0;

	sl_held_end(h, end);
	if (h->used < h->nblocks) {
		block = ++h->used;
		if (h->first[list] == 0)
			h->first[list] = block;
		else if (block_of(end) > 0)
			h->blocks[block_of(end)].next = block;
	} else {
		h->overran = true;
	}
	end->at = block * SL_HELD_ROOM_ROWS;
	end->full = end->at + SL_HELD_BLOCK_ROWS;
}

#define FETCH_LINES 8u

/* A walk through lists: block after block of thread after thread. */
struct walk {
	const struct sl_held_lists *in;
	uint32_t lane, block;
	/* the present block */
	const struct sl_held *store;
	const uint8_t *marks;
	size_t from;
	uint32_t rows;
};

static struct walk walk_in(const struct sl_held_lists *in)
{
	return (struct walk){ .in = in };
}

/* Blocks of a list lie anywhere, so that where the next one begins cannot be guessed from this one. */
static void fetch(const struct sl_held *h, uint32_t block)
{
	const char *values = (const char *)h->values + (size_t)block * SL_HELD_ROOM_ROWS * value_bytes(h->near);

	for (uint32_t line = 0; line < FETCH_LINES; line++)
		__builtin_prefetch(values + (size_t)line * 64);
	__builtin_prefetch(h->marks + (size_t)block * SL_HELD_ROOM_ROWS);
}

static bool walk_on(struct walk *w)
{
	while (w->block == 0) {
		if (w->lane == w->in->nlanes)
			return false;
		w->store = &w->in->stores[(size_t)w->lane++ * w->in->lane_step];
		w->block = w->store->first[w->in->list];
	}
	w->from = (size_t)w->block * SL_HELD_ROOM_ROWS;
	w->marks = w->store->marks + w->from;
	w->rows = w->store->blocks[w->block].rows;
	w->block = w->store->blocks[w->block].next;
	fetch(w->store, w->block);
	return true;
}

/* What is given for the present block's values, of either type, as `v`; with them as `own`, offsets as `apart`. */
#define FOR_VALUES(w, v, ...) \
	do { \
		if ((w)->store->near) { \
			typedef int32_t own; \
			typedef uint32_t apart; \
			const own *v = (const own *)(w)->store->values + (w)->from; \
			__VA_ARGS__ \
			(void)(apart)0; \
		} else { \
			typedef int64_t own; \
			typedef uint64_t apart; \
			const own *v = (const own *)(w)->store->values + (w)->from; \
			__VA_ARGS__ \
			(void)(apart)0; \
		} \
	} while (0)

uint64_t sl_held_rows(const struct sl_held_lists *in)
{
	uint64_t rows = 0;

	for (uint32_t lane = 0; lane < in->nlanes; lane++) { /* no walk: values are not looked at */
		const struct sl_held *h = &in->stores[(size_t)lane * in->lane_step];
		for (uint32_t block = h->first[in->list]; block != 0; block = h->blocks[block].next)
			rows += h->blocks[block].rows;
	}
	return rows;
}

void sl_held_span(const struct sl_held_lists *in, int64_t *least, int64_t *most)
{
	*least = INT64_MAX;
	*most = INT64_MIN;
	for (struct walk w = walk_in(in); walk_on(&w);)
		FOR_VALUES(&w, v, for (uint32_t i = 0; i < w.rows; i++) {
			*least = v[i] < *least ? v[i] : *least;
			*most = v[i] > *most ? v[i] : *most;
		});
	if (*least > *most)
		*least = *most = 0;
}

/* Of rows whose digits before those counted are `prefix`. A value out of its span has another one. */
static void count_digit(const struct sl_held_lists *in, uint64_t prefix, struct sl_held_counts *counts)
{
	uint64_t least = (uint64_t)counts->least, mask = (UINT64_C(1) << counts->width) - 1;
	uint8_t shift = counts->shift, width = counts->width;

	memset(counts->of, 0, sizeof *counts->of << width);
	for (struct walk w = walk_in(in); walk_on(&w);)
		FOR_VALUES(&w, v, for (uint32_t i = 0; i < w.rows; i++) {
			apart leading = (apart)((apart)v[i] - (apart)least) >> shift;
			if ((uint64_t)leading >> width == prefix)
				counts->of[leading & mask]++;
		});
}

/* `bits` of the offset are not known yet: digits of about the same width. */
static void set_digit(struct sl_held_counts *counts, uint8_t bits)
{
	uint8_t passes = (uint8_t)((bits + SL_HELD_DIGIT_BITS - 1) / SL_HELD_DIGIT_BITS);

	counts->width = (uint8_t)(passes > 0 ? (bits + passes - 1) / passes : 0);
	counts->shift = (uint8_t)(bits - counts->width);
}

void sl_held_count(const struct sl_held_lists *in, int64_t least, int64_t most, struct sl_held_counts *counts)
{
	uint64_t span = (uint64_t)most - (uint64_t)least;

	counts->least = least;
	set_digit(counts, (uint8_t)(span == 0 ? 0 : 64 - __builtin_clzll(span)));
	count_digit(in, 0, counts);
}

/* The digit of the rank-th row of those counted. */
static uint64_t settle(const struct sl_held_counts *counts, uint64_t rank, struct sl_held_place *place)
{
	uint64_t digit = 0, last = (UINT64_C(1) << counts->width) - 1;

	/* The last one is never left: a count that does not add up may not lead out of the counters. */
	for (; digit < last && place->below + counts->of[digit] < rank; digit++)
		place->below += counts->of[digit];
	place->here = counts->of[digit];
	return digit;
}

void sl_held_group(const struct sl_held_lists *in, const struct sl_held_counts *counts, int64_t *out)
{
	uint64_t least = (uint64_t)counts->least, mask = (UINT64_C(1) << counts->width) - 1;
	uint32_t at[1u << SL_HELD_DIGIT_BITS];
	uint8_t shift = counts->shift;

	for (uint32_t digit = 0, rows = 0; digit <= mask; rows += counts->of[digit++])
		at[digit] = rows;
	for (struct walk w = walk_in(in); walk_on(&w);)
		FOR_VALUES(&w, v, for (uint32_t i = 0; i < w.rows; i++) {
			uint64_t leading = ((uint64_t)(int64_t)v[i] - least) >> shift;
			if (leading <= mask)
				out[at[leading]++] = v[i];
		});
}

/* As count_digit, of rows that lie together. */
static void count_few(const int64_t *values, uint64_t rows, uint64_t prefix, struct sl_held_counts *counts)
{
	uint64_t least = (uint64_t)counts->least, mask = (UINT64_C(1) << counts->width) - 1;
	uint8_t shift = counts->shift, width = counts->width;

	memset(counts->of, 0, sizeof *counts->of << width);
	for (uint64_t i = 0; i < rows; i++) {
		uint64_t leading = ((uint64_t)values[i] - least) >> shift;
		if (leading >> width == prefix)
			counts->of[leading & mask]++;
	}
}

struct sl_held_place sl_held_find(const struct sl_held_lists *in, const struct sl_held_counts *counts,
                                  const int64_t *grouped, uint64_t rank, uint64_t beside)
{
	struct sl_held_place place = { 0 };
	struct sl_held_counts next;
	uint64_t digits = settle(counts, rank, &place), from = place.below, rows = place.here;

	next.least = counts->least;
	next.shift = counts->shift;
	while (next.shift > 0 && place.here > beside) {
		set_digit(&next, next.shift);
		if (grouped != NULL)
			count_few(grouped + from, rows, digits, &next);
		else
			count_digit(in, digits, &next);
		digits = digits << next.width | settle(&next, rank, &place);
	}
	place.least = (int64_t)((uint64_t)counts->least + (digits << next.shift));
	place.most = (int64_t)((uint64_t)place.least + ((UINT64_C(1) << next.shift) - 1));
	if (place.most < place.least)
		place.most = INT64_MAX;
	return place;
}

/* Rows of a word on one side, and whether the unit that goes on beyond it has one there. */
struct side {
	uint64_t units;
	bool carry;
};

/* `counted`: first rows whose units were counted there before. */
static inline void count_side(struct side *s, uint64_t rows, uint64_t first, uint64_t counted)
{
	s->units += s->carry && (first & 1);
	s->carry = s->carry && !(first & 1);
	s->units += sl_stretches_ended(rows | counted, first >> 1, &s->carry);
	s->units -= (uint64_t)__builtin_popcountll(counted);
}

void sl_held_beside(const struct sl_held_lists *in, int64_t value, struct sl_quantile *out)
{
	uint8_t less[SL_STRETCHES_ROWS], more[SL_STRETCHES_ROWS];
	struct side below = { 0 }, at = { 0 }, above = { 0 };

	for (struct walk w = walk_in(in); walk_on(&w);)
		for (uint32_t r = 0; r < w.rows; r += SL_STRETCHES_ROWS) {
			uint64_t valid = w.rows - r < SL_STRETCHES_ROWS ? (UINT64_C(1) << (w.rows - r)) - 1 : UINT64_MAX;
			/* Rows behind the last are loaded, too: a block has room for them. */
			FOR_VALUES(&w, v, for (uint32_t i = 0; i < SL_STRETCHES_ROWS; i++) {
				less[i] = v[r + i] < (own)value;
				more[i] = v[r + i] > (own)value;
			});
			uint64_t first = sl_stretches_bits(w.marks + r, 2) & valid;
			uint64_t lower = sl_stretches_bits(less, 0) & valid, upper = sl_stretches_bits(more, 0) & valid;
			count_side(&below, lower, first, sl_stretches_bits(w.marks + r, 0) & first);
			count_side(&above, upper, first, sl_stretches_bits(w.marks + r, 1) & first);
			count_side(&at, valid & ~lower & ~upper, first, 0);
		}
	out->below_units += below.units + below.carry;
	out->at_units += at.units + at.carry;
	out->above_units += above.units + above.carry;
}

#define OFF_MAX (INT64_C(1) << 31) /* its square, with those of a block's other units, fits */

void sl_held_shares(const struct sl_held_lists *in, uint32_t n, const int64_t *values, const uint32_t *p,
                    struct sl_held_share *out)
{
	for (uint32_t k = 0; k < n; k++) {
		struct sl_held_share *share = &out[k];
		int64_t off = 0, value = values[k];
		*share = (struct sl_held_share){ 0 };
		for (struct walk w = walk_in(in); walk_on(&w);) {
			uint64_t squares = 0, units = 0;
			FOR_VALUES(&w, v, for (uint32_t i = 0; i < w.rows; i++) {
				/* Without a branch: how many rows a unit has cannot be guessed. */
				uint64_t first = w.marks[i] / SL_HELD_FIRST, ended = (uint64_t)off & -first;
				squares += ended * ended;
				units += first;
				off += (int64_t)(-(uint64_t)(v[i] < value) & SL_QUANTILE_ONE) - (int64_t)ended - p[k];
			});
			share->squares += squares;
			share->units += units;
			off = off > OFF_MAX ? OFF_MAX : off < -OFF_MAX ? -OFF_MAX : off;
		}
		share->squares += (uint64_t)off * (uint64_t)off;
	}
}
