/* spelled.c - see spelled.h. */
#include "tests/unit/history/spelled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "policy/history/predicate.h"

static struct sl_label places[] = { { "north" }, { "south" }, { "west" } };
static struct sl_band ages[] = { { INT64_MIN, 1, "young" }, { 2, 3, "old" } };

/* Columns may be missing but `must`; of `amount` 15 is 1.5. */
struct sl_column spelled_columns[] = {
	{ .name = "age", .type = SL_TYPE_INTEGER, .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX, .bands = ages,
	  .nbands = 2 },
	{ .name = "must", .type = SL_TYPE_INTEGER, .lo = INT64_MIN, .hi = INT64_MAX },
	{ .name = "amount", .type = SL_TYPE_REAL, .scale = 1, .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX },
	{ .name = "sick", .type = SL_TYPE_BOOLEAN, .nullable = 1 },
	{ .name = "place", .type = SL_TYPE_TEXT, .nullable = 1, .has_domain = 1, .has_other = 1, .labels = places,
	  .nlabels = 2 },
	{ .name = "side", .type = SL_TYPE_TEXT, .has_domain = 1, .labels = places, .nlabels = 3 },
};
#define NCOLUMNS (sizeof spelled_columns / sizeof spelled_columns[0])
static struct sl_table table = { .name = "t.t", .space = "person", .columns = spelled_columns, .ncolumns = NCOLUMNS };
const struct sl_view spelled_view = { .tables = &table, .ntables = 1 };

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
	for (uint16_t i = 0; i < NCOLUMNS; i++) {
		const struct sl_column *c = &spelled_columns[i];
		if (strcmp(c->name, name) == 0) {
			*out = (struct sl_named){ .kind = SL_NAMED_INPUT, .input = i,
				.type = { c->type, c->scale, c->nlabels + c->has_other } };
			return SL_OK;
		}
	}
	return sl_err_set(err, SL_E_INPUT, "no column %s", name);
}

static const struct sl_column *column_of(void *self, uint16_t input)
{
	(void)self;
	return &spelled_columns[input];
}

static struct sl_source source;
static struct sl_input inputs[NCOLUMNS];

struct sl_plan spelled_plan(void)
{
	for (uint16_t i = 0; i < NCOLUMNS; i++)
		inputs[i] = (struct sl_input){ .column = i };
	return (struct sl_plan){ .output = "o", .sources = &source, .nsources = 1, .inputs = inputs, .ninputs = NCOLUMNS };
}

void spelled_parse_as(enum sl_parse_mode mode, const char *text, struct sl_parsed *out)
{
	struct sl_scope scope = { .name = name_of, .column = column_of };
	struct sl_err err = { 0 };

	if (sl_parser_parse(mode, text, strlen(text), &scope, out, &err) != SL_OK)
		fail_msg("%s: %s", text, err.text);
}

void spelled_parse(const char *text, struct sl_parsed *out)
{
	spelled_parse_as(SL_PARSE_CONDITION, text, out);
}

/* Parts of the rows that a plan with this where has; of a plan that is told, no where. */
void spelled_read_parts(struct sl_plan *plan, uint32_t set, struct sl_predicate_part **parts, uint32_t *n)
{
	struct sl_predicate p;
	struct sl_err err = { 0 };

	assert_int_equal(sl_predicate_init(&p, plan, &spelled_view, &err), SL_OK);
	assert_int_equal(sl_predicate_set(&p, set, parts, n, &err), SL_OK);
	sl_predicate_fini(&p);
}

void spelled_init(const char *text, struct spelled *out)
{
	struct sl_plan plan = spelled_plan();
	struct sl_stat share = { .fn = SL_STAT_SHARE };
	struct sl_err err = { 0 };

	memset(out, 0, sizeof *out);
	spelled_parse(text, &out->parsed);
	plan.where = out->parsed.expr;
	spelled_read_parts(&plan, 0, &out->parts, &out->nparts);
	share.arg = out->parsed.expr;
	plan.where = (struct sl_expr){ 0 };
	plan.stats = &share;
	plan.nstats = 1;
	assert_int_equal(sl_predicate_stats(&plan, &spelled_view, &out->value, &out->nvalue, &err), SL_OK);
}

void spelled_free(struct spelled *s)
{
	sl_parsed_free(&s->parsed);
	free(s->parts);
	free(s->value);
}

bool spelled_has(const struct spelled *s, sl_i128 hash)
{
	for (uint32_t i = 0; i < s->nparts; i++)
		if (s->parts[i].hash == hash)
			return true;
	return false;
}

/* By their parts: all of a's rows are b's. */
bool spelled_within(const struct spelled *a, const struct spelled *b)
{
	for (uint32_t i = 0; i < b->nparts; i++)
		if (!spelled_has(a, b->parts[i].hash))
			return false;
	return true;
}

bool spelled_same_rows(const struct spelled *a, const struct spelled *b)
{
	return a->nparts == b->nparts && spelled_within(a, b);
}

bool spelled_same_value(const struct spelled *a, const struct spelled *b)
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
void spelled_check_rows(const char *x, const struct spelled *a, const char *y, const struct spelled *b)
{
	size_t at[NCOLUMNS] = { 0 };
	struct sl_value row[NCOLUMNS];
	bool within = spelled_within(a, b), holds = spelled_within(b, a), same = spelled_same_value(a, b);

	while (within || holds || same) {
		bool more = next_row(at, row);
		int p = truth(&a->parsed.expr, row), q = truth(&b->parsed.expr, row);
		if ((within && p == 1 && q != 1) || (holds && q == 1 && p != 1) || (same && p != q))
			fail_msg("%s | %s: %d and %d of one row", x, y, p, q);
		if (!more)
			break;
	}
}
