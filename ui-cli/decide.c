/*
 * decide.c - a reviewer's or an owner's decision, signed here or elsewhere. Called by review and data approve, reject.
 */
#include "ui-cli/decide.h"

#include <inttypes.h>

#include "jobs/owner.h"

const struct sl_decider sl_decider_reviewer = { "review statement", "review show", sl_review_decide };
const struct sl_decider sl_decider_owner = { "data statement", "data review", sl_owner_release_decide };

static enum sl_rc tell(struct sl_cli *c, int64_t id, enum sl_decision decision, int64_t release)
{
	sl_cli_set(c, "request", json_sprintf("R-%" PRId64, id));
	sl_cli_set(c, "decision", json_string(sl_gate_decision(decision)));
	if (release)
		sl_cli_set(c, "release", json_sprintf("L-%" PRId64, release));
	if (decision == SL_DECISION_REJECT) {
		sl_cli_changed(c, "R-%" PRId64 " rejected", id);
		sl_cli_next(c, "sluice request show R-%" PRId64, id);
	} else if (decision == SL_DECISION_RETURN) {
		sl_cli_changed(c, "R-%" PRId64 " returned to its author", id);
		sl_cli_next(c, "its author: sluice request revise R-%" PRId64 " --context TEXT", id);
	} else if (release) {
		sl_cli_changed(c, "R-%" PRId64 " approved and released as L-%" PRId64, id, release);
		sl_cli_next(c, "sluice release get L-%" PRId64 " --to DIR", release);
	} else {
		sl_cli_changed(c, "R-%" PRId64 " approved by you; it waits for more approvals", id);
		sl_cli_next(c, "a reviewer: sluice review show R-%" PRId64 "; an owner who is asked: sluice data review R-%" PRId64,
		            id, id);
	}
	return SL_OK;
}

enum sl_rc sl_decide(struct sl_cli *c, const struct sl_decider *as, enum sl_decision decision, struct sl_err *err)
{
	const char *file = sl_args_flag(&c->args, "--signed");
	const char *comment = sl_args_flag(&c->args, decision == SL_DECISION_RETURN ? "--reason" : "--comment");
	struct sl_buf text = {0};
	int64_t id = 0, release = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc && !file && c->actor.kind != SL_ACTOR_KEY) {
		sl_err_set(err, SL_E_IDENT, "a decision needs a signature, and there is no key here to make one with");
		sl_err_remedy(err, "%ssign what \"sluice %s R-%" PRId64 "\" prints and give it with --signed",
		              c->session ? "" : "--key PATH; or ", as->statement, id);
		rc = SL_E_IDENT;
	}
	if (!rc && file)
		rc = sl_file_read(file, SL_CLI_STATEMENT_BYTES_MAX, &text, err);
	if (!rc)
		sl_cli_separation(c);
	if (!rc)
		rc = as->decide(&c->enclave, &c->actor, id, decision, comment ? comment : "", file ? text.data : NULL, text.len,
		                &release, err);
	if (!rc)
		rc = tell(c, id, decision, release);
	sl_buf_free(&text);
	return rc;
}
