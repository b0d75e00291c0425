/* held.c - see held.h. */
#include "enclave/engine/held.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/confine/crew.h"

_Static_assert(sizeof(struct sl_held_row) == 16, "a row is a quarter of a cache line");
_Static_assert(SL_CELLS_MAX <= SL_HELD_CELL, "cells and marks lie in one number");

enum sl_rc sl_held_init(struct sl_held *h, uint32_t rows_max, struct sl_err *err)
{
	*h = (struct sl_held){ .list = malloc((rows_max + UINT64_C(1)) * sizeof *h->list) };
	if (h->list == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to hold %u rows", rows_max);
	h->rows_max = rows_max;
	return SL_OK;
}

static void wipe_list(struct sl_held *h)
{
	if (h->rows > 0)
		explicit_bzero(h->list, h->rows * sizeof *h->list);
	h->rows = 0;
}

void sl_held_fini(struct sl_held *h)
{
	wipe_list(h);
	free(h->list);
	memset(h, 0, sizeof *h);
}

void sl_held_add(struct sl_held *h, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                 const struct sl_computed *arg)
{
	for (uint32_t r = 0; r < batch->rows; r++) {
		if (!sl_computed_counts(arg, marks, r))
			continue;
		if (h->rows == h->rows_max) {
			h->overran = true;
			return;
		}
		h->list[h->rows++] = (struct sl_held_row){ arg->values[r], (uint32_t)batch->units[r], cells[r] };
	}
}

/* One pass over what is held, on all threads. */
struct pass {
	const struct sl_held_lists *in;
	const struct sl_quantiles *q;
};

static const struct sl_held *list_at(const struct sl_held_lists *in, uint32_t lane, uint32_t at)
{
	return &in->lists[(size_t)lane * in->lane_step + (size_t)at * in->at_step];
}

/* As sl_quantiles_count; copied, since for all the compiler knows counting could change them. */
static void count_list(const struct sl_quantiles *q, uint32_t lane, uint32_t at, const struct sl_held *h,
                       uint32_t row_step)
{
	const struct sl_held_row *row = h->list, *end = row + h->rows;
	uint64_t least = (uint64_t)q->least[at], mask = (UINT64_C(1) << q->width[at]) - 1;
	uint32_t *buckets = q->lanes[lane].buckets + ((size_t)at << q->bits);
	size_t stride = (size_t)q->n << q->bits, n = q->n;
	const uint64_t *prefix = q->prefix + at;
	uint8_t shift = q->shift[at], width = q->width[at];

	if (q->is_first) /* no digits to be compared; a value out of its span would lead out of the buckets */
		for (; row < end; row += row_step) {
			uint64_t leading = ((uint64_t)row->value - least) >> shift;
			if (leading <= mask)
				buckets[(row->cell & SL_HELD_CELL) * stride + leading]++;
		}
	else
		for (; row < end; row += row_step) {
			uint32_t cell = row->cell & SL_HELD_CELL;
			uint64_t leading = ((uint64_t)row->value - least) >> shift;
			if (leading >> width == prefix[cell * n])
				buckets[cell * stride + (leading & mask)]++;
		}
}

static void count_lane(void *arg, uint32_t lane)
{
	const struct pass *pass = arg;

	for (uint32_t at = 0; lane < pass->in->nlanes && at < pass->q->n; at++)
		if (sl_quantiles_is_counted(pass->q, at))
			count_list(pass->q, lane, at, list_at(pass->in, lane, at), pass->in->row_step);
}

static void beside_lane(void *arg, uint32_t lane)
{
	const struct pass *pass = arg;
	const struct sl_quantiles *q = pass->q;

	for (uint32_t at = 0; lane < pass->in->nlanes && at < q->n; at++) {
		const struct sl_held *h = list_at(pass->in, lane, at);
		for (uint32_t r = 0; r < h->rows; r++) {
			struct sl_held_row row = h->list[r];
			uint32_t cell = row.cell & SL_HELD_CELL;
			struct sl_quantile_side *of = q->lanes[lane].sides[(size_t)cell * q->n + at].of;
			int64_t here = sl_quantiles_value(q, cell, at), unit = row.unit;
			/* Without a branch: none of it can be guessed. */
			of[SL_SIDE_BELOW].unit = row.cell & SL_HELD_BELOW ? unit : of[SL_SIDE_BELOW].unit;
			of[SL_SIDE_ABOVE].unit = row.cell & SL_HELD_ABOVE ? unit : of[SL_SIDE_ABOVE].unit;
			of += (row.value >= here) + (row.value > here);
			of->units += of->unit != unit;
			of->unit = unit;
		}
	}
}

void sl_held_span(const struct sl_held_lists *in, uint32_t at, int64_t *least, int64_t *most)
{
	*least = INT64_MAX;
	*most = INT64_MIN;
	for (uint32_t lane = 0; lane < in->nlanes; lane++) {
		const struct sl_held *h = list_at(in, lane, at);
		for (uint32_t r = 0; r < h->rows; r++) {
			*least = h->list[r].value < *least ? h->list[r].value : *least;
			*most = h->list[r].value > *most ? h->list[r].value : *most;
		}
	}
	if (*least > *most)
		*least = *most = 0;
}

struct wipe {
	struct sl_held *lists;
	uint32_t nlanes, n;
};

static void wipe_lane(void *arg, uint32_t lane)
{
	const struct wipe *w = arg;

	for (uint32_t i = 0; lane < w->nlanes && i < w->n; i++)
		wipe_list(&w->lists[lane * w->n + i]);
}

void sl_held_wipe(struct sl_held *lists, uint32_t nlanes, uint32_t n)
{
	struct wipe wipe = { lists, nlanes, n };

	sl_crew_run(wipe_lane, &wipe);
}

void sl_held_search(const struct sl_held_lists *in, uint64_t beside, struct sl_quantiles *q)
{
	struct pass pass = { in, q };

	q->beside = UINT64_MAX;
	while (q->beside > beside && sl_quantiles_pass(q)) {
		sl_crew_run(count_lane, &pass);
		sl_quantiles_settle(q);
	}
}

void sl_held_beside(const struct sl_held_lists *in, const struct sl_quantiles *q)
{
	struct pass pass = { in, q };

	sl_crew_run(beside_lane, &pass);
}
