/*
 * term.h - the lower half of the grammar, from literals to sums; the upper half is parser.c.
 */
#ifndef SL_SCRIPT_TERM_H
#define SL_SCRIPT_TERM_H

#include "enclave/script/emit.h"

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

/* sl_term_no_function - the refusal for a function that does not stand here. */
enum sl_rc sl_term_no_function(struct sl_parser *p, const char *name, size_t at);

/* sl_term_use - push what a name stands for. */
SL_MUST_CHECK enum sl_rc sl_term_use(struct sl_parser *p, const struct sl_named *named, const char *name,
                                     struct sl_operand *x);

/* The rule `expression`, in parser.c. */
SL_MUST_CHECK enum sl_rc sl_parser_expression(struct sl_parser *p, struct sl_operand *x);

#endif
