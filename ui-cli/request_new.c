/*
 * request_new.c - sluice request new: ask for a held job's outputs to leave.
 */
#include <inttypes.h>
#include <string.h>

#include "ui-cli/commands.h"
#include "ui-cli/request_text.h"

static enum sl_rc tell(struct sl_cli *c, const struct sl_request *r, struct sl_err *err)
{
	const char *state = sl_moves_state_name((enum sl_request_state)r->state);

	sl_cli_set(c, "request", sl_request_text_object(r));
	if (r->state == SL_REQUEST_REFUSED) {
		const char *cause = r->refusal ? r->refusal : "";

		sl_err_set(err, SL_E_DENIED, "R-%" PRId64 " %s: %.*s", r->id, state, (int)strcspn(cause, "\n"), cause);
		sl_err_remedy(err, "sluice request show R-%" PRId64 " has all causes; change script or context, ask again", r->id);
		return SL_E_DENIED;
	}
	sl_cli_changed(c, "R-%" PRId64 " %s, waits for %u approval%s", r->id, state, r->approvals_needed,
	               r->approvals_needed == 1 ? "" : "s");
	sl_cli_next(c, "a reviewer: sluice review show R-%" PRId64, r->id);
	return SL_OK;
}

enum sl_rc sl_cmd_request_new(struct sl_cli *c, struct sl_err *err)
{
	const char *outputs[SL_GIVEN_MAX], *name;
	struct sl_request request = {0};
	int64_t job = 0;
	uint32_t at = 0;
	size_t n = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'J', &job, err);

	while (n < SL_GIVEN_MAX && (name = sl_args_next(&c->args, "--output", &at)))
		outputs[n++] = name;
	if (!rc)
		rc = sl_request_new(&c->enclave, &c->actor, job, sl_args_flag(&c->args, "--context"), outputs, n, &request, err);
	if (!rc)
		rc = tell(c, &request, err);
	sl_request_free(&request);
	return rc;
}
