/*
 * term.h - the lower half of the grammar, from literals to sums; the upper half is parser.c.
 */
#ifndef SL_SCRIPT_TERM_H
#define SL_SCRIPT_TERM_H

#include "enclave/script/emit.h"

#define SL_TERM_BRANCHES_MAX 64 /* operands of one coalesce or case */

struct sl_parser {
	struct sl_emit e;
	struct sl_lexer lx;
	struct sl_token t;  /* the token looked at */
	size_t last_end;    /* of the token before it */
	int depth;          /* of nesting, at most SL_PARSER_DEPTH_MAX */
};

/*
 * sl_term_advance - look at the next token. sl_term_at - is it this keyword or symbol. sl_term_take - it
 * must be; go on.
 */
SL_MUST_CHECK enum sl_rc sl_term_advance(struct sl_parser *p);
bool sl_term_at(const struct sl_parser *p, enum sl_word w);
SL_MUST_CHECK enum sl_rc sl_term_take(struct sl_parser *p, enum sl_word w);

/* sl_term_unexpected - "a value expected, not )". */
enum sl_rc sl_term_unexpected(struct sl_parser *p, const char *wanted);

/* sl_term_deeper - one level down; the caller steps p->depth back. */
SL_MUST_CHECK enum sl_rc sl_term_deeper(struct sl_parser *p);

/* sl_term_sum - the rule `sum`. A text operand may come back waiting. */
SL_MUST_CHECK enum sl_rc sl_term_sum(struct sl_parser *p, struct sl_operand *x);

/*
 * sl_term_name - name, table.name or dataset.table.name as what the scope says it is; the token looked at
 * is the first name.
 */
SL_MUST_CHECK enum sl_rc sl_term_name(struct sl_parser *p, struct sl_named *named, const char **last);

/* sl_term_at_call - whether the text goes on with this unquoted name and a parenthesis. */
bool sl_term_at_call(const struct sl_parser *p, const char *function);

/* sl_term_constant - a sum that must be one constant or a text that waits; a constant is taken back from the ops. */
SL_MUST_CHECK enum sl_rc sl_term_constant(struct sl_parser *p, const struct sl_operand *like, struct sl_operand *x,
                                          struct sl_op *constant);

/* sl_term_argument - the value of the parameter looked at. SL_E_INPUT with a near name when it has none. */
SL_MUST_CHECK enum sl_rc sl_term_argument(struct sl_parser *p, const struct sl_argument **out);

/* sl_term_use - push what a name stands for. */
SL_MUST_CHECK enum sl_rc sl_term_use(struct sl_parser *p, const struct sl_named *named, const char *name,
                                     struct sl_operand *x);

/* The rule `call`, in function.c: behind a function's name, at its "(". */
SL_MUST_CHECK enum sl_rc sl_function_call(struct sl_parser *p, const char *name, struct sl_operand *x);

/* The rules `statistic` and `fold`, in statistic.c. */
SL_MUST_CHECK enum sl_rc sl_statistic_parse(struct sl_parser *p, struct sl_parsed *out);
SL_MUST_CHECK enum sl_rc sl_statistic_parse_fold(struct sl_parser *p, struct sl_parsed *out);

/* The rule `expression`, in parser.c. */
SL_MUST_CHECK enum sl_rc sl_parser_expression(struct sl_parser *p, struct sl_operand *x);

#endif
