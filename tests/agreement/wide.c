/* wide.c - see wide.h. */
#include "tests/agreement/wide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Where an expression is being written, and over what. */
struct quill {
	struct wide *wide;
	struct wide_expr *to;
	struct sl_expr *expr;
	const struct sl_input_type *inputs;
	uint32_t ninputs;
};

typedef struct sl_input_type type;

static const type integer = { .type = SL_TYPE_INTEGER }, boolean = { .type = SL_TYPE_BOOLEAN },
	date = { .type = SL_TYPE_DATE };

static uint32_t draw(struct quill *q, uint32_t below)
{
	return world_draw(q->wide->world, below);
}

static type put(struct quill *q, enum sl_opcode op, type t, uint32_t arg, int64_t value)
{
	assert_true(q->expr->nops < WIDE_OPS);
	q->to->ops[q->expr->nops++] = (struct sl_op){ .op = (uint8_t)op, .type = t.type, .scale = t.scale,
		.arg = (uint16_t)arg, .value = value };
	return t;
}

/* An operator whose operands, of types x, have been written; where they do not fit, a constant stands for all. */
static type apply(struct quill *q, uint32_t begin, enum sl_opcode op, const type *x, size_t n, uint32_t arg)
{
	const char *why;
	type t;

	if (sl_expr_result(op, x, n, &t, &why))
		return put(q, op, t, arg, 0);
	q->expr->nops = begin;
	return put(q, SL_OP_CONST, integer, 0, draw(q, 9));
}

static bool is_number(type t)
{
	return t.type == SL_TYPE_INTEGER || t.type == SL_TYPE_REAL;
}

/* An input of a type (any number for INTEGER), -1: there is none. */
static int find_input(struct quill *q, uint8_t of)
{
	uint32_t first = q->ninputs > 0 ? draw(q, q->ninputs) : 0;

	for (uint32_t i = 0; i < q->ninputs; i++) {
		uint32_t n = (first + i) % q->ninputs;
		if (q->inputs[n].type == of || (of == SL_TYPE_INTEGER && is_number(q->inputs[n])))
			return (int)n;
	}
	return -1;
}

static type put_input(struct quill *q, int n)
{
	return put(q, SL_OP_COLUMN, (type){ .type = q->inputs[n].type, .scale = q->inputs[n].scale }, (uint32_t)n, 0);
}

static int64_t draw_const(struct quill *q)
{
	static const int64_t rare[] = { INT64_MAX, INT64_MIN + 1, INT64_C(1) << 40, -1, 0 };

	return draw(q, 12) ? (int64_t)draw(q, 14) - 4 : rare[draw(q, 5)];
}

static type put_condition(struct quill *q, uint32_t depth);

static type put_date(struct quill *q)
{
	int n = find_input(q, SL_TYPE_DATE);

	return n >= 0 && draw(q, 5) ? put_input(q, n) : put(q, SL_OP_CONST, date, 0, (int64_t)draw(q, 40000) - 9000);
}

static type put_date_part(struct quill *q)
{
	static const enum sl_opcode ops[] = { SL_OP_YEAR, SL_OP_MONTH, SL_OP_DAY, SL_OP_WEEKDAY, SL_OP_MONTHS };
	uint32_t k = draw(q, 5), begin = q->expr->nops;
	type x[2];

	x[0] = put_date(q);
	if (ops[k] == SL_OP_MONTHS)
		x[1] = put_date(q);
	return apply(q, begin, ops[k], x, ops[k] == SL_OP_MONTHS ? 2 : 1, 0);
}

static type put_number(struct quill *q, uint32_t depth)
{
	static const enum sl_opcode two[] = { SL_OP_ADD, SL_OP_SUB, SL_OP_MUL, SL_OP_DIV, SL_OP_IDIV, SL_OP_MOD };
	uint32_t begin = q->expr->nops, kind = depth > 0 ? draw(q, 10) : 0;
	int n = find_input(q, SL_TYPE_INTEGER);
	type x[3];

	if (kind < 3)
		return n >= 0 && draw(q, 5) ? put_input(q, n) : put(q, SL_OP_CONST, integer, 0, draw_const(q));
	if (kind == 3)
		return put_date_part(q);
	if (kind == 4) {
		x[0] = put_number(q, depth - 1);
		return apply(q, begin, draw(q, 2) ? SL_OP_NEG : SL_OP_ABS, x, 1, 0);
	}
	if (kind == 5) {
		x[0] = put_condition(q, depth - 1);
		x[1] = put_number(q, depth - 1);
		x[2] = put_number(q, depth - 1);
		return apply(q, begin, SL_OP_CASE, x, 3, 1);
	}
	x[0] = put_number(q, depth - 1);
	x[1] = put_number(q, depth - 1);
	return kind == 6 ? apply(q, begin, SL_OP_COALESCE, x, 2, 2) : apply(q, begin, two[draw(q, 6)], x, 2, 0);
}

static type put_membership(struct quill *q, int n)
{
	uint32_t set = q->expr->nsets;

	put_input(q, n);
	if (set == WIDE_SETS || (q->inputs[n].type != SL_TYPE_TEXT && q->inputs[n].type != SL_TYPE_INTEGER))
		return put(q, SL_OP_IS_NULL, boolean, 0, 0);
	q->expr->nsets++;
	q->to->items[set][0].value = draw(q, WORLD_LABELS - 1);
	q->to->items[set][1].value = WORLD_LABELS - 1;
	q->to->sets[set] = (struct sl_set){ .items = q->to->items[set], .nitems = 1 + draw(q, 2) };
	return put(q, SL_OP_IN, boolean, set, 0);
}

static type put_comparison(struct quill *q)
{
	uint32_t begin = q->expr->nops;
	bool dates = draw(q, 4) == 0;
	const char *why;
	type x[2], t;

	x[0] = dates ? put_date(q) : put_number(q, 1);
	x[1] = dates ? put_date(q) : draw(q, 2) ? put_number(q, 0) : put(q, SL_OP_CONST, integer, 0, draw_const(q));
	enum sl_opcode op = (enum sl_opcode)(SL_OP_EQ + draw(q, 6));
	if (sl_expr_result(op, x, 2, &t, &why))
		return put(q, op, t, 0, 0);
	q->expr->nops = begin;
	return put(q, SL_OP_CONST, boolean, 0, draw(q, 2));
}

static type put_condition(struct quill *q, uint32_t depth)
{
	uint32_t begin = q->expr->nops, kind = draw(q, depth > 0 ? 9 : 6);
	int flag = find_input(q, SL_TYPE_BOOLEAN);
	type x[2];

	if (kind == 0 && flag >= 0)
		return put_input(q, flag);
	if (kind == 1 && q->ninputs > 0)
		return put_membership(q, (int)draw(q, q->ninputs));
	if (kind < 6)
		return put_comparison(q);
	x[0] = put_condition(q, depth - 1);
	if (kind == 6)
		return apply(q, begin, SL_OP_NOT, x, 1, 0);
	x[1] = put_condition(q, depth - 1);
	return apply(q, begin, kind == 7 ? SL_OP_AND : SL_OP_OR, x, 2, 0);
}

static struct quill quill_for(struct wide *d, struct sl_expr *expr, const type *inputs, uint32_t ninputs)
{
	assert_true(d->nexprs < WIDE_EXPRS);
	struct wide_expr *to = &d->exprs[d->nexprs++];

	*expr = (struct sl_expr){ .ops = to->ops, .sets = to->sets };
	return (struct quill){ .wide = d, .to = to, .expr = expr, .inputs = inputs, .ninputs = ninputs };
}

static void draw_condition(struct wide *d, struct sl_expr *expr, const type *inputs, uint32_t ninputs)
{
	struct quill q = quill_for(d, expr, inputs, ninputs);

	put_condition(&q, 2);
}

/* Numbers, now and then a condition, one behind the other. */
static void draw_list(struct wide *d, struct sl_expr *expr, const type *inputs, uint32_t n)
{
	struct quill q = quill_for(d, expr, inputs, d->plan.ninputs);

	for (uint32_t i = 0; i < n; i++)
		if (world_draw(d->world, 3) == 0)
			put_condition(&q, 1);
		else
			put_number(&q, 1);
}

static type draw_number(struct wide *d, struct sl_expr *expr, const type *inputs, uint32_t ninputs)
{
	struct quill q = quill_for(d, expr, inputs, ninputs);

	return put_number(&q, world_draw(d->world, 3));
}

static void draw_fold(struct wide *d, struct sl_fold *f, const type *raws, uint32_t nraws, type *result)
{
	type arg = boolean;

	/* Sums above all, since they leave int64. */
	f->fn = (uint8_t)(world_draw(d->world, 3) ? 1 + world_draw(d->world, SL_FOLD_COUNT_ - 1) : SL_FOLD_SUM);
	if (f->fn == SL_FOLD_COUNT_IF || f->fn == SL_FOLD_ANY || f->fn == SL_FOLD_ALL)
		draw_condition(d, &f->arg, raws, nraws);
	else if (f->fn != SL_FOLD_COUNT)
		arg = draw_number(d, &f->arg, raws, nraws);
	*result = sl_fold_type((enum sl_fold_fn)f->fn, arg);
}

static type column_type(const struct sl_column *c)
{
	return (type){ .type = c->type, .scale = c->scale, .ncodes = c->nlabels + c->has_other };
}

/* where, folds and having of a source; folded: it must give one row per unit. */
static void draw_inside(struct wide *d, uint32_t s, bool folded)
{
	struct sl_source *source = &d->sources[s];
	struct world *w = d->world;
	type raws[WORLD_COLUMNS], results[WIDE_FOLDS];
	bool filtered = world_draw(w, 4) == 0;

	source->raws = d->raws[s];
	source->folds = d->folds[s];
	if (!folded && !filtered)
		return;
	source->nraws = 1 + world_draw(w, WORLD_COLUMNS);
	uint32_t first = world_draw(w, WORLD_COLUMNS);
	for (uint32_t i = 0; i < source->nraws; i++) {
		source->raws[i].column = (uint16_t)((first + i) % WORLD_COLUMNS);
		raws[i] = column_type(&w->columns[source->table][source->raws[i].column]);
	}
	if (filtered)
		draw_condition(d, &source->where, raws, source->nraws);
	if (!folded)
		return;
	source->nfolds = 1 + world_draw(w, WIDE_FOLDS);
	for (uint32_t i = 0; i < source->nfolds; i++)
		draw_fold(d, &source->folds[i], raws, source->nraws, &results[i]);
	if (world_draw(w, 3) == 0)
		draw_condition(d, &source->having, results, source->nfolds);
}

/* A source's columns, or folds, as inputs; some of them, since others need not be read. */
static void draw_inputs(struct wide *d, uint32_t s)
{
	const struct sl_source *source = &d->sources[s];
	uint32_t n = source->nfolds > 0 ? source->nfolds : WORLD_COLUMNS;

	for (uint32_t c = 0; c < n && d->plan.ninputs < WIDE_INPUTS; c++) {
		if (world_draw(d->world, 5) == 0)
			continue;
		struct sl_input *in = &d->inputs[d->plan.ninputs++];
		*in = (struct sl_input){ .source = (uint16_t)s, .column = (uint16_t)c };
		/* The place itself, or what is known of it. */
		if (source->nfolds == 0 && c == WORLD_PLACE)
			in->lookup = (uint16_t)world_draw(d->world, WORLD_ATTRIBUTES + 1);
	}
}

static void draw_sources(struct wide *d)
{
	struct world *w = d->world;
	uint32_t n = 1 + world_draw(w, 2) * world_draw(w, WIDE_SOURCES), first = world_draw(w, WORLD_TABLES), joined = 0;
	bool several = false;

	for (uint32_t s = 0; s < n; s++) {
		uint32_t join = s == 0 ? SL_JOIN_INNER : world_draw(w, SL_JOIN_COUNT_);
		/* A table is joined once for its columns. */
		if (join <= SL_JOIN_LEFT && joined == WORLD_TABLES)
			join = SL_JOIN_SEMI;
		uint32_t table = join <= SL_JOIN_LEFT ? (first + joined++) % WORLD_TABLES : world_draw(w, WORLD_TABLES);
		bool many = !w->tables[table].one_row_per_unit, must = many && (join == SL_JOIN_LEFT || several);
		d->sources[s] = (struct sl_source){ .table = (uint16_t)table, .join = (uint8_t)join };
		draw_inside(d, s, must || world_draw(w, many ? 2 : 4) == 0);
		several |= join == SL_JOIN_INNER && many && d->sources[s].nfolds == 0;
		if (join <= SL_JOIN_LEFT)
			draw_inputs(d, s);
	}
	d->plan.nsources = n;
}

static void draw_keys(struct wide *d)
{
	static char names[WIDE_KEYS][3] = { "k0", "k1", "k2" };
	static char empty[] = "";
	uint32_t most = world_draw(d->world, WIDE_KEYS + 1), first = world_draw(d->world, WIDE_INPUTS);

	for (uint32_t i = 0; i < d->plan.ninputs && d->plan.nkeys < most; i++) {
		uint32_t n = (first + i) % d->plan.ninputs;
		const struct sl_input *in = &d->inputs[n];
		const struct sl_source *source = &d->sources[in->source];
		if (source->nfolds > 0 || in->column > WORLD_AGE || in->lookup == WORLD_COST + 1)
			continue;
		/* A unit that a left source lacks must have a group. */
		if (source->join == SL_JOIN_LEFT && in->lookup == 0 &&
		    !d->world->columns[source->table][in->column].nullable)
			continue;
		d->keys[d->plan.nkeys] = (struct sl_key){ .name = names[d->plan.nkeys], .input = (uint16_t)n,
			.banded = in->column == WORLD_AGE, .description = empty };
		d->plan.nkeys++;
	}
}

/* One to three of them, a condition now and then; or all of a model that was drawn before. */
static void draw_regressors(struct wide *d, uint32_t i, const type *inputs)
{
	struct sl_stat *s = &d->stats[i];
	uint32_t n = 1 + world_draw(d->world, 3);
	struct sl_expr parts[SL_EXPR_PARTS_MAX];

	if (i > 0 && sl_stat_is_model((enum sl_stat_fn)d->stats[i - 1].fn) && world_draw(d->world, 2) == 0) {
		s->arg = d->stats[i - 1].arg;
		s->arg2 = d->stats[i - 1].arg2;
		n = sl_expr_parts(&s->arg2, parts);
	} else {
		draw_list(d, &s->arg2, inputs, n);
	}
	s->p = s->fn == SL_STAT_R2 ? 0 : (uint16_t)world_draw(d->world, n + 1);
}

static void draw_stats(struct wide *d, const type *inputs)
{
	static const uint8_t fns[] = { SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_SUM, SL_STAT_MEAN,
		SL_STAT_SHARE, SL_STAT_QUANTILE, SL_STAT_QUANTILE, SL_STAT_QUANTILE, SL_STAT_VAR, SL_STAT_SD, SL_STAT_CORR,
		SL_STAT_SLOPE, SL_STAT_INTERCEPT, SL_STAT_COEF, SL_STAT_COEF, SL_STAT_COEF_SE, SL_STAT_R2 };
	static const uint16_t ps[] = { 1, 2500, 5000, 5000, 9000, 9999 };
	static char names[WIDE_STATS][3] = { "s0", "s1", "s2", "s3", "s4", "s5" };
	static char empty[] = "";

	d->plan.nstats = 1 + world_draw(d->world, WIDE_STATS);
	for (uint32_t i = 0; i < d->plan.nstats; i++) {
		struct sl_stat *s = &d->stats[i];
		*s = (struct sl_stat){ .name = names[i], .fn = fns[world_draw(d->world, sizeof fns)], .description = empty };
		if (s->fn == SL_STAT_QUANTILE)
			s->p = world_draw(d->world, 3) ? ps[world_draw(d->world, 6)] : (uint16_t)(1 + world_draw(d->world, 9999));
		if (s->fn == SL_STAT_COUNT_IF || s->fn == SL_STAT_SHARE)
			draw_condition(d, &s->arg, inputs, d->plan.ninputs);
		else if (i > 0 && d->stats[i - 1].fn >= SL_STAT_QUANTILE && world_draw(d->world, 3) == 0)
			s->arg = d->stats[i - 1].arg; /* as median and quartiles of one thing */
		else if (s->fn != SL_STAT_UNITS && s->fn != SL_STAT_COUNT)
			draw_number(d, &s->arg, inputs, d->plan.ninputs);
		if (s->fn == SL_STAT_UNITS || s->fn == SL_STAT_COUNT)
			s->arg = (struct sl_expr){ 0 };
		if (sl_stat_is_model((enum sl_stat_fn)s->fn))
			draw_regressors(d, i, inputs);
		else if (s->fn >= SL_STAT_CORR)
			draw_number(d, &s->arg2, inputs, d->plan.ninputs);
	}
}

void wide_init(struct wide *d, struct world *w)
{
	static char output[] = "table1", empty[] = "";
	struct sl_input_type inputs[SL_INPUTS_MAX];
	struct sl_err err = { 0 };

	memset(d, 0, sizeof *d);
	d->world = w;
	d->plan = (struct sl_plan){ .output = output, .purpose = empty, .line = 1, .sources = d->sources,
		.inputs = d->inputs, .keys = d->keys, .stats = d->stats };
	draw_sources(d);
	if (sl_plan_inputs(&d->plan, &w->view, inputs, &err) != SL_OK)
		fail_msg("%s", err.text);
	if (world_draw(w, 2))
		draw_condition(d, &d->plan.where, inputs, d->plan.ninputs);
	draw_keys(d);
	draw_stats(d, inputs);
}

static void expr_text(const char *what, const struct sl_expr *e, struct sl_buf *out)
{
	if (e->nops > 0)
		sl_buf_printf(out, " %s:", what);
	for (uint32_t i = 0; i < e->nops; i++) {
		const struct sl_op *op = &e->ops[i];
		if (op->op == SL_OP_CONST)
			sl_buf_printf(out, " %lld/%d", (long long)op->value, op->scale);
		else if (op->op == SL_OP_COLUMN)
			sl_buf_printf(out, " i%u", op->arg);
		else
			sl_buf_printf(out, " %s", sl_opcode_name((enum sl_opcode)op->op));
	}
}

void wide_text(const struct wide *d, struct sl_buf *out)
{
	static const char *const joins[] = { "inner", "left", "semi", "anti" };

	for (uint32_t s = 0; s < d->plan.nsources; s++) {
		const struct sl_source *source = &d->sources[s];
		sl_buf_printf(out, "%s t%u", joins[source->join], source->table);
		for (uint32_t i = 0; i < source->nraws; i++)
			sl_buf_printf(out, "%s c%u", i == 0 ? " raws" : "", source->raws[i].column);
		expr_text("where", &source->where, out);
		for (uint32_t i = 0; i < source->nfolds; i++) {
			sl_buf_printf(out, " fold %u", source->folds[i].fn);
			expr_text("of", &source->folds[i].arg, out);
		}
		expr_text("having", &source->having, out);
		sl_buf_text(out, "\n");
	}
	for (uint32_t i = 0; i < d->plan.ninputs; i++)
		sl_buf_printf(out, "i%u=%u.c%u/%u ", i, d->inputs[i].source, d->inputs[i].column, d->inputs[i].lookup);
	expr_text("where", &d->plan.where, out);
	for (uint32_t k = 0; k < d->plan.nkeys; k++)
		sl_buf_printf(out, " by i%u", d->keys[k].input);
	for (uint32_t i = 0; i < d->plan.nstats; i++) {
		sl_buf_printf(out, "\n%s p %u", sl_stat_fn_name((enum sl_stat_fn)d->stats[i].fn), d->stats[i].p);
		expr_text("of", &d->stats[i].arg, out);
		expr_text("and", &d->stats[i].arg2, out);
	}
	sl_buf_text(out, "\n");
}
