/*
 * request_asked.c - see request_asked.h.
 */
#include "ui-cli/request_asked.h"

#include <inttypes.h>
#include <string.h>

#include "ui-cli/request_text.h"

struct sl_request_ask sl_request_asked(const struct sl_cli *c, const char *outputs[static SL_GIVEN_MAX])
{
	struct sl_request_ask ask = {.context = sl_args_flag(&c->args, "--context"),
	                             .title = sl_args_flag(&c->args, "--title"), .outputs = outputs};
	const char *name;
	uint32_t at = 0;

	while (ask.noutputs < SL_GIVEN_MAX && (name = sl_args_next(&c->args, "--output", &at)))
		outputs[ask.noutputs++] = name;
	ask.draft = sl_args_flag(&c->args, "--draft") != NULL;
	return ask;
}

enum sl_rc sl_request_asked_tell(struct sl_cli *c, const struct sl_request *r, struct sl_err *err)
{
	const char *state = sl_moves_state_name((enum sl_request_state)r->state);
	char revision[32] = "", asks[SL_REQUEST_ASKS];

	if (r->revision > 1)
		snprintf(revision, sizeof revision, ", revision %u,", r->revision);
	sl_cli_set(c, "request", sl_request_text_object(r));
	if (r->state == SL_REQUEST_REFUSED) {
		const char *cause = r->refusal ? r->refusal : "";

		sl_err_set(err, SL_E_DENIED, "R-%" PRId64 "%s %s: %.*s", r->id, revision, state, (int)strcspn(cause, "\n"), cause);
		sl_err_remedy(err,
		              "sluice request show R-%" PRId64 " has all causes; answer them with request revise R-%" PRId64
		              ", or change the script and ask anew",
		              r->id, r->id);
		return SL_E_DENIED;
	}
	if (r->state == SL_REQUEST_DRAFT) {
		sl_cli_changed(c, "R-%" PRId64 "%s is a draft: nothing refuses it; reviewers see it, and decide when it is submitted",
		               r->id, revision);
		sl_cli_next(c, "sluice request submit R-%" PRId64, r->id);
		return SL_OK;
	}
	sl_cli_changed(c, "R-%" PRId64 "%s %s, waits for %u approval%s%s", r->id, revision, state, r->approvals_needed,
	               r->approvals_needed == 1 ? "" : "s", sl_request_text_asks(r, asks));
	sl_cli_next(c, "a reviewer: sluice review show R-%" PRId64, r->id);
	return SL_OK;
}
