/* visibility.c - see visibility.h. */
#include "jobs/visibility.h"

#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"

bool sl_visibility_due(const struct sl_standing *s, const struct sl_version *v, int64_t today)
{
	int64_t day;

	if (!s->has_policy)
		return true;
	if (s->policy.rules.threshold > 0 && v->changed >= (int64_t)s->policy.rules.threshold)
		return true;
	return sl_policy_refresh_day(&s->policy, v->table, &day) && day <= today && v->at / 86400 <= day;
}

static enum sl_rc put_in_force(struct sl_enclave *e, const struct sl_version *v, struct sl_err *err)
{
	char hex[65];
	enum sl_rc rc = sl_version_put_in_force(&e->db, v->n, sl_enclave_now(), err);

	sl_text_hex(v->id, 32, hex);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "data.in-force", "policy", json_pack("{s:s, s:s}", "table", v->table, "version", hex), NULL,
		                     err);
	return rc;
}

/* Of each table the newest that is due; the others that wait are then older than what is in force. */
static void keep_newest_due(const struct sl_standing *s, struct sl_versions *waiting)
{
	int64_t today = sl_enclave_today();
	uint32_t kept = 0;

	for (uint32_t i = 0; i < waiting->n; i++) {
		struct sl_version v = waiting->items[i];
		memset(&waiting->items[i], 0, sizeof waiting->items[i]);
		if (!sl_visibility_due(s, &v, today)) {
			sl_version_free(&v);
			continue;
		}
		if (kept > 0 && strcmp(waiting->items[kept - 1].table, v.table) == 0)
			sl_version_free(&waiting->items[--kept]);
		waiting->items[kept++] = v;
	}
	waiting->n = kept;
}

enum sl_rc sl_visibility_settle(struct sl_enclave *e, const struct sl_standing *s, struct sl_err *err)
{
	struct sl_versions waiting = {0};
	enum sl_rc rc = sl_versions_waiting(&e->db, &waiting, err);

	if (rc == SL_OK)
		keep_newest_due(s, &waiting);
	if (rc == SL_OK && waiting.n > 0) {
		rc = sl_db_begin(&e->db, err);
		for (uint32_t i = 0; rc == SL_OK && i < waiting.n; i++)
			rc = put_in_force(e, &waiting.items[i], err);
		if (rc == SL_OK)
			rc = sl_db_commit(&e->db, err);
		sl_db_rollback(&e->db);
	}
	sl_versions_free(&waiting);
	return rc;
}
