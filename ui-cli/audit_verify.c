/*
 * audit_verify.c - sluice audit verify: recompute the log, and that it only grew since a checkpoint.
 */
#include <inttypes.h>

#include "enclave/base/text.h"
#include "ui-cli/commands.h"

#define NOTE_BYTES_MAX (64u << 10)

enum sl_rc sl_cmd_audit_verify(struct sl_cli *c, struct sl_err *err)
{
	const char *file = sl_args_flag(&c->args, "--checkpoint");
	struct sl_checkpoint now = {0};
	struct sl_buf note = {0};
	struct sl_err why = {0};
	char root[65];
	enum sl_rc rc = file ? sl_file_read(file, NOTE_BYTES_MAX, &note, err) : SL_OK;

	if (!rc)
		rc = sl_audit_verify(&c->enclave, file ? (const char *)note.data : NULL, note.len, &now, err);
	/* What was just seen whole need not be read again by the next gate. Where the keys lie may be read-only. */
	if (!rc && sl_audit_keep(&c->enclave, &why) != SL_OK && !c->args.json)
		fprintf(stderr, "note: no checkpoint was put beside the keys: %s\n", why.text);
	if (!rc) {
		sl_text_hex((const uint8_t *)&now.root, 32, root);
		sl_cli_set(c, "size", json_integer((json_int_t)now.size));
		sl_cli_set(c, "root", json_string(root));
		sl_cli_changed(c, "the log is whole: %" PRIu64 " leaves, root %s%s", now.size, root,
		               file ? "; it only grew since the checkpoint" : "");
	}
	sl_buf_free(&note);
	return rc;
}
