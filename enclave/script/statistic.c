/* statistic.c - the rules `statistic` and `fold` of docs/analyst.md: one function that stands alone. See term.h. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/term.h"

enum argument {
	ARGUMENT_NONE = 0,
	ARGUMENT_CONDITION,
	ARGUMENT_NUMBER,
	ARGUMENT_ORDERED, /* a number or a date */
	ARGUMENT_BANDS,   /* a column with bands */
};

struct shape {
	const char *name;
	uint8_t fn;       /* enum sl_stat_fn or sl_fold_fn; 0: hist */
	enum argument argument;
	bool pair;        /* two numbers */
	bool part;        /* a p behind the number */
};

static const struct shape statistics[] = {
	{"units", SL_STAT_UNITS, ARGUMENT_NONE, false, false},
	{"count", SL_STAT_COUNT, ARGUMENT_NONE, false, false},
	{"count_if", SL_STAT_COUNT_IF, ARGUMENT_CONDITION, false, false},
	{"sum", SL_STAT_SUM, ARGUMENT_NUMBER, false, false},
	{"mean", SL_STAT_MEAN, ARGUMENT_NUMBER, false, false},
	{"share", SL_STAT_SHARE, ARGUMENT_CONDITION, false, false},
	{"min", SL_STAT_MIN, ARGUMENT_NUMBER, false, false},
	{"max", SL_STAT_MAX, ARGUMENT_NUMBER, false, false},
	{"quantile", SL_STAT_QUANTILE, ARGUMENT_NUMBER, false, true},
	{"median", SL_STAT_QUANTILE, ARGUMENT_NUMBER, false, false},
	{"var", SL_STAT_VAR, ARGUMENT_NUMBER, false, false},
	{"sd", SL_STAT_SD, ARGUMENT_NUMBER, false, false},
	{"corr", SL_STAT_CORR, ARGUMENT_NUMBER, true, false},
	{"slope", SL_STAT_SLOPE, ARGUMENT_NUMBER, true, false},
	{"intercept", SL_STAT_INTERCEPT, ARGUMENT_NUMBER, true, false},
	{"lm", SL_STAT_COEF, ARGUMENT_NUMBER, false, false},
	{"hist", SL_STAT_NONE, ARGUMENT_BANDS, false, false},
};
#define NSTATISTICS (sizeof statistics / sizeof statistics[0])

static const struct shape folds[] = {
	{"count", SL_FOLD_COUNT, ARGUMENT_NONE, false, false},
	{"count_if", SL_FOLD_COUNT_IF, ARGUMENT_CONDITION, false, false},
	{"sum", SL_FOLD_SUM, ARGUMENT_NUMBER, false, false},
	{"mean", SL_FOLD_MEAN, ARGUMENT_NUMBER, false, false},
	{"min", SL_FOLD_MIN, ARGUMENT_ORDERED, false, false},
	{"max", SL_FOLD_MAX, ARGUMENT_ORDERED, false, false},
	{"any", SL_FOLD_ANY, ARGUMENT_CONDITION, false, false},
	{"all", SL_FOLD_ALL, ARGUMENT_CONDITION, false, false},
};
#define NFOLDS (sizeof folds / sizeof folds[0])

static const char *const wanted[] = {
	[ARGUMENT_NONE] = "no argument",     [ARGUMENT_CONDITION] = "a condition", [ARGUMENT_NUMBER] = "a number",
	[ARGUMENT_ORDERED] = "a number or a date", [ARGUMENT_BANDS] = "a column with bands",
};

static bool fits(enum argument argument, uint8_t type)
{
	bool number = type == SL_TYPE_INTEGER || type == SL_TYPE_REAL;

	if (argument == ARGUMENT_CONDITION)
		return type == SL_TYPE_BOOLEAN;
	return number || (argument == ARGUMENT_ORDERED && type == SL_TYPE_DATE);
}

static enum sl_rc misfit(struct sl_parser *p, const struct shape *s, uint8_t type, size_t at)
{
	const char *remedy = NULL;

	if (s->argument == ARGUMENT_CONDITION)
		remedy = "compare it with something: x > 0";
	else if (type == SL_TYPE_BOOLEAN)
		remedy = "count it with count_if, or use share";
	return sl_emit_fail(&p->e, SL_E_INPUT, at, remedy, "%s() needs %s and this is %s", s->name, wanted[s->argument],
	                    sl_type_name(type));
}

static enum sl_rc value(struct sl_parser *p, const struct shape *s, struct sl_input_type *type)
{
	struct sl_operand x;
	size_t at = p->t.at;
	enum sl_rc rc = sl_parser_expression(p, &x);

	if (rc == SL_OK)
		rc = sl_emit_value(&p->e, &x);
	if (rc != SL_OK)
		return rc;
	*type = x.type;
	return fits(s->argument, x.type.type) ? SL_OK : misfit(p, s, x.type.type, at);
}

/* The column hist() is about; its bands are looked up where the column is known. */
static enum sl_rc column(struct sl_parser *p, struct sl_parsed *out)
{
	struct sl_named named = {0};
	const char *last = NULL;
	struct sl_operand x = {.at = p->t.at, .first = p->e.expr.nops};
	enum sl_rc rc = sl_term_name(p, &named, &last);

	if (rc == SL_OK)
		rc = sl_term_use(p, &named, last, &x);
	if (rc == SL_OK && (p->e.expr.nops != 1 || p->e.expr.ops[0].op != SL_OP_COLUMN))
		rc = sl_emit_fail(&p->e, SL_E_INPUT, x.at, "name the column: hist(age)", "hist() takes one column of a table");
	out->type = x.type;
	return rc;
}

/* A place of its own for what stands behind the first argument. */
static enum sl_rc fresh_expression(struct sl_parser *p)
{
	p->e.expr = (struct sl_expr){0};
	p->e.expr.ops = calloc(SL_EXPR_OPS_MAX, sizeof p->e.expr.ops[0]);
	p->e.expr.sets = calloc(SL_EXPR_SETS_MAX, sizeof p->e.expr.sets[0]);
	return p->e.expr.ops != NULL && p->e.expr.sets != NULL ? SL_OK : sl_err_set(p->e.err, SL_E_NOMEM, "out of memory");
}

/* ", x": the second expression is built in a place of its own. */
static enum sl_rc second(struct sl_parser *p, const struct shape *s, struct sl_parsed *out)
{
	struct sl_expr first = p->e.expr;
	struct sl_input_type type;

	if (!sl_term_at(p, SL_WORD_COMMA))
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, s->fn == SL_STAT_CORR ? "corr(x, y)" : "first y, then x: slope(y, x)",
		                    "%s() takes two numbers", s->name);
	enum sl_rc rc = fresh_expression(p);
	if (rc == SL_OK)
		rc = sl_term_advance(p);
	if (rc == SL_OK)
		rc = value(p, s, &type);
	out->expr2 = p->e.expr;
	p->e.expr = first;
	return rc;
}

/* ", x1, x2, …" of a model: numbers or conditions, one behind the other. */
static enum sl_rc regressors(struct sl_parser *p, struct sl_parsed *out)
{
	struct sl_expr first = p->e.expr;
	uint32_t n = 0;
	enum sl_rc rc = fresh_expression(p);

	while (rc == SL_OK && sl_term_at(p, SL_WORD_COMMA)) {
		struct sl_operand x;
		if (n++ == SL_REGRESSORS_MAX) {
			rc = sl_emit_fail(&p->e, SL_E_LIMIT, p->t.at, NULL, "lm() takes at most %d x", SL_REGRESSORS_MAX);
			break;
		}
		rc = sl_term_advance(p);
		size_t at = p->t.at;
		if (rc == SL_OK)
			rc = sl_parser_expression(p, &x);
		if (rc == SL_OK)
			rc = sl_emit_value(&p->e, &x);
		if (rc == SL_OK && x.type.type != SL_TYPE_BOOLEAN && !fits(ARGUMENT_NUMBER, x.type.type))
			rc = sl_emit_fail(&p->e, SL_E_INPUT, at, NULL, "lm() needs numbers and conditions and this is %s",
			                  sl_type_name(x.type.type));
	}
	if (rc == SL_OK && n == 0)
		rc = sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "first y, then each x: lm(y, x1, x2)",
		                  "lm() takes a number and at least one x");
	out->expr2 = p->e.expr;
	p->e.expr = first;
	return rc;
}

/* quantile(0.5, score): what is to be added up stands second. */
static bool is_turned(const struct sl_parser *p)
{
	return p->e.expr.nops == 1 && p->e.expr.ops[0].op == SL_OP_CONST && p->t.kind == SL_TOKEN_NAME;
}

/* ", p" of a quantile. */
static enum sl_rc part(struct sl_parser *p, struct sl_parsed *out)
{
	const struct sl_operand like = {.kind = SL_OPERAND_VALUE, .type = {.type = SL_TYPE_REAL}};
	struct sl_operand x = {0};
	struct sl_op op = {0};
	int64_t parts = 0, back = 0;
	size_t at = p->t.at;
	bool told = sl_term_at(p, SL_WORD_COMMA);
	enum sl_rc rc = told ? sl_term_advance(p) : SL_OK;

	if (rc == SL_OK && told) {
		at = p->t.at;
		if (is_turned(p))
			return sl_emit_fail(&p->e, SL_E_INPUT, at, "write the column first: quantile(x, 0.9)",
			                    "quantile() takes its arguments the other way round: first the values, then the part");
		rc = sl_term_constant(p, &like, &x, &op);
	}
	if (rc != SL_OK && rc != SL_E_INPUT)
		return rc;
	bool exact = told && rc == SL_OK && (op.type == SL_TYPE_INTEGER || op.type == SL_TYPE_REAL) &&
	             sl_rescale(op.value, op.scale, 4, &parts) && sl_rescale(parts, 4, op.scale, &back) && back == op.value;
	sl_err_clear(p->e.err);
	if (!exact || parts <= 0 || parts >= SL_QUANTILE_ONE)
		return sl_emit_fail(&p->e, SL_E_INPUT, at, "quantile(x, 0.9): the value that nine tenths of the rows do not exceed",
		                    "quantile() takes a part between 0 and 1, in at most 4 decimals");
	out->p = (uint16_t)parts;
	return SL_OK;
}

/* Behind the function's "(". */
static enum sl_rc argument(struct sl_parser *p, const struct shape *s, struct sl_parsed *out)
{
	bool empty = sl_term_at(p, SL_WORD_CLOSE);

	if (s->argument == ARGUMENT_NONE)
		return empty ? SL_OK
		             : sl_emit_fail(&p->e, SL_E_INPUT, p->t.at,
		                            strcmp(s->name, "count") == 0 ? "write count(), or count_if(x is not missing)"
		                                                          : "write units()",
		                            "%s() takes no argument", s->name);
	if (empty)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, NULL, "%s() needs %s", s->name, wanted[s->argument]);
	if (s->argument == ARGUMENT_BANDS)
		return column(p, out);
	enum sl_rc rc = value(p, s, &out->type);
	if (rc == SL_OK && s->pair)
		rc = second(p, s, out);
	if (rc == SL_OK && s->fn == SL_STAT_COEF)
		rc = regressors(p, out);
	if (rc == SL_OK && s->part)
		rc = part(p, out);
	return rc;
}

static enum sl_rc none_of(struct sl_parser *p, const struct shape *shapes, size_t n, const char *told, const char *all)
{
	const char *names[NSTATISTICS];

	for (size_t i = 0; i < n; i++)
		names[i] = shapes[i].name;
	int near = p->t.kind == SL_TOKEN_NAME ? sl_text_near(p->t.text, names, n) : -1;
	sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, NULL, "%s", told);
	if (near >= 0)
		sl_err_remedy(p->e.err, "did you mean %s()?", names[near]);
	else
		sl_err_remedy(p->e.err, "%s", all);
	return SL_E_INPUT;
}

static const struct shape *shape_at(const struct sl_parser *p, const struct shape *shapes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sl_term_at_call(p, shapes[i].name))
			return &shapes[i];
	return NULL;
}

static enum sl_rc whole_call(struct sl_parser *p, const struct shape *s, struct sl_parsed *out)
{
	enum sl_rc rc = sl_term_advance(p);

	if (rc == SL_OK)
		rc = sl_term_take(p, SL_WORD_OPEN);
	if (rc == SL_OK)
		rc = argument(p, s, out);
	return rc == SL_OK ? sl_term_take(p, SL_WORD_CLOSE) : rc;
}

enum sl_rc sl_statistic_parse(struct sl_parser *p, struct sl_parsed *out)
{
	const struct shape *s = shape_at(p, statistics, NSTATISTICS);

	if (s == NULL)
		return none_of(p, statistics, NSTATISTICS, "summarise takes one statistic per name",
		               "units() count() count_if(cond) share(cond) sum(x) mean(x) median(x) quantile(x, p) var(x) sd(x) "
		               "corr(x, y) slope(y, x) intercept(y, x) lm(y, x1, x2) hist(x); arithmetic on them is for calc");
	out->fn = s->fn;
	out->p = strcmp(s->name, "median") == 0 ? SL_QUANTILE_ONE / 2 : 0;
	enum sl_rc rc = whole_call(p, s, out);
	if (rc == SL_OK && p->t.kind != SL_TOKEN_END)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "give each statistic its own name, and compute with them in calc",
		                    "a statistic stands alone in summarise");
	return rc;
}

enum sl_rc sl_statistic_parse_fold(struct sl_parser *p, struct sl_parsed *out)
{
	const struct shape *s = shape_at(p, folds, NFOLDS);

	if (s == NULL)
		return none_of(p, folds, NFOLDS, "per_unit takes one fold of a unit's rows per name",
		               "count() count_if(cond) sum(x) mean(x) min(x) max(x) any(cond) all(cond)");
	out->fold = s->fn;
	enum sl_rc rc = whole_call(p, s, out);
	if (rc == SL_OK && p->t.kind != SL_TOKEN_END)
		return sl_emit_fail(&p->e, SL_E_INPUT, p->t.at, "give each fold its own name, and compute with them in derive",
		                    "a fold stands alone in per_unit");
	return rc;
}
