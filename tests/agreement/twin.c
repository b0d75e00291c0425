/* twin.c - see twin.h. */
#include "tests/agreement/twin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Where an expression is being written: ops on one side, SQL on the other. */
struct pen {
	struct twin *twin;
	struct twin_expr *to;
	struct sl_expr *expr;
};

struct piece {
	struct sl_input_type type;
	char sql[2048];
};

static const struct sl_column *column_of(const struct twin *t, uint32_t input)
{
	return &t->world->columns[t->sources[t->inputs[input].source].table][t->inputs[input].column];
}

static void put_op(struct pen *p, enum sl_opcode op, struct sl_input_type type, uint32_t arg, int64_t value)
{
	assert_true(p->expr->nops < TWIN_OPS);
	p->to->ops[p->expr->nops++] = (struct sl_op){ .op = (uint8_t)op, .type = type.type, .scale = type.scale,
		.arg = (uint16_t)arg, .value = value };
}

/* An operator over pieces already written: its type from the pact. */
static void put_result(struct pen *p, enum sl_opcode op, const struct sl_input_type *x, size_t n, uint32_t arg,
                       struct sl_input_type *type)
{
	const char *why = "";

	if (!sl_expr_result(op, x, n, type, &why))
		fail_msg("%s: %s", sl_opcode_name(op), why);
	put_op(p, op, *type, arg, 0);
}

static SL_PRINTF(2, 3) void say(struct piece *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	assert_in_range(vsnprintf(out->sql, sizeof out->sql, fmt, ap), 0, sizeof out->sql - 1);
	va_end(ap);
}

/* An input of a column kind, in any source. */
static uint32_t draw_input(struct twin *t, uint32_t column)
{
	uint32_t source = world_draw(t->world, t->plan.nsources);

	return source * WORLD_COLUMNS + column;
}

static void put_column(struct pen *p, uint32_t column, struct piece *out)
{
	uint32_t input = draw_input(p->twin, column);
	const struct sl_column *c = column_of(p->twin, input);

	out->type = (struct sl_input_type){ .type = c->type, .scale = c->scale };
	put_op(p, SL_OP_COLUMN, out->type, input, 0);
	say(out, "i%u", input);
}

static void put_const(struct pen *p, struct sl_input_type type, int64_t value, struct piece *out)
{
	out->type = (struct sl_input_type){ .type = type.type, .scale = type.scale };
	put_op(p, SL_OP_CONST, out->type, 0, value);
	say(out, "(%lld)", (long long)value);
}

/* SQL of a piece on another grid. */
static const char *times(int from, int to)
{
	static const char *const powers[] = { "1", "10", "100", "1000", "10000" };

	assert_in_range(to - from, 0, 4);
	return powers[to - from];
}

static void put_condition(struct pen *p, uint32_t depth, struct piece *out);

static void put_arithmetic(struct pen *p, struct piece *a, struct piece *b, struct piece *out)
{
	static const enum sl_opcode ops[] = { SL_OP_ADD, SL_OP_SUB, SL_OP_MUL, SL_OP_IDIV, SL_OP_MOD };
	static const char *const signs[] = { "+", "-", "*", "/", "%" };
	bool whole = a->type.type == SL_TYPE_INTEGER && b->type.type == SL_TYPE_INTEGER;
	uint32_t k = world_draw(p->twin->world, whole ? 5 : 2);
	struct sl_input_type x[] = { a->type, b->type };

	/* Products of the large would leave 64 bits, which is missing here and a float there. */
	if (k == 2)
		k = 1;
	put_result(p, ops[k], x, 2, 0, &out->type);
	if (k < 2)
		say(out, "(%s * %s %s %s * %s)", a->sql, times(a->type.scale, out->type.scale), signs[k], b->sql,
		    times(b->type.scale, out->type.scale));
	else
		say(out, "(%s %s %s)", a->sql, signs[k], b->sql);
}

static void put_product(struct pen *p, struct piece *out)
{
	struct piece a, b;

	put_column(p, WORLD_AGE, &a);
	put_column(p, world_draw(p->twin->world, 2) ? WORLD_AGE : WORLD_PRICE, &b);
	struct sl_input_type x[] = { a.type, b.type };
	put_result(p, SL_OP_MUL, x, 2, 0, &out->type);
	say(out, "(%s * %s)", a.sql, b.sql);
}

/* A real quotient, rounded half away from zero in whole numbers; the numerator is small enough for them. */
static void put_quotient(struct pen *p, struct piece *out)
{
	static const uint32_t columns[] = { WORLD_SIZE, WORLD_PRICE, WORLD_AGE };
	struct piece a, b;
	int64_t scale = 1;

	put_column(p, columns[1 + world_draw(p->twin->world, 2)], &a);
	put_column(p, columns[world_draw(p->twin->world, 3)], &b);
	struct sl_input_type x[] = { a.type, b.type };
	put_result(p, SL_OP_DIV, x, 2, 0, &out->type);
	for (int i = a.type.scale; i < out->type.scale + b.type.scale; i++)
		scale *= 10;
	say(out,
	    "(%s * %lld / %s + CASE WHEN 2 * abs(%s * %lld %% %s) >= abs(%s) "
	    "THEN CASE WHEN (%s < 0) = (%s < 0) THEN 1 ELSE -1 END ELSE 0 END)",
	    a.sql, (long long)scale, b.sql, a.sql, (long long)scale, b.sql, b.sql, a.sql, b.sql);
}

static void put_number(struct pen *p, uint32_t depth, struct piece *out);

static void put_choice(struct pen *p, bool is_case, struct piece *out)
{
	struct piece condition, a, b;

	if (is_case)
		put_condition(p, 1, &condition);
	put_number(p, 0, &a);
	put_number(p, 0, &b);
	struct sl_input_type x[] = { { .type = SL_TYPE_BOOLEAN }, a.type, b.type };
	put_result(p, is_case ? SL_OP_CASE : SL_OP_COALESCE, is_case ? x : x + 1, is_case ? 3 : 2, is_case ? 1 : 2,
	           &out->type);
	const char *ta = times(a.type.scale, out->type.scale), *tb = times(b.type.scale, out->type.scale);
	if (is_case)
		say(out, "(CASE WHEN %s THEN %s * %s ELSE %s * %s END)", condition.sql, a.sql, ta, b.sql, tb);
	else
		say(out, "coalesce(%s * %s, %s * %s)", a.sql, ta, b.sql, tb);
}

static void put_number(struct pen *p, uint32_t depth, struct piece *out)
{
	static const uint32_t columns[] = { WORLD_SIZE, WORLD_PRICE, WORLD_AGE };
	struct world *w = p->twin->world;
	uint32_t kind = depth == 0 ? world_draw(w, 4) : 4 + world_draw(w, 7);
	struct piece a, b;

	if (kind < 3) {
		put_column(p, columns[kind], out);
	} else if (kind == 3) {
		put_const(p, (struct sl_input_type){ .type = SL_TYPE_INTEGER }, (int64_t)world_draw(w, 7) - 3, out);
	} else if (kind < 6) {
		put_number(p, 0, &a);
		put_number(p, 0, &b);
		put_arithmetic(p, &a, &b, out);
	} else if (kind == 6) {
		put_product(p, out);
	} else if (kind == 7) {
		put_number(p, 0, &a);
		put_result(p, world_draw(w, 2) ? SL_OP_NEG : SL_OP_ABS, &a.type, 1, 0, &out->type);
		say(out, p->to->ops[p->expr->nops - 1].op == SL_OP_NEG ? "(-%s)" : "abs(%s)", a.sql);
	} else if (kind == 8) {
		put_quotient(p, out);
	} else {
		put_choice(p, kind == 9, out);
	}
}

static void put_comparison(struct pen *p, struct piece *out)
{
	static const enum sl_opcode ops[] = { SL_OP_EQ, SL_OP_NE, SL_OP_LT, SL_OP_LE, SL_OP_GT, SL_OP_GE };
	static const char *const signs[] = { "=", "<>", "<", "<=", ">", ">=" };
	struct world *w = p->twin->world;
	uint32_t k = world_draw(w, 6);
	struct piece a, b;

	if (world_draw(w, 3) == 0) {
		put_column(p, WORLD_DAY, &a);
		put_const(p, a.type, (int64_t)world_draw(w, 10) - 4, &b);
	} else {
		put_number(p, 0, &a);
		put_const(p, a.type, (int64_t)world_draw(w, 12) - 2, &b);
	}
	struct sl_input_type x[] = { a.type, b.type };
	put_result(p, ops[k], x, 2, 0, &out->type);
	say(out, "(%s %s %s)", a.sql, signs[k], b.sql);
}

static void put_membership(struct pen *p, struct piece *out)
{
	uint32_t n = p->expr->nsets++, first = world_draw(p->twin->world, WORLD_LABELS - 1);
	struct piece a;

	assert_true(n < TWIN_SETS);
	put_column(p, WORLD_PLACE, &a);
	p->to->items[n][0].value = first;
	p->to->items[n][1].value = WORLD_LABELS - 1;
	p->to->sets[n] = (struct sl_set){ .items = p->to->items[n], .nitems = 2 };
	out->type = (struct sl_input_type){ .type = SL_TYPE_BOOLEAN };
	put_op(p, SL_OP_IN, out->type, n, 0);
	say(out, "(%s IN (%u, %d))", a.sql, first, WORLD_LABELS - 1);
}

static void put_null_test(struct pen *p, struct piece *out)
{
	struct piece a;

	put_column(p, world_draw(p->twin->world, WORLD_COLUMNS), &a);
	put_result(p, SL_OP_IS_NULL, &a.type, 1, 0, &out->type);
	say(out, "(%s IS NULL)", a.sql);
}

static void put_logic(struct pen *p, uint32_t depth, struct piece *out)
{
	uint32_t k = world_draw(p->twin->world, 3);
	struct piece a, b;

	put_condition(p, depth - 1, &a);
	struct sl_input_type x[] = { a.type, a.type };
	if (k == 0) {
		put_result(p, SL_OP_NOT, x, 1, 0, &out->type);
		say(out, "(NOT %s)", a.sql);
		return;
	}
	put_condition(p, depth - 1, &b);
	put_result(p, k == 1 ? SL_OP_AND : SL_OP_OR, x, 2, 0, &out->type);
	say(out, "(%s %s %s)", a.sql, k == 1 ? "AND" : "OR", b.sql);
}

static void put_condition(struct pen *p, uint32_t depth, struct piece *out)
{
	uint32_t kind = world_draw(p->twin->world, depth > 0 ? 7 : 4);

	if (kind == 0)
		put_column(p, WORLD_FLAG, out);
	else if (kind == 1)
		put_comparison(p, out);
	else if (kind == 2)
		put_membership(p, out);
	else if (kind == 3)
		put_null_test(p, out);
	else
		put_logic(p, depth, out);
}

static struct pen pen_for(struct twin *t, uint32_t n, struct sl_expr *expr)
{
	*expr = (struct sl_expr){ .ops = t->exprs[n].ops, .sets = t->exprs[n].sets };
	return (struct pen){ .twin = t, .to = &t->exprs[n], .expr = expr };
}

static void draw_sources(struct twin *t)
{
	uint32_t n = 1 + world_draw(t->world, WORLD_TABLES), first = world_draw(t->world, WORLD_TABLES);

	t->plan.sources = t->sources;
	t->plan.nsources = n;
	t->plan.inputs = t->inputs;
	for (uint32_t s = 0; s < n; s++) {
		t->sources[s].table = (uint16_t)((first + s) % WORLD_TABLES);
		for (uint32_t c = 0; c < WORLD_COLUMNS; c++)
			t->inputs[t->plan.ninputs++] = (struct sl_input){ .source = (uint16_t)s, .column = (uint16_t)c };
	}
}

/* The group of a key, by docs/semantics.md: labels or bands, then (other), then (missing). */
static void say_group(struct twin *t, uint32_t k, struct sl_buf *sql)
{
	uint32_t input = t->keys[k].input, n;
	const struct sl_column *c = column_of(t, input);
	bool other = c->has_other;

	if (t->keys[k].banded) {
		n = c->nbands;
		other = n == 3;
	} else {
		n = c->type == SL_TYPE_BOOLEAN ? 2 : WORLD_LABELS;
	}
	sl_buf_printf(sql, ", CASE WHEN i%u IS NULL THEN %u", input, n + other);
	for (uint32_t b = 0; t->keys[k].banded && b < n; b++)
		sl_buf_printf(sql, " WHEN i%u >= (%lld) AND i%u <= %lld THEN %u", input,
		              (long long)(c->bands[b].lo == INT64_MIN ? -1 : c->bands[b].lo), input,
		              (long long)c->bands[b].hi, b);
	if (t->keys[k].banded)
		sl_buf_printf(sql, " ELSE %u END AS g%u", n, k);
	else
		sl_buf_printf(sql, " WHEN i%u < %u THEN i%u ELSE %u END AS g%u", input, n, input, n, k);
	t->groups[k] = n + other + c->nullable;
	t->cells *= t->groups[k];
}

static void draw_keys(struct twin *t, struct sl_buf *sql)
{
	static const uint16_t columns[] = { WORLD_PLACE, WORLD_FLAG, WORLD_AGE };
	static char names[TWIN_KEYS][3] = { "k0", "k1", "k2" };
	static char empty[] = "";

	t->plan.keys = t->keys;
	t->plan.nkeys = world_draw(t->world, TWIN_KEYS + 1);
	t->cells = 1;
	uint32_t first = world_draw(t->world, 3);
	for (uint32_t k = 0; k < t->plan.nkeys; k++) {
		uint16_t column = columns[(first + k) % 3];
		t->keys[k] = (struct sl_key){ .name = names[k], .input = (uint16_t)draw_input(t, column),
			.banded = column == WORLD_AGE, .description = empty };
		say_group(t, k, sql);
	}
}

static void draw_stats(struct twin *t, struct sl_buf *sql)
{
	static const uint8_t fns[] = { SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_SUM, SL_STAT_MEAN,
		SL_STAT_SHARE, SL_STAT_SUM, SL_STAT_MIN, SL_STAT_MAX };
	static char names[TWIN_STATS][3] = { "s0", "s1", "s2", "s3", "s4", "s5" };
	static char empty[] = "";
	struct piece piece;

	t->plan.stats = t->stats;
	t->plan.nstats = 1 + world_draw(t->world, TWIN_STATS);
	for (uint32_t i = 0; i < t->plan.nstats; i++) {
		struct sl_stat *s = &t->stats[i];
		*s = (struct sl_stat){ .name = names[i], .fn = fns[world_draw(t->world, sizeof fns)], .description = empty };
		struct pen pen = pen_for(t, i, &s->arg);
		say(&piece, "NULL");
		if (s->fn == SL_STAT_COUNT_IF || s->fn == SL_STAT_SHARE)
			put_condition(&pen, 2, &piece);
		else if (s->fn != SL_STAT_UNITS && s->fn != SL_STAT_COUNT)
			put_number(&pen, world_draw(t->world, 2), &piece);
		sl_buf_printf(sql, ", %s AS a%u", piece.sql, i);
	}
}

static void say_join(struct twin *t, struct sl_buf *sql)
{
	sl_buf_printf(sql, " FROM (SELECT x0.u AS u");
	for (uint32_t i = 0; i < t->plan.ninputs; i++)
		sl_buf_printf(sql, ", x%u.c%u AS i%u", t->inputs[i].source, t->inputs[i].column, i);
	sl_buf_printf(sql, " FROM t%u AS x0", t->sources[0].table);
	for (uint32_t s = 1; s < t->plan.nsources; s++)
		sl_buf_printf(sql, " JOIN t%u AS x%u ON x%u.u = x0.u", t->sources[s].table, s, s);
	sl_buf_printf(sql, ")");
}

void twin_init(struct twin *t, struct world *w)
{
	static char output[] = "table1", empty[] = "";
	struct sl_buf sql = { 0 }, cell = { 0 };
	struct piece where;

	memset(t, 0, sizeof *t);
	t->world = w;
	t->plan.output = output;
	t->plan.purpose = empty;
	t->plan.line = 1;
	draw_sources(t);
	say(&where, "1");
	if (world_draw(w, 3)) {
		struct pen pen = pen_for(t, TWIN_STATS, &t->plan.where);
		put_condition(&pen, 2, &where);
	}
	sl_buf_printf(&sql, "DROP TABLE IF EXISTS j; CREATE TEMP TABLE j AS SELECT *, 0");
	draw_keys(t, &cell);
	for (uint32_t k = 0; k < t->plan.nkeys; k++) {
		uint64_t stride = 1;
		for (uint32_t l = k + 1; l < t->plan.nkeys; l++)
			stride *= t->groups[l];
		sl_buf_printf(&sql, " + g%u * %llu", k, (unsigned long long)stride);
	}
	sl_buf_printf(&sql, " AS cell FROM (SELECT u, (%s) IS TRUE AS kept%.*s", where.sql, (int)cell.len,
	              cell.len ? (const char *)cell.data : "");
	draw_stats(t, &sql);
	say_join(t, &sql);
	sl_buf_printf(&sql, ")");
	sl_buf_put(&sql, "", 1);
	world_sql(w, (const char *)sql.data);
	sl_buf_free(&cell);
	sl_buf_free(&sql);
}
