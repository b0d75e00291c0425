/*
 * expr.h - a typed scalar expression in postfix order, and its meaning.
 *
 * sluice-script writes it, the parent checks it, sluice-engine evaluates it over rows and sluice-check
 * over published cells (calc): one meaning for all, told in docs/semantics.md. Values are int64 on a
 * grid plus missing; conditions are three-valued (true 1, false 0, unknown = missing).
 *
 * Text never meets an operator but IS_NULL and IN: the parser turns every comparison of a text column
 * with literals into membership in a set of domain codes, so no text order exists at run time.
 */
#ifndef SL_PACT_EXPR_H
#define SL_PACT_EXPR_H

#include "enclave/pact/codec.h"
#include "enclave/pact/view.h"

#define SL_EXPR_OPS_MAX 512
#define SL_EXPR_SETS_MAX 32
#define SL_EXPR_SET_ITEMS_MAX 20000
#define SL_EXPR_STACK_MAX 64
#define SL_DIV_SCALE 6

enum sl_opcode {
	SL_OP_NONE = 0,
	SL_OP_CONST,    /* push value (type, scale) */
	SL_OP_COLUMN,   /* push input `arg` */
	SL_OP_NEG, SL_OP_ABS,
	SL_OP_ADD, SL_OP_SUB, SL_OP_MUL,
	SL_OP_DIV,      /* real, scale max(SL_DIV_SCALE, scales); x/0 missing */
	SL_OP_IDIV,     /* integers only, toward zero; x div 0 missing */
	SL_OP_MOD,      /* integers only, sign of the dividend; x mod 0 missing */
	SL_OP_EQ, SL_OP_NE, SL_OP_LT, SL_OP_LE, SL_OP_GT, SL_OP_GE,
	SL_OP_AND, SL_OP_OR, SL_OP_NOT,
	SL_OP_IS_NULL,  /* true or false, never missing */
	SL_OP_IN,       /* top in sets[arg]; missing in: missing */
	SL_OP_COALESCE, /* the first of the top `arg` values that is not missing */
	SL_OP_YEAR, SL_OP_MONTH, SL_OP_DAY, /* of a date, proleptic Gregorian */
	SL_OP_WEEKDAY,  /* of a date: 1 Monday … 7 Sunday */
	SL_OP_MONTHS,   /* completed months from the first date to the second, negative when it lies before */
	SL_OP_CASE,     /* arg pairs (condition, value) and an else value below: first true condition wins */
	SL_OP_COUNT_
};

struct sl_op {
	uint8_t op;      /* enum sl_opcode */
	uint8_t type;    /* of the value this op leaves, enum sl_type */
	int8_t scale;
	uint16_t arg;
	int64_t value;   /* SL_OP_CONST */
};

struct sl_set_item {
	int64_t value;
};

struct sl_set {
	int8_t scale;
	struct sl_set_item *items; /* strictly rising */
	uint32_t nitems;
};

struct sl_expr {
	struct sl_op *ops;
	uint32_t nops;
	struct sl_set *sets;
	uint32_t nsets;
};

extern const struct sl_record sl_op_record, sl_set_record, sl_expr_record;

/* The type an input column has: for expr_check and the parser. */
struct sl_input_type {
	uint8_t type;
	int8_t scale;
	uint32_t ncodes; /* text: labels, +1 when has_other; IN items must be below */
};

/*
 * sl_expr_result - the type and scale `op` gives for its operands, by the rules of docs/semantics.md.
 *   operand   in   types of the operands, first pushed first; noperands of them
 * False with a reason (static text, e.g. "text has no order") when the operands do not fit. CONST, COLUMN and
 * IN are not asked here. CASE gets its 2*arg+1 operands, COALESCE its arg.
 */
bool sl_expr_result(enum sl_opcode op, const struct sl_input_type *operand, size_t noperands,
                    struct sl_input_type *result, const char **why);

/*
 * sl_expr_check - judge an expression from another process: stack discipline, depth, input numbers, and each
 * op's type and scale recomputed and compared.
 *   inputs  in   ninputs columns
 *   result  out  type of the one value it leaves
 * Fails: SL_E_INPUT.
 */
SL_MUST_CHECK enum sl_rc sl_expr_check(const struct sl_expr *expr, const struct sl_input_type *inputs, size_t ninputs,
                                       struct sl_input_type *result, struct sl_err *err);

struct sl_value {
	int64_t v;
	bool missing;
};

/* sl_expr_eval - value of a checked expression over one row of inputs. Never fails: overflow and x/0 are missing. */
struct sl_value sl_expr_eval(const struct sl_expr *expr, const struct sl_value *inputs);

/* sl_op_operands - how many values an op of a checked expression takes off the stack. */
size_t sl_op_operands(const struct sl_op *op);

#define SL_EXPR_PARTS_MAX 8
/*
 * sl_expr_parts - the expressions that a list of them, one behind the other, is made of; sets are shared.
 *   parts  out  borrowed from list; all its operations are in one of them
 * How many; 0: none, more than SL_EXPR_PARTS_MAX, or it is no list of whole expressions. Does not judge them.
 */
uint32_t sl_expr_parts(const struct sl_expr *list, struct sl_expr parts[static SL_EXPR_PARTS_MAX]);

/* sl_expr_equal - the same expression op by op, so that one run serves both. */
bool sl_expr_equal(const struct sl_expr *a, const struct sl_expr *b);

/* sl_opcode_mirrored - what the other side of a comparison sees: a < b is b > a. Any other op is itself. */
enum sl_opcode sl_opcode_mirrored(enum sl_opcode op);

/* sl_opcode_name - "add", for messages and tests. */
const char *sl_opcode_name(enum sl_opcode op);

#endif
