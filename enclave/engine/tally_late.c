/*
 * tally_late.c - unit totals that change more of a cell than its sum: among the largest three, below the smallest,
 * negative, or out of 64 bits. tally.c tells them apart by what a block has at hand, and most are not.
 */
#include "enclave/engine/tally_cell.h"

/* The unit's total, taken out of the block; false: it left 64 bits, and all that is told of it is the sum. */
static bool take_total(struct sl_tally_block *b, struct sl_tally_rest *rest, int64_t *total)
{
	sl_i128 wide = b->total;

	if (b->flags & SL_TALLY_WIDE) {
		wide += rest->wide_total;
		rest->wide_total = 0;
		b->flags &= ~(uint32_t)SL_TALLY_WIDE;
	}
	*total = (int64_t)wide;
	if (wide == *total && *total != INT64_MIN)
		return true;
	rest->wide_sum += wide;
	rest->overflow = 1;
	return false;
}

/* Between the smallest and the largest so far, positive, not among the three: only the sum changes. */
static void set_quiet(struct sl_tally_block *b, const struct sl_tally_rest *rest)
{
	int64_t lo = rest->least > 1 ? rest->least : 1, hi = rest->most < rest->top[2] ? rest->most : rest->top[2];

	bool has_any = (b->flags & SL_TALLY_DIFFER) && !(b->flags & SL_TALLY_WIDE) && lo <= hi;

	b->quiet = lo;
	b->quiet_span = has_any ? (uint64_t)(hi - lo) + 1 : 0;
}

/* A unit total of any kind. */
static void add_total(struct sl_tally_block *b, struct sl_tally_rest *rest, int64_t total)
{
	int64_t sum;

	if (__builtin_add_overflow(b->sum, total, &sum))
		spill_over(&b->sum, &rest->wide_sum, total);
	else
		b->sum = sum;
	rest->least = !rest->has_total || total < rest->least ? total : rest->least;
	rest->most = !rest->has_total || total > rest->most ? total : rest->most;
	rest->has_total = 1;
	insert_top(rest, total < 0 ? -total : total);
	rest->zeros += total == 0;
	rest->negatives += total < 0;
	rest->negative_sum -= total < 0 ? total : 0;
	set_quiet(b, rest);
}

void sl_tally_add_late(struct sl_tally *t)
{
	for (uint32_t i = 0; i < t->nlate; i++)
		add_total(t->late[i].block, t->late[i].rest, t->late[i].total);
	t->nlate = 0;
}

void sl_tally_fold_late(struct sl_tally *t, struct sl_tally_block *b, struct sl_tally_rest *rest)
{
	struct sl_tally_late late = { .block = b, .rest = rest };

	__builtin_prefetch(&rest->least, 1);
	__builtin_prefetch(&rest->negative_sum, 1);
	if (take_total(b, rest, &late.total))
		t->late[t->nlate++] = late;
	b->total = 0;
	if (t->nlate == SL_TALLY_LATE)
		sl_tally_add_late(t);
}
