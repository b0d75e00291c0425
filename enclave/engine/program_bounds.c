/*
 * program_bounds.c - what a comparison with a constant says of whole numbers: from where to where a value may be. For
 * program.c, which writes such a comparison as one step, and program_ranges.c, which tells it of chunks.
 */
#include "enclave/engine/program.h"

struct sl_bounds sl_program_bounds(enum sl_opcode op, int scale, int64_t constant, int constant_scale)
{
	/* The constant lies from floor to ceil on the value's grid: at both, or between. */
	sl_i128 floor = constant, ceil = constant;

	if (scale > constant_scale) {
		floor *= sl_pow10(scale - constant_scale);
		ceil = floor;
	} else if (scale < constant_scale) {
		int64_t by = sl_pow10(constant_scale - scale), rest = constant % by;
		floor = constant / by - (rest < 0);
		ceil = floor + (rest != 0);
	}
	sl_i128 lo = INT64_MIN, hi = INT64_MAX;
	if (op == SL_OP_EQ || op == SL_OP_NE || op == SL_OP_GE)
		lo = ceil;
	if (op == SL_OP_EQ || op == SL_OP_NE || op == SL_OP_LE)
		hi = floor;
	if (op == SL_OP_GT)
		lo = floor + 1;
	if (op == SL_OP_LT)
		hi = ceil - 1;
	if (lo > hi || lo > INT64_MAX || hi < INT64_MIN)
		return (struct sl_bounds){ .lo = 1, .hi = 0 };
	return (struct sl_bounds){ .lo = (int64_t)(lo < INT64_MIN ? INT64_MIN : lo),
		.hi = (int64_t)(hi > INT64_MAX ? INT64_MAX : hi) };
}

struct sl_bounds sl_program_year_days(struct sl_bounds years)
{
	struct sl_bounds days = { .lo = 1, .hi = 0 };
	int64_t first = years.lo < 1 ? 1 : years.lo, last = years.hi > 9999 ? 9999 : years.hi;

	if (first > last || !sl_days_from_civil((int)first, 1, 1, &days.lo) ||
	    !sl_days_from_civil((int)last, 12, 31, &days.hi))
		return (struct sl_bounds){ .lo = 1, .hi = 0 };
	return days;
}
