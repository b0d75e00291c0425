/*
 * data_request.c - sluice data request: an analyst applies to the owners of tables.
 */
#include <inttypes.h>

#include "ui-cli/commands.h"
#include "ui-cli/owner_words.h"

enum sl_rc sl_cmd_data_request(struct sl_cli *c, struct sl_err *err)
{
	const char *project = sl_args_flag(&c->args, "--project"), *reason = sl_args_flag(&c->args, "--reason");
	int64_t ids[SL_WORDS_MAX] = {0}, until = 0;
	json_t *list = json_array();
	enum sl_rc rc = sl_owner_words_day(c, "--until", &until, err);

	if (!rc)
		rc = sl_owner_apply(&c->enclave, &c->actor, project, c->args.words, c->args.nwords, reason, until, ids, err);
	for (uint32_t i = 0; i < c->args.nwords && !rc; i++) {
		json_array_append_new(list, json_pack("{s:o, s:o}", "application", json_sprintf("A-%" PRId64, ids[i]), "table",
		                                      sl_cli_text(c->args.words[i])));
		sl_cli_changed(c, "A-%" PRId64 " asks the owner of %s", ids[i], c->args.words[i]);
	}
	sl_cli_set(c, "applications", list);
	if (!rc)
		sl_cli_next(c, "the owner: sluice data requests A-%" PRId64, ids[0]);
	return rc;
}
