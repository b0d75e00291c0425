/* parser.c - see parser.h; the upper half of the grammar (comparisons, logic) and what each verb expects. */
#include "enclave/script/parser.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/domain.h"
#include "enclave/script/term.h"

static bool at_comparison(const struct sl_parser *p)
{
	return p->t.kind == SL_TOKEN_SYMBOL && p->t.word >= SL_WORD_EQ && p->t.word <= SL_WORD_GE;
}

static enum sl_rc negate(struct sl_parser *p, bool negated, size_t at, struct sl_operand *x)
{
	return negated ? sl_emit_operator(&p->e, SL_OP_NOT, at, x, 1) : SL_OK;
}

/* One literal of a list: it must come out as a single constant, which is taken back from the expression. */
static enum sl_rc list_item(struct sl_parser *p, uint32_t set, const struct sl_operand *x)
{
	struct sl_operand item = {0};
	uint32_t before = p->e.expr.nops;
	size_t at = p->t.at;
	enum sl_rc rc = sl_term_sum(p, &item);

	if (rc != SL_OK)
		return rc;
	bool text = item.kind == SL_OPERAND_TEXT || item.kind == SL_OPERAND_PARAM;
	if (x->kind == SL_OPERAND_COLUMN)
		return text ? sl_domain_set_add_text(&p->e, set, x, &item)
		            : sl_emit_fail(&p->e, SL_E_INPUT, at, "write texts in single quotes",
		                           "a list for a text column holds texts");
	rc = sl_emit_as(&p->e, &item, x);
	if (rc != SL_OK)
		return rc;
	struct sl_op op = p->e.expr.ops[p->e.expr.nops - 1];
	if (p->e.expr.nops != before + 1 || op.op != SL_OP_CONST)
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "write the comparisons out with or",
		                    "a list holds literals and parameters only");
	p->e.expr.nops--;
	return sl_domain_set_add_number(&p->e, set, x, at, &op);
}

static enum sl_rc in_list(struct sl_parser *p, size_t at, struct sl_operand *x)
{
	uint32_t set = 0;
	enum sl_rc rc = sl_emit_value(&p->e, x);

	if (rc == SL_OK && x->type.type == SL_TYPE_BOOLEAN)
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "write the condition itself, or not in front of it",
		                    "true/false is not looked up in a list");
	if (rc == SL_OK)
		rc = sl_domain_set_new(&p->e, at, &set);
	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_OPEN);
	while (rc == SL_OK) {
		rc = list_item(p, set, x);
		if (rc != SL_OK || !sl_term_at(p, SL_WORD_COMMA))
			break;
		rc = sl_term_advance(p);
	}
	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_CLOSE);
	return rc == SL_OK ? sl_domain_set_emit(&p->e, at, set, x) : rc;
}

/* x between lo and hi is x >= lo and x <= hi; x is pushed twice. */
static enum sl_rc between_values(struct sl_parser *p, size_t at, struct sl_operand *x, struct sl_operand *lo)
{
	struct sl_operand pair[2] = {*x, {0}}, hi = {0};
	uint32_t stop = lo->first;
	enum sl_rc rc = sl_emit_compare(&p->e, SL_OP_GE, at, &pair[0], lo);
	pair[1] = *x;
	pair[1].first = p->e.expr.nops;
	for (uint32_t i = x->first; i < stop && rc == SL_OK; i++)
		rc = sl_emit_op(&p->e, at, p->e.expr.ops[i]);
	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_AND);
	if (rc == SL_OK)
		rc = sl_term_sum(p, &hi);
	if (rc == SL_OK)
		rc = sl_emit_compare(&p->e, SL_OP_LE, at, &pair[1], &hi);
	if (rc == SL_OK)
		rc = sl_emit_operator(&p->e, SL_OP_AND, at, pair, 2);
	pair[0].at = x->at;
	*x = pair[0];
	return rc;
}

static bool waiting(const struct sl_operand *x)
{
	return x->kind == SL_OPERAND_TEXT || x->kind == SL_OPERAND_PARAM;
}

static enum sl_rc between(struct sl_parser *p, size_t at, struct sl_operand *x)
{
	struct sl_operand lo = {0}, hi = {0};
	enum sl_rc rc = sl_emit_value(&p->e, x);

	if (rc == SL_OK)
		rc = sl_term_sum(p, &lo);
	if (rc != SL_OK || x->kind != SL_OPERAND_COLUMN) {
		if (waiting(&lo))
			lo.first = p->e.expr.nops;
		return rc == SL_OK ? between_values(p, at, x, &lo) : rc;
	}
	rc = sl_term_take(p, SL_WORD_AND);
	if (rc == SL_OK)
		rc = sl_term_sum(p, &hi);
	if (rc == SL_OK && !(waiting(&lo) && waiting(&hi)))
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "write texts in single quotes",
		                    "between on a text column takes two texts");
	return rc == SL_OK ? sl_domain_between(&p->e, at, x, &lo, &hi) : rc;
}

/* is [not] null, is [not] missing; "is" is taken. */
static enum sl_rc is_missing(struct sl_parser *p, size_t at, struct sl_operand *x)
{
	bool negated = sl_term_at(p, SL_WORD_NOT);
	enum sl_rc rc = sl_emit_value(&p->e, x);

	if (rc == SL_OK && negated)
		rc = sl_term_advance(p);
	if (rc == SL_OK && !sl_term_at(p, SL_WORD_NULL) && !(p->t.kind == SL_TOKEN_NAME && strcmp(p->t.text, "missing") == 0))
		return sl_term_unexpected(p, "null or missing");
	if (rc == SL_OK)
		rc = sl_term_advance(p);
	if (rc == SL_OK)
		rc = sl_emit_operator(&p->e, SL_OP_IS_NULL, at, x, 1);
	return rc == SL_OK ? negate(p, negated, at, x) : rc;
}

static enum sl_rc comparison(struct sl_parser *p, struct sl_operand *x)
{
	enum sl_opcode op = (enum sl_opcode)(SL_OP_EQ + (p->t.word - SL_WORD_EQ));
	struct sl_operand right;
	size_t at = p->t.at;
	enum sl_rc rc = sl_term_advance(p);

	if (rc == SL_OK)
		rc = sl_term_sum(p, &right);
	if (rc == SL_OK)
		rc = sl_emit_compare(&p->e, op, at, x, &right);
	if (rc == SL_OK && at_comparison(p))
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "write a < b and b < c", "comparisons do not chain");
	return rc;
}

static enum sl_rc predicate(struct sl_parser *p, struct sl_operand *x)
{
	enum sl_rc rc = sl_term_sum(p, x);
	size_t at = p->t.at;
	bool negated = rc == SL_OK && sl_term_at(p, SL_WORD_NOT);

	if (rc == SL_OK && at_comparison(p))
		return comparison(p, x);
	if (negated)
		rc = sl_term_advance(p);
	if (rc != SL_OK)
		return rc;
	bool in = sl_term_at(p, SL_WORD_IN);
	if (in || sl_term_at(p, SL_WORD_BETWEEN)) {
		rc = sl_term_advance(p);
		if (rc == SL_OK)
			rc = in ? in_list(p, at, x) : between(p, at, x);
		return rc == SL_OK ? negate(p, negated, at, x) : rc;
	}
	if (negated)
		return sl_term_unexpected(p, "between or in");
	if (!sl_term_at(p, SL_WORD_IS))
		return SL_OK;
	rc = sl_term_advance(p);
	return rc == SL_OK ? is_missing(p, at, x) : rc;
}

static enum sl_rc inversion(struct sl_parser *p, struct sl_operand *x)
{
	size_t at = p->t.at;

	if (!sl_term_at(p, SL_WORD_NOT))
		return predicate(p, x);
	enum sl_rc rc = sl_term_deeper(p);
	if (rc == SL_OK)
		rc = sl_term_advance(p);
	if (rc == SL_OK)
		rc = inversion(p, x);
	if (rc == SL_OK)
		rc = sl_emit_value(&p->e, x);
	if (rc == SL_OK)
		rc = sl_emit_operator(&p->e, SL_OP_NOT, at, x, 1);
	x->at = at;
	p->depth--;
	return rc;
}

static enum sl_rc logic(struct sl_parser *p, struct sl_operand *x, enum sl_word word, enum sl_opcode op,
                        enum sl_rc (*below)(struct sl_parser *, struct sl_operand *))
{
	enum sl_rc rc = below(p, x);

	while (rc == SL_OK && sl_term_at(p, word)) {
		struct sl_operand pair[2];
		size_t at = p->t.at;
		rc = sl_emit_value(&p->e, x);
		if (rc == SL_OK)
			rc = sl_term_advance(p);
		if (rc == SL_OK)
			rc = below(p, &pair[1]);
		if (rc == SL_OK)
			rc = sl_emit_value(&p->e, &pair[1]);
		pair[0] = *x;
		if (rc == SL_OK)
			rc = sl_emit_operator(&p->e, op, at, pair, 2);
		*x = pair[0];
	}
	return rc;
}

static enum sl_rc conjunction(struct sl_parser *p, struct sl_operand *x)
{
	return logic(p, x, SL_WORD_AND, SL_OP_AND, inversion);
}

enum sl_rc sl_parser_expression(struct sl_parser *p, struct sl_operand *x)
{
	enum sl_rc rc = sl_term_deeper(p);

	if (rc == SL_OK)
		rc = logic(p, x, SL_WORD_OR, SL_OP_OR, conjunction);
	p->depth--;
	return rc;
}

/* An expression that leaves a value, to the end of the text. */
static enum sl_rc whole(struct sl_parser *p, struct sl_parsed *out)
{
	struct sl_operand x;
	enum sl_rc rc = sl_parser_expression(p, &x);

	if (rc == SL_OK)
		rc = sl_emit_value(&p->e, &x);
	if (rc == SL_OK && p->t.kind != SL_TOKEN_END)
		rc = sl_term_unexpected(p, "an operator or the end");
	if (rc == SL_OK)
		out->type = x.type;
	return rc;
}

static enum sl_rc condition(struct sl_parser *p, struct sl_parsed *out)
{
	enum sl_rc rc = whole(p, out);

	if (rc == SL_OK && out->type.type != SL_TYPE_BOOLEAN)
		return sl_emit_fail(&p->e, SL_E_INPUT, 0, "compare it with something: x > 0, x = 'a', x is not missing",
		                    "a condition is wanted and this is %s", sl_type_name(out->type.type));
	return rc;
}

/* Whether the text begins with this unquoted name and a parenthesis. */
static bool at_call(const struct sl_parser *p, const char *function)
{
	size_t n = strlen(function);

	return p->t.kind == SL_TOKEN_NAME && !p->t.quoted && strcmp(p->t.text, function) == 0 && p->t.end - p->t.at == n &&
	       p->lx.text[p->lx.at + strspn(p->lx.text + p->lx.at, " \t\r\n")] == '(';
}

static enum sl_rc key_name(struct sl_parser *p, struct sl_parsed *out)
{
	struct sl_named named = {0};
	const char *last = NULL;
	struct sl_operand x = {.at = p->t.at, .first = p->e.expr.nops};
	enum sl_rc rc = sl_term_name(p, &named, &last);

	if (rc == SL_OK && named.kind == SL_NAMED_BANDS) {
		named.kind = SL_NAMED_EXPR;
		out->banded = true;
	}
	if (rc == SL_OK)
		rc = sl_term_use(p, &named, last, &x);
	out->type = x.type;
	return rc;
}

static enum sl_rc bands(struct sl_parser *p, struct sl_parsed *out)
{
	enum sl_rc rc = sl_term_advance(p);
	size_t at = 0;

	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_OPEN);
	at = p->t.at;
	if (rc == SL_OK)
		rc = key_name(p, out);
	if (rc == SL_OK && (out->banded || p->e.expr.nops != 1 || p->e.expr.ops[0].op != SL_OP_COLUMN))
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "name the column: bands(age)", "bands() takes one column of a table");
	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_CLOSE);
	out->banded = true;
	return rc;
}

static enum sl_rc definition(struct sl_parser *p, struct sl_parsed *out)
{
	if (!at_call(p, "bands"))
		return whole(p, out);
	enum sl_rc rc = bands(p, out);
	return rc == SL_OK && p->t.kind != SL_TOKEN_END ? sl_term_unexpected(p, "the end") : rc;
}

static enum sl_rc key(struct sl_parser *p, struct sl_parsed *out)
{
	enum sl_rc rc = at_call(p, "bands") ? bands(p, out) : key_name(p, out);

	if (rc == SL_OK && p->t.kind != SL_TOKEN_END)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "name it with derive first",
		                    "group_by takes names and bands(column)");
	return rc;
}

static enum sl_rc no_statistic(struct sl_parser *p)
{
	const char *names[SL_STAT_COUNT_];
	size_t n = 0;

	for (int fn = SL_STAT_UNITS; fn <= SL_STAT_MAX; fn++)
		names[n++] = sl_stat_fn_name((enum sl_stat_fn)fn);
	int near = p->t.kind == SL_TOKEN_NAME ? sl_text_near(p->t.text, names, n) : -1;
	sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, NULL, "summarise takes one statistic per name");
	if (near >= 0)
		sl_err_remedy(p->e.err, "did you mean %s()?", names[near]);
	else
		sl_err_remedy(p->e.err, "units() count() count_if(cond) sum(x) mean(x) share(cond); arithmetic on them is for calc");
	return SL_E_INPUT;
}

/* Behind fn and "(": what the statistic's argument must be. */
static enum sl_rc statistic_argument(struct sl_parser *p, struct sl_parsed *out)
{
	bool none = out->fn == SL_STAT_UNITS || out->fn == SL_STAT_COUNT;
	bool cond = out->fn == SL_STAT_COUNT_IF || out->fn == SL_STAT_SHARE;
	const char *fn = sl_stat_fn_name(out->fn);
	struct sl_operand x;
	size_t at = p->t.at;

	if (none && !sl_term_at(p, SL_WORD_CLOSE))
		return sl_emit_fail(&p->e, SL_E_INPUT, at,
		                    out->fn == SL_STAT_COUNT ? "write count(), or count_if(x is not missing)"
		                                             : "write units()",
		                    "%s() takes no argument", fn);
	if (none)
		return SL_OK;
	if (sl_term_at(p, SL_WORD_CLOSE))
		return sl_emit_fail(&p->e, SL_E_INPUT, at, NULL, "%s() needs %s", fn, cond ? "a condition" : "a number");
	enum sl_rc rc = sl_parser_expression(p, &x);
	if (rc == SL_OK)
		rc = sl_emit_value(&p->e, &x);
	if (rc != SL_OK)
		return rc;
	out->type = x.type;
	if (cond ? x.type.type != SL_TYPE_BOOLEAN : x.type.type != SL_TYPE_INTEGER && x.type.type != SL_TYPE_REAL)
		return sl_emit_fail(&p->e, SL_E_INPUT, at,
		                    cond                             ? "compare it with something: x > 0"
		                    : x.type.type == SL_TYPE_BOOLEAN ? "count it with count_if, or use share"
		                                                     : NULL,
		                    "%s() needs %s and this is %s", fn, cond ? "a condition" : "a number",
		                    sl_type_name(x.type.type));
	return SL_OK;
}

static enum sl_rc statistic(struct sl_parser *p, struct sl_parsed *out)
{
	for (int fn = SL_STAT_UNITS; fn <= SL_STAT_MAX; fn++)
		if (at_call(p, sl_stat_fn_name((enum sl_stat_fn)fn)))
			out->fn = (enum sl_stat_fn)fn;
	if (out->fn == SL_STAT_NONE)
		return no_statistic(p);
	enum sl_rc rc = sl_term_advance(p);
	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_OPEN);
	if (rc == SL_OK)
		rc = statistic_argument(p, out);
	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_CLOSE);
	if (rc == SL_OK && p->t.kind != SL_TOKEN_END)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "give each statistic its own name, and compute with them in calc",
		                    "a statistic stands alone in summarise");
	return rc;
}

static enum sl_rc calc(struct sl_parser *p, struct sl_parsed *out)
{
	enum sl_rc rc = whole(p, out);

	if (rc == SL_OK && out->type.type == SL_TYPE_TEXT)
		return sl_emit_fail(&p->e, SL_E_INPUT, 0, NULL, "calc gives no text");
	return rc;
}

static enum sl_rc (*const modes[])(struct sl_parser *, struct sl_parsed *) = {
	[SL_PARSE_CONDITION] = condition, [SL_PARSE_DEFINITION] = definition, [SL_PARSE_KEY] = key,
	[SL_PARSE_STATISTIC] = statistic, [SL_PARSE_CALC] = calc,
};

/* The engine's evaluator has a stack of its own bound; an expression it would refuse is refused here, with words. */
static enum sl_rc check_depth(struct sl_parser *p)
{
	size_t depth = 0;

	for (uint32_t i = 0; i < p->e.expr.nops; i++) {
		const struct sl_op *op = &p->e.expr.ops[i];
		switch (op->op) {
		case SL_OP_CONST:
		case SL_OP_COLUMN:
			if (++depth > SL_EXPR_STACK_MAX)
				return sl_emit_fail(&p->e, SL_E_LIMIT, 0, "name inner parts with derive", "more than %d values wait at once",
				                    SL_EXPR_STACK_MAX);
			break;
		case SL_OP_CASE:
			depth -= 2u * op->arg;
			break;
		case SL_OP_COALESCE:
			depth -= op->arg - 1u;
			break;
		case SL_OP_NEG:
		case SL_OP_ABS:
		case SL_OP_NOT:
		case SL_OP_IS_NULL:
		case SL_OP_IN:
			break;
		default:
			depth--;
		}
	}
	return SL_OK;
}

enum sl_rc sl_parser_parse(enum sl_parse_mode mode, const char *text, size_t len, const struct sl_scope *scope,
                           struct sl_parsed *out, struct sl_err *err)
{
	struct sl_parser p = {.e = {.text = text, .len = len, .scope = scope, .err = err}};
	char *scratch = NULL;
	enum sl_rc rc = SL_OK;

	memset(out, 0, sizeof *out);
	if (len > SL_PARSER_TEXT_MAX)
		return sl_err_set(err, SL_E_LIMIT, "the expression has more than %d bytes", SL_PARSER_TEXT_MAX);
	if (!sl_text_is_utf8(text, len))
		return sl_err_set(err, SL_E_INPUT, "the expression is not UTF-8 text");
	/* One byte of lookahead behind the end reads as NUL, so the text is copied behind its scratch. */
	scratch = calloc(2, len + 1);
	p.e.expr.ops = calloc(SL_EXPR_OPS_MAX, sizeof p.e.expr.ops[0]);
	p.e.expr.sets = calloc(SL_EXPR_SETS_MAX, sizeof p.e.expr.sets[0]);
	if (scratch == NULL || p.e.expr.ops == NULL || p.e.expr.sets == NULL) {
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
		goto out;
	}
	memcpy(scratch + len + 1, text, len);
	p.lx = (struct sl_lexer){.text = scratch + len + 1, .len = len, .scratch = scratch};
	rc = sl_term_advance(&p);
	if (rc == SL_OK && p.t.kind == SL_TOKEN_END)
		rc = sl_emit_fail(&p.e, SL_E_INPUT, 0, NULL, "the text is empty");
	if (rc == SL_OK)
		rc = modes[mode](&p, out);
	if (rc == SL_OK)
		rc = check_depth(&p);
out:
	free(scratch);
	out->expr = p.e.expr;
	if (rc != SL_OK) {
		sl_codec_free(&sl_expr_record, &out->expr);
		memset(out, 0, sizeof *out);
	}
	return rc;
}
