/* lookup.c - see lookup.h. */
#include "enclave/engine/lookup.h"

struct sl_lookup sl_lookup_of(const struct sl_plan *plan, const struct sl_view *view, uint32_t input)
{
	const struct sl_column *base = sl_plan_base_column(plan, view, input);
	const struct sl_table *t = &view->tables[base->reference - 1];

	return (struct sl_lookup){
		.cells = t->cells,
		.nrows = t->ncells / t->ncolumns,
		.ncolumns = t->ncolumns,
		.column = plan->inputs[input].lookup - 1u,
	};
}

void sl_lookup_apply(const struct sl_lookup *lookup, uint32_t rows, const int64_t *codes, const uint8_t *code_nulls,
                     int64_t *values, uint8_t *nulls)
{
	for (uint32_t r = 0; r < rows; r++) {
		bool known = (code_nulls == NULL || code_nulls[r] == 0) && codes[r] >= 0 && codes[r] < (int64_t)lookup->nrows;
		const struct sl_reference_cell *cell =
			known ? &lookup->cells[(size_t)codes[r] * lookup->ncolumns + lookup->column] : NULL;

		nulls[r] = cell == NULL || cell->missing != 0;
		values[r] = nulls[r] ? 0 : cell->value;
	}
}
