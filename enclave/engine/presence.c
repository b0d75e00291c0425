/* presence.c - see presence.h. */
#include "enclave/engine/presence.h"

#include <string.h>

#include "enclave/engine/stretches.h"

#define WORD_ROWS SL_STRETCHES_ROWS
#define EVERY_BYTE UINT64_C(0x0101010101010101)

void sl_presence_init(struct sl_presence *p)
{
	*p = (struct sl_presence){ .unit = -1 };
}

void sl_presence_end(struct sl_presence *p)
{
	p->present += p->has_kept || p->has_left_out;
	p->kept += p->has_kept;
	p->left_out += p->has_left_out;
	p->has_kept = p->has_left_out = false;
}

/* Bit i: byte i of eight is odd. */
static inline uint64_t odd_bytes(uint64_t eight)
{
	return (eight & EVERY_BYTE) * UINT64_C(0x0102040810204080) >> 56;
}

/* Bit i: row i + 1 is another unit's. Both lie in `units`, none of which has more than 32 bits (tally.h). */
static inline uint64_t ends_of(const int64_t *units, uint32_t rows)
{
	uint8_t ends[WORD_ROWS] = { 0 };

	if (rows == WORD_ROWS)
		for (uint32_t i = 0; i < WORD_ROWS; i++) /* of a length that is known: vector code */
			ends[i] = (uint32_t)units[i] != (uint32_t)units[i + 1];
	else
		for (uint32_t i = 0; i < rows; i++)
			ends[i] = (uint32_t)units[i] != (uint32_t)units[i + 1];
	return sl_stretches_bits(ends, 0);
}

_Static_assert(SL_ROW_LEFT_OUT == 0 && SL_ROW_KEPT == 1 && SL_ROW_ABSENT == 2, "marks are told apart by their bits");

static inline void split_marks(const uint8_t *marks, uint32_t rows, uint64_t *kept, uint64_t *absent)
{
	uint64_t eights[WORD_ROWS / 8] = { 0 }, all = 0;

	memcpy(eights, marks, rows);
	*kept = *absent = 0;
	for (uint32_t i = 0; i < WORD_ROWS / 8; i++) {
		*kept |= odd_bytes(eights[i]) << 8 * i;
		all |= eights[i];
	}
	/* Only a join has rows that are absent. */
	for (uint32_t i = 0; (all & EVERY_BYTE << 1) != 0 && i < WORD_ROWS / 8; i++)
		*absent |= odd_bytes(eights[i] >> 1) << 8 * i;
}

/* How often another unit begins within the batch. */
static uint32_t changes(const struct sl_batch *batch)
{
	const int64_t *units = batch->units;
	uint32_t n = 0, i = 0;

	if (batch->ends.n > 0)
		return batch->ends.n - 1;
	for (; i + WORD_ROWS < batch->rows; i += WORD_ROWS)
		for (uint32_t k = i; k < i + WORD_ROWS; k++) /* of a length that is known: vector code */
			n += (uint32_t)units[k] != (uint32_t)units[k + 1];
	for (; i + 1 < batch->rows; i++)
		n += (uint32_t)units[i] != (uint32_t)units[i + 1];
	return n;
}

/* Rows that are all kept: units are counted where another begins. */
static void add_kept(struct sl_presence *p, uint32_t ends)
{
	p->present += ends;
	p->kept += ends;
	p->left_out += ends > 0 && p->has_left_out;
	p->has_left_out = ends == 0 && p->has_left_out;
	p->has_kept = true;
}

/* Bit i of word i / 64: row i + 1 is another unit's. The unit of the batch's last row may go on in the next. */
static void find_ends(const struct sl_batch *batch, uint64_t words[static SL_BATCH_ROWS / WORD_ROWS])
{
	memset(words, 0, SL_BATCH_ROWS / WORD_ROWS * sizeof *words);
	for (uint32_t i = 0; i + 1 < batch->ends.n; i++) {
		uint32_t last = batch->ends.ends[i] - 1u;
		words[last / WORD_ROWS] |= UINT64_C(1) << last % WORD_ROWS;
	}
	for (uint32_t at = 0; batch->ends.n == 0 && at < batch->rows; at += WORD_ROWS) {
		uint32_t left = batch->rows - 1 - at;
		words[at / WORD_ROWS] = ends_of(batch->units + at, left < WORD_ROWS ? left : WORD_ROWS);
	}
}

static void add_marked(struct sl_presence *p, const struct sl_batch *batch, const uint8_t *marks)
{
	uint64_t words[SL_BATCH_ROWS / WORD_ROWS];
	uint32_t rows = batch->rows;

	find_ends(batch, words);
	for (uint32_t at = 0; at < rows; at += WORD_ROWS) {
		uint32_t n = rows - at < WORD_ROWS ? rows - at : WORD_ROWS;
		bool has_any = p->has_kept || p->has_left_out;
		uint64_t valid = n == WORD_ROWS ? UINT64_MAX : (UINT64_C(1) << n) - 1, absent = 0;
		uint64_t kept = batch->none_kept ? 0 : valid, ends = words[at / WORD_ROWS];

		if (marks != NULL)
			split_marks(marks + at, n, &kept, &absent);
		p->present += sl_stretches_ended(valid & ~absent, ends, &has_any);
		p->kept += sl_stretches_ended(kept, ends, &p->has_kept);
		p->left_out += sl_stretches_ended(valid & ~absent & ~kept, ends, &p->has_left_out);
	}
}

void sl_presence_add(struct sl_presence *p, const struct sl_batch *batch, const uint8_t *marks)
{
	if (batch->rows == 0)
		return;
	if (p->unit != sl_batch_first_unit(batch))
		sl_presence_end(p);
	if (marks == NULL && !batch->none_kept)
		add_kept(p, changes(batch));
	else
		add_marked(p, batch, marks);
	p->unit = sl_batch_last_unit(batch);
}
