/*
 * release_export.c - sluice release export: a verified bundle in the form of another tool; no enclave is opened.
 */
#include "jobs/anchor.h"
#include "jobs/release.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_release_export(struct sl_cli *c, struct sl_err *err)
{
	const char *file = sl_args_flag(&c->args, "--anchor"), *to = sl_args_flag(&c->args, "--acro");
	struct sl_buf anchor = {0}, steps = {0};
	enum sl_rc rc = file ? sl_file_read(file, SL_ANCHOR_BYTES_MAX, &anchor, err) : SL_OK;

	if (!rc)
		rc = sl_release_export_acro(sl_cli_word(c, 0), file ? (const char *)anchor.data : NULL, anchor.len, to, &steps,
		                            err);
	if (!rc) {
		sl_cli_set(c, "to", sl_cli_text(to));
		sl_cli_changed(c, "%s is in %s, as ACRO's results.json", sl_cli_word(c, 0), to);
	}
	sl_buf_free(&anchor);
	sl_buf_free(&steps);
	return rc;
}
