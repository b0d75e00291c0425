/* ranges.c - see ranges.h. */
#include "policy/history/ranges.h"

#include <stdlib.h>

void sl_ranges_free(struct sl_ranges *r)
{
	free(r->at);
	*r = (struct sl_ranges){ 0 };
}

enum sl_rc sl_ranges_add(struct sl_ranges *r, sl_i128 lo, sl_i128 hi, struct sl_range within, struct sl_err *err)
{
	if (lo < within.lo)
		lo = within.lo;
	if (hi > within.hi)
		hi = within.hi;
	if (lo > hi)
		return SL_OK;
	if (r->n == r->cap) {
		uint32_t cap = r->cap > 0 ? r->cap * 2 : 2;
		struct sl_range *more = realloc(r->at, cap * sizeof *more);
		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for the values of a condition");
		r->at = more;
		r->cap = cap;
	}
	r->at[r->n++] = (struct sl_range){ (int64_t)lo, (int64_t)hi };
	return SL_OK;
}

static int by_place(const void *x, const void *y)
{
	const struct sl_range *a = x, *b = y;

	return a->lo < b->lo ? -1 : a->lo > b->lo;
}

void sl_ranges_settle(struct sl_ranges *r)
{
	uint32_t kept = 0;

	if (r->n == 0)
		return;
	qsort(r->at, r->n, sizeof *r->at, by_place);
	for (uint32_t i = 1; i < r->n; i++) {
		struct sl_range *last = &r->at[kept];
		if (last->hi == INT64_MAX || r->at[i].lo <= last->hi + 1)
			last->hi = last->hi > r->at[i].hi ? last->hi : r->at[i].hi;
		else
			r->at[++kept] = r->at[i];
	}
	r->n = kept + 1;
}

enum sl_rc sl_ranges_invert(struct sl_ranges *r, struct sl_range within, struct sl_err *err)
{
	struct sl_ranges out = { 0 };
	sl_i128 from = within.lo;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < r->n && rc == SL_OK; i++) {
		rc = sl_ranges_add(&out, from, (sl_i128)r->at[i].lo - 1, within, err);
		from = (sl_i128)r->at[i].hi + 1;
	}
	if (rc == SL_OK)
		rc = sl_ranges_add(&out, from, within.hi, within, err);
	sl_ranges_free(r);
	*r = out;
	return rc;
}

enum sl_rc sl_ranges_append(struct sl_ranges *r, const struct sl_ranges *with, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < with->n && rc == SL_OK; i++)
		rc = sl_ranges_add(r, with->at[i].lo, with->at[i].hi, SL_RANGE_ALL, err);
	return rc;
}

bool sl_ranges_is_all(const struct sl_ranges *r, struct sl_range within)
{
	return r->n == 1 && r->at[0].lo == within.lo && r->at[0].hi == within.hi;
}
