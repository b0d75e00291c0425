/*
 * review_statement.c - sluice review statement: the text that a decision signs, for a key that is elsewhere.
 */
#include <inttypes.h>
#include <string.h>

#include "ui-cli/commands.h"
#include "ui-cli/decide.h"

enum sl_rc sl_cmd_review_statement(struct sl_cli *c, struct sl_err *err)
{
	const char *word = sl_args_flag(&c->args, "--decision"), *names[SL_GIVEN_MAX];
	enum sl_decision decision = sl_gate_decision_named(word);
	struct sl_say say = sl_decide_said(c, decision, names);
	const char *comment = sl_args_flag(&c->args, "--comment");
	struct sl_buf text = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'R', &id, err);

	if (!rc && decision == SL_DECISION_NONE)
		rc = sl_err_set(err, SL_E_USAGE, "--decision is approve, return or reject, not \"%.40s\"", word);
	say.comment = comment ? comment : "";
	if (!rc)
		rc = sl_decide_revision(c, &say.revision, err);
	if (!rc)
		rc = sl_review_statement(&c->enclave, &c->actor, id, &say, &text, err);
	if (!rc && c->args.json) {
		sl_cli_set(c, "statement", sl_cli_bytes(text.data, text.len));
	} else if (!rc) {
		fwrite(text.data, 1, text.len, stdout);
		sl_cli_next(c, "ssh-keygen -Y sign -n review@sluice -f KEY STATEMENT; cat STATEMENT STATEMENT.sig | sluice review "
		               "%s R-%" PRId64 " --signed -",
		            word, id);
	}
	sl_buf_free(&text);
	return rc;
}
