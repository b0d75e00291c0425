/* test_catalogue.c - what a good catalogue says, and what load and view get from it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/catalogue.h"
#include "tests/unit/policy/faults.h"
#include "tests/unit/vault/failing.h"

static struct sl_reference_row ward_rows[] = { { "w1", "North", NULL, 0 }, { "w2", "South", NULL, 0 } };
static const struct sl_reference wards = { "study.wards", ward_rows, 2 };
static const struct sl_references refs = { &wards, 1 };

static void load(const char *name, struct sl_catalogue *cat)
{
	char *text = text_of(name);
	struct sl_err err = { 0 };

	if (sl_catalogue_load(name, text, strlen(text), cat, &err) != SL_OK)
		fail_msg("%s:%u:%u: %s", err.file, err.line, err.col, err.text);
	free(text);
}

static const struct sl_cat_field *field(const struct sl_catalogue *cat, const char *table, const char *name)
{
	const struct sl_cat_table *t = sl_catalogue_table(cat, table);

	assert_non_null(t);
	assert_non_null(sl_catalogue_field(t, name));
	return sl_catalogue_field(t, name);
}

static void test_catalogue_tables_and_units_are_read(void **state)
{
	struct sl_catalogue cat;

	(void)state;
	load("catalogue/study.json", &cat);
	const struct sl_cat_table *t = sl_catalogue_table(&cat, "study.persons");
	assert_string_equal(cat.dataset, "study");
	assert_int_equal(cat.ntables, 3);
	assert_string_equal(t->path, "persons.csv.gz");
	assert_int_equal(t->gzip, 1);
	assert_int_equal(t->class_, SL_CLASS_CONFIDENTIAL);
	assert_string_equal(t->space, "person");
	assert_int_equal(t->one_row_per_unit, 1);
	assert_int_equal(sl_catalogue_table(&cat, "study.events")->one_row_per_unit, 0);
	assert_string_equal(sl_catalogue_table(&cat, "study.wards")->reference_label, "name");
	assert_null(sl_catalogue_table(&cat, "study.nothing"));
	assert_int_equal(field(&cat, "study.persons", "person_id")->is_unit, 1);
	sl_catalogue_free(&cat);
}

static void assert_bands(const struct sl_column *c, uint32_t n, const char *const *labels)
{
	assert_int_equal(c->nbands, n);
	for (uint32_t i = 0; i < n; i++)
		assert_string_equal(c->bands[i].label, labels[i]);
}

static void test_catalogue_bands_cover_what_they_say(void **state)
{
	static const char *const ages[] = { "18-39", "40-64", "65+" };
	static const char *const bmis[] = { "[0,18.5)", "[18.5,25)", "[25,30)", "30+" };
	static const char *const days[] = { "2000-01-01 to 2009-12-31", "2010-01-01 and later" };
	struct sl_catalogue cat;

	(void)state;
	load("catalogue/study.json", &cat);
	const struct sl_column *age = &field(&cat, "study.persons", "age")->column;
	const struct sl_column *bmi = &field(&cat, "study.persons", "bmi")->column;
	assert_bands(age, 3, ages);
	assert_bands(bmi, 4, bmis);
	assert_bands(&field(&cat, "study.persons", "entered")->column, 2, days);
	assert_int_equal(age->bands[0].lo, 18);
	assert_int_equal(age->bands[0].hi, 39);
	assert_true(age->bands[2].hi == INT64_MAX);
	assert_false(sl_column_has_other(age, true)); /* the minimum is the first cut point */
	assert_int_equal(sl_column_ngroups(age, true), 3);
	assert_int_equal(bmi->bands[1].lo, 1850);
	assert_int_equal(bmi->bands[1].hi, 2499);
	assert_int_equal(sl_column_ngroups(bmi, true), 6); /* below 0, and missing */
	sl_catalogue_free(&cat);
}

static void test_catalogue_band_objects_and_closed_top_are_read(void **state)
{
	static const struct {
		const char *bands, *first, *last;
		uint32_t n;
		int64_t hi;
	} cases[] = {
		{ "[{\"to\": 39}, {\"from\": 40, \"to\": 40}, {\"from\": 50, \"label\": \"old\"}]", "up to 39", "old",
		  3, INT64_MAX },
		{ "[-5, 0, 10]", "-5 to -1", "10+", 3, INT64_MAX },
		{ "[18, 40, 1000]", "18-39", "40-999", 2, 999 },
		{ "[18, 40, {\"from\": 65, \"label\": \"old\"}]", "18-39", "old", 3, INT64_MAX },
	};
	char *good = text_of("catalogue/study.json");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_catalogue cat;
		struct sl_err err = { 0 };
		char *bounded = text_with(good, "\"minimum\": 18", i == 2 ? "\"maximum\": 120" : "\"unique\": false");
		char *text = text_with(bounded, "[18, 40, 65]", cases[i].bands);
		assert_int_equal(sl_catalogue_load("f.json", text, strlen(text), &cat, &err), SL_OK);
		const struct sl_column *c = &field(&cat, "study.persons", "age")->column;
		assert_int_equal(c->nbands, cases[i].n);
		assert_string_equal(c->bands[0].label, cases[i].first);
		assert_string_equal(c->bands[c->nbands - 1].label, cases[i].last);
		assert_true(c->bands[c->nbands - 1].hi == cases[i].hi);
		sl_catalogue_free(&cat);
		free(text);
		free(bounded);
	}
	free(good);
}

static void test_catalogue_domains_have_source_texts_and_labels(void **state)
{
	struct sl_catalogue cat;

	(void)state;
	load("catalogue/study.json", &cat);
	const struct sl_cat_field *event = field(&cat, "study.events", "event");
	const struct sl_cat_field *male = field(&cat, "study.persons", "male");
	const struct sl_cat_field *stage = field(&cat, "study.events", "stage");
	assert_string_equal(event->texts[1].text, "htn");
	assert_string_equal(event->column.labels[1].text, "hypertension");
	assert_string_equal(event->column.labels[0].text, "nafld");
	assert_int_equal(event->column.nullable, 0);
	assert_string_equal(male->texts[0].text, "0");
	assert_string_equal(male->column.labels[1].text, "male");
	assert_int_equal(stage->column.type, SL_TYPE_TEXT); /* a coded integer is no quantity */
	assert_string_equal(stage->column.labels[2].text, "2");
	assert_int_equal(stage->column.structural_zero, 1);
	sl_catalogue_free(&cat);
}

static void test_catalogue_load_setup_has_the_unit_first_and_no_free_text(void **state)
{
	struct sl_catalogue cat;
	struct sl_load_setup setup;
	struct sl_err err = { 0 };

	(void)state;
	load("catalogue/study.json", &cat);
	const struct sl_cat_table *t = sl_catalogue_table(&cat, "study.persons");
	assert_int_equal(sl_catalogue_load_setup(t, &refs, &setup, &err), SL_OK);
	assert_int_equal(setup.format, SL_LOAD_CSV_GZIP);
	assert_int_equal(setup.delimiter, ',');
	assert_int_equal(setup.ncolumns, 6);
	assert_string_equal(setup.columns[0].header, "person_id");
	assert_string_equal(setup.columns[1].header, "age");
	assert_int_equal(setup.columns[1].lo, 18);
	assert_string_equal(setup.columns[4].header, "ward");
	assert_string_equal(setup.columns[4].labels[1].text, "w2"); /* keys, as the source has them */
	assert_int_equal(setup.columns[4].has_other, 1);
	assert_string_equal(setup.columns[5].date_format, "%d/%m/%Y");
	assert_string_equal(setup.columns[1].missing[0].text, "NA");
	assert_int_equal(setup.columns[1].nmissing, 1);
	assert_int_equal(sl_catalogue_field(t, "note")->load_column, SL_CAT_NOT_LOADED);
	assert_int_equal(sl_catalogue_field(t, "entered")->load_column, 5);
	sl_codec_free(&sl_load_setup_record, &setup);
	assert_int_equal(sl_catalogue_load_setup(sl_catalogue_table(&cat, "study.wards"), NULL, &setup, &err), SL_OK);
	assert_int_equal(setup.reference, 1);
	assert_int_equal(setup.ncolumns, 2);
	assert_string_equal(setup.columns[1].header, "name");
	sl_codec_free(&sl_load_setup_record, &setup);
	sl_catalogue_free(&cat);
}

static void test_catalogue_reference_not_imported_names_the_remedy(void **state)
{
	struct sl_catalogue cat;
	struct sl_load_setup setup;
	struct sl_column column;
	struct sl_err err = { 0 };

	(void)state;
	load("catalogue/study.json", &cat);
	assert_int_equal(sl_catalogue_load_setup(sl_catalogue_table(&cat, "study.persons"), NULL, &setup, &err),
	                 SL_E_INPUT);
	assert_string_equal(err.remedy, "import \"study.wards\" first");
	assert_int_equal(sl_catalogue_view_column(field(&cat, "study.persons", "ward"), NULL, 7, &column, NULL),
	                 SL_E_INPUT);
	sl_catalogue_free(&cat);
}

static void test_catalogue_view_column_has_reference_labels_and_the_uses_of_both(void **state)
{
	struct sl_catalogue cat;
	struct sl_column column;
	struct sl_err err = { 0 };

	(void)state;
	load("catalogue/study.json", &cat);
	assert_int_equal(sl_catalogue_view_column(field(&cat, "study.persons", "ward"), &refs,
	                                          SL_USE_GROUP | SL_USE_MEASURE, &column, &err),
	                 SL_OK);
	assert_int_equal(column.uses, SL_USE_GROUP);
	assert_string_equal(column.labels[0].text, "North");
	assert_int_equal(sl_column_ngroups(&column, false), 4);
	sl_codec_free(&sl_column_record, &column);
	sl_catalogue_free(&cat);
}

static void test_catalogue_chinese_headers_and_labels_are_kept(void **state)
{
	struct sl_catalogue cat;
	struct sl_load_setup setup;
	struct sl_err err = { 0 };

	(void)state;
	load("catalogue/chinese.json", &cat);
	assert_int_equal(sl_catalogue_load_setup(&cat.tables[0], NULL, &setup, &err), SL_OK);
	assert_string_equal(setup.columns[0].header, "個案編號");
	assert_string_equal(setup.columns[2].header, "分類*");
	assert_string_equal(setup.columns[1].labels[0].text, "女");
	sl_codec_free(&sl_load_setup_record, &setup);
	sl_catalogue_free(&cat);
}

static void test_catalogue_what_is_unwise_is_noted_with_its_place(void **state)
{
	struct sl_catalogue cat;

	(void)state;
	load("catalogue/study.json", &cat);
	assert_int_equal(cat.notes.nitems, 3);
	assert_string_equal(cat.notes.items[2].what.rule, "level-group");
	assert_string_equal(cat.notes.items[1].what.rule, "no-unit");
	assert_string_equal(cat.notes.items[0].what.rule, "no-domain");
	sl_catalogue_free(&cat);
}

/* Each as the beginning of a label that groups are made of. */
static void test_catalogue_label_that_spreadsheets_compute_is_noted(void **state)
{
	static const struct {
		const char *label;
		size_t notes;
	} rows[] = { { "=1+", 1 }, { "@SU", 1 }, { "+cm", 1 }, { "-xy", 1 }, { "-5 ", 0 }, { "+65", 0 }, { "a=b", 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sl_catalogue cat;
		struct sl_err err = { 0 };
		char *text = text_of("catalogue/study.json"), *at = strstr(text, "\"hypertension\"");
		size_t found = 0;

		memcpy(at + 1, rows[i].label, 3);
		assert_int_equal(sl_catalogue_load("x", text, strlen(text), &cat, &err), SL_OK);
		for (uint32_t k = 0; k < cat.notes.nitems; k++)
			found += strcmp(cat.notes.items[k].what.rule, "formula") == 0;
		assert_int_equal(found, rows[i].notes);
		sl_catalogue_free(&cat);
		free(text);
	}
}

static void test_catalogue_copies_fail_whole_when_memory_does(void **state)
{
	struct sl_catalogue cat;
	bool reached = true;

	(void)state;
	load("catalogue/study.json", &cat);
	for (unsigned long n = 1; reached && n < 1000; n++) {
		struct sl_load_setup setup;
		struct sl_err err = { 0 };
		faults_at(n);
		enum sl_rc rc = sl_catalogue_load_setup(sl_catalogue_table(&cat, "study.persons"), &refs, &setup, &err);
		reached = failing_reached();
		faults_at(0);
		assert_true(rc == (reached ? SL_E_NOMEM : SL_OK));
		if (rc == SL_OK)
			sl_codec_free(&sl_load_setup_record, &setup);
	}
	assert_false(reached);
	reached = true;
	for (unsigned long n = 1; reached && n < 1000; n++) {
		struct sl_column column;
		struct sl_err err = { 0 };
		faults_at(n);
		enum sl_rc rc = sl_catalogue_view_column(field(&cat, "study.persons", "age"), &refs, 7, &column, &err);
		reached = failing_reached();
		faults_at(0);
		assert_true(rc == (reached ? SL_E_NOMEM : SL_OK));
		if (rc == SL_OK)
			sl_codec_free(&sl_column_record, &column);
	}
	assert_false(reached);
	sl_catalogue_free(&cat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catalogue_tables_and_units_are_read),
		cmocka_unit_test(test_catalogue_bands_cover_what_they_say),
		cmocka_unit_test(test_catalogue_band_objects_and_closed_top_are_read),
		cmocka_unit_test(test_catalogue_domains_have_source_texts_and_labels),
		cmocka_unit_test(test_catalogue_load_setup_has_the_unit_first_and_no_free_text),
		cmocka_unit_test(test_catalogue_reference_not_imported_names_the_remedy),
		cmocka_unit_test(test_catalogue_view_column_has_reference_labels_and_the_uses_of_both),
		cmocka_unit_test(test_catalogue_chinese_headers_and_labels_are_kept),
		cmocka_unit_test(test_catalogue_what_is_unwise_is_noted_with_its_place),
		cmocka_unit_test(test_catalogue_label_that_spreadsheets_compute_is_noted),
		cmocka_unit_test(test_catalogue_copies_fail_whole_when_memory_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
