/*
 * scribe.h - random typed expressions and random columns for them, for test_compute.c.
 *
 * Every operator the types allow is written; numbers lie about zero, about the ends of int64, and about each other, so
 * that comparisons, sets and overflows are met.
 */
#ifndef SL_TEST_SCRIBE_H
#define SL_TEST_SCRIBE_H

#include "enclave/engine/batch.h"

#define SCRIBE_INPUTS 12
#define SCRIBE_OPS 400
#define SCRIBE_SETS 4
#define SCRIBE_ITEMS 600

struct scribe {
	uint64_t random;
	struct sl_input_type inputs[SCRIBE_INPUTS];
	struct sl_op ops[SCRIBE_OPS];
	struct sl_set sets[SCRIBE_SETS];
	struct sl_set_item items[SCRIBE_SETS][SCRIBE_ITEMS];
	struct sl_expr expr;
	int64_t values[SCRIBE_INPUTS][SL_BATCH_ROWS];
	uint8_t nulls[SCRIBE_INPUTS][SL_BATCH_ROWS];
	struct sl_batch batch;
};

/* A number below `below`. */
uint32_t scribe_draw(struct scribe *s, uint32_t below);

/* Other columns, `rows` of them. */
void scribe_columns(struct scribe *s, uint32_t rows);

/* Another expression over them, a condition when asked for; sl_expr_check takes it. Its type. */
struct sl_input_type scribe_expression(struct scribe *s, bool condition);

/* One row as sl_expr_eval reads it. */
void scribe_row(const struct scribe *s, uint32_t row, struct sl_value out[static SCRIBE_INPUTS]);

/* The expression as text, for a failure. */
void scribe_say(const struct scribe *s);

#endif
