/* job_replay.c - see job_replay.h. */
#include "jobs/job_replay.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/audit.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "policy/render.h"

static enum sl_rc same_view(const struct sl_grant *grant, const struct sl_job_material *m, struct sl_err *err)
{
	struct sl_buf then = { 0 }, now = { 0 };
	enum sl_rc rc = sl_codec_encode(&sl_view_record, &m->view, &then, err);

	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_view_record, &grant->view, &now, err);
	if (rc == SL_OK && (then.len != now.len || memcmp(then.data, now.data, now.len) != 0)) {
		rc = sl_err_set(err, SL_E_DENIED, "what the author may see of the tables is not what it was when the job ran");
		sl_err_rule(err, "grant-changed");
	}
	sl_buf_free(&then);
	sl_buf_free(&now);
	return rc;
}

static enum sl_rc run_again(struct sl_enclave *e, const struct sl_grant *grant, const struct sl_job_material *m,
                            struct sl_buf *results, bool *read, struct sl_err *err)
{
	/* All borrowed: it is the job as it ran. */
	struct sl_job_ready ready = { .grant = *grant, .plans = m->plans, .wire = m->plan_wire, .nplans = m->nplans,
		                      .layers_required = m->layers };
	uint8_t key[SL_ROUNDING_KEY_BYTES];
	struct sl_job_task task;
	struct sl_job_tables tables = { 0 };
	enum sl_keeper_fate fate;
	uint32_t layers;
	enum sl_rc rc = sl_job_tables_pinned(e, &ready, m->versions_json, &tables, err);

	/* Policy may draw otherwise by now. */
	if (rc == SL_OK)
		rc = sl_job_results_task(e, m->nplans > 0 ? sl_result_drawn(&m->result_wire[0]) : SL_DRAWS_NONE, key, &task, err);
	*read = rc == SL_OK;
	if (rc == SL_OK)
		rc = sl_job_engine(&ready, &tables, &task, results, &layers, &fate, err);
	explicit_bzero(key, sizeof key);
	sl_job_tables_free(&tables);
	return rc;
}

/* Keys and labels are of the catalogue; no number of either result is told. */
static enum sl_rc tell_first(const struct sl_job_material *m, uint32_t i, const struct sl_buf *then,
                             const struct sl_buf *again, struct sl_job_replay *out, struct sl_err *err)
{
	struct sl_buf cell = { 0 };
	uint32_t at;
	enum sl_rc rc = sl_pack_dup(m->plans[i].output, &out->first, err);

	if (rc == SL_OK && again != NULL && sl_result_differs_at(&m->plans[i], &m->view, then, again, &at)) {
		sl_render_cell(&m->plans[i], &m->view, at, &cell);
		rc = sl_buf_ok(&cell, "a cell", err);
	}
	if (rc == SL_OK && cell.len > 0)
		rc = sl_pack_dup(sl_buf_cstr(&cell), &out->first_cell, err);
	sl_buf_free(&cell);
	return rc;
}

static bool same_bytes(const struct sl_buf *a, const struct sl_buf *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

/*
 * Engines before told totals of quantiles, which nobody used, and of no column its values: that these are gone, and
 * those are there, is no difference.
 */
static enum sl_rc is_same(const struct sl_plan *plan, const struct sl_view *view, struct sl_buf *then,
                          struct sl_buf *again, bool *same, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (then->len < again->len)
		rc = sl_result_forget_distinct(plan, view, again, err);
	if (rc != SL_OK)
		return rc;
	*same = same_bytes(then, again);
	if (*same || sl_result_quantile_at(plan, plan->nstats) == 0)
		return SL_OK;
	rc = sl_result_forget_totals(plan, then, err);
	*same = rc == SL_OK && same_bytes(then, again);
	return rc;
}

static enum sl_rc compare(const struct sl_job_material *m, const struct sl_buf *results, struct sl_job_replay *out,
                          struct sl_err *err)
{
	struct sl_buf *again = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_pack_unlist(results, SL_PLANS_MAX, &again, &n, err);

	out->noutputs = m->nplans;
	for (uint32_t i = 0; rc == SL_OK && i < m->nplans; i++) {
		struct sl_buf *then = &m->result_wire[i];
		bool same = false;
		if (i < n)
			rc = is_same(&m->plans[i], &m->view, then, &again[i], &same, err);
		if (rc == SL_OK && !same && out->ndiffering++ == 0)
			rc = tell_first(m, i, then, i < n ? &again[i] : NULL, out, err);
	}
	sl_pack_free(again, n);
	return rc;
}

/* r NULL: rows were read, and there is nothing to compare. */
static enum sl_rc add_leaf(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                           const struct sl_job_replay *r, struct sl_err *err)
{
	char name[SL_PACK_NAME];
	const char *what = r != NULL ? "identical" : "failed";
	bool is_so = r == NULL || r->ndiffering == 0;
	enum sl_rc rc = sl_db_begin(&e->db, err);

	sl_pack_name('J', id, name);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "job.replayed", sl_pack_who(actor),
		                     json_pack("{s:s, s:b}", "job", name, what, is_so), NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

enum sl_rc sl_job_replay(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, struct sl_job_replay *out,
                         struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_job_material m = { 0 };
	struct sl_grant grant = { 0 };
	struct sl_buf results = { 0 };
	bool read = false;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_VERIFY, err);
	if (rc == SL_OK)
		rc = sl_job_material(e, id, &m, err);
	if (rc == SL_OK)
		rc = sl_standing_grant(&standing, m.project, m.author, &grant, err);
	if (rc == SL_OK)
		rc = same_view(&grant, &m, err);
	for (uint32_t i = 0; i < m.nplans && rc == SL_OK; i++)
		rc = sl_owner_check_plan(&m.plans[i], &grant.view, &grant, err);
	if (rc == SL_OK)
		rc = run_again(e, &grant, &m, &results, &read, err);
	if (rc == SL_OK)
		rc = compare(&m, &results, out, err);
	/* Whoever's rows were read finds it in the log, whatever came of it; what failed is told with or without the leaf. */
	if (rc == SL_OK)
		rc = add_leaf(e, actor, id, out, err);
	else if (read && add_leaf(e, actor, id, NULL, NULL) != SL_OK)
		sl_err_remedy(err, "this is not in the log: it could not be written; look at the disk first");
	if (rc == SL_OK && out->ndiffering > 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "%u of %u outputs differ from what was recorded; the first is \"%s\"%s%s",
		                out->ndiffering, out->noutputs, out->first, out->first_cell != NULL ? ", first at " : "",
		                out->first_cell != NULL ? out->first_cell : "");
	sl_buf_free(&results);
	sl_grant_free(&grant);
	sl_job_material_free(&m);
	sl_standing_free(&standing);
	return rc;
}

void sl_job_replay_free(struct sl_job_replay *r)
{
	free(r->first);
	free(r->first_cell);
	memset(r, 0, sizeof *r);
}
