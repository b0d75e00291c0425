/* function.c - the rule `call` of docs/analyst.md: functions of numbers, dates and texts. See term.h. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/domain.h"
#include "enclave/script/term.h"

enum kind {
	KIND_NONE = 0,
	KIND_OPERATOR, /* arguments are values, joined by op */
	KIND_FORM,     /* lower, upper: how a text column is read */
	KIND_LENGTH,
	KIND_MATCH,    /* text column, text */
	KIND_BANDS,    /* stands elsewhere */
	KIND_STATISTIC,
};

/* then: what is done with op's result: (op + add) div by; by 0: nothing. */
struct function {
	const char *name;
	enum kind kind;
	uint8_t op;   /* enum sl_opcode, sl_form or sl_match */
	uint8_t nmin, nmax;
	uint8_t add, by;
};

static const struct function functions[] = {
	{"abs", KIND_OPERATOR, SL_OP_ABS, 1, 1, 0, 0},
	{"coalesce", KIND_OPERATOR, SL_OP_COALESCE, 1, SL_TERM_BRANCHES_MAX, 0, 0},
	{"year", KIND_OPERATOR, SL_OP_YEAR, 1, 1, 0, 0},
	{"month", KIND_OPERATOR, SL_OP_MONTH, 1, 1, 0, 0},
	{"day", KIND_OPERATOR, SL_OP_DAY, 1, 1, 0, 0},
	{"weekday", KIND_OPERATOR, SL_OP_WEEKDAY, 1, 1, 0, 0},
	{"quarter", KIND_OPERATOR, SL_OP_MONTH, 1, 1, 2, 3},
	{"months_between", KIND_OPERATOR, SL_OP_MONTHS, 2, 2, 0, 0},
	{"years_between", KIND_OPERATOR, SL_OP_MONTHS, 2, 2, 0, 12},
	{"lower", KIND_FORM, SL_FORM_LOWER, 1, 1, 0, 0},
	{"upper", KIND_FORM, SL_FORM_UPPER, 1, 1, 0, 0},
	{"length", KIND_LENGTH, 0, 1, 1, 0, 0},
	{"starts_with", KIND_MATCH, SL_MATCH_START, 2, 2, 0, 0},
	{"ends_with", KIND_MATCH, SL_MATCH_END, 2, 2, 0, 0},
	{"contains", KIND_MATCH, SL_MATCH_INSIDE, 2, 2, 0, 0},
	{"bands", KIND_BANDS, 0, 0, 0, 0, 0},
	{"units", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"count", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"count_if", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"sum", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"mean", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"share", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"min", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"max", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"median", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"quantile", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"var", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"sd", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"corr", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"slope", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"intercept", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"lm", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"hist", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"any", KIND_STATISTIC, 0, 0, 0, 0, 0},
	{"all", KIND_STATISTIC, 0, 0, 0, 0, 0},
};
#define NFUNCTIONS (sizeof functions / sizeof functions[0])

static const struct function *find(const char *name)
{
	for (size_t i = 0; i < NFUNCTIONS; i++)
		if (strcmp(functions[i].name, name) == 0)
			return &functions[i];
	return NULL;
}

static enum sl_rc no_function(struct sl_parser *p, const char *name, size_t at)
{
	const char *names[NFUNCTIONS];

	for (size_t i = 0; i < NFUNCTIONS; i++)
		names[i] = functions[i].name;
	int near = sl_text_near(name, names, NFUNCTIONS);
	sl_emit_fail(&p->e, SL_E_INPUT, at, NULL, "no function %s()", name);
	if (near >= 0)
		sl_err_remedy(p->e.err, "did you mean %s()?", names[near]);
	else
		sl_err_remedy(p->e.err, "numbers: abs coalesce; dates: year quarter month day weekday months_between "
		                        "years_between; texts: lower upper length starts_with ends_with contains");
	return SL_E_INPUT;
}

static enum sl_rc misplaced(struct sl_parser *p, const struct function *f, size_t at)
{
	if (f->kind == KIND_BANDS)
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "name it alone: derive{ band = \"bands(age)\" }, and group by band",
		                    "bands() stands alone in derive or group_by");
	if (strcmp(f->name, "any") == 0 || strcmp(f->name, "all") == 0)
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "give it a name there: per_unit{ ever = \"any(cond)\" }",
		                    "%s() stands alone in per_unit", f->name);
	return sl_emit_fail(&p->e, SL_E_INPUT, at, "give it a name in summarise; arithmetic on results is for calc",
	                    "%s() is a statistic and stands alone in summarise", f->name);
}

/* Arguments up to the closing parenthesis; values are emitted when `values` says so. */
static enum sl_rc arguments(struct sl_parser *p, const struct function *f, bool values,
                            struct sl_operand args[static SL_TERM_BRANCHES_MAX], size_t *nargs)
{
	size_t n = 0;
	enum sl_rc rc = SL_OK;

	while (rc == SL_OK) {
		if (n == f->nmax)
			return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, NULL, "too many arguments for %s()", f->name);
		rc = sl_parser_expression(p, &args[n]);
		if (rc == SL_OK && values)
			rc = sl_emit_value(&p->e, &args[n]);
		n++;
		if (rc != SL_OK || !sl_term_at(p, SL_WORD_COMMA))
			break;
		rc = sl_term_advance(p);
	}
	if (rc == SL_OK && n < f->nmin)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, NULL, "%s() takes %u arguments", f->name, f->nmin);
	*nargs = n;
	return rc == SL_OK ? sl_term_take(p, SL_WORD_CLOSE) : rc;
}

static enum sl_rc whole_number(struct sl_parser *p, enum sl_opcode op, size_t at, int64_t number, struct sl_operand *x)
{
	struct sl_input_type integer = {.type = SL_TYPE_INTEGER};
	struct sl_operand pair[2] = {*x, {.kind = SL_OPERAND_VALUE, .type = integer}};
	enum sl_rc rc =
		sl_emit_op(&p->e, at, (struct sl_op){.op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = number});

	pair[1].at = pair[1].end = x->end;
	if (rc == SL_OK)
		rc = sl_emit_operator(&p->e, op, at, pair, 2);
	*x = pair[0];
	return rc;
}

static enum sl_rc operator(struct sl_parser *p, const struct function *f, size_t at, struct sl_operand *args, size_t n)
{
	enum sl_rc rc = sl_emit_operator(&p->e, f->op, at, args, n);

	if (rc == SL_OK && f->add > 0)
		rc = whole_number(p, SL_OP_ADD, at, f->add, &args[0]);
	if (rc == SL_OK && f->by > 0)
		rc = whole_number(p, SL_OP_IDIV, at, f->by, &args[0]);
	return rc;
}

static enum sl_rc of_text(struct sl_parser *p, const struct function *f, size_t at, struct sl_operand *args)
{
	if (args[0].kind != SL_OPERAND_COLUMN)
		return sl_emit_fail(&p->e, SL_E_INPUT, args[0].at, NULL, "%s() wants a text column", f->name);
	if (f->kind == KIND_MATCH)
		return sl_domain_match(&p->e, f->op, at, &args[0], &args[1]);
	if (f->kind == KIND_LENGTH)
		return sl_domain_length(&p->e, at, &args[0]);
	args[0].form = f->op;
	return SL_OK;
}

enum sl_rc sl_function_call(struct sl_parser *p, const char *name, struct sl_operand *x)
{
	const struct function *f = find(name);
	struct sl_operand args[SL_TERM_BRANCHES_MAX];
	size_t n = 0, at = x->at;
	uint32_t first = x->first;
	enum sl_rc rc;

	if (f == NULL)
		return no_function(p, name, at);
	if (f->kind == KIND_BANDS || f->kind == KIND_STATISTIC)
		return misplaced(p, f, at);
	rc = sl_term_advance(p);
	if (rc == SL_OK)
		rc = arguments(p, f, f->kind == KIND_OPERATOR, args, &n);
	if (rc == SL_OK)
		rc = f->kind == KIND_OPERATOR ? operator(p, f, at, args, n) : of_text(p, f, at, args);
	if (rc != SL_OK)
		return rc;
	*x = args[0];
	x->at = at;
	x->first = first;
	return SL_OK;
}
