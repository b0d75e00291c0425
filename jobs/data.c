/* data.c - see data.h. */
#include "jobs/data.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "enclave/vault/keys.h"
#include "jobs/data_package.h"
#include "jobs/entries.h"
#include "jobs/owner_holding.h"
#include "jobs/store/entry.h"
#include "jobs/visibility.h"
#include "policy/rhythm.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc check_only(const struct sl_catalogue *c, const char *const *only, size_t nonly, struct sl_err *err)
{
	for (size_t i = 0; i < nonly; i++) {
		bool found = false;
		for (uint32_t k = 0; k < c->ntables; k++)
			found |= sl_data_is_named(c->tables[k].name, &only[i], 1);
		if (!found)
			return sl_err_set(err, SL_E_INPUT, "%s has no table \"%s\"", c->file, only[i]);
	}
	return SL_OK;
}

static enum sl_rc import_resource(struct sl_import *im, const struct sl_data_package *p, const struct sl_cat_table *t,
                                  const struct sl_data_watch *watch, struct sl_err *err)
{
	struct sl_data_origin o = {.files = {-1, -1}};
	enum sl_rc rc = sl_data_origin_resource(p, t, &o, err);

	if (rc == SL_OK)
		rc = sl_data_origin_import(im, t, &o, watch, err);
	sl_data_origin_close(&o);
	return rc;
}

enum sl_rc sl_data_import(struct sl_enclave *e, const struct sl_actor *actor, const char *path, const char *const *only,
                          size_t nonly, const struct sl_data_watch *watch, struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_import im = {.lock = -1};
	struct sl_data_package p = {.dir = -1};
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_IMPORT, err);
	if (rc == SL_OK)
		rc = sl_data_package_open(path, &p, err);
	if (rc == SL_OK)
		rc = check_only(&p.catalogue, only, nonly, err);
	if (rc == SL_OK)
		rc = sl_import_begin(&im, e, &standing, &p.catalogue, err);
	/* Reference tables first: they are the domains of the others. */
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; rc == SL_OK && i < p.catalogue.ntables; i++) {
			const struct sl_cat_table *t = &p.catalogue.tables[i];
			if ((t->reference_key != NULL) == (pass == 0) && sl_data_is_named(t->name, only, nonly))
				rc = import_resource(&im, &p, t, watch, err);
		}
	if (rc == SL_OK)
		rc = sl_import_commit(&im, actor, p.text.data, p.text.len, err);
	if (im.e != NULL)
		sl_import_end(&im);
	sl_data_package_close(&p);
	sl_standing_free(&standing);
	return rc;
}

enum sl_rc sl_data_attach(struct sl_enclave *e, const struct sl_actor *actor, const char *sqlite_path,
                          const char *sqlite_table, const char *package_path, const char *table,
                          const struct sl_data_watch *watch, struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_import im = {.lock = -1};
	struct sl_data_package p = {.dir = -1};
	struct sl_data_origin o = {.files = {-1, -1}};
	const struct sl_cat_table *t = NULL;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_IMPORT, err);
	if (rc == SL_OK)
		rc = sl_data_package_open(package_path, &p, err);
	if (rc == SL_OK && (t = sl_catalogue_table(&p.catalogue, table)) == NULL)
		rc = sl_err_set(err, SL_E_INPUT, "%s describes no table \"%s\"", package_path, table);
	if (rc == SL_OK)
		rc = sl_import_begin(&im, e, &standing, &p.catalogue, err);
	if (rc == SL_OK)
		rc = sl_data_origin_sqlite(&p, t, sqlite_path, sqlite_table, im.limits.load_memory_bytes, &o, err);
	if (rc == SL_OK)
		rc = sl_data_origin_import(&im, t, &o, watch, err);
	if (rc == SL_OK)
		rc = sl_import_commit(&im, actor, p.text.data, p.text.len, err);
	sl_data_origin_close(&o);
	if (im.e != NULL)
		sl_import_end(&im);
	sl_data_package_close(&p);
	sl_standing_free(&standing);
	return rc;
}

struct listing {
	const struct sl_standing *s;
	const struct sl_actor *actor;
	struct sl_versions versions; /* of all tables, by table, oldest first */
	bool counted;                /* of every table; else of the actor's own */
	struct sl_data_table *tables;
	uint32_t n, cap;
};

/* The versions of a table: where the first is, and how many. */
static const struct sl_version *versions_of(const struct sl_versions *all, const char *table, uint32_t *n)
{
	uint32_t lo = 0, hi = all->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (strcmp(all->items[mid].table, table) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*n = 0; lo + *n < all->n && strcmp(all->items[lo + *n].table, table) == 0;)
		++*n;
	return all->items + lo;
}

/* NULL: none. */
static const struct sl_version *in_force_of(const struct sl_version *v, uint32_t n)
{
	while (n > 0)
		if (v[--n].in_force > 0 && v[n].forgotten == 0)
			return &v[n];
	return NULL;
}

/* What is in force, kept versions, and of the newest that waits when, which and why. */
static void describe_versions(const struct listing *l, struct sl_data_table *out)
{
	uint32_t n;
	const struct sl_version *v = versions_of(&l->versions, out->name, &n), *now = in_force_of(v, n);

	out->imported = now != NULL;
	if (now != NULL) {
		out->imported_at = now->at;
		memcpy(out->version, now->id, sizeof out->version);
	}
	if (now != NULL && out->counted) {
		out->rows = now->rows;
		out->units = now->units;
		out->bytes = now->bytes;
	}
	for (const struct sl_version *end = v + n; v < end; v++) {
		bool is_newer = now == NULL || v->n > now->n;
		/* That there is a newer one says that somebody has changed. */
		if (v->forgotten != 0 || (!out->counted && is_newer))
			continue;
		out->versions++;
		if (!is_newer)
			continue;
		out->waits = true;
		out->waiting_at = v->at;
		memcpy(out->waiting, v->id, sizeof out->waiting);
		out->fate = (struct sl_data_fate){.waits = true, .compared = v->changed >= 0};
		out->fate.changed = out->fate.compared ? (uint64_t)v->changed : 0;
		out->fate.needed = l->s->policy.rules.threshold;
		out->fate.has_day = sl_policy_refresh_day(&l->s->policy, out->name, &out->fate.day);
	}
}

static enum sl_rc see_reference(void *self, const char *table, struct sl_reference_row *row, struct sl_err *err)
{
	struct listing *l = self;

	(void)err;
	sl_reference_row_free(row);
	for (uint32_t i = 0; i < l->n; i++)
		if (l->tables[i].space[0] == '\0' && strcmp(l->tables[i].name, table) == 0) {
			l->tables[i].imported = true;
			l->tables[i].rows++;
		}
	return SL_OK;
}

/* What waits was imported, too; but only who is told of it may see its day. */
static void describe_rhythm(struct sl_data_table *t)
{
	struct sl_rhythm rhythm;

	t->due = INT64_MAX;
	if (!sl_rhythm_parse(t->rhythm, &rhythm))
		return;
	if (t->imported || t->waits)
		t->due = sl_rhythm_due(&rhythm, (t->waits ? t->waiting_at : t->imported_at) / 86400);
	t->late = (!t->imported && !t->waits) || t->due < sl_enclave_today();
}

static enum sl_rc describe_grant(const struct listing *l, const struct sl_store_entry *t, struct sl_data_table *out,
                                 struct sl_err *err)
{
	const struct sl_cat_table table = {.name = (char *)(uintptr_t)t->table, .owner = (char *)(uintptr_t)t->owner,
	                                   .class_ = t->class_};
	struct sl_owner_holding *h = NULL;
	uint32_t n = 0;

	if (t->class_ != SL_CLASS_ON_APPLICATION)
		return SL_OK;
	enum sl_rc rc = sl_owner_holdings(l->s, l->actor->person, &table, &h, &n, err);
	const struct sl_owner_holding *best = rc == SL_OK ? sl_owner_best(h, n) : NULL;
	out->on_application = best != NULL;
	if (best != NULL)
		out->word = best->word;
	free(h);
	return rc;
}

static enum sl_rc describe(const struct listing *l, const struct sl_store_entry *t, struct sl_data_table *out,
                           struct sl_err *err)
{
	out->name = strdup(t->table);
	out->title = strdup(t->title);
	out->owner = strdup(t->owner);
	out->space = strdup(t->space);
	out->rhythm = strdup(t->rhythm);
	out->class_ = t->class_;
	out->counted = l->counted || sl_standing_owns(l->s, l->actor->person, t->owner);
	if (out->name == NULL || out->title == NULL || out->owner == NULL || out->space == NULL || out->rhythm == NULL)
		return no_memory(err);
	describe_versions(l, out);
	enum sl_rc rc = describe_grant(l, t, out, err);
	if (rc == SL_OK)
		describe_rhythm(out);
	return rc;
}

static enum sl_rc see_table(void *self, const struct sl_store_entry *entry, struct sl_err *err)
{
	struct listing *l = self;

	if (l->n == l->cap) {
		uint32_t cap = l->cap > 0 ? 2 * l->cap : 64;
		struct sl_data_table *more = realloc(l->tables, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		l->tables = more;
		l->cap = cap;
	}
	memset(&l->tables[l->n], 0, sizeof *l->tables);
	return describe(l, entry, &l->tables[l->n++], err);
}

static bool is_analyst(const struct sl_standing *s, const struct sl_actor *actor)
{
	bool found = false;

	for (uint32_t i = 0; s->has_policy && actor->person != NULL && i < s->policy.nprojects; i++)
		found |= sl_project_has_analyst(&s->policy.projects[i], actor->person);
	return found;
}

enum sl_rc sl_data_list(struct sl_enclave *e, const struct sl_actor *actor, struct sl_standing *s,
                        struct sl_data_table **out, uint32_t *nout, struct sl_err *err)
{
	struct listing l = {.s = s, .actor = actor};
	enum sl_rc rc = sl_visibility_settle(e, s, err);

	*out = NULL;
	*nout = 0;
	if (rc == SL_OK)
		rc = sl_entries_settle(e, err);
	/* Verifying them takes longer than all the rest: for whom none can be, it is not done. */
	if (rc == SL_OK && is_analyst(s, actor))
		rc = sl_standing_owner_grants(e, s, err);
	l.counted = rc == SL_OK && sl_actor_may(actor, s, SL_ACTION_DATA_IMPORT, NULL) == SL_OK;
	if (rc == SL_OK)
		rc = sl_versions_load(&e->db, NULL, &l.versions, err);
	if (rc == SL_OK && (l.tables = calloc(1, sizeof *l.tables)) == NULL)
		rc = no_memory(err);
	if (rc == SL_OK)
		rc = sl_store_entry_tables(&e->db, see_table, &l, err);
	if (rc == SL_OK)
		rc = sl_reference_each(&e->db, see_reference, &l, err);
	if (rc == SL_OK) {
		*out = l.tables;
		*nout = l.n;
	} else {
		sl_data_list_free(l.tables, l.n);
	}
	sl_versions_free(&l.versions);
	return rc;
}

void sl_data_list_free(struct sl_data_table *tables, uint32_t ntables)
{
	for (uint32_t i = 0; i < ntables; i++) {
		free(tables[i].name);
		free(tables[i].title);
		free(tables[i].owner);
		free(tables[i].space);
		free(tables[i].rhythm);
	}
	free(tables);
}

static enum sl_rc none_in_force(struct sl_enclave *e, const char *table, struct sl_err *err)
{
	struct sl_versions all = {0};
	enum sl_rc rc = sl_versions_load(&e->db, table, &all, err);

	bool waits = rc == SL_OK && all.n > 0 && all.items[all.n - 1].forgotten == 0;
	if (rc == SL_OK && all.n == 0)
		rc = sl_err_set(err, SL_E_NO, "table %s has not been imported", table);
	else if (rc == SL_OK)
		rc = sl_err_set(err, SL_E_NO, "table %s has no version in force: what was imported of it %s", table,
		                waits ? "waits for its day" : "has been forgotten");
	if (rc == SL_E_NO)
		sl_err_remedy(err, waits ? "ask an officer to name the day in the policy: refresh_on"
		                         : "ask the operator to import it");
	sl_versions_free(&all);
	return rc;
}

enum sl_rc sl_data_version_open(struct sl_enclave *e, const struct sl_version *v, struct sl_data_segment *out,
                                struct sl_err *err)
{
	struct sl_secret vault = {{0}};
	struct stat st;
	char hex[33];
	enum sl_rc rc = SL_OK;

	memset(out, 0, sizeof *out);
	sl_text_hex(v->segment_id, 16, hex);
	char *path = sl_enclave_path(e, "vault/%s.seg", hex);
	out->fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	if (out->fd < 0)
		rc = sl_err_errno(err, SL_E_IO, errno, "the segment of %s cannot be opened", v->table);
	if (rc == SL_OK && (fstat(out->fd, &st) != 0 || (uint64_t)st.st_size != v->bytes))
		rc = sl_err_set(err, SL_E_INTEGRITY, "the segment of %s has another size than was sealed", v->table);
	if (rc == SL_OK && v->nwrapped != SL_WRAPPED_KEY_BYTES)
		rc = sl_err_set(err, SL_E_INTEGRITY, "the key of %s is damaged", v->table);
	if (rc == SL_OK)
		rc = sl_enclave_vault_key(e, &vault, err);
	if (rc == SL_OK)
		rc = sl_keys_unwrap(vault.b, v->segment_id, v->wrapped, out->key, err);
	sl_secret_wipe(&vault);
	memcpy(out->segment_id, v->segment_id, sizeof out->segment_id);
	memcpy(out->version, v->id, sizeof out->version);
	out->bytes = v->bytes;
	out->rows = v->rows;
	free(path);
	if (rc != SL_OK)
		sl_data_segment_close(out);
	return rc;
}

enum sl_rc sl_data_segment_open(struct sl_enclave *e, const char *table, struct sl_data_segment *out,
                                struct sl_err *err)
{
	struct sl_version v = {0};
	enum sl_rc rc = sl_version_in_force(&e->db, table, &v, err);

	*out = (struct sl_data_segment){.fd = -1};
	if (rc == SL_OK)
		rc = sl_data_version_open(e, &v, out, err);
	if (rc == SL_E_IO || rc == SL_E_INTEGRITY)
		sl_err_remedy(err, "an operator brings the file, or the keys it was sealed with, back from a backup: data verify");
	if (rc == SL_E_NO)
		rc = none_in_force(e, table, err);
	sl_version_free(&v);
	return rc;
}

void sl_data_segment_close(struct sl_data_segment *s)
{
	if (s->fd >= 0)
		close(s->fd);
	explicit_bzero(s, sizeof *s);
	s->fd = -1;
}
