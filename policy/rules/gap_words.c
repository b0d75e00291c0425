/* gap_words.c - see gaps.h: what descriptions say, and what plan and catalogue say of a number by themselves. */
#include <string.h>
#include <strings.h>

#include "enclave/base/text.h"
#include "policy/rules/gaps.h"
#include "policy/rules/rules.h"

const char *sl_gaps_part(const char *words, const char *label, size_t *len)
{
	size_t n = strlen(label);

	for (const char *p = words != NULL ? words : ""; *p != '\0';) {
		p += strspn(p, " ;");
		size_t all = strcspn(p, ";");
		if (all > n && strncasecmp(p, label, n) == 0 && p[n] == ':') {
			const char *text = p + n + 1;
			*len = sl_text_trim(&text, all - n - 1);
			return *len > 0 ? text : NULL;
		}
		p += all;
	}
	return NULL;
}

/* The one input an expression is; false: it computes. */
static bool only_input(const struct sl_expr *e, uint32_t *input)
{
	if (e->nops != 1 || e->ops[0].op != SL_OP_COLUMN)
		return false;
	*input = e->ops[0].arg;
	return true;
}

/* Unit of what per_unit leaves: its column's, or rows. */
static const char *fold_unit(const struct sl_source *s, const struct sl_view *view, const struct sl_fold *fold)
{
	uint32_t raw;

	if (fold->fn == SL_FOLD_COUNT || fold->fn == SL_FOLD_COUNT_IF)
		return "rows";
	return only_input(&fold->arg, &raw) ? view->tables[s->table].columns[s->raws[raw].column].measured_in : NULL;
}

static const char *argument_unit(const struct sl_plan *plan, const struct sl_view *view, const struct sl_expr *arg)
{
	uint32_t i;

	if (!only_input(arg, &i))
		return NULL;
	const struct sl_source *s = &plan->sources[plan->inputs[i].source];
	const char *unit = s->nfolds > 0 ? fold_unit(s, view, &s->folds[plan->inputs[i].column])
	                                 : sl_plan_input_column(plan, view, i)->measured_in;
	return unit != NULL && unit[0] != '\0' ? unit : NULL;
}

/* Sums and differences of what is measured in one unit are measured in it. */
static bool calc_unit(const struct sl_plan *plan, const struct sl_view *view, const struct sl_expr *e,
                      struct sl_buf *out)
{
	struct sl_buf each = { .max = 4 * SL_NAME_BYTES };
	size_t start = out->len;
	bool known = true, any = false;

	for (uint32_t i = 0; i < e->nops && known; i++) {
		const struct sl_op *op = &e->ops[i];
		if (op->op != SL_OP_COLUMN) {
			known = op->op == SL_OP_ADD || op->op == SL_OP_SUB || op->op == SL_OP_NEG || op->op == SL_OP_ABS;
			continue;
		}
		sl_buf_reset(&each);
		known = sl_gaps_measured_in(plan, view, op->arg, any ? &each : out) && !out->failed && !each.failed;
		if (any && known)
			known = each.len == out->len - start && memcmp(each.data, out->data + start, each.len) == 0;
		any = true;
	}
	sl_buf_fails_with(out, &each);
	sl_buf_free(&each);
	return known && any;
}

/* Of the x that a slope or coefficient is about; a condition has none, and counts as 1. */
static const char *regressor_unit(const struct sl_plan *plan, const struct sl_view *view, const struct sl_stat *s)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t at = s->fn == SL_STAT_COEF || s->fn == SL_STAT_COEF_SE ? s->p : 1;

	if (at == 0 || at > sl_expr_parts(&s->arg2, parts))
		return NULL;
	const struct sl_expr *x = &parts[at - 1];
	return x->ops[x->nops - 1].type == SL_TYPE_BOOLEAN ? "condition" : argument_unit(plan, view, x);
}

bool sl_gaps_measured_in(const struct sl_plan *plan, const struct sl_view *view, uint32_t column, struct sl_buf *out)
{
	if (column >= plan->nstats)
		return calc_unit(plan, view, &plan->calcs[column - plan->nstats].expr, out);
	const struct sl_stat *s = &plan->stats[column];
	const char *y = argument_unit(plan, view, &s->arg), *x = regressor_unit(plan, view, s);
	switch (s->fn) {
	case SL_STAT_UNITS:
		sl_buf_text(out, view->tables[plan->sources[0].table].space);
		return true;
	case SL_STAT_COUNT:
	case SL_STAT_COUNT_IF:
		sl_buf_text(out, "rows");
		return true;
	case SL_STAT_SHARE:
		sl_buf_text(out, "part of 1");
		return true;
	case SL_STAT_CORR:
		sl_buf_text(out, "none, -1 to 1");
		return true;
	case SL_STAT_R2:
		sl_buf_text(out, "part of 1");
		return true;
	case SL_STAT_COEF:
	case SL_STAT_COEF_SE:
	case SL_STAT_SLOPE:
		if (s->fn != SL_STAT_SLOPE && s->p == 0) {
			sl_buf_text(out, y != NULL ? y : "");
			return y != NULL;
		}
		if (x != NULL && y != NULL)
			sl_buf_printf(out, "%s per %s", y, x);
		return x != NULL && y != NULL;
	default:
		if (y != NULL)
			sl_buf_printf(out, "%s%s", y, s->fn == SL_STAT_VAR ? " squared" : "");
		return y != NULL;
	}
}

bool sl_gaps_denominator(const struct sl_plan *plan, uint32_t column, struct sl_buf *out)
{
	if (column >= plan->nstats) {
		const struct sl_expr *e = &plan->calcs[column - plan->nstats].expr;
		uint32_t divisions = 0, by = plan->nstats;
		for (uint32_t i = 0; i < e->nops; i++)
			if (e->ops[i].op == SL_OP_DIV || e->ops[i].op == SL_OP_IDIV) {
				divisions++;
				/* What was pushed last is what is divided by. */
				by = i > 0 && e->ops[i - 1].op == SL_OP_COLUMN ? e->ops[i - 1].arg : plan->nstats;
			}
		if (divisions == 1 && by < plan->nstats)
			sl_buf_text(out, plan->stats[by].name);
		return divisions == 0 || (divisions == 1 && by < plan->nstats);
	}
	switch (plan->stats[column].fn) {
	case SL_STAT_UNITS:
	case SL_STAT_COUNT:
	case SL_STAT_COUNT_IF:
	case SL_STAT_SUM:
		return true;
	case SL_STAT_SHARE:
		sl_buf_text(out, "rows where the condition is known");
		return true;
	case SL_STAT_CORR:
	case SL_STAT_SLOPE:
	case SL_STAT_INTERCEPT:
		sl_buf_text(out, "rows that have both values");
		return true;
	case SL_STAT_COEF:
	case SL_STAT_COEF_SE:
	case SL_STAT_R2:
		sl_buf_text(out, "rows that have all values");
		return true;
	default:
		sl_buf_text(out, "rows that have a value");
		return true;
	}
}

static void put_author(struct sl_buf *out, const char *words)
{
	if (words != NULL && words[0] != '\0')
		sl_buf_printf(out, "; the author: \"%s\"", words);
	sl_buf_text(out, "\n");
}

static void describe_number(const struct sl_plan *plan, const struct sl_view *view, uint32_t column, struct sl_buf *out)
{
	bool stat = column < plan->nstats;
	struct sl_buf unit = { 0 }, of = { 0 };

	sl_buf_printf(out, "%s.%s: ", plan->output,
	              stat ? plan->stats[column].name : plan->calcs[column - plan->nstats].name);
	if (sl_gaps_measured_in(plan, view, column, &unit) && unit.len > 0)
		sl_buf_printf(out, "unit of measure: %s", sl_buf_cstr(&unit));
	else
		sl_buf_text(out, "its unit of measure is the author's");
	if (sl_gaps_denominator(plan, column, &of) && of.len > 0)
		sl_buf_printf(out, ", of %s", sl_buf_cstr(&of));
	put_author(out, stat ? plan->stats[column].description : plan->calcs[column - plan->nstats].description);
	sl_buf_fails_with(out, &unit);
	sl_buf_fails_with(out, &of);
	sl_buf_free(&unit);
	sl_buf_free(&of);
}

void sl_gaps_describe(const struct sl_plan *plan, const struct sl_view *view, struct sl_buf *out)
{
	for (uint32_t i = 0; i < plan->nsources; i++) {
		const struct sl_table *t = &view->tables[plan->sources[i].table];
		bool known = t->period != NULL && t->period[0] != '\0';
		sl_buf_printf(out, "%s, of %s: %s\n", plan->output, t->name, known ? t->period : "its period is the author's");
	}
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		const char *title = sl_plan_key_column(plan, view, k)->title;
		sl_buf_printf(out, "%s.%s: %s", plan->output, plan->keys[k].name, title != NULL ? title : "");
		put_author(out, plan->keys[k].description);
	}
	for (uint32_t c = 0; c < plan->nstats + plan->ncalcs; c++)
		if (sl_plan_prints(plan, c))
			describe_number(plan, view, c, out);
}
