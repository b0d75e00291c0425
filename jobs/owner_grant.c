/* owner_grant.c - see owner.h: an owner grants, refuses, withdraws; each with its leaf in one commit. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/owner_terms.h"
#include "jobs/pack.h"
#include "jobs/signed.h"

/* --- what can be granted ------------------------------------------------------------------------------ */

static const struct sl_granted_table *granted_table(const struct sl_project *p, const char *name)
{
	for (uint32_t i = 0; i < p->ntables; i++)
		if (strcmp(p->tables[i].name, name) == 0)
			return &p->tables[i];
	return NULL;
}

static enum sl_rc copy_names(char *const *from, uint32_t n, char ***to, uint32_t *nto, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*to = calloc((size_t)n + 1, sizeof **to);
	if (*to == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		rc = sl_pack_dup(from[i], &(*to)[i], err);
		*nto += rc == SL_OK;
	}
	return rc;
}

enum sl_rc sl_owner_offer(const struct sl_project *project, const struct sl_cat_table *table,
                          struct sl_owner_grant *out, struct sl_err *err)
{
	const struct sl_granted_table *g = granted_table(project, table->name);
	enum sl_rc rc;

	if (g == NULL) {
		rc = sl_err_set(err, SL_E_DENIED, "the policy in force gives project \"%s\" no table \"%s\"", project->name,
		                table->name);
		sl_err_rule(err, SL_GRANT_NO_SUCH_TABLE);
		sl_err_remedy(err, "an officer grants it first");
		return rc;
	}
	rc = copy_names(project->analysts, project->nanalysts, &out->analysts, &out->nanalysts, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(project->name, &out->project, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(project->purpose, &out->purpose, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(table->name, &out->table, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(table->owner, &out->owner, err);
	if (rc == SL_OK && (out->columns = calloc((size_t)g->ncolumns + 1, sizeof *out->columns)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < g->ncolumns && rc == SL_OK; i++) {
		const struct sl_cat_field *f = sl_catalogue_field(table, g->columns[i].name);
		uint8_t uses = f != NULL && !f->is_unit ? f->column.uses & g->columns[i].uses : 0;
		if (uses == 0)
			continue;
		out->columns[out->ncolumns].uses = uses;
		rc = sl_pack_dup(g->columns[i].name, &out->columns[out->ncolumns].name, err);
		out->ncolumns += rc == SL_OK;
	}
	return rc;
}

/* Of what is on offer only the columns named; one that is not on offer is refused, with the near name. */
static enum sl_rc keep_named(struct sl_owner_grant *g, const struct sl_owner_terms *terms, struct sl_err *err)
{
	const char *names[SL_COLUMNS_MAX];
	uint32_t kept = 0;

	for (uint32_t i = 0; i < g->ncolumns && i < SL_COLUMNS_MAX; i++)
		names[i] = g->columns[i].name;
	for (uint32_t k = 0; k < terms->ncolumns; k++) {
		uint32_t i = 0;
		while (i < g->ncolumns && strcmp(g->columns[i].name, terms->columns[k]) != 0)
			i++;
		if (i < g->ncolumns)
			continue;
		int near = sl_text_near(terms->columns[k], names, g->ncolumns);
		enum sl_rc rc = sl_err_set(err, SL_E_DENIED, "the policy gives project \"%s\" no column \"%.100s\" of \"%s\"",
		                           g->project, terms->columns[k], g->table);
		sl_err_rule(err, SL_GRANT_NO_SUCH_COLUMN);
		if (near >= 0)
			sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
		else
			sl_err_remedy(err, "sluice data requests %s shows those that it does", g->application);
		return rc;
	}
	for (uint32_t i = 0; i < g->ncolumns && terms->ncolumns > 0; i++) {
		bool named = false;
		for (uint32_t k = 0; k < terms->ncolumns; k++)
			named = named || strcmp(g->columns[i].name, terms->columns[k]) == 0;
		if (named)
			g->columns[kept++] = g->columns[i];
		else
			free(g->columns[i].name);
	}
	if (terms->ncolumns > 0)
		g->ncolumns = kept;
	return SL_OK;
}

/* An application that waits, its table, and an owner who may decide about it. */
static enum sl_rc open_application(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *s,
                                   int64_t id, struct sl_store_application *out, const struct sl_cat_table **table,
                                   struct sl_err *err)
{
	enum sl_rc rc = sl_store_application_get(&e->db, id, out, err);

	if (rc == SL_E_NO || (rc == SL_OK && !sl_owner_sees(actor, s, out->project, out->author, out->table)))
		return sl_err_set(err, SL_E_NO, "there is no application A-%lld", (long long)id);
	if (rc != SL_OK)
		return rc;
	*table = sl_owner_table(s, out->table);
	if (*table == NULL)
		return sl_err_set(err, SL_E_NO, "the table \"%s\" is in no catalogue any more", out->table);
	rc = sl_owner_may_speak(&s->policy, *table, out->project, actor->person, sl_enclave_today(), err);
	if (rc == SL_OK && out->state != SL_APPLICATION_WAITS)
		rc = sl_err_set(err, SL_E_NO, "application A-%lld was %s by %s", (long long)id,
		                sl_application_state_name((enum sl_application_state)out->state), out->decided_by);
	return rc;
}

enum sl_rc sl_owner_may_decide(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *s,
                               int64_t application, struct sl_err *err)
{
	const struct sl_cat_table *table = NULL;
	struct sl_store_application a = { 0 };
	enum sl_rc rc = open_application(e, actor, s, application, &a, &table, err);

	sl_store_application_free(&a);
	return rc;
}

static enum sl_rc terms_of(const struct sl_standing *s, const struct sl_store_application *a,
                           const struct sl_cat_table *table, const struct sl_owner_terms *terms,
                           struct sl_owner_grant *out, struct sl_err *err)
{
	const struct sl_project *p = sl_policy_project(&s->policy, a->project);
	char name[SL_PACK_NAME];
	enum sl_rc rc;

	if (p == NULL)
		return sl_err_set(err, SL_E_NO, "the policy in force has no project \"%s\" any more", a->project);
	if (terms->until < sl_enclave_today()) {
		rc = sl_err_set(err, SL_E_INPUT, "the last day is over already");
		sl_err_remedy(err, "give a day of today or later: --until YYYY-MM-DD");
		return rc;
	}
	sl_pack_name('A', a->id, name);
	rc = sl_pack_dup(name, &out->application, err);
	out->until = terms->until;
	if (rc == SL_OK)
		rc = sl_owner_offer(p, table, out, err);
	return rc == SL_OK ? keep_named(out, terms, err) : rc;
}

enum sl_rc sl_owner_grant_statement(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                    const struct sl_owner_terms *terms, struct sl_buf *out, struct sl_err *err)
{
	const struct sl_cat_table *table = NULL;
	struct sl_store_application a = { 0 };
	struct sl_standing standing = { 0 };
	struct sl_owner_grant grant = { 0 };
	struct sl_checkpoint cp;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_GRANT, err);
	if (rc == SL_OK)
		rc = open_application(e, actor, &standing, id, &a, &table, err);
	if (rc == SL_OK)
		rc = terms_of(&standing, &a, table, terms, &grant, err);
	if (rc == SL_OK)
		rc = sl_audit_checkpoint(e, &cp, err);
	if (rc == SL_OK)
		rc = sl_owner_statement_put(e, &standing, &grant, cp.size, cp.root.b, out, err);
	sl_owner_grant_free(&grant);
	sl_store_application_free(&a);
	sl_standing_free(&standing);
	return rc;
}

/* --- granting ----------------------------------------------------------------------------------------- */

/* The statement is the one we would write for the day and columns that it names. */
static enum sl_rc check_statement(struct sl_enclave *e, const struct sl_standing *standing,
                                  const struct sl_store_application *a, const struct sl_cat_table *table,
                                  const struct sl_signed *d, struct sl_err *err)
{
	size_t len = d->nstatement > 0 && d->statement[d->nstatement - 1] == '\n' ? d->nstatement - 1 : d->nstatement;
	struct sl_owner_statement said = { 0 };
	struct sl_owner_grant ours = { 0 };
	const char **columns = NULL;
	struct sl_buf text = { 0 };
	uint8_t root[32];
	uint64_t size = 0;
	json_t *v = NULL;
	enum sl_rc rc = sl_signed_read(e, d, &v, &size, root, err);

	if (rc == SL_OK)
		rc = sl_owner_statement_read(d->statement, len, &said, err);
	if (rc == SL_OK && (columns = calloc((size_t)said.grant.ncolumns + 1, sizeof *columns)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < said.grant.ncolumns && rc == SL_OK; i++)
		columns[i] = said.grant.columns[i].name;
	struct sl_owner_terms terms = { said.grant.until, columns, said.grant.ncolumns };
	if (rc == SL_OK)
		rc = terms_of(standing, a, table, &terms, &ours, err);
	if (rc == SL_OK)
		rc = sl_owner_statement_put(e, standing, &ours, size, root, &text, err);
	if (rc == SL_OK)
		rc = sl_signed_is(d, &text, "this application", err);
	sl_buf_free(&text);
	sl_owner_grant_free(&ours);
	sl_owner_statement_free(&said);
	free(columns);
	json_decref(v);
	return rc;
}

static enum sl_rc store_grant(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_person *person,
                              struct sl_store_application *a, const struct sl_signed *d, int64_t *grant,
                              struct sl_err *err)
{
	struct sl_store_owner_grant row = {
		.application = a->id,
		.granted_at = sl_enclave_now(),
		.person = actor->person,
		.key = person->key,
		.statement = d->statement,
		.signature = d->armour,
	};
	const struct sl_store_application decided = { .id = a->id, .state = SL_APPLICATION_GRANTED,
		                                          .decided_at = row.granted_at, .decided_by = actor->person };
	char name[SL_PACK_NAME], application[SL_PACK_NAME];
	enum sl_rc rc = sl_store_application_decide(&e->db, &decided, err);

	if (rc == SL_OK)
		rc = sl_store_owner_grant_insert(&e->db, &row, grant, err);
	sl_pack_name('G', *grant, name);
	sl_pack_name('A', a->id, application);
	/* What an owner signs tells of no row, so its plain digest may stand there: others can compare it. */
	if (rc == SL_OK)
		rc = sl_audit_append(e, "grant.made", sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:s, s:s, s:o}", "grant", name, "application", application, "project",
		                               a->project, "table", a->table, "statement",
		                               sl_pack_sha256(d->statement, d->nstatement)),
		                     NULL, err);
	return rc;
}

static enum sl_rc decide(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                         int64_t id, struct sl_signed *d, int64_t *grant, struct sl_err *err)
{
	const struct sl_person *person =
		actor->person != NULL && standing->has_policy ? sl_policy_person(&standing->policy, actor->person) : NULL;
	const struct sl_cat_table *table = NULL;
	struct sl_store_application a = { 0 };
	enum sl_rc rc = person == NULL ? sl_err_set(err, SL_E_IDENT, "the policy in force does not know you")
	                               : open_application(e, actor, standing, id, &a, &table, err);

	if (rc == SL_OK)
		rc = sl_signed_check(person, SL_GRANT_NAMESPACE, d, err);
	if (rc == SL_OK)
		rc = check_statement(e, standing, &a, table, d, err);
	if (rc == SL_OK)
		rc = store_grant(e, actor, person, &a, d, grant, err);
	sl_store_application_free(&a);
	return rc;
}

static enum sl_rc sign_here(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                            const struct sl_owner_terms *terms, struct sl_signed *d, struct sl_err *err)
{
	struct sl_buf text = { 0 };
	enum sl_rc rc =
		actor->kind == SL_ACTOR_KEY ? sl_owner_grant_statement(e, actor, id, terms, &text, err) : SL_OK;

	if (rc == SL_OK)
		rc = sl_signed_make(actor, SL_GRANT_NAMESPACE, &text, d, err);
	sl_buf_free(&text);
	return rc;
}

enum sl_rc sl_owner_grant_make(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                               const struct sl_owner_terms *terms, const void *signed_statement, size_t nsigned,
                               int64_t *grant, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_signed d = { 0 };
	enum sl_rc rc = signed_statement != NULL ? sl_signed_take(signed_statement, nsigned, &d, err)
	                                         : sign_here(e, actor, id, terms, &d, err);

	*grant = 0;
	if (rc == SL_OK)
		rc = sl_owner_begin(e, actor, SL_ACTION_DATA_GRANT, &standing, err);
	if (rc == SL_OK)
		rc = decide(e, actor, &standing, id, &d, grant, err);
	sl_signed_free(&d);
	return sl_owner_end(e, &standing, rc, err);
}

/* --- refusing, withdrawing ---------------------------------------------------------------------------- */

enum sl_rc sl_owner_refuse(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const char *reason,
                           struct sl_err *err)
{
	const struct sl_cat_table *table = NULL;
	struct sl_store_application a = { 0 };
	struct sl_standing standing = { 0 };
	char name[SL_PACK_NAME];
	enum sl_rc rc = sl_owner_words(reason, "a reason", err);

	sl_pack_name('A', id, name);
	if (rc == SL_OK)
		rc = sl_owner_begin(e, actor, SL_ACTION_DATA_GRANT, &standing, err);
	if (rc == SL_OK)
		rc = open_application(e, actor, &standing, id, &a, &table, err);
	if (rc == SL_OK) {
		const struct sl_store_application decided = { .id = id, .state = SL_APPLICATION_REFUSED,
			                                          .decided_at = sl_enclave_now(), .decided_by = actor->person,
			                                          .answer = (char *)(uintptr_t)reason };
		rc = sl_store_application_decide(&e->db, &decided, err);
	}
	if (rc == SL_OK)
		rc = sl_audit_append(e, "grant.refused", sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:s, s:o}", "application", name, "project", a.project, "table",
		                               a.table, "reason", sl_pack_keyed(e, reason, strlen(reason))),
		                     NULL, err);
	sl_store_application_free(&a);
	return sl_owner_end(e, &standing, rc, err);
}

static const struct sl_owner_grant *find_grant(const struct sl_standing *s, int64_t id)
{
	for (uint32_t i = 0; i < s->nowner_grants; i++)
		if (s->owner_grants[i].id == id)
			return &s->owner_grants[i];
	return NULL;
}

/* An owner who has become an analyst of the project may still withdraw: that opens nothing. */
static enum sl_rc may_withdraw(const struct sl_actor *actor, const struct sl_standing *s, int64_t id,
                               const struct sl_owner_grant **out, struct sl_err *err)
{
	const struct sl_owner_grant *g = find_grant(s, id);
	const struct sl_cat_table *t = g != NULL ? sl_owner_table(s, g->table) : NULL;
	const char *owner = t != NULL ? t->owner : g != NULL && g->owner != NULL ? g->owner : "";

	*out = g;
	if (g != NULL && sl_owner_is(&s->policy, sl_policy_person(&s->policy, actor->person), owner, sl_enclave_today()))
		return SL_OK;
	if (g == NULL || !sl_owner_sees(actor, s, g->project, "", g->table))
		return sl_err_set(err, SL_E_NO, "there is no grant G-%lld", (long long)id);
	(void)sl_err_set(err, SL_E_DENIED, "\"%s\" is no owner of \"%s\", which is of \"%s\"", actor->person, g->table, owner);
	sl_err_rule(err, SL_GRANT_NOT_OWNER);
	sl_err_remedy(err, "an owner of \"%s\" withdraws it", owner);
	return SL_E_DENIED;
}

enum sl_rc sl_owner_may_withdraw(const struct sl_actor *actor, const struct sl_standing *s, int64_t grant,
                                 struct sl_err *err)
{
	const struct sl_owner_grant *g = NULL;
	enum sl_rc rc = may_withdraw(actor, s, grant, &g, err);

	return rc == SL_OK && g->withdrawn
	               ? sl_err_set(err, SL_E_NO, "grant G-%lld was withdrawn before", (long long)grant) : rc;
}

enum sl_rc sl_owner_withdraw(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const char *reason,
                             struct sl_err *err)
{
	const struct sl_owner_grant *g = NULL;
	struct sl_standing standing = { 0 };
	char name[SL_PACK_NAME];
	enum sl_rc rc = sl_owner_words(reason, "a reason", err);

	sl_pack_name('G', id, name);
	if (rc == SL_OK)
		rc = sl_owner_begin(e, actor, SL_ACTION_DATA_GRANT, &standing, err);
	if (rc == SL_OK)
		rc = may_withdraw(actor, &standing, id, &g, err);
	if (rc == SL_OK) {
		const struct sl_store_owner_grant row = { .id = id, .withdrawn_at = sl_enclave_now(),
			                                      .withdrawn_by = actor->person,
			                                      .withdrawn_why = (char *)(uintptr_t)reason };
		rc = sl_store_owner_grant_withdraw(&e->db, &row, err);
	}
	if (rc == SL_OK)
		rc = sl_audit_append(e, "grant.withdrawn", sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:s, s:o}", "grant", name, "project", g->project, "table", g->table,
		                               "reason", sl_pack_keyed(e, reason, strlen(reason))),
		                     NULL, err);
	return sl_owner_end(e, &standing, rc, err);
}
