/* render_record.c - datapackage.json and sdc-record.json of a bundle. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/base/version.h"
#include "policy/check.h"
#include "policy/json/watch.h"
#include "policy/render_rows.h"
#include "policy/rules/gaps.h"
#include "policy/transform.h"

#define EARLIER_TITLE \
	"empty, or the row of an earlier release whose numbers these are: the row itself differs from it by too few units"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* Takes root. NULL root: memory ran out while it was built. */
static enum sl_rc put_json(json_t *root, struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = sl_json_write(root, JSON_INDENT(2) | JSON_SORT_KEYS, out, err);

	json_decref(root);
	sl_buf_text(out, "\n");
	return rc == SL_OK ? sl_buf_ok(out, "a record of the release", err) : rc;
}

static const char *frictionless_type(uint8_t type)
{
	switch (type) {
	case SL_TYPE_INTEGER:
		return "integer";
	case SL_TYPE_REAL:
		return "number";
	case SL_TYPE_BOOLEAN:
		return "boolean";
	case SL_TYPE_DATE:
		return "date";
	default:
		return "string";
	}
}

/* Whose words a description is: the catalogue's are canonical, the author's are marked. */
static json_t *describe(const char *name, const char *type, const char *title, const char *words)
{
	json_t *f = json_pack("{s:s,s:s}", "name", name, "type", type);

	if (f != NULL && or_empty(title)[0] != '\0' && json_object_set_new(f, "title", json_string(title)) != 0)
		goto fail;
	if (f != NULL && or_empty(words)[0] != '\0' &&
	    (json_object_set_new(f, "description", json_string(words)) != 0 ||
	     json_object_set_new(f, "sluice", json_pack("{s:s}", "described_by", "author")) != 0))
		goto fail;
	return f;
fail:
	json_decref(f);
	return NULL;
}

/* What the program knows of a number by itself: what it is measured in, and what it is of. */
static bool put_known(json_t *field, const struct sl_plan *plan, const struct sl_view *view, uint32_t column)
{
	struct sl_buf unit = { 0 }, of = { 0 };
	json_t *known = json_object_get(field, "sluice");
	bool ok = known != NULL || json_object_set_new(field, "sluice", json_object()) == 0;

	known = json_object_get(field, "sluice");
	if (ok && sl_gaps_measured_in(plan, view, column, &unit) && unit.len > 0)
		ok = json_object_set_new(known, "measured_in", json_string(sl_buf_cstr(&unit))) == 0;
	if (ok && sl_gaps_denominator(plan, column, &of) && of.len > 0)
		ok = json_object_set_new(known, "of", json_string(sl_buf_cstr(&of))) == 0;
	ok = ok && !unit.failed && !of.failed;
	sl_buf_free(&unit);
	sl_buf_free(&of);
	return ok;
}

static json_t *describe_fields(const struct sl_render *r, const struct sl_plan *plan)
{
	json_t *fields = json_array();
	bool ok = fields != NULL;

	for (uint32_t k = 0; k < plan->nkeys && ok; k++)
		ok = json_array_append_new(fields, describe(plan->keys[k].name, "string",
		                                            sl_plan_key_column(plan, r->view, k)->title,
		                                            plan->keys[k].description)) == 0;
	for (uint32_t n = 0; n < sl_plan_printed(plan) && ok; n++) {
		uint32_t c = sl_plan_column(plan, n);
		const char *type = frictionless_type(sl_check_column_type(plan, r->view, c).type);
		bool stat = c < plan->nstats;
		const char *name = stat ? plan->stats[c].name : plan->calcs[c - plan->nstats].name;
		const char *words = stat ? plan->stats[c].description : plan->calcs[c - plan->nstats].description;
		ok = json_array_append_new(fields, describe(name, type, "", words)) == 0 &&
		     put_known(json_array_get(fields, plan->nkeys + n), plan, r->view, c);
	}
	if (ok && sl_render_has_earlier(r->rules))
		ok = json_array_append_new(fields, json_pack("{s:s,s:s,s:s}", "name", SL_EARLIER_COLUMN, "type", "string",
		                                             "title", EARLIER_TITLE)) == 0;
	if (ok)
		return fields;
	json_decref(fields);
	return NULL;
}

/* table → what time its rows speak of, as the catalogue says; tables it says nothing of are left out. */
static bool put_periods(json_t *resource, const struct sl_plan *plan, const struct sl_view *view)
{
	json_t *periods = json_object(), *known = json_object_get(resource, "sluice");
	bool ok = periods != NULL;

	for (uint32_t i = 0; i < plan->nsources && ok; i++) {
		const struct sl_table *t = &view->tables[plan->sources[i].table];
		ok = or_empty(t->period)[0] == '\0' || json_object_set_new(periods, t->name, json_string(t->period)) == 0;
	}
	if (ok && known == NULL) {
		ok = json_object_set_new(resource, "sluice", json_object()) == 0;
		known = json_object_get(resource, "sluice");
	}
	if (ok)
		return json_object_set_new(known, "periods", periods) == 0;
	json_decref(periods);
	return false;
}

static json_t *describe_resource(const struct sl_render *r, uint32_t i, const struct sl_render_file *file)
{
	const struct sl_plan *plan = &r->plans[i];
	char path[SL_RENDER_NAME_BYTES], hash[8 + 2 * sizeof file->sha256] = "sha256:";
	json_t *fields = describe_fields(r, plan), *resource;

	sl_render_csv_name(plan, path);
	sl_text_hex(file->sha256, sizeof file->sha256, hash + 7);
	if (fields == NULL)
		return NULL;
	resource = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:{s:s,s:b},s:{s:o,s:[s,s]}}", "name", plan->output,
	                     "path", path, "profile", "tabular-data-resource", "format", "csv", "mediatype", "text/csv",
	                     "encoding", "utf-8", "bytes", (json_int_t)file->bytes, "hash", hash, "dialect",
	                     "delimiter", ",", "header", 1, "schema", "fields", fields, "missingValues", "", SL_MARKER);
	bool ok = resource != NULL &&
	          (or_empty(plan->purpose)[0] == '\0' ||
	           (json_object_set_new(resource, "description", json_string(plan->purpose)) == 0 &&
	            json_object_set_new(resource, "sluice", json_pack("{s:s}", "described_by", "author")) == 0));
	if (!ok || !put_periods(resource, plan, r->view)) {
		json_decref(resource);
		return NULL;
	}
	return resource;
}

enum sl_rc sl_render_datapackage(const struct sl_render *r, const struct sl_render_file *files, struct sl_buf *out,
                                 struct sl_err *err)
{
	json_t *resources;
	char name[64] = "release";
	enum sl_rc rc = sl_render_check(r, err);

	if (rc != SL_OK)
		return rc;
	/* Frictionless names are lower case. */
	for (size_t i = 0; or_empty(r->request)[0] != '\0' && i < sizeof name; i++) {
		char c = i + 1 < sizeof name ? r->request[i] : '\0';
		name[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		if (c == '\0')
			break;
	}
	resources = json_array();
	for (uint32_t i = 0; i < r->nplans && resources != NULL; i++)
		if (json_array_append_new(resources, describe_resource(r, i, &files[i])) != 0) {
			json_decref(resources);
			resources = NULL;
		}
	if (resources == NULL)
		return no_memory(err);
	return put_json(json_pack("{s:s,s:s,s:s,s:o,s:{s:s,s:s,s:s,s:s}}", "name", name, "profile",
	                          "tabular-data-package", "title", or_empty(r->purpose), "resources", resources,
	                          "sluice", "enclave", or_empty(r->enclave), "project", or_empty(r->project), "request",
	                          or_empty(r->request), "suppressed", SL_MARKER),
	                out, err);
}

/* Which rules policy asks for. Their parameters are not told, but for the threshold, which the marker shows anyway. */
static bool is_on(const struct sl_rules *r, enum sl_rule rule)
{
	switch (rule) {
	case SL_RULE_NUMERATOR:
		return r->numerator != 1;
	case SL_RULE_DOMINANCE:
	case SL_RULE_NEGATIVES:
		return r->dominance_n != 0 || r->dominance_k != 0;
	case SL_RULE_P_PERCENT:
		return r->p_percent != 0;
	case SL_RULE_GROUP_DISCLOSURE:
		return r->group_disclosure != 1;
	case SL_RULE_WITHIN_GROUP:
		return r->within_group != 1;
	case SL_RULE_ALL_EQUAL:
		return r->all_equal != 1;
	case SL_RULE_SMALL_COMPLEMENT:
		return r->small_complement != 1;
	case SL_RULE_CONTEXT:
		return r->context != 1;
	case SL_RULE_ROUNDING:
		return sl_transform_is_on(r);
	default:
		return true;
	}
}

/* The limit a rule was asked with, where it is no secret; 0: it has none. */
static uint32_t limit_of(const struct sl_rules *r, enum sl_rule rule)
{
	switch (rule) {
	case SL_RULE_THRESHOLD:
	case SL_RULE_NUMERATOR:
	case SL_RULE_SMALL_COMPLEMENT:
	case SL_RULE_QUANTILE:
	case SL_RULE_QUANTILE_VALUE:
	case SL_RULE_SECONDARY:
	case SL_RULE_HISTORY:
		return r->threshold;
	case SL_RULE_DEGREES_OF_FREEDOM:
		return r->dof;
	default:
		return 0;
	}
}

/*
 * Every rule, also one that policy switched off, or that no output has anything for. What is confidential is told to be
 * set, not to what.
 */
static json_t *tell_rule(const struct sl_render *r, const struct sl_rule_row *row)
{
	static const char *const effects[] = { "refuse", "suppress", "review" };
	bool on = is_on(r->rules, row->rule), concerns = false;
	uint32_t limit = limit_of(r->rules, row->rule);

	for (uint32_t i = 0; i < r->nplans && !concerns; i++)
		concerns = sl_rule_concerns(row, &r->plans[i]);
	json_t *rule = json_pack("{s:s,s:b,s:b,s:s}", "rule", row->id, "on", on, "applied", on && concerns, "effect",
	                         effects[row->severity <= SL_SEVERITY_REVIEW ? row->severity : SL_SEVERITY_REFUSE]);

	if (rule != NULL &&
	    ((row->acro[0] != '\0' && json_object_set_new(rule, "acro", json_string(row->acro)) != 0) ||
	     (on && limit > 0 && json_object_set_new(rule, "limit", json_integer(limit)) != 0) ||
	     (on && row->confidential && json_object_set_new(rule, "parameters", json_string("set")) != 0))) {
		json_decref(rule);
		return NULL;
	}
	return rule;
}

static json_t *list_rules(const struct sl_render *r)
{
	json_t *list = json_array();

	for (uint32_t i = SL_RULE_NONE + 1; i < SL_RULE_COUNT_ && list != NULL; i++)
		if (json_array_append_new(list, tell_rule(r, &sl_rules_table[i])) != 0) {
			json_decref(list);
			list = NULL;
		}
	return list;
}

/* Under which policy, and from which versions of the tables: what makes the same judgement again. */
static bool put_versions(json_t *root, const struct sl_render *r)
{
	json_t *tables = json_loads(or_empty(r->tables)[0] != '\0' ? r->tables : "{}", JSON_REJECT_DUPLICATES, NULL);
	char hash[8 + 2 * 32] = "sha256:";

	sl_text_hex(r->policy_sha256 != NULL ? r->policy_sha256 : (const uint8_t[32]){ 0 }, 32, hash + 7);
	if (root == NULL || tables == NULL) {
		json_decref(tables);
		return false;
	}
	bool ok = json_object_set_new(root, "policy",
	                              json_pack("{s:I,s:s}", "serial", (json_int_t)r->policy_serial, "hash", hash)) == 0;
	return json_object_set_new(root, "tables", tables) == 0 && ok;
}

/* What was done to the numbers that are shown: enough to read them rightly. */
static json_t *tell_transformation(const struct sl_rules *rules)
{
	if (!sl_transform_is_on(rules))
		return json_pack("{s:s,s:s}", "kind", "suppress", "marker", SL_MARKER);
	return json_pack("{s:s,s:s,s:I,s:i,s:s,s:s}", "kind", sl_transform_name(rules), "marker", SL_MARKER, "base",
	                 (json_int_t)rules->transform_base, "version", SL_TRANSFORM_VERSION, "totals",
	                 rules->transform == SL_TRANSFORM_RANDOM ? SL_TOTALS_RANDOM_TEXT : SL_TOTALS_TEXT,
	                 "precision", SL_PRECISION_TEXT);
}

/* How far earlier releases were looked through. What is not proved, a person had to accept. */
const char *sl_render_history(const struct sl_publication *p)
{
	for (uint32_t f = 0; f < p->nfindings; f++)
		if (p->findings[f].rule == SL_RULE_DEPTH)
			return SL_HISTORY_UNPROVED_TEXT;
	return SL_HISTORY_TEXT;
}

/* One that is told again is neither hidden nor new. */
static void count_number(const struct sl_render *r, uint32_t i, uint32_t cell, uint32_t column, json_int_t *hidden,
                         json_int_t *earlier)
{
	bool shown = sl_render_value(r, i, cell, column)->shown != 0;

	*hidden += !shown;
	*earlier += shown && sl_publication_again(r->publication, i, cell) != NULL;
}

static enum sl_rc list_output(const struct sl_render *r, uint32_t i, json_t *list, json_int_t *total,
                              struct sl_err *err)
{
	const struct sl_plan *plan = &r->plans[i];
	uint32_t ncolumns = sl_plan_printed(plan);
	struct sl_render_rows rows;
	char path[SL_RENDER_NAME_BYTES];
	json_int_t hidden = 0, earlier = 0;
	enum sl_rc rc = sl_render_rows_of(r, i, &rows, err);

	if (rc != SL_OK)
		return rc;
	for (uint32_t n = 0; n < rows.nrows; n++)
		for (uint32_t c = 0; c < ncolumns; c++)
			count_number(r, i, rows.cells[n], sl_plan_column(plan, c), &hidden, &earlier);
	free(rows.cells);
	sl_render_csv_name(plan, path);
	*total += hidden;
	json_t *output = json_pack("{s:s,s:s,s:I,s:I,s:I}", "name", plan->output, "path", path, "rows",
	                           (json_int_t)rows.nrows, "values", (json_int_t)rows.nrows * ncolumns, "suppressed", hidden);
	if (output != NULL && sl_render_has_earlier(r->rules) &&
	    json_object_set_new(output, "earlier", json_integer(earlier)) != 0) {
		json_decref(output);
		output = NULL;
	}
	return json_array_append_new(list, output) == 0 ? SL_OK : no_memory(err);
}

enum sl_rc sl_render_sdc_record(const struct sl_render *r, struct sl_buf *out, struct sl_err *err)
{
	json_t *outputs = NULL, *rules = NULL;
	json_int_t total = 0;
	enum sl_rc rc = sl_render_check(r, err);

	if (rc != SL_OK)
		return rc;
	outputs = json_array();
	rules = list_rules(r);
	if (outputs == NULL || rules == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; i < r->nplans && rc == SL_OK; i++)
		rc = list_output(r, i, outputs, &total, err);
	if (rc != SL_OK) {
		json_decref(outputs);
		json_decref(rules);
		return rc;
	}
	json_t *root = json_pack(
		"{s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:I,s:s,s:o,s:o,s:I,s:s,s:s}", "sluice_sdc_record", 1,
		"program", "sluice " SL_VERSION, "enclave", or_empty(r->enclave), "project", or_empty(r->project), "purpose",
		or_empty(r->purpose), "request", or_empty(r->request), "context", or_empty(r->context), "rules", rules, "threshold",
		(json_int_t)r->rules->threshold, "zeros", r->rules->zeros_show == 1 ? "show" : "hide", "transformation",
		tell_transformation(r->rules), "outputs", outputs, "suppressed", total, "secondary",
		sl_render_secondary(r->publication), "history", sl_render_history(r->publication));
	/* Only where it is: records of before read the same. */
	bool jitter = r->rules->jitter > 0;
	bool near = sl_render_has_earlier(r->rules);
	if ((jitter && json_object_set_new(root, "jitter", json_integer(r->rules->jitter)) != 0) ||
	    (near && json_object_set_new(root, "near", json_string("earlier")) != 0) || !put_versions(root, r)) {
		json_decref(root);
		return no_memory(err);
	}
	return put_json(root, out, err);
}
