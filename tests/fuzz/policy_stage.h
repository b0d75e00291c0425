/* policy_stage.h - a fixed view and plan for the fuzz targets of policy. */
#ifndef SL_FUZZ_POLICY_STAGE_H
#define SL_FUZZ_POLICY_STAGE_H

#include "enclave/pact/setup.h"

static char t_name[] = "d.t", t_space[] = "person", t_unit[] = "id", t_empty[] = "", t_out[] = "out", t_key[] = "k";
static char t_sick[] = "sick", t_amount[] = "amount", t_s[] = "s", t_u[] = "u", t_n[] = "n", t_c[] = "c",
	    t_words[] = "w";
static struct sl_column stage_columns[] = {
	{ .name = t_sick,
	  .title = t_words,
	  .type = SL_TYPE_BOOLEAN,
	  .uses = 7,
	  .sensitive = 1,
	  .nullable = 1,
	  .lo = INT64_MIN,
	  .hi = INT64_MAX },
	{ .name = t_amount,
	  .title = t_words,
	  .type = SL_TYPE_REAL,
	  .scale = 2,
	  .uses = 7,
	  .lo = INT64_MIN,
	  .hi = INT64_MAX },
};
static struct sl_table stage_table = {
	.name = t_name,
	.space = t_space,
	.unit_column = t_unit,
	.class_ = SL_CLASS_OPEN,
	.columns = stage_columns,
	.ncolumns = 2,
};
static struct sl_source stage_source;
static struct sl_input stage_inputs[] = { { .column = 0 }, { .column = 1 } };
static struct sl_op stage_sick = { .op = SL_OP_COLUMN, .type = SL_TYPE_BOOLEAN };
static struct sl_op stage_amount = { .op = SL_OP_COLUMN, .type = SL_TYPE_REAL, .scale = 2, .arg = 1 };
static struct sl_op stage_ratio[] = {
	{ .op = SL_OP_COLUMN, .type = SL_TYPE_REAL, .scale = 2, .arg = 1 },
	{ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER, .arg = 0 },
	{ .op = SL_OP_DIV, .type = SL_TYPE_REAL, .scale = 6 },
};
static struct sl_key stage_key = { .name = t_key, .description = t_empty };
static struct sl_stat stage_stats[] = {
	{ .name = t_u, .fn = SL_STAT_UNITS, .description = t_words },
	{ .name = t_s, .fn = SL_STAT_SUM, .arg = { .ops = &stage_amount, .nops = 1 }, .description = t_words },
	{ .name = t_n, .fn = SL_STAT_SHARE, .arg = { .ops = &stage_sick, .nops = 1 }, .description = t_words },
};
static struct sl_calc stage_calc = { .name = t_c, .expr = { .ops = stage_ratio, .nops = 3 }, .description = t_words };
static struct sl_order stage_order = { 2, 1 };
static const struct sl_plan stage_plan = {
	.output = t_out,
	.sources = &stage_source,
	.nsources = 1,
	.inputs = stage_inputs,
	.ninputs = 2,
	.keys = &stage_key,
	.nkeys = 1,
	.stats = stage_stats,
	.nstats = 3,
	.calcs = &stage_calc,
	.ncalcs = 1,
	.order = &stage_order,
	.norder = 1,
	.purpose = t_empty,
};

#endif
