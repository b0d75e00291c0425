/*
 * review_comment.c - sluice review comment, and request comment, which has no --private: say something about a request,
 * where it is kept.
 */
#include <inttypes.h>

#include "jobs/request.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_review_comment(struct sl_cli *c, struct sl_err *err)
{
	bool private = sl_args_flag(&c->args, "--private") != NULL;
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc)
		rc = sl_request_comment(&c->enclave, &c->actor, id, sl_cli_word(c, 1), private, err);
	if (!rc) {
		sl_cli_set(c, "request", json_sprintf("R-%" PRId64, id));
		sl_cli_set(c, "private", json_boolean(private));
		sl_cli_changed(c, "said of R-%" PRId64 "%s", id, private ? ", to reviewers and auditors alone" : "");
		sl_cli_next(c, "sluice request show R-%" PRId64, id);
	}
	return rc;
}
