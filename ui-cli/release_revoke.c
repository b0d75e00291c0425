/*
 * release_revoke.c - sluice release revoke: what left should not be used any more, and who has it.
 */
#include <inttypes.h>
#include <string.h>

#include "jobs/release.h"
#include "ui-cli/commands.h"

enum sl_rc sl_cmd_release_revoke(struct sl_cli *c, struct sl_err *err)
{
	struct sl_release *r = NULL;
	json_t *has = json_array();
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'L', &id, err);

	if (!rc)
		rc = sl_release_revoke(&c->enclave, &c->actor, id, sl_args_flag(&c->args, "--reason"), err);
	if (!rc)
		rc = sl_release_one(&c->enclave, &c->actor, id, &r, err);
	if (!rc) {
		sl_cli_changed(c, "L-%" PRId64 " revoked; %s", id, r->nfetched ? "it was fetched by:" : "nobody fetched it");
		for (uint32_t i = 0; i < r->nfetched; i++) {
			char time[SL_TIME_TEXT];

			sl_enclave_time_text(r->fetched[i].at, time);
			sl_cli_changed(c, "  %s, %s", r->fetched[i].person, time);
			json_array_append_new(has, json_pack("{s:o, s:s}", "person", sl_cli_text(r->fetched[i].person), "fetched_at",
			                                     time));
		}
		sl_cli_next(c, "tell them; sluice audit log --kind egress has every copy");
		sl_cli_set(c, "release", json_sprintf("L-%" PRId64, id));
		sl_cli_set(c, "recipients", json_incref(has));
	}
	json_decref(has);
	sl_release_list_free(r, 1);
	return rc;
}
