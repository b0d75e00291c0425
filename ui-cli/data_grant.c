/*
 * data_grant.c - sluice data grant: an owner grants an application, signed here or elsewhere.
 */
#include <inttypes.h>

#include "ui-cli/commands.h"
#include "ui-cli/owner_words.h"

enum sl_rc sl_cmd_data_grant(struct sl_cli *c, struct sl_err *err)
{
	const char *names[SL_GIVEN_MAX], *file = sl_args_flag(&c->args, "--signed");
	struct sl_owner_terms terms;
	struct sl_buf text = {0};
	int64_t id = 0, grant = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'A', &id, err);

	if (!rc)
		rc = sl_owner_words_terms(c, names, &terms, err);
	if (!rc && file && (terms.until != INT64_MIN || terms.ncolumns > 0))
		rc = sl_err_set(err, SL_E_USAGE, "the statement says until when and which columns: leave --until and --columns out");
	if (!rc && !file && terms.until == INT64_MIN)
		rc = sl_err_set(err, SL_E_USAGE, "a grant has a last day: --until YYYY-MM-DD");
	if (!rc && !file && c->actor.kind != SL_ACTOR_KEY) {
		rc = sl_err_set(err, SL_E_IDENT, "a grant needs a signature, and there is no key here to make one with");
		sl_err_remedy(err, "%ssign what \"sluice data statement A-%" PRId64 " --until DAY\" prints and give it with --signed",
		              c->session ? "" : "--key PATH; or ", id);
	}
	if (!rc && file)
		rc = sl_file_read(file, SL_CLI_STATEMENT_BYTES_MAX, &text, err);
	if (!rc)
		sl_cli_separation(c);
	if (!rc)
		rc = sl_owner_grant_make(&c->enclave, &c->actor, id, &terms, file ? text.data : NULL, text.len, &grant, err);
	if (!rc) {
		sl_cli_set(c, "application", json_sprintf("A-%" PRId64, id));
		sl_cli_set(c, "grant", json_sprintf("G-%" PRId64, grant));
		sl_cli_changed(c, "A-%" PRId64 " granted as G-%" PRId64, id, grant);
		sl_cli_next(c, "to end it: sluice data withdraw G-%" PRId64 " --reason TEXT", grant);
	}
	sl_buf_free(&text);
	return rc;
}
