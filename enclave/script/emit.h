/*
 * emit.h - operands and the operators that join them, for the parser alone.
 *
 * A value is emitted when it is read. A text literal or a text parameter is not: it waits for the text column
 * (or date, or number) it is compared with, and becomes a set of domain codes or a constant then.
 */
#ifndef SL_SCRIPT_EMIT_H
#define SL_SCRIPT_EMIT_H

#include "enclave/script/lexer.h"
#include "enclave/script/parser.h"

enum sl_operand_kind {
	SL_OPERAND_NONE = 0,
	SL_OPERAND_VALUE,     /* emitted; type says what */
	SL_OPERAND_COLUMN,    /* emitted; a text column */
	SL_OPERAND_TEXT,      /* 'literal', not emitted */
	SL_OPERAND_PARAM,     /* a text given to $name, not emitted: text, number or date by what it meets */
};

/* How a text column is read where it is compared; ASCII letters only. */
enum sl_form { SL_FORM_PLAIN = 0, SL_FORM_LOWER, SL_FORM_UPPER };

struct sl_operand {
	enum sl_operand_kind kind;
	struct sl_input_type type;
	const struct sl_column *column; /* COLUMN */
	enum sl_form form;              /* COLUMN */
	const char *text;               /* TEXT, PARAM */
	size_t at, end;                 /* in the expression's text */
	uint32_t first;                 /* VALUE, COLUMN: index of its first op */
};

struct sl_emit {
	const char *text;
	size_t len;
	const struct sl_scope *scope;
	struct sl_expr expr;            /* under construction; ops has room for SL_EXPR_OPS_MAX */
	struct sl_err *err;
};

/* sl_emit_fail - record an error at byte `at` of the text, with the remedy (NULL: none). Returns rc. */
enum sl_rc sl_emit_fail(struct sl_emit *e, enum sl_rc rc, size_t at, const char *remedy, const char *fmt, ...)
	SL_PRINTF(5, 6);

/* sl_emit_op - append one operation. SL_E_LIMIT when the expression is full. */
SL_MUST_CHECK enum sl_rc sl_emit_op(struct sl_emit *e, size_t at, struct sl_op op);

/*
 * sl_emit_number - parse "12" or "-1.5" as a constant (value, type, scale). SL_E_INPUT: too large, too many
 * decimals.
 */
SL_MUST_CHECK enum sl_rc sl_emit_number(struct sl_emit *e, size_t at, const char *text, struct sl_op *out);

/* sl_emit_value - make a waiting operand a value: a parameter becomes number or date; a literal is refused. */
SL_MUST_CHECK enum sl_rc sl_emit_value(struct sl_emit *e, struct sl_operand *x);

/* sl_emit_operator - join n emitted operands by op; the result is in x[0]. */
SL_MUST_CHECK enum sl_rc sl_emit_operator(struct sl_emit *e, enum sl_opcode op, size_t at, struct sl_operand *x,
                                          size_t n);

/* sl_emit_compare - a op b, for EQ … GE; the result is in *a. */
SL_MUST_CHECK enum sl_rc sl_emit_compare(struct sl_emit *e, enum sl_opcode op, size_t at, struct sl_operand *a,
                                         struct sl_operand *b);

/* sl_emit_as - give a waiting parameter the type of `like` and emit it; other operands: sl_emit_value. */
SL_MUST_CHECK enum sl_rc sl_emit_as(struct sl_emit *e, struct sl_operand *x, const struct sl_operand *like);

#endif
