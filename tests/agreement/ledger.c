/* ledger.c - see ledger.h. */
#include "tests/agreement/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- things ------------------------------------------------------------------------------------------------ */

/* What is added up of a row, and only where all of some things are so of it. */
enum amount { ONE, PAY, RENT, PAY_SQUARED, RENT_SQUARED, PAY_TIMES_RENT };
enum { HAS_PAY = 1, HAS_RENT = 2, KNOWN_SICK = 4, SICK = 8, OVER = 16 };

struct term {
	enum amount amount;
	uint32_t where;
	int64_t times;
};

#define TERMS 16

struct terms {
	struct term at[TERMS];
	uint32_t n;
};

static struct terms single(enum amount amount, uint32_t where)
{
	return (struct terms){ .at = { { amount, where, 1 } }, .n = 1 };
}

static struct terms added(struct terms a, struct terms b, int64_t times)
{
	for (uint32_t i = 0; i < b.n; i++) {
		assert_true(a.n < TERMS);
		a.at[a.n] = b.at[i];
		a.at[a.n++].times *= times;
	}
	return a;
}

/* One of two that are multiplied is a condition. */
static struct terms both(struct terms a, struct terms b)
{
	struct terms all = { .n = 0 };

	for (uint32_t i = 0; i < a.n; i++)
		for (uint32_t j = 0; j < b.n; j++) {
			assert_true(all.n < TERMS && (a.at[i].amount == ONE || b.at[j].amount == ONE));
			all.at[all.n++] = (struct term){ .amount = a.at[i].amount == ONE ? b.at[j].amount : a.at[i].amount,
				.where = a.at[i].where | b.at[j].where, .times = a.at[i].times * b.at[j].times };
		}
	return all;
}

static struct terms secret(enum survey_secret what)
{
	switch (what) {
	case SURVEY_SICK_ONES:
		return single(ONE, SICK);
	case SURVEY_WELL:
		return added(single(ONE, KNOWN_SICK), single(ONE, SICK), -1);
	case SURVEY_OVER:
		return single(ONE, OVER);
	case SURVEY_UNDER:
		return added(single(ONE, HAS_PAY), single(ONE, OVER), -1);
	default:
		return single(ONE, 0);
	}
}

/* Of whom it is known whether they are. */
static struct terms secret_known(enum survey_secret what)
{
	uint32_t where = what == SURVEY_ANYBODY ? 0 : what <= SURVEY_WELL ? KNOWN_SICK : HAS_PAY;

	return single(ONE, where);
}

static struct terms has(enum survey_measure measure)
{
	static const uint32_t where[SURVEY_MEASURES] = { HAS_PAY, HAS_RENT, HAS_PAY | HAS_RENT };

	return single(ONE, where[measure]);
}

static struct terms amount(enum survey_measure measure)
{
	struct terms pay = both(single(PAY, 0), has(measure)), rent = both(single(RENT, 0), has(measure));

	return measure == SURVEY_MEASURE_PAY ? pay : measure == SURVEY_MEASURE_RENT ? rent : added(pay, rent, 1);
}

static struct terms squared(enum survey_measure measure)
{
	struct terms pay = both(single(PAY_SQUARED, 0), has(measure));
	struct terms rent = both(single(RENT_SQUARED, 0), has(measure));

	if (measure != SURVEY_MEASURE_BOTH)
		return measure == SURVEY_MEASURE_PAY ? pay : rent;
	return added(added(pay, rent, 1), both(single(PAY_TIMES_RENT, 0), has(measure)), 2);
}

/* What one condition says of another falls away, as does what the catalogue says. */
static uint32_t normal(const struct survey *s, enum amount amount, uint32_t where)
{
	bool pay = amount == PAY || amount == PAY_SQUARED || amount == PAY_TIMES_RENT;
	bool rent = amount == RENT || amount == RENT_SQUARED || amount == PAY_TIMES_RENT;

	if (pay || where & OVER || !s->columns[SURVEY_PAY].nullable)
		where &= ~(uint32_t)HAS_PAY;
	if (rent || !s->columns[SURVEY_RENT].nullable)
		where &= ~(uint32_t)HAS_RENT;
	if (where & SICK || !s->columns[SURVEY_SICK].nullable)
		where &= ~(uint32_t)KNOWN_SICK;
	return where;
}

/* The thing of a term; LINEAR_THINGS: it is known of everybody; or, where none is to be made, nothing tells of it. */
static uint32_t thing_of(struct ledger *g, const struct term *t, bool make)
{
	uint32_t what = (uint32_t)t->amount << 5 | normal(g->survey, t->amount, t->where), i = 0;

	if (what == 0 && g->neighbour)
		return LINEAR_THINGS;
	while (i < g->nthings && g->things[i] != what)
		i++;
	if (i == g->nthings && !make)
		return LINEAR_THINGS;
	assert_true(i < LINEAR_THINGS);
	if (i == g->nthings)
		g->things[g->nthings++] = what;
	return i;
}

/* How a thing stands with a row in truth. */
static int64_t value_of(const struct survey_row *row, const struct term *t)
{
	bool has_pay = !row->missing[SURVEY_PAY], has_rent = !row->missing[SURVEY_RENT];
	int64_t pay = row->value[SURVEY_PAY], rent = row->value[SURVEY_RENT];
	const int64_t amounts[] = { 1, pay, rent, pay * pay, rent * rent, pay * rent };
	uint32_t is = (has_pay ? HAS_PAY : 0) | (has_rent ? HAS_RENT : 0) | (row->missing[SURVEY_SICK] ? 0 : KNOWN_SICK) |
	              (row->value[SURVEY_SICK] ? SICK : 0) | (has_pay && pay > SURVEY_PAY_OVER ? OVER : 0);

	return (is & t->where) == t->where ? amounts[t->amount] * t->times : 0;
}

static int64_t value(const struct survey_row *row, const struct terms *t)
{
	int64_t v = 0;

	for (uint32_t i = 0; i < t->n; i++)
		v += value_of(row, &t->at[i]);
	return v;
}

static int64_t truth(const struct ledger *g, const bool in[LINEAR_ROWS], const struct terms *t)
{
	int64_t v = 0;

	for (uint32_t r = 0; r < g->survey->nrows; r++)
		v += in[r] ? value(&g->survey->rows[r], t) : 0;
	return v;
}

/* --- numbers ----------------------------------------------------------------------------------------------- */

static void add_terms(struct ledger *g, struct linear_sum *sum, const struct terms *t, uint64_t times)
{
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t thing = thing_of(g, &t->at[i], true);
		if (thing < LINEAR_THINGS)
			linear_term(sum, thing, linear_times(linear_number(t->at[i].times), times));
	}
}

static bool is_nothing(const struct linear_sum *sum)
{
	for (uint32_t i = 0; i < sum->nterms; i++)
		if (sum->terms[i].times != 0)
			return false;
	return true;
}

static void print(struct ledger *g, const struct linear_sum *sum, const struct ledger_place *at)
{
	if (is_nothing(sum))
		return;
	if (g->linear.nnumbers < LINEAR_NUMBERS)
		g->of[g->linear.nnumbers] = *at;
	linear_print(&g->linear, sum);
}

/* One over the other is known, as it truly is. */
static void print_quotient(struct ledger *g, struct linear_sum *sum, const struct terms *over,
                           const struct terms *under, const struct ledger_place *at)
{
	add_terms(g, sum, over, linear_number(truth(g, sum->in, under)));
	add_terms(g, sum, under, linear_number(-truth(g, sum->in, over)));
	print(g, sum, at);
}

static void list_rows(const struct ledger *g, const struct ledger_place *at, bool in[LINEAR_ROWS])
{
	const struct survey *s = g->survey;

	memset(in, 0, LINEAR_ROWS * sizeof *in);
	for (uint32_t r = 0; r < s->nrows; r++)
		in[r] = survey_cell(s, &s->requests[at->request], at->output, &s->rows[r]) == (int)at->cell;
}

/* Who is known not to meet the condition is one of whom it is known. */
static void print_share(struct ledger *g, struct linear_sum *sum, const struct survey_output *o,
                        const struct survey_condition *c, const struct ledger_place *at)
{
	struct terms where = secret(o->asks.secret), is = both(where, secret(c->secret));
	struct terms known = both(where, secret_known(c->secret));
	int64_t others = 0;

	if (c->nliterals > 0 && o->asks.secret != SURVEY_ANYBODY)
		return;
	for (uint32_t r = 0; r < g->survey->nrows; r++) {
		bool knows = survey_knows(c, &g->survey->rows[r]);
		others += sum->in[r] && !knows;
		sum->in[r] = sum->in[r] && knows;
	}
	add_terms(g, sum, &is, linear_number(truth(g, sum->in, &known) + others));
	add_terms(g, sum, &known, linear_number(-truth(g, sum->in, &is)));
	print(g, sum, at);
}

static void print_number(struct ledger *g, const struct ledger_place *at)
{
	const struct survey_output *o = &g->survey->requests[at->request].outputs[at->output];
	const struct survey_stat *what = &o->what[at->stat];
	struct terms where = secret(o->asks.secret), t = where;
	struct linear_sum sum = { .nterms = 0 };

	list_rows(g, at, sum.in);
	if (what->fn == SL_STAT_SHARE) {
		print_share(g, &sum, o, &what->counts, at);
		return;
	}
	/* A variance comes later; of several rows that a unit has it counts as one. */
	if (what->fn == SL_STAT_VAR || (what->fn == SL_STAT_UNITS && g->survey->several))
		return;
	if (what->fn == SL_STAT_MEAN) {
		struct terms over = both(where, amount(what->measure)), under = both(where, has(what->measure));
		print_quotient(g, &sum, &over, &under, at);
		return;
	}
	if (what->fn == SL_STAT_SUM)
		t = both(where, amount(what->measure));
	if (what->fn == SL_STAT_COUNT_IF) {
		t = both(where, secret(what->counts.secret));
		for (uint32_t r = 0; r < g->survey->nrows; r++)
			sum.in[r] = sum.in[r] && survey_knows(&what->counts, &g->survey->rows[r]);
	}
	add_terms(g, &sum, &t, 1);
	print(g, &sum, at);
}

/* The sum of squares less twice the mean times the sum and less variance times how many: where the mean is known. */
static void print_variance(struct ledger *g, const struct ledger_place *at)
{
	const struct survey_output *o = &g->survey->requests[at->request].outputs[at->output];
	const enum survey_measure measure = o->what[at->stat].measure;
	struct terms where = secret(o->asks.secret), over = both(where, amount(measure)), under = both(where, has(measure));
	struct terms squares = both(where, squared(measure));
	struct linear_sum mean = { .nterms = 0 }, sum = { .nterms = 0 };

	if (o->what[at->stat].fn != SL_STAT_VAR)
		return;
	list_rows(g, at, mean.in);
	memcpy(sum.in, mean.in, sizeof sum.in);
	int64_t n = truth(g, sum.in, &under), s = truth(g, sum.in, &over), q = truth(g, sum.in, &squares);
	add_terms(g, &mean, &over, linear_number(n));
	add_terms(g, &mean, &under, linear_number(-s));
	if (n < 2 || !linear_knows(&g->linear, &mean))
		return;
	/* n (n - 1) v = n q - s s; n squares - 2 s sum + (m s - n v) rows is a known number */
	uint64_t v = linear_over(linear_number(n * q - s * s), linear_number(n - 1));
	uint64_t of_rows = linear_over(linear_number(s * s), linear_number(n));
	add_terms(g, &sum, &squares, linear_number(n));
	add_terms(g, &sum, &over, linear_number(-2 * s));
	add_terms(g, &sum, &under, of_rows);
	add_terms(g, &sum, &under, linear_times(v, LINEAR_PRIME - 1));
	print(g, &sum, at);
}

static void for_each(struct ledger *g, void (*each)(struct ledger *g, const struct ledger_place *at))
{
	for (uint32_t n = 0; n < g->survey->nrequests; n++) {
		const struct survey_request *r = &g->survey->requests[n];
		for (uint32_t i = 0; i < r->noutputs; i++)
			for (uint32_t cell = 0; cell < survey_cells(g->survey, r, i); cell++)
				for (uint32_t stat = 0; stat < sl_plan_printed(&r->plans[i]); stat++) {
					const struct sl_published_cell *p = survey_shown(r, i, cell, stat);
					if (p != NULL && !p->missing)
						each(g, &(struct ledger_place){ n, i, cell, stat });
				}
	}
}

void ledger_open(struct ledger *g, const struct survey *s, bool neighbour)
{
	uint32_t before = UINT32_MAX;

	memset(g, 0, sizeof *g);
	g->survey = s;
	g->neighbour = neighbour;
	linear_init(&g->linear, s->nrows, s->setup.rules.threshold);
	for (uint32_t r = 0; r < s->nrows; r++)
		g->linear.unit[r] = (uint8_t)s->rows[r].unit;
	for_each(g, print_number);
	linear_solve(&g->linear);
	/* Squares may tell the mean of others. */
	for (uint32_t first = g->linear.nnumbers; before != g->linear.rank && !g->linear.overflow;) {
		before = g->linear.rank;
		g->linear.nnumbers = first;
		for_each(g, print_variance);
		linear_solve(&g->linear);
	}
	g->unsaid = g->linear.overflow;
}

void ledger_close(struct ledger *g)
{
	linear_fini(&g->linear);
}

/* --- asking ------------------------------------------------------------------------------------------------ */

/* Whether something of it is in some number. */
static bool is_spoken_of(struct ledger *g, const struct terms *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		bool is_all = t->at[i].amount == ONE && normal(g->survey, ONE, t->at[i].where) == 0;
		if (!(is_all && g->neighbour) && thing_of(g, &t->at[i], false) == LINEAR_THINGS)
			return false;
	}
	return true;
}

/* How many numbers it takes, and where they stand. */
static void note_places(const struct ledger *g, struct ledger_leak *leak)
{
	bool requests[SURVEY_REQUESTS] = { false }, outputs[SURVEY_REQUESTS][SURVEY_OUTPUTS] = { { false } };

	leak->nrequests = leak->noutputs = leak->nnumbers = leak->nconditions = leak->nshares = 0;
	for (uint32_t i = 0; i < g->linear.nnumbers; i++) {
		const struct ledger_place *at = &g->of[i];
		if (leak->secret.times[i] == 0)
			continue;
		enum sl_stat_fn fn = g->survey->requests[at->request].outputs[at->output].what[at->stat].fn;
		leak->nnumbers++;
		leak->nshares += fn == SL_STAT_SHARE;
		leak->nconditions += fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE;
		leak->nrequests += !requests[at->request];
		leak->noutputs += !outputs[at->request][at->output];
		requests[at->request] = outputs[at->request][at->output] = true;
	}
}

static uint32_t ask(struct ledger *g, const struct terms *what, const struct terms *who, struct ledger_leak *leak)
{
	struct linear_sum sum = { .nterms = 0 };
	bool has_it[LINEAR_ROWS] = { false };

	if (!is_spoken_of(g, what))
		return 0;
	add_terms(g, &sum, what, 1);
	for (uint32_t r = 0; r < g->survey->nrows; r++)
		has_it[r] = value(&g->survey->rows[r], who) != 0;
	if (is_nothing(&sum))
		return 0;
	linear_ask(&g->linear, &sum, has_it, &leak->secret);
	g->unsaid = g->unsaid || leak->secret.unsaid;
	if (leak->secret.found) {
		linear_explain(&g->linear, &sum, &leak->secret);
		leak->counts = what->at[0].amount == ONE;
		note_places(g, leak);
	}
	return leak->secret.found;
}

/* What is asked about, of all and of those with a secret. */
static const struct {
	const char *name;
	enum amount amount;
	uint32_t where;
	int64_t times;    /* -1: those without it */
} asked[] = { { "pay", PAY, HAS_PAY, 1 }, { "rent", RENT, HAS_RENT, 1 }, { "units", ONE, 0, 1 },
	{ "having pay", ONE, HAS_PAY, 1 }, { "having no pay", ONE, HAS_PAY, -1 }, { "having rent", ONE, HAS_RENT, 1 },
	{ "having no rent", ONE, HAS_RENT, -1 }, { "squared pay", PAY_SQUARED, HAS_PAY, 1 },
	{ "squared rent", RENT_SQUARED, HAS_RENT, 1 }, { "of unknown health", ONE, KNOWN_SICK, -1 } };

uint32_t ledger_ask(struct ledger *g, struct ledger_leak *leaks, uint32_t n)
{
	static const char *const names[SURVEY_SECRETS] = { "all", "the sick", "the well", "those paid more",
		"those paid less" };
	uint32_t found = 0;

	for (uint32_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
		for (enum survey_secret of = 0; of < SURVEY_SECRETS && found < n; of++) {
			if (g->neighbour && asked[i].amount == ONE && of != SURVEY_ANYBODY)
				break;
			struct terms where = secret(of), what = both(where, single(asked[i].amount, asked[i].where));
			struct terms who = both(where, single(ONE, asked[i].where));
			if (asked[i].times < 0)
				what = who = added(where, what, -1);
			snprintf(leaks[found].what, sizeof leaks[found].what, "%s%s of %s", g->neighbour ? "neighbour: " : "",
			         asked[i].name, names[of]);
			found += ask(g, &what, &who, &leaks[found]);
		}
	return found;
}

/* --- told -------------------------------------------------------------------------------------------------- */

void ledger_tell(const struct ledger *g, const struct ledger_leak *leak)
{
	print_error("%s: %u units, %u have it:", leak->what, leak->secret.units, leak->secret.few);
	for (uint32_t r = 0; r < g->survey->nrows; r++) {
		const struct survey_row *row = &g->survey->rows[r];
		if (leak->secret.in[r])
			print_error(" %u[w%lld %c a%lld]", row->unit, (long long)row->value[SURVEY_WARD],
			            row->value[SURVEY_SEX] ? 'm' : 'f', (long long)row->value[SURVEY_AGE]);
	}
	print_error("\n");
	for (uint32_t i = 0; i < g->linear.nnumbers; i++) {
		const struct ledger_place *at = &g->of[i];
		int64_t over, under;
		if (leak->secret.times[i] == 0)
			continue;
		if (linear_small(leak->secret.times[i], &over, &under))
			print_error("  %+lld/%lld ", (long long)over, (long long)under);
		else
			print_error("  ? ");
		survey_tell_number(g->survey, &g->survey->requests[at->request], at->output, at->cell, at->stat);
		print_error("\n");
	}
}
