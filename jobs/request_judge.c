/*
 * request_judge.c - whether an author may still ask for what a job read, and what comes of it: the publication, and
 * what is told of a refusal. Nothing is stored here.
 */
#include "jobs/request_judge.h"

#include <string.h>

#include "jobs/again.h"
#include "jobs/behind.h"
#include "jobs/job_run.h"
#include "jobs/judge.h"
#include "jobs/pack.h"
#include "policy/refusable.h"
#include "policy/rules/gaps.h"
#include "policy/transform.h"

/* Whatever depends on data is told in these words, which do not, or a refusal would be an answer: refusable.h. */
#define REFUSED_BY_DATA "what was asked for cannot be protected in this shape: ask for fewer or coarser groups, " \
	"or change the conditions"
/* The same whatever it was: policy alone says whether it is told. */
#define REFUSED_WHERE_EARLIER "; where it is a table that was released less a few, or more a few, " \
	"request that one first, without the condition: then its numbers are told again"

/*
 * What policy has drawn (random, jitter) is drawn while rows are read; a job that ran before policy asked for it has no
 * draws. Where results stay sealed, a draft is submitted: it was asked when the draft was made, under the policy it
 * still has.
 */
static enum sl_rc check_draws(const struct sl_rules *rules, const struct sl_job_material *m, struct sl_err *err)
{
	enum sl_rc rc;
	uint8_t level = sl_transform_draws(rules);
	bool drawn = true;

	if (level == SL_DRAWS_NONE || m->result_wire == NULL)
		return SL_OK;
	for (uint32_t i = 0; i < m->nplans; i++)
		drawn = drawn && sl_result_drawn(&m->result_wire[i]) >= level;
	if (drawn)
		return SL_OK;
	rc = sl_err_set(err, SL_E_NO, "the job ran before policy asked for draws (random, jitter)");
	sl_err_remedy(err, "run the job again");
	return rc;
}

/* The author must still be granted what the job read, with the same view. */
enum sl_rc sl_request_grant(const struct sl_standing *standing, const struct sl_actor *actor,
                            const struct sl_job_material *m, struct sl_grant *grant, struct sl_err *err)
{
	struct sl_buf then = { 0 }, now = { 0 };
	enum sl_rc rc = sl_standing_grant(standing, m->project, actor->person, grant, err);

	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_view_record, &m->view, &then, err);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_view_record, &grant->view, &now, err);
	if (rc == SL_OK && (then.len != now.len || memcmp(then.data, now.data, now.len) != 0)) {
		rc = sl_err_set(err, SL_E_DENIED, "the project's grant has changed since the job ran");
		sl_err_rule(err, "grant-changed");
		sl_err_remedy(err, "run the job again");
	}
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++)
		rc = sl_plan_grant_check(&m->plans[i], &grant->view, &grant->limits, NULL, err);
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++)
		rc = sl_owner_check_plan(&m->plans[i], &grant->view, grant, err);
	if (rc == SL_OK)
		rc = check_draws(&grant->rules, m, err);
	sl_buf_free(&then);
	sl_buf_free(&now);
	return rc;
}

/*
 * Who stands behind the outputs, what was released before, and sluice-check. A failure may depend on data, so its
 * author hears one constant, but for what the store says without looking at a row.
 */
static enum sl_rc judge(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_grant *grant,
                        const struct sl_history_then *then, struct sl_opened *o, struct sl_history_boxes *boxes,
                        struct sl_err *operators, struct sl_err *err)
{
	struct sl_history_frames history = { 0 };
	struct sl_behind behind = { 0 };
	struct sl_err why = { 0 };
	uint32_t layers = 0, on = 0;
	enum sl_rc rc = sl_job_layers(&standing->policy, &layers, err);

	if (rc != SL_OK)
		return rc;
	rc = sl_history_members(e, standing, grant, &o->material, layers, boxes, &o->frozen.known, &why);
	const struct sl_history_case past = { &o->material, boxes, &o->frozen.known };
	if (rc == SL_OK)
		rc = sl_history_gather(e, &past, then, &grant->limits, layers, &history, &why);
	o->frozen.history_to = history.last_release;
	if (rc == SL_OK) {
		struct sl_judge_case c = { &o->material, &o->frozen.rules, o->frozen.purpose, o->row.context, &grant->limits,
			                   layers, &history };
		rc = sl_judge(&c, &o->frozen.publication, &behind, &on, &why);
		o->row.layers = on;
	}
	if (rc == SL_OK)
		rc = sl_again_fill(e, &o->material, then, &o->frozen.publication, &why);
	if (rc == SL_OK)
		rc = sl_behind_keep(e, &o->material, &behind, &o->frozen.behind, &why);
	sl_codec_free(&sl_behind_record, &behind);
	sl_history_frames_free(&history);
	if (rc == SL_OK || rc == SL_E_HOST || rc == SL_E_NOMEM || rc == SL_E_NO) {
		if (rc != SL_OK && err != NULL)
			*err = why;
		return rc;
	}
	if (operators != NULL)
		*operators = why;
	rc = sl_err_set(err, SL_E_NO, "the results could not be judged");
	sl_err_remedy(err, "ask the operator, who sees why with the job; no request was made");
	return rc;
}

/* What a context lacks follows from declared facts. That there are too many findings does not. */
static bool is_gap(const struct sl_finding *f)
{
	return f->rule == SL_RULE_CONTEXT && f->limit == 0;
}

static void tell_gaps(const struct sl_opened *o, struct sl_buf *b)
{
	for (uint32_t i = 0; i < o->material.nplans; i++) {
		const struct sl_gap_case facts = { &o->material.view, &o->material.plans[i], o->frozen.purpose,
			                           o->row.context, &o->frozen.rules };
		sl_gaps_tell(&facts, i == 0, b);
	}
}

static void tell_data(const struct sl_opened *o, struct sl_buf *b)
{
	const struct sl_refusable shape = { o->material.plans, o->material.nplans, &o->material.view, &o->frozen.rules };

	sl_buf_printf(b, "%s%s\n", REFUSED_BY_DATA,
	              o->frozen.rules.near == SL_NEAR_EARLIER ? REFUSED_WHERE_EARLIER : "");
	sl_refusable_tell(&shape, b);
}

/*
 * Where what was declared refuses, nothing is said of rows, not that they would refuse as well: the author mends that
 * and asks again, and a bit was not told for nothing.
 */
static enum sl_rc tell_refusal(const struct sl_enclave *e, struct sl_opened *o, char **out, struct sl_err *err)
{
	struct sl_finding_text *texts = NULL;
	struct sl_buf b = { 0 };
	char name[SL_PACK_NAME];
	struct sl_render r = sl_opened_render(e, o, name);
	uint32_t n = 0;
	bool gaps = false;
	enum sl_rc rc = sl_render_findings(&r, &texts, &n, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		const struct sl_finding_text *t = &texts[i];
		if (t->finding->severity != SL_SEVERITY_REFUSE)
			continue;
		if (is_gap(t->finding)) {
			if (!gaps)
				tell_gaps(o, &b);
			gaps = true;
			continue;
		}
		if (t->finding->rule != SL_RULE_EXTREMES)
			continue;
		sl_buf_printf(&b, "%s%s, output \"%s\"%s%s: %s; %s", b.len > 0 ? "\n" : "", t->rule, t->output,
		              t->column[0] != '\0' ? ", column " : "", t->column, t->reason, t->remedy);
	}
	o->told_nothing = b.len > 0;
	if (rc == SL_OK && !o->told_nothing)
		tell_data(o, &b);
	if (rc == SL_OK)
		rc = sl_buf_ok(&b, "refusal", err);
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_buf_cstr(&b), out, err);
	sl_render_findings_free(texts, n);
	sl_buf_free(&b);
	return rc;
}

static int64_t to_judge(const struct sl_publication *p)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < p->nfindings; i++)
		n += p->findings[i].severity == SL_SEVERITY_REVIEW;
	return n;
}

enum sl_rc sl_request_judge(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_grant *grant,
                            const struct sl_history_then *then, struct sl_opened *o, struct sl_history_boxes *boxes,
                            struct sl_err *why, struct sl_err *err)
{
	enum sl_rc rc = judge(e, standing, grant, then, o, boxes, why, err);

	if (rc != SL_OK)
		return rc;
	o->row.nfindings = o->frozen.publication.nfindings;
	o->row.njudge = to_judge(&o->frozen.publication);
	return o->frozen.publication.releasable == 1 ? sl_pack_dup("", &o->row.refusal, err)
	                                             : tell_refusal(e, o, &o->row.refusal, err);
}
