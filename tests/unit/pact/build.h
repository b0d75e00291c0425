/* build.h - expressions, views and plans written by hand, on storage of the test's own. */
#ifndef SL_TEST_PACT_BUILD_H
#define SL_TEST_PACT_BUILD_H

#include "enclave/pact/plan.h"

#define BUILD_OPS 200

/* An expression under construction. Zeroed is empty. */
struct build {
	struct sl_op ops[BUILD_OPS];
	struct sl_set sets[2];
	struct sl_set_item items[2][4];
	struct sl_expr expr;
};

void build_const(struct build *b, enum sl_type type, int scale, int64_t value);
void build_column(struct build *b, enum sl_type type, int scale, uint16_t input);
/* An operator, saying what it leaves. */
void build_op(struct build *b, enum sl_opcode op, enum sl_type type, int scale, uint16_t arg);
/* A set of up to 4 items; its number. */
uint16_t build_set(struct build *b, int scale, const int64_t *items, uint32_t n);

#endif
