/*
 * request_show.c - sluice request show: one request, as its author may see it.
 */
#include "ui-cli/commands.h"
#include "ui-cli/request_text.h"

enum sl_rc sl_cmd_request_show(struct sl_cli *c, struct sl_err *err)
{
	struct sl_request request = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc)
		rc = sl_request_show(&c->enclave, &c->actor, id, &request, err);
	if (!rc) {
		sl_cli_set(c, "request", sl_request_text_object(&request));
		if (!c->args.json)
			sl_request_text_print(&request);
	}
	sl_request_free(&request);
	return rc;
}
