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
#include "ui-cli/review_changes.h"
#include "ui-cli/review_chart.h"
#include "ui-cli/review_findings.h"
#include "ui-cli/review_first.h"
#include "ui-cli/review_table.h"
#include "ui-cli/review_words.h"

static const char style[] =
	":root{color-scheme:light dark;--fg:#161616;--bg:#fff;--dim:#5a5a5a;--line:#c4c4c4;--soft:#f3f3f1;--hid:#fbe3e1;"
	"--look:#fff3c4;--bar:#3f6ea8;--link:#8a1c10}"
	"@media(prefers-color-scheme:dark){:root{--fg:#e6e6e6;--bg:#161616;--dim:#a8a8a8;--line:#474747;--soft:#232323;"
	"--hid:#4a2422;--look:#453a10;--bar:#7ba7dd;--link:#f0a79d}}"
	"body{font:15px/1.45 sans-serif;margin:1.5em auto;padding:0 1.5em;max-width:90em;color:var(--fg);background:var(--bg)}"
	"h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-bottom:2px solid var(--line)}h3{font-size:1em}"
	"table{border-collapse:collapse;margin:.5em 0;font-variant-numeric:tabular-nums}"
	"td,th{border:1px solid var(--line);padding:.15em .5em;text-align:start;vertical-align:top;unicode-bidi:plaintext}"
	"th{font-weight:600}tbody th{font-weight:400}thead th{background:var(--soft)}table.h th{font-weight:600;width:11em}"
	".n{text-align:right}.c{background:var(--hid)}.r{background:var(--soft);color:var(--dim)}"
	"tr.look td.r{background:var(--look);color:var(--fg)}"
	"pre{background:var(--soft);border-inline-start:4px solid #c90;padding:.5em;white-space:pre-wrap;"
	"overflow-wrap:anywhere;unicode-bidi:plaintext}"
	"small a,a{color:var(--link)}code{overflow-wrap:anywhere}summary{cursor:pointer;padding:.2em 0}"
	".first{border:2px solid #c90;padding:.3em 1em}.first h2{margin:.2em 0;border:0}.first ul{margin:.3em 0}"
	"rect{fill:var(--bar)}caption{text-align:start;padding:.3em 0}"
	"table.b td,table.b th{border:0;padding:0 .4em;vertical-align:middle}svg{display:block}"
	"@media print{body{margin:0;max-width:none;font-size:10px}thead{display:table-header-group}tr{break-inside:avoid}"
	"h2{break-after:avoid}}";

static void digest_of(const void *data, size_t len, uint8_t sha256[static 32], struct sl_buf *out)
{
	json_t *hex = sl_pack_sha256(data, len);

	if (!hex || !sl_text_unhex(json_string_value(hex), sha256, 32))
		out->failed = out->no_memory = true;
	json_decref(hex);
}

/* Of others, within our words: its direction does not reach beyond it. */
static void put_name(struct sl_buf *out, const char *name)
{
	sl_buf_text(out, "<bdi>");
	sl_html_text(out, name, strlen(name));
	sl_buf_text(out, "</bdi>");
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
	              "'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
	              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	              "<title>R-%" PRId64 ", for a reviewer</title>\n<style>%s</style></head>\n<body>\n<h1>R-%" PRId64
	              " of project ",
	              r->request.id, style, r->request.id);
	put_name(out, r->request.project);
	sl_buf_text(out, ", by ");
	put_name(out, r->request.author);
	sl_buf_text(out, "</h1>\n"
	              "<p>Confidential: this page tells of hidden numbers. Grey columns are for you and do not leave. "
	              "In what others wrote, control and direction characters stand escaped and backslashes doubled; an "
	              "apostrophe stands before what a spreadsheet would calculate.</p>\n");
}

static void put_item(struct sl_buf *out, const char *name, const char *text)
{
	sl_buf_printf(out, "<tr><th scope=\"row\">%s</th><td>", name);
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
	if (*name)
		put_name(out, name);
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
	char time[SL_TIME_TEXT], asks[SL_REQUEST_ASKS];

	sl_enclave_time_text(q->created_at, time);
	sl_buf_text(out, "<table class=\"h\">\n<tr><th scope=\"row\">request</th>");
	sl_buf_printf(out, "<td>R-%" PRId64 " of J-%" PRId64 ", %s</td></tr>\n", q->id, q->job,
	              sl_moves_state_name((enum sl_request_state)q->state));
	if (q->revision > 1 || r->earlier)
		sl_buf_printf(out, "<tr><th scope=\"row\">revision</th><td>%u%s</td></tr>\n", q->revision,
		              r->earlier ? ", revised since: nobody can decide on it any more" : "");
	put_item(out, "project", q->project);
	put_item(out, "author", q->author);
	put_item(out, "created", time);
	sl_buf_printf(out, "<tr><th scope=\"row\">approvals</th><td>%u of %u%s</td></tr>\n", q->approvals,
	              q->approvals_needed, sl_request_text_asks(q, asks));
	sl_buf_text(out, "<tr><th scope=\"row\">publication</th><td>");
	put_digest(out, q->digest);
	sl_buf_text(out, "</td></tr></table>\n");
	put_cstr(out, "Title, the author's words", "", q->title);
	put_cstr(out, "Purpose of the project, from the policy", "", r->purpose);
	put_cstr(out, "Context, the author's words", "", q->context);
}

static void put_line(void *self, const char *name, uint64_t count, const char *text)
{
	struct sl_buf *out = self;

	(void)name;
	(void)count;
	sl_buf_text(out, "<li>");
	sl_html_text(out, text, strlen(text));
	sl_buf_text(out, "</li>\n");
}

static enum sl_rc put_first(const struct sl_review *r, struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc;

	sl_buf_text(out, "<div class=\"first\"><h2>Look at first</h2>\n<ul>\n");
	rc = sl_review_first_tell(r, put_line, out, err);
	sl_buf_text(out, "</ul></div>\n");
	return rc;
}

static void put_left_out(const struct sl_review *r, uint32_t i, struct sl_buf *out)
{
	if (i < r->behind.noutputs && r->behind.outputs[i].band)
		sl_buf_printf(out, "; units that its conditions leave out: %" PRIu64 ", %s", r->behind.outputs[i].left_out,
		              sl_margin_band_name(r->behind.outputs[i].band));
}

static enum sl_rc put_tables(const struct sl_review *r, struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < r->nfiles && !rc; i++) {
		sl_buf_text(out, "<h2>Table ");
		put_name(out, r->files[i].path);
		sl_buf_text(out, "</h2>\n<p>As it would leave: ");
		put_digest(out, r->files[i].sha256);
		sl_buf_printf(out, "; rows: %u; numbers hidden: %u", r->rows[i].nrows, sl_review_facts_nhidden(r, i));
		if (sl_review_facts_left_out(r, i))
			sl_buf_printf(out, "; the author's limit leaves out %u rows", sl_review_facts_left_out(r, i));
		put_left_out(r, i, out);
		sl_buf_text(out, "</p>\n");
		put_cstr(out, "Purpose, the author's words", "", r->material.plans[i].purpose);
		rc = sl_review_table_put(r, i, out, err);
		if (!rc && r->publication.releasable)
			sl_review_chart_put(r, i, out);
	}
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

	sl_buf_text(out, "<h2>What it was made from</h2>\n<table class=\"h\">\n<tr><th scope=\"row\">script</th><td>");
	digest_of(r->script.data, r->script.len, digest, out);
	put_digest(out, digest);
	sl_buf_text(out, "</td></tr>\n<tr><th scope=\"row\">policy of the job</th><td>");
	put_digest(out, r->material.policy_digest);
	sl_buf_text(out, "</td></tr>\n");
	for (uint32_t i = 0; i < r->material.nplans; i++) {
		const struct sl_buf *plan = &r->material.plan_wire[i];

		sl_buf_text(out, "<tr><th scope=\"row\">plan of ");
		put_name(out, r->material.plans[i].output);
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
	sl_buf_text(out, "<h2>Gate, as of now</h2>\n<table class=\"h\">\n");
	for (int i = 0; i < SL_CONDITION_COUNT_; i++)
		sl_buf_printf(out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>\n", sl_conditions_table[i].id,
		              sl_request_text_standing(r, i), sl_conditions_table[i].reason);
	sl_buf_printf(out, "</table>\n<p>Log: %" PRIu64 " leaves, root ", log->size);
	put_digest(out, (const uint8_t *)&log->root);
	sl_buf_text(out, "</p>\n");
}

/* "comment of 2026-11-27T12:00:00Z, on revision 1, by rui", and then the words, which are others' and are marked so. */
static void put_one_said(const char *what, int64_t at, const char *person, const char *words, struct sl_buf *out)
{
	char time[SL_TIME_TEXT];

	sl_enclave_time_text(at, time);
	sl_buf_printf(out, "<p>%s of %s, by ", what, time);
	sl_html_cell(out, person);
	sl_buf_text(out, "</p>\n");
	if (*words)
		sl_html_words(out, words, strlen(words));
}

/* What there was before, in short; a revision is shown whole by review show --revision. */
static void put_revisions(const struct sl_request *q, struct sl_buf *out)
{
	if (q->nrevisions)
		sl_buf_text(out, "<h2>Earlier revisions</h2>\n");
	for (uint32_t i = 0; i < q->nrevisions; i++) {
		const struct sl_revision *v = &q->revisions[i];
		char time[SL_TIME_TEXT], changed[SL_REQUEST_CHANGED];

		sl_enclave_time_text(v->at, time);
		sl_buf_printf(out, "<p>revision %u of %s, findings: %u; then changed: %s; outputs: ", v->revision, time,
		              v->nfindings, sl_request_text_changed(q, i, changed));
		put_name(out, v->outputs);
		sl_buf_text(out, "</p>\n");
		put_cstr(out, "Title, the author's words", "", v->title);
		put_cstr(out, "Context, the author's words", "", v->context);
	}
}

static void put_said(const struct sl_request *q, struct sl_buf *out)
{
	char what[160];

	if (!q->ndecisions && !q->ncomments)
		return;
	sl_buf_text(out, "<h2>Decisions and comments, in their authors' words</h2>\n");
	for (uint32_t i = 0; i < q->ndecisions; i++) {
		const struct sl_request_decision *d = &q->decisions[i];

		put_one_said(sl_gate_decision((enum sl_decision)d->decision), d->at, d->person, d->comment, out);
		if (!*d->acknowledged)
			continue;
		sl_buf_text(out, "<p>acknowledged: ");
		sl_html_cell(out, d->acknowledged);
		sl_buf_text(out, "</p>\n");
	}
	for (uint32_t i = 0; i < q->ncomments; i++) {
		const struct sl_comment *k = &q->comments[i];

		(void)snprintf(what, sizeof what, "%s, on revision %u,",
		               k->private ? "<b>private</b> comment, for reviewers and auditors alone" : "comment", k->revision);
		put_one_said(what, k->at, k->person, k->text, out);
	}
}

static void put_told(const struct sl_review *r, struct sl_buf *out)
{
	const struct sl_request *q = &r->request;

	sl_buf_text(out, "<h2>What the author was told</h2>\n<p>");
	sl_review_words_told(r, out);
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
	rc = put_first(r, out, err);
	if (rc)
		return rc;
	sl_review_findings_put(r, out);
	put_words(out, "Rounded", "", r->rounding.data, r->rounding.len);
	put_words(out, "Columns, as plan and catalogue have them; in quotes the author's words", "", r->columns.data,
	          r->columns.len);
	rc = put_tables(r, out, err);
	if (rc)
		return rc;
	sl_review_changes_put(r, out);
	put_said(&r->request, out);
	put_revisions(&r->request, out);
	put_made_from(r, out);
	if (!r->earlier) {
		put_gate(r, log, out);
		put_told(r, out);
	}
	sl_buf_text(out, "</body></html>\n");
	return sl_buf_ok(out, "the page", err);
}
