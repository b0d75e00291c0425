/*
 * policy_new.c - sluice policy new: a text to start from.
 */
#include "jobs/policy_apply.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_policy_new(struct sl_cli *c, struct sl_err *err)
{
	struct sl_buf text = {0};
	enum sl_rc rc = sl_policy_new(&c->enclave, &text, err);

	if (!rc && c->args.json)
		sl_cli_set(c, "policy", json_loadb((const char *)text.data, text.len, 0, NULL));
	else if (!rc)
		fwrite(text.data, 1, text.len, stdout);
	if (!rc)
		sl_cli_next(c, "edit it, then: sluice policy lint policy.json");
	sl_buf_free(&text);
	return rc;
}
