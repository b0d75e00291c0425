/* emit.c - see emit.h. Text comparisons are in domain.c. */
#include "enclave/script/emit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/domain.h"

static uint32_t character(const struct sl_emit *e, size_t at)
{
	const char *s = e->text, *stop = e->text + (at < e->len ? at : e->len);
	uint32_t n = 1;

	for (; s < stop; n++)
		(void)sl_text_next(&s, e->text + e->len);
	return n;
}

enum sl_rc sl_emit_fail(struct sl_emit *e, enum sl_rc rc, size_t at, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sl_err_vset(e->err, rc, fmt, ap);
	va_end(ap);
	sl_err_at(e->err, "", 0, 0);
	if (e->err != NULL && e->err->col == 0)
		e->err->col = character(e, at);
	if (remedy != NULL)
		sl_err_remedy(e->err, "%s", remedy);
	return rc;
}

enum sl_rc sl_emit_op(struct sl_emit *e, size_t at, struct sl_op op)
{
	if (e->expr.nops >= SL_EXPR_OPS_MAX)
		return sl_emit_fail(e, SL_E_LIMIT, at, "split it with derive or a simpler condition",
		                    "the expression has more than %d operations", SL_EXPR_OPS_MAX);
	e->expr.ops[e->expr.nops++] = op;
	return SL_OK;
}

enum sl_rc sl_emit_number(struct sl_emit *e, size_t at, const char *text, struct sl_op *out)
{
	const char *dot = strchr(text, '.');
	size_t decimals = dot != NULL ? strlen(dot + 1) : 0;

	if (decimals > SL_SCALE_MAX)
		return sl_emit_fail(e, SL_E_INPUT, at, "round it", "%.60s has more than %d decimals", text, SL_SCALE_MAX);
	*out = (struct sl_op){ .op = SL_OP_CONST,
		               .type = dot != NULL ? SL_TYPE_REAL : SL_TYPE_INTEGER,
		               .scale = (int8_t)decimals };
	if (!sl_parse_decimal(text, strlen(text), (int)decimals, &out->value))
		return sl_emit_fail(e, SL_E_INPUT, at, NULL, "%.60s does not fit 64 bits", text);
	return SL_OK;
}

/* Whether text is a plain decimal: -?digits[.digits]. */
static bool is_plain_number(const char *s)
{
	size_t digits = 0;

	s += *s == '-';
	for (; *s >= '0' && *s <= '9'; s++)
		digits++;
	if (digits > 0 && *s == '.' && s[1] != '\0')
		for (s++; *s >= '0' && *s <= '9'; s++)
			;
	return digits > 0 && *s == '\0';
}

static enum sl_rc emit_constant(struct sl_emit *e, struct sl_operand *x, struct sl_op op)
{
	x->kind = SL_OPERAND_VALUE;
	x->first = e->expr.nops;
	x->type = (struct sl_input_type){.type = op.type, .scale = op.scale};
	return sl_emit_op(e, x->at, op);
}

static enum sl_rc waiting_alone(struct sl_emit *e, const struct sl_operand *x)
{
	return sl_emit_fail(e, SL_E_INPUT, x->at, "compare it with a text column, for example event = 'x'",
	                    "the text '%.60s' is no number, date or condition", x->text);
}

enum sl_rc sl_emit_value(struct sl_emit *e, struct sl_operand *x)
{
	struct sl_op op = {.op = SL_OP_CONST, .type = SL_TYPE_DATE};

	if (x->kind == SL_OPERAND_VALUE || x->kind == SL_OPERAND_COLUMN)
		return SL_OK;
	if (x->kind == SL_OPERAND_PARAM && is_plain_number(x->text)) {
		enum sl_rc rc = sl_emit_number(e, x->at, x->text, &op);
		return rc == SL_OK ? emit_constant(e, x, op) : rc;
	}
	if (x->kind == SL_OPERAND_PARAM && sl_parse_date(x->text, strlen(x->text), &op.value))
		return emit_constant(e, x, op);
	return waiting_alone(e, x);
}

static const char *article(enum sl_type t)
{
	static const char *const names[] = {
		[SL_TYPE_NONE] = "nothing", [SL_TYPE_INTEGER] = "an integer", [SL_TYPE_REAL] = "a real",
		[SL_TYPE_BOOLEAN] = "true or false", [SL_TYPE_DATE] = "a date", [SL_TYPE_TEXT] = "text",
	};
	return names[t];
}

/* A piece of the expression's text, cut for a message. */
#define SLICE_MAX 40
static int slice_len(const struct sl_operand *x)
{
	size_t n = x->end - x->at;

	return n > SLICE_MAX ? SLICE_MAX : (int)n;
}

static enum sl_rc misfit(struct sl_emit *e, enum sl_opcode op, size_t at, const struct sl_operand *x, size_t n,
                         const char *why)
{
	const struct sl_operand *b = &x[n - 1];
	const char *remedy = NULL;

	if (op == SL_OP_CASE || op == SL_OP_COALESCE)
		return sl_emit_fail(e, SL_E_INPUT, at,
		                    strstr(why, "text") != NULL ? "group by the column instead, or give numbers" : NULL,
		                    "%s", why);
	if (op == SL_OP_IDIV || op == SL_OP_MOD)
		remedy = "divide reals with /";
	if (op == SL_OP_AND || op == SL_OP_OR || op == SL_OP_NOT)
		remedy = "a condition is a comparison, or a true/false column";
	if (n == 1)
		return sl_emit_fail(e, SL_E_INPUT, at, remedy, "\"%s\" %s: %.*s is %s",
		                    op == SL_OP_NEG ? "-" : sl_opcode_name(op), why, slice_len(&x[0]),
		                    e->text + x[0].at, article(x[0].type.type));
	return sl_emit_fail(e, SL_E_INPUT, at, remedy, "%s: %.*s is %s, %.*s is %s", why, slice_len(&x[0]), e->text + x[0].at,
	                    article(x[0].type.type), slice_len(b), e->text + b->at, article(b->type.type));
}

#define OPERANDS_MAX 64
enum sl_rc sl_emit_operator(struct sl_emit *e, enum sl_opcode op, size_t at, struct sl_operand *x, size_t n)
{
	struct sl_input_type types[OPERANDS_MAX], result;
	const char *why = "";

	SL_REQUIRE(n > 0 && n <= OPERANDS_MAX);
	for (size_t i = 0; i < n; i++)
		types[i] = x[i].type;
	if (!sl_expr_result(op, types, n, &result, &why))
		return misfit(e, op, at, x, n, why);
	size_t arg = op == SL_OP_CASE ? n / 2 : op == SL_OP_COALESCE ? n : 0;
	x[0].kind = SL_OPERAND_VALUE;
	x[0].type = result;
	x[0].end = x[n - 1].end;
	return sl_emit_op(
		e, at,
		(struct sl_op){ .op = (uint8_t)op, .type = result.type, .scale = result.scale, .arg = (uint16_t)arg });
}

static bool waits(const struct sl_operand *x)
{
	return x->kind == SL_OPERAND_TEXT || x->kind == SL_OPERAND_PARAM;
}

enum sl_rc sl_emit_as(struct sl_emit *e, struct sl_operand *x, const struct sl_operand *like)
{
	struct sl_op op = {.op = SL_OP_CONST, .type = like->type.type};

	if (x->kind == SL_OPERAND_PARAM && like->type.type == SL_TYPE_BOOLEAN) {
		op.value = strcmp(x->text, "true") == 0;
		if (op.value == 1 || strcmp(x->text, "false") == 0)
			return emit_constant(e, x, op);
	}
	if (x->kind != SL_OPERAND_TEXT)
		return sl_emit_value(e, x);
	if (like->type.type == SL_TYPE_DATE)
		return sl_emit_fail(e, SL_E_INPUT, x->at, "write date '2020-01-31'", "%.*s is a date and '%.60s' is text",
		                    slice_len(like), e->text + like->at, x->text);
	if (like->type.type == SL_TYPE_INTEGER || like->type.type == SL_TYPE_REAL)
		return sl_emit_fail(e, SL_E_INPUT, x->at, is_plain_number(x->text) ? "write the number without quotes" : NULL,
		                    "%.*s is a number and '%.60s' is text", slice_len(like), e->text + like->at, x->text);
	if (like->type.type == SL_TYPE_BOOLEAN) {
		char remedy[128];
		snprintf(remedy, sizeof remedy, "write %.*s or not %.*s", slice_len(like), e->text + like->at, slice_len(like),
		         e->text + like->at);
		return sl_emit_fail(e, SL_E_INPUT, x->at, remedy, "%.*s is true or false and '%.60s' is text", slice_len(like),
		                    e->text + like->at, x->text);
	}
	return waiting_alone(e, x);
}

/* Two emitted values that cannot be compared: say what would be right. */
static enum sl_rc no_comparison(struct sl_emit *e, size_t at, const struct sl_operand *a, const struct sl_operand *b)
{
	const struct sl_operand *flag = a->type.type == SL_TYPE_BOOLEAN ? a : b->type.type == SL_TYPE_BOOLEAN ? b : NULL;
	const struct sl_operand *text = a->kind == SL_OPERAND_COLUMN ? a : b->kind == SL_OPERAND_COLUMN ? b : NULL;
	char remedy[128] = "";

	if (text != NULL)
		snprintf(remedy, sizeof remedy, "compare %.*s with a text in single quotes", slice_len(text), e->text + text->at);
	else if (a->type.type == b->type.type)
		snprintf(remedy, sizeof remedy, "true and false have no order: use = or <>");
	else if (flag != NULL)
		snprintf(remedy, sizeof remedy, "write %.*s or not %.*s", slice_len(flag), e->text + flag->at, slice_len(flag),
		         e->text + flag->at);
	else
		snprintf(remedy, sizeof remedy, "write a date as date '2020-01-31'");
	return sl_emit_fail(e, SL_E_INPUT, at, remedy, "cannot compare: %.*s is %s, %.*s is %s", slice_len(a), e->text + a->at,
	                    article(a->type.type), slice_len(b), e->text + b->at, article(b->type.type));
}

enum sl_rc sl_emit_compare(struct sl_emit *e, enum sl_opcode op, size_t at, struct sl_operand *a, struct sl_operand *b)
{
	struct sl_input_type types[2], result;
	const char *why;
	enum sl_rc rc = SL_OK;

	if (waits(a) && waits(b))
		return sl_emit_fail(e, SL_E_INPUT, at, "compare a column", "both sides are texts, no column");
	if (waits(a)) {
		op = sl_opcode_mirrored(op);
		if (b->kind == SL_OPERAND_COLUMN) {
			rc = sl_domain_compare(e, op, at, b, a);
			b->at = a->at;
			*a = *b;
			return rc;
		}
		rc = sl_emit_as(e, a, b);
		a->first = b->first; /* the constant stands behind b: the pair begins where b did */
	} else if (waits(b)) {
		if (a->kind == SL_OPERAND_COLUMN)
			return sl_domain_compare(e, op, at, a, b);
		rc = sl_emit_as(e, b, a);
	}
	if (rc != SL_OK)
		return rc;
	types[0] = a->type;
	types[1] = b->type;
	if (!sl_expr_result(op, types, 2, &result, &why))
		return no_comparison(e, at, a, b);
	a->kind = SL_OPERAND_VALUE;
	a->type = result;
	a->end = b->end;
	return sl_emit_op(e, at, (struct sl_op){.op = (uint8_t)op, .type = SL_TYPE_BOOLEAN});
}
