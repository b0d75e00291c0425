/* held.c - see held.h. */
#include "enclave/engine/held.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/confine/crew.h"

enum sl_rc sl_held_init(struct sl_held *h, uint32_t rows_max, struct sl_err *err)
{
	*h = (struct sl_held){ .units = malloc(rows_max * SL_HELD_ROW_BYTES + 1) };
	if (h->units == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to hold %u rows", rows_max);
	h->rows_max = rows_max;
	h->values = h->units + rows_max;
	h->cells = (uint32_t *)(void *)(h->values + rows_max);
	return SL_OK;
}

void sl_held_fini(struct sl_held *h)
{
	if (h->rows > 0)
		explicit_bzero(h->values, h->rows * sizeof *h->values);
	free(h->units);
	memset(h, 0, sizeof *h);
}

void sl_held_add(struct sl_held *h, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                 const struct sl_computed *arg)
{
	for (uint32_t r = 0; r < batch->rows; r++)
		if (sl_computed_counts(arg, marks, r))
			sl_held_row(h, cells[r], batch->units[r], arg->values[r]);
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

static void count_lane(void *arg, uint32_t lane)
{
	const struct pass *pass = arg;

	for (uint32_t at = 0; lane < pass->in->nlanes && at < pass->q->n; at++) {
		const struct sl_held *h = list_at(pass->in, lane, at);
		struct sl_batch batch = { .rows = h->rows, .units = h->units };
		struct sl_computed values = { h->values, NULL };
		sl_quantiles_count(pass->q, lane, at, &batch, NULL, h->cells, &values);
	}
}

static void beside_lane(void *arg, uint32_t lane)
{
	const struct pass *pass = arg;
	const struct sl_quantiles *q = pass->q;

	for (uint32_t at = 0; lane < pass->in->nlanes && at < q->n; at++) {
		const struct sl_held *h = list_at(pass->in, lane, at);
		for (uint32_t r = 0; r < h->rows; r++) {
			struct sl_quantile_side *of = q->lanes[lane].sides[(size_t)h->cells[r] * q->n + at].of;
			int64_t here = sl_quantiles_value(q, h->cells[r], at), v = h->values[r], unit = h->units[r] & SL_HELD_UNIT;
			/* Without a branch: none of it can be guessed. */
			of[SL_SIDE_BELOW].unit = h->units[r] & SL_HELD_BELOW ? unit : of[SL_SIDE_BELOW].unit;
			of[SL_SIDE_ABOVE].unit = h->units[r] & SL_HELD_ABOVE ? unit : of[SL_SIDE_ABOVE].unit;
			of += (v >= here) + (v > here);
			of->units += of->unit != unit;
			of->unit = unit;
		}
	}
}

/* The span of what is held for one quantile, which all its lanes' values lie in; false: nothing is. */
static bool span_of(const struct sl_held_lists *in, uint32_t at, int64_t *least, int64_t *most)
{
	*least = INT64_MAX;
	*most = INT64_MIN;
	for (uint32_t lane = 0; lane < in->nlanes; lane++) {
		const struct sl_held *h = list_at(in, lane, at);
		for (uint32_t r = 0; r < h->rows; r++) {
			*least = h->values[r] < *least ? h->values[r] : *least;
			*most = h->values[r] > *most ? h->values[r] : *most;
		}
	}
	return *least <= *most;
}

void sl_held_search(const struct sl_held_lists *in, struct sl_quantiles *q)
{
	struct pass pass = { in, q };
	int64_t least = 0, most = 0;

	for (uint32_t at = 0; at < q->n; at++) {
		bool is_first = at == 0 || in->at_step > 0;
		if (is_first && !span_of(in, at, &least, &most))
			least = most = 0;
		sl_quantiles_span(q, at, is_first ? at : 0, least, most);
	}
	while (sl_quantiles_pass(q)) {
		sl_crew_run(count_lane, &pass);
		sl_quantiles_settle(q);
	}
}

void sl_held_beside(const struct sl_held_lists *in, const struct sl_quantiles *q)
{
	struct pass pass = { in, q };

	sl_crew_run(beside_lane, &pass);
}
