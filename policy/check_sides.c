/* check_sides.c - see check_sides.h. */
#include "policy/check_sides.h"

#include <stdlib.h>
#include <string.h>

static int order(const void *a, const void *b)
{
	const struct sl_earlier_set *x = *(const struct sl_earlier_set *const *)a;
	const struct sl_earlier_set *y = *(const struct sl_earlier_set *const *)b;

	for (uint32_t i = 0; i < x->nparts && i < y->nparts; i++)
		if (x->parts[i].hash != y->parts[i].hash)
			return x->parts[i].hash < y->parts[i].hash ? -1 : 1;
	return x->nparts == y->nparts ? 0 : x->nparts < y->nparts ? -1 : 1;
}

bool sl_parts_among(const struct sl_predicate_part *few, uint32_t nfew, const struct sl_predicate_part *many,
                      uint32_t nmany)
{
	uint32_t m = 0;

	for (uint32_t f = 0; f < nfew; f++) {
		while (m < nmany && many[m].hash < few[f].hash)
			m++;
		if (m == nmany || many[m].hash != few[f].hash)
			return false;
	}
	return true;
}

static void keep_common(struct sl_side *s, const struct sl_earlier_set *set)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->ncommon; i++)
		if (sl_parts_among(&s->common[i], 1, set->parts, set->nparts))
			s->common[n++] = s->common[i];
	s->ncommon = n;
}

const struct sl_earlier_set *sl_side_row(const struct sl_side *s, uint32_t row)
{
	return &s->o->sets[(size_t)row * s->o->per_cell];
}

void sl_side_free(struct sl_side *s)
{
	free(s->rising);
	free(s->common);
}

enum sl_rc sl_side_init(struct sl_side *s, const struct sl_earlier_output *o, bool all, struct sl_err *err)
{
	*s = (struct sl_side){ .o = o, .nrows = o->per_cell > 0 ? o->nsets / o->per_cell : 0 };
	if (s->nrows == 0)
		return SL_OK;
	uint32_t step = all ? 1 : o->per_cell, n = s->nrows * (o->per_cell / step);
	s->rising = malloc(n * sizeof *s->rising);
	s->common = malloc(((size_t)o->sets[0].nparts + 1) * sizeof *s->common);
	if (s->rising == NULL || s->common == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the rows of outputs");
	s->ncommon = o->sets[0].nparts;
	if (s->ncommon > 0)
		memcpy(s->common, o->sets[0].parts, s->ncommon * sizeof *s->common);
	for (uint32_t r = 0; r < s->nrows; r++)
		keep_common(s, sl_side_row(s, r));
	for (; s->nfound < n; s->nfound++)
		s->rising[s->nfound] = &o->sets[(size_t)s->nfound * step];
	qsort(s->rising, n, sizeof *s->rising, order);
	return SL_OK;
}

const struct sl_earlier_set *sl_side_find(const struct sl_side *s, const struct sl_earlier_set *like)
{
	const struct sl_earlier_set *const *found =
		s->nfound > 0 ? bsearch(&like, s->rising, s->nfound, sizeof *s->rising, order) : NULL;

	return found != NULL ? *found : NULL;
}

const struct sl_earlier_set *sl_side_find_counted(const struct sl_side *s, const struct sl_earlier_set *like)
{
	uint32_t lo = 0, hi = s->nfound;

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;
		if (order(&s->rising[middle], &like) < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	for (; lo < s->nfound && order(&s->rising[lo], &like) == 0; lo++)
		if (s->rising[lo]->counted != 0)
			return s->rising[lo];
	return NULL;
}
