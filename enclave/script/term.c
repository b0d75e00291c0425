/* term.c - see term.h; one function per rule of the grammar in docs/analyst.md. */
#include "enclave/script/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "enclave/base/text.h"
#include "enclave/script/domain.h"

enum sl_rc sl_term_advance(struct sl_parser *p)
{
	p->last_end = p->t.end;
	p->t = sl_lexer_next(&p->lx);
	if (p->t.kind == SL_TOKEN_NONE)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, p->t.remedy, "%s", p->t.why);
	return SL_OK;
}

bool sl_term_at(const struct sl_parser *p, enum sl_word w)
{
	return (p->t.kind == SL_TOKEN_KEYWORD || p->t.kind == SL_TOKEN_SYMBOL) && p->t.word == w;
}

bool sl_term_at_call(const struct sl_parser *p, const char *function)
{
	size_t n = strlen(function);

	return p->t.kind == SL_TOKEN_NAME && !p->t.quoted && strcmp(p->t.text, function) == 0 && p->t.end - p->t.at == n &&
	       p->lx.text[p->lx.at + strspn(p->lx.text + p->lx.at, " \t\r\n")] == '(';
}

enum sl_rc sl_term_unexpected(struct sl_parser *p, const char *wanted)
{
	size_t n = p->t.end - p->t.at > 40 ? 40 : p->t.end - p->t.at;

	if (p->t.kind == SL_TOKEN_END)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, NULL, "%s expected, and the expression ends", wanted);
	return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, NULL, "%s expected, not %.*s", wanted, (int)n, p->e.text + p->t.at);
}

enum sl_rc sl_term_take(struct sl_parser *p, enum sl_word w)
{
	char wanted[16];

	if (sl_term_at(p, w))
		return sl_term_advance(p);
	snprintf(wanted, sizeof wanted, "\"%s\"", sl_lexer_word(w));
	return sl_term_unexpected(p, wanted);
}

static enum sl_rc constant(struct sl_parser *p, struct sl_operand *x, struct sl_op op)
{
	x->kind = SL_OPERAND_VALUE;
	x->type = (struct sl_input_type){.type = op.type, .scale = op.scale};
	return sl_emit_op(&p->e, x->at, op);
}

static enum sl_rc no_argument(struct sl_parser *p)
{
	const struct sl_scope *scope = p->e.scope;
	const char *names[2 * SL_PARAMS_MAX];
	size_t n = scope->narguments < 2 * SL_PARAMS_MAX ? scope->narguments : 2 * SL_PARAMS_MAX;

	for (size_t i = 0; i < n; i++)
		names[i] = scope->arguments[i].name;
	int near = sl_text_near(p->t.text, names, n);
	sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, NULL, "no value is given for $%s", p->t.text);
	if (near >= 0)
		sl_err_remedy(p->e.err, "did you mean $%s?", names[near]);
	else
		sl_err_remedy(p->e.err, "give it in the table behind the text: {%.40s = …}, or as a parameter of the job", p->t.text);
	return SL_E_INPUT;
}

enum sl_rc sl_term_argument(struct sl_parser *p, const struct sl_argument **out)
{
	const struct sl_scope *scope = p->e.scope;
	size_t i = 0;

	while (i < scope->narguments && strcmp(scope->arguments[i].name, p->t.text) != 0)
		i++;
	*out = i < scope->narguments ? &scope->arguments[i] : NULL;
	return *out != NULL ? SL_OK : no_argument(p);
}

static enum sl_rc list_alone(struct sl_parser *p)
{
	return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "look a value up in it: x in $name", "$%s is a list, not one value",
	                    p->t.text);
}

static enum sl_rc parameter(struct sl_parser *p, struct sl_operand *x)
{
	const struct sl_argument *a = NULL;
	struct sl_op op = {.op = SL_OP_CONST, .type = SL_TYPE_BOOLEAN};
	enum sl_rc rc = sl_term_argument(p, &a);

	if (rc != SL_OK)
		return rc;
	if (a->kind == SL_ARGUMENT_LIST)
		return list_alone(p);
	if (a->kind == SL_ARGUMENT_TEXT) {
		x->kind = SL_OPERAND_PARAM;
		x->text = a->text;
	} else if (a->kind == SL_ARGUMENT_BOOLEAN) {
		op.value = strcmp(a->text, "true") == 0;
		rc = constant(p, x, op);
	} else {
		rc = sl_emit_number(&p->e, x->at, a->text, &op);
		if (rc == SL_OK)
			rc = constant(p, x, op);
	}
	return rc == SL_OK ? sl_term_advance(p) : rc;
}

static enum sl_rc date(struct sl_parser *p, struct sl_operand *x)
{
	struct sl_op op = {.op = SL_OP_CONST, .type = SL_TYPE_DATE};
	const char *text = p->t.text;

	if (p->t.kind == SL_TOKEN_PARAM) {
		const struct sl_argument *a = NULL;
		enum sl_rc rc = sl_term_argument(p, &a);
		if (rc != SL_OK)
			return rc;
		if (a->kind == SL_ARGUMENT_LIST)
			return list_alone(p);
		text = a->text;
	}
	if (!sl_parse_date(text, strlen(text), &op.value))
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "write year-month-day: date '2020-01-31'",
		                    "'%.40s' is no date", text);
	enum sl_rc rc = constant(p, x, op);
	return rc == SL_OK ? sl_term_advance(p) : rc;
}

/* Copies a derived expression in place of its name; its sets come along. */
static enum sl_rc inline_expr(struct sl_parser *p, const struct sl_expr *expr, struct sl_operand *x)
{
	uint32_t base = p->e.expr.nsets;

	for (uint32_t i = 0; i < expr->nsets; i++) {
		const struct sl_set *from = &expr->sets[i];
		uint32_t set = 0;
		enum sl_rc rc = sl_domain_set_new(&p->e, x->at, &set);
		if (rc != SL_OK)
			return rc;
		struct sl_set *to = &p->e.expr.sets[set];
		to->scale = from->scale;
		if (from->nitems > 0) {
			to->items = malloc(from->nitems * sizeof to->items[0]);
			if (to->items == NULL)
				return sl_err_set(p->e.err, SL_E_NOMEM, "out of memory");
			memcpy(to->items, from->items, from->nitems * sizeof to->items[0]);
			to->nitems = from->nitems;
		}
	}
	for (uint32_t i = 0; i < expr->nops; i++) {
		struct sl_op op = expr->ops[i];
		if (op.op == SL_OP_IN)
			op.arg = (uint16_t)(op.arg + base);
		enum sl_rc rc = sl_emit_op(&p->e, x->at, op);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

enum sl_rc sl_term_use(struct sl_parser *p, const struct sl_named *n, const char *name, struct sl_operand *x)
{
	enum sl_rc rc;

	if (n->kind == SL_NAMED_BANDS)
		return sl_emit_fail(&p->e, SL_E_INPUT, x->at, "group by it, or compare the column itself: age between 18 and 39",
		                    "%s is bands(…): a key, no value", name);
	x->kind = n->type.type == SL_TYPE_TEXT ? SL_OPERAND_COLUMN : SL_OPERAND_VALUE;
	x->type = n->type;
	if (n->kind == SL_NAMED_EXPR)
		rc = inline_expr(p, n->expr, x);
	else
		rc = sl_emit_op(&p->e, x->at,
		                (struct sl_op){.op = SL_OP_COLUMN, .type = n->type.type, .scale = n->type.scale, .arg = n->input});
	if (rc == SL_OK && x->kind == SL_OPERAND_COLUMN)
		x->column = p->e.scope->column(p->e.scope->self, p->e.expr.ops[p->e.expr.nops - 1].arg);
	return rc;
}

#define QUALIFIER_MAX (2 * SL_NAME_BYTES + 2)

/* The first name is taken already. */
static enum sl_rc resolve(struct sl_parser *p, const char *first, size_t at, struct sl_named *named, const char **last)
{
	char qualifier[QUALIFIER_MAX] = "";
	enum sl_rc rc = SL_OK;

	*last = first;
	for (int dots = 0; sl_term_at(p, SL_WORD_DOT); dots++) {
		size_t used = strlen(qualifier);
		int n = snprintf(qualifier + used, sizeof qualifier - used, "%s%s", dots > 0 ? "." : "", *last);
		if (dots > 2 || n < 0 || (size_t)n >= sizeof qualifier - used)
			return sl_emit_fail(&p->e, SL_E_INPUT, at, "write table.column", "too many parts in a name");
		rc = sl_term_advance(p);
		if (rc == SL_OK && p->t.kind != SL_TOKEN_NAME)
			rc = sl_term_unexpected(p, "a column's name");
		if (rc != SL_OK)
			return rc;
		*last = p->t.text;
		rc = sl_term_advance(p);
		if (rc != SL_OK)
			return rc;
	}
	rc = p->e.scope->name(p->e.scope->self, qualifier[0] != '\0' ? qualifier : NULL, *last, named, p->e.err);
	return rc == SL_OK ? rc : sl_emit_fail(&p->e, rc, at, NULL, "no such name");
}

enum sl_rc sl_term_name(struct sl_parser *p, struct sl_named *named, const char **last)
{
	struct sl_token first = p->t;
	enum sl_rc rc = SL_OK;

	if (p->t.kind != SL_TOKEN_NAME)
		return sl_term_unexpected(p, "a name");
	rc = sl_term_advance(p);
	return rc == SL_OK ? resolve(p, first.text, first.at, named, last) : rc;
}

/* case when c then v {when c then v} else v end; "case" is taken. */
static enum sl_rc choice(struct sl_parser *p, struct sl_operand *x)
{
	struct sl_operand args[SL_TERM_BRANCHES_MAX];
	size_t n = 0, at = x->at;
	enum sl_rc rc = SL_OK;

	if (!sl_term_at(p, SL_WORD_WHEN))
		return sl_term_unexpected(p, "\"when\"");
	while (rc == SL_OK && sl_term_at(p, SL_WORD_WHEN)) {
		if (n + 3 > SL_TERM_BRANCHES_MAX)
			return sl_emit_fail(&p->e, SL_E_LIMIT, p->t.at, NULL, "case has more than %d branches",
			                    SL_TERM_BRANCHES_MAX / 2 - 1);
		for (int i = 0; i < 2 && rc == SL_OK; i++) {
			rc = sl_term_take(p, i == 0 ? SL_WORD_WHEN : SL_WORD_THEN);
			if (rc == SL_OK)
				rc = sl_parser_expression(p, &args[n]);
			if (rc == SL_OK)
				rc = sl_emit_value(&p->e, &args[n]);
			n++;
		}
	}
	if (rc == SL_OK && sl_term_at(p, SL_WORD_END))
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "say what stands for the remaining rows: else 0", "case has no else");
	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_ELSE);
	if (rc == SL_OK)
		rc = sl_parser_expression(p, &args[n]);
	if (rc == SL_OK)
		rc = sl_emit_value(&p->e, &args[n++]);
	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_END);
	if (rc == SL_OK)
		rc = sl_emit_operator(&p->e, SL_OP_CASE, at, args, n);
	x->kind = SL_OPERAND_VALUE;
	x->type = args[0].type;
	return rc;
}

static enum sl_rc name(struct sl_parser *p, struct sl_operand *x)
{
	struct sl_token first = p->t;
	struct sl_named named = {0};
	const char *last = NULL;
	enum sl_rc rc = sl_term_advance(p);

	if (rc == SL_OK && !first.quoted && sl_term_at(p, SL_WORD_OPEN))
		return sl_function_call(p, first.text, x);
	if (rc == SL_OK && !first.quoted && strcasecmp(first.text, "date") == 0 &&
	    (p->t.kind == SL_TOKEN_TEXT || p->t.kind == SL_TOKEN_PARAM))
		return date(p, x);
	if (rc == SL_OK)
		rc = resolve(p, first.text, first.at, &named, &last);
	return rc == SL_OK ? sl_term_use(p, &named, last, x) : rc;
}

static enum sl_rc keyword(struct sl_parser *p, struct sl_operand *x)
{
	enum sl_word w = p->t.word;
	enum sl_rc rc = SL_OK;

	if (w == SL_WORD_NULL)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "ask with: x is null, x is not null",
		                    "null is no value to compute or compare with");
	if (w != SL_WORD_TRUE && w != SL_WORD_FALSE && w != SL_WORD_CASE)
		return sl_term_unexpected(p, "a value");
	if (w != SL_WORD_CASE)
		rc = constant(p, x, (struct sl_op){.op = SL_OP_CONST, .type = SL_TYPE_BOOLEAN, .value = w == SL_WORD_TRUE});
	if (rc == SL_OK)
		rc = sl_term_advance(p);
	return rc == SL_OK && w == SL_WORD_CASE ? choice(p, x) : rc;
}

static enum sl_rc parenthesis(struct sl_parser *p, struct sl_operand *x)
{
	size_t at = x->at;
	enum sl_rc rc = sl_term_advance(p);

	if (rc == SL_OK)
		rc = sl_parser_expression(p, x);
	x->at = at;
	return rc == SL_OK ? sl_term_take(p, SL_WORD_CLOSE) : rc;
}

static enum sl_rc primary(struct sl_parser *p, struct sl_operand *x)
{
	struct sl_op op;
	enum sl_rc rc = SL_OK;

	*x = (struct sl_operand){.at = p->t.at, .first = p->e.expr.nops};
	switch (p->t.kind) {
	case SL_TOKEN_INTEGER:
	case SL_TOKEN_DECIMAL:
		rc = sl_emit_number(&p->e, x->at, p->t.text, &op);
		if (rc == SL_OK)
			rc = constant(p, x, op);
		if (rc == SL_OK)
			rc = sl_term_advance(p);
		break;
	case SL_TOKEN_TEXT:
		x->kind = SL_OPERAND_TEXT;
		x->text = p->t.text;
		rc = sl_term_advance(p);
		break;
	case SL_TOKEN_PARAM:
		rc = parameter(p, x);
		break;
	case SL_TOKEN_NAME:
		rc = name(p, x);
		break;
	case SL_TOKEN_KEYWORD:
		rc = keyword(p, x);
		break;
	default:
		if (!sl_term_at(p, SL_WORD_OPEN))
			return sl_term_unexpected(p, "a value");
		rc = parenthesis(p, x);
		break;
	}
	x->end = p->last_end;
	return rc;
}

enum sl_rc sl_term_deeper(struct sl_parser *p)
{
	if (++p->depth > SL_PARSER_DEPTH_MAX)
		return sl_emit_fail(&p->e, SL_E_LIMIT, p->t.at, "name the inner part with derive",
		                    "the expression is nested deeper than %d", SL_PARSER_DEPTH_MAX);
	return SL_OK;
}

static enum sl_rc factor(struct sl_parser *p, struct sl_operand *x)
{
	size_t at = p->t.at;

	if (!sl_term_at(p, SL_WORD_MINUS))
		return primary(p, x);
	enum sl_rc rc = sl_term_deeper(p);
	if (rc == SL_OK)
		rc = sl_term_advance(p);
	if (rc == SL_OK)
		rc = factor(p, x);
	if (rc == SL_OK)
		rc = sl_emit_value(&p->e, x);
	p->depth--;
	if (rc != SL_OK)
		return rc;
	struct sl_op *last = &p->e.expr.ops[p->e.expr.nops - 1];
	/* A signed literal is one constant, so that lists may hold it. */
	if (last->op == SL_OP_CONST && x->first == p->e.expr.nops - 1 && last->type <= SL_TYPE_REAL) {
		last->value = -last->value;
		x->at = at;
		return SL_OK;
	}
	rc = sl_emit_operator(&p->e, SL_OP_NEG, at, x, 1);
	x->at = at;
	return rc;
}

/* Left-associative arithmetic of one level; `ops` pairs words with operations. */
struct level {
	enum sl_word word;
	enum sl_opcode op;
};

static enum sl_rc arithmetic(struct sl_parser *p, struct sl_operand *x, const struct level *level, size_t n,
                             enum sl_rc (*below)(struct sl_parser *, struct sl_operand *))
{
	enum sl_rc rc = below(p, x);

	while (rc == SL_OK) {
		struct sl_operand pair[2];
		size_t i = 0, at = p->t.at;
		while (i < n && !sl_term_at(p, level[i].word))
			i++;
		if (i == n)
			return SL_OK;
		rc = sl_emit_value(&p->e, x);
		if (rc == SL_OK)
			rc = sl_term_advance(p);
		if (rc == SL_OK)
			rc = below(p, &pair[1]);
		if (rc == SL_OK)
			rc = sl_emit_value(&p->e, &pair[1]);
		pair[0] = *x;
		if (rc == SL_OK)
			rc = sl_emit_operator(&p->e, level[i].op, at, pair, 2);
		*x = pair[0];
	}
	return rc;
}

static enum sl_rc term(struct sl_parser *p, struct sl_operand *x)
{
	static const struct level level[] = {
		{SL_WORD_STAR, SL_OP_MUL}, {SL_WORD_SLASH, SL_OP_DIV}, {SL_WORD_DIV, SL_OP_IDIV}, {SL_WORD_MOD, SL_OP_MOD}};

	return arithmetic(p, x, level, 4, factor);
}

enum sl_rc sl_term_sum(struct sl_parser *p, struct sl_operand *x)
{
	static const struct level level[] = {{SL_WORD_PLUS, SL_OP_ADD}, {SL_WORD_MINUS, SL_OP_SUB}};

	return arithmetic(p, x, level, 2, term);
}

enum sl_rc sl_term_constant(struct sl_parser *p, const struct sl_operand *like, struct sl_operand *x,
                            struct sl_op *constant)
{
	uint32_t before = p->e.expr.nops;
	size_t at = p->t.at;
	enum sl_rc rc = sl_term_sum(p, x);

	if (rc == SL_OK && like->kind == SL_OPERAND_COLUMN && (x->kind == SL_OPERAND_TEXT || x->kind == SL_OPERAND_PARAM))
		return SL_OK;
	if (rc == SL_OK)
		rc = sl_emit_as(&p->e, x, like);
	if (rc != SL_OK)
		return rc;
	*constant = p->e.expr.ops[p->e.expr.nops - 1];
	if (p->e.expr.nops != before + 1 || constant->op != SL_OP_CONST)
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "write the comparisons out with or",
		                    "a list holds literals and parameters only");
	p->e.expr.nops--;
	return SL_OK;
}
