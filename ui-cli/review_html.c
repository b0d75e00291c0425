/*
 * review_html.c - see review_html.h. Called by review show --html. Tables and bars have files of their own.
 */
#include "ui-cli/review_html.h"

#include <inttypes.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/pack.h"
#include "jobs/sign/base64.h"
#include "ui-cli/html.h"
#include "ui-cli/request_text.h"
#include "ui-cli/review_chart.h"
#include "ui-cli/review_table.h"

static const char style[] =
	"body{font:15px/1.4 sans-serif;margin:2em;max-width:80em;color:#111;background:#fff}"
	"table{border-collapse:collapse;margin:.5em 0}td,th{border:1px solid #bbb;padding:.15em .5em;text-align:left;"
	"vertical-align:top}.n{text-align:right}.c{background:#fde8e8;white-space:nowrap}.r{background:#eee;color:#555}"
	"pre{background:#f6f6f6;border-left:4px solid #c90;padding:.5em;white-space:pre-wrap;overflow-wrap:anywhere}"
	"small a{color:#a00}code{overflow-wrap:anywhere}";

static void digest_of(const void *data, size_t len, uint8_t sha256[static 32], struct sl_buf *out)
{
	json_t *hex = sl_pack_sha256(data, len);

	if (!hex || !sl_text_unhex(json_string_value(hex), sha256, 32))
		out->failed = out->no_memory = true;
	json_decref(hex);
}

static void put_head(const struct sl_review *r, struct sl_buf *out)
{
	uint8_t digest[32] = {0};

	digest_of(style, sizeof style - 1, digest, out);
	sl_buf_text(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
	                 "form-action 'none'; style-src 'sha256-");
	sl_base64_put(out, digest, sizeof digest);
	sl_buf_printf(out,
	              "'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>R-%" PRId64 ", for a reviewer</title>\n"
	              "<style>%s</style></head>\n<body>\n<h1>R-%" PRId64 "</h1>\n"
	              "<p>Confidential: findings tell of numbers that are hidden. Grey columns are for you and do not leave. "
	              "In what others wrote, control and direction characters stand escaped and backslashes doubled; an "
	              "apostrophe stands before what a spreadsheet would calculate.</p>\n",
	              r->request.id, style, r->request.id);
}

static void put_item(struct sl_buf *out, const char *name, const char *text)
{
	sl_buf_printf(out, "<tr><th>%s</th><td>", name);
	sl_html_cell(out, text ? text : "");
	sl_buf_text(out, "</td></tr>\n");
}

static void put_digest(struct sl_buf *out, const uint8_t sha256[static 32])
{
	char hex[65];

	sl_text_hex(sha256, 32, hex);
	sl_buf_printf(out, "<code>sha256:%s</code>", hex);
}

/* Several lines of somebody, under what they are. */
static void put_words(struct sl_buf *out, const char *what, const char *name, const void *words, size_t len)
{
	if (!len)
		return;
	sl_buf_printf(out, "<p>%s", what);
	sl_html_text(out, name, strlen(name));
	sl_buf_text(out, ":</p>\n");
	sl_html_words(out, words, len);
}

static void put_cstr(struct sl_buf *out, const char *what, const char *name, const char *words)
{
	put_words(out, what, name, words, words ? strlen(words) : 0);
}

static void put_request(const struct sl_review *r, struct sl_buf *out)
{
	const struct sl_request *q = &r->request;
	char time[SL_TIME_TEXT];

	sl_enclave_time_text(q->created_at, time);
	sl_buf_printf(out, "<table>\n<tr><th>request</th><td>R-%" PRId64 " of J-%" PRId64 ", %s</td></tr>\n", q->id, q->job,
	              sl_moves_state_name((enum sl_request_state)q->state));
	put_item(out, "project", q->project);
	put_item(out, "author", q->author);
	put_item(out, "created", time);
	sl_buf_printf(out, "<tr><th>approvals</th><td>%u of %u</td></tr>\n<tr><th>publication</th><td>", q->approvals,
	              q->approvals_needed);
	put_digest(out, q->digest);
	sl_buf_text(out, "</td></tr></table>\n");
	put_cstr(out, "Purpose of the project, from the policy", "", r->purpose);
	put_cstr(out, "Context, the author's words", "", q->context);
}

static void put_finding(const struct sl_finding_text *f, uint32_t number, struct sl_buf *out)
{
	const char *const texts[] = {f->severity, f->rule, f->acro, f->output, f->column, f->cell, f->measure, f->reason,
	                             f->remedy};

	sl_buf_printf(out, "<tr id=\"f%u\"><td class=\"r\">%u</td>", number, number);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		sl_buf_text(out, "<td>");
		sl_html_cell(out, texts[i] ? texts[i] : "");
		sl_buf_text(out, "</td>");
	}
	sl_buf_text(out, "</tr>\n");
}

static void put_findings(const struct sl_review *r, struct sl_buf *out)
{
	sl_buf_printf(out, "<h2>Findings: %u</h2>\n", r->nfindings);
	if (r->nfindings) {
		sl_buf_text(out, "<table>\n<thead><tr><th class=\"r\">no.</th><th>severity</th><th>rule</th><th>ACRO</th>"
		                 "<th>output</th><th>column</th><th>cell</th><th>measured</th><th>reason</th><th>remedy</th>"
		                 "</tr></thead>\n<tbody>\n");
		for (uint32_t i = 0; i < r->nfindings; i++)
			put_finding(&r->findings[i], i + 1, out);
		sl_buf_text(out, "</tbody></table>\n");
	}
	put_words(out, "Rounded", "", r->rounding.data, r->rounding.len);
}

static enum sl_rc put_tables(const struct sl_review *r, struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < r->nfiles && !rc; i++) {
		sl_buf_text(out, "<h2>Table ");
		sl_html_text(out, r->files[i].path, strlen(r->files[i].path));
		sl_buf_text(out, "</h2>\n<p>As it would leave: ");
		put_digest(out, r->files[i].sha256);
		sl_buf_printf(out, "; hidden: %u</p>\n", r->publication.outputs[i].suppressed);
		put_cstr(out, "Purpose, the author's words", "", r->material.plans[i].purpose);
		rc = sl_review_table_put(r, i, out, err);
		if (!rc)
			sl_review_chart_put(r, i, out);
	}
	put_words(out, "Columns, as plan and catalogue have them; in quotes the author's words", "", r->columns.data,
	          r->columns.len);
	return rc;
}

static void put_params(const struct sl_review *r, struct sl_buf *out)
{
	json_t *params = json_loads(r->params, 0, NULL), *value;
	struct sl_buf lines = {0};
	const char *name;

	json_object_foreach(params, name, value) {
		sl_buf_text(&lines, name);
		sl_buf_text(&lines, " = ");
		sl_buf_text(&lines, json_string_value(value) ? json_string_value(value) : "");
		sl_buf_text(&lines, "\n");
	}
	put_words(out, "Parameters the job was given, the author's words", "", lines.data, lines.len);
	if (lines.failed) {
		out->failed = true;
		out->no_memory = out->no_memory || lines.no_memory;
	}
	sl_buf_free(&lines);
	json_decref(params);
}

static void put_made_from(const struct sl_review *r, struct sl_buf *out)
{
	uint8_t digest[32] = {0};

	sl_buf_text(out, "<h2>What it was made from</h2>\n<table>\n<tr><th>script</th><td>");
	digest_of(r->script.data, r->script.len, digest, out);
	put_digest(out, digest);
	sl_buf_text(out, "</td></tr>\n<tr><th>policy of the job</th><td>");
	put_digest(out, r->material.policy_digest);
	sl_buf_text(out, "</td></tr>\n");
	for (uint32_t i = 0; i < r->material.nplans; i++) {
		const struct sl_buf *plan = &r->material.plan_wire[i];

		sl_buf_text(out, "<tr><th>plan of ");
		sl_html_text(out, r->material.plans[i].output, strlen(r->material.plans[i].output));
		sl_buf_text(out, "</th><td>");
		digest_of(plan->data, plan->len, digest, out);
		put_digest(out, digest);
		sl_buf_text(out, "</td></tr>\n");
	}
	sl_buf_text(out, "</table>\n");
	put_cstr(out, "Versions of the tables read", "", r->material.versions_json);
	put_words(out, "Forgotten since, so that the numbers cannot be made again", "", r->forgotten.data, r->forgotten.len);
	put_params(r, out);
	put_words(out, "The script, the author's words: ", r->script_file ? r->script_file : "", r->script.data,
	          r->script.len);
}

static void put_gate(const struct sl_review *r, const struct sl_checkpoint *log, struct sl_buf *out)
{
	sl_buf_text(out, "<h2>Gate, as of now</h2>\n<table>\n");
	for (int i = 0; i < SL_CONDITION_COUNT_; i++)
		sl_buf_printf(out, "<tr><th>%s</th><td>%s</td><td>%s</td></tr>\n", sl_conditions_table[i].id,
		              sl_request_text_standing(r, i), sl_conditions_table[i].reason);
	sl_buf_printf(out, "</table>\n<p>Log: %" PRIu64 " leaves, root ", log->size);
	put_digest(out, (const uint8_t *)&log->root);
	sl_buf_text(out, "</p>\n");
}

static void put_told(const struct sl_review *r, struct sl_buf *out)
{
	const struct sl_request *q = &r->request;

	sl_buf_printf(out, "<h2>What the author was told</h2>\n<p>The request is %s%s.",
	              sl_moves_state_name((enum sl_request_state)q->state),
	              q->refusal && *q->refusal ? "" : "; nothing of findings, nor that there are any");
	if (q->release)
		sl_buf_printf(out, " It left as L-%" PRId64 ".", q->release);
	sl_buf_text(out, "</p>\n");
	put_cstr(out, "Refused because", "", q->refusal);
	put_cstr(out, "Rejected, the reviewer's words", "", q->rejection);
}

enum sl_rc sl_review_html_put(const struct sl_review *r, const struct sl_checkpoint *log, struct sl_buf *out,
                              struct sl_err *err)
{
	enum sl_rc rc;

	put_head(r, out);
	put_request(r, out);
	put_findings(r, out);
	rc = put_tables(r, out, err);
	if (rc)
		return rc;
	put_made_from(r, out);
	put_gate(r, log, out);
	put_told(r, out);
	sl_buf_text(out, "</body></html>\n");
	return sl_buf_ok(out, "the page", err);
}
