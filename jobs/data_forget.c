/* data_forget.c - old versions end for good: the key out of state.db, the file out of the vault, a leaf in the log. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/import.h"
#include "jobs/scrub.h"
#include "jobs/sign/canon.h"

#define VERSIONS_BYTES_MAX (1u << 20)

static const struct sl_cat_table *described(const struct sl_standing *s, const char *table)
{
	const struct sl_cat_table *t = NULL;

	for (uint32_t i = 0; i < s->ncatalogues && t == NULL; i++)
		t = sl_catalogue_table(&s->catalogues[i], table);
	return t;
}

/* "sha256:" may stand before it; eight digits are enough when they are one version's alone. */
static bool has_id(const struct sl_version *v, const char *id)
{
	char hex[65];

	if (strncmp(id, "sha256:", 7) == 0)
		id += 7;
	sl_text_hex(v->id, sizeof v->id, hex);
	return strlen(id) >= 8 && strncmp(hex, id, strlen(id)) == 0;
}

/* Which of all a table's versions are meant: in the same places of `meant`. */
static enum sl_rc choose(const struct sl_versions *all, int64_t in_force, const struct sl_data_forget *what,
                         bool *meant, struct sl_err *err)
{
	uint32_t n = 0, gone = 0;

	for (uint32_t i = 0; i < all->n; i++) {
		const struct sl_version *v = &all->items[i];
		meant[i] = what->version != NULL ? has_id(v, what->version) : what->all || v->n < in_force;
		gone += meant[i] && v->forgotten != 0;
		meant[i] = meant[i] && v->forgotten == 0;
		n += meant[i];
		if (meant[i] && v->n == in_force && !what->all) {
			(void)sl_err_set(err, SL_E_NO, "that version of %s is in force", what->table);
			sl_err_remedy(err, "--all forgets it too: nothing of the table is left then");
			return SL_E_NO;
		}
	}
	if (what->version != NULL && n + gone == 0)
		return sl_err_set(err, SL_E_NO, "%s has no version %s", what->table, what->version);
	if (what->version != NULL && n > 1)
		return sl_err_set(err, SL_E_NO, "%s begins the id of %u versions of %s", what->version, n, what->table);
	if (n == 0 && gone > 0 && (what->version != NULL || what->all))
		return sl_err_set(err, SL_E_NO, "%s: that was forgotten before", what->table);
	if (n == 0)
		return sl_err_set(err, SL_E_NO, "%s has no old version to forget", what->table);
	return SL_OK;
}

static enum sl_rc put_on_record(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_versions *all,
                                const bool *meant, const char *table, struct sl_err *err)
{
	json_t *ids = json_array();
	char hex[65];
	enum sl_rc rc = sl_db_begin(&e->db, err);

	for (uint32_t i = 0; rc == SL_OK && i < all->n; i++) {
		if (!meant[i])
			continue;
		sl_text_hex(all->items[i].id, 32, hex);
		(void)json_array_append_new(ids, json_string(hex));
		rc = sl_version_forget(&e->db, all->items[i].n, sl_enclave_now(), err);
	}
	if (rc == SL_OK)
		rc = sl_scrub_owed(e, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "data.forgotten", actor->person[0] != '\0' ? actor->person : "operator",
		                     json_pack("{s:s, s:O}", "table", table, "versions", ids), NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	json_decref(ids);
	return rc;
}

/* Their keys are gone, so what cannot be removed now is bytes nobody can read; the next command removes it. */
static void remove_files(struct sl_enclave *e, const struct sl_versions *all, const bool *meant)
{
	char hex[33];

	for (uint32_t i = 0; i < all->n; i++) {
		if (!meant[i])
			continue;
		sl_text_hex(all->items[i].segment_id, 16, hex);
		char *path = sl_enclave_path(e, "vault/%s.seg", hex);
		if (path != NULL)
			(void)unlink(path);
		free(path);
	}
}

static enum sl_rc forget(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_data_forget *what,
                         uint32_t *nforgotten, struct sl_err *err)
{
	struct sl_version in_force = {0};
	struct sl_versions all = {0};
	bool *meant = NULL;
	enum sl_rc rc = sl_versions_load(&e->db, what->table, &all, err);

	if (rc == SL_OK)
		rc = sl_version_in_force(&e->db, what->table, &in_force, err);
	if (rc == SL_E_NO)
		rc = SL_OK;
	if (rc == SL_OK && all.n == 0)
		rc = sl_err_set(err, SL_E_NO, "nothing was imported as \"%.100s\"", what->table);
	meant = calloc((size_t)all.n + 1, sizeof *meant);
	if (rc == SL_OK && meant == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = choose(&all, in_force.n, what, meant, err);
	if (rc == SL_OK)
		rc = put_on_record(e, actor, &all, meant, what->table, err);
	if (rc == SL_OK)
		remove_files(e, &all, meant);
	for (uint32_t i = 0; rc == SL_OK && i < all.n; i++)
		*nforgotten += meant[i];
	free(meant);
	sl_version_free(&in_force);
	sl_versions_free(&all);
	return rc;
}

enum sl_rc sl_data_forget(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_data_forget *what,
                          uint32_t *nforgotten, struct sl_err *err)
{
	struct sl_standing s = {0};
	const struct sl_cat_table *t = NULL;
	struct sl_err why = {0};
	int lock = -1;
	enum sl_rc rc = sl_standing_load(e, &s, err);

	*nforgotten = 0;
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &s, SL_ACTION_DATA_FORGET, err);
	/* A table that no catalogue describes any more still has what was loaded of it. */
	if (rc == SL_OK && (t = described(&s, what->table)) != NULL && t->reference_key != NULL)
		rc = sl_err_set(err, SL_E_NO, "%s is an open reference table: it has no versions to forget", what->table);
	if (rc == SL_OK)
		rc = sl_import_lock(e, &lock, err);
	if (rc == SL_OK)
		rc = forget(e, actor, what, nforgotten, err);
	if (rc == SL_OK && (rc = sl_scrub_pay(e, true, &why)) != SL_OK) {
		(void)sl_err_set(err, rc, "forgotten; but state.db may still hold bytes of the keys: %s", why.text);
		sl_err_remedy(err, "any later command writes it anew when it can");
	}
	if (lock >= 0)
		close(lock);
	sl_standing_free(&s);
	return rc;
}

static enum sl_rc is_forgotten(struct sl_enclave *e, const char *table, const char *id, bool *forgotten,
                               struct sl_err *err)
{
	struct sl_versions all = {0};
	enum sl_rc rc = sl_versions_load(&e->db, table, &all, err);

	*forgotten = false;
	for (uint32_t i = 0; i < all.n; i++)
		*forgotten |= all.items[i].forgotten != 0 && has_id(&all.items[i], id);
	sl_versions_free(&all);
	return rc;
}

enum sl_rc sl_data_forgotten(struct sl_enclave *e, const char *versions_json, struct sl_buf *out, struct sl_err *err)
{
	json_t *versions = NULL, *id;
	const char *table;
	size_t before = out->len;
	enum sl_rc rc = sl_canon_read("versions", versions_json, strlen(versions_json), VERSIONS_BYTES_MAX, &versions, err);

	json_object_foreach(versions, table, id) {
		bool forgotten = false;
		if (rc == SL_OK && json_is_string(id))
			rc = is_forgotten(e, table, json_string_value(id), &forgotten, err);
		if (forgotten)
			sl_buf_printf(out, "%s%s", out->len > before ? ", " : "", table);
	}
	json_decref(versions);
	return rc == SL_OK ? sl_buf_ok(out, "forgotten tables", err) : rc;
}
