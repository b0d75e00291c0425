/* release.c - what left: listed, and handed out as a copy of the bundle. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobs/access.h"
#include "jobs/bundle.h"
#include "jobs/left.h"
#include "jobs/pack.h"
#include "jobs/release.h"
#include "jobs/store/recovered.h"
#include "jobs/store/release.h"
#include "jobs/store/request.h"

void sl_release_list_free(struct sl_release *r, uint32_t n)
{
	for (uint32_t i = 0; r != NULL && i < n; i++) {
		free(r[i].project);
		free(r[i].dir);
		free(r[i].revoked_by);
		free(r[i].reason);
		free(r[i].recovered_by);
		free(r[i].unknown);
		for (uint32_t k = 0; k < r[i].nfetched; k++)
			free(r[i].fetched[k].person);
		free(r[i].fetched);
	}
	free(r);
}

/* A release is seen by those who see its request. *seen false: not this actor's. */
static enum sl_rc load(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                       enum sl_action action, int64_t id, struct sl_store_release *row, bool *seen, struct sl_err *err)
{
	struct sl_store_request request;
	enum sl_rc rc = sl_store_release_get(&e->db, id, row, err);

	*seen = false;
	if (rc != SL_OK)
		return rc;
	rc = sl_store_request_get(&e->db, row->request, &request, err);
	if (rc == SL_E_NO)
		return sl_err_set(err, SL_E_INTEGRITY, "the request of L-%lld is gone", (long long)id);
	if (rc != SL_OK)
		return rc;
	*seen = sl_pack_sees(actor, standing, action, request.project, request.author);
	sl_store_request_free(&request);
	return SL_OK;
}

/* Whether it was entered again after a restore, and by whom. */
static void take_recovered(struct sl_store_recovered *row, struct sl_release *out)
{
	out->recovered_at = row->at;
	out->recovered_by = row->person;
	out->unknown = row->why;
	row->person = row->why = NULL;
}

/* Whether a restore lost it, and what number it had then. */
static enum sl_rc tell_recovered(struct sl_enclave *e, struct sl_release *out, struct sl_err *err)
{
	struct sl_store_recovered row = { 0 }, fork = { 0 };
	enum sl_rc rc = sl_store_recovered_get(&e->db, out->id, &row, err);

	if (rc == SL_OK) {
		take_recovered(&row, out);
		rc = sl_store_recovered_fork(&e->db, row.publication, &fork, err);
	}
	if (rc == SL_OK)
		out->left_as = fork.release;
	sl_store_recovered_free(&fork);
	sl_store_recovered_free(&row);
	return rc == SL_E_NO ? SL_OK : rc;
}

/* Whether it was revoked, and who has it. */
static enum sl_rc tell_since(struct sl_enclave *e, struct sl_release *out, struct sl_err *err)
{
	struct sl_store_revoked revoked = { 0 };
	struct sl_store_fetch *rows = NULL;
	uint32_t n = 0;
	enum sl_rc rc = tell_recovered(e, out, err);

	if (rc == SL_OK)
		rc = sl_store_revoked_get(&e->db, out->id, &revoked, err);
	if (rc == SL_OK) {
		out->revoked_at = revoked.at;
		out->revoked_by = revoked.person;
		out->reason = revoked.reason;
		revoked.person = revoked.reason = NULL;
		sl_store_revoked_free(&revoked);
	}
	if (rc == SL_OK || rc == SL_E_NO)
		rc = sl_store_fetch_list(&e->db, out->id, &rows, &n, err);
	if (rc == SL_OK && (out->fetched = calloc((size_t)n + 1, sizeof *out->fetched)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		out->fetched[out->nfetched++] = (struct sl_fetched){ rows[i].at, rows[i].person };
		rows[i].person = NULL;
	}
	sl_store_fetch_free(rows, n);
	return rc;
}

static enum sl_rc list_one(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                           int64_t id, struct sl_release *out, bool *seen, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	enum sl_rc rc = load(e, actor, standing, SL_ACTION_RELEASE_LIST, id, &row, seen, err);

	if (rc == SL_OK && *seen) {
		*out = (struct sl_release){ .id = id, .request = row.request, .released_at = row.released_at };
		out->project = row.project;
		row.project = NULL;
		out->dir = sl_enclave_path(e, "releases/L-%lld", (long long)id);
		if (out->dir == NULL) {
			free(out->project);
			out->project = NULL;
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
		}
		if (rc == SL_OK)
			rc = tell_since(e, out, err);
	}
	sl_store_release_free(&row);
	return rc;
}

enum sl_rc sl_release_one(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, struct sl_release **out,
                          struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	bool seen = false;
	enum sl_rc rc = sl_standing_people(e, &standing, err);

	*out = calloc(1, sizeof **out);
	if (rc == SL_OK && *out == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = list_one(e, actor, &standing, id, *out, &seen, err);
	if (rc == SL_E_NO || (rc == SL_OK && !seen))
		rc = sl_err_set(err, SL_E_NO, "there is no release L-%lld", (long long)id);
	if (rc != SL_OK) {
		sl_release_list_free(*out, 1);
		*out = NULL;
	}
	sl_standing_free(&standing);
	return rc;
}

/* Whoever has it has it; nobody gets it anew but those who look into what happened. */
static enum sl_rc check_revoked(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                                int64_t id, struct sl_err *err)
{
	const struct sl_person *p = sl_policy_person(&standing->policy, actor->person);
	struct sl_store_revoked revoked;
	char at[SL_TIME_TEXT];
	enum sl_rc rc = sl_store_revoked_get(&e->db, id, &revoked, err);

	if (rc == SL_E_NO)
		return SL_OK;
	if (rc == SL_OK &&
	    (p == NULL || (sl_policy_roles(&standing->policy, p, sl_enclave_today()) & SL_ROLE_AUDITOR) == 0)) {
		sl_enclave_time_text(revoked.at, at);
		rc = sl_err_set(err, SL_E_DENIED, "L-%lld was revoked by %s on %s", (long long)id, revoked.person, at);
		sl_err_rule(err, SL_RELEASE_REVOKED);
		sl_err_remedy(err, "release ls has the reason; an auditor still gets it");
	}
	if (rc == SL_OK || rc == SL_E_DENIED)
		sl_store_revoked_free(&revoked);
	return rc;
}

/* Room for n more behind the *nout that are there. */
static enum sl_rc reserve(struct sl_release **out, uint32_t nout, uint32_t n, struct sl_err *err)
{
	struct sl_release *more = realloc(*out, ((size_t)nout + n + 1) * sizeof *more);

	if (more == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	memset(more + nout, 0, ((size_t)n + 1) * sizeof *more);
	*out = more;
	return SL_OK;
}

static enum sl_rc list_counted(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                               struct sl_release **out, uint32_t *nout, struct sl_err *err)
{
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_release_ids(&e->db, &ids, &n, err);

	if (rc == SL_OK)
		rc = reserve(out, *nout, n, err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		bool seen;
		struct sl_release *one = &(*out)[*nout];
		rc = list_one(e, actor, standing, ids[i], one, &seen, err);
		*nout += one->project != NULL;
	}
	free(ids);
	return rc;
}

/* Those that left, and of which nothing but the bundle is known here: their authors are not. */
static enum sl_rc list_unknown(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                               struct sl_release **out, uint32_t *nout, struct sl_err *err)
{
	struct sl_store_recovered *rows = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_recovered_unknown(&e->db, NULL, &rows, &n, err);

	if (rc == SL_OK)
		rc = reserve(out, *nout, n, err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		struct sl_release *one = &(*out)[*nout];
		if (!sl_pack_sees(actor, standing, SL_ACTION_RELEASE_LIST, rows[i].project, ""))
			continue;
		*one = (struct sl_release){ .id = rows[i].release, .request = rows[i].request, .project = rows[i].project };
		rows[i].project = NULL;
		take_recovered(&rows[i], one);
		(*nout)++;
	}
	sl_store_recovered_list_free(rows, n);
	return rc;
}

enum sl_rc sl_release_list(struct sl_enclave *e, const struct sl_actor *actor, struct sl_release **out, uint32_t *nout,
                           struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	enum sl_rc rc = sl_standing_people(e, &standing, err);

	*out = NULL;
	*nout = 0;
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_RELEASE_LIST, err);
	if (rc == SL_OK)
		rc = list_counted(e, actor, &standing, out, nout, err);
	if (rc == SL_OK)
		rc = list_unknown(e, actor, &standing, out, nout, err);
	if (rc != SL_OK) {
		sl_release_list_free(*out, *nout);
		*out = NULL;
		*nout = 0;
	}
	sl_standing_free(&standing);
	return rc;
}

/* The bundle as it lies; what was changed on disk since, or is another release's, is not handed out. */
static enum sl_rc open_bundle(struct sl_enclave *e, const struct sl_store_release *row, const char *dir,
                              struct sl_bundle_facts *f, struct sl_err *err)
{
	struct sl_store_request request = { 0 };
	struct sl_buf steps = { 0 };
	enum sl_rc rc = sl_bundle_open(dir, NULL, 0, f, &steps, err);

	if (rc == SL_OK)
		rc = sl_store_request_get(&e->db, row->request, &request, err);
	if (rc == SL_E_NO)
		rc = sl_err_set(err, SL_E_INTEGRITY, "the request of L-%lld is gone", (long long)row->id);
	if (rc == SL_OK)
		rc = sl_left_is(&f->b, row->id, request.digest, err);
	sl_store_request_free(&request);
	sl_buf_free(&steps);
	return rc;
}

/* There is none, or nothing but its bundle is known: who has it is not recorded of such a one, so it is not copied. */
static enum sl_rc no_such(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                          int64_t id, struct sl_err *err)
{
	struct sl_store_recovered row = { 0 };
	enum sl_rc rc = sl_store_recovered_get(&e->db, id, &row, err);

	if (rc == SL_OK && row.why[0] != '\0' && sl_pack_sees(actor, standing, SL_ACTION_RELEASE_GET, row.project, "")) {
		rc = sl_err_set(err, SL_E_NO, "L-%lld left before a restore, and who stands behind it is not known here: %s",
		                (long long)id, row.why);
		sl_err_remedy(err, "an operator cures it, and gives its bundle again: sluice recover --release DIR");
	} else if (rc == SL_OK || rc == SL_E_NO) {
		rc = sl_err_set(err, SL_E_NO, "there is no release L-%lld", (long long)id);
	}
	sl_store_recovered_free(&row);
	return rc;
}

enum sl_rc sl_release_may_get(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                              int64_t id, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	bool seen = false;
	enum sl_rc rc = load(e, actor, standing, SL_ACTION_RELEASE_GET, id, &row, &seen, err);

	if (rc == SL_E_NO || (rc == SL_OK && !seen))
		rc = no_such(e, actor, standing, id, err);
	sl_store_release_free(&row);
	return rc == SL_OK ? check_revoked(e, actor, standing, id, err) : rc;
}

enum sl_rc sl_release_get(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const char *to,
                          struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_store_release row = { 0 };
	struct sl_bundle_facts f = { 0 };
	char *dir = NULL;
	enum sl_rc rc = sl_standing_people(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_RELEASE_GET, err);
	if (rc == SL_OK)
		rc = sl_release_may_get(e, actor, &standing, id, err);
	if (rc == SL_OK)
		rc = sl_store_release_get(&e->db, id, &row, err);
	if (rc == SL_OK && access(to, F_OK) == 0)
		rc = sl_err_set(err, SL_E_NO, "%s exists", to);
	if (rc == SL_OK && (dir = sl_enclave_path(e, "releases/L-%lld", (long long)id)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK && access(dir, F_OK) != 0)
		rc = sl_bundle_make(e, id, err);
	if (rc == SL_OK)
		rc = open_bundle(e, &row, dir, &f, err);
	/* First the leaf: what could not be recorded does not leave. */
	if (rc == SL_OK)
		rc = sl_access_fetched(e, actor, id, err);
	if (rc == SL_OK)
		rc = sl_bundle_write(&f.b, to, err);
	sl_bundle_facts_free(&f);
	free(dir);
	sl_store_release_free(&row);
	sl_standing_free(&standing);
	return rc;
}
