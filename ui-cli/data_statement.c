/*
 * data_statement.c - sluice data statement: what an owner signs, for a key that is elsewhere.
 */
#include <inttypes.h>

#include "ui-cli/commands.h"
#include "ui-cli/owner_words.h"

enum sl_rc sl_cmd_data_statement(struct sl_cli *c, struct sl_err *err)
{
	const char *names[SL_GIVEN_MAX];
	struct sl_owner_terms terms;
	struct sl_buf text = {0};
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'A', &id, err);

	if (!rc)
		rc = sl_owner_words_terms(c, names, &terms, err);
	if (!rc)
		rc = sl_owner_grant_statement(&c->enclave, &c->actor, id, &terms, &text, err);
	if (!rc && c->args.json) {
		sl_cli_set(c, "statement", sl_cli_bytes(text.data, text.len));
	} else if (!rc) {
		fwrite(text.data, 1, text.len, stdout);
		sl_cli_next(c, "ssh-keygen -Y sign -n grant@sluice -f KEY STATEMENT; cat STATEMENT STATEMENT.sig | sluice data "
		               "grant A-%" PRId64 " --signed -",
		            id);
	}
	sl_buf_free(&text);
	return rc;
}
