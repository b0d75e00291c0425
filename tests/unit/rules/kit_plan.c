/* kit_plan.c - see kit.h: plans over the table, as a script would ask for them. */
#include "tests/unit/rules/kit_parts.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

struct sl_plan *kit_plan(struct kit *k)
{
	char name[16];
	struct sl_plan *plan = &k->plans[k->setup.nplans];

	assert_true(k->setup.nplans < KIT_PLANS_MAX);
	(void)snprintf(name, sizeof name, "out%u", k->setup.nplans++);
	plan->output = strdup(name);
	plan->purpose = strdup("");
	plan->sources = kit_zeroed(1, sizeof *plan->sources);
	plan->nsources = 1;
	plan->line = 1;
	return plan;
}

uint16_t kit_input(struct sl_plan *plan, enum kit_column column)
{
	for (uint32_t i = 0; i < plan->ninputs; i++)
		if (plan->inputs[i].column == column && plan->inputs[i].lookup == 0)
			return (uint16_t)i;
	plan->inputs = kit_grown(plan->inputs, plan->ninputs, sizeof *plan->inputs);
	plan->inputs[plan->ninputs].column = (uint16_t)column;
	return (uint16_t)plan->ninputs++;
}

void kit_key(struct sl_plan *plan, const char *name, enum kit_column column, bool banded)
{
	plan->keys = kit_grown(plan->keys, plan->nkeys, sizeof *plan->keys);
	plan->keys[plan->nkeys++] = (struct sl_key){
		.name = strdup(name),
		.input = kit_input(plan, column),
		.banded = banded,
		.description = strdup(""),
	};
}

void kit_level(struct sl_plan *plan, const char *name, uint16_t attribute)
{
	plan->inputs = kit_grown(plan->inputs, plan->ninputs, sizeof *plan->inputs);
	plan->inputs[plan->ninputs] = (struct sl_input){ .column = KIT_REGION, .lookup = (uint16_t)(attribute + 1) };
	plan->keys = kit_grown(plan->keys, plan->nkeys, sizeof *plan->keys);
	plan->keys[plan->nkeys++] = (struct sl_key){ .name = strdup(name), .input = (uint16_t)plan->ninputs++,
		.description = strdup("") };
}

static void push(struct sl_expr *e, struct sl_op op)
{
	e->ops = kit_grown(e->ops, e->nops, sizeof *e->ops);
	e->ops[e->nops++] = op;
}

static void push_column(struct sl_plan *plan, struct sl_expr *e, enum kit_column column)
{
	static const uint8_t types[] = { SL_TYPE_TEXT,    SL_TYPE_TEXT, SL_TYPE_BOOLEAN,
		                         SL_TYPE_INTEGER, SL_TYPE_REAL, SL_TYPE_INTEGER };
	uint16_t input = kit_input(plan, column);

	push(e,
	     (struct sl_op){
		     .op = SL_OP_COLUMN, .type = types[column], .scale = column == KIT_PRICE ? 2 : 0, .arg = input });
}

static void push_condition(struct sl_plan *plan, struct sl_expr *e, enum kit_column column, int64_t bound)
{
	push_column(plan, e, column);
	if (column == KIT_SICK)
		return;
	push(e, (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = bound });
	push(e, (struct sl_op){ .op = SL_OP_GT, .type = SL_TYPE_BOOLEAN });
}

struct sl_stat *kit_stat(struct sl_plan *plan, const char *name, enum sl_stat_fn fn, enum kit_column column,
                         int64_t bound)
{
	plan->stats = kit_grown(plan->stats, plan->nstats, sizeof *plan->stats);
	struct sl_stat *s = &plan->stats[plan->nstats++];

	s->name = strdup(name);
	s->fn = (uint8_t)fn;
	s->description = strdup("described");
	if (fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE)
		push_condition(plan, &s->arg, column, bound);
	else if (fn != SL_STAT_UNITS && fn != SL_STAT_COUNT)
		push_column(plan, &s->arg, column);
	if (fn == SL_STAT_QUANTILE)
		s->p = (uint16_t)bound;
	return s;
}

void kit_second(struct sl_plan *plan, struct sl_stat *s, enum kit_column column)
{
	push_column(plan, &s->arg2, column);
}

void kit_second_condition(struct sl_plan *plan, struct sl_stat *s, enum kit_column column, int64_t bound)
{
	push_condition(plan, &s->arg2, column, bound);
}

void kit_divide(struct sl_stat *s, int64_t by)
{
	push(&s->arg, (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = by });
	push(&s->arg, (struct sl_op){ .op = SL_OP_IDIV, .type = SL_TYPE_INTEGER });
}

void kit_more(struct sl_stat *s, int64_t more)
{
	push(&s->arg, (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = more });
	push(&s->arg, (struct sl_op){ .op = SL_OP_ADD, .type = SL_TYPE_INTEGER });
}

void kit_times(struct sl_stat *s, int64_t by)
{
	push(&s->arg, (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = by });
	push(&s->arg, (struct sl_op){ .op = SL_OP_MUL, .type = SL_TYPE_INTEGER });
}

void kit_where(struct sl_plan *plan, enum kit_column column, int64_t bound)
{
	push_condition(plan, &plan->where, column, bound);
}

void kit_calc_difference(struct sl_plan *plan, const char *name, uint32_t a, uint32_t b)
{
	plan->calcs = kit_grown(plan->calcs, plan->ncalcs, sizeof *plan->calcs);
	struct sl_calc *c = &plan->calcs[plan->ncalcs++];

	c->name = strdup(name);
	c->description = strdup("a difference; unit: none");
	push(&c->expr, (struct sl_op){ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER, .arg = (uint16_t)a });
	push(&c->expr, (struct sl_op){ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER, .arg = (uint16_t)b });
	push(&c->expr, (struct sl_op){ .op = SL_OP_SUB, .type = SL_TYPE_INTEGER });
}
