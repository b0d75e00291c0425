/* twin.c - see twin.h. */
#include "tests/agreement/twin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What an expression reads: the plan's inputs, a source's raw columns, or what it folded. */
enum scope { OF_INPUTS, OF_RAWS, OF_FOLDS };

/* Where an expression is being written: ops on one side, SQL on the other. */
struct pen {
	struct twin *twin;
	enum scope scope;
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

	for (uint32_t i = 0; i < t->plan.nsources; i++, source = (source + 1) % t->plan.nsources)
		if (t->input_at[source][column] != TWIN_NO_INPUT)
			return t->input_at[source][column];
	return TWIN_NO_INPUT;
}

static bool has_place(const struct pen *p)
{
	return p->scope == OF_RAWS || (p->scope == OF_INPUTS && draw_input(p->twin, WORLD_PLACE) != TWIN_NO_INPUT);
}

static void put_column(struct pen *p, uint32_t column, struct piece *out)
{
	/* All tables have the same types, and a fold has its column's. */
	const struct sl_column *c = &p->twin->world->columns[0][column];
	uint32_t at = p->scope == OF_INPUTS ? draw_input(p->twin, column) : p->scope == OF_RAWS ? column : column - 1;

	out->type = (struct sl_input_type){ .type = c->type, .scale = c->scale };
	put_op(p, SL_OP_COLUMN, out->type, at, 0);
	if (p->scope == OF_INPUTS)
		say(out, "i%u", at);
	else
		say(out, p->scope == OF_RAWS ? "c%u" : "f%u", column);
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

	put_column(p, has_place(p) ? world_draw(p->twin->world, WORLD_COLUMNS) : 1 + world_draw(p->twin->world, TWIN_FOLDS),
	           &a);
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
	else if (kind == 2 && has_place(p))
		put_membership(p, out);
	else if (kind <= 3)
		put_null_test(p, out);
	else
		put_logic(p, depth, out);
}

static struct pen pen_for(struct twin *t, uint32_t n, enum scope scope, struct sl_expr *expr)
{
	*expr = (struct sl_expr){ .ops = t->exprs[n].ops, .sets = t->exprs[n].sets };
	return (struct pen){ .twin = t, .scope = scope, .to = &t->exprs[n], .expr = expr };
}

/* Folds of a source in the order of the columns behind the place, and each in SQL over the rows that `kept` keeps. */
static void draw_folds(struct twin *t, uint32_t s, struct sl_buf *sql)
{
	static const uint8_t fns[TWIN_FOLDS][3] = { { SL_FOLD_ANY, SL_FOLD_ALL, SL_FOLD_ANY },
		{ SL_FOLD_COUNT, SL_FOLD_COUNT_IF, SL_FOLD_MAX }, { SL_FOLD_SUM, SL_FOLD_MIN, SL_FOLD_MAX },
		{ SL_FOLD_MIN, SL_FOLD_MAX, SL_FOLD_MIN }, { SL_FOLD_SUM, SL_FOLD_MAX, SL_FOLD_MIN } };
	static const char *const say_fold[SL_FOLD_COUNT_] = { [SL_FOLD_COUNT] = "sum(kept)",
		[SL_FOLD_COUNT_IF] = "sum(kept AND c%u IS TRUE)", [SL_FOLD_SUM] = "sum(CASE WHEN kept THEN c%u END)",
		[SL_FOLD_MIN] = "min(CASE WHEN kept THEN c%u END)", [SL_FOLD_MAX] = "max(CASE WHEN kept THEN c%u END)",
		[SL_FOLD_ANY] = "max(kept AND c%u IS TRUE)", [SL_FOLD_ALL] = "(sum(kept AND c%u IS NOT TRUE) = 0)" };

	for (uint32_t i = 0; i < TWIN_FOLDS; i++) {
		uint8_t fn = fns[i][world_draw(t->world, 3)];
		uint32_t column = fn == SL_FOLD_COUNT_IF ? WORLD_FLAG : i + 1;
		const struct sl_column *c = &t->world->columns[0][column];
		struct sl_op *op = &t->fold_ops[s][i];
		*op = (struct sl_op){ .op = SL_OP_COLUMN, .type = c->type, .scale = c->scale, .arg = (uint16_t)column };
		t->folds[s][i] = (struct sl_fold){ .fn = fn, .arg = { .ops = op, .nops = fn != SL_FOLD_COUNT } };
		sl_buf_text(sql, ", ");
		sl_buf_printf(sql, say_fold[fn], column);
		sl_buf_printf(sql, " AS f%u", i + 1);
	}
	t->sources[s].folds = t->folds[s];
	t->sources[s].nfolds = TWIN_FOLDS;
}

/* One source as a table of SQL: u, its columns c or folds f, and whether its own conditions keep the row. */
static void draw_source(struct twin *t, uint32_t s, bool folded, struct sl_buf *sql)
{
	struct sl_source *source = &t->sources[s];
	bool filtered = world_draw(t->world, 3) == 0;
	struct piece where, having;

	say(&where, "1");
	say(&having, "1");
	if (filtered) {
		struct pen pen = pen_for(t, TWIN_SOURCE(s), OF_RAWS, &source->where);
		put_condition(&pen, 1, &where);
	}
	if (filtered || folded) {
		source->raws = t->raws;
		source->nraws = WORLD_COLUMNS;
	}
	if (!folded) {
		sl_buf_printf(sql, "(SELECT *, (%s) IS TRUE AS kept FROM t%u)", where.sql, source->table);
		return;
	}
	struct sl_buf inner = { 0 };
	draw_folds(t, s, &inner);
	if (world_draw(t->world, 3) == 0) {
		struct pen pen = pen_for(t, TWIN_SOURCE(s) + 1, OF_FOLDS, &source->having);
		put_condition(&pen, 1, &having);
	}
	sl_buf_printf(sql, "(SELECT *, alive AND (%s) IS TRUE AS kept FROM (SELECT u, max(kept) AS alive%.*s FROM "
	              "(SELECT *, (%s) IS TRUE AS kept FROM t%u) GROUP BY u))", having.sql, (int)inner.len,
	              (const char *)inner.data, where.sql, source->table);
	sl_buf_free(&inner);
}

/* FROM of the joined rows: u, whether every source's own conditions keep them, and the inputs. */
static void draw_sources(struct twin *t, struct sl_buf *sql)
{
	uint32_t n = 1 + world_draw(t->world, WORLD_TABLES), first = world_draw(t->world, WORLD_TABLES);
	struct sl_buf from = { 0 }, alive = { 0 };

	t->plan.sources = t->sources;
	t->plan.nsources = n;
	t->plan.inputs = t->inputs;
	for (uint32_t c = 0; c < WORLD_COLUMNS; c++)
		t->raws[c].column = (uint16_t)c;
	memset(t->input_at, 0xff, sizeof t->input_at);
	sl_buf_text(sql, " FROM (SELECT x0.u AS u");
	for (uint32_t s = 0; s < n; s++) {
		struct sl_buf table = { 0 };
		bool folded = world_draw(t->world, 4) == 0;
		t->sources[s].table = (uint16_t)((first + s) % WORLD_TABLES);
		t->sources[s].join = (uint8_t)(s == 0 || world_draw(t->world, 2) ? SL_JOIN_INNER : world_draw(t->world, 4));
		uint8_t join = t->sources[s].join;
		folded |= join == SL_JOIN_LEFT && t->sources[s].table == 0;
		draw_source(t, s, folded, &table);
		bool gives = join == SL_JOIN_INNER || join == SL_JOIN_LEFT;
		for (uint32_t c = folded ? 1 : 0; c < WORLD_COLUMNS && gives; c++) {
			sl_buf_printf(sql, ", x%u.%c%u AS i%u", s, folded ? 'f' : 'c', c, t->plan.ninputs);
			t->input_at[s][c] = t->plan.ninputs;
			t->inputs[t->plan.ninputs++] = (struct sl_input){ .source = (uint16_t)s,
				.column = (uint16_t)(folded ? c - 1 : c) };
		}
		if (s == 0)
			sl_buf_printf(&from, " FROM %.*s AS x0", (int)table.len, (const char *)table.data);
		else if (join == SL_JOIN_INNER)
			sl_buf_printf(&from, " JOIN %.*s AS x%u ON x%u.u = x0.u", (int)table.len, (const char *)table.data, s, s);
		else if (join == SL_JOIN_LEFT)
			sl_buf_printf(&from, " LEFT JOIN (SELECT * FROM %.*s WHERE kept) AS x%u ON x%u.u = x0.u", (int)table.len,
			              (const char *)table.data, s, s);
		if (join == SL_JOIN_INNER)
			sl_buf_printf(&alive, "%s x%u.kept", s > 0 ? " AND" : "", s);
		if (!gives)
			sl_buf_printf(&alive, " AND x0.u %s (SELECT u FROM %.*s WHERE kept)", join == SL_JOIN_SEMI ? "IN" : "NOT IN",
			              (int)table.len, (const char *)table.data);
		sl_buf_free(&table);
	}
	sl_buf_printf(sql, ", (%.*s) AS alive%.*s)", (int)alive.len, (const char *)alive.data, (int)from.len,
	              (const char *)from.data);
	sl_buf_free(&from);
	sl_buf_free(&alive);
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

/* An input that a key may group by: no fold, and of a LEFT source only one that can be missing. */
static uint32_t draw_key_input(struct twin *t, uint16_t column)
{
	for (int tries = 0; tries < 8; tries++) {
		uint32_t input = draw_input(t, column);
		if (input == TWIN_NO_INPUT)
			break;
		const struct sl_source *s = &t->sources[t->inputs[input].source];
		if (s->nfolds == 0 && (s->join != SL_JOIN_LEFT || column_of(t, input)->nullable))
			return input;
	}
	return TWIN_NO_INPUT;
}

static void draw_keys(struct twin *t, struct sl_buf *sql)
{
	static const uint16_t columns[] = { WORLD_PLACE, WORLD_FLAG, WORLD_AGE };
	static char names[TWIN_KEYS][3] = { "k0", "k1", "k2" };
	static char empty[] = "";
	uint32_t wanted = world_draw(t->world, TWIN_KEYS + 1), first = world_draw(t->world, 3);

	t->plan.keys = t->keys;
	t->cells = 1;
	for (uint32_t k = 0; k < wanted; k++) {
		uint16_t column = columns[(first + k) % 3];
		uint32_t input = draw_key_input(t, column);
		if (input == TWIN_NO_INPUT)
			continue;
		t->keys[t->plan.nkeys] = (struct sl_key){ .name = names[k], .input = (uint16_t)input,
			.banded = column == WORLD_AGE, .description = empty };
		say_group(t, t->plan.nkeys++, sql);
	}
}

static void draw_stats(struct twin *t, struct sl_buf *sql)
{
	static const uint8_t fns[] = { SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_SUM, SL_STAT_MEAN,
		SL_STAT_SHARE, SL_STAT_SUM, SL_STAT_MIN, SL_STAT_MAX, SL_STAT_QUANTILE, SL_STAT_QUANTILE, SL_STAT_VAR,
		SL_STAT_SD, SL_STAT_CORR, SL_STAT_SLOPE, SL_STAT_INTERCEPT };
	static const uint16_t ps[] = { 1, 100, 2500, 5000, 5001, 9000, SL_QUANTILE_ONE - 1 };
	static char names[TWIN_STATS][3] = { "s0", "s1", "s2", "s3", "s4", "s5" };
	static char empty[] = "";
	struct piece piece, second;

	t->plan.stats = t->stats;
	t->plan.nstats = 1 + world_draw(t->world, TWIN_STATS);
	for (uint32_t i = 0; i < t->plan.nstats; i++) {
		struct sl_stat *s = &t->stats[i];
		*s = (struct sl_stat){ .name = names[i], .fn = fns[world_draw(t->world, sizeof fns)], .description = empty };
		struct pen pen = pen_for(t, i, OF_INPUTS, &s->arg);
		say(&piece, "NULL");
		say(&second, "NULL");
		if (s->fn == SL_STAT_COUNT_IF || s->fn == SL_STAT_SHARE)
			put_condition(&pen, 2, &piece);
		else if (s->fn != SL_STAT_UNITS && s->fn != SL_STAT_COUNT)
			put_number(&pen, world_draw(t->world, 2), &piece);
		if (s->fn == SL_STAT_QUANTILE)
			s->p = ps[world_draw(t->world, sizeof ps / sizeof ps[0])];
		if (s->fn >= SL_STAT_CORR && s->fn <= SL_STAT_INTERCEPT) {
			struct pen other = pen_for(t, TWIN_STATS + i, OF_INPUTS, &s->arg2);
			put_number(&other, world_draw(t->world, 2), &second);
			sl_buf_printf(sql, ", CASE WHEN %s IS NOT NULL THEN %s END AS a%u", second.sql, piece.sql, i);
		} else {
			sl_buf_printf(sql, ", %s AS a%u", piece.sql, i);
		}
		sl_buf_printf(sql, ", %s AS b%u", second.sql, i);
	}
}

void twin_init(struct twin *t, struct world *w)
{
	static char output[] = "table1", empty[] = "";
	struct sl_buf sql = { 0 }, cell = { 0 }, from = { 0 };
	struct piece where;

	memset(t, 0, sizeof *t);
	t->world = w;
	t->plan.output = output;
	t->plan.purpose = empty;
	t->plan.line = 1;
	draw_sources(t, &from);
	say(&where, "1");
	if (world_draw(w, 3)) {
		struct pen pen = pen_for(t, TWIN_WHERE, OF_INPUTS, &t->plan.where);
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
	sl_buf_printf(&sql, " AS cell FROM (SELECT u, alive AND (%s) IS TRUE AS kept%.*s", where.sql, (int)cell.len,
	              cell.len ? (const char *)cell.data : "");
	draw_stats(t, &sql);
	sl_buf_printf(&sql, "%.*s)", (int)from.len, (const char *)from.data);
	sl_buf_free(&from);
	sl_buf_put(&sql, "", 1);
	world_sql(w, (const char *)sql.data);
	sl_buf_free(&cell);
	sl_buf_free(&sql);
}
