/*
 * review_show.c - sluice review show: all a reviewer needs to decide, what is doubtful first.
 */
#include <inttypes.h>
#include <string.h>

#include "enclave/base/text.h"
#include "ui-cli/commands.h"
#include "ui-cli/csv_grid.h"
#include "ui-cli/file.h"
#include "ui-cli/finding_text.h"
#include "ui-cli/request_text.h"
#include "ui-cli/review_html.h"

static void print_findings(const struct sl_review *r)
{
	printf("FINDINGS: %u\n", r->nfindings);
	for (uint32_t i = 0; i < r->nfindings; i++)
		sl_finding_text_print(&r->findings[i], i + 1, "");
}

static void print_rounding(const struct sl_review *r)
{
	if (r->rounding.len == 0)
		return;
	fputs("ROUNDED: ", stdout);
	sl_say_text(stdout, (const char *)r->rounding.data, r->rounding.len);
	putchar('\n');
}

static enum sl_rc print_files(const struct sl_review *r, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < r->nfiles && !rc; i++) {
		const struct sl_release_file *file = &r->files[i];
		char hex[65];

		sl_text_hex(file->sha256, 32, hex);
		fputs("\nTABLE ", stdout);
		sl_say_text(stdout, file->path, strlen(file->path));
		printf("  sha256:%s\n", hex);
		rc = sl_csv_grid_print(file->bytes.data, file->bytes.len, stdout, err);
	}
	return rc;
}

static void print_gate(const struct sl_review *r)
{
	puts("\nGATE, as of now");
	for (int i = 0; i < SL_CONDITION_COUNT_; i++)
		printf("  %-8s %s: %s\n", sl_request_text_standing(r, i), sl_conditions_table[i].id, sl_conditions_table[i].reason);
}

static void print_params(const struct sl_review *r)
{
	json_t *params = json_loads(r->params, 0, NULL), *value;
	const char *name;

	if (json_object_size(params) > 0)
		puts("PARAMETERS the job was given, the author's words:");
	json_object_foreach(params, name, value) {
		const char *text = json_string_value(value) ? json_string_value(value) : "";

		fputs("  | ", stdout);
		sl_say_text(stdout, name, strlen(name));
		fputs(" = ", stdout);
		sl_say_text(stdout, text, strlen(text));
		putchar('\n');
	}
	json_decref(params);
}

static void print_words(const struct sl_review *r)
{
	const char *purpose = r->purpose ? r->purpose : "", *versions = r->material.versions_json;
	const char *file = r->script_file ? r->script_file : "";
	char hex[65];

	puts("\nPURPOSE of the project, from the policy:");
	sl_say_lines(stdout, "  | ", purpose, strlen(purpose));
	fputs("SCRIPT ", stdout);
	sl_say_text(stdout, file, strlen(file));
	puts(", the author's words (escaped; backslashes stand doubled):");
	sl_say_lines(stdout, "  | ", r->script.data, r->script.len);
	print_params(r);
	for (uint32_t i = 0; i < r->material.nplans; i++) {
		const char *words = r->material.plans[i].purpose;

		if (!words || !*words)
			continue;
		fputs("purpose of output ", stdout);
		sl_say_text(stdout, r->material.plans[i].output, strlen(r->material.plans[i].output));
		puts(", the author's words:");
		sl_say_lines(stdout, "  | ", words, strlen(words));
	}
	puts("\nVERSIONS of the tables read:");
	if (versions)
		sl_say_told_lines(stdout, "  ", versions);
	if (r->forgotten.len > 0) {
		fputs("forgotten since, so that the numbers cannot be made again: ", stdout);
		sl_say_text(stdout, (const char *)r->forgotten.data, r->forgotten.len);
		putchar('\n');
	}
	sl_text_hex(r->material.policy_digest, 32, hex);
	printf("policy of the job: sha256:%s\n", hex);
}

/* The log as the reviewer will witness it by signing. */
static enum sl_rc print_log(struct sl_cli *c, struct sl_err *err)
{
	struct sl_checkpoint cp = {0};
	enum sl_rc rc = sl_audit_checkpoint(&c->enclave, &cp, err);
	char hex[65];

	if (rc)
		return rc;
	sl_text_hex((const uint8_t *)&cp.root, 32, hex);
	printf("\nLOG: %" PRIu64 " leaves, root %s\n", cp.size, hex);
	return SL_OK;
}

static json_t *findings_array(const struct sl_review *r)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < r->nfindings; i++)
		json_array_append_new(list, sl_finding_text_object(&r->findings[i], i + 1));
	return list;
}

static void set_members(struct sl_cli *c, const struct sl_review *r)
{
	json_t *files = json_array(), *gate = json_object();

	for (uint32_t i = 0; i < r->nfiles; i++)
		json_array_append_new(files, json_pack("{s:o, s:o, s:o}", "path", sl_cli_text(r->files[i].path), "sha256",
		                                       sl_cli_hex(r->files[i].sha256, 32), "text",
		                                       sl_cli_bytes(r->files[i].bytes.data, r->files[i].bytes.len)));
	for (int i = 0; i < SL_CONDITION_COUNT_; i++)
		json_object_set_new(gate, sl_conditions_table[i].id, json_boolean(r->verdict.met[i]));
	sl_cli_set(c, "request", sl_request_text_object(&r->request));
	sl_cli_set(c, "findings", findings_array(r));
	sl_cli_set(c, "files", files);
	sl_cli_set(c, "rounding", r->rounding.len > 0 ? sl_cli_bytes(r->rounding.data, r->rounding.len) : json_string(""));
	sl_cli_set(c, "gate", gate);
	sl_cli_set(c, "columns", sl_cli_bytes(r->columns.data, r->columns.len));
	sl_cli_set(c, "purpose", sl_cli_text(r->purpose));
	sl_cli_set(c, "params", json_loads(r->params, 0, NULL));
	sl_cli_set(c, "script", sl_cli_bytes(r->script.data, r->script.len));
	sl_cli_set(c, "script_file", sl_cli_text(r->script_file));
	sl_cli_set(c, "versions", sl_cli_text(r->material.versions_json));
	sl_cli_set(c, "forgotten",
	           r->forgotten.len > 0 ? sl_cli_bytes(r->forgotten.data, r->forgotten.len) : json_string(""));
}

static enum sl_rc print_review(struct sl_cli *c, const struct sl_review *r, struct sl_err *err)
{
	enum sl_rc rc;

	print_findings(r);
	print_rounding(r);
	rc = print_files(r, err);
	if (rc)
		return rc;
	puts("\nCOLUMNS, as plan and catalogue have them; in quotes the author's words:");
	sl_say_lines(stdout, "  | ", r->columns.data, r->columns.len);
	putchar('\n');
	sl_request_text_print(&r->request);
	print_words(r);
	print_gate(r);
	rc = print_log(c, err);
	if (rc)
		return rc;
	sl_cli_separation(c);
	sl_cli_next(c, "sluice review approve R-%" PRId64 "   or: sluice review reject R-%" PRId64 " --comment TEXT",
	            r->request.id, r->request.id);
	return SL_OK;
}

/* The page tells what is hidden, so the file is for its owner's eyes. */
static enum sl_rc give_html(struct sl_cli *c, const struct sl_review *r, const char *to, struct sl_err *err)
{
	struct sl_checkpoint log = {0};
	struct sl_buf page = {0};
	enum sl_rc rc = sl_audit_checkpoint(&c->enclave, &log, err);

	if (!rc)
		rc = sl_review_html_put(r, &log, &page, err);
	if (!rc && strcmp(to, "-") != 0) {
		rc = sl_file_write_new(to, 0600, page.data, page.len, err);
		sl_cli_set(c, "html", sl_cli_text(to));
		if (!rc)
			sl_cli_changed(c, "R-%" PRId64 " is in %s", r->request.id, to);
	} else if (!rc && c->args.json) {
		sl_cli_set(c, "text", sl_cli_bytes(page.data, page.len));
	} else if (!rc && fwrite(page.data, 1, page.len, stdout) != page.len) {
		rc = sl_err_set(err, SL_E_IO, "cannot write to standard output");
	}
	sl_buf_free(&page);
	return rc;
}

enum sl_rc sl_cmd_review_show(struct sl_cli *c, struct sl_err *err)
{
	const char *html = sl_args_flag(&c->args, "--html"), *raw = sl_args_flag(&c->args, "--raw");
	struct sl_review review = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc && html && raw)
		rc = sl_err_set(err, SL_E_USAGE, "--html and --raw are two ways to show it: give one");
	if (!rc)
		rc = sl_review_show(&c->enclave, &c->actor, id, sl_args_flag(&c->args, "--judge-again") != NULL, &review, err);
	if (rc)
		goto out;
	if (html) {
		rc = give_html(c, &review, html, err);
	} else if (c->args.json) {
		set_members(c, &review);
	} else if (raw) {
		for (uint32_t i = 0; i < review.nfiles; i++)
			fwrite(review.files[i].bytes.data, 1, review.files[i].bytes.len, stdout);
	} else {
		rc = print_review(c, &review, err);
	}
out:
	sl_review_free(&review);
	return rc;
}
