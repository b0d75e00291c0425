/*
 * review_words.c - see review_words.h. Called by review show.
 */
#include "ui-cli/review_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/pack.h"
#include "ui-cli/request_text.h"
#include "ui-cli/review_changes.h"
#include "ui-cli/review_chart.h"
#include "ui-cli/review_findings.h"
#include "ui-cli/review_first.h"
#include "ui-cli/review_grid.h"
#include "ui-cli/say.h"

static void say(const char *text)
{
	sl_say_text(stdout, text ? text : "", text ? strlen(text) : 0);
}

static void print_hex(const uint8_t sha256[static 32])
{
	char hex[65];

	sl_text_hex(sha256, 32, hex);
	printf("sha256:%s\n", hex);
}

static void print_digest(const void *data, size_t len)
{
	json_t *hex = sl_pack_sha256(data, len);

	printf("sha256:%s\n", hex ? json_string_value(hex) : "");
	json_decref(hex);
}

static void print_head(const struct sl_review *r)
{
	const char *purpose = r->purpose ? r->purpose : "";

	printf("REQUEST R-%" PRId64, r->request.id);
	if (r->request.revision > 1)
		printf(", revision %" PRIu32 ",", r->request.revision);
	fputs(" of project ", stdout);
	say(r->request.project);
	fputs(", by ", stdout);
	say(r->request.author);
	puts("");
	if (r->earlier)
		printf("AN EARLIER REVISION, %u: nobody can decide on it any more; without --revision the one there is is shown\n",
		       r->request.revision);
	if (*r->request.title) {
		puts("TITLE, the author's words:");
		sl_say_lines(stdout, "  | ", r->request.title, strlen(r->request.title));
	}
	puts("PURPOSE of the project, from the policy:");
	sl_say_lines(stdout, "  | ", purpose, strlen(purpose));
	puts("CONTEXT, the author's words:");
	sl_say_lines(stdout, "  | ", r->request.context, strlen(r->request.context));
}

static void print_line(void *self, const char *name, uint64_t count, const char *text)
{
	(void)self;
	(void)name;
	(void)count;
	fputs("  ", stdout);
	sl_say_text(stdout, text, strlen(text));
	putchar('\n');
}

static void print_rounding(const struct sl_review *r)
{
	if (r->rounding.len == 0)
		return;
	fputs("ROUNDED: ", stdout);
	sl_say_text(stdout, (const char *)r->rounding.data, r->rounding.len);
	putchar('\n');
}

static enum sl_rc print_tables(const struct sl_review *r, bool all, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < r->nfiles && !rc; i++) {
		fputs("\nTABLE ", stdout);
		say(r->files[i].path);
		printf(", %u row%s", r->rows[i].nrows, r->rows[i].nrows == 1 ? "" : "s");
		if (sl_review_facts_left_out(r, i))
			printf(" (the author's limit leaves out %u)", sl_review_facts_left_out(r, i));
		printf(", %u numbers hidden  ", sl_review_facts_nhidden(r, i));
		print_hex(r->files[i].sha256);
		if (i == 0)
			puts("What stands behind | is for you and does not leave.");
		rc = sl_review_grid_print(r, i, all, err);
		if (!rc && r->publication.releasable)
			rc = sl_review_chart_print(r, i, err);
	}
	return rc;
}

static void print_params(const struct sl_review *r)
{
	json_t *params = json_loads(r->params, 0, NULL), *value;
	const char *name;

	if (json_object_size(params) > 0)
		puts("PARAMETERS the job was given, the author's words:");
	json_object_foreach(params, name, value) {
		fputs("  | ", stdout);
		say(name);
		fputs(" = ", stdout);
		say(json_string_value(value));
		putchar('\n');
	}
	json_decref(params);
}

static void print_made_from(const struct sl_review *r)
{
	fputs("\nSCRIPT ", stdout);
	say(r->script_file);
	puts(", the author's words (escaped; backslashes stand doubled):");
	sl_say_lines(stdout, "  | ", r->script.data, r->script.len);
	print_params(r);
	for (uint32_t i = 0; i < r->material.nplans; i++) {
		const char *words = r->material.plans[i].purpose;

		if (!words || !*words)
			continue;
		fputs("purpose of output ", stdout);
		say(r->material.plans[i].output);
		puts(", the author's words:");
		sl_say_lines(stdout, "  | ", words, strlen(words));
	}
	puts("\nVERSIONS of the tables read:");
	if (r->material.versions_json)
		sl_say_told_lines(stdout, "  ", r->material.versions_json);
	if (r->forgotten.len > 0) {
		fputs("forgotten since, so that the numbers cannot be made again: ", stdout);
		sl_say_text(stdout, (const char *)r->forgotten.data, r->forgotten.len);
		putchar('\n');
	}
	fputs("policy of the job: ", stdout);
	print_hex(r->material.policy_digest);
	fputs("script: ", stdout);
	print_digest(r->script.data, r->script.len);
	for (uint32_t i = 0; i < r->material.nplans; i++) {
		fputs("plan of ", stdout);
		say(r->material.plans[i].output);
		fputs(": ", stdout);
		print_digest(r->material.plan_wire[i].data, r->material.plan_wire[i].len);
	}
}

static void print_gate(const struct sl_review *r)
{
	puts("\nGATE, as of now");
	for (int i = 0; i < SL_CONDITION_COUNT_; i++)
		printf("  %-8s %s: %s\n", sl_request_text_standing(r, i), sl_conditions_table[i].id, sl_conditions_table[i].reason);
}

void sl_review_words_told(const struct sl_review *r, struct sl_buf *out)
{
	const struct sl_request *q = &r->request;

	sl_buf_printf(out, "The request is %s%s.", sl_moves_state_name((enum sl_request_state)q->state),
	              q->refusal && *q->refusal ? "" : "; nothing of findings, nor that there are any");
	if (q->release)
		sl_buf_printf(out, " It left as L-%" PRId64 ".", q->release);
}

static enum sl_rc print_told(const struct sl_review *r, struct sl_err *err)
{
	struct sl_buf text = {0};
	enum sl_rc rc;

	sl_review_words_told(r, &text);
	rc = sl_buf_ok(&text, "what the author was told", err);
	if (!rc) {
		puts("\nTOLD to the author so far");
		sl_say_lines(stdout, "  ", text.data, text.len);
	}
	sl_buf_free(&text);
	return rc;
}

static void print_log(const struct sl_checkpoint *log)
{
	char hex[65];

	sl_text_hex((const uint8_t *)&log->root, 32, hex);
	printf("\nLOG: %" PRIu64 " leaves, root %s\n", log->size, hex);
}

struct asked {
	uint32_t n;
};

/* Of the lines at the top those that ask for something. */
static void print_asking(void *self, const char *name, uint64_t count, const char *text)
{
	struct asked *asked = self;

	if (!strcmp(name, "hidden") || !strcmp(name, "earlier"))
		return;
	asked->n++;
	print_line(NULL, name, count, text);
}

/* What stood at the top has gone from the screen by now, and the next line is the one to sign with. */
static enum sl_rc print_before_signing(const struct sl_review *r, bool all, struct sl_err *err)
{
	struct asked asked = {0};
	enum sl_rc rc;

	puts("\nBEFORE YOU SIGN");
	rc = sl_review_first_tell(r, print_asking, &asked, err);
	for (uint32_t i = 0; i < r->nfiles && !all; i++) {
		uint32_t nrows = r->rows[i].nrows;

		if (nrows <= SL_REVIEW_ROWS_SHOWN)
			continue;
		printf("  %u rows of ", nrows - SL_REVIEW_ROWS_SHOWN);
		say(r->files[i].path);
		puts(" leave and are not printed above, but for those to look at: --all");
		asked.n++;
	}
	if (!asked.n)
		puts("  nothing that the program finds doubtful is left to look at; what the words say, it does not judge");
	return rc;
}

enum sl_rc sl_review_words_print(const struct sl_review *r, const struct sl_checkpoint *log, bool all,
                                 struct sl_err *err)
{
	enum sl_rc rc;

	print_head(r);
	puts("\nLOOK AT FIRST");
	rc = sl_review_first_tell(r, print_line, NULL, err);
	if (rc)
		return rc;
	putchar('\n');
	sl_review_findings_print(r, all);
	print_rounding(r);
	/* Before the numbers: a name that the author chose may promise another. */
	puts("\nCOLUMNS, as plan and catalogue have them; in quotes the author's words:");
	sl_say_lines(stdout, "  | ", r->columns.data, r->columns.len);
	rc = print_tables(r, all, err);
	if (!rc)
		rc = sl_review_changes_print(r, all, err);
	if (rc)
		return rc;
	putchar('\n');
	sl_request_text_print(&r->request);
	print_made_from(r);
	if (r->earlier) {
		print_log(log);
		return SL_OK;
	}
	print_gate(r);
	rc = print_told(r, err);
	if (rc)
		return rc;
	print_log(log);
	return sl_request_text_waits(r->request.state) ? print_before_signing(r, all, err) : SL_OK;
}
