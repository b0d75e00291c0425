/*
 * review_json.c - see review_json.h. Called by review show.
 */
#include "ui-cli/review_json.h"

#include <inttypes.h>

#include "jobs/pack.h"
#include "ui-cli/finding_text.h"
#include "ui-cli/request_text.h"
#include "ui-cli/review_changes.h"
#include "ui-cli/review_first.h"
#include "ui-cli/review_rows.h"
#include "ui-cli/review_words.h"

static json_t *text_of(const struct sl_buf *b)
{
	return b->len > 0 ? sl_cli_bytes(b->data, b->len) : json_string("");
}

static json_t *findings_array(const struct sl_review *r)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < r->nfindings; i++)
		json_array_append_new(list, sl_finding_text_object(&r->findings[i], i + 1));
	return list;
}

/* A table while it is written. */
struct table {
	const struct sl_review *r;
	uint32_t i;
	json_t *columns, *rows;
};

static json_t *hidden_array(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t column)
{
	struct sl_review_hidden by[SL_REVIEW_HIDDEN_MAX];
	uint32_t n = sl_review_facts_hidden(r, i, cell, column, by);
	json_t *list = json_array();

	for (uint32_t k = 0; k < n; k++)
		json_array_append_new(list, json_pack("{s:i, s:s, s:b}", "finding", (int)by[k].finding + 1, "rule",
		                                      r->findings[by[k].finding].rule, "of_row", by[k].of_row));
	return list;
}

static void set_was(json_t *number, const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat,
                    const struct sl_published_cell *now)
{
	const struct sl_behind_was *was = sl_review_facts_was(r, i, cell, stat);
	const struct sl_plan *plan = &r->material.plans[i];
	char text[SL_DECIMAL_TEXT] = "", change[SL_DECIMAL_TEXT + 1];

	if (!was)
		return;
	if (was->shown && !was->missing)
		sl_render_number(plan, &r->material.view, stat, was->value, text);
	json_object_set_new(number, "was", json_string(was->shown ? text : SL_MARKER));
	if (was->shown && now->shown && !was->missing && !now->missing &&
	    sl_render_change(plan, &r->material.view, stat, was->value, now->value, change))
		json_object_set_new(number, "change", json_string(change));
}

static json_t *number_object(const struct table *t, uint32_t row, uint32_t column, const char *text)
{
	const struct sl_review *r = t->r;
	uint32_t cell = r->rows[t->i].cells[row];
	const struct sl_published_cell *now = sl_review_facts_value(r, t->i, row, column);
	json_t *number = json_pack("{s:s}", "value", text);

	if (!now->shown)
		json_object_set_new(number, "hidden_by", hidden_array(r, t->i, cell, column));
	if (column >= r->material.plans[t->i].nstats)
		return number;
	const struct sl_behind_number *behind = sl_review_facts_number(r, t->i, cell, column);
	if (!behind)
		return number;
	json_object_set_new(number, "units", json_integer((json_int_t)behind->units));
	if (behind->rows)
		json_object_set_new(number, "rows_behind", json_integer((json_int_t)behind->rows));
	if (behind->band) {
		json_object_set_new(number, "margin", json_string(sl_margin_band_name(behind->band)));
		json_object_set_new(number, "nearest", json_string(sl_render_rule(behind->rule)));
	}
	set_was(number, r, t->i, cell, column, now);
	return number;
}

static json_t *before_object(const struct sl_behind_cell *before)
{
	return json_pack("{s:o, s:b, s:o, s:I, s:s}", "release", json_sprintf("L-%" PRIu64, before->release), "same_cell",
	                 before->before == SL_BEFORE_SAME, "cell", sl_cli_text(before->label), "units_that_differ",
	                 (json_int_t)before->changed, "margin", sl_margin_band_name(before->band));
}

static void take_head(void *self, const struct sl_csv_record *head)
{
	struct table *t = self;

	for (uint32_t f = 0; f < head->n; f++)
		json_array_append_new(t->columns, sl_cli_text(sl_csv_record_field(head, f)));
}

static void take_row(void *self, uint32_t row, const struct sl_csv_record *record)
{
	struct table *t = self;
	const struct sl_plan *plan = &t->r->material.plans[t->i];
	uint32_t nkeys = plan->nkeys, cell = t->r->rows[t->i].cells[row];
	uint32_t flags = sl_review_facts_flags(t->r, t->i, cell);
	const struct sl_behind_cell *before = sl_review_facts_before(t->r, t->i, cell);
	json_t *keys = json_array(), *numbers = json_array(), *look = json_array();
	uint32_t end = t->r->has_earlier ? record->n - 1 : record->n;
	const char *earlier = "";

	for (uint32_t f = 0; f < record->n; f++) {
		const char *text = sl_csv_record_field(record, f);

		if (f < nkeys)
			json_array_append_new(keys, sl_cli_text(text));
		else if (f == end)
			earlier = text;
		else
			json_array_append_new(numbers, number_object(t, row, sl_plan_column(plan, f - nkeys), text));
	}
	for (uint32_t f = 0; f < SL_REVIEW_FLAGS; f++)
		if (flags >> f & 1)
			json_array_append_new(look, json_string(sl_review_facts_flag_name(f)));
	json_t *object = json_pack("{s:I, s:o, s:o, s:o}", "row", (json_int_t)row + 1, "keys", keys, "numbers", numbers,
	                           "look", look);
	if (before)
		json_object_set_new(object, "before", before_object(before));
	if (*earlier)
		json_object_set_new(object, "earlier", sl_cli_text(earlier));
	json_array_append_new(t->rows, object);
}

static enum sl_rc set_tables(struct sl_cli *c, const struct sl_review *r, struct sl_err *err)
{
	json_t *tables = json_array();
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < r->nfiles && !rc; i++) {
		struct table t = {.r = r, .i = i, .columns = json_array(), .rows = json_array()};
		struct sl_review_rows which = {.end = r->rows[i].nrows};

		rc = sl_review_rows_each(r, i, &which, take_head, take_row, &t, err);
		json_array_append_new(tables,
		                      json_pack("{s:o, s:i, s:I, s:b, s:o, s:o}", "path", sl_cli_text(r->files[i].path), "keys",
		                                (int)r->material.plans[i].nkeys, "hidden",
		                                (json_int_t)sl_review_facts_nhidden(r, i), "compared",
		                                sl_review_facts_compared(r, i), "columns", t.columns, "rows", t.rows));
	}
	sl_cli_set(c, "tables", tables);
	return rc;
}

static void add_line(void *self, const char *name, uint64_t count, const char *text)
{
	json_array_append_new(self, json_pack("{s:s, s:I, s:o}", "what", name, "count", (json_int_t)count, "text",
	                                      sl_cli_text(text)));
}

static json_t *files_array(const struct sl_review *r)
{
	json_t *files = json_array();

	for (uint32_t i = 0; i < r->nfiles; i++)
		json_array_append_new(files, json_pack("{s:o, s:o, s:o}", "path", sl_cli_text(r->files[i].path), "sha256",
		                                       sl_cli_hex(r->files[i].sha256, 32), "text",
		                                       sl_cli_bytes(r->files[i].bytes.data, r->files[i].bytes.len)));
	return files;
}

static json_t *gate_object(const struct sl_review *r, bool standing)
{
	json_t *gate = json_object();

	for (int i = 0; i < SL_CONDITION_COUNT_; i++)
		json_object_set_new(gate, sl_conditions_table[i].id,
		                    standing ? json_string(sl_request_text_standing(r, i)) : json_boolean(r->verdict.met[i]));
	return gate;
}

static json_t *plans_array(const struct sl_review *r)
{
	json_t *plans = json_array();

	for (uint32_t i = 0; i < r->material.nplans; i++)
		json_array_append_new(plans, json_pack("{s:o, s:o, s:o}", "output", sl_cli_text(r->material.plans[i].output),
		                                       "sha256",
		                                       sl_pack_sha256(r->material.plan_wire[i].data, r->material.plan_wire[i].len),
		                                       "purpose", sl_cli_text(r->material.plans[i].purpose)));
	return plans;
}

static void set_made_from(struct sl_cli *c, const struct sl_review *r)
{
	sl_cli_set(c, "columns", sl_cli_bytes(r->columns.data, r->columns.len));
	sl_cli_set(c, "purpose", sl_cli_text(r->purpose));
	sl_cli_set(c, "params", json_loads(r->params, 0, NULL));
	sl_cli_set(c, "script", sl_cli_bytes(r->script.data, r->script.len));
	sl_cli_set(c, "script_file", sl_cli_text(r->script_file));
	sl_cli_set(c, "script_sha256", sl_pack_sha256(r->script.data, r->script.len));
	sl_cli_set(c, "plans", plans_array(r));
	sl_cli_set(c, "policy_sha256", sl_cli_hex(r->material.policy_digest, 32));
	sl_cli_set(c, "versions", sl_cli_text(r->material.versions_json));
	sl_cli_set(c, "forgotten", text_of(&r->forgotten));
}

enum sl_rc sl_review_json_set(struct sl_cli *c, const struct sl_review *r, const struct sl_checkpoint *log,
                              struct sl_err *err)
{
	json_t *first = json_array();
	struct sl_buf told = {0};
	enum sl_rc rc = sl_review_first_tell(r, add_line, first, err);

	sl_cli_set(c, "request", sl_request_text_object(&r->request));
	sl_cli_set(c, "look_at_first", first);
	sl_cli_set(c, "findings", findings_array(r));
	sl_cli_set(c, "files", files_array(r));
	if (!rc)
		rc = set_tables(c, r, err);
	sl_cli_set(c, "rounding", text_of(&r->rounding));
	sl_cli_set(c, "earlier", json_boolean(r->earlier));
	if (r->earlier)
		sl_cli_set(c, "changed_since", sl_review_changes_object(r));
	if (!r->earlier) {
		sl_cli_set(c, "gate", gate_object(r, false));
		sl_cli_set(c, "gate_standing", gate_object(r, true));
	}
	sl_cli_set(c, "released_since", json_integer(r->since));
	set_made_from(c, r);
	sl_review_words_told(r, &told);
	sl_cli_set(c, "told_to_author", text_of(&told));
	sl_cli_set(c, "log", json_pack("{s:I, s:o}", "size", (json_int_t)log->size, "root",
	                               sl_cli_hex((const uint8_t *)&log->root, 32)));
	if (!rc)
		rc = sl_buf_ok(&told, "what the author was told", err);
	sl_buf_free(&told);
	return rc;
}
