/*
 * review_show.c - sluice review show: all a reviewer needs to decide, what is doubtful first.
 */
#include <inttypes.h>
#include <string.h>

#include "ui-cli/commands.h"
#include "ui-cli/decide.h"
#include "ui-cli/file.h"
#include "ui-cli/request_text.h"
#include "ui-cli/review_html.h"
#include "ui-cli/review_json.h"
#include "ui-cli/review_words.h"

/* The page tells what is hidden, so the file is for its owner's eyes. */
static enum sl_rc give_html(struct sl_cli *c, const struct sl_review *r, const struct sl_checkpoint *log,
                            const char *to, struct sl_err *err)
{
	struct sl_buf page = {0};
	enum sl_rc rc = sl_review_html_put(r, log, &page, err);

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

static void give_raw(const struct sl_review *r)
{
	for (uint32_t i = 0; i < r->nfiles; i++)
		fwrite(r->files[i].bytes.data, 1, r->files[i].bytes.len, stdout);
}

static enum sl_rc give_words(struct sl_cli *c, const struct sl_review *r, const struct sl_checkpoint *log,
                             struct sl_err *err)
{
	char of[SL_DECIDE_OF];
	enum sl_rc rc = sl_review_words_print(r, log, sl_args_flag(&c->args, "--all") != NULL, err);

	if (rc)
		return rc;
	sl_cli_separation(c);
	if (r->judged_again && !r->verdict.met[SL_CONDITION_HISTORY] && sl_request_text_waits(r->request.state))
		sl_cli_next(c, "sluice review return R-%" PRId64 " --reason TEXT, for its author to revise it", r->request.id);
	else if (!r->earlier && sl_request_text_waits(r->request.state))
		sl_cli_next(c, "sluice review approve R-%" PRId64 "%s%s   or: sluice review reject R-%" PRId64 " --comment TEXT",
		            r->request.id, sl_decide_of(r->request.revision, of), r->rules_open ? " --acknowledge RULE" : "",
		            r->request.id);
	return SL_OK;
}

enum sl_rc sl_cmd_review_show(struct sl_cli *c, struct sl_err *err)
{
	const char *html = sl_args_flag(&c->args, "--html"), *raw = sl_args_flag(&c->args, "--raw");
	struct sl_review review = {0};
	struct sl_checkpoint log = {0};
	int64_t id = 0, number = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc)
		rc = sl_decide_revision(c, &number, err);
	if (!rc && html && raw)
		rc = sl_err_set(err, SL_E_USAGE, "--html and --raw are two ways to show it: give one");
	if (!rc)
		rc = sl_review_show(&c->enclave, &c->actor, id, number, sl_args_flag(&c->args, "--judge-again") != NULL,
		                    html ? "html" : c->args.json ? "json" : raw ? "raw" : "words", &review, err);
	if (!rc)
		rc = sl_audit_checkpoint(&c->enclave, &log, err);
	if (rc)
		goto out;
	if (html)
		rc = give_html(c, &review, &log, html, err);
	else if (c->args.json)
		rc = sl_review_json_set(c, &review, &log, err);
	else if (raw)
		give_raw(&review);
	else
		rc = give_words(c, &review, &log, err);
out:
	sl_review_free(&review);
	return rc;
}
