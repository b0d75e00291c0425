/*
 * recover_find.c - see recover_enter.h: who stood behind what left. Either the request is still here, or a job with the
 * same plans on the same versions is, and judged again it gives the very publication that was signed. Nothing less
 * counts.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/pack.h"
#include "jobs/recover_enter.h"
#include "jobs/request_move.h"
#include "jobs/sign/canon.h"
#include "jobs/store/job.h"
#include "jobs/store/table.h"

#define VERSIONS_JSON_MAX ((size_t)1 << 20)
#define AGAIN "then enter it again"

void sl_found_free(struct sl_found *f)
{
	sl_opened_free(&f->o);
	sl_history_boxes_free(&f->boxes);
	free(f->why);
	memset(f, 0, sizeof *f);
}

/* A failure of this moment says nothing about the release; every other one is why its units are not known. */
static bool is_of_the_moment(enum sl_rc rc)
{
	return rc == SL_E_NOMEM || rc == SL_E_HOST || rc == SL_E_BUSY || rc == SL_E_IO || rc == SL_E_INTR;
}

static enum sl_rc not_known(struct sl_found *f, struct sl_err *err, const char *fmt, ...) SL_PRINTF(3, 4);
static enum sl_rc not_known(struct sl_found *f, struct sl_err *err, const char *fmt, ...)
{
	va_list ap;

	free(f->why);
	va_start(ap, fmt);
	int n = vasprintf(&f->why, fmt, ap);
	va_end(ap);
	if (n < 0)
		f->why = NULL;
	return n < 0 ? sl_err_set(err, SL_E_NOMEM, "out of memory") : SL_OK;
}

/* --- the request is here --------------------------------------------------------------------------------- */

static enum sl_rc in_request(struct sl_enclave *e, const struct sl_lost *lost, struct sl_found *f, struct sl_err *err)
{
	struct sl_history_boxes boxes = { 0 };
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_opened_load(e, lost->request, &f->o, &why);

	if (rc == SL_OK)
		rc = sl_history_boxes_load(e, lost->request, f->o.material.nplans, f->o.frozen.known.ntotals, &boxes, &why);
	sl_history_boxes_free(&boxes);
	if (is_of_the_moment(rc))
		return sl_err_set(err, rc, "%s", why.text);
	if (rc != SL_OK)
		return not_known(f, err, "%s", why.text);
	f->known = memcmp(f->o.now.digest, lost->digest, sizeof lost->digest) == 0;
	return f->known ? SL_OK : not_known(f, err, "what is kept of R-%lld is not what left", (long long)lost->request);
}

/* --- a job gives it again -------------------------------------------------------------------------------- */

/* Whether every version that it read is kept here; if not, which one is missing. */
static enum sl_rc versions_kept(struct sl_enclave *e, const struct sl_lost *lost, bool *kept, struct sl_found *f,
                                struct sl_err *err)
{
	const char *table;
	json_t *id;
	enum sl_rc rc = SL_OK;

	*kept = true;
	json_object_foreach(json_object_get(lost->publication, "tables"), table, id) {
		struct sl_versions all = { 0 };
		bool here = false;
		rc = sl_versions_load(&e->db, table, &all, err);
		for (uint32_t i = 0; i < all.n && rc == SL_OK; i++) {
			char text[80] = "sha256:";
			sl_text_hex(all.items[i].id, 32, text + 7);
			here = here || (all.items[i].forgotten == 0 && json_is_string(id) &&
			                strcmp(text, json_string_value(id)) == 0);
		}
		sl_versions_free(&all);
		if (rc != SL_OK)
			return rc;
		if (!here) {
			*kept = false;
			return not_known(f, err,
			                 "the version of %s that it was made from is not kept here: bring back a later backup of "
			                 "state.db and vault that has it, " AGAIN,
			                 table);
		}
	}
	return rc;
}

/* The job's plans that left, in order; false: not all of them are its. */
static enum sl_rc select_plans(struct sl_enclave *e, const struct sl_lost *lost, struct sl_job_material *m, bool *all,
                               struct sl_err *err)
{
	const json_t *plans = json_object_get(lost->publication, "plans");
	const char *names[SL_PLANS_MAX];
	size_t n = 0;

	for (uint32_t i = 0; i < m->nplans && n < json_array_size(plans); i++) {
		json_t *keyed = sl_pack_keyed(e, m->plan_wire[i].data, m->plan_wire[i].len);
		if (keyed == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
		if (json_equal(keyed, json_array_get(plans, n)))
			names[n++] = m->plans[i].output;
		json_decref(keyed);
	}
	*all = n > 0 && n == json_array_size(plans);
	return *all ? sl_material_select(m, names, n, err) : SL_OK;
}

static enum sl_rc same_versions(const struct sl_lost *lost, const struct sl_job_material *m, bool *same,
                                struct sl_err *err)
{
	json_t *v = NULL;
	enum sl_rc rc = sl_canon_read("versions", m->versions_json, strlen(m->versions_json), VERSIONS_JSON_MAX, &v, err);

	*same = rc == SL_OK && json_equal(v, json_object_get(lost->publication, "tables"));
	json_decref(v);
	return rc;
}

/* Judged beside less than it was, it may give other bytes: then that is why. */
static enum sl_rc other_bytes(struct sl_enclave *e, int64_t job, struct sl_found *f, struct sl_err *err)
{
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_history_is_known(e, &f->o.material, &why);

	if (rc == SL_E_NO)
		return not_known(f, err, "J-%lld has its plans, but: %s", (long long)job, why.text);
	if (rc != SL_OK)
		return sl_err_set(err, rc, "%s", why.text);
	return not_known(f, err, "J-%lld has its plans, but judged again it does not give the bytes that left",
	                 (long long)job);
}

static enum sl_rc judge_again(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_lost *lost,
                              int64_t job, const struct sl_history_then *then, struct sl_found *f, struct sl_err *err)
{
	const json_t *revision = json_object_get(lost->publication, "revision");
	struct sl_request_was was = { .id = lost->request, .job = job, .then = then,
		                      .context = sl_pack_text(lost->publication, "context"),
		                      .revision = revision != NULL ? json_integer_value(revision) : 1 };
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_pack_unhex(lost->publication, "salt", was.salt)
	                        ? sl_request_again(e, standing, &was, &f->o, &f->boxes, &why)
	                        : sl_err_set(&why, SL_E_INTEGRITY, "its publication has no salt");

	if (is_of_the_moment(rc))
		return sl_err_set(err, rc, "%s", why.text);
	f->known = rc == SL_OK && memcmp(f->o.now.digest, lost->digest, sizeof lost->digest) == 0;
	if (f->known)
		return SL_OK;
	return rc == SL_OK ? other_bytes(e, job, f, err)
	                   : not_known(f, err, "J-%lld has its plans, but: %s", (long long)job, why.text);
}

/* From the job on, beside such a past. */
static enum sl_rc try_past(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_lost *lost,
                           int64_t job, const struct sl_history_then *then, struct sl_found *f, struct sl_err *err)
{
	bool all = false;

	sl_opened_free(&f->o);
	sl_history_boxes_free(&f->boxes);
	enum sl_rc rc = sl_job_material(e, job, &f->o.material, err);
	if (rc == SL_OK)
		rc = select_plans(e, lost, &f->o.material, &all, err);
	return rc == SL_OK ? judge_again(e, standing, lost, job, then, f, err) : rc;
}

/*
 * One job; f->known when it was the one. A job that cannot be read is not it. What left before it did is told by
 * numbers and times; where several restores made these tell too little, all that left is tried as well. Bytes decide.
 */
static enum sl_rc try_job(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_lost *lost,
                          int64_t job, struct sl_found *f, struct sl_err *err)
{
	const struct sl_history_then then = { .number = lost->release, .at = lost->at };
	struct sl_job_material m = { 0 };
	struct sl_err why = { 0 };
	bool all = false, same = false;
	enum sl_rc rc = sl_job_material_open(e, job, false, &m, &why);

	if (rc != SL_OK)
		return is_of_the_moment(rc) ? sl_err_set(err, rc, "%s", why.text) : SL_OK;
	if (strcmp(m.project, sl_pack_text(lost->publication, "project")) == 0)
		rc = same_versions(lost, &m, &same, err);
	if (rc == SL_OK && same)
		rc = select_plans(e, lost, &m, &all, err);
	sl_job_material_free(&m);
	if (rc != SL_OK || !all)
		return rc;
	rc = try_past(e, standing, lost, job, &then, f, err);
	return rc == SL_OK && !f->known ? try_past(e, standing, lost, job, NULL, f, err) : rc;
}

static enum sl_rc in_jobs(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_lost *lost,
                          struct sl_found *f, struct sl_err *err)
{
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_job_ids(&e->db, SL_JOB_HELD, &ids, &n, err);

	for (uint32_t i = n; i > 0 && rc == SL_OK && !f->known; i--)
		rc = try_job(e, standing, lost, ids[i - 1], f, err);
	if (rc == SL_OK && !f->known && f->why == NULL)
		rc = not_known(f, err, "no job of project %s here has its plans on the versions it read: run its script again as "
		                       "it was, " AGAIN,
		               sl_pack_text(lost->publication, "project"));
	free(ids);
	return rc;
}

/* What was in force on the day it left is enough, whatever is now: it is judged, not let out. */
static enum sl_rc under_policy(struct sl_enclave *e, const struct sl_lost *lost, struct sl_found *f, struct sl_err *err)
{
	struct sl_standing then = { 0 };
	uint8_t policy[32] = { 0 };
	enum sl_rc rc = sl_pack_unhex(lost->publication, "policy sha256", policy)
	                        ? sl_standing_under(e, policy, lost->at / 86400, lost->policies, lost->npolicies,
	                                             &then, err)
	                        : SL_E_NO;

	if (rc == SL_OK)
		rc = in_jobs(e, &then, lost, f, err);
	else if (rc == SL_E_NO)
		rc = not_known(f, err, "policy %lld, under which it left, was not in force here: apply it again or give its file "
		                       "(--policy), " AGAIN,
		               (long long)json_integer_value(json_object_get(lost->publication, "policy serial")));
	sl_standing_free(&then);
	return rc;
}

enum sl_rc sl_lost_find(struct sl_enclave *e, const struct sl_lost *lost, struct sl_found *f, struct sl_err *err)
{
	struct sl_store_request row = { 0 };
	bool is = false, kept = false;

	memset(f, 0, sizeof *f);
	enum sl_rc rc = sl_store_request_get(&e->db, lost->request, &row, err);
	if (rc == SL_OK) {
		is = memcmp(row.digest, lost->digest, sizeof row.digest) == 0;
		f->is_taken = !is;
	}
	sl_store_request_free(&row);
	if (rc != SL_OK && rc != SL_E_NO)
		return rc;
	rc = is ? in_request(e, lost, f, err) : versions_kept(e, lost, &kept, f, err);
	if (rc == SL_OK && kept)
		rc = under_policy(e, lost, f, err);
	if (rc != SL_OK)
		sl_found_free(f);
	return rc;
}
