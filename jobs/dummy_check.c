/* dummy_check.c - see dummy.h: a job on invented rows, by the engine and the sluice-check that judge real ones. */
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/dummy.h"
#include "jobs/judge.h"
#include "jobs/pack.h"

/* Has the length of a sentence and says nothing that a purpose says. */
#define STAND_IN_CONTEXT "a preview of what would be published, on invented rows"

/* The results, as a request has them; each borrowed from ready but result_wire. */
static enum sl_rc compute(const struct sl_job_ready *ready, const struct sl_dummy_size *size, struct sl_buf **results,
                          uint32_t *nresults, struct sl_err *err)
{
	/* The rows are invented, so what decides how they are rounded may be known: the same seed, the same preview. */
	uint8_t key[SL_ROUNDING_KEY_BYTES] = { 0 };
	const uint8_t draws = ready->grant.limits.draws;
	const struct sl_job_task task = { .task = SL_TASK_RESULTS, .draws = draws,
		                           .rounding_key = draws ? key : NULL };
	struct sl_job_tables tables = { 0 };
	struct sl_buf list = { 0 };
	enum sl_keeper_fate fate;
	uint32_t layers;
	enum sl_rc rc = sl_dummy_tables(ready, size, &tables, err);

	memcpy(key, &size->seed, sizeof size->seed);
	if (rc == SL_OK)
		rc = sl_job_engine(ready, &tables, &task, &list, &layers, &fate, err);
	sl_job_tables_free(&tables);
	if (rc == SL_OK)
		rc = sl_pack_unlist(&list, SL_PLANS_MAX, results, nresults, err);
	if (rc == SL_OK && *nresults != ready->nplans)
		rc = sl_err_set(err, SL_E_BUG, "%u results for %u plans", *nresults, ready->nplans);
	sl_buf_free(&list);
	return rc;
}

static enum sl_rc judge(const struct sl_job_ready *ready, struct sl_buf *results, const char *context,
                        struct sl_publication *out, struct sl_behind *behind, struct sl_err *err)
{
	const struct sl_history_frames none = { 0 };
	const struct sl_job_material material = {
		.view = ready->grant.view,
		.plans = ready->plans,
		.nplans = ready->nplans,
		.plan_wire = ready->wire,
		.result_wire = results,
	};
	const struct sl_judge_case c = { &material, &ready->grant.rules, ready->grant.project->purpose, context,
		                         &ready->grant.limits, ready->layers_required, &none };
	uint32_t layers;

	return sl_judge(&c, out, behind, &layers, err);
}

static enum sl_rc render(const struct sl_enclave *e, const char *context, struct sl_dummy_preview *p,
                         struct sl_err *err)
{
	const struct sl_render r = {
		.view = &p->ready.grant.view,
		.plans = p->ready.plans,
		.nplans = p->ready.nplans,
		.publication = &p->publication,
		.rules = &p->ready.grant.rules,
		.enclave = e->name,
		.project = p->ready.grant.project->name,
		.purpose = p->ready.grant.project->purpose,
		.request = SL_DUMMY_MARK,
		.context = context,
		.policy_serial = p->ready.standing.policy.serial,
		.policy_sha256 = p->ready.standing.policy_digest,
		.behind = &p->behind,
	};
	enum sl_rc rc = sl_published_files(&r, &p->published, err);

	p->releasable = p->publication.releasable == 1;
	return rc == SL_OK ? sl_render_findings(&r, &p->findings, &p->nfindings, err) : rc;
}

enum sl_rc sl_dummy_check(struct sl_enclave *e, const struct sl_actor *actor, struct sl_standing *standing,
                          const struct sl_job_spec *spec, const struct sl_dummy_size *size, const char *context,
                          struct sl_job *job, struct sl_dummy_preview *out, struct sl_err *err)
{
	struct sl_buf *results = NULL;
	uint32_t nresults = 0;

	memset(job, 0, sizeof *job);
	if (context != NULL && !sl_text_is_clean(context, strlen(context)))
		return sl_err_set(err, SL_E_INPUT, "a context is one line of clean text");
	context = context != NULL ? context : STAND_IN_CONTEXT;
	enum sl_rc rc = sl_job_prepare_taking(e, actor, standing, spec, &out->ready, job, err);
	if (rc == SL_OK) {
		sl_dummy_attributes(&out->ready.grant.view, size->seed);
		rc = compute(&out->ready, size, &results, &nresults, err);
	}
	if (rc == SL_OK)
		rc = judge(&out->ready, results, context, &out->publication, &out->behind, err);
	if (rc == SL_OK)
		rc = render(e, context, out, err);
	sl_pack_free(results, nresults);
	return rc;
}

void sl_dummy_preview_free(struct sl_dummy_preview *p)
{
	sl_render_findings_free(p->findings, p->nfindings);
	sl_release_files_free(p->published.files, p->published.nfiles);
	sl_codec_free(&sl_publication_record, &p->publication);
	sl_codec_free(&sl_behind_record, &p->behind);
	sl_job_ready_free(&p->ready);
	memset(p, 0, sizeof *p);
}
