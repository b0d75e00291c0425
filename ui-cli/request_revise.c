/*
 * request_revise.c - sluice request revise: another revision, with other words or outputs; votes begin anew.
 */
#include "ui-cli/commands.h"
#include "ui-cli/request_asked.h"

enum sl_rc sl_cmd_request_revise(struct sl_cli *c, struct sl_err *err)
{
	const char *outputs[SL_GIVEN_MAX];
	const struct sl_request_ask ask = sl_request_asked(c, outputs);
	struct sl_request request = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc)
		rc = sl_request_revise(&c->enclave, &c->actor, id, &ask, &request, err);
	if (!rc)
		rc = sl_request_asked_tell(c, &request, err);
	sl_request_free(&request);
	return rc;
}
