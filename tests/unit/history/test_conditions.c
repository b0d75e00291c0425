/*
 * Spellings of one condition are one, and two conditions never are: by the parser and the evaluator of jobs, over every
 * row there can be of a small table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/script/parser.h"
#include "policy/history/audit.h"
#include "policy/history/operands.h"
#include "policy/history/predicate.h"
#include "tests/unit/vault/failing.h"

#define PAIRS 12000
#define TEXT_BYTES 4096
#define COUNTOF(a) (sizeof(a) / sizeof(a)[0])

static struct sl_label places[] = { { "north" }, { "south" }, { "west" } };
static struct sl_band ages[] = { { INT64_MIN, 1, "young" }, { 2, 3, "old" } };

/* Columns may be missing but `must`; of `amount` 15 is 1.5. */
static struct sl_column columns[] = {
	{ .name = "age", .type = SL_TYPE_INTEGER, .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX, .bands = ages,
	  .nbands = 2 },
	{ .name = "must", .type = SL_TYPE_INTEGER, .lo = INT64_MIN, .hi = INT64_MAX },
	{ .name = "amount", .type = SL_TYPE_REAL, .scale = 1, .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX },
	{ .name = "sick", .type = SL_TYPE_BOOLEAN, .nullable = 1 },
	{ .name = "place", .type = SL_TYPE_TEXT, .nullable = 1, .has_domain = 1, .has_other = 1, .labels = places,
	  .nlabels = 2 },
	{ .name = "side", .type = SL_TYPE_TEXT, .has_domain = 1, .labels = places, .nlabels = 3 },
};
#define NCOLUMNS COUNTOF(columns)
static struct sl_table table = { .name = "t.t", .space = "person", .columns = columns, .ncolumns = NCOLUMNS };
static const struct sl_view view = { .tables = &table, .ntables = 1 };

#define MISSING INT64_MIN
static const struct {
	int64_t values[6];
	size_t n;
} domains[NCOLUMNS] = { { { MISSING, 0, 1, 2, 3, 4 }, 6 }, { { 0, 1, 2, 3 }, 4 }, { { MISSING, 5, 10, 15, 20 }, 5 },
	                { { MISSING, 0, 1 }, 3 }, { { MISSING, 0, 1, 2 }, 4 }, { { 0, 1, 2 }, 3 } };

static enum sl_rc name_of(void *self, const char *qualifier, const char *name, struct sl_named *out,
                          struct sl_err *err)
{
	(void)self;
	(void)qualifier;
	for (uint16_t i = 0; i < NCOLUMNS; i++)
		if (strcmp(columns[i].name, name) == 0) {
			*out = (struct sl_named){ .kind = SL_NAMED_INPUT, .input = i,
				.type = { columns[i].type, columns[i].scale, columns[i].nlabels + columns[i].has_other } };
			return SL_OK;
		}
	return sl_err_set(err, SL_E_INPUT, "no column %s", name);
}

static const struct sl_column *column_of(void *self, uint16_t input)
{
	(void)self;
	return &columns[input];
}

/* A condition, with its meaning: where it filters, and as what it is of a row. */
struct spelled {
	struct sl_parsed parsed;
	struct sl_predicate_part *parts, *value;
	uint32_t nparts, nvalue;
};

static struct sl_source source;
static struct sl_input inputs[NCOLUMNS];

static struct sl_plan plan_of(void)
{
	for (uint16_t i = 0; i < NCOLUMNS; i++)
		inputs[i] = (struct sl_input){ .column = i };
	return (struct sl_plan){ .output = "o", .sources = &source, .nsources = 1, .inputs = inputs, .ninputs = NCOLUMNS };
}

static void parse_as(enum sl_parse_mode mode, const char *text, struct sl_parsed *out)
{
	struct sl_scope scope = { .name = name_of, .column = column_of };
	struct sl_err err = { 0 };

	if (sl_parser_parse(mode, text, strlen(text), &scope, out, &err) != SL_OK)
		fail_msg("%s: %s", text, err.text);
}

static void parse(const char *text, struct sl_parsed *out)
{
	parse_as(SL_PARSE_CONDITION, text, out);
}

/* Parts of the rows that a plan with this where has; of a plan that is told, no where. */
static void read_parts(struct sl_plan *plan, uint32_t set, struct sl_predicate_part **parts, uint32_t *n)
{
	struct sl_predicate p;
	struct sl_err err = { 0 };

	assert_int_equal(sl_predicate_init(&p, plan, &view, &err), SL_OK);
	assert_int_equal(sl_predicate_set(&p, set, parts, n, &err), SL_OK);
	sl_predicate_fini(&p);
}

static void spell(const char *text, struct spelled *out)
{
	struct sl_plan plan = plan_of();
	struct sl_stat share = { .fn = SL_STAT_SHARE };
	struct sl_err err = { 0 };

	memset(out, 0, sizeof *out);
	parse(text, &out->parsed);
	plan.where = out->parsed.expr;
	read_parts(&plan, 0, &out->parts, &out->nparts);
	share.arg = out->parsed.expr;
	plan.where = (struct sl_expr){ 0 };
	plan.stats = &share;
	plan.nstats = 1;
	assert_int_equal(sl_predicate_stats(&plan, &view, &out->value, &out->nvalue, &err), SL_OK);
}

static void spelled_free(struct spelled *s)
{
	sl_parsed_free(&s->parsed);
	free(s->parts);
	free(s->value);
}

static bool has_part(const struct spelled *s, sl_i128 hash)
{
	for (uint32_t i = 0; i < s->nparts; i++)
		if (s->parts[i].hash == hash)
			return true;
	return false;
}

/* By their parts: all of a's rows are b's. */
static bool lies_within(const struct spelled *a, const struct spelled *b)
{
	for (uint32_t i = 0; i < b->nparts; i++)
		if (!has_part(a, b->parts[i].hash))
			return false;
	return true;
}

static bool same_rows(const struct spelled *a, const struct spelled *b)
{
	return a->nparts == b->nparts && lies_within(a, b);
}

static bool same_value(const struct spelled *a, const struct spelled *b)
{
	return a->value[0].hash == b->value[0].hash;
}

/* The next row of all there are; false after the last. */
static bool next_row(size_t at[NCOLUMNS], struct sl_value row[NCOLUMNS])
{
	size_t c = 0;

	while (c < NCOLUMNS && ++at[c] == domains[c].n)
		at[c++] = 0;
	for (size_t i = 0; i < NCOLUMNS; i++) {
		int64_t v = domains[i].values[at[i]];
		row[i] = (struct sl_value){ .v = v == MISSING ? 0 : v, .missing = v == MISSING };
	}
	return c < NCOLUMNS;
}

static int truth(const struct sl_expr *e, const struct sl_value *row)
{
	struct sl_value v = sl_expr_eval(e, row);

	return v.missing ? -1 : (int)v.v;
}

/* What was said of two conditions holds of every row. */
static void check_rows(const char *x, const struct spelled *a, const char *y, const struct spelled *b)
{
	size_t at[NCOLUMNS] = { 0 };
	struct sl_value row[NCOLUMNS];
	bool within = lies_within(a, b), holds = lies_within(b, a), same = same_value(a, b);

	while (within || holds || same) {
		bool more = next_row(at, row);
		int p = truth(&a->parsed.expr, row), q = truth(&b->parsed.expr, row);
		if ((within && p == 1 && q != 1) || (holds && q == 1 && p != 1) || (same && p != q))
			fail_msg("%s | %s: %d and %d of one row", x, y, p, q);
		if (!more)
			break;
	}
}

static const struct {
	const char *one, *other;
} spellings[] = {
	{ "age > 3", "age >= 4" },
	{ "age > 3", "3 < age" },
	{ "age > 3", "not age <= 3" },
	{ "age > 3", "age > 3.5 or age = 4" },
	{ "age = 3", "age in (3)" },
	{ "age in (1, 2)", "age in (2, 1, 2)" },
	{ "age in (1, 2)", "age = 2 or age = 1" },
	{ "age in (1, 2, 3)", "age between 1 and 3" },
	{ "age between 1 and 3", "age >= 1 and age < 4" },
	{ "age between 1 and 3", "3 >= age and not age < 1" },
	{ "not (age <> 3)", "age = 3" },
	{ "not not sick", "sick" },
	{ "sick = true", "sick" },
	{ "sick = false", "not sick" },
	{ "sick <> true", "not sick" },
	{ "sick or age = 1", "age = 1 or sick" },
	{ "sick and age = 1", "age = 1 and sick and age = 1" },
	{ "not (sick and age = 1)", "age <> 1 or not sick" },
	{ "not (sick or age = 1)", "age <> 1 and not sick" },
	{ "(sick or age = 1) or must = 2", "must = 2 or (age = 1 or sick)" },
	{ "amount > 1", "amount >= 1.1" },
	{ "amount > 1.04", "amount >= 1.1" },
	{ "amount = 1", "amount = 1.0" },
	{ "place = 'north'", "place in ('north')" },
	{ "side <> 'north'", "side in ('west', 'south')" },
	{ "age < must", "must > age" },
	{ "age < must or age = must", "age <= must" },
	{ "not (age < must)", "must <= age" },
	{ "age + must > 3", "must + age >= 4" },
	{ "case when sick and age = 1 then 1 else 0 end = 1", "case when age = 1 and sick then 1 else 0 end in (1)" },
};

/* Of the rows that are let through, not of the value: false here and unknown there. */
static const struct {
	const char *one, *other;
} filters[] = {
	{ "age is null or age > 3", "not (age is not null and age <= 3)" },
	{ "age is not null and age > 3", "age > 3" },
	{ "age > 3 or age <= 3", "age is not null" },
	{ "must is not null and sick", "sick" },
	{ "age > 3 and age < 2", "age > 3 and 2 > age" },
	{ "(age > 3 and age < 2) or sick", "sick" },
	{ "sick or not sick", "sick is not null" },
};

/* Near, and not the same: each was one mistake away from it. */
static const struct {
	const char *one, *other;
} different[] = {
	{ "age > 3", "age >= 3" },
	{ "amount > 1", "amount >= 2" },
	{ "age > 3", "must > 3" },
	{ "age > 3 or age is null", "age > 3" },
	{ "not (age > 3)", "age <= 3 or age is null" },
	{ "place <> 'north'", "place = 'south'" },
	{ "age < must", "must < age" },
	{ "sick and age = 1", "sick or age = 1" },
	{ "sick or (age = 1 and must = 2)", "(sick or age = 1) and must = 2" },
	{ "age - must = 1", "must - age = 1" },
	{ "must * must * 9000000000000000000 > 3 or must * must * 9000000000000000000 is null",
	  "must * must * 9000000000000000000 > 3" },
};

static void test_spellings_of_one_condition_are_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNTOF(spellings) + COUNTOF(filters); i++) {
		bool only_rows = i >= COUNTOF(spellings);
		const char *x = only_rows ? filters[i - COUNTOF(spellings)].one : spellings[i].one;
		const char *y = only_rows ? filters[i - COUNTOF(spellings)].other : spellings[i].other;
		struct spelled a, b;
		spell(x, &a);
		spell(y, &b);
		check_rows(x, &a, y, &b);
		if (!same_rows(&a, &b) || (!only_rows && !same_value(&a, &b)))
			fail_msg("%s | %s: two conditions", x, y);
		spelled_free(&a);
		spelled_free(&b);
	}
}

static void test_conditions_that_differ_are_two(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNTOF(different); i++) {
		struct spelled a, b;
		spell(different[i].one, &a);
		spell(different[i].other, &b);
		if (same_rows(&a, &b) || same_value(&a, &b))
			fail_msg("%s | %s: one condition", different[i].one, different[i].other);
		spelled_free(&a);
		spelled_free(&b);
	}
}

static void test_a_narrower_condition_is_seen_to_lie_within(void **state)
{
	static const char *const pairs[][2] = { { "age between 1 and 3", "age >= 1" }, { "age = 3 and sick", "sick" },
		                                { "age in (1, 3)", "age between 1 and 3" }, { "age > 3", "age is not null" },
		                                { "age > 3", "age > 3 or age is null" } };
	(void)state;
	for (size_t i = 0; i < COUNTOF(pairs); i++) {
		struct spelled a, b;
		spell(pairs[i][0], &a);
		spell(pairs[i][1], &b);
		assert_true(lies_within(&a, &b));
		assert_false(lies_within(&b, &a));
		spelled_free(&a);
		spelled_free(&b);
	}
}

/* A group is the condition that is true of it. */
static void test_a_group_is_the_condition_on_its_column(void **state)
{
	static const struct {
		uint16_t column;
		uint8_t banded;
		uint32_t group;
		const char *condition;
	} groups[] = {
		{ 0, 1, 0, "age < 2" },              { 0, 1, 1, "age in (2, 3)" },    { 0, 1, 2, "age > 3" },
		{ 0, 1, 3, "age is null" },          { 3, 0, 0, "not sick" },         { 3, 0, 1, "sick" },
		{ 3, 0, 2, "sick is null" },         { 4, 0, 1, "place = 'south'" },
		{ 4, 0, 2, "place not in ('north', 'south')" },                       { 4, 0, 3, "place is null" },
		{ 5, 0, 2, "not side in ('south', 'north')" },
	};
	(void)state;
	for (size_t i = 0; i < COUNTOF(groups); i++) {
		struct sl_plan plan = plan_of();
		struct sl_key key = { .input = groups[i].column, .banded = groups[i].banded };
		struct spelled in_group = { 0 }, asked;
		plan.keys = &key;
		plan.nkeys = 1;
		read_parts(&plan, groups[i].group, &in_group.parts, &in_group.nparts);
		spell(groups[i].condition, &asked);
		if (!same_rows(&in_group, &asked))
			fail_msg("group %u of %s is not %s", groups[i].group, columns[groups[i].column].name, groups[i].condition);
		free(in_group.parts);
		spelled_free(&asked);
	}
}

/* The group of a key is asked for by this value of the list, and that there is one. */
static void assert_is_group(uint16_t column, uint32_t group, const struct sl_condition_union *u, sl_i128 value)
{
	struct sl_plan plan = plan_of();
	struct sl_key key = { .input = column };
	struct spelled of = { 0 };

	plan.keys = &key;
	plan.nkeys = 1;
	read_parts(&plan, group, &of.parts, &of.nparts);
	assert_int_equal(of.nparts, u->known.hash != 0 ? 3 : 2);
	assert_true(has_part(&of, value) && (u->known.hash == 0 || has_part(&of, u->known.hash)));
	free(of.parts);
}

/* A condition that asks for one of a few values of a column without order is told by the groups of a key. */
static void test_a_list_of_values_is_told_by_its_groups(void **state)
{
	static const struct {
		const char *condition;
		uint16_t column;
		uint32_t n, groups[3]; /* n 0: it is none */
	} cases[] = {
		{ "side in ('south', 'west')", 5, 2, { 1, 2 } }, { "side <> 'north'", 5, 2, { 1, 2 } },
		{ "place in ('south', 'north')", 4, 2, { 0, 1 } }, { "not place = 'north'", 4, 2, { 1, 2 } },
		{ "place = 'south'", 4, 1, { 1 } }, { "not sick", 3, 1, { 0 } }, { "sick = true", 3, 1, { 1 } },
		{ "age in (1, 3)", 0, 0, { 0 } }, { "place is null", 4, 0, { 0 } }, { "place = 'north' or sick", 4, 0, { 0 } },
		{ "place = 'north' or place is null", 4, 0, { 0 } }, { "amount > 1", 2, 0, { 0 } },
	};
	sl_i128 of_place = 0;
	(void)state;
	for (size_t i = 0; i < COUNTOF(cases); i++) {
		struct sl_condition_unions all = { 0 };
		struct sl_plan plan = plan_of();
		struct spelled whole;
		struct sl_err err = { 0 };
		spell(cases[i].condition, &whole);
		plan.where = whole.parsed.expr;
		assert_int_equal(sl_predicate_unions(&plan, &view, &all, &err), SL_OK);
		assert_int_equal(all.n, cases[i].n > 0);
		if (all.n > 0) {
			assert_int_equal(all.at[0].nvalues, cases[i].n);
			assert_true(has_part(&whole, all.at[0].whole.hash));
			assert_int_equal(all.at[0].values[0].hash == all.at[0].whole.hash, cases[i].n == 1);
			for (uint32_t v = 0; v < cases[i].n; v++)
				assert_is_group(cases[i].column, cases[i].groups[v], &all.at[0], all.at[0].values[v].hash);
			if (cases[i].column == 4)
				assert_true(of_place == 0 || of_place == all.at[0].of.hash);
			else
				assert_true(of_place != all.at[0].of.hash);
			of_place = cases[i].column == 4 ? all.at[0].of.hash : of_place;
		}
		sl_condition_unions_free(&all);
		spelled_free(&whole);
	}
}

/*
 * Overflow is missing: what a measure is multiplied with may leave out just those who are beyond a limit. Only where
 * the catalogue's bounds say that nobody is are those who have a value all there are.
 */
static void test_numbers_that_may_overflow_are_not_of_everybody(void **state)
{
	static const struct {
		const char *measure;
		int64_t lo, hi;
		bool of_all;
	} cases[] = {
		{ "must + 0", INT64_MIN, INT64_MAX, true },
		{ "must * 1000000000000000000", 0, 9, true },
		{ "must * 1000000000000000000", 0, 10, false },
		{ "must * 1000000000000000000", -10, 0, false },
		{ "must + 1", INT64_MIN, INT64_MAX, false },
		{ "must + 1", INT64_MIN, INT64_MAX - 1, true },
		{ "must - 1", INT64_MIN, 0, false },
		{ "1 - must", INT64_MIN + 2, 0, true },
		{ "1 - must", INT64_MIN + 1, 0, false },
		{ "-must", INT64_MIN, 0, false },
		{ "-must", INT64_MIN + 1, 0, true },
		{ "abs(must)", INT64_MIN, 0, false },
		{ "abs(must) * 2", -10, 5, true },
		{ "must + 0.5", 0, INT64_MAX / 10 + 1, false },
		{ "must + 0.5", 0, INT64_MAX / 10, true },
		{ "(must - 5) * (must - 5)", 0, 10, true },
		{ "must * must", -4000000000, 4000000000, false },
		{ "must div 1", 0, 10, false },
		{ "age + 0", 0, 10, false },
	};
	const struct sl_column was = columns[1];

	(void)state;
	for (size_t i = 0; i < COUNTOF(cases); i++) {
		struct sl_plan plan = plan_of();
		struct sl_stat stat = { .fn = SL_STAT_MEAN };
		struct sl_parsed parsed;
		struct sl_predicate_part *row, *measured;
		uint32_t nrow, nmeasured;
		columns[1].lo = cases[i].lo;
		columns[1].hi = cases[i].hi;
		parse_as(SL_PARSE_DEFINITION, cases[i].measure, &parsed);
		stat.arg = parsed.expr;
		plan.stats = &stat;
		plan.nstats = 1;
		read_parts(&plan, 0, &row, &nrow);
		read_parts(&plan, 1, &measured, &nmeasured);
		if ((nrow == nmeasured) != cases[i].of_all)
			fail_msg("%s, %lld to %lld: %u and %u conditions", cases[i].measure, (long long)cases[i].lo,
			         (long long)cases[i].hi, nrow, nmeasured);
		free(row);
		free(measured);
		sl_parsed_free(&parsed);
	}
	columns[1] = was;
}

/* Two that agree in 64 bits are found in minutes by whoever writes conditions. */
static void test_conditions_that_agree_in_64_bits_are_two(void **state)
{
	struct sl_meaning one = { { 0 } }, other = { { 0 } };

	(void)state;
	for (size_t at = 0; at < 16; at++) {
		struct sl_predicate_part parts[2];
		uint32_t n = 0;
		other = one;
		other.digest[at] = 1;
		assert_int_equal(sl_meaning_part(&one, parts, &n, NULL), SL_OK);
		assert_int_equal(sl_meaning_part(&other, parts, &n, NULL), SL_OK);
		assert_int_equal(n, 2);
		struct sl_audit_set x = { .parts = &parts[0], .nparts = 1 }, y = { .parts = &parts[1], .nparts = 1 };
		assert_false(sl_audit_same(&x, &y));
		assert_false(sl_audit_within(&x, &y));
		assert_false(sl_audit_within(&y, &x));
	}
}

/* Random conditions, as text. */

static uint64_t seed = 20;

static unsigned pick(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

struct writing {
	char text[TEXT_BYTES];
	size_t len;
};

static void put(struct writing *w, const char *text)
{
	size_t n = strlen(text);

	assert_true(w->len + n < sizeof w->text);
	memcpy(w->text + w->len, text, n + 1);
	w->len += n;
}

static const char *const numbers[] = { "age", "must", "amount", "age + must", "must * age", "age div must",
	                               "case when sick then age else must end", "coalesce(age, must)" };
static const char *const constants[] = { "0", "1", "2", "3", "1.5", "0.5", "2.04" };
static const char *const lists[] = { "(1)", "(2, 1)", "(1, 2, 3)", "(0, 3)" };
static const char *const comparisons[6] = { " = ", " <> ", " < ", " <= ", " > ", " >= " };
static const char *const opposites[6] = { " <> ", " = ", " >= ", " > ", " <= ", " < " };
static const char *const mirrors[6] = { " = ", " <> ", " > ", " >= ", " < ", " <= " };
static const char *const others[] = { "sick", "side = 'north'", "side <> 'north'", "side in ('south', 'west')",
	                              "place = 'north'", "place in ('north', 'south')", "age is null", "amount is null",
	                              "sick is null", "(age > must) = sick", "(sick and age = 1) is null" };

/* One comparison with a number, of two values, or one of the others; written one way, and another that is the same. */
static void write_atom(struct writing *w, struct writing *again, unsigned few)
{
	const char *a = numbers[pick(few)], *b = pick(4) > 0 ? constants[pick(COUNTOF(constants))] : numbers[pick(few)];
	unsigned op = pick(6), how = pick(3);

	if (pick(3) == 0) {
		a = others[pick(few + 3)];
		put(w, a);
		put(again, pick(2) ? "not not (" : "(");
		put(again, a);
		put(again, ")");
		return;
	}
	if (pick(5) == 0) {
		const char *list = lists[pick(COUNTOF(lists))];
		put(w, "must in ");
		put(w, list);
		put(again, "not (must not in ");
		put(again, list);
		put(again, ")");
		return;
	}
	put(w, a);
	put(w, comparisons[op]);
	put(w, b);
	put(again, how == 1 ? "not (" : "");
	put(again, how == 2 ? b : a);
	put(again, (how == 0 ? comparisons : how == 1 ? opposites : mirrors)[op]);
	put(again, how == 2 ? a : b);
	put(again, how == 1 ? ")" : "");
}

static void write_condition(struct writing *w, struct writing *again, unsigned depth, unsigned few)
{
	struct writing sides[2] = { 0 }, twins[2] = { 0 };
	bool both = pick(2) == 0, over = pick(3) == 0;
	unsigned first = pick(2);

	if (depth == 0 || pick(5) == 0) {
		write_atom(w, again, few);
		return;
	}
	write_condition(&sides[0], &twins[0], depth - 1, few);
	write_condition(&sides[1], &twins[1], depth - 1, few);
	for (int i = 0; i < 2; i++) {
		put(w, i == 0 ? "(" : both ? " and (" : " or (");
		put(w, sides[i].text);
		put(w, ")");
	}
	/* De Morgan, or just the other way round, and one of them once more. */
	put(again, over ? "not (" : "");
	for (int i = 0; i < 3; i++) {
		put(again, i == 0 ? "" : both != over ? " and " : " or ");
		put(again, over ? "not (" : "(");
		put(again, twins[i % 2 == 0 ? first : !first].text);
		put(again, ")");
	}
	put(again, over ? ")" : "");
}

static void test_random_conditions_are_one_only_where_every_row_says_so(void **state)
{
	size_t equal = 0, inside = 0;

	(void)state;
	for (int i = 0; i < PAIRS; i++) {
		struct writing text[2] = { 0 }, again = { 0 };
		struct spelled a, b;
		unsigned depth = pick(3), few = 1 + pick(COUNTOF(numbers));
		for (int k = 0; k < 2; k++, again.len = 0)
			write_condition(&text[k], &again, depth, few);
		spell(text[0].text, &a);
		spell(text[1].text, &b);
		check_rows(text[0].text, &a, text[1].text, &b);
		equal += same_rows(&a, &b) || same_value(&a, &b);
		inside += !same_rows(&a, &b) && (lies_within(&a, &b) || lies_within(&b, &a));
		spelled_free(&a);
		spelled_free(&b);
	}
	/* Enough of both that the law was asked. */
	assert_true(equal > PAIRS / 100);
	assert_true(inside > PAIRS / 100);
}

static void test_random_conditions_written_anew_stay_the_same(void **state)
{
	(void)state;
	for (int i = 0; i < PAIRS / 4; i++) {
		struct writing text = { 0 }, again = { 0 };
		struct spelled a, b;
		write_condition(&text, &again, pick(4), COUNTOF(numbers));
		spell(text.text, &a);
		spell(again.text, &b);
		if (!same_rows(&a, &b) || !same_value(&a, &b))
			fail_msg("%s | %s: two conditions", text.text, again.text);
		check_rows(text.text, &a, again.text, &b);
		spelled_free(&a);
		spelled_free(&b);
	}
}

/* Long lists, nested so: `start`s, a list, `between` and a list and `after` for each more, `end`s. */
static const struct {
	const char *start, *between, *after, *end;
} nestings[] = {
	{ "", " or ", "", "" },
	{ "", " or (", "", ")" },
	{ "not (", " or not ", ")", "" },
	{ "(", " and not ", ")", "" },
	{ "((", " or must = 1) and not ", ")", "" },
	{ "((", " and true) or ", ")", "" },
	{ "((", " or sick) and true) or ", "", "" },
	{ "((", " and must > -9) or ", ")", "" },
	{ "((", " or must is null) and not ", ")", "" },
};

/* Bytes asked for to know what it means, as what rows are let through and as a value; without what parsing takes. */
static unsigned long bytes_for(size_t nesting, unsigned nlists)
{
	struct sl_buf b = { 0 };
	struct spelled read;

	for (unsigned i = 1; i < nlists; i++)
		sl_buf_text(&b, nestings[nesting].start);
	for (unsigned i = 0; i < nlists; i++) {
		sl_buf_text(&b, i > 0 ? nestings[nesting].between : "");
		for (unsigned k = 0; k < 100; k++) /* no number twice, and no two side by side */
			sl_buf_printf(&b, k > 0 ? ", %u" : "must in (%u", 2 * (k * 40 + i));
		sl_buf_printf(&b, ")%s", i > 0 ? nestings[nesting].after : "");
	}
	for (unsigned i = 1; i < nlists; i++)
		sl_buf_text(&b, nestings[nesting].end);
	const char *text = sl_buf_cstr(&b);
	failing_at(0);
	parse(text, &read.parsed);
	unsigned long parsing = failing_bytes();
	sl_parsed_free(&read.parsed);
	failing_at(0);
	spell(text, &read);
	unsigned long bytes = failing_bytes() - parsing;
	spelled_free(&read);
	sl_buf_free(&b);
	return bytes;
}

/* Twice the lists are about twice the work: nothing is read again at every level. */
static void test_many_long_lists_cost_as_much_as_they_are_long(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNTOF(nestings); i++) {
		unsigned long few = bytes_for(i, 8), many = bytes_for(i, 16);
		if (many > few * 3)
			fail_msg("list%slist: %lu bytes, of twice the lists %lu", nestings[i].between, few, many);
	}
}

static void test_every_allocation_may_fail(void **state)
{
	struct sl_plan plan = plan_of();
	struct sl_parsed parsed;
	struct sl_predicate_part *parts;
	enum sl_rc rc;
	unsigned long n = 0;
	uint32_t nparts;
	int reached;

	(void)state;
	parse("(age in (1, 3) or not (age + must > 3 and sick)) and place <> 'north' and (age is null or sick)", &parsed);
	plan.where = parsed.expr;
	struct sl_stat share = { .fn = SL_STAT_SHARE, .arg = parsed.expr };
	plan.stats = &share;
	plan.nstats = 1;
	do {
		struct sl_predicate p;
		struct sl_err err = { 0 };
		parts = NULL;
		failing_at(++n);
		rc = sl_predicate_init(&p, &plan, &view, &err);
		struct sl_condition_unions listed = { 0 };
		if (rc == SL_OK)
			rc = sl_predicate_unions(&plan, &view, &listed, &err);
		if (rc == SL_OK)
			rc = sl_predicate_set(&p, 1, &parts, &nparts, &err);
		assert_true(rc != SL_OK || listed.n == 2);
		sl_condition_unions_free(&listed);
		sl_predicate_fini(&p);
		reached = failing_reached();
		failing_at(0);
		assert_true(rc == SL_OK || rc == SL_E_NOMEM);
		assert_true(reached ? rc == SL_E_NOMEM && parts == NULL : rc == SL_OK);
		free(parts);
	} while (reached);
	assert_true(n > 30);
	sl_parsed_free(&parsed);
}

/* An output may have a million sets, and a condition listed of thousands: it is read once, not for each set. */
static void test_a_condition_is_not_read_again_for_every_cell(void **state)
{
	struct sl_plan plan = plan_of();
	struct sl_stat share = { .fn = SL_STAT_SHARE };
	struct sl_parsed parsed;
	struct sl_predicate p;
	struct sl_predicate_part *parts;
	struct sl_err err = { 0 };
	uint32_t nparts;

	(void)state;
	parse("(age in (1, 3) or not (age + must > 3 and sick)) and place <> 'north' and (age is null or sick)", &parsed);
	share.arg = parsed.expr;
	plan.stats = &share;
	plan.nstats = 1;
	assert_int_equal(sl_predicate_init(&p, &plan, &view, &err), SL_OK);
	failing_at(2); /* the first is the caller's */
	assert_int_equal(sl_predicate_set(&p, 1, &parts, &nparts, &err), SL_OK);
	assert_false(failing_reached());
	failing_at(0);
	assert_true(nparts > 2);
	free(parts);
	sl_predicate_fini(&p);
	sl_parsed_free(&parsed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings_of_one_condition_are_one),
		cmocka_unit_test(test_conditions_that_differ_are_two),
		cmocka_unit_test(test_a_narrower_condition_is_seen_to_lie_within),
		cmocka_unit_test(test_a_group_is_the_condition_on_its_column),
		cmocka_unit_test(test_a_list_of_values_is_told_by_its_groups),
		cmocka_unit_test(test_numbers_that_may_overflow_are_not_of_everybody),
		cmocka_unit_test(test_conditions_that_agree_in_64_bits_are_two),
		cmocka_unit_test(test_random_conditions_are_one_only_where_every_row_says_so),
		cmocka_unit_test(test_random_conditions_written_anew_stay_the_same),
		cmocka_unit_test(test_every_allocation_may_fail),
		cmocka_unit_test(test_many_long_lists_cost_as_much_as_they_are_long),
		cmocka_unit_test(test_a_condition_is_not_read_again_for_every_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
