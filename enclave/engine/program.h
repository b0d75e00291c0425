/*
 * program.h - an expression as a flat list of steps over the rows of a batch. Used by compute.c.
 *
 * program.c writes the list from a checked expression, program_steps.c holds the loop of each step. What a step gives
 * for a row is what sl_expr_eval gives for it; every row of the batch is computed, and where a row is missing any
 * value may stand.
 */
#ifndef SL_ENGINE_PROGRAM_H
#define SL_ENGINE_PROGRAM_H

#include "enclave/engine/batch.h"

/* Numbers, dates and text codes stand in values, conditions (0 or 1) in mask: a register has one of the two. */
enum sl_step_kind {
	SL_STEP_NONE = 0,
	SL_STEP_FILL, SL_STEP_FILL_MASK,     /* k in every row, or missing when `missing` */
	SL_STEP_COPY, SL_STEP_COPY_MASK,
	SL_STEP_NARROW,                      /* a boolean column to a mask */
	SL_STEP_RESCALE,                     /* a * k */
	SL_STEP_NEG, SL_STEP_ABS,
	SL_STEP_ADD, SL_STEP_SUB,
	SL_STEP_MUL,
	SL_STEP_MUL_ROUND,                   /* a * b / k, rounded */
	SL_STEP_DIV,                         /* a * k / b, rounded */
	SL_STEP_IDIV, SL_STEP_MOD,
	SL_STEP_IDIV_BY, SL_STEP_MOD_BY,     /* a by k, 2 <= k < 2^31 */
	SL_STEP_DATE_PART,                   /* op */
	SL_STEP_MONTHS,
	SL_STEP_LESS, SL_STEP_EQUAL,         /* a < b, a = b; != invert */
	SL_STEP_LESS_WIDE, SL_STEP_EQUAL_WIDE, /* a * k against b * kb, in 128 bits */
	SL_STEP_EQUAL_MASK,
	SL_STEP_RANGE,                       /* k <= a <= k + span; != invert */
	SL_STEP_DATE_RANGE,                  /* the same, and missing where the calendar has no such day */
	SL_STEP_ANY_OF, SL_STEP_BITMAP, SL_STEP_SEARCH, /* a in set */
	SL_STEP_AND, SL_STEP_OR, SL_STEP_NOT,
	SL_STEP_IS_NULL,                     /* != invert; never missing */
	SL_STEP_IS_TRUE,                     /* true and not missing; never missing */
	SL_STEP_BLEND, SL_STEP_BLEND_FILL, SL_STEP_BLEND_MASK, /* where a (never missing) is true: b, or k, into out */
	SL_STEP_COUNT_
};

/* Operands by slot: an input of the batch, or SL_INPUTS_MAX + a register. */
struct sl_step {
	uint8_t kind;              /* enum sl_step_kind */
	uint8_t op;                /* enum sl_opcode: which part of a date */
	bool invert, missing;
	uint16_t a, b;             /* slots; SL_SLOT_NONE */
	uint16_t out;              /* register */
	int64_t k, kb;
	uint64_t span;
	const struct sl_set *set;  /* of the expression */
	const uint64_t *bits;      /* of SL_STEP_BITMAP: span + 1 of them, the first is member k */
};

#define SL_SLOT_NONE UINT16_MAX

struct sl_register {
	int64_t *values;
	uint8_t *mask;
	uint8_t *own;              /* room for marks */
	const uint8_t *nulls;      /* own, or NULL: none missing */
};

/* The operand of a step. */
struct sl_vector {
	const int64_t *values;
	const uint8_t *mask;
	const uint8_t *nulls;
};

/*
 * sl_step_run - one step over rows 0..rows-1; sets out->nulls. Operands and out do not overlap, but that BLEND reads
 * out too. Allocates nothing, calls no system.
 */
void sl_step_run(const struct sl_step *step, struct sl_vector a, struct sl_vector b, struct sl_register *out,
                 uint32_t rows);

/* Live at a time: what stands on the stack, and while CASE is written its result, one branch and one condition. */
#define SL_REGISTERS_MAX (2 * (SL_EXPR_STACK_MAX + 3))

/* Room a program needs; and the program, once steps and bits point to that room. */
struct sl_program {
	struct sl_step *steps;
	uint64_t *bits;
	uint32_t nsteps, nbits;    /* bits: words */
	uint32_t nregisters;
	bool is_mask[SL_REGISTERS_MAX];
	uint16_t result;           /* slot */
	bool result_is_mask;
};

/*
 * sl_program_write - compile a checked expression that is not empty.
 *   p     out  all but steps and bits, which are the caller's: both NULL to learn the room needed, then that room
 *   expr  in   borrowed for the program's life
 * The same expression gives the same numbers each time.
 */
void sl_program_write(struct sl_program *p, const struct sl_expr *expr);

/* Closed; lo > hi: empty. */
struct sl_bounds {
	int64_t lo, hi;
};

/*
 * sl_program_bounds - the values on grid `scale` for which `value op constant` holds; of NE, those for which EQ does.
 * An answer without rounding: x < 0.15 on a grid of tenths is x <= 0.1.
 */
struct sl_bounds sl_program_bounds(enum sl_opcode op, int scale, int64_t constant, int constant_scale);

/* sl_program_year_days - the days of these years; empty when the calendar has none of them. */
struct sl_bounds sl_program_year_days(struct sl_bounds years);

#endif
