/*
 * request_withdraw.c - sluice request withdraw: its author does not ask any more.
 */
#include <inttypes.h>

#include "ui-cli/commands.h"
#include "ui-cli/request_text.h"

enum sl_rc sl_cmd_request_withdraw(struct sl_cli *c, struct sl_err *err)
{
	struct sl_request request = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc)
		rc = sl_request_withdraw(&c->enclave, &c->actor, id, &request, err);
	if (!rc) {
		sl_cli_set(c, "request", sl_request_text_object(&request));
		sl_cli_changed(c, "R-%" PRId64 " withdrawn", id);
		sl_cli_next(c, "sluice request new J-%" PRId64 " --context TEXT", request.job);
	}
	sl_request_free(&request);
	return rc;
}
