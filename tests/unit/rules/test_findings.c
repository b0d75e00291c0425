/*
 * test_findings.c - every rule driven once, and its finding read as its reviewer reads it: rule, severity, cell,
 * column, what was measured against which limit, what would cure it in words, and what was tried and did.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/render.h"
#include "tests/unit/rules/needed.h"
#include "tests/unit/rules/past.h"

struct expected {
	enum sl_rule rule;
	const char *severity, *cell, *column, *measure;
	const char *remedy; /* begins so */
	const char *tried;
};

static const struct expected table[] = {
	{ SL_RULE_THRESHOLD, "suppress", "the only row", "", "9 units, must be at least 10",
	  "use wider bands or fewer keys, so that",
	  "" },
	{ SL_RULE_NUMERATOR, "suppress", "the only row", "n", "5 units, must be at least 10",
	  "ask for a wider condition, for fewer",
	  "" },
	{ SL_RULE_DOMINANCE, "suppress", "the only row", "n", "98.010 %, must be less than 50 %",
	  "group less finely, so that no unit",
	  "" },
	{ SL_RULE_P_PERCENT, "suppress", "the only row", "n", "1.010 %, must be at least 10 %",
	  "group less finely, so that no unit",
	  "" },
	{ SL_RULE_NEGATIVES, "review", "the only row", "n", "1 unit",
	  "tell the reviewer what a negative",
	  "" },
	{ SL_RULE_GROUP_DISCLOSURE, "suppress", "sick false", "",
	  "95.000 %, must be more than none and at most 90 %",
	  "group the sensitive column less finely,",
	  "" },
	{ SL_RULE_WITHIN_GROUP, "suppress", "region A", "", "1 unit",
	  "use wider bands or fewer keys",
	  "" },
	{ SL_RULE_ALL_EQUAL, "suppress", "the only row", "n", "",
	  "group less finely, so that cells are",
	  "" },
	{ SL_RULE_EXTREMES, "refuse", "", "n", "",
	  "group by bands of the column and ask",
	  "" },
	{ SL_RULE_SMALL_COMPLEMENT, "refuse", "", "", "1 unit, must be at least 10",
	  "leave the condition out, or choose one",
	  "" },
	{ SL_RULE_ZERO, "suppress", "region A", "", "0 units",
	  "use wider bands; the owner can declare",
	  "" },
	{ SL_RULE_RANGE, "suppress", "the only row", "n", "",
	  "divide the measure before summing it;",
	  "" },
	{ SL_RULE_CONTEXT, "refuse", "", "n", "",
	  "add units() or count() to summarise{…},",
	  "" },
	{ SL_RULE_MARGINS, "refuse", "", "", "",
	  "give all outputs the same where and one",
	  "cured without output out0, without output out1, without column median of out1" },
	{ SL_RULE_LINKED, "suppress", "the only row", "over", "",
	  "see the statistic it is linked to",
	  "cured without column total of out0, without column over of out0" },
	{ SL_RULE_QUANTILE, "suppress", "the only row", "least", "0 units, must be at least 1",
	  "ask for a part nearer to the median or",
	  "" },
	{ SL_RULE_QUANTILE_VALUE, "review", "the only row", "median", "1 unit, must be at least 10",
	  "round the measure to a coarser grid",
	  "" },
	{ SL_RULE_DEGREES_OF_FREEDOM, "suppress", "the only row", "spread", "9 units, must be at least 10",
	  "use wider bands or fewer keys, so that",
	  "" },
	{ SL_RULE_DIFFERENCING, "review", "", "over_one_more", "",
	  "ask for one of the two, or for ranges",
	  "cured without column over of out0, without column over_one_more of out0" },
	{ SL_RULE_SECONDARY, "suppress", "region A", "", "",
	  "request fewer outputs about the same",
	  "cured without output out0, without output out1" },
	{ SL_RULE_ROUNDING, "refuse", "region A", "n", "",
	  "leave out one of the numbers that add",
	  "cured without output out0, without output out1" },
	{ SL_RULE_EXPRESSION, "review", "", "hundreds", "",
	  "use count_if, another key or a plain",
	  "" },
	{ SL_RULE_REGRESSOR, "suppress", "the only row", "constant", "3 units, must be at least 10",
	  "leave that x out, or make it coarser;",
	  "cured without column constant of out0" },
	{ SL_RULE_LEVERAGE, "review", "the only row", "constant", "7 units, must be at least 10",
	  "leave out one of the x that go",
	  "cured without column constant of out0" },
	{ SL_RULE_HISTORY, "suppress", "region A, gender m", "",
	  "4 units, must be at least 10, beside L-7, output 0, cell 0",
	  "ask for groups that the earlier release",
	  "" },
	{ SL_RULE_TRACKER, "refuse", "", "", "",
	  "ask for groups that the earlier release",
	  "" },
	{ SL_RULE_DEPTH, "review", "", "", "",
	  "ask for fewer groups, or in fewer",
	  "" },
	{ SL_RULE_NARROW, "review", "x m, y false", "", "8 units, must be at least 10, beside L-7, output 0, cell 0",
	  "ask for groups that the earlier",
	  "" },
};

static bool seen[SL_RULE_COUNT_];

/* *at: the next row; there is one for each case, in order. */
static void read_finding(const struct sl_render *r, enum sl_rule rule, size_t *at)
{
	const struct expected *e = &table[*at];
	struct sl_finding_text *texts;
	struct sl_err err = { 0 };
	uint32_t n, f = 0;

	assert_true(*at < sizeof table / sizeof table[0]);
	assert_int_equal(sl_render_findings(r, &texts, &n, &err), SL_OK);
	while (f < n && texts[f].finding->rule != rule)
		f++;
	assert_true(f < n);
	const struct sl_finding_text *t = &texts[f];
	if (e->rule != rule || strcmp(e->severity, t->severity) != 0 || strcmp(e->cell, t->cell) != 0 ||
	    strcmp(e->column, t->column) != 0 || strcmp(e->measure, t->measure) != 0 ||
	    strncmp(e->remedy, t->remedy, strlen(e->remedy)) != 0 || strcmp(e->tried, t->tried) != 0)
		fail_msg("%s reads {\"%s\", \"%s\", \"%s\", \"%s\", \"%.40s\", \"%s\"}", t->rule, t->severity, t->cell,
		         t->column, t->measure, t->remedy, t->tried);
	assert_string_equal(t->rule, sl_rule_find((uint8_t)rule)->id);
	assert_true(t->reason[0] != '\0');
	seen[rule] = true;
	++*at;
	sl_render_findings_free(texts, n);
}

static void read_needed(size_t *at)
{
	for (size_t i = 0; i < nneeded; i++) {
		struct kit *k = kit_new();
		struct sl_publication p;
		struct sl_behind b;
		kit_quiet(k);
		needed[i].make(k);
		kit_count(k);
		assert_int_equal(sl_check_behind(&k->setup, k->plans, k->results, NULL, &p, &b, NULL), SL_OK);
		const struct sl_render r = { .view = &k->setup.view, .plans = k->plans, .nplans = k->setup.nplans,
			                     .publication = &p, .rules = &k->setup.rules, .behind = &b };
		read_finding(&r, needed[i].rule, at);
		sl_codec_free(&sl_publication_record, &p);
		sl_codec_free(&sl_behind_record, &b);
		kit_free(k);
	}
}

/* What left is named as whoever keeps it does. */
static void tell_other(void *self, const struct sl_finding *f, struct sl_buf *out)
{
	(void)self;
	sl_buf_printf(out, "L-%llu, output %u, cell %u", (unsigned long long)f->release, f->other_output,
	              f->other_cell);
}

static void judge_past(struct past *t, const enum sl_rule *rules, size_t nrules, size_t *at)
{
	const struct sl_plan *plans = t->k->plans + t->earlier;
	struct sl_behind b;

	assert_int_equal(sl_check_behind(&t->setup, plans, t->k->results + t->earlier, &t->space, &t->now, &b, &t->err),
	                 SL_OK);
	const struct sl_render r = { .view = &t->setup.view, .plans = plans, .nplans = t->setup.nplans,
		                     .publication = &t->now, .rules = &t->setup.rules, .behind = &b,
		                     .tell_other = tell_other };
	for (size_t i = 0; i < nrules; i++)
		read_finding(&r, rules[i], at);
	sl_codec_free(&sl_behind_record, &b);
	past_close(t);
}

/* By region left; by region and gender beside a number of another kind, where four women would be told. */
static void read_history(size_t *at)
{
	static const enum sl_rule rule = SL_RULE_HISTORY;
	struct past t;

	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 4, 0, 1);
	(void)kit_add(t.k, 50, 1, 0);
	(void)kit_add(t.k, 60, 1, 1);
	(void)past_persons(&t, 0, false);
	(void)past_persons(&t, 1, true);
	past_release(&t, 1);
	judge_past(&t, &rule, 1, at);
}

/* By region left; then all, who are those of the regions that were shown: nobody is in the others. */
static void read_tracker(size_t *at)
{
	static const enum sl_rule rule = SL_RULE_TRACKER;
	struct past t;

	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 50, 1, 0);
	(void)past_persons(&t, 0, false);
	kit_stat(kit_plan(t.k), "persons", SL_STAT_UNITS, 0, 0);
	past_release(&t, 1);
	judge_past(&t, &rule, 1, at);
}

#define CROWD 2500u /* kinds of units: more than proof is looked for of */

/* Two tables left of region, gender and being sick, four persons in two of eight groups; the third tells nearly. */
static void read_narrow(size_t *at)
{
	static const enum sl_rule rules[] = { SL_RULE_DEPTH, SL_RULE_NARROW };
	static const enum kit_column keys[3][2] = { { KIT_REGION, KIT_GENDER }, { KIT_REGION, KIT_SICK },
		                                    { KIT_GENDER, KIT_SICK } };
	struct past t;

	past_open(&t);
	for (int way = 0; way < 8; way++) {
		struct kit_row *r = kit_add(t.k, way == 0 || way == 7 ? 4 : 60, way & 1, way >> 1 & 1);
		for (; r < t.k->rows + t.k->nrows; r++)
			r->value[KIT_SICK] = way >> 2;
	}
	for (uint32_t i = 0; i < 3; i++) {
		struct sl_plan *p = i == 0 ? &t.k->plans[0] : kit_plan(t.k);
		kit_key(p, "x", keys[i][0], false);
		kit_key(p, "y", keys[i][1], false);
		kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	}
	t.k->setup.rules.within_group = t.k->setup.rules.group_disclosure = t.k->setup.rules.zeros_show = 1;
	past_release(&t, 2);
	struct sl_atoms *a = &t.space.atoms;
	uint32_t set = t.space.history.outputs[0].nsets - 1;
	t.space.history.outputs[0].sets[set].shown = 1;
	a->atoms = realloc(a->atoms, (a->natoms + CROWD) * sizeof *a->atoms);
	a->places = realloc(a->places, (a->nplaces + CROWD) * sizeof *a->places);
	assert_true(a->atoms != NULL && a->places != NULL);
	for (uint32_t i = 0; i < CROWD; i++) {
		a->atoms[a->natoms++] = (struct sl_atom){ .units = 1, .first = a->nplaces, .n = 1 };
		a->places[a->nplaces++] = (struct sl_atom_place){ .set = set };
	}
	judge_past(&t, rules, 2, at);
}

static void test_every_rules_finding_says_where_how_much_against_what_and_what_would_cure_it(void **state)
{
	size_t at = 0;

	(void)state;
	read_needed(&at);
	read_history(&at);
	read_tracker(&at);
	read_narrow(&at);
	assert_int_equal(at, sizeof table / sizeof table[0]);
	for (uint32_t rule = SL_RULE_NONE + 1; rule < SL_RULE_COUNT_; rule++)
		if (!seen[rule])
			fail_msg("no finding of %s was read", sl_rule_find((uint8_t)rule)->id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rules_finding_says_where_how_much_against_what_and_what_would_cure_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
