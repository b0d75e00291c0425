/* gaps.c - see gaps.h: the questions, one a gap, and their words. */
#include "policy/rules/gaps.h"

#include <string.h>
#include <strings.h>

#include "enclave/base/text.h"

const struct sl_gap_row sl_gaps_table[SL_GAP_COUNT_] = {
	[SL_GAP_NONE] = { SL_GAP_NONE, "", "" },
	[SL_GAP_PURPOSE] = { SL_GAP_PURPOSE, "the project has no purpose", "ask the officer to state one in the policy" },
	[SL_GAP_CONTEXT] = { SL_GAP_CONTEXT, "the request does not say what it is for",
	                     "add --context \"…\": the table and report it is for, in three words or more" },
	[SL_GAP_REPEATED] = { SL_GAP_REPEATED, "the request's context only repeats the purpose",
	                      "say in --context where these tables will stand, not again what the project is for" },
	[SL_GAP_DESCRIPTION] = { SL_GAP_DESCRIPTION, "it has no description, or only its own name",
	                         "say in describe{…} what it counts or measures" },
	[SL_GAP_UNIT] = { SL_GAP_UNIT, "nobody says what it is measured in",
	                  "add \"; unit: …\" to its description, or ask the owner for measured_in in the catalogue" },
	[SL_GAP_PERIOD] = { SL_GAP_PERIOD, "nobody says what time its rows speak of",
	                    "add \"; period: …\" to the purpose in describe{…}, or ask the owner to "
	                    "declare it in the catalogue" },
	[SL_GAP_DENOMINATOR] = { SL_GAP_DENOMINATOR, "it is a ratio and does not say of what",
	                         "add \"; of: …\" to its description, or divide once, by a column of the output" },
	[SL_GAP_COUNT] = { SL_GAP_COUNT, "the count behind it is missing",
	                   "add units() or count() to summarise{…}, or count_if() of what it reads" },
	[SL_GAP_UNROUNDED] = { SL_GAP_UNROUNDED, "it adds up ones, which the policy's rounding of counts does not reach",
	                       "count instead: count_if(condition), or count()" },
};

static bool is_empty(const char *text)
{
	return text == NULL || sl_text_is_blank(text);
}

/* Two for a word between spaces, one for a wide character, which writes half a word. */
static unsigned weigh(const char *text)
{
	const char *end = text + strlen(text);
	unsigned weight = 0;
	bool inside = false;

	while (text < end) {
		const char *at = text;
		uint32_t c = sl_text_next(&text, end);
		if (c != ' ' && sl_text_is_unseen(c))
			continue;
		bool wide = sl_text_width(at, (size_t)(text - at)) > 1;
		bool letter = !wide && (c > 0x7f || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'));
		if (wide)
			weight++;
		else if (letter && !inside)
			weight += 2;
		inside = letter || (inside && c != ' ');
	}
	return weight;
}

#define SENTENCE_WEIGHT 6 /* three words */

static bool same_words(const char *a, const char *b)
{
	return !is_empty(a) && !is_empty(b) && strcasecmp(a, b) == 0;
}

static bool has_part(const char *words, const char *label)
{
	size_t n;

	return sl_gaps_part(words, label, &n) != NULL;
}

/* Something before the parts; more than the column's name, unless that is enough. */
static bool says_something(const char *words, const char *name, bool name_is_enough)
{
	static const char *const labels[] = { "unit:", "period:", "of:" };
	const char *text = words != NULL ? words : "";
	size_t n = sl_text_trim(&text, strcspn(text, ";"));

	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (strncasecmp(text, labels[i], strlen(labels[i])) == 0)
			return false;
	return n > 0 && (name_is_enough || n != strlen(name) || strncasecmp(text, name, n) != 0);
}

/* The first table read that has no period, when the author gives none; NULL: all is told. */
static const char *period_of(const struct sl_gap_case *c)
{
	if (has_part(c->plan->purpose, "period"))
		return NULL;
	for (uint32_t i = 0; i < c->plan->nsources; i++) {
		const struct sl_table *t = &c->view->tables[c->plan->sources[i].table];
		if (!is_empty(t->space) && is_empty(t->period))
			return t->name;
	}
	return NULL;
}

uint32_t sl_gaps_of_request(const struct sl_gap_case *c)
{
	uint32_t bits = 0;

	if (is_empty(c->purpose))
		bits |= SL_GAP_BIT(SL_GAP_PURPOSE);
	if (is_empty(c->context) || weigh(c->context) < SENTENCE_WEIGHT)
		bits |= SL_GAP_BIT(SL_GAP_CONTEXT);
	else if (same_words(c->context, c->purpose) || same_words(c->context, c->plan->purpose))
		bits |= SL_GAP_BIT(SL_GAP_REPEATED);
	if (period_of(c) != NULL)
		bits |= SL_GAP_BIT(SL_GAP_PERIOD);
	return bits;
}

static bool reads_same(const struct sl_expr *a, const struct sl_expr *b)
{
	for (uint32_t i = 0; i < a->nops; i++)
		for (uint32_t k = 0; k < b->nops; k++)
			if (a->ops[i].op == SL_OP_COLUMN && b->ops[k].op == SL_OP_COLUMN &&
			    a->ops[i].arg == b->ops[k].arg)
				return true;
	return false;
}

/* The count of everything in the cell, or of what has to do with the statistic. */
static bool has_count(const struct sl_plan *plan, const struct sl_stat *of)
{
	for (uint32_t i = 0; i < plan->nstats; i++) {
		const struct sl_stat *s = &plan->stats[i];
		if (sl_stat_is_implied(s))
			continue;
		if (s->fn == SL_STAT_UNITS || s->fn == SL_STAT_COUNT ||
		    (s->fn == SL_STAT_COUNT_IF && (of == NULL || reads_same(&s->arg, &of->arg))))
			return true;
	}
	return false;
}

static bool is_additive(uint8_t fn)
{
	return fn == SL_STAT_UNITS || fn == SL_STAT_COUNT || fn == SL_STAT_COUNT_IF || fn == SL_STAT_SUM;
}

static bool is_extreme(uint8_t fn)
{
	return fn == SL_STAT_MIN || fn == SL_STAT_MAX;
}

static bool divides(const struct sl_expr *e)
{
	for (uint32_t i = 0; i < e->nops; i++)
		if (e->ops[i].op == SL_OP_DIV || e->ops[i].op == SL_OP_IDIV)
			return true;
	return false;
}

/* An extreme is refused in any case: that it lacks a count as well is no news. */
static bool lacks_count(const struct sl_plan *plan, uint32_t column)
{
	if (column >= plan->nstats)
		return divides(&plan->calcs[column - plan->nstats].expr) && !has_count(plan, NULL);
	const struct sl_stat *s = &plan->stats[column];
	return !is_additive(s->fn) && !is_extreme(s->fn) && !has_count(plan, s);
}

/* "persons": units and rows are known, so that their name says what is counted. */
static bool counts_all(const struct sl_plan *plan, uint32_t column)
{
	return column < plan->nstats &&
	       (plan->stats[column].fn == SL_STAT_UNITS || plan->stats[column].fn == SL_STAT_COUNT);
}

static uint32_t gaps_of_number(const struct sl_gap_case *c, uint32_t column, const char *name, const char *words)
{
	struct sl_buf known = { .max = 4 * SL_NAME_BYTES };
	uint32_t bits = 0;

	if (!says_something(words, name, counts_all(c->plan, column)))
		bits |= SL_GAP_BIT(SL_GAP_DESCRIPTION);
	if (!sl_gaps_measured_in(c->plan, c->view, column, &known) && !has_part(words, "unit"))
		bits |= SL_GAP_BIT(SL_GAP_UNIT);
	if (!sl_gaps_denominator(c->plan, column, &known) && !has_part(words, "of"))
		bits |= SL_GAP_BIT(SL_GAP_DENOMINATOR);
	if (lacks_count(c->plan, column))
		bits |= SL_GAP_BIT(SL_GAP_COUNT);
	if (c->rules->transform != SL_TRANSFORM_NONE && column < c->plan->nstats &&
	    c->plan->stats[column].fn == SL_STAT_SUM &&
	    sl_gaps_only_counts(c->plan, c->view, &c->plan->stats[column].arg))
		bits |= SL_GAP_BIT(SL_GAP_UNROUNDED);
	sl_buf_free(&known);
	return bits;
}

/* A key is described by the catalogue's title when the author says nothing; its groups say what its name does not. */
static bool key_is_described(const struct sl_gap_case *c, uint32_t k)
{
	const struct sl_key *key = &c->plan->keys[k];

	return says_something(key->description, key->name, true) || !is_empty(sl_plan_key_column(c->plan, c->view, k)->title);
}

static const char *name_of(const struct sl_plan *plan, uint32_t column)
{
	if (column < plan->nkeys)
		return plan->keys[column].name;
	column -= plan->nkeys;
	return column < plan->nstats ? plan->stats[column].name : plan->calcs[column - plan->nstats].name;
}

uint32_t sl_gaps_of_column(const struct sl_gap_case *c, uint32_t column)
{
	const struct sl_plan *plan = c->plan;

	if (column < plan->nkeys)
		return key_is_described(c, column) ? 0 : SL_GAP_BIT(SL_GAP_DESCRIPTION);
	uint32_t n = column - plan->nkeys;
	if (!sl_plan_prints(plan, n))
		return 0;
	return gaps_of_number(c, n, name_of(plan, column),
	                      n < plan->nstats ? plan->stats[n].description : plan->calcs[n - plan->nstats].description);
}

enum sl_gap sl_gaps_first(uint32_t bits)
{
	for (uint32_t g = SL_GAP_NONE + 1; g < SL_GAP_COUNT_; g++)
		if ((bits & SL_GAP_BIT(g)) != 0)
			return (enum sl_gap)g;
	return SL_GAP_NONE;
}

static void new_line(struct sl_buf *out)
{
	if (out->len > 0)
		sl_buf_text(out, "\n");
}

/* Purpose and context are the request's: told once, whatever it has of outputs. The period is the output's. */
static void tell_request(const struct sl_gap_case *c, bool whole, struct sl_buf *out)
{
	uint32_t bits = sl_gaps_of_request(c);

	for (uint32_t g = SL_GAP_NONE + 1; g < SL_GAP_COUNT_; g++) {
		const struct sl_gap_row *row = &sl_gaps_table[g];
		if ((bits & SL_GAP_BIT(g)) == 0 || (g != SL_GAP_PERIOD && !whole))
			continue;
		new_line(out);
		if (g == SL_GAP_PERIOD)
			sl_buf_printf(out, "context, output \"%s\", table \"%s\": %s; %s", c->plan->output,
			              period_of(c), row->reason, row->remedy);
		else
			sl_buf_printf(out, "context: %s; %s", row->reason, row->remedy);
	}
}

void sl_gaps_tell(const struct sl_gap_case *c, bool whole, struct sl_buf *out)
{
	uint32_t ncolumns = c->plan->nkeys + c->plan->nstats + c->plan->ncalcs;

	tell_request(c, whole, out);
	for (uint32_t i = 0; i < ncolumns; i++) {
		uint32_t bits = sl_gaps_of_column(c, i);
		for (uint32_t g = SL_GAP_NONE + 1; g < SL_GAP_COUNT_; g++) {
			if ((bits & SL_GAP_BIT(g)) == 0)
				continue;
			new_line(out);
			sl_buf_printf(out, "context, output \"%s\", column \"%s\": %s; %s", c->plan->output,
			              name_of(c->plan, i), sl_gaps_table[g].reason, sl_gaps_table[g].remedy);
		}
	}
}
