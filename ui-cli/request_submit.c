/*
 * request_submit.c - sluice request submit: a draft goes to the reviewers, signed by its author.
 */
#include "ui-cli/commands.h"
#include "ui-cli/request_asked.h"

enum sl_rc sl_cmd_request_submit(struct sl_cli *c, struct sl_err *err)
{
	struct sl_request request = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc)
		rc = sl_request_submit(&c->enclave, &c->actor, id, &request, err);
	if (!rc)
		rc = sl_request_asked_tell(c, &request, err);
	sl_request_free(&request);
	return rc;
}
