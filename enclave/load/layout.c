/* layout.c - see layout.h. */
#include "enclave/load/layout.h"

#include <stdlib.h>

/* What the column's values can be, once they are typed. */
static void bounds(const struct sl_load_column *c, struct sl_layout_column *out)
{
	out->lo = c->lo;
	out->hi = c->hi;
	if (c->type == SL_TYPE_TEXT)
		*out = (struct sl_layout_column){ .lo = 0, .hi = (int64_t)c->nlabels - (c->has_other ? 0 : 1),
		                                  .has_other = c->has_other != 0 };
	else if (c->type == SL_TYPE_BOOLEAN)
		*out = (struct sl_layout_column){ .lo = 0, .hi = 1 };
}

enum sl_rc sl_layout_init(struct sl_layout *l, const struct sl_load_setup *setup, struct sl_err *err)
{
	uint32_t at = sizeof(uint32_t), nullable = 0;

	*l = (struct sl_layout){ .columns = calloc(setup->ncolumns, sizeof *l->columns) };
	if (l->columns == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for columns");
	l->ncolumns = setup->ncolumns;
	l->columns[0] = (struct sl_layout_column){ .hi = SL_LAYOUT_UNITS_MAX, .mask = SL_LAYOUT_UNITS_MAX,
		.bytes = sizeof(uint32_t) };
	for (uint32_t i = 1; i < setup->ncolumns; i++) {
		struct sl_layout_column *c = &l->columns[i];

		bounds(&setup->columns[i], c);
		c->offset = at;
		for (uint64_t range = (uint64_t)c->hi - (uint64_t)c->lo; range != 0; range >>= 8) {
			c->mask = c->mask << 8 | 0xFF;
			c->bytes++;
		}
		at += c->bytes;
	}
	l->nulls_at = at;
	for (uint32_t i = 0; i < setup->ncolumns; i++) {
		l->columns[i].null_byte = at + nullable / 8;
		if (i > 0 && setup->columns[i].nullable)
			l->columns[i].null_bit = (uint8_t)(1 << nullable++ % 8);
	}
	l->row_bytes = at + (nullable + 7) / 8;
	return SL_OK;
}

void sl_layout_fini(struct sl_layout *l)
{
	free(l->columns);
	l->columns = NULL;
}
