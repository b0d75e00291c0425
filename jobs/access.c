/* access.c - see access.h. */
#include "jobs/access.h"

#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/pack.h"
#include "jobs/store/release.h"

#define NAME_BYTES_MAX 64

static enum sl_rc add_leaf(struct sl_enclave *e, const char *kind, const char *who, json_t *body, struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = sl_audit_append(e, kind, who, body, NULL, err);
	else
		json_decref(body);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

enum sl_rc sl_access_opened(struct sl_enclave *e, const struct sl_actor *actor, const char *command,
                            struct sl_err *err)
{
	return add_leaf(e, "session.opened", sl_pack_who(actor), json_pack("{s:s}", "command", command), err);
}

void sl_access_refused(struct sl_enclave *e, const char *who, const char *command, const struct sl_err *why)
{
	size_t len = strlen(who);
	bool named = len > 0 && len <= NAME_BYTES_MAX && sl_text_is_clean(who, len);
	const char *rule = why->rule[0] != '\0' ? why->rule : sl_rc_name(why->rc);

	enum sl_rc rc = add_leaf(e, "access.refused", named ? who : "unknown",
	                         json_pack("{s:s, s:s}", "command", command, "rule", rule), NULL);
	(void)rc;
}

enum sl_rc sl_access_fetched(struct sl_enclave *e, const struct sl_actor *actor, int64_t release, struct sl_err *err)
{
	char name[SL_PACK_NAME];
	enum sl_rc rc = sl_db_begin(&e->db, err);

	sl_pack_name('L', release, name);
	if (rc == SL_OK)
		rc = sl_store_fetch_insert(&e->db, release, sl_enclave_now(), sl_pack_who(actor), err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "release.fetched", sl_pack_who(actor), json_pack("{s:s}", "release", name), NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}
