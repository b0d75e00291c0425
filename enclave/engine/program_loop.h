/*
 * program_loop.h - what the loops of steps share. Used by program_steps.c, program_truth.c and program_dates.c
 * alone.
 *
 * Written so that a compiler makes vector code of the everyday ones: no branch per row, and marks are written only
 * when a row of the batch needs one. A missing row may hold any number, so all arithmetic wraps or is checked.
 */
#ifndef SL_ENGINE_PROGRAM_LOOP_H
#define SL_ENGINE_PROGRAM_LOOP_H

#include "enclave/engine/program.h"

/* What a loop works on: the operands of its step, and the register it writes. It returns the marks, NULL for none. */
struct sl_frame {
	struct sl_vector a, b;
	struct sl_register *out;
	uint32_t rows;
};

#define SL_EACH_ROW(f) for (uint32_t r = 0, rows_ = (f)->rows; r < rows_; r++)

/*
 * Comparisons as arithmetic on the sign bit (H. Warren, "Hacker's Delight", 2-12): every processor of ours has vector
 * instructions for these, and only newer ones for comparing 64 bits.
 */

/* sl_below - 1 when x < y. */
static inline uint8_t sl_below(uint64_t x, uint64_t y)
{
	return (uint8_t)(((~x & y) | (~(x ^ y) & (x - y))) >> 63);
}

/* sl_differ - 1 when x is not y. */
static inline uint8_t sl_differ(uint64_t x, uint64_t y)
{
	uint64_t d = x ^ y;

	return (uint8_t)((d | (0 - d)) >> 63);
}

/* sl_marks_either - the marks of both operands. */
const uint8_t *sl_marks_either(const struct sl_frame *f);

/* sl_marks_settle - the same and, when `any` is set, those the step itself has written into own for every row. */
const uint8_t *sl_marks_settle(const struct sl_frame *f, bool any);

/* The loops another file needs. */
const uint8_t *sl_loop_less(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_equal(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_less_wide(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_equal_wide(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_equal_mask(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_range(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_any_of(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_bitmap(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_search(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_and(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_or(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_not(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_is_null(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_is_true(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_date_range(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_date_part(const struct sl_step *s, const struct sl_frame *f);
const uint8_t *sl_loop_months(const struct sl_step *s, const struct sl_frame *f);

#endif
