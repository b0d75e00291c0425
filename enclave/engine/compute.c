/* compute.c - see compute.h. */
#include "enclave/engine/compute.h"

#include <stdlib.h>
#include <string.h>

static void note_input(struct sl_compute *c, uint16_t input)
{
	for (uint32_t i = 0; i < c->nused; i++)
		if (c->used[i] == input)
			return;
	c->used[c->nused++] = input;
}

enum sl_rc sl_compute_init(struct sl_compute *c, const struct sl_expr *expr, struct sl_err *err)
{
	c->expr = expr;
	for (uint32_t i = 0; i < expr->nops; i++)
		if (expr->ops[i].op == SL_OP_COLUMN)
			note_input(c, expr->ops[i].arg);
	c->is_column = expr->nops == 1 && expr->ops[0].op == SL_OP_COLUMN;
	if (c->is_column)
		return SL_OK;
	c->values = calloc(SL_BATCH_ROWS, sizeof *c->values);
	c->nulls = calloc(SL_BATCH_ROWS, 1);
	if (c->values == NULL || c->nulls == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for an expression");
	return SL_OK;
}

struct sl_computed sl_compute_run(struct sl_compute *c, const struct sl_batch *batch, const uint8_t *kept)
{
	struct sl_value row[SL_INPUTS_MAX];

	if (c->is_column)
		return (struct sl_computed){ .values = batch->values[c->used[0]], .nulls = batch->nulls[c->used[0]] };
	for (uint32_t r = 0; r < batch->rows; r++) {
		if (kept != NULL && !kept[r])
			continue;
		for (uint32_t i = 0; i < c->nused; i++) {
			uint16_t input = c->used[i];
			row[input] = (struct sl_value){ .v = batch->values[input][r], .missing = batch->nulls[input][r] != 0 };
		}
		struct sl_value v = sl_expr_eval(c->expr, row);
		c->values[r] = v.v;
		c->nulls[r] = v.missing;
	}
	return (struct sl_computed){ .values = c->values, .nulls = c->nulls };
}

void sl_compute_fini(struct sl_compute *c)
{
	free(c->values);
	free(c->nulls);
	memset(c, 0, sizeof *c);
}
