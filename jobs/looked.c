/* looked.c - see looked.h. */
#include "jobs/looked.h"

#include <string.h>

#include "jobs/audit.h"
#include "jobs/pack.h"
#include "jobs/store/log.h"

/* "2026-11-27" */
#define DAY_BYTES 10

struct seeking {
	const char *kind, *who, *today;
	const json_t *body;
	bool found;
};

/* Of what an earlier leaf has besides, only when it was and its number may be otherwise. */
static bool is_same(const struct seeking *s, const json_t *leaf)
{
	const char *name;
	json_t *value;

	if (strcmp(sl_pack_text(leaf, "kind"), s->kind) != 0 || strcmp(sl_pack_text(leaf, "who"), s->who) != 0 ||
	    strncmp(sl_pack_text(leaf, "at"), s->today, DAY_BYTES) != 0)
		return false;
	json_object_foreach((json_t *)(uintptr_t)s->body, name, value) {
		if (!json_equal(json_object_get(leaf, name), value))
			return false;
	}
	return true;
}

static enum sl_rc see(void *self, uint64_t index, const void *body, size_t len, const struct sl_merkle_hash *hash,
                      struct sl_err *err)
{
	struct seeking *s = self;

	(void)index;
	(void)hash;
	/* Most leaves are about something else, and need not be parsed. */
	if (s->found || memmem(body, len, s->kind, strlen(s->kind)) == NULL)
		return SL_OK;
	json_t *leaf = json_loadb(body, len, 0, NULL);
	if (leaf == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	s->found = is_same(s, leaf);
	json_decref(leaf);
	return SL_OK;
}

enum sl_rc sl_looked_put_leaf(struct sl_enclave *e, const char *kind, const struct sl_actor *actor, json_t *body,
                              struct sl_err *err)
{
	char now[SL_TIME_TEXT];
	struct seeking s = { .kind = kind, .who = sl_pack_who(actor), .today = now, .body = body };
	uint64_t size = 0;
	enum sl_rc rc = body == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : SL_OK;

	sl_enclave_time_text(sl_enclave_now(), now);
	if (rc == SL_OK)
		rc = sl_audit_size(e, &size, err);
	if (rc == SL_OK)
		rc = sl_log_each(&e->db, size > SL_LOOKED_BACK ? size - SL_LOOKED_BACK : 0, see, &s, err);
	if (rc == SL_OK && !s.found)
		rc = sl_audit_append(e, kind, s.who, json_incref(body), NULL, err);
	json_decref(body);
	return rc;
}

enum sl_rc sl_looked_add_leaf(struct sl_enclave *e, const char *kind, const struct sl_actor *actor, json_t *body,
                              struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = sl_looked_put_leaf(e, kind, actor, body, err);
	else
		json_decref(body);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}
