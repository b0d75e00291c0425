/* check_few_values.c - see check_state.h: which values of a column a number would have told of. */
#include <stdlib.h>

#include "policy/check_state.h"
#include "policy/rules/few_column.h"

enum sl_rc sl_check_few_values(struct sl_check_state *st, uint32_t output, uint32_t cell, uint32_t stat,
                               const struct sl_few_column *c, const struct sl_few_group *group, struct sl_err *err)
{
	struct sl_publication *pub = st->pub;

	if (pub->nfew == SL_FINDINGS_MAX)
		return SL_OK;
	if (pub->nfew == st->few_cap) {
		uint32_t cap = st->few_cap == 0 ? 16 : st->few_cap * 2;
		struct sl_published_few *more = realloc(pub->few, cap * sizeof *more);
		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "no memory for findings");
		pub->few = more;
		st->few_cap = cap;
	}
	struct sl_published_few f = { .output = (uint16_t)output, .cell = cell, .stat = stat, .column = c->of,
		                      .table = st->plans[output].sources[c->source].table };
	f.values = calloc(c->natoms, sizeof *f.values);
	if (f.values == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory for findings");
	for (uint32_t a = 0; a < c->natoms; a++)
		if (group->in[a])
			f.values[f.nvalues++] = (struct sl_published_cell){ .shown = 1, .missing = c->atoms[a].missing,
				                                            .value = c->atoms[a].missing ? 0 : c->atoms[a].v };
	pub->few[pub->nfew++] = f;
	return SL_OK;
}

static int order(const void *a, const void *b)
{
	const struct sl_published_few *x = a, *y = b;

	if (x->output != y->output)
		return x->output < y->output ? -1 : 1;
	if (x->cell != y->cell)
		return x->cell < y->cell ? -1 : 1;
	return (x->stat > y->stat) - (x->stat < y->stat);
}

void sl_check_few_sort(struct sl_publication *pub)
{
	if (pub->nfew > 1)
		qsort(pub->few, pub->nfew, sizeof *pub->few, order);
}
