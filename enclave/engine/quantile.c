/* quantile.c - see quantile.h. */
#include "enclave/engine/quantile.h"

#include <stdlib.h>
#include <string.h>

uint64_t sl_quantile_bytes(uint32_t ncells, uint32_t n, uint32_t nlanes, uint8_t bits)
{
	uint64_t each = ((uint64_t)sizeof(uint32_t) << bits) + sizeof(struct sl_quantile_sides);

	return (uint64_t)ncells * n * (each * nlanes + 2 * sizeof(uint64_t));
}

uint8_t sl_quantile_bits(uint32_t ncells, uint32_t n, uint32_t nlanes, uint64_t bytes)
{
	uint8_t bits = SL_QUANTILE_BITS_MAX;

	while (bits > SL_QUANTILE_BITS_MIN && sl_quantile_bytes(ncells, n, nlanes, bits) > bytes)
		bits--;
	return bits;
}

enum sl_rc sl_quantiles_init(struct sl_quantiles *q, uint32_t ncells, uint32_t n, uint32_t nlanes, uint8_t bits,
                             struct sl_err *err)
{
	size_t places = (size_t)ncells * n;
	bool ok;

	memset(q, 0, sizeof *q);
	q->ncells = ncells;
	q->n = n;
	q->bits = bits;
	if (n == 0)
		return SL_OK;
	q->prefix = calloc(places, sizeof *q->prefix);
	q->rank = calloc(places, sizeof *q->rank);
	ok = q->prefix != NULL && q->rank != NULL;
	for (q->nlanes = 0; q->nlanes < nlanes && ok; q->nlanes++) {
		struct sl_quantile_lane *lane = &q->lanes[q->nlanes];
		lane->buckets = calloc(places << bits, sizeof *lane->buckets);
		lane->sides = calloc(places, sizeof *lane->sides);
		ok = lane->buckets != NULL && lane->sides != NULL;
		for (size_t i = 0; i < places * SL_SIDE_COUNT && ok; i++)
			lane->sides[i / SL_SIDE_COUNT].of[i % SL_SIDE_COUNT].unit = -1;
	}
	return ok ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for quantiles of %u cells", ncells);
}

void sl_quantiles_fini(struct sl_quantiles *q)
{
	free(q->prefix);
	free(q->rank);
	for (uint32_t i = 0; i < q->nlanes; i++) {
		free(q->lanes[i].buckets);
		free(q->lanes[i].sides);
	}
	memset(q, 0, sizeof *q);
}

uint64_t sl_quantile_rank(uint64_t rows, uint32_t p)
{
	return (uint64_t)(((unsigned __int128)rows * p + SL_QUANTILE_ONE - 1) / SL_QUANTILE_ONE);
}

void sl_quantiles_rank(struct sl_quantiles *q, uint32_t cell, uint32_t at, uint64_t rows, uint32_t p)
{
	q->rank[(size_t)cell * q->n + at] = sl_quantile_rank(rows, p);
}

void sl_quantiles_span(struct sl_quantiles *q, uint32_t at, uint32_t like, int64_t least, int64_t most)
{
	uint64_t span = (uint64_t)most - (uint64_t)least;

	q->least[at] = least;
	q->like[at] = like;
	q->is_first = true;
	/* The first pass takes its digit below this. */
	q->shift[at] = span == 0 ? 0 : (uint8_t)(64 - __builtin_clzll(span));
}

/* Digits of about the same width: the fewer counters, the nearer they lie. */
static void set_widths(struct sl_quantiles *q)
{
	uint8_t widest = 0;

	for (uint32_t at = 0; at < q->n; at++) {
		uint8_t shift = q->shift[at], passes = (uint8_t)((shift + q->bits - 1) / q->bits);
		q->width[at] = (uint8_t)(passes > 0 ? (shift + passes - 1) / passes : 0);
		q->shift[at] = (uint8_t)(shift - q->width[at]);
		widest = q->width[at] > widest ? q->width[at] : widest;
	}
	if (q->is_first && widest > 0)
		q->bits = widest;
}

bool sl_quantiles_pass(struct sl_quantiles *q)
{
	bool any = false;

	set_widths(q);
	for (uint32_t at = 0; at < q->n; at++)
		any |= q->width[at] > 0;
	for (uint32_t lane = 0; lane < q->nlanes && any; lane++)
		for (size_t place = 0; place < (size_t)q->ncells * q->n; place++)
			if (sl_quantiles_is_counted(q, (uint32_t)(place % q->n)))
				memset(q->lanes[lane].buckets + (place << q->bits), 0, sizeof(uint32_t) << q->bits);
	return any;
}

void sl_quantiles_count(const struct sl_quantiles *q, uint32_t lane, uint32_t at, const struct sl_batch *batch,
                        const uint8_t *marks, const uint32_t *cells, const struct sl_computed *arg)
{
	uint8_t shift = q->shift[at], width = q->width[at];
	uint64_t mask = (UINT64_C(1) << width) - 1, least = (uint64_t)q->least[at];
	/* Copied: for all the compiler knows counting could change them. */
	uint32_t *buckets = q->lanes[lane].buckets + ((size_t)at << q->bits), rows = batch->rows;
	const uint64_t *prefix = q->prefix + at;
	const struct sl_computed values = *arg;
	size_t n = q->n, bits = q->bits;

	if (!sl_quantiles_is_counted(q, at))
		return;
	for (uint32_t r = 0; r < rows; r++) {
		if (!sl_computed_counts(&values, marks, r))
			continue;
		size_t place = cells[r] * n;
		uint64_t leading = ((uint64_t)values.values[r] - least) >> shift;
		if (leading >> width == prefix[place])
			buckets[(place << bits) + (leading & mask)]++;
	}
}

/* Rows of all threads in a bucket of a place. */
static uint64_t counted(const struct sl_quantiles *q, size_t place, uint64_t bucket)
{
	uint64_t n = 0;

	for (uint32_t lane = 0; lane < q->nlanes; lane++)
		n += q->lanes[lane].buckets[(place << q->bits) + bucket];
	return n;
}

void sl_quantiles_settle(struct sl_quantiles *q)
{
	for (size_t place = 0; place < (size_t)q->ncells * q->n; place++) {
		uint32_t at = (uint32_t)(place % q->n);
		size_t from = q->is_first ? place - at + q->like[at] : place;
		uint64_t bucket = 0, before = 0, here;

		if (q->width[at] == 0 || q->rank[place] == 0)
			continue;
		/* The last bucket is never left: a count that does not add up may not lead out of the buckets. */
		while (here = counted(q, from, bucket), before + here < q->rank[place] &&
		       bucket + 1 < UINT64_C(1) << q->width[at]) {
			before += here;
			bucket++;
		}
		q->rank[place] -= before;
		q->prefix[place] = q->prefix[place] << q->width[at] | bucket;
	}
	q->is_first = false;
}

void sl_quantiles_beside(const struct sl_quantiles *q, uint32_t lane, uint32_t at, const struct sl_batch *batch,
                         const uint8_t *marks, const uint32_t *cells, const struct sl_computed *arg)
{
	struct sl_quantile_sides *sides = q->lanes[lane].sides;

	for (uint32_t r = 0; r < batch->rows; r++) {
		if (!sl_computed_counts(arg, marks, r))
			continue;
		size_t place = (size_t)cells[r] * q->n + at;
		int64_t here = sl_quantiles_value(q, cells[r], at), v = arg->values[r], unit = batch->units[r];
		/* Without a branch: on which side a row lies, and whether its unit was there, cannot be guessed. */
		struct sl_quantile_side *side = &sides[place].of[(v >= here) + (v > here)];
		side->units += side->unit != unit;
		side->unit = unit;
	}
}

void sl_quantiles_tell(const struct sl_quantiles *q, struct sl_quantile *out)
{
	for (size_t place = 0; place < (size_t)q->ncells * q->n; place++) {
		struct sl_quantile *o = &out[place];
		*o = (struct sl_quantile){ 0 };
		if (q->rank[place] == 0)
			continue;
		o->value = sl_quantiles_value(q, (uint32_t)(place / q->n), (uint32_t)(place % q->n));
		for (uint32_t lane = 0; lane < q->nlanes; lane++) {
			const struct sl_quantile_side *of = q->lanes[lane].sides[place].of;
			o->below_units += of[SL_SIDE_BELOW].units;
			o->at_units += of[SL_SIDE_AT].units;
			o->above_units += of[SL_SIDE_ABOVE].units;
		}
	}
}
