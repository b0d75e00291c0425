/* parser.c - see parser.h; the upper half of the grammar (comparisons, logic) and what each verb expects. */
#include "enclave/script/parser.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* What stands behind "in": numbers go to the set at once, texts are looked up together at the end. */
struct list {
	uint32_t set;
	struct sl_domain_texts texts;
};

static enum sl_rc add_item(struct sl_parser *p, struct list *l, const struct sl_operand *x, size_t at,
                           const struct sl_operand *item, const struct sl_op *constant)
{
	if (x->kind != SL_OPERAND_COLUMN)
		return sl_domain_set_add_number(&p->e, l->set, x, at, constant);
	if (item->kind != SL_OPERAND_TEXT && item->kind != SL_OPERAND_PARAM)
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "write texts in single quotes",
		                    "a list for a text column holds texts");
	return sl_domain_texts_add(&p->e, &l->texts, item->text, at);
}

/* The items of a parameter that is a list. */
static enum sl_rc add_argument(struct sl_parser *p, struct list *l, const struct sl_operand *x,
                               const struct sl_argument *a)
{
	size_t at = p->t.at;
	enum sl_rc rc = SL_OK;

	for (size_t i = 0; i < a->nitems && rc == SL_OK; i++) {
		struct sl_operand item = {.kind = SL_OPERAND_PARAM, .text = a->items[i].text, .at = at, .end = p->t.end};
		struct sl_op constant = {0};
		if (x->kind == SL_OPERAND_COLUMN) {
			item.kind = a->items[i].kind == SL_ARGUMENT_TEXT ? SL_OPERAND_PARAM : SL_OPERAND_VALUE;
		} else {
			rc = sl_emit_as(&p->e, &item, x);
			if (rc == SL_OK)
				constant = p->e.expr.ops[--p->e.expr.nops];
		}
		if (rc == SL_OK)
			rc = add_item(p, l, x, at, &item, &constant);
	}
	return rc == SL_OK ? sl_term_advance(p) : rc;
}

static enum sl_rc list_item(struct sl_parser *p, struct list *l, const struct sl_operand *x)
{
	const struct sl_argument *a = NULL;
	struct sl_operand item = {0};
	struct sl_op constant = {0};
	size_t at = p->t.at;
	enum sl_rc rc = p->t.kind == SL_TOKEN_PARAM ? sl_term_argument(p, &a) : SL_OK;

	if (rc == SL_OK && a != NULL && a->kind == SL_ARGUMENT_LIST)
		return add_argument(p, l, x, a);
	if (rc == SL_OK)
		rc = sl_term_constant(p, x, &item, &constant);
	return rc == SL_OK ? add_item(p, l, x, at, &item, &constant) : rc;
}

/* ( item, … ), or one parameter that is a list. */
static enum sl_rc list_items(struct sl_parser *p, struct list *l, const struct sl_operand *x)
{
	const struct sl_argument *a = NULL;
	enum sl_rc rc = p->t.kind == SL_TOKEN_PARAM ? sl_term_argument(p, &a) : SL_OK;
	bool alone = a != NULL && a->kind == SL_ARGUMENT_LIST;

	if (rc == SL_OK && !alone)
		rc = sl_term_take(p, SL_WORD_OPEN);
	while (rc == SL_OK) {
		rc = list_item(p, l, x);
		if (rc != SL_OK || alone || !sl_term_at(p, SL_WORD_COMMA))
			break;
		rc = sl_term_advance(p);
	}
	return rc == SL_OK && !alone ? sl_term_take(p, SL_WORD_CLOSE) : rc;
}

static enum sl_rc in_list(struct sl_parser *p, size_t at, struct sl_operand *x)
{
	struct list l = {0};
	enum sl_rc rc = sl_emit_value(&p->e, x);

	if (rc == SL_OK && x->type.type == SL_TYPE_BOOLEAN)
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "write the condition itself, or not in front of it",
		                    "true/false is not looked up in a list");
	if (rc == SL_OK)
		rc = sl_domain_set_new(&p->e, at, &l.set);
	if (rc == SL_OK)
		rc = list_items(p, &l, x);
	if (rc == SL_OK)
		rc = sl_domain_texts_find(&p->e, &l.texts, l.set, x);
	free(l.texts.items);
	return rc == SL_OK ? sl_domain_set_emit(&p->e, at, l.set, x) : rc;
}

/* x like 'pattern'; "like" is looked at. It is no keyword: a column may have this name. */
static enum sl_rc like(struct sl_parser *p, size_t at, struct sl_operand *x)
{
	struct sl_operand pattern = {0};
	enum sl_rc rc = sl_term_advance(p);

	if (rc == SL_OK)
		rc = sl_term_sum(p, &pattern);
	return rc == SL_OK ? sl_domain_match(&p->e, SL_MATCH_LIKE, at, x, &pattern) : rc;
}

static bool at_like(const struct sl_parser *p)
{
	return p->t.kind == SL_TOKEN_NAME && !p->t.quoted && strcasecmp(p->t.text, "like") == 0;
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
	if (at_like(p)) {
		rc = like(p, at, x);
		return rc == SL_OK ? negate(p, negated, at, x) : rc;
	}
	if (negated)
		return sl_term_unexpected(p, "between, in or like");
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
	if (rc == SL_OK && x.form != SL_FORM_PLAIN)
		rc = sl_emit_fail(&p->e, SL_E_INPUT, 0, "compare it at once: lower(x) = 'a'",
		                  "lower() and upper() stand in comparisons only");
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
	if (!sl_term_at_call(p, "bands"))
		return whole(p, out);
	enum sl_rc rc = bands(p, out);
	return rc == SL_OK && p->t.kind != SL_TOKEN_END ? sl_term_unexpected(p, "the end") : rc;
}

static enum sl_rc key(struct sl_parser *p, struct sl_parsed *out)
{
	enum sl_rc rc = sl_term_at_call(p, "bands") ? bands(p, out) : key_name(p, out);

	if (rc == SL_OK && p->t.kind != SL_TOKEN_END)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "name it with derive first",
		                    "group_by takes names and bands(column)");
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
	[SL_PARSE_STATISTIC] = sl_statistic_parse, [SL_PARSE_FOLD] = sl_statistic_parse_fold, [SL_PARSE_CALC] = calc,
};

/* The engine's evaluator has a stack of its own bound; an expression it would refuse is refused here, with words. */
static enum sl_rc check_depth(struct sl_parser *p, const struct sl_expr *expr)
{
	size_t depth = 0;

	for (uint32_t i = 0; i < expr->nops; i++) {
		depth -= sl_op_operands(&expr->ops[i]);
		if (++depth > SL_EXPR_STACK_MAX)
			return sl_emit_fail(&p->e, SL_E_LIMIT, 0, "name inner parts with derive", "more than %d values wait at once",
			                    SL_EXPR_STACK_MAX);
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
		return sl_err_set(err, SL_E_LIMIT, "the expression has more than %u bytes", SL_PARSER_TEXT_MAX);
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
		rc = check_depth(&p, &p.e.expr);
	if (rc == SL_OK)
		rc = check_depth(&p, &out->expr2);
out:
	free(scratch);
	out->expr = p.e.expr;
	if (rc != SL_OK)
		sl_parsed_free(out);
	return rc;
}

void sl_parsed_free(struct sl_parsed *parsed)
{
	sl_codec_free(&sl_expr_record, &parsed->expr);
	sl_codec_free(&sl_expr_record, &parsed->expr2);
	memset(parsed, 0, sizeof *parsed);
}
