/* test_catalogue_faults.c - each way a catalogue can be wrong is told with its line and column. */
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

static const struct fault faults[] = {
	{
		"enum_number_and_its_text",
		"\"enum\": [0, 1, 2]",
		"\"enum\": [0, 1, \"1\"]",
		"52:43: resources[1].schema.fields[3].constraints.enum[2]: \"1\" twice",
	},
	{
		"not_json",
		"\"name\": \"study\",",
		"\"name\": \"study\" \"x\",",
		"2:21: not JSON: '}' expected near '\"x\"'",
	},
	{
		"key_twice",
		"\"name\": \"study\",",
		"\"name\": \"study\", \"name\": \"b\",",
		"2:25: not JSON: duplicate object key near '\"name\"'",
	},
	{
		"null_character",
		"\"A study of the liver\"",
		"\"A study\\u0000\"",
		"3:26: not JSON: \\\\u0000 is not allowed without JSON_ALLOW_NUL near '\"A study\\\\u0000\"'",
	},
	{
		"control_character",
		"\"A study of the liver\"",
		"\"A study\\u0007\"",
		"3:12: title: holds a control or invisible character",
	},
	{
		"bidi_override",
		"\"A study of the liver\"",
		"\"A \\u202e study\"",
		"3:12: title: holds a control or invisible character",
	},
	{
		"dataset_not_a_name",
		"\"name\": \"study\",",
		"\"name\": \"my study\",",
		"2:11: name: \"my study\" is not a name (letters, digits, _ and -, at most 64 bytes)",
	},
	{
		"unknown_package_key",
		"\"title\": \"A study",
		"\"titel\": \"A study",
		"3:3: unknown key \"titel\" (did you mean \"title\"?)",
	},
	{
		"resources_no_array",
		"\"licenses\": [{\"name\": \"LGPL-2.0-or-later\"}],\n  \"resources\": [",
		"\"licenses\": [], \"resources\": {}, \"keywords\": [",
		"4:32: resources: expected an array, found an object",
	},
	{
		"unknown_resource_key",
		"\"encoding\": \"utf-8\"",
		"\"encodng\": \"utf-8\"",
		"10:7: resources[0]: unknown key \"encodng\" (did you mean \"encoding\"?)",
	},
	{
		"encoding_latin",
		"\"encoding\": \"utf-8\"",
		"\"encoding\": \"latin1\"",
		"10:19: resources[0].encoding: \"latin1\" is none of utf-8, UTF-8, utf8",
	},
	{
		"path_up",
		"\"path\": \"persons.csv.gz\"",
		"\"path\": \"../persons.csv.gz\"",
		"8:15: resources[0].path: a path is relative to the catalogue and stays below its folder",
	},
	{
		"path_absolute",
		"\"path\": \"persons.csv.gz\"",
		"\"path\": \"/persons.csv.gz\"",
		"8:15: resources[0].path: a path is relative to the catalogue and stays below its folder",
	},
	{
		"path_url",
		"\"path\": \"persons.csv.gz\"",
		"\"path\": \"http://x/persons.csv\"",
		"8:15: resources[0].path: a path is relative to the catalogue and stays below its folder",
	},
	{
		"path_inside_up",
		"\"path\": \"persons.csv.gz\"",
		"\"path\": \"a/../persons.csv\"",
		"8:15: resources[0].path: a path is relative to the catalogue and stays below its folder",
	},
	{
		"path_other_ending",
		"\"path\": \"persons.csv.gz\"",
		"\"path\": \"persons.xlsx\"",
		"8:15: resources[0].path: a path ends in .csv or .csv.gz",
	},
	{
		"path_missing",
		"\"path\": \"persons.csv.gz\",\n",
		"\n",
		"6:5: resources[0]: missing key \"path\"",
	},
	{
		"delimiter_unknown",
		"{\"delimiter\": \",\"}",
		"{\"delimiter\": \"x\"}",
		"11:32: resources[0].dialect.delimiter: a delimiter is one of \",\" \";\" \"\\t\" \"|\"",
	},
	{
		"dialect_header_off",
		"{\"delimiter\": \",\"}",
		"{\"header\": false}",
		"11:29: resources[0].dialect.header: must be true: the first line names the columns",
	},
	{
		"dialect_unknown",
		"{\"delimiter\": \",\"}",
		"{\"commentChar\": \"#\"}",
		"11:19: resources[0].dialect: unknown key \"commentChar\"",
	},
	{
		"public_no_array",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": {}",
		"16:45: resources[0].sluice.public: expected an array, found an object",
	},
	{
		"public_no_by",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": [{\"name\": \"x\"}]",
		"16:46: resources[0].sluice.public[0]: missing key \"by\"",
	},
	{
		"public_unknown_key",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": [{\"by\": [], \"nam\": \"x\"}]",
		"16:57: resources[0].sluice.public[0]: unknown key \"nam\" (did you mean \"name\"?)",
	},
	{
		"public_unknown_column",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": [{\"by\": [\"agee\"]}]",
		"16:54: resources[0].sluice.public[0].by[0]: no field \"agee\" (did you mean \"age\"?)",
	},
	{
		"public_no_text",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": [{\"by\": [1]}]",
		"16:54: resources[0].sluice.public[0].by[0]: expected the name of a column",
	},
	{
		"public_unit",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": [{\"by\": [\"person_id\"]}]",
		"16:54: resources[0].sluice.public[0].by[0]: \"person_id\" makes no groups: it has no enum, bands or reference table",
	},
	{
		"public_free_text",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": [{\"by\": [\"note\"]}]",
		"16:54: resources[0].sluice.public[0].by[0]: \"note\" makes no groups: it has no enum, bands or reference table",
	},
	{
		"public_column_twice",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": [{\"by\": [\"age\", \"age\"]}]",
		"16:61: resources[0].sluice.public[0].by[1]: \"age\" twice",
	},
	{
		"public_name_twice",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": true, \"public\": [{\"by\": []}, {\"by\": [\"age\"], \"name\": \"total\"}]",
		"16:58: resources[0].sluice.public[1]: public total \"total\" twice",
	},
	{
		"public_reference",
		"\"reference\": {\"key\"",
		"\"public\": [], \"reference\": {\"key\"",
		"60:54: resources[2].sluice.public: is not said of a reference table",
	},
	{
		"period_type",
		"\"period\": \"1997 to 2017\",\n",
		"\"period\": 1997,\n",
		"12:28: resources[0].sluice.period: expected a string, found a number",
	},
	{
		"rhythm_in_words",
		"\"period\": \"1997 to 2017\",\n",
		"\"period\": \"1997 to 2017\", \"rhythm\": \"daily\",\n",
		"12:54: resources[0].sluice.rhythm: a rhythm is P, a number from 1 to 999, and D, W, M or Y: \"P3M\"",
	},
	{
		"rhythm_of_a_reference_table",
		"\"reference\": {\"key\": \"code\", \"label\": \"name\"}",
		"\"reference\": {\"key\": \"code\", \"label\": \"name\"}, \"rhythm\": \"P1Y\"",
		"60:101: resources[2].sluice.rhythm: a reference table has no versions that could be late",
	},
	{
		"measured_in_empty",
		"\"measured_in\": \"kg/m2\"",
		"\"measured_in\": \"\"",
		"30:149: resources[0].schema.fields[3].sluice.measured_in: must not be empty",
	},
	{
		"class_near",
		"\"class\": \"confidential\",\n",
		"\"class\": \"confidental\",\n",
		"14:18: resources[0].sluice.class: \"confidental\" is none of open, on_application, confidential (did y"
		"ou mean \"confidential\"?)",
	},
	{
		"owner_missing",
		"\"owner\": \"clinic\",\n        \"class\"",
		"\"class\"",
		"12:17: resources[0].sluice: missing key \"owner\"",
	},
	{
		"unit_missing",
		"\"unit\": {\"column\": \"person_id\", \"space\": \"person\"},\n",
		"\n",
		"12:17: resources[0].sluice: needs either \"unit\" (whom a row is about) or, for an open table without "
		"people, \"reference\"",
	},
	{
		"unit_column_unknown",
		"\"unit\": {\"column\": \"person_id\", \"space\": \"person\"},\n",
		"\"unit\": {\"column\": \"person_i\", \"space\": \"person\"},\n",
		"21:9: resources[0].schema.fields: no field \"person_i\", which is the unit column (did you mean "
	        "\"perso"
		"n_id\"?)",
	},
	{
		"unit_key_unknown",
		"\"unit\": {\"column\": \"person_id\", \"space\": \"person\"},\n",
		"\"unit\": {\"column\": \"person_id\", \"spaces\": \"person\"},\n",
		"15:41: resources[0].sluice.unit: unknown key \"spaces\" (did you mean \"space\"?)",
	},
	{
		"unit_with_uses",
		"{\"level\": 4}",
		"{\"level\": 4, \"uses\": [\"group\"]}",
		"22:129: resources[0].schema.fields[0].sluice.uses: the unit column is only ever counted and joined o"
		"n; it has no uses",
	},
	{
		"one_row_no_boolean",
		"\"one_row_per_unit\": true",
		"\"one_row_per_unit\": \"yes\"",
		"16:29: resources[0].sluice.one_row_per_unit: expected true or false, found a string",
	},
	{
		"level_five",
		"{\"level\": 4}",
		"{\"level\": 5}",
		"22:126: resources[0].schema.fields[0].sluice.level: 5 is not between 1 and 4",
	},
	{
		"sluice_key_unknown",
		"\"level\": 2, \"bands\"",
		"\"levl\": 2, \"bands\"",
		"25:52: resources[0].schema.fields[1].sluice: unknown key \"levl\" (did you mean \"level\"?)",
	},
	{
		"use_unknown",
		"{\"uses\": [\"group\", \"filter\"], \"level\": 2, \"bands\"",
		"{\"uses\": [\"group\", \"fliter\"], \"level\": 2, \"bands\"",
		"25:41: resources[0].schema.fields[1].sluice.uses[1]: \"fliter\" is none of group, filter, measure (did"
		" you mean \"filter\"?)",
	},
	{
		"use_twice",
		"{\"uses\": [\"group\", \"filter\"], \"level\": 2, \"bands\"",
		"{\"uses\": [\"group\", \"group\"], \"level\": 2, \"bands\"",
		"25:41: resources[0].schema.fields[1].sluice.uses[1]: \"group\" twice",
	},
	{
		"bands_fall",
		"[18, 40, 65]",
		"[18, 65, 40]",
		"25:82: resources[0].schema.fields[1].sluice.bands[2]: cut points rise",
	},
	{
		"bands_text",
		"[18, 40, 65]",
		"[18, \"40\", 65]",
		"25:78: resources[0].schema.fields[1].sluice.bands[1]: expected a number, found a string",
	},
	{
		"bands_empty",
		"[18, 40, 65]",
		"[]",
		"25:73: resources[0].schema.fields[1].sluice.bands: is empty",
	},
	{
		"bands_overlap",
		"[18, 40, 65]",
		"[{\"from\": 18, \"to\": 40}, {\"from\": 40}]",
		"25:98: resources[0].schema.fields[1].sluice.bands[1]: bands rise and do not overlap",
	},
	{
		"bands_fraction_of_integer",
		"[18, 40, 65]",
		"[18.5, 40]",
		"25:74: resources[0].schema.fields[1].sluice.bands[0]: has more than 0 decimals",
	},
	{
		"bands_label_of_ours",
		"[18, 40, 65]",
		"[{\"from\": 18, \"label\": \"(other)\"}]",
		"25:64: resources[0].schema.fields[1].sluice.bands: \"(other)\" is a label of ours",
	},
	{
		"bands_label_like_what_is_hidden",
		"[18, 40, 65]",
		"[{\"from\": 18, \"label\": \"[c]\"}]",
		"25:64: resources[0].schema.fields[1].sluice.bands: \"[c]\" is a label of ours",
	},
	{
		"bands_label_twice",
		"[18, 40, 65]",
		"[{\"from\": 18, \"to\": 19, \"label\": \"x\"}, {\"from\": 20, \"label\": \"x\"}]",
		"25:64: resources[0].schema.fields[1].sluice.bands: label \"x\" twice",
	},
	{
		"bands_on_boolean",
		"\"labels\": {\"false\": \"female\", \"true\": \"male\"}",
		"\"bands\": [1]",
		"28:64: resources[0].schema.fields[2].sluice.bands: only numbers and dates have bands",
	},
	{
		"minimum_above_maximum",
		"\"minimum\": 18",
		"\"minimum\": 18, \"maximum\": 3",
		"24:12: resources[0].schema.fields[1].constraints: the minimum is above the maximum",
	},
	{
		"minimum_on_text",
		"\"constraints\": {\"required\": true, \"enum\": [\"nafld\"",
		"\"constraints\": {\"minimum\": 1, \"enum\": [\"nafld\"",
		"49:28: resources[1].schema.fields[2].constraints.minimum: only numbers and dates have one",
	},
	{
		"constraint_unknown",
		"\"minimum\": 18",
		"\"minimun\": 18",
		"24:46: resources[0].schema.fields[1].constraints: unknown key \"minimun\" (did you mean \"minimum\"?)",
	},
	{
		"scale_missing",
		"\"sensitive\": true, \"scale\": 2,",
		"\"sensitive\": true,",
		"29:11: resources[0].schema.fields[3]: a number needs \"sluice\": {\"scale\": decimals}",
	},
	{
		"scale_too_large",
		"\"scale\": 2",
		"\"scale\": 10",
		"30:103: resources[0].schema.fields[3].sluice.scale: 10 is not between 0 and 9",
	},
	{
		"scale_on_integer",
		"\"sluice\": {\"uses\": [\"measure\", \"filter\"], \"level\": 3}",
		"\"sluice\": {\"uses\": [\"measure\"], \"scale\": 1}",
		"47:107: resources[1].schema.fields[1].sluice.scale: only a number has a scale",
	},
	{
		"group_without_domain",
		"\"sluice\": {\"uses\": [\"measure\", \"filter\"], \"level\": 3}",
		"\"sluice\": {\"uses\": [\"group\"]}",
		"47:11: resources[1].schema.fields[1]: \"group\" needs a finite domain: constraints.enum, sluice.domain"
		" or sluice.bands",
	},
	{
		"measure_on_text",
		"\"sluice\": {\"uses\": [\"group\", \"filter\"], \"level\": 3, \"sensitive\": false",
		"\"sluice\": {\"uses\": [\"measure\"], \"level\": 3, \"sensitive\": false",
		"48:11: resources[1].schema.fields[2]: \"measure\" needs an integer or number without an enum",
	},
	{
		"text_without_domain",
		"\"title\": \"Free text\"",
		"\"title\": \"Free text\", \"sluice\": {\"uses\": [\"filter\"]}",
		"35:11: resources[0].schema.fields[6]: text needs a domain to be used: constraints.enum, or sluice.do"
		"main",
	},
	{
		"measure_on_coded",
		"\"sluice\": {\"uses\": [\"group\"], \"structural_zero\": true}",
		"\"sluice\": {\"uses\": [\"measure\"]}",
		"51:11: resources[1].schema.fields[3]: \"measure\" needs an integer or number without an enum",
	},
	{
		"enum_twice",
		"[\"nafld\", \"htn\", \"diabetes\"]",
		"[\"nafld\", \"htn\", \"nafld\"]",
		"49:71: resources[1].schema.fields[2].constraints.enum[2]: \"nafld\" twice",
	},
	{
		"enum_empty",
		"[\"nafld\", \"htn\", \"diabetes\"]",
		"[]",
		"49:54: resources[1].schema.fields[2].constraints.enum: is empty",
	},
	{
		"enum_number_in_text",
		"[\"nafld\", \"htn\", \"diabetes\"]",
		"[\"nafld\", 3]",
		"49:64: resources[1].schema.fields[2].constraints.enum[1]: expected a string, found a number",
	},
	{
		"label_of_nobody",
		"{\"htn\": \"hypertension\"}",
		"{\"hnt\": \"hypertension\"}",
		"50:95: resources[1].schema.fields[2].sluice.labels: unknown key \"hnt\" (did you mean \"htn\"?)",
	},
	{
		"label_like_what_is_hidden",
		"{\"htn\": \"hypertension\"}",
		"{\"htn\": \"[c]\"}",
		"50:84: resources[1].schema.fields[2].sluice.labels: \"[c]\" is a label of ours",
	},
	{
		"label_twice",
		"{\"htn\": \"hypertension\"}",
		"{\"htn\": \"nafld\"}",
		"50:84: resources[1].schema.fields[2].sluice.labels: label \"nafld\" twice",
	},
	{
		"label_on_date",
		"\"bands\": [\"2000-01-01\", \"2010-01-01\"]",
		"\"labels\": {\"a\": \"b\"}",
		"34:43: resources[0].schema.fields[5].sluice.labels: labels need an enum or a boolean",
	},
	{
		"true_without_false",
		"\"trueValues\": [\"1\"], \"falseValues\": [\"0\"]",
		"\"trueValues\": [\"1\"]",
		"26:63: resources[0].schema.fields[2].trueValues: \"trueValues\" and \"falseValues\" go together",
	},
	{
		"true_is_false",
		"\"trueValues\": [\"1\"], \"falseValues\": [\"0\"]",
		"\"trueValues\": [\"1\"], \"falseValues\": [\"1\"]",
		"26:77: resources[0].schema.fields[2].trueValues: true and false are the same text",
	},
	{
		"true_two",
		"\"trueValues\": [\"1\"], \"falseValues\": [\"0\"]",
		"\"trueValues\": [\"1\", \"x\"], \"falseValues\": [\"0\"]",
		"26:77: resources[0].schema.fields[2].trueValues: names exactly one text",
	},
	{
		"date_format_unknown",
		"\"%d/%m/%Y\"",
		"\"%d/%b/%Y\"",
		"33:82: resources[0].schema.fields[5].format: a date format is %Y, %m and %d with - / . or a space be"
		"tween, such as \"%d/%m/%Y\"",
	},
	{
		"date_band_no_date",
		"[\"2000-01-01\", \"2010-01-01\"]",
		"[\"2000-01-01\", \"2010-13-01\"]",
		"34:67: resources[0].schema.fields[5].sluice.bands[1]: expected a date \"YYYY-MM-DD\"",
	},
	{
		"type_unknown",
		"{\"name\": \"days\", \"type\": \"integer\"",
		"{\"name\": \"days\", \"type\": \"int\"",
		"47:36: resources[1].schema.fields[1].type: \"int\" is none of integer, number, string, boolean, date",
	},
	{
		"field_twice",
		"{\"name\": \"days\", \"type\"",
		"{\"name\": \"person_id\", \"type\"",
		"47:91: resources[1].schema.fields[1].sluice.uses: the unit column is only ever counted and joined on"
		"; it has no uses",
	},
	{
		"field_name_missing",
		"{\"name\": \"days\", \"type\"",
		"{\"type\"",
		"47:11: resources[1].schema.fields[1]: missing key \"name\"",
	},
	{
		"resource_twice",
		"\"name\": \"events\"",
		"\"name\": \"persons\"",
		"40:15: resources[1].name: resource \"persons\" twice",
	},
	{
		"domain_unknown",
		"\"domain\": \"study.wards\"",
		"\"domain\": \"study.ward\"",
		"31:11: column \"ward\": its domain \"study.ward\" is no table of this catalogue",
	},
	{
		"domain_no_reference",
		"\"domain\": \"study.wards\"",
		"\"domain\": \"study.events\"",
		"31:11: column \"ward\": its domain \"study.events\" is not a reference table",
	},
	{
		"domain_no_table",
		"\"domain\": \"study.wards\"",
		"\"domain\": \"wards\"",
		"32:62: resources[0].schema.fields[4].sluice.domain: names a table: \"dataset.table\"",
	},
	{
		"other_on_number",
		"\"scale\": 2, \"bands\"",
		"\"scale\": 2, \"other\": true, \"bands\"",
		"30:106: resources[0].schema.fields[3].sluice.other: only a column with an enum or domain has others",
	},
	{
		"reference_not_open",
		"\"class\": \"open\"",
		"\"class\": \"confidential\"",
		"60:62: resources[2].sluice.reference: only a table of class \"open\" is a reference table",
	},
	{
		"reference_key_unknown",
		"{\"key\": \"code\", \"label\": \"name\"}",
		"{\"key\": \"cod\"}",
		"61:18: resources[2].schema.fields: no field \"cod\", which is the key of the reference table (did you "
		"mean \"code\"?)",
	},
	{
		"reference_and_unit",
		"\"reference\": {\"key\": \"code\", \"label\": \"name\"}",
		"\"reference\": {\"key\": \"code\"}, \"unit\": {\"column\": \"code\", \"space\": \"s\"}",
		"60:17: resources[2].sluice: needs either \"unit\" (whom a row is about) or, for an open table without "
		"people, \"reference\"",
	},
	{
		"reference_one_row",
		"\"reference\": {\"key\": \"code\", \"label\": \"name\"}",
		"\"reference\": {\"key\": \"code\"}, \"one_row_per_unit\": true",
		"60:84: resources[2].sluice.one_row_per_unit: a reference table has no units",
	},
	{
		"attribute_with_a_domain",
		"{\"name\": \"name\", \"type\": \"string\"}",
		"{\"name\": \"name\", \"type\": \"string\"}, {\"name\": \"city\", \"type\": \"string\", "
		"\"sluice\": {\"uses\": [\"group\"], \"domain\": \"study.wards\"}}",
		"61:101: column \"city\": an attribute of a reference table has no domain but an enum",
	},
	{
		"missing_values_text",
		"\"missingValues\": [\"\", \"NA\"]",
		"\"missingValues\": \"NA\"",
		"20:26: resources[0].schema.missingValues: expected an array, found a string",
	},
	{
		"fields_empty",
		"\"fields\": [{\"name\": \"code\", \"type\": \"string\"}, {\"name\": \"name\", \"type\": \"string\"}]",
		"\"fields\": []",
		"61:28: resources[2].schema.fields: has no field",
	},
	{
		"schema_missing",
		"\"schema\": {\"fields\": [{\"name\": \"code\"",
		"\"x\": {\"fields\": [{\"name\": \"code\"",
		"61:7: resources[2]: unknown key \"x\"",
	},
};

static void test_catalogue_each_fault_names_its_place(void **state)
{
	char *good = text_of("catalogue/study.json");

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct sl_catalogue cat;
		struct sl_err err = { 0 };
		char *bad = text_with(good, faults[i].from, faults[i].to);
		enum sl_rc rc = sl_catalogue_load("f.json", bad, strlen(bad), &cat, &err);
		assert_fault(&faults[i], rc, &err);
		assert_null(cat.tables);
		free(bad);
	}
	free(good);
}

static void test_catalogue_bytes_that_are_no_text_are_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = { { "", 0 },    { "\0", 1 },    { "\xEF\xBB\xBF{}", 5 }, { "{\"name\": \"\xff\"}", 13 },
		    { "[1]", 3 }, { "{} {}", 5 }, { "\"x\"", 3 } };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct sl_catalogue cat;
		struct sl_err err = { 0 };
		assert_int_equal(sl_catalogue_load("f.json", bad[i].bytes, bad[i].len, &cat, &err), SL_E_INPUT);
		assert_true(err.line >= 1);
	}
}

static void test_catalogue_too_large_is_a_limit(void **state)
{
	char *text = calloc(1, SL_CATALOGUE_BYTES_MAX + 1);
	struct sl_catalogue cat;
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_catalogue_load("f.json", text, SL_CATALOGUE_BYTES_MAX + 1, &cat, &err), SL_E_LIMIT);
	free(text);
}

static void test_catalogue_each_allocation_that_fails_is_told(void **state)
{
	char *good = text_of("catalogue/study.json");
	bool reached = true;
	unsigned long n;

	(void)state;
	for (n = 1; reached && n < 100000; n++) {
		struct sl_catalogue cat;
		struct sl_err err = { 0 };
		faults_at(n);
		enum sl_rc rc = sl_catalogue_load("f.json", good, strlen(good), &cat, &err);
		reached = failing_reached();
		faults_at(0);
		if (rc != (reached ? SL_E_NOMEM : SL_OK))
			fail_msg("allocation %lu: %d %s", n, rc, err.text);
		sl_catalogue_free(&cat);
	}
	assert_false(reached);
	assert_true(n > 100);
	free(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catalogue_each_fault_names_its_place),
		cmocka_unit_test(test_catalogue_bytes_that_are_no_text_are_refused),
		cmocka_unit_test(test_catalogue_too_large_is_a_limit),
		cmocka_unit_test(test_catalogue_each_allocation_that_fails_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
