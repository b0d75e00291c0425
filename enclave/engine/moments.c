/* moments.c - see moments.h. */
#include "enclave/engine/moments.h"

#include <stdlib.h>
#include <string.h>

#define SQUARES_MAX ((sl_i128)1 << 126)

enum sl_rc sl_moments_init(struct sl_moments_tally *t, uint32_t ncells, uint32_t n, struct sl_err *err)
{
	*t = (struct sl_moments_tally){ .ncells = ncells, .n = n };
	if (n == 0)
		return SL_OK;
	t->moments = calloc((size_t)ncells * n, sizeof *t->moments);
	return t->moments != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for moments of %u cells", ncells);
}

void sl_moments_fini(struct sl_moments_tally *t)
{
	free(t->moments);
	memset(t, 0, sizeof *t);
}

/* Grows by what is not negative; stays where it is once it is too large. */
static inline void add_square(sl_i128 *sum, uint8_t *overflow, sl_i128 square)
{
	if (square > SQUARES_MAX - *sum)
		*overflow = 1;
	else
		*sum += square;
}

static inline sl_i128 wrapping_sum(sl_i128 a, sl_i128 b)
{
	return (sl_i128)((unsigned __int128)a + (unsigned __int128)b);
}

void sl_moments_add(struct sl_moments_tally *t, uint32_t at, const struct sl_batch *batch, const uint8_t *marks,
                    const uint32_t *cells, const struct sl_computed *x, const struct sl_computed *y)
{
	const uint8_t *nulls = y != NULL ? y->nulls : x->nulls;

	for (uint32_t r = 0; r < batch->rows; r++) {
		if ((marks != NULL && marks[r] != SL_ROW_KEPT) || (nulls != NULL && nulls[r] != 0))
			continue;
		struct sl_moments *m = &t->moments[(size_t)cells[r] * t->n + at];
		int64_t vx = x->values[r];
		m->x += vx;
		add_square(&m->xx, &m->overflow, (sl_i128)vx * vx);
		if (y == NULL)
			continue;
		int64_t vy = y->values[r];
		m->y += vy;
		add_square(&m->yy, &m->overflow, (sl_i128)vy * vy);
		m->xy = wrapping_sum(m->xy, (sl_i128)vx * vy);
	}
}

void sl_moments_merge(struct sl_moments_tally *t, const struct sl_moments_tally *from)
{
	for (size_t i = 0; i < (size_t)t->ncells * t->n; i++) {
		struct sl_moments *m = &t->moments[i];
		const struct sl_moments *f = &from->moments[i];
		m->x += f->x;
		m->y += f->y;
		m->overflow |= f->overflow;
		add_square(&m->xx, &m->overflow, f->xx);
		add_square(&m->yy, &m->overflow, f->yy);
		m->xy = wrapping_sum(m->xy, f->xy);
	}
}

void sl_moments_end(struct sl_moments_tally *t)
{
	for (size_t i = 0; i < (size_t)t->ncells * t->n; i++)
		if (t->moments[i].overflow)
			t->moments[i] = (struct sl_moments){ .overflow = 1 };
}
