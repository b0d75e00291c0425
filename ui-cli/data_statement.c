/*
 * data_statement.c - sluice data statement: what an owner signs, for a key that is elsewhere.
 */
#include <inttypes.h>
#include <string.h>

#include "ui-cli/commands.h"
#include "ui-cli/decide.h"
#include "ui-cli/owner_words.h"

static enum sl_rc about_application(struct sl_cli *c, const char *word, struct sl_buf *text, struct sl_err *err)
{
	const char *names[SL_GIVEN_MAX];
	struct sl_owner_terms terms;
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(word, 'A', &id, err);

	if (!rc)
		rc = sl_owner_words_terms(c, names, &terms, err);
	if (!rc && (terms.until == INT64_MIN || sl_args_flag(&c->args, "--decision") || sl_args_flag(&c->args, "--comment") ||
	            sl_args_flag(&c->args, "--revision")))
		rc = sl_err_set(err, SL_E_USAGE, "a grant takes --until DAY, and --columns; no --decision");
	return rc ? rc : sl_owner_grant_statement(&c->enclave, &c->actor, id, &terms, text, err);
}

static enum sl_rc about_request(struct sl_cli *c, const char *word, const char *decision, struct sl_buf *text,
                                struct sl_err *err)
{
	enum sl_decision which = strcmp(decision, "approve") == 0  ? SL_DECISION_APPROVE
	                         : strcmp(decision, "reject") == 0 ? SL_DECISION_REJECT
	                                                           : SL_DECISION_NONE;
	struct sl_say say = {.decision = which, .comment = sl_args_flag(&c->args, "--comment")};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(word, 'R', &id, err);

	if (!rc && (which == SL_DECISION_NONE || sl_args_flag(&c->args, "--until") || sl_args_flag(&c->args, "--columns")))
		rc = sl_err_set(err, SL_E_USAGE, "a request takes --decision approve or reject, and --comment; no --until");
	if (!rc)
		rc = sl_decide_revision(c, &say.revision, err);
	return rc ? rc : sl_owner_release_statement(&c->enclave, &c->actor, id, &say, text, err);
}

enum sl_rc sl_cmd_data_statement(struct sl_cli *c, struct sl_err *err)
{
	const char *word = sl_cli_word(c, 0), *decision = sl_args_flag(&c->args, "--decision");
	bool request = word[0] == 'R';
	struct sl_buf text = {0};
	enum sl_rc rc = request ? about_request(c, word, decision ? decision : "", &text, err)
	                        : about_application(c, word, &text, err);

	if (!rc && c->args.json) {
		sl_cli_set(c, "statement", sl_cli_bytes(text.data, text.len));
	} else if (!rc) {
		fwrite(text.data, 1, text.len, stdout);
		sl_cli_next(c, "ssh-keygen -Y sign -n grant@sluice -f KEY STATEMENT; cat STATEMENT STATEMENT.sig | sluice data "
		               "%s %s --signed -",
		            request ? decision : "grant", word);
	}
	sl_buf_free(&text);
	return rc;
}
