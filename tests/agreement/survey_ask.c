/* survey_ask.c - what is asked for in a survey: see survey.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/rules/rule.h"
#include "tests/agreement/survey.h"

static char empty[] = "", described[] = "described";

/* --- what a condition says --------------------------------------------------------------------------------- */

static bool meets(const struct survey_literal *l, const struct survey_row *row)
{
	int64_t v = row->value[l->column];

	return (v >= l->lo && v <= l->hi) != l->negated;
}

bool survey_knows(const struct survey_condition *c, const struct survey_row *row)
{
	if (c->nliterals == 0)
		return true;
	bool met = meets(&c->literals[0], row);
	if (c->nliterals == 2)
		met = c->any ? met || meets(&c->literals[1], row) : met && meets(&c->literals[1], row);
	return met != c->negated;
}

static int64_t key_value(const struct survey *s, const struct sl_input *in, const struct survey_row *row)
{
	int64_t v = row->value[in->column];

	if (in->column == SURVEY_AGE)
		return v / 2;
	return in->lookup == 0 ? v : s->levels[v * SURVEY_LEVELS + in->lookup - 1].value;
}

int survey_cell(const struct survey *s, const struct survey_request *r, uint32_t output, const struct survey_row *row)
{
	const struct sl_plan *plan = &r->plans[output];
	int64_t cell = 0;

	if (!survey_knows(&r->outputs[output].asks, row))
		return -1;
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		const struct sl_column *column = sl_plan_key_column(plan, &s->setup.view, k);
		cell = cell * sl_column_ngroups(column, plan->keys[k].banded) + key_value(s, &plan->inputs[plan->keys[k].input], row);
	}
	return (int)cell;
}

uint32_t survey_cells(const struct survey *s, const struct survey_request *r, uint32_t output)
{
	return (uint32_t)sl_plan_cells(&r->plans[output], &s->setup.view);
}

/* --- plans ------------------------------------------------------------------------------------------------- */

static uint16_t input(struct sl_plan *plan, enum survey_column column, uint16_t lookup)
{
	for (uint32_t i = 0; i < plan->ninputs; i++)
		if (plan->inputs[i].column == column && plan->inputs[i].lookup == lookup)
			return (uint16_t)i;
	plan->inputs[plan->ninputs] = (struct sl_input){ .column = (uint16_t)column, .lookup = lookup };
	return (uint16_t)plan->ninputs++;
}

static void put(struct survey_expr *e, enum sl_opcode op, uint8_t type, uint16_t arg, int64_t value)
{
	e->ops[e->nops++] = (struct sl_op){ .op = (uint8_t)op, .type = type, .arg = arg, .value = value };
}

static void put_column(const struct survey *s, struct sl_plan *plan, struct survey_expr *e, enum survey_column column)
{
	put(e, SL_OP_COLUMN, s->columns[column].type, input(plan, column, 0), 0);
}

static void put_compared(struct survey_expr *e, enum sl_opcode op, int64_t value)
{
	put(e, SL_OP_CONST, SL_TYPE_INTEGER, 0, value);
	put(e, op, SL_TYPE_BOOLEAN, 0, 0);
}

/* A text in a list of codes; of a number from below, from above, or between. */
static void put_literal(const struct survey *s, struct sl_plan *plan, struct survey_expr *e,
                        const struct survey_literal *l)
{
	put_column(s, plan, e, l->column);
	if (s->columns[l->column].type == SL_TYPE_TEXT) {
		struct sl_set *set = &e->sets[e->nsets];
		*set = (struct sl_set){ .items = e->items[e->nsets] };
		for (int64_t v = l->lo; v <= l->hi; v++)
			set->items[set->nitems++].value = v;
		put(e, SL_OP_IN, SL_TYPE_BOOLEAN, (uint16_t)e->nsets++, 0);
	} else if (l->lo == 0) {
		put_compared(e, SL_OP_LE, l->hi);
	} else {
		put_compared(e, SL_OP_GE, l->lo);
		if (l->hi < SURVEY_AGES - 1) {
			put_column(s, plan, e, l->column);
			put_compared(e, SL_OP_LE, l->hi);
			put(e, SL_OP_AND, SL_TYPE_BOOLEAN, 0, 0);
		}
	}
	if (l->negated)
		put(e, SL_OP_NOT, SL_TYPE_BOOLEAN, 0, 0);
}

static void put_secret(const struct survey *s, struct sl_plan *plan, struct survey_expr *e, enum survey_secret secret)
{
	if (secret == SURVEY_SICK_ONES || secret == SURVEY_WELL) {
		put_column(s, plan, e, SURVEY_SICK);
		if (secret == SURVEY_WELL)
			put(e, SL_OP_NOT, SL_TYPE_BOOLEAN, 0, 0);
	} else {
		put_column(s, plan, e, SURVEY_PAY);
		put_compared(e, secret == SURVEY_OVER ? SL_OP_GT : SL_OP_LE, SURVEY_PAY_OVER);
	}
}

static struct sl_expr condition(const struct survey *s, struct sl_plan *plan, struct survey_expr *e,
                                const struct survey_condition *c)
{
	for (uint32_t i = 0; i < c->nliterals; i++)
		put_literal(s, plan, e, &c->literals[i]);
	if (c->nliterals == 2)
		put(e, c->any ? SL_OP_OR : SL_OP_AND, SL_TYPE_BOOLEAN, 0, 0);
	if (c->negated && c->nliterals > 0)
		put(e, SL_OP_NOT, SL_TYPE_BOOLEAN, 0, 0);
	if (c->secret != SURVEY_ANYBODY)
		put_secret(s, plan, e, c->secret);
	if (c->secret != SURVEY_ANYBODY && c->nliterals > 0)
		put(e, SL_OP_AND, SL_TYPE_BOOLEAN, 0, 0);
	return (struct sl_expr){ .ops = e->ops, .nops = e->nops, .sets = e->sets, .nsets = e->nsets };
}

struct survey_request *survey_request(struct survey *s)
{
	return &s->requests[s->nrequests++];
}

void survey_output(struct survey *s, struct survey_request *r, const uint32_t *keys, uint32_t nkeys,
                   const struct survey_condition *asks)
{
	static char names[SURVEY_OUTPUTS][5] = { "out0", "out1", "out2" }, key_names[SURVEY_KEYS][3] = { "k0", "k1", "k2" };
	uint32_t i = r->noutputs++;
	struct survey_output *o = &r->outputs[i];
	struct sl_plan *plan = &r->plans[i];

	*plan = (struct sl_plan){ .output = names[i], .purpose = empty, .line = 1, .sources = &o->source, .nsources = 1,
		.inputs = o->inputs, .keys = o->keys, .stats = o->stats };
	o->asks = *asks;
	for (uint32_t k = 0; k < nkeys; k++) {
		bool level = keys[k] >= SURVEY_COLUMNS;
		uint16_t in = input(plan, level ? SURVEY_WARD : keys[k], (uint16_t)(level ? keys[k] - SURVEY_COLUMNS + 1 : 0));
		o->keys[plan->nkeys] = (struct sl_key){ .name = key_names[k], .description = empty, .input = in,
			.banded = keys[k] == SURVEY_AGE };
		plan->nkeys++;
	}
	plan->where = condition(s, plan, &o->where, asks);
}

static struct sl_expr measure(const struct survey *s, struct sl_plan *plan, struct survey_expr *e,
                              enum survey_measure what)
{
	put_column(s, plan, e, what == SURVEY_MEASURE_RENT ? SURVEY_RENT : SURVEY_PAY);
	if (what == SURVEY_MEASURE_BOTH) {
		put_column(s, plan, e, SURVEY_RENT);
		put(e, SL_OP_ADD, SL_TYPE_INTEGER, 0, 0);
	}
	return (struct sl_expr){ .ops = e->ops, .nops = e->nops };
}

void survey_stat(struct survey *s, struct survey_request *r, const struct survey_stat *what)
{
	static char names[SURVEY_STATS][3] = { "n0", "n1", "n2", "n3" };
	struct survey_output *o = &r->outputs[r->noutputs - 1];
	struct sl_plan *plan = &r->plans[r->noutputs - 1];
	uint32_t i = plan->nstats++;

	o->what[i] = *what;
	o->stats[i] = (struct sl_stat){ .name = names[i], .fn = (uint8_t)what->fn, .description = described };
	if (what->fn == SL_STAT_COUNT_IF || what->fn == SL_STAT_SHARE)
		o->stats[i].arg = condition(s, plan, &o->args[i], &what->counts);
	else if (what->fn != SL_STAT_UNITS && what->fn != SL_STAT_COUNT)
		o->stats[i].arg = measure(s, plan, &o->args[i], what->measure);
}

/* --- drawn ------------------------------------------------------------------------------------------------- */

static struct survey_literal draw_literal(struct survey *s)
{
	static const int64_t top[] = { SURVEY_WARDS - 1, 1, SURVEY_AGES - 1 };
	struct survey_literal l = { .column = survey_draw(s, 2) ? SURVEY_WARD : survey_draw(s, 3),
		.negated = survey_draw(s, 4) == 0 };

	l.lo = survey_draw(s, (uint32_t)top[l.column] + 1);
	l.hi = l.lo + survey_draw(s, (uint32_t)(top[l.column] - l.lo) + 1);
	if (l.lo == 0 && l.hi == top[l.column])
		l.hi--;
	return l;
}

static struct survey_condition draw_condition(struct survey *s, bool secret)
{
	struct survey_condition c = { .any = survey_draw(s, 2), .negated = survey_draw(s, 4) == 0 };

	for (uint32_t n = secret ? survey_draw(s, 4) / 3 : 1 + survey_draw(s, 3) / 2; c.nliterals < n; c.nliterals++)
		c.literals[c.nliterals] = draw_literal(s);
	if (secret)
		c.secret = survey_draw(s, 4) ? s->about : 1 + survey_draw(s, SURVEY_SECRETS - 1);
	return c;
}

static void draw_stat(struct survey *s, struct survey_request *r)
{
	static const enum sl_stat_fn fns[] = { SL_STAT_SUM, SL_STAT_SUM, SL_STAT_SUM, SL_STAT_MEAN, SL_STAT_MEAN,
		SL_STAT_COUNT_IF, SL_STAT_SHARE, SL_STAT_VAR };
	const struct sl_plan *plan = &r->plans[r->noutputs - 1];
	struct survey_stat what = { .fn = fns[survey_draw(s, 8)], .measure = s->theme };

	if (s->plain && survey_draw(s, 3))
		what.fn = survey_draw(s, 3) ? SL_STAT_SUM : SL_STAT_MEAN;
	if (!s->plain && survey_draw(s, 4) == 0)
		what.measure = survey_draw(s, SURVEY_MEASURES);
	what.counts = draw_condition(s, survey_draw(s, 5) != 0);
	for (uint32_t i = 0; i < plan->nstats; i++)
		if (plan->stats[i].fn == what.fn)
			return;
	survey_stat(s, r, &what);
}

/* Of everybody, of a group of wards or ages, or of each: what many such leave of each other is of few. */
static void draw_sum(struct survey *s, struct survey_request *r)
{
	static const uint32_t keys[] = { SURVEY_WARD, SURVEY_COLUMNS, SURVEY_COLUMNS + 1, SURVEY_SEX, SURVEY_AGE };
	struct survey_condition asks = { .secret = SURVEY_ANYBODY };
	uint32_t key = keys[survey_draw(s, 5)];

	if (survey_draw(s, 3))
		asks = draw_condition(s, false);
	survey_output(s, r, &key, survey_draw(s, 2), &asks);
	survey_stat(s, r, &(struct survey_stat){ .fn = survey_draw(s, 8) ? SL_STAT_SUM : SL_STAT_MEAN });
}

static void draw_output(struct survey *s, struct survey_request *r)
{
	struct survey_condition asks = { .secret = SURVEY_ANYBODY };
	uint32_t keys[SURVEY_KEYS], nkeys = 0;

	if (s->sums) {
		draw_sum(s, r);
		return;
	}
	if (survey_draw(s, 5) < (s->plain ? 2 : 3))
		keys[nkeys++] = (const uint32_t[]){ SURVEY_WARD, SURVEY_COLUMNS, SURVEY_COLUMNS + 1 }[survey_draw(s, 3)];
	if (survey_draw(s, 3) == 0 && !(s->plain && nkeys > 0))
		keys[nkeys++] = SURVEY_SEX;
	if (nkeys < (s->plain ? 1 : 2) && survey_draw(s, 4) == 0)
		keys[nkeys++] = SURVEY_AGE;
	if (survey_draw(s, 5) < 2)
		asks = draw_condition(s, survey_draw(s, 5) == 0);
	survey_output(s, r, keys, nkeys, &asks);
	if (survey_draw(s, 2))
		survey_stat(s, r, &(struct survey_stat){ .fn = s->several && survey_draw(s, 2) ? SL_STAT_COUNT : SL_STAT_UNITS });
	for (uint32_t n = 1 + survey_draw(s, s->plain ? 2 : 3); n > 0 || r->plans[r->noutputs - 1].nstats == 0; n -= n > 0)
		draw_stat(s, r);
}

void survey_draw_request(struct survey *s, struct survey_request *r)
{
	for (uint32_t n = 1 + survey_draw(s, SURVEY_OUTPUTS); n > 0; n--)
		draw_output(s, r);
}

/* --- told -------------------------------------------------------------------------------------------------- */

static void tell_condition(const struct survey *s, const struct survey_condition *c)
{
	static const char *const secrets[SURVEY_SECRETS] = { "", "sick", "not sick", "pay > 200", "pay <= 200" };

	if (c->negated && c->nliterals > 0)
		print_error("not (");
	for (uint32_t i = 0; i < c->nliterals; i++)
		print_error("%s%s%s in %lld..%lld", i == 0 ? "" : c->any ? " or " : " and ", c->literals[i].negated ? "not " : "",
		            s->columns[c->literals[i].column].name, (long long)c->literals[i].lo, (long long)c->literals[i].hi);
	if (c->negated && c->nliterals > 0)
		print_error(")");
	print_error("%s%s", c->nliterals > 0 && c->secret ? " and " : "", secrets[c->secret]);
}

static void tell_stat(const struct survey *s, const struct survey_stat *what)
{
	static const char *const measures[SURVEY_MEASURES] = { "pay", "rent", "pay + rent" };

	print_error("%s(", sl_stat_fn_name(what->fn));
	if (what->fn == SL_STAT_COUNT_IF || what->fn == SL_STAT_SHARE)
		tell_condition(s, &what->counts);
	else if (what->fn != SL_STAT_UNITS && what->fn != SL_STAT_COUNT)
		print_error("%s", measures[what->measure]);
	print_error(")");
}

static void tell_output(const struct survey *s, const struct survey_request *r, uint32_t i)
{
	const struct sl_plan *plan = &r->plans[i];

	print_error("  %s by", plan->output);
	for (uint32_t k = 0; k < plan->nkeys; k++)
		print_error(" %s", sl_plan_key_column(plan, &s->setup.view, k)->name);
	print_error("%s", plan->where.nops > 0 ? " where " : "");
	tell_condition(s, &r->outputs[i].asks);
	print_error(":");
	for (uint32_t n = 0; n < sl_plan_printed(plan); n++) {
		print_error(" ");
		tell_stat(s, &r->outputs[i].what[n]);
	}
	for (uint32_t cell = 0; cell < survey_cells(s, r, i); cell++) {
		print_error("\n    cell %u:", cell);
		for (uint32_t n = 0; n < sl_plan_printed(plan); n++) {
			const struct sl_evidence *e = &r->results[i].evidence[cell * plan->nstats + n];
			const struct sl_published_cell *p = &r->pub.outputs[i].cells[cell * plan->nstats + n];
			print_error(" %s%lld (%llu of %llu)", p->shown ? "" : "[c] ", (long long)p->value,
			            (unsigned long long)e->contributors, (unsigned long long)e->cell_units);
		}
	}
	print_error("\n");
}

void survey_tell_number(const struct survey *s, const struct survey_request *r, uint32_t output, uint32_t cell,
                        uint32_t stat)
{
	print_error("request %u out%u cell %u ", (uint32_t)(r - s->requests), output, cell);
	tell_stat(s, &r->outputs[output].what[stat]);
}

void survey_tell(const struct survey *s)
{
	static const char *const answers[] = { "refused", "for a person", "released" };

	print_error("threshold %u, p %u, %u units, %u rows; may be missing: pay %u, rent %u, sick %u\n",
	            s->setup.rules.threshold, s->setup.rules.p_percent, s->nunits, s->nrows, s->columns[SURVEY_PAY].nullable,
	            s->columns[SURVEY_RENT].nullable, s->columns[SURVEY_SICK].nullable);
	for (uint32_t n = 0; n < s->nrequests; n++) {
		const struct survey_request *r = &s->requests[n];
		print_error("request %u, %s\n", n, answers[r->answer]);
		for (uint32_t i = 0; i < r->noutputs; i++)
			tell_output(s, r, i);
		for (uint32_t f = 0; f < r->pub.nfindings; f++)
			print_error("  finding: output %u cell %d stat %d rule %s\n", r->pub.findings[f].output,
			            (int)r->pub.findings[f].cell, (int)r->pub.findings[f].stat,
			            sl_rules_table[r->pub.findings[f].rule].id);
	}
}
