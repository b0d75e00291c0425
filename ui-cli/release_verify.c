/*
 * release_verify.c - sluice release verify: verify a bundle offline; no enclave is opened.
 */
#include <string.h>

#include "jobs/anchor.h"
#include "jobs/release.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_release_verify(struct sl_cli *c, struct sl_err *err)
{
	const char *file = sl_args_flag(&c->args, "--anchor");
	struct sl_buf anchor = {0}, steps = {0};
	enum sl_rc rc = SL_OK;

	if (file)
		rc = sl_file_read(file, SL_ANCHOR_BYTES_MAX, &anchor, err);
	if (rc)
		goto out;
	rc = sl_release_verify(sl_cli_word(c, 0), file ? (const char *)anchor.data : NULL, anchor.len, &steps, err);
	sl_cli_set(c, "steps", sl_cli_bytes(steps.data, steps.len));
	if (!c->args.json)
		sl_say_lines(stdout, "", steps.data, steps.len);
	if (rc == SL_E_UNDECIDED && !file)
		sl_err_remedy(err, "get the enclave's anchor from where it is published: --anchor FILE");
	if (!rc) {
		sl_cli_changed(c, "verified: %s", sl_cli_word(c, 0));
		/* A bundle is what was signed; what was said of it later is not in it. */
		sl_cli_next(c, "on the enclave, whether it was revoked since: sluice release ls");
	}
out:
	sl_buf_free(&anchor);
	sl_buf_free(&steps);
	return rc;
}
