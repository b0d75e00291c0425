/* owner_apply.c - see owner.h: applications are made, and shown to those they concern. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/owner_terms.h"
#include "jobs/pack.h"

const char *sl_application_state_name(enum sl_application_state state)
{
	static const char *const names[] = { "none", "waits", "granted", "refused" };

	return (size_t)state < sizeof names / sizeof names[0] ? names[state] : "none";
}

const char *sl_owner_say_name(enum sl_owner_say say)
{
	static const char *const names[] = {
		[SL_OWNER_SILENT] = "none",
		[SL_OWNER_UNVERIFIED] = "not verified",
		[SL_OWNER_NO_OWNER] = "not by an owner",
		[SL_OWNER_OWN_PROJECT] = "by an analyst of it",
		[SL_OWNER_WITHDRAWN] = "withdrawn",
		[SL_OWNER_EXPIRED] = "expired",
		[SL_OWNER_PURPOSE] = "for another purpose",
		[SL_OWNER_PERSON] = "without this analyst",
		[SL_OWNER_GRANTS] = "in force",
		[SL_OWNER_NOT_ASKED] = "not asked",
	};

	return (size_t)say < sizeof names / sizeof names[0] ? names[say] : "none";
}

enum sl_rc sl_owner_words(const char *text, const char *what, struct sl_err *err)
{
	if (text == NULL || !sl_text_says(text, SL_TITLE_BYTES))
		return sl_err_set(err, SL_E_INPUT, "%s is one line of clean text of at most %d bytes, and not blank", what,
		                  SL_TITLE_BYTES);
	return SL_OK;
}

enum sl_rc sl_owner_begin(struct sl_enclave *e, const struct sl_actor *actor, enum sl_action action,
                          struct sl_standing *s, struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = sl_standing_load(e, s, err);
	return rc == SL_OK ? sl_actor_may(actor, s, action, err) : rc;
}

enum sl_rc sl_owner_end(struct sl_enclave *e, struct sl_standing *s, enum sl_rc rc, struct sl_err *err)
{
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	sl_standing_free(s);
	return rc;
}

/* --- asking ------------------------------------------------------------------------------------------- */

/* The project may use the table by policy, and the table's class asks for its owner's grant. */
static enum sl_rc may_apply(const struct sl_grant *grant, const char *table, struct sl_err *err)
{
	const char *names[SL_TABLES_MAX];
	uint32_t n = 0;
	enum sl_rc rc;

	for (; n < grant->view.ntables && n < SL_TABLES_MAX; n++) {
		names[n] = grant->view.tables[n].name;
		if (strcmp(names[n], table) != 0)
			continue;
		if (grant->tables[n].word.say != SL_OWNER_NOT_ASKED)
			return SL_OK;
		rc = sl_err_set(err, SL_E_NO, "\"%s\" is %s: no application is needed", table,
		                sl_class_name((enum sl_class)grant->tables[n].table->class_));
		sl_err_remedy(err, "sluice job run FILE -p %s", grant->project->name);
		return rc;
	}
	int near = sl_text_near(table, names, n);
	rc = sl_err_set(err, SL_E_DENIED, "the policy gives project \"%s\" no table \"%.100s\"", grant->project->name, table);
	sl_err_rule(err, SL_GRANT_NO_SUCH_TABLE);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
	else
		sl_err_remedy(err, "ask an officer to grant it to the project; then its owner");
	return rc;
}

static enum sl_rc none_waits(struct sl_enclave *e, const struct sl_store_application *row, struct sl_err *err)
{
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_application_ids(&e->db, &ids, &n, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		struct sl_store_application a;
		rc = sl_store_application_get(&e->db, ids[i], &a, err);
		if (rc == SL_OK && a.state == SL_APPLICATION_WAITS && strcmp(a.project, row->project) == 0 &&
		    strcmp(a.table, row->table) == 0) {
			rc = sl_err_set(err, SL_E_NO, "A-%lld for \"%s\" waits already", (long long)a.id, a.table);
			sl_err_remedy(err, "sluice data requests A-%lld", (long long)a.id);
		}
		sl_store_application_free(&a);
	}
	free(ids);
	return rc;
}

static enum sl_rc apply_one(struct sl_enclave *e, const struct sl_actor *actor, struct sl_store_application *row,
                            struct sl_err *err)
{
	char name[SL_PACK_NAME];
	enum sl_rc rc = none_waits(e, row, err);

	if (rc == SL_OK)
		rc = sl_store_application_insert(&e->db, row, &row->id, err);
	sl_pack_name('A', row->id, name);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "grant.requested", sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:s, s:o}", "application", name, "project", row->project, "table",
		                               row->table, "reason", sl_pack_keyed(e, row->reason, strlen(row->reason))),
		                     NULL, err);
	return rc;
}

static enum sl_rc check_day(int64_t until, struct sl_err *err)
{
	if (until != INT64_MIN && until < sl_enclave_today())
		return sl_err_set(err, SL_E_INPUT, "the last day is over already");
	return SL_OK;
}

enum sl_rc sl_owner_apply(struct sl_enclave *e, const struct sl_actor *actor, const char *project,
                          const char *const *tables, uint32_t ntables, const char *reason, int64_t until, int64_t *ids,
                          struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_grant grant = { 0 };
	enum sl_rc rc = sl_owner_words(reason, "a reason", err);

	if (rc == SL_OK)
		rc = check_day(until, err);
	if (rc == SL_OK)
		rc = sl_owner_begin(e, actor, SL_ACTION_DATA_REQUEST, &standing, err);
	if (rc == SL_OK)
		rc = sl_standing_grant(&standing, project, actor->person, &grant, err);
	for (uint32_t i = 0; i < ntables && rc == SL_OK; i++) {
		struct sl_store_application row = {
			.state = SL_APPLICATION_WAITS,
			.created_at = sl_enclave_now(),
			.until = until,
			.project = grant.project->name,
			.author = actor->person,
			.table = (char *)(uintptr_t)tables[i],
			.reason = (char *)(uintptr_t)reason,
		};
		rc = may_apply(&grant, tables[i], err);
		if (rc == SL_OK)
			rc = apply_one(e, actor, &row, err);
		ids[i] = row.id;
	}
	sl_grant_free(&grant);
	return sl_owner_end(e, &standing, rc, err);
}

/* --- showing ------------------------------------------------------------------------------------------ */

const struct sl_cat_table *sl_owner_table(const struct sl_standing *s, const char *name)
{
	for (uint32_t i = 0; i < s->ncatalogues; i++) {
		const struct sl_cat_table *t = sl_catalogue_table(&s->catalogues[i], name);
		if (t != NULL)
			return t;
	}
	return NULL;
}

bool sl_owner_sees(const struct sl_actor *actor, const struct sl_standing *s, const char *project, const char *author,
                   const char *table)
{
	const struct sl_person *p =
		actor->kind != SL_ACTOR_OPERATOR && s->has_policy ? sl_policy_person(&s->policy, actor->person) : NULL;
	const struct sl_cat_table *t = sl_owner_table(s, table);
	const struct sl_project *pr = s->has_policy ? sl_policy_project(&s->policy, project) : NULL;
	uint32_t roles = p != NULL ? sl_policy_roles(&s->policy, p, sl_enclave_today()) : 0;

	if ((roles & (SL_ROLE_OFFICER | SL_ROLE_AUDITOR)) != 0)
		return true;
	if (t != NULL && p != NULL && sl_owner_is(&s->policy, p, t->owner, sl_enclave_today()))
		return true;
	return p != NULL && (strcmp(p->name, author) == 0 || (pr != NULL && sl_project_has_analyst(pr, p->name)));
}

static void free_columns(struct sl_granted_column *c, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		free(c[i].name);
	free(c);
}

static void free_one(struct sl_application *a)
{
	sl_store_application_free(&a->row);
	free(a->owner);
	free(a->purpose);
	free_columns(a->columns, a->ncolumns);
	free_columns(a->given, a->ngiven);
	free(a->withdrawn_by);
	free(a->withdrawn_why);
	memset(a, 0, sizeof *a);
}

static enum sl_rc copy_columns(const struct sl_granted_column *from, uint32_t n, struct sl_granted_column **to,
                               uint32_t *nto, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*to = calloc((size_t)n + 1, sizeof **to);
	if (*to == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		(*to)[i].uses = from[i].uses;
		rc = sl_pack_dup(from[i].name, &(*to)[i].name, err);
		*nto += rc == SL_OK;
	}
	return rc;
}

/* The latest grant that the application led to. */
static enum sl_rc tell_grant(const struct sl_standing *s, const struct sl_cat_table *t, const struct sl_project *p,
                             struct sl_application *out, struct sl_err *err)
{
	char name[SL_PACK_NAME];
	enum sl_rc rc = SL_OK;

	sl_pack_name('A', out->row.id, name);
	for (uint32_t i = s->nowner_grants; i > 0 && rc == SL_OK; i--) {
		const struct sl_owner_grant *g = &s->owner_grants[i - 1];
		if (g->application == NULL || strcmp(g->application, name) != 0)
			continue;
		out->grant = g->id;
		out->until = g->until;
		if (t != NULL && p != NULL) {
			const struct sl_owner_question q = { .policy = &s->policy, .project = p, .table = t,
				                                 .person = out->row.author, .today = sl_enclave_today() };
			out->say = (uint8_t)sl_owner_judge(&q, g);
		}
		return copy_columns(g->columns, g->ncolumns, &out->given, &out->ngiven, err);
	}
	return rc;
}

static enum sl_rc tell_withdrawal(struct sl_enclave *e, struct sl_application *out, struct sl_err *err)
{
	struct sl_store_owner_grant *rows = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_owner_grants(&e->db, &rows, &n, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (rows[i].id == out->grant) {
			rc = sl_pack_dup(rows[i].withdrawn_by, &out->withdrawn_by, err);
			if (rc == SL_OK)
				rc = sl_pack_dup(rows[i].withdrawn_why, &out->withdrawn_why, err);
		}
	sl_store_owner_grants_free(rows, n);
	return rc;
}

static enum sl_rc show_one(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *s, int64_t id,
                           struct sl_application *out, struct sl_err *err)
{
	struct sl_owner_grant terms = { 0 };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_store_application_get(&e->db, id, &out->row, err);
	if (rc == SL_OK && !sl_owner_sees(actor, s, out->row.project, out->row.author, out->row.table))
		rc = SL_E_NO;
	const struct sl_cat_table *t = rc == SL_OK ? sl_owner_table(s, out->row.table) : NULL;
	const struct sl_project *p = rc == SL_OK && s->has_policy ? sl_policy_project(&s->policy, out->row.project) : NULL;
	if (rc == SL_OK)
		rc = sl_pack_dup(t != NULL ? t->owner : "", &out->owner, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(p != NULL ? p->purpose : "", &out->purpose, err);
	if (rc == SL_OK && t != NULL && p != NULL) {
		rc = sl_owner_offer(p, t, &terms, err);
		if (rc == SL_OK)
			rc = copy_columns(terms.columns, terms.ncolumns, &out->columns, &out->ncolumns, err);
		rc = rc == SL_E_DENIED ? SL_OK : rc;
	}
	if (rc == SL_OK)
		rc = tell_grant(s, t, p, out, err);
	if (rc == SL_OK)
		rc = tell_withdrawal(e, out, err);
	sl_owner_grant_free(&terms);
	return rc;
}

enum sl_rc sl_owner_applications(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                 struct sl_application **out, uint32_t *nout, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	*out = NULL;
	*nout = 0;
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_REQUESTS, err);
	if (rc == SL_OK)
		rc = sl_store_application_ids(&e->db, &ids, &n, err);
	if (rc == SL_OK && (*out = calloc((size_t)n + 1, sizeof **out)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		if (id != 0 && ids[i] != id)
			continue;
		struct sl_application *a = &(*out)[*nout];
		rc = show_one(e, actor, &standing, ids[i], a, err);
		if (rc == SL_E_NO) {
			free_one(a);
			rc = SL_OK;
		} else {
			*nout += 1;
		}
	}
	if (rc == SL_OK && id != 0 && *nout == 0)
		rc = sl_err_set(err, SL_E_NO, "there is no application A-%lld", (long long)id);
	if (rc != SL_OK) {
		sl_owner_applications_free(*out, *nout);
		*out = NULL;
		*nout = 0;
	}
	free(ids);
	sl_standing_free(&standing);
	return rc;
}

void sl_owner_applications_free(struct sl_application *a, uint32_t n)
{
	for (uint32_t i = 0; a != NULL && i < n; i++)
		free_one(&a[i]);
	free(a);
}
