/*
 * audit_checkpoint.c - sluice audit checkpoint: how long the log is and its root, signed.
 */
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_audit_checkpoint(struct sl_cli *c, struct sl_err *err)
{
	struct sl_buf note = {0};
	enum sl_rc rc = sl_audit_note(&c->enclave, &note, err);

	if (!rc && c->args.json)
		sl_cli_set(c, "checkpoint", sl_cli_bytes(note.data, note.len));
	else if (!rc)
		fwrite(note.data, 1, note.len, stdout);
	sl_buf_free(&note);
	return rc;
}
