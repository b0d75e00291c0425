/*
 * test_disclosure_page.c - the examples of docs/disclosure.md are what the program says: for each rule the same table
 * without the rule and with it, and the finding. "test_disclosure_page print" prints them all.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/render.h"
#include "tests/unit/rules/needed.h"
#include "tests/unit/rules/past.h"

#define FINDINGS_SHOWN 1

static struct sl_render render_of(const struct sl_check_setup *setup, const struct sl_plan *plans,
                                  const struct sl_publication *p)
{
	return (struct sl_render){ .view = &setup->view, .plans = plans, .nplans = setup->nplans, .publication = p,
		                   .rules = &setup->rules, .enclave = "demo", .project = "study", .purpose = setup->purpose,
		                   .request = "R-1", .context = setup->context };
}

static void put_tables(const struct sl_render *r, const char *title, struct sl_buf *out)
{
	struct sl_err err = { 0 };

	for (uint32_t i = 0; i < r->nplans; i++) {
		sl_buf_printf(out, r->nplans > 1 ? "%s, output %u\n" : "%s\n", title, i + 1);
		if (sl_render_csv(r, i, out, &err) != SL_OK)
			fail_msg("%s", err.text);
	}
}

/* Of the rule; of several the first. */
static void put_findings(const struct sl_render *r, enum sl_rule rule, struct sl_buf *out)
{
	struct sl_finding_text *texts = NULL;
	struct sl_err err = { 0 };
	uint32_t n = 0, shown = 0;

	assert_int_equal(sl_render_findings(r, &texts, &n, &err), SL_OK);
	for (uint32_t i = 0; i < n && shown < FINDINGS_SHOWN; i++) {
		const struct sl_finding_text *t = &texts[i];
		if (t->finding->rule != rule)
			continue;
		shown++;
		sl_buf_printf(out, "%s: %s%s%s%s%s%s%s\n", t->severity, t->rule, t->cell[0] != '\0' ? ", " : "", t->cell,
		              t->column[0] != '\0' ? ", column " : "", t->column, t->measure[0] != '\0' ? ": " : "", t->measure);
		sl_buf_printf(out, "  %s\n  remedy: %s\n", t->reason, t->remedy);
		if (t->tried[0] != '\0')
			sl_buf_printf(out, "  tried: %s\n", t->tried);
	}
	assert_true(shown > 0);
	sl_render_findings_free(texts, n);
}

static void begin_example(enum sl_rule rule, struct sl_buf *out)
{
	sl_buf_printf(out, "<!-- example of %s: begin -->\n```text\n", sl_rule_find((uint8_t)rule)->id);
}

static void end_example(struct sl_buf *out)
{
	sl_buf_text(out, "```\n<!-- example: end -->\n");
}

static void put_needed(const struct needed *n, struct sl_buf *out)
{
	struct kit *k = kit_new();

	kit_quiet(k);
	n->make(k);
	struct sl_publication without = kit_check(k, n->rule), with;
	struct sl_render r = render_of(&k->setup, k->plans, &without);
	struct sl_behind behind;
	assert_int_equal(sl_check_behind(&k->setup, k->plans, k->results, NULL, &with, &behind, NULL), SL_OK);
	begin_example(n->rule, out);
	put_tables(&r, "without it", out);
	r.publication = &with;
	r.behind = &behind;
	put_tables(&r, "with it", out);
	put_findings(&r, n->rule, out);
	end_example(out);
	sl_codec_free(&sl_behind_record, &behind);
	sl_codec_free(&sl_publication_record, &with);
	sl_codec_free(&sl_publication_record, &without);
	kit_free(k);
}

/* An output by region has left; then one is asked for by region and gender, or of fewer persons. */
static void make_past(struct past *t, enum sl_rule rule)
{
	kit_quiet(t->k);
	t->k->setup.rules.threshold = 10;
	(void)kit_add(t->k, 40, 0, 0);
	(void)kit_add(t->k, 4, 0, 1);
	(void)kit_add(t->k, 50, 1, 0);
	(void)kit_add(t->k, 60, 1, 1);
	kit_key(&t->k->plans[0], "region", KIT_REGION, false);
	kit_stat(&t->k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	struct sl_plan *p = kit_plan(t->k);
	kit_key(p, "region", KIT_REGION, false);
	if (rule == SL_RULE_HISTORY) {
		kit_key(p, "gender", KIT_GENDER, false);
	} else {
		for (uint32_t i = 0; i < t->k->nrows; i++)
			t->k->rows[i].value[KIT_AGE] = i % 30 == 0 ? 18 : 50;
		kit_where(p, KIT_AGE, 20);
	}
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	past_release(t, 1);
}

static void tell_other(void *self, const struct sl_finding *f, struct sl_buf *out)
{
	const struct past *t = self;

	sl_buf_printf(out, "L-%llu, output \"%s\", ", (unsigned long long)f->release, t->k->plans[f->other_output].output);
	sl_render_cell(&t->k->plans[f->other_output], &t->k->setup.view, f->other_cell, out);
}

static void put_past(enum sl_rule rule, struct sl_buf *out)
{
	struct past t;

	past_open(&t);
	make_past(&t, rule);
	struct sl_check_setup first = t.setup;
	first.nplans = 1;
	struct sl_render r = render_of(&first, t.k->plans, &t.before);
	begin_example(rule, out);
	put_tables(&r, "released before", out);
	t.setup.nspaces = 0;
	assert_int_equal(past_judge(&t), SL_OK);
	r = render_of(&t.setup, t.k->plans + 1, &t.now);
	put_tables(&r, "asked for now: without it", out);
	sl_codec_free(&sl_publication_record, &t.now);
	t.setup.nspaces = 1;
	assert_int_equal(past_judge(&t), SL_OK);
	r.tell_other = tell_other;
	r.tell_self = &t;
	put_tables(&r, "with it", out);
	put_findings(&r, rule, out);
	end_example(out);
	past_close(&t);
}

/* What has the place of a maximum: bands with their means, and a quantile. 500 persons of 20 to 79. */
static void put_instead(struct sl_buf *out)
{
	struct kit *k = kit_new();
	struct sl_plan *second = kit_plan(k);

	k->setup.rules.context = 1;
	(void)kit_add(k, 500, 0, 0);
	kit_key(&k->plans[0], "band", KIT_AGE, true);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "age", SL_STAT_MEAN, KIT_AGE, 0);
	kit_stat(second, "nine_tenths_are_no_older", SL_STAT_QUANTILE, KIT_AGE, 9000);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(&k->setup, k->plans, &p);
	assert_int_equal(p.releasable, 1);
	sl_buf_text(out, "<!-- example of instead: begin -->\n```text\n");
	put_tables(&r, "instead of the largest", out);
	end_example(out);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* The same persons by region and in all; as another enclave would print them; and none of it rounded. */
static void put_random(struct sl_buf *out)
{
	static const uint32_t persons[] = { 31, 22, 14, 40 };
	struct kit *k = kit_new();
	struct sl_plan *total = kit_plan(k);

	kit_quiet(k);
	k->setup.rules.threshold = 12;
	for (uint32_t region = 0; region < 4; region++)
		(void)kit_add(k, persons[region], region, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
	kit_stat(total, "n", SL_STAT_UNITS, 0, 0);
	sl_buf_text(out, "<!-- example of random: begin -->\n```text\n");
	for (uint64_t key = 0; key <= 2; key++) {
		k->setup.rules.transform = key > 0 ? SL_TRANSFORM_RANDOM : SL_TRANSFORM_NONE;
		k->setup.rules.transform_base = key > 0 ? 3 : 0;
		k->drawn_with = key;
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		struct sl_render r = render_of(&k->setup, k->plans, &p);
		assert_int_equal(p.releasable, 1);
		put_tables(&r, key == 0 ? "exact" : key == 1 ? "at random, base 3" : "another enclave", out);
		sl_codec_free(&sl_publication_record, &p);
	}
	end_example(out);
	kit_free(k);
}

/* Every rule of the table but the last, whose example would not fit a page: it speaks of thousands of groups. */
static void put_all(struct sl_buf *out)
{
	for (uint32_t rule = SL_RULE_NONE + 1; rule < SL_RULE_COUNT_; rule++) {
		for (size_t i = 0; i < nneeded; i++)
			if (needed[i].rule == rule)
				put_needed(&needed[i], out);
		if (rule == SL_RULE_HISTORY || rule == SL_RULE_TRACKER)
			put_past((enum sl_rule)rule, out);
	}
	put_instead(out);
	put_random(out);
	assert_false(out->failed);
}

static char *read_page(void)
{
	FILE *f = fopen(SL_TEST_SOURCE_DIR "/docs/disclosure.md", "r");
	char *page = calloc(1, 1 << 20);

	assert_true(f != NULL && page != NULL);
	assert_true(fread(page, 1, (1 << 20) - 1, f) > 0);
	(void)fclose(f);
	return page;
}

static void test_page_has_the_examples_as_the_program_gives_them(void **state)
{
	struct sl_buf all = { 0 };
	char *page = read_page(), *mark = page;

	(void)state;
	put_all(&all);
	for (char *example = sl_buf_cstr(&all), *next; example != NULL && *example != '\0'; example = next) {
		next = strstr(example + 1, "<!-- example of");
		size_t len = next != NULL ? (size_t)(next - example) : strlen(example);
		char *copy = strndup(example, len);
		if (strstr(page, copy) == NULL)
			fail_msg("docs/disclosure.md has not this (`test_disclosure_page print` gives all):\n%s", copy);
		free(copy);
	}
	/* And no other. */
	uint32_t there = 0, given = 0;
	for (mark = page; (mark = strstr(mark, "<!-- example of")) != NULL; mark++)
		there++;
	for (mark = sl_buf_cstr(&all); (mark = strstr(mark, "<!-- example of")) != NULL; mark++)
		given++;
	assert_int_equal(there, given);
	sl_buf_free(&all);
	free(page);
}

static void test_page_explains_every_rule_by_its_name(void **state)
{
	char *page = read_page(), heading[80];

	(void)state;
	for (uint32_t rule = SL_RULE_NONE + 1; rule < SL_RULE_COUNT_; rule++) {
		(void)snprintf(heading, sizeof heading, "\n### `%s`\n", sl_rule_find((uint8_t)rule)->id);
		if (strstr(page, heading) == NULL)
			fail_msg("docs/disclosure.md does not explain %s", sl_rule_find((uint8_t)rule)->id);
	}
	free(page);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_has_the_examples_as_the_program_gives_them),
		cmocka_unit_test(test_page_explains_every_rule_by_its_name),
	};
	struct sl_buf all = { 0 };

	if (argc != 2 || strcmp(argv[1], "print") != 0)
		return cmocka_run_group_tests_name("docs/disclosure.md", tests, NULL, NULL);
	put_all(&all);
	fputs(sl_buf_cstr(&all), stdout);
	sl_buf_free(&all);
	return 0;
}
