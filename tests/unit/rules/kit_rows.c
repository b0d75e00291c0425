/* kit_rows.c - see kit_parts.h: which cell a row counts in, and what an expression is of it. */
#include "tests/unit/rules/kit_parts.h"

struct sl_value kit_evaluate(const struct sl_plan *plan, const struct sl_expr *e, const struct kit_row *row)
{
	struct sl_value in[SL_INPUTS_MAX] = { { 0 } };

	for (uint32_t i = 0; i < plan->ninputs; i++) {
		uint16_t c = plan->inputs[i].column;
		uint16_t lookup = plan->inputs[i].lookup;
		in[i] = lookup > 0 ? row->attribute[lookup - 1]
		                   : (struct sl_value){ .v = row->missing[c] ? 0 : row->value[c], .missing = row->missing[c] };
	}
	return sl_expr_eval(e, in);
}

bool kit_is_kept(const struct sl_plan *plan, const struct kit_row *row)
{
	if (plan->where.nops == 0)
		return true;
	struct sl_value v = kit_evaluate(plan, &plan->where, row);
	return !v.missing && v.v == 1;
}

uint64_t kit_cell_without(const struct kit *k, const struct sl_plan *plan, const struct kit_row *row,
                          uint32_t leave_out)
{
	uint64_t cell = 0;

	for (uint32_t i = 0; i < plan->nkeys; i++) {
		const struct sl_column *c = sl_plan_key_column(plan, &k->setup.view, i);
		const struct sl_input *in = &plan->inputs[plan->keys[i].input];
		int64_t value = row->value[in->column];
		bool missing = row->missing[in->column];
		if (i == leave_out)
			continue;
		if (in->lookup > 0) {
			const struct sl_reference_cell *told =
				&k->setup.view.tables[1].cells[value * KIT_ATTRIBUTES + in->lookup - 1];
			value = told->value;
			missing = missing || told->missing;
		}
		cell = cell * sl_column_ngroups(c, plan->keys[i].banded != 0) +
		       sl_column_group(c, plan->keys[i].banded != 0, value, missing);
	}
	return cell;
}

uint64_t kit_cell_of(const struct kit *k, const struct sl_plan *plan, const struct kit_row *row)
{
	return kit_is_kept(plan, row) ? kit_cell_without(k, plan, row, UINT32_MAX) : UINT64_MAX;
}

bool kit_meets(const struct sl_plan *plan, const struct sl_stat *stat, const struct kit_row *row)
{
	struct sl_value v = kit_evaluate(plan, &stat->arg, row);

	return !v.missing && ((stat->fn != SL_STAT_COUNT_IF && stat->fn != SL_STAT_SHARE) || v.v == 1);
}

bool kit_is_condition(uint8_t fn)
{
	return fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE;
}

/* One of arg2's list is missing. */
bool kit_lacks_second(const struct sl_plan *plan, const struct sl_stat *s, const struct kit_row *row)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts);

	for (uint32_t i = 0; i < n; i++)
		if (kit_evaluate(plan, &parts[i], row).missing)
			return true;
	return false;
}
