/* build.c - see build.h. */
#include "tests/unit/pact/build.h"

#include <string.h>

static void put(struct build *b, struct sl_op op)
{
	b->expr.ops = b->ops;
	b->expr.sets = b->sets;
	b->ops[b->expr.nops++] = op;
}

void build_const(struct build *b, enum sl_type type, int scale, int64_t value)
{
	put(b, (struct sl_op){ .op = SL_OP_CONST, .type = (uint8_t)type, .scale = (int8_t)scale, .value = value });
}

void build_column(struct build *b, enum sl_type type, int scale, uint16_t input)
{
	put(b, (struct sl_op){ .op = SL_OP_COLUMN, .type = (uint8_t)type, .scale = (int8_t)scale, .arg = input });
}

void build_op(struct build *b, enum sl_opcode op, enum sl_type type, int scale, uint16_t arg)
{
	put(b, (struct sl_op){ .op = (uint8_t)op, .type = (uint8_t)type, .scale = (int8_t)scale, .arg = arg });
}

uint16_t build_set(struct build *b, int scale, const int64_t *items, uint32_t n)
{
	uint16_t at = (uint16_t)b->expr.nsets++;

	for (uint32_t i = 0; i < n; i++)
		b->items[at][i].value = items[i];
	b->sets[at] = (struct sl_set){ .scale = (int8_t)scale, .items = b->items[at], .nitems = n };
	b->expr.sets = b->sets;
	return at;
}
