/* implied.c - see implied.h. Called once for each plan that a script declared, before anything is computed. */
#include "policy/implied.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/pact/members.h"
#include "policy/history/halves.h"
#include "policy/history/value.h"
#include "policy/rules/rules.h"

/* y and the x of a model; of a sum one. */
#define VARIABLES_MAX (1 + SL_EXPR_PARTS_MAX)
/* A column with more values is not gone through. */
#define VALUES_MAX 64

struct variable {
	struct sl_expr value;    /* borrowed */
	struct sl_expr larger;   /* the condition that it has the larger of its values; no ops: it has not two */
	bool missing;            /* it may be */
};

struct work {
	struct sl_plan *plan;
	const struct sl_view *view;
	const char *name;                 /* of the statistic that implies */
	struct variable v[VARIABLES_MAX];
	uint32_t nv;
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for what a statistic implies");
}

static enum sl_rc too_many(const struct work *w, struct sl_err *err)
{
	(void)sl_err_set(err, SL_E_DENIED,
	                 "output \"%s\": \"%s\" tells more counts than can be looked after, of variables with two values",
	                 w->plan->output, w->name);
	sl_err_rule(err, SL_PLAN_IMPLIED);
	sl_err_at(err, "", w->plan->line, 0);
	sl_err_remedy(err, "take fewer variables with two values into it, or an output of its own");
	return SL_E_DENIED;
}

/* --- conditions ------------------------------------------------------------------------------------------- */

static enum sl_rc put_op(struct sl_expr *to, struct sl_op op, struct sl_err *err)
{
	struct sl_op *ops = realloc(to->ops, ((size_t)to->nops + 1) * sizeof *ops);

	if (ops == NULL)
		return no_memory(err);
	to->ops = ops;
	ops[to->nops++] = op;
	return SL_OK;
}

static enum sl_rc put_bool(struct sl_expr *to, enum sl_opcode op, struct sl_err *err)
{
	return put_op(to, (struct sl_op){ .op = (uint8_t)op, .type = SL_TYPE_BOOLEAN }, err);
}

static enum sl_rc put_set(struct sl_expr *to, const struct sl_set *set, struct sl_err *err)
{
	struct sl_set *sets = realloc(to->sets, ((size_t)to->nsets + 1) * sizeof *sets);

	if (sets == NULL)
		return no_memory(err);
	to->sets = sets;
	sets[to->nsets] = (struct sl_set){ .scale = set->scale };
	return sl_codec_copy(&sl_set_record, set, &sets[to->nsets++], err);
}

/* Behind what there is. A list of expressions shares its sets: only those it reads are taken. */
static enum sl_rc put_expr(struct sl_expr *to, const struct sl_expr *e, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < e->nops && rc == SL_OK; i++) {
		struct sl_op op = e->ops[i];
		if (op.op == SL_OP_IN) {
			rc = put_set(to, &e->sets[op.arg], err);
			op.arg = (uint16_t)(to->nsets - 1);
		}
		if (rc == SL_OK)
			rc = put_op(to, op, err);
	}
	return rc;
}

/* One more condition, which must be met as well, or must not be. */
static enum sl_rc put_condition(struct sl_expr *to, const struct sl_expr *e, bool met, struct sl_err *err)
{
	bool first = to->nops == 0;
	enum sl_rc rc = put_expr(to, e, err);

	if (rc == SL_OK && !met)
		rc = put_bool(to, SL_OP_NOT, err);
	return rc == SL_OK && !first ? put_bool(to, SL_OP_AND, err) : rc;
}

static enum sl_rc put_known(struct sl_expr *to, const struct sl_expr *e, struct sl_err *err)
{
	enum sl_rc rc = put_expr(to, e, err);

	if (rc == SL_OK)
		rc = put_bool(to, SL_OP_IS_NULL, err);
	if (rc == SL_OK)
		rc = put_bool(to, SL_OP_NOT, err);
	return rc == SL_OK ? put_bool(to, SL_OP_AND, err) : rc;
}

/* --- by the values of one column --------------------------------------------------------------------------- */

/* The only column that the expression reads; NULL: it reads several or none, or what is made of a unit's rows. */
static const struct sl_op *only_column(const struct sl_expr *e)
{
	const struct sl_op *one = NULL;

	for (uint32_t i = 0; i < e->nops; i++) {
		if (e->ops[i].op != SL_OP_COLUMN)
			continue;
		if (one != NULL && one->arg != e->ops[i].arg)
			return NULL;
		one = &e->ops[i];
	}
	return one;
}

/* How many values from *lo on an input has; 0: too many, or nobody says. */
static uint32_t values_of(const struct work *w, uint32_t input, int64_t *lo)
{
	struct sl_operands inputs = { w->plan, w->view, NULL, SL_OPERANDS_INPUTS };
	const struct sl_column *c = sl_operands_column(&inputs, input);

	*lo = 0;
	if (c == NULL || c->type == SL_TYPE_TEXT)
		return c != NULL && c->nlabels + c->has_other <= VALUES_MAX ? c->nlabels + c->has_other : 0;
	if (c->type == SL_TYPE_BOOLEAN)
		return 2;
	*lo = c->lo;
	if (c->lo == INT64_MIN || c->hi == INT64_MAX || (sl_i128)c->hi - c->lo >= VALUES_MAX)
		return 0;
	return (uint32_t)(c->hi - c->lo) + 1;
}

/* Bit i: the condition is met where the input has its i-th value. */
static uint64_t met_by(const struct sl_expr *e, uint32_t input, int64_t lo, uint32_t n)
{
	struct sl_value in[SL_INPUTS_MAX] = { { 0 } };
	uint64_t met = 0;

	for (uint32_t i = 0; i < n; i++) {
		in[input].v = lo + i;
		struct sl_value v = sl_expr_eval(e, in);
		met |= (uint64_t)(!v.missing && v.v != 0) << i;
	}
	return met;
}

/* Of two conditions on one column: together they are one of them, or nobody meets both, as the catalogue tells. */
static bool adds_nothing(const struct work *w, const struct sl_expr *a, const struct sl_expr *b, bool met_a, bool met_b)
{
	const struct sl_op *x = only_column(a), *y = only_column(b);
	int64_t lo;

	if (x == NULL || y == NULL || x->arg != y->arg)
		return false;
	uint32_t n = values_of(w, x->arg, &lo);
	if (n == 0)
		return false;
	uint64_t all = n == 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
	uint64_t of_a = met_by(a, x->arg, lo, n), of_b = met_by(b, x->arg, lo, n);
	uint64_t both = (met_a ? of_a : all & ~of_a) & (met_b ? of_b : all & ~of_b);
	return both == 0 || both == of_a || both == of_b || both == (all & ~of_a) || both == (all & ~of_b);
}

/* --- the larger of two values ------------------------------------------------------------------------------ */

/* case when … then … else … end, of two constants: it is its condition. */
static bool is_choice(const struct sl_expr *e)
{
	const struct sl_op *end = e->ops + e->nops;

	return e->nops > 3 && end[-1].op == SL_OP_CASE && end[-1].arg == 1 && end[-2].op == SL_OP_CONST &&
	       end[-3].op == SL_OP_CONST;
}

/* What the author would write of those who have it: of a column's own two values, column = value. */
static enum sl_rc put_larger(const struct work *w, const struct sl_expr *e, int64_t larger, struct sl_expr *to,
                             struct sl_err *err)
{
	const struct sl_op *last = &e->ops[e->nops - 1], *column = only_column(e);
	struct sl_op value = { .op = SL_OP_CONST, .type = last->type, .scale = last->scale, .value = larger };
	struct sl_expr of = *e;
	int64_t lo;

	if (is_choice(e)) {
		of.nops -= 3;
		return put_expr(to, &of, err);
	}
	if (column != NULL && values_of(w, column->arg, &lo) == 2) {
		struct sl_value in[SL_INPUTS_MAX] = { { 0 } };
		in[column->arg].v = lo;
		struct sl_value v = sl_expr_eval(e, in);
		of = (struct sl_expr){ .ops = (struct sl_op *)(uintptr_t)column, .nops = 1 };
		value = (struct sl_op){ .op = SL_OP_CONST, .type = column->type, .scale = column->scale,
			                .value = !v.missing && v.v == larger ? lo : lo + 1 };
	}
	enum sl_rc rc = put_expr(to, &of, err);
	if (rc == SL_OK)
		rc = put_op(to, value, err);
	return rc == SL_OK ? put_bool(to, SL_OP_EQ, err) : rc;
}

static enum sl_rc note_variable(struct work *w, const struct sl_expr *e, struct sl_err *err)
{
	struct sl_operands inputs = { w->plan, w->view, NULL, SL_OPERANDS_INPUTS };
	struct sl_check_setup setup = { .view = *w->view };
	struct sl_rule_case c = { .setup = &setup, .plan = w->plan };
	struct variable *v = &w->v[w->nv++];
	int64_t values[2];

	*v = (struct variable){ .value = *e, .missing = !sl_value_never_missing(&inputs, e) };
	if (e->ops[e->nops - 1].type == SL_TYPE_BOOLEAN)
		return put_expr(&v->larger, e, err);
	if (!sl_rule_two_values(&c, e, values))
		return SL_OK;
	return put_larger(w, e, values[0] > values[1] ? values[0] : values[1], &v->larger, err);
}

/* --- statistics -------------------------------------------------------------------------------------------- */

static bool is_there(const struct sl_plan *plan, const struct sl_expr *condition)
{
	for (uint32_t s = 0; s < plan->nstats; s++)
		if (plan->stats[s].fn == SL_STAT_COUNT_IF && sl_expr_equal(&plan->stats[s].arg, condition))
			return true;
	return false;
}

/* Orders by a calc name a column that now stands further behind. */
static void move_order(struct sl_plan *plan)
{
	for (uint32_t i = 0; i < plan->norder; i++)
		if (plan->order[i].column >= plan->nkeys + plan->nstats)
			plan->order[i].column++;
}

static enum sl_rc append(struct work *w, struct sl_expr *condition, bool of_known, struct sl_err *err)
{
	struct sl_plan *plan = w->plan;
	char name[SL_IDENT_BYTES + 1];

	if (condition->nops > SL_EXPR_OPS_MAX || condition->nsets > SL_EXPR_SETS_MAX || plan->nstats == SL_STATS_MAX)
		return too_many(w, err);
	struct sl_stat *stats = realloc(plan->stats, ((size_t)plan->nstats + 1) * sizeof *stats);
	if (stats == NULL)
		return no_memory(err);
	plan->stats = stats;
	(void)snprintf(name, sizeof name, of_known ? "((%.*s))" : "(%.*s)", SL_IDENT_BYTES - (of_known ? 4 : 2), w->name);
	struct sl_stat *s = &stats[plan->nstats];
	*s = (struct sl_stat){ .name = strdup(name), .fn = SL_STAT_COUNT_IF, .description = strdup("") };
	if (s->name == NULL || s->description == NULL) {
		free(s->name);
		free(s->description);
		return no_memory(err);
	}
	s->arg = *condition;
	*condition = (struct sl_expr){ 0 };
	move_order(plan);
	plan->nstats++;
	return SL_OK;
}

/* Of whom a and, unless it is NULL, b is met or not, and all other variables are known. */
static enum sl_rc imply(struct work *w, const struct variable *a, const struct variable *b, unsigned met,
                        struct sl_err *err)
{
	struct sl_expr condition = { 0 };
	enum sl_rc rc = put_condition(&condition, &a->larger, (met & 1) != 0, err);

	if (rc == SL_OK && b != NULL)
		rc = put_condition(&condition, &b->larger, (met & 2) != 0, err);
	for (uint32_t i = 0; i < w->nv && rc == SL_OK; i++)
		if (&w->v[i] != a && &w->v[i] != b && w->v[i].missing)
			rc = put_known(&condition, &w->v[i].value, err);
	if (rc == SL_OK && !is_there(w->plan, &condition))
		rc = append(w, &condition, false, err);
	sl_codec_free(&sl_expr_record, &condition);
	return rc;
}

/* Who has both, either alone, and neither. */
static enum sl_rc imply_pair(struct work *w, const struct variable *a, const struct variable *b, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (a->larger.nops == 0 || b->larger.nops == 0 || sl_expr_equal(&a->larger, &b->larger))
		return SL_OK;
	for (unsigned met = 0; met < 4 && rc == SL_OK; met++)
		if (!adds_nothing(w, &a->larger, &b->larger, (met & 1) != 0, (met & 2) != 0))
			rc = imply(w, a, b, met, err);
	return rc;
}

static enum sl_rc imply_all(struct work *w, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < w->nv && rc == SL_OK; i++)
		if (w->v[i].larger.nops > 0)
			rc = imply(w, &w->v[i], NULL, 1, err);
	for (uint32_t i = 0; i < w->nv; i++)
		for (uint32_t j = 0; j < i && rc == SL_OK; j++)
			rc = imply_pair(w, &w->v[j], &w->v[i], err);
	return rc;
}

static bool implies(enum sl_stat_fn fn)
{
	return fn == SL_STAT_SUM || fn == SL_STAT_MEAN || sl_stat_has_moments(fn) || sl_stat_is_model(fn);
}

static enum sl_rc add_of(struct sl_plan *plan, const struct sl_view *view, uint32_t stat, struct sl_err *err)
{
	const struct sl_stat *s = &plan->stats[stat];
	struct work w = { .plan = plan, .view = view, .name = s->name };
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = s->arg2.nops > 0 ? sl_expr_parts(&s->arg2, parts) : 0;
	enum sl_rc rc = note_variable(&w, &s->arg, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = note_variable(&w, &parts[i], err);
	if (rc == SL_OK)
		rc = imply_all(&w, err);
	for (uint32_t i = 0; i < w.nv; i++)
		sl_codec_free(&sl_expr_record, &w.v[i].larger);
	return rc;
}

/* --- who has a value --------------------------------------------------------------------------------------- */

/* Of the same rows a total, and the mean or share of it; a mean of more than a column has a set of its own anyway. */
static bool tells_who_has_one(const struct sl_plan *plan, const struct sl_view *view, const struct sl_half *halves,
                              uint32_t n, uint32_t quotient)
{
	const struct sl_half *h = &halves[quotient];
	const struct sl_stat *s = &plan->stats[h->stat];
	struct sl_operands inputs = { plan, view, NULL, SL_OPERANDS_INPUTS };
	bool total = false;

	for (uint32_t i = 0; i < n; i++)
		total = total || (!halves[i].quotient && halves[i].of == h->of);
	return h->quotient && total && (s->fn == SL_STAT_SHARE || !sl_plan_watches(s)) &&
	       !sl_value_never_missing(&inputs, &s->arg);
}

static enum sl_rc add_known(struct sl_plan *plan, const struct sl_view *view, uint32_t stat, struct sl_err *err)
{
	struct work w = { .plan = plan, .view = view, .name = plan->stats[stat].name };
	struct sl_expr condition = { 0 };
	enum sl_rc rc = put_expr(&condition, &plan->stats[stat].arg, err);

	if (rc == SL_OK)
		rc = put_bool(&condition, SL_OP_IS_NULL, err);
	if (rc == SL_OK)
		rc = put_bool(&condition, SL_OP_NOT, err);
	if (rc == SL_OK && !is_there(plan, &condition))
		rc = append(&w, &condition, true, err);
	sl_codec_free(&sl_expr_record, &condition);
	return rc;
}

static enum sl_rc add_all_known(struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	struct sl_half *halves = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_halves_list(plan, view, &halves, &n, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (tells_who_has_one(plan, view, halves, n, i))
			rc = add_known(plan, view, halves[i].stat, err);
	free(halves);
	return rc;
}

enum sl_rc sl_implied_add(struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	uint32_t named = plan->nstats;
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < named; s++)
		if (sl_stat_is_implied(&plan->stats[s]))
			return sl_err_set(err, SL_E_INTEGRITY, "output \"%s\": a script implies nothing", plan->output);
	for (uint32_t s = 0; s < named && rc == SL_OK; s++) {
		bool again = false;
		for (uint32_t t = 0; t < s && !again; t++)
			again = sl_stat_same_model(&plan->stats[t], &plan->stats[s]);
		if (!again && implies((enum sl_stat_fn)plan->stats[s].fn))
			rc = add_of(plan, view, s, err);
	}
	return rc == SL_OK ? add_all_known(plan, view, err) : rc;
}
