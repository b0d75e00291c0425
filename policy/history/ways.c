/* ways.c - see ways.h: elimination, one equation after the other. */
#include "policy/history/ways.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/space.h"

static enum sl_rc make(struct sl_ways *w, uint32_t nsets, struct sl_err *err)
{
	*w = (struct sl_ways){ .nsets = nsets };
	w->rows = calloc((size_t)nsets * nsets + 1, sizeof *w->rows);
	w->left = calloc((size_t)nsets + 1, sizeof *w->left);
	return w->rows != NULL && w->left != NULL ? SL_OK
	                                          : sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", nsets);
}

enum sl_rc sl_ways_init(struct sl_ways *w, uint32_t nsets, struct sl_err *err)
{
	enum sl_rc rc = make(w, nsets, err);

	for (uint32_t i = 0; i < nsets && rc == SL_OK; i++)
		w->rows[(size_t)i * nsets + i] = 1;
	w->count = nsets;
	return rc;
}

enum sl_rc sl_ways_copy(const struct sl_ways *from, struct sl_ways *to, struct sl_err *err)
{
	enum sl_rc rc = make(to, from->nsets, err);

	if (rc == SL_OK)
		memcpy(to->rows, from->rows, (size_t)from->count * from->nsets * sizeof *to->rows);
	to->count = from->count;
	to->nsettled = from->nsettled;
	to->work = from->work;
	return rc;
}

void sl_ways_fini(struct sl_ways *w)
{
	free(w->rows);
	free(w->left);
	*w = (struct sl_ways){ 0 };
}

static uint64_t *row(const struct sl_ways *w, uint32_t i)
{
	return &w->rows[(size_t)i * w->nsets];
}

const uint64_t *sl_ways_row(const struct sl_ways *w, uint32_t i)
{
	return row(w, i);
}

uint64_t sl_ways_left(const uint64_t *way, const struct sl_way_term *terms, uint32_t n)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t by = way[terms[i].set];
		if (by != 0)
			sum = sl_space_plus(sum, terms[i].times == 1 ? by : sl_space_times(by, terms[i].times));
	}
	return sum;
}

static void swap(struct sl_ways *w, uint32_t i, uint32_t k)
{
	for (uint32_t s = 0; s < w->nsets && i != k; s++) {
		uint64_t t = row(w, i)[s];
		row(w, i)[s] = row(w, k)[s];
		row(w, k)[s] = t;
	}
}

/* By the way `by`, of which left says 1: nothing is left of what left says of each other way. */
static void eliminate(struct sl_ways *w, uint32_t by)
{
	const uint64_t *from = row(w, by);

	for (uint32_t i = 0; i < w->count; i++) {
		uint64_t factor = w->left[i], *to = row(w, i);
		if (i == by || factor == 0)
			continue;
		w->work += w->nsets;
		for (uint32_t s = 0; s < w->nsets; s++)
			if (from[s] != 0)
				to[s] = sl_space_minus(to[s], sl_space_times(factor, from[s]));
	}
}

/* Of the ways from `first` on one that leaves something now leaves 1, and all others nothing. UINT32_MAX: none does. */
static uint32_t divide(struct sl_ways *w, uint32_t first)
{
	uint32_t by = first;

	while (by < w->count && w->left[by] == 0)
		by++;
	if (by == w->count)
		return UINT32_MAX;
	uint64_t scale = sl_space_inverse(w->left[by]);
	for (uint32_t s = 0; s < w->nsets; s++)
		row(w, by)[s] = sl_space_times(row(w, by)[s], scale);
	w->left[by] = 1;
	eliminate(w, by);
	return by;
}

static void look(struct sl_ways *w, const struct sl_way_term *terms, uint32_t n)
{
	for (uint32_t i = 0; i < w->count; i++)
		w->left[i] = sl_ways_left(row(w, i), terms, n);
	w->work += (uint64_t)w->count * n;
}

void sl_ways_without(struct sl_ways *w, const struct sl_way_term *terms, uint32_t n)
{
	look(w, terms, n);
	uint32_t by = divide(w, 0);
	if (by != UINT32_MAX)
		swap(w, by, --w->count);
}

bool sl_ways_settle(struct sl_ways *w, const struct sl_way_term *terms, uint32_t n)
{
	look(w, terms, n);
	uint32_t by = divide(w, w->nsettled);
	if (by != UINT32_MAX)
		swap(w, by, w->nsettled++);
	return by != UINT32_MAX;
}

void sl_ways_order(struct sl_ways *w, const uint32_t *order)
{
	uint32_t first = w->nsettled;

	for (uint32_t i = 0; i < w->nsets && first < w->count; i++) {
		for (uint32_t k = 0; k < w->count; k++)
			w->left[k] = row(w, k)[order[i]];
		uint32_t by = divide(w, first);
		if (by != UINT32_MAX)
			swap(w, by, first++);
	}
}
