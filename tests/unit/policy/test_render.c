/* test_render.c - the bytes of a release, and that they do not say why a cell is hidden. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/version.h"
#include "policy/render.h"
#include "policy/rules/rule.h"
#include "tests/unit/policy/faults.h"
#include "tests/unit/vault/failing.h"
#include "tests/unit/rules/kit.h"

static const uint8_t policy_sha256[32] = { 0xab };

static struct sl_render render_of(const struct kit *k, const struct sl_publication *p)
{
	return (struct sl_render){
		.view = &k->setup.view,
		.plans = k->plans,
		.nplans = k->setup.nplans,
		.publication = p,
		.rules = &k->setup.rules,
		.enclave = "demo",
		.project = "liver",
		.purpose = "to test",
		.request = "R-1",
		.context = "for the report",
		.policy_serial = 3,
		.policy_sha256 = policy_sha256,
		.tables = "{\"study.visits\": \"sha256:cd\"}",
	};
}

static struct kit *regions(void)
{
	struct kit *k = kit_new();

	(void)kit_add(k, 40, 0, 0);
	(void)kit_add(k, 5, 1, 0);
	(void)kit_add(k, 30, 2, 0);
	(void)kit_add(k, 60, 3, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_PRICE, 0);
	kit_calc_difference(&k->plans[0], "zero", 0, 0);
	return k;
}

static void assert_csv(const struct sl_render *r, uint32_t i, const char *expected)
{
	struct sl_buf out = { 0 };
	struct sl_err err = { 0 };

	if (sl_render_csv(r, i, &out, &err) != SL_OK)
		fail_msg("%s", err.text);
	assert_string_equal(sl_buf_cstr(&out), expected);
	sl_buf_free(&out);
}

static void test_render_csv_is_canonical(void **state)
{
	struct kit *k = regions();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);

	(void)state;
	assert_csv(&r, 0,
	           "region,persons,mean,zero\n"
	           "A,40,11.3650,0\n"
	           "B,[c],[c],[c]\n"
	           "C,30,11.0150,0\n"
	           "D,60,12.0650,0\n");
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void order(struct sl_plan *plan, uint16_t column, uint8_t descending, uint32_t limit)
{
	plan->order = calloc(1, sizeof *plan->order);
	plan->order[0] = (struct sl_order){ column, descending };
	plan->norder = 1;
	plan->limit = limit;
}

static void test_render_order_puts_hidden_last_either_way_and_limit_cuts(void **state)
{
	static const struct {
		uint16_t column;
		uint8_t descending;
		uint32_t limit;
		const char *regions;
	} cases[] = {
		{ 1, 0, 0, "CADB" }, { 1, 1, 0, "DACB" }, { 1, 1, 2, "DA" }, { 0, 1, 0, "DCBA" }, { 0, 0, 3, "ABC" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = regions();
		order(&k->plans[0], cases[i].column, cases[i].descending, cases[i].limit);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		struct sl_render r = render_of(k, &p);
		struct sl_buf out = { 0 };
		char seen[8] = "";
		size_t n = 0;
		assert_int_equal(sl_render_csv(&r, 0, &out, NULL), SL_OK);
		for (const char *line = strchr(sl_buf_cstr(&out), '\n'); line[1] != '\0'; line = strchr(line + 1, '\n'))
			seen[n++] = line[1];
		assert_string_equal(seen, cases[i].regions);
		sl_buf_free(&out);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void relabel(struct sl_column *c, uint32_t i, const char *label)
{
	free(c->labels[i].text);
	c->labels[i].text = strdup(label);
}

static void test_render_csv_quotes_only_where_needed(void **state)
{
	struct kit *k = kit_new();
	struct sl_column *c = &k->setup.view.tables[0].columns[KIT_REGION];

	(void)state;
	relabel(c, 0, "north, \"upper\"");
	relabel(c, 1, " padded");
	relabel(c, 2, "女");
	k->setup.rules.zeros_show = 1;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);
	assert_csv(&r, 0, "region,n,mean\n\"north, \"\"upper\"\"\",0,\n\" padded\",0,\n女,0,\nD,0,\n");
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_render_csv_without_keys_has_one_row(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	(void)kit_add(k, 12, 0, 0);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);
	assert_csv(&r, 0, "persons\n12\n");
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/*
 * The same two numbers hidden in the same row: once because the sum is dominated and the count goes with it, once
 * because the count is small and the sum goes with it.
 */
static struct kit *hidden_pair(bool sum_is_primary)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 40, 0, 0);

	if (sum_is_primary)
		row[0].value[KIT_AMOUNT] = 1000000;
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "over", SL_STAT_COUNT_IF, KIT_AMOUNT, 0);
	if (!sum_is_primary)
		for (uint32_t i = 0; i < 3; i++)
			row[i].value[KIT_AMOUNT] = -1;
	return k;
}

static void test_render_which_hidden_cell_was_the_cause_does_not_show(void **state)
{
	struct sl_buf bundles[2] = { { 0 }, { 0 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct kit *k = hidden_pair(i == 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		struct sl_render r = render_of(k, &p);
		struct sl_render_file file = { { 7 }, 12 };
		bool primary = false;
		for (uint32_t f = 0; f < p.nfindings; f++)
			primary = primary ||
			          (p.findings[f].rule == SL_RULE_LINKED && p.findings[f].stat == (i == 0 ? 2 : 1));
		assert_true(primary);
		assert_int_equal(sl_render_csv(&r, 0, &bundles[i], NULL), SL_OK);
		assert_int_equal(sl_render_datapackage(&r, &file, &bundles[i], NULL), SL_OK);
		assert_int_equal(sl_render_sdc_record(&r, &bundles[i], NULL), SL_OK);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
	assert_string_equal(sl_buf_cstr(&bundles[0]), sl_buf_cstr(&bundles[1]));
	sl_buf_free(&bundles[0]);
	sl_buf_free(&bundles[1]);
}

static json_t *rendered(enum sl_rc rc, struct sl_buf *out)
{
	json_error_t e;

	assert_int_equal(rc, SL_OK);
	assert_int_equal(out->data[out->len - 1], '\n');
	json_t *root = json_loadb((const char *)out->data, out->len, JSON_REJECT_DUPLICATES, &e);
	assert_non_null(root);
	return root;
}

/* limit -1: not looked at. A confidential parameter is "set", and nothing else of it is there. */
static void assert_rule(const json_t *root, enum sl_rule rule, bool on, bool applied, int limit)
{
	const struct sl_rule_row *row = &sl_rules_table[rule];
	const json_t *o = json_array_get(json_object_get(root, "rules"), (size_t)rule - 1);

	assert_string_equal(json_string_value(json_object_get(o, "rule")), row->id);
	assert_int_equal(json_is_true(json_object_get(o, "on")), on);
	assert_int_equal(json_is_true(json_object_get(o, "applied")), applied);
	assert_int_equal(json_object_get(o, "parameters") != NULL, on && row->confidential);
	if (row->confidential)
		assert_null(json_object_get(o, "limit"));
	if (limit >= 0)
		assert_int_equal(json_integer_value(json_object_get(o, "limit")), limit);
}

/* What was done to the numbers: nothing but hiding, or how they were rounded, to what, and by which version of it. */
static void test_render_record_says_how_numbers_were_rounded(void **state)
{
	static const struct {
		enum sl_transform transform;
		uint32_t base;
		const char *kind;
	} of[] = { { SL_TRANSFORM_NONE, 0, "suppress" }, { SL_TRANSFORM_ROUND, 5, "round" },
		   { SL_TRANSFORM_MIDPOINT, 6, "midpoint" },      { SL_TRANSFORM_RANDOM, 3, "random" } };

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
		struct kit *k = regions();
		k->setup.rules.transform = (uint8_t)of[i].transform;
		k->setup.rules.transform_base = of[i].base;
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		struct sl_render r = render_of(k, &p);
		struct sl_buf out = { 0 };
		json_t *root = rendered(sl_render_sdc_record(&r, &out, NULL), &out);
		const json_t *t = json_object_get(root, "transformation");
		assert_string_equal(json_string_value(json_object_get(t, "kind")), of[i].kind);
		assert_string_equal(json_string_value(json_object_get(t, "marker")), "[c]");
		assert_int_equal(json_integer_value(json_object_get(t, "base")), of[i].base);
		assert_int_equal(json_integer_value(json_object_get(t, "version")), i > 0);
		assert_int_equal(json_is_string(json_object_get(t, "totals")), i > 0);
		assert_rule(root, SL_RULE_ROUNDING, i > 0, i > 0, -1);
		json_decref(root);
		sl_buf_free(&out);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_render_record_names_rules_but_not_their_parameters(void **state)
{
	static const char *const secret[] = { "90",    "10000",      "percent",     "evidence",
		                              "units", "population", "contributors" };
	struct kit *k = regions();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);
	struct sl_buf out = { 0 };

	(void)state;
	json_t *root = rendered(sl_render_sdc_record(&r, &out, NULL), &out);
	for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++) {
		char *text = strdup(sl_buf_cstr(&out)), *name;
		while ((name = strstr(text, "p-percent")) != NULL)
			memset(name, ' ', 9); /* the rule's own name may stand there */
		if (strstr(text, secret[i]) != NULL)
			fail_msg("the record says %s", secret[i]);
		free(text);
	}
	assert_int_equal(json_integer_value(json_object_get(root, "threshold")), 10);
	assert_int_equal(json_integer_value(json_object_get(root, "suppressed")), 3);
	assert_string_equal(json_string_value(json_object_get(root, "secondary")), "within the request");
	assert_int_equal(json_array_size(json_object_get(root, "rules")), SL_RULE_COUNT_ - 1);
	for (enum sl_rule rule = SL_RULE_NONE + 1; rule < SL_RULE_COUNT_; rule++) {
		bool none = rule == SL_RULE_EXTREMES || rule == SL_RULE_QUANTILE || rule == SL_RULE_QUANTILE_VALUE ||
		            rule == SL_RULE_DEGREES_OF_FREEDOM || rule == SL_RULE_REGRESSOR || rule == SL_RULE_LEVERAGE;
		bool on = rule != SL_RULE_ROUNDING;
		assert_rule(root, rule, on, on && !none, rule == SL_RULE_DEGREES_OF_FREEDOM ? 10 : -1);
	}
	assert_rule(root, SL_RULE_THRESHOLD, true, true, 10);
	assert_string_equal(json_string_value(json_object_get(root, "program")), "sluice " SL_VERSION);
	assert_string_equal(json_string_value(json_object_get(root, "history")), SL_HISTORY_TEXT);
	json_t *policy = json_object_get(root, "policy");
	assert_int_equal(json_integer_value(json_object_get(policy, "serial")), 3);
	assert_memory_equal(json_string_value(json_object_get(policy, "hash")), "sha256:ab00", 11);
	assert_string_equal(json_string_value(json_object_get(json_object_get(root, "tables"), "study.visits")),
	                    "sha256:cd");
	json_decref(root);
	sl_buf_reset(&out);
	k->setup.rules.p_percent = 0;
	k->setup.rules.within_group = 1;
	root = rendered(sl_render_sdc_record(&r, &out, NULL), &out);
	assert_rule(root, SL_RULE_P_PERCENT, false, false, -1);
	assert_rule(root, SL_RULE_WITHIN_GROUP, false, false, -1);
	assert_rule(root, SL_RULE_DOMINANCE, true, true, -1);
	json_decref(root);
	sl_buf_free(&out);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* What was not proved is said, and that a person accepted it. */
static void test_render_record_says_where_there_is_no_proof(void **state)
{
	struct kit *k = regions();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);
	struct sl_finding *findings = realloc(p.findings, (p.nfindings + 1) * sizeof *findings);
	struct sl_buf out = { 0 };

	(void)state;
	assert_non_null(findings);
	p.findings = findings;
	p.findings[p.nfindings++] = (struct sl_finding){
		.rule = SL_RULE_DEPTH, .severity = SL_SEVERITY_REVIEW, .stat = SL_FINDING_WHOLE, .cell = SL_FINDING_WHOLE,
		.other_cell = SL_FINDING_WHOLE };
	json_t *root = rendered(sl_render_sdc_record(&r, &out, NULL), &out);
	assert_string_equal(json_string_value(json_object_get(root, "history")), SL_HISTORY_UNPROVED_TEXT);
	json_decref(root);
	sl_buf_free(&out);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_render_datapackage_describes_the_files(void **state)
{
	struct kit *k = regions();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);
	struct sl_render_file file = { { 0xAB }, 77 };
	struct sl_buf out = { 0 };

	(void)state;
	json_t *root = rendered(sl_render_datapackage(&r, &file, &out, NULL), &out);
	json_t *resource = json_array_get(json_object_get(root, "resources"), 0);
	json_t *fields = json_object_get(json_object_get(resource, "schema"), "fields");
	assert_string_equal(json_string_value(json_object_get(root, "name")), "r-1");
	assert_string_equal(json_string_value(json_object_get(resource, "path")), "data/out0.csv");
	assert_int_equal(json_integer_value(json_object_get(resource, "bytes")), 77);
	assert_memory_equal(json_string_value(json_object_get(resource, "hash")), "sha256:ab00", 11);
	assert_int_equal(json_array_size(fields), 4);
	assert_string_equal(json_string_value(json_object_get(json_array_get(fields, 0), "title")), "region");
	assert_string_equal(json_string_value(json_object_get(json_array_get(fields, 2), "type")), "number");
	assert_string_equal(json_string_value(json_object_get(json_array_get(fields, 1), "description")), "described");
	json_t *known = json_object_get(json_array_get(fields, 2), "sluice");
	assert_string_equal(json_string_value(json_object_get(known, "measured_in")), "EUR");
	assert_string_equal(json_string_value(json_object_get(known, "of")), "rows that have a value");
	known = json_object_get(json_object_get(resource, "sluice"), "periods");
	assert_string_equal(json_string_value(json_object_get(known, "study.visits")), "2010 to 2019");
	json_decref(root);
	sl_buf_free(&out);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_render_findings_are_words(void **state)
{
	struct kit *k = regions();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);
	struct sl_finding_text *texts;
	struct sl_err err = { 0 };
	uint32_t n;

	(void)state;
	assert_int_equal(sl_render_findings(&r, &texts, &n, &err), SL_OK);
	assert_int_equal(n, 1);
	assert_string_equal(texts[0].rule, "threshold");
	assert_string_equal(texts[0].acro, "MinimumThresholdCheck");
	assert_string_equal(texts[0].severity, "suppress");
	assert_string_equal(texts[0].output, "out0");
	assert_string_equal(texts[0].column, "");
	assert_string_equal(texts[0].cell, "region B");
	assert_string_equal(texts[0].measure, "5 units, must be at least 10");
	sl_render_findings_free(texts, n);
	/* Beside history a number of many is kept as well, where a rule hid it: what speaks against it is no limit. */
	p.findings[0].rule = SL_RULE_HISTORY;
	assert_int_equal(sl_render_findings(&r, &texts, &n, &err), SL_OK);
	assert_string_equal(texts[0].measure, "5 units, must be at least 10");
	sl_render_findings_free(texts, n);
	p.findings[0].measured = 110;
	assert_int_equal(sl_render_findings(&r, &texts, &n, &err), SL_OK);
	assert_string_equal(texts[0].measure, "110 units, in a number that a rule hid");
	sl_render_findings_free(texts, n);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	k = hidden_pair(true);
	p = kit_check(k, SL_RULE_NONE);
	r = render_of(k, &p);
	assert_int_equal(sl_render_findings(&r, &texts, &n, &err), SL_OK);
	assert_string_equal(texts[0].cell, "the only row");
	assert_string_equal(texts[0].column, "total");
	assert_string_equal(texts[0].measure, "99.548 %, must be less than 90 %");
	sl_render_findings_free(texts, n);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_render_publication_of_another_shape_is_refused(void **state)
{
	struct kit *k = regions();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);
	struct sl_render_file file = { { 0 }, 0 };
	struct sl_finding_text *texts;
	struct sl_buf out = { 0 };
	uint32_t n;

	(void)state;
	p.outputs[0].cells[5].value = 3; /* a hidden cell that carries a value */
	p.outputs[0].cells[5].shown = 0;
	assert_int_equal(sl_render_csv(&r, 0, &out, NULL), SL_E_INPUT);
	assert_int_equal(sl_render_datapackage(&r, &file, &out, NULL), SL_E_INPUT);
	assert_int_equal(sl_render_sdc_record(&r, &out, NULL), SL_E_INPUT);
	assert_int_equal(sl_render_findings(&r, &texts, &n, NULL), SL_E_INPUT);
	assert_int_equal(out.len, 0);
	p.outputs[0].cells[5].value = 0;
	assert_int_equal(sl_render_csv(&r, 1, &out, NULL), SL_E_INPUT);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static enum sl_rc render_all(const struct sl_render *r, struct sl_buf *out)
{
	struct sl_render_file file = { { 0 }, 0 };
	struct sl_finding_text *texts;
	uint32_t n;
	enum sl_rc rc = sl_render_csv(r, 0, out, NULL);

	if (rc == SL_OK)
		rc = sl_render_datapackage(r, &file, out, NULL);
	if (rc == SL_OK)
		rc = sl_render_sdc_record(r, out, NULL);
	if (rc == SL_OK) {
		rc = sl_render_findings(r, &texts, &n, NULL);
		if (rc == SL_OK)
			sl_render_findings_free(texts, n);
	}
	return rc;
}

static void test_render_each_allocation_that_fails_is_told(void **state)
{
	struct kit *k = regions();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_render r = render_of(k, &p);
	struct sl_buf whole = { 0 }, out = { 0 };
	bool reached = true;

	(void)state;
	order(&k->plans[0], 1, 0, 0);
	assert_int_equal(render_all(&r, &whole), SL_OK);
	for (unsigned long n = 1; reached && n < 100000; n++) {
		sl_buf_free(&out);
		faults_at(n);
		enum sl_rc rc = render_all(&r, &out);
		reached = failing_reached();
		faults_at(0);
		assert_true(reached ? rc == SL_E_NOMEM || rc == SL_E_LIMIT : rc == SL_OK);
	}
	assert_false(reached);
	assert_string_equal(sl_buf_cstr(&out), sl_buf_cstr(&whole));
	sl_buf_free(&out);
	sl_buf_free(&whole);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static bool sdc_record_has(const struct sl_render *r, const char *words)
{
	struct sl_buf out = { 0 };

	assert_int_equal(sl_render_sdc_record(r, &out, NULL), SL_OK);
	bool has = strstr(sl_buf_cstr(&out), words) != NULL;
	sl_buf_free(&out);
	return has;
}

/* The work that policy allows ran out: whoever reviews it, and whoever reads the record, is told what was done. */
static void test_render_says_where_whole_lines_were_hidden(void **state)
{
	struct kit *k = regions();
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	const struct sl_render r = render_of(k, &p);

	(void)state;
	for (uint32_t spent = 0; spent < 2; spent++)
		for (uint32_t refused = 0; refused < 2; refused++) {
			struct sl_finding_text *texts = NULL;
			uint32_t n = 0;
			p.findings[0].rule = refused ? SL_RULE_MARGINS : SL_RULE_SECONDARY;
			p.findings[0].limit = spent ? 2000 : 0;
			assert_int_equal(sl_render_findings(&r, &texts, &n, NULL), SL_OK);
			assert_int_equal(strstr(texts[0].reason, "limits.secondary_work") != NULL, spent);
			assert_int_equal(strstr(texts[0].remedy, "secondary_work") != NULL, spent);
			assert_int_equal(sdc_record_has(&r, "within the request, by whole lines"), spent && !refused);
			assert_true(sdc_record_has(&r, "within the request"));
			sl_render_findings_free(texts, n);
		}
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_render_csv_is_canonical),
		cmocka_unit_test(test_render_order_puts_hidden_last_either_way_and_limit_cuts),
		cmocka_unit_test(test_render_csv_quotes_only_where_needed),
		cmocka_unit_test(test_render_csv_without_keys_has_one_row),
		cmocka_unit_test(test_render_which_hidden_cell_was_the_cause_does_not_show),
		cmocka_unit_test(test_render_record_says_how_numbers_were_rounded),
		cmocka_unit_test(test_render_record_names_rules_but_not_their_parameters),
		cmocka_unit_test(test_render_record_says_where_there_is_no_proof),
		cmocka_unit_test(test_render_datapackage_describes_the_files),
		cmocka_unit_test(test_render_findings_are_words),
		cmocka_unit_test(test_render_publication_of_another_shape_is_refused),
		cmocka_unit_test(test_render_each_allocation_that_fails_is_told),
		cmocka_unit_test(test_render_says_where_whole_lines_were_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
