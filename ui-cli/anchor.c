/*
 * anchor.c - sluice anchor: print what others need to verify releases.
 */
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_anchor(struct sl_cli *c, struct sl_err *err)
{
	struct sl_buf anchor = {0};
	enum sl_rc rc = sl_enclave_anchor(&c->enclave, &anchor, err);

	if (!rc && c->args.json)
		sl_cli_set(c, "anchor", sl_cli_bytes(anchor.data, anchor.len));
	else if (!rc)
		fwrite(anchor.data, 1, anchor.len, stdout);
	sl_buf_free(&anchor);
	return rc;
}
