/* test_public.c - what a catalogue says is public of a table: how it is read, and the plans that come of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/outputs.h"
#include "policy/public.h"
#include "tests/unit/policy/faults.h"
#include "tests/unit/vault/failing.h"

#define PLACE "\"one_row_per_unit\": true"
#define SAID "[{\"name\": \"census\", \"by\": [\"ward\", \"age\"], \"source\": \"table 4\"}, {\"by\": []}, " \
	"{\"by\": [\"male\"]}]"

static struct sl_reference_row ward_rows[] = { { "w1", "North", NULL, 0 }, { "w2", "South", NULL, 0 } };
static const struct sl_reference wards = { "study.wards", ward_rows, 2 };
static const struct sl_references refs = { &wards, 1 };

/* The good catalogue with that public of its persons. */
static char *catalogue(const char *said)
{
	char to[2048], *good = text_of("catalogue/study.json");

	(void)snprintf(to, sizeof to, PLACE ", \"public\": %s", said);
	char *text = text_with(good, PLACE, to);
	free(good);
	return text;
}

/* --- read ---------------------------------------------------------------------------------------------------- */

static void test_public_totals_are_read_with_names_of_their_own_or_made(void **state)
{
	char *text = catalogue(SAID);
	struct sl_catalogue cat;
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_catalogue_load("f.json", text, strlen(text), &cat, &err), SL_OK);
	const struct sl_cat_table *t = sl_catalogue_table(&cat, "study.persons");
	assert_int_equal(t->npublics, 3);
	assert_string_equal(t->publics[0].name, "census");
	assert_string_equal(t->publics[0].source, "table 4");
	assert_int_equal(t->publics[0].nby, 2);
	assert_string_equal(t->fields[t->publics[0].by[1]].column.name, "age");
	assert_string_equal(t->publics[1].name, "total");
	assert_int_equal(t->publics[1].nby, 0);
	assert_string_equal(t->publics[2].name, "by male");
	assert_int_equal(sl_catalogue_public_cells(t, &t->publics[2]), 2);
	assert_int_equal(sl_catalogue_table(&cat, "study.events")->npublics, 0);
	sl_catalogue_free(&cat);
	free(text);
}

/* "v0", "v1", … in each of two columns. */
static char *wide_catalogue(uint32_t labels, const char *said)
{
	char *domain = calloc(1, labels * 8 + 64), fields[4096], *text = catalogue(said);

	strcpy(domain, "\"constraints\": {\"required\": true, \"enum\": [");
	for (uint32_t i = 0; i < labels; i++)
		(void)snprintf(domain + strlen(domain), 16, "%s\"v%u\"", i > 0 ? ", " : "", i);
	strcat(domain, "]}");
	(void)snprintf(fields, sizeof fields,
	               "{\"name\": \"x\", \"type\": \"string\", %s}, {\"name\": \"y\", \"type\": \"string\", %s}, "
	               "{\"name\": \"note\"",
	               domain, domain);
	char *wide = text_with(text, "{\"name\": \"note\"", fields);
	free(domain);
	free(text);
	return wide;
}

static void test_public_totals_of_many_cells_are_noted_and_of_too_many_refused(void **state)
{
	static const struct {
		uint32_t labels;
		bool loads, noted;
	} rows[] = { { 22, true, false }, { 23, true, true }, { 100, true, true }, { 101, false, false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *text = wide_catalogue(rows[i].labels, "[{\"by\": [\"x\", \"y\"]}]");
		struct sl_catalogue cat;
		struct sl_err err = { 0 };
		bool noted = false;
		assert_int_equal(sl_catalogue_load("f.json", text, strlen(text), &cat, &err), rows[i].loads ? SL_OK : SL_E_INPUT);
		for (uint32_t k = 0; k < cat.notes.nitems; k++)
			noted = noted || strcmp(cat.notes.items[k].what.rule, "public-large") == 0;
		assert_int_equal(noted, rows[i].noted);
		if (!rows[i].loads)
			assert_non_null(strstr(err.text, "more than 10000 combinations"));
		sl_catalogue_free(&cat);
		free(text);
	}
}

static void test_public_each_allocation_that_fails_is_told(void **state)
{
	char *text = catalogue(SAID);
	bool reached = true;

	(void)state;
	for (unsigned long n = 1; reached && n < 100000; n++) {
		struct sl_catalogue cat;
		struct sl_err err = { 0 };
		faults_at(n);
		enum sl_rc rc = sl_catalogue_load("f.json", text, strlen(text), &cat, &err);
		reached = failing_reached();
		faults_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_catalogue_free(&cat);
	}
	assert_false(reached);
	free(text);
}

/* --- plans --------------------------------------------------------------------------------------------------- */

struct stage {
	struct sl_policy policy;
	struct sl_catalogue cat;
	const struct sl_catalogue *cats[1];
	struct sl_grant grant;
};

/* The project of the demo: it is granted age, male and bmi of persons, no ward. */
static void open_stage(struct stage *s, const char *said)
{
	char *text = text_of("policy/demo.json"), *cat = catalogue(said);
	struct sl_err err = { 0 };

	if (sl_policy_load("policy.json", text, strlen(text), &s->policy, &err) != SL_OK ||
	    sl_catalogue_load("study.json", cat, strlen(cat), &s->cat, &err) != SL_OK)
		fail_msg("%u:%u: %s", err.line, err.col, err.text);
	memset(s->cat.sha256, 1, sizeof s->cat.sha256);
	s->cats[0] = &s->cat;
	struct sl_grant_facts facts = { .policy = &s->policy, .catalogues = s->cats, .ncatalogues = 1, .references = refs,
		                        .project = "liver", .person = "ana", .today = 20000 };
	assert_int_equal(sl_grant_compile(&facts, &s->grant, &err), SL_OK);
	free(text);
	free(cat);
}

static void close_stage(struct stage *s)
{
	sl_grant_free(&s->grant);
	sl_policy_free(&s->policy);
	sl_catalogue_free(&s->cat);
}

static void test_public_plans_are_of_tables_that_are_read_and_of_columns_granted_or_not(void **state)
{
	struct sl_source persons = { .table = 0 }, events = { .table = 1 };
	struct sl_plan plans[] = { { .sources = &events, .nsources = 1 }, { .sources = &persons, .nsources = 1 } };
	struct sl_grant_table *tables;
	struct sl_public p;
	struct stage s;
	struct sl_err err = { 0 };

	(void)state;
	open_stage(&s, SAID);
	assert_int_equal(sl_public_compile(plans, 1, &s.grant, &refs, &p, &tables, &err), SL_OK);
	assert_int_equal(p.ntotals, 0); /* of events nothing is public */
	assert_null(tables);
	assert_int_equal(sl_public_compile(plans, 2, &s.grant, &refs, &p, &tables, &err), SL_OK);
	assert_int_equal(p.ntotals, 3);
	assert_int_equal(p.view.ntables, 1);
	assert_int_equal(p.view.tables[0].ncolumns, 3);
	assert_string_equal(p.view.tables[0].columns[0].name, "ward");
	assert_int_equal(tables[0].fields[0]->load_column, 4);
	for (uint32_t c = 0; c < s.grant.view.tables[0].ncolumns; c++)
		assert_string_not_equal(s.grant.view.tables[0].columns[c].name, "ward");
	assert_int_equal(sl_plan_cells(&p.totals[0].plan, &p.view), 4 * 3); /* two wards, other, missing; bands of age */
	assert_int_equal(sl_plan_cells(&p.totals[1].plan, &p.view), 1);
	assert_int_equal(p.totals[1].plan.stats[0].fn, SL_STAT_UNITS);
	assert_int_equal(sl_public_check(&p, &err), SL_OK);
	sl_public_tables_free(tables, p.view.ntables);
	sl_codec_free(&sl_public_record, &p);
	close_stage(&s);
}

static struct sl_public compiled(struct stage *s, struct sl_grant_table **tables)
{
	struct sl_source persons = { .table = 0 };
	struct sl_plan plan = { .sources = &persons, .nsources = 1 };
	struct sl_public p;

	assert_int_equal(sl_public_compile(&plan, 1, &s->grant, &refs, &p, tables, NULL), SL_OK);
	return p;
}

/* Kept with a request, and read again; what is no total of a whole table is none. */
static void test_public_totals_are_kept_and_read_again(void **state)
{
	struct sl_grant_table *tables;
	struct stage s;

	(void)state;
	open_stage(&s, SAID);
	struct sl_public p = compiled(&s, &tables), again;
	struct sl_buf words = { 0 };
	assert_int_equal(sl_codec_copy(&sl_public_record, &p, &again, NULL), SL_OK);
	assert_int_equal(sl_public_check(&again, NULL), SL_OK);
	sl_public_tell(&again, 0, 5, &words);
	assert_string_equal(sl_buf_cstr(&words), "the public total census of study.persons, ward South, age 65+");
	sl_buf_reset(&words);
	sl_public_tell(&again, 1, 0, &words);
	assert_string_equal(sl_buf_cstr(&words), "the public total total of study.persons");
	sl_buf_reset(&words);
	sl_public_tell(&again, 3, 0, &words);
	assert_int_equal(words.len, 0);
	again.totals[0].plan.sources[0].join = SL_JOIN_SEMI;
	assert_int_equal(sl_public_check(&again, NULL), SL_E_INPUT);
	sl_buf_free(&words);
	sl_codec_free(&sl_public_record, &again);
	sl_codec_free(&sl_public_record, &p);
	sl_public_tables_free(tables, 1);
	close_stage(&s);
}

/* To history it is an output of no release, of which everybody has seen every set. */
static void test_public_totals_are_earlier_outputs_that_all_have_seen(void **state)
{
	struct sl_grant_table *tables;
	struct sl_earlier_output o;
	struct stage s;

	(void)state;
	open_stage(&s, SAID);
	struct sl_public p = compiled(&s, &tables);
	assert_int_equal(sl_history_public(&p.totals[0].plan, &p.view, 0, SL_PUBLIC_FIRST, &o, NULL), SL_OK);
	struct sl_history h = { .outputs = &o, .noutputs = 1 };
	assert_int_equal(o.nsets, 12);
	for (uint32_t i = 0; i < o.nsets; i++)
		assert_true(o.sets[i].shown && !o.sets[i].primary && o.sets[i].nparts >= 3);
	assert_true(sl_earlier_is_public(&o));
	assert_int_equal(sl_history_check(&h, NULL), SL_OK);
	o.output = 0;
	assert_int_equal(sl_history_check(&h, NULL), SL_E_INPUT);
	sl_history_output_free(&o);
	sl_codec_free(&sl_public_record, &p);
	sl_public_tables_free(tables, 1);
	close_stage(&s);
}

static void test_public_plans_fail_whole_when_memory_does(void **state)
{
	struct sl_source persons = { .table = 0 };
	struct sl_plan plan = { .sources = &persons, .nsources = 1 };
	struct stage s;
	bool reached = true;

	(void)state;
	open_stage(&s, SAID);
	for (unsigned long n = 1; reached && n < 1000; n++) {
		struct sl_grant_table *tables = NULL;
		struct sl_earlier_output o = { 0 };
		struct sl_public p;
		struct sl_err err = { 0 };
		faults_at(n);
		enum sl_rc rc = sl_public_compile(&plan, 1, &s.grant, &refs, &p, &tables, &err);
		uint32_t n_tables = p.view.ntables;
		if (rc == SL_OK)
			rc = sl_history_public(&p.totals[0].plan, &p.view, 7, SL_PUBLIC_FIRST, &o, &err);
		reached = failing_reached();
		faults_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_history_output_free(&o);
		sl_public_tables_free(tables, n_tables);
		sl_codec_free(&sl_public_record, &p);
	}
	assert_false(reached);
	close_stage(&s);
}

/* A reference table may have grown since the catalogue was read. */
static void test_public_totals_with_too_many_wards_are_a_limit(void **state)
{
	static struct sl_reference_row rows[4000];
	const struct sl_reference many = { "study.wards", rows, 4000 };
	const struct sl_references grown = { &many, 1 };
	struct sl_source persons = { .table = 0 };
	struct sl_plan plan = { .sources = &persons, .nsources = 1 };
	struct sl_grant_table *tables;
	struct sl_public p;
	struct stage s;
	struct sl_err err = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 4000; i++)
		rows[i] = ward_rows[i % 2];
	open_stage(&s, SAID);
	assert_int_equal(sl_public_compile(&plan, 1, &s.grant, &grown, &p, &tables, &err), SL_E_LIMIT);
	assert_non_null(strstr(err.text, "\"census\""));
	assert_int_equal(p.ntotals, 0);
	assert_null(tables);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_public_totals_are_read_with_names_of_their_own_or_made),
		cmocka_unit_test(test_public_totals_of_many_cells_are_noted_and_of_too_many_refused),
		cmocka_unit_test(test_public_each_allocation_that_fails_is_told),
		cmocka_unit_test(test_public_plans_are_of_tables_that_are_read_and_of_columns_granted_or_not),
		cmocka_unit_test(test_public_totals_are_kept_and_read_again),
		cmocka_unit_test(test_public_totals_are_earlier_outputs_that_all_have_seen),
		cmocka_unit_test(test_public_plans_fail_whole_when_memory_does),
		cmocka_unit_test(test_public_totals_with_too_many_wards_are_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
