/*
 * policy_sign.c - sluice policy sign: an officer's signature on a policy file's exact bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs/policy_apply.h"
#include "ui-cli/commands.h"

/* Beside the file, as ssh-keygen names it; "-" : stdout. */
static enum sl_rc deliver(struct sl_cli *c, const char *file, const struct sl_buf *armour, struct sl_err *err)
{
	char *path = NULL;
	enum sl_rc rc;

	sl_cli_set(c, "signature", sl_cli_bytes(armour->data, armour->len));
	if (strcmp(file, "-") == 0) {
		if (!c->args.json)
			fwrite(armour->data, 1, armour->len, stdout);
		return SL_OK;
	}
	if (asprintf(&path, "%s.sig", file) < 0)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_file_write_new(path, armour->data, armour->len, err);
	if (rc) {
		sl_err_remedy(err, "move the old signature away; a changed policy needs new ones");
	} else {
		sl_cli_set(c, "file", sl_cli_text(path));
		sl_cli_changed(c, "signed: %s", path);
		sl_cli_next(c, "sluice policy apply %s --signature %s", file, path);
	}
	free(path);
	return rc;
}

enum sl_rc sl_cmd_policy_sign(struct sl_cli *c, struct sl_err *err)
{
	const char *file = sl_cli_word(c, 0);
	struct sl_buf text = {0}, armour = {0};
	struct sl_policy policy = {0};
	enum sl_rc rc = SL_OK;

	if (!c->args.key) {
		sl_err_set(err, SL_E_USAGE, "no key is named");
		sl_err_remedy(err, "--key PATH, or the variable SLUICE_KEY");
		return SL_E_USAGE;
	}
	rc = sl_file_read(file, SL_POLICY_BYTES_MAX, &text, err);
	/* A file that does not load is not worth a signature. */
	if (!rc)
		rc = sl_policy_load(file, text.data, text.len, &policy, err);
	if (!rc)
		rc = sl_policy_sign(c->args.key, text.data, text.len, &armour, err);
	if (!rc)
		rc = deliver(c, file, &armour, err);
	sl_policy_free(&policy);
	sl_buf_free(&armour);
	sl_buf_free(&text);
	return rc;
}
