/*
 * parser.h - from the text of an expression to its typed postfix form (enclave/pact/expr.h).
 *
 * Recursive descent over the grammar of docs/analyst.md, bounded in length and depth. Knows names only
 * through the scope it is given; knows no Lua. Uses are not judged here: the relation does that.
 */
#ifndef SL_SCRIPT_PARSER_H
#define SL_SCRIPT_PARSER_H

#include "enclave/pact/plan.h"

#define SL_PARSER_TEXT_MAX (1u << 18) /* bytes of one expression; room for a list of the largest size */
#define SL_PARSER_DEPTH_MAX 48   /* parentheses, not, case and signs inside one another; keeps the C stack small */

/* What a name stands for. */
enum sl_named_kind {
	SL_NAMED_NONE = 0,
	SL_NAMED_INPUT,  /* input of the plan, or a published statistic in calc */
	SL_NAMED_EXPR,   /* a derived expression over the same inputs */
	SL_NAMED_BANDS,  /* a derived bands(column): a key, no value */
};

struct sl_named {
	enum sl_named_kind kind;
	uint16_t input;
	struct sl_input_type type;
	const struct sl_expr *expr;
};

/* A value given to $name. text is as written; numbers are plain decimals. A list has items instead, none a list. */
struct sl_argument {
	const char *name, *text;
	enum sl_argument_kind { SL_ARGUMENT_TEXT, SL_ARGUMENT_NUMBER, SL_ARGUMENT_BOOLEAN, SL_ARGUMENT_LIST } kind;
	const struct sl_argument *items;
	size_t nitems;
};

struct sl_scope {
	void *self;
	/* Fills *out, or err with a near name. qualifier is NULL, or what stands before the last dot. */
	enum sl_rc (*name)(void *self, const char *qualifier, const char *name, struct sl_named *out, struct sl_err *err);
	/* The column behind a text input; its labels are the text's domain. */
	const struct sl_column *(*column)(void *self, uint16_t input);
	const struct sl_argument *arguments;
	size_t narguments;
};

enum sl_parse_mode {
	SL_PARSE_NONE = 0,
	SL_PARSE_CONDITION,  /* where: leaves a boolean */
	SL_PARSE_DEFINITION, /* derive: a value, or bands(column) */
	SL_PARSE_KEY,        /* group_by: a column's or definition's name, or bands(column) */
	SL_PARSE_STATISTIC,  /* summarise: fn(…) */
	SL_PARSE_FOLD,       /* per_unit: fn(…) */
	SL_PARSE_CALC,       /* calc: a value, no text */
};

struct sl_parsed {
	enum sl_stat_fn fn;        /* STATISTIC; none for hist(column): expr pushes it */
	enum sl_fold_fn fold;      /* FOLD */
	uint16_t p;                /* of a quantile */
	bool banded;               /* DEFINITION, KEY: bands(…) of the one column expr pushes */
	struct sl_expr expr;       /* heap, free with sl_codec_free(&sl_expr_record, …); no ops for units() and count() */
	struct sl_expr expr2;      /* the second argument of a statistic that has one */
	struct sl_input_type type; /* of expr */
};

/* sl_parsed_free - frees both expressions. */
void sl_parsed_free(struct sl_parsed *parsed);

/*
 * sl_parser_parse - parse text[0..len) as `mode` says.
 *   out  out  zeroed on failure
 * Fails: SL_E_INPUT with err->col (1-based character of the text; 0 if it concerns the whole), text and, where one
 * is known, remedy; SL_E_LIMIT (length, depth, operators, sets); SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_parser_parse(enum sl_parse_mode mode, const char *text, size_t len,
                                         const struct sl_scope *scope, struct sl_parsed *out, struct sl_err *err);

#endif
