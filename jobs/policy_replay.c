/* policy_replay.c - see policy_replay.h. */
#include "jobs/policy_replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/pact/codec.h"
#include "jobs/audit.h"
#include "jobs/job_run.h"
#include "jobs/judge.h"
#include "jobs/pack.h"
#include "jobs/request_open.h"
#include "jobs/store/job.h"
#include "jobs/store/release.h"
#include "jobs/store/request.h"
#include "policy/plan_grant.h"
#include "policy/released.h"
#include "policy/workbench/ladder.h"
#include "policy/workbench/rejudge.h"

/* Numbers that left a project of one unit space, from its first release on. */
struct tally {
	char *project, *space;
	uint64_t left;
};

struct replay {
	struct sl_enclave *e;
	struct sl_standing now, next;
	struct sl_replay *out;
	struct tally *tallies;
	uint32_t ntallies;
};

static enum sl_rc add(struct replay *r, char letter, int64_t id, const struct sl_job_material *m,
                      const struct sl_err *why, struct sl_err *err)
{
	struct sl_replay_item *more = realloc(r->out->items, (r->out->nitems + 1) * sizeof *more);

	if (more == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	r->out->items = more;
	more += r->out->nitems++;
	*more = (struct sl_replay_item){.letter = letter, .id = id, .why = *why};
	enum sl_rc rc = sl_pack_dup(m->project, &more->project, err);
	return rc == SL_OK ? sl_pack_dup(m->author, &more->author, err) : rc;
}

/* Would this job be let through? The view is changed: each question has a copy of its own. */
static enum sl_rc ask(struct replay *r, const struct sl_standing *s, int64_t id, struct sl_err *why)
{
	struct sl_job_material m = {0};
	struct sl_grant grant = {0};
	enum sl_rc rc = sl_job_material_open(r->e, id, false, &m, why);

	if (rc == SL_OK)
		rc = sl_standing_grant(s, m.project, m.author, &grant, why);
	if (rc == SL_OK)
		rc = sl_rejudge(&m.view, m.plans, m.nplans, &grant, why);
	sl_grant_free(&grant);
	sl_job_material_free(&m);
	return rc;
}

static enum sl_rc one_job(struct replay *r, int64_t id, struct sl_err *err)
{
	struct sl_err was = {0}, would = {0};
	struct sl_job_material m = {0};
	enum sl_rc now = ask(r, &r->now, id, &was), next = ask(r, &r->next, id, &would), rc = SL_OK;

	r->out->jobs++;
	if (now != SL_OK || next == SL_OK)
		return SL_OK;
	if (next != SL_E_DENIED && next != SL_E_LIMIT)
		return sl_err_set(err, next, "%s", would.text);
	r->out->denied++;
	rc = sl_job_material_open(r->e, id, false, &m, err);
	if (rc == SL_OK)
		rc = add(r, 'J', id, &m, &would, err);
	sl_job_material_free(&m);
	return rc;
}

/* Numbers that left and would be hidden. */
static enum sl_ladder_part hidden(const struct sl_publication *then, const struct sl_publication *next,
                                  const struct sl_job_material *m)
{
	uint64_t n = 0, all = 0;

	for (uint32_t i = 0; i < m->nplans; i++) {
		/* Every number of every row is a cell here. */
		const struct sl_published_output *a = &then->outputs[i], *b = &next->outputs[i];

		for (uint32_t k = 0; k < a->ncells; k++) {
			all += a->cells[k].shown != 0;
			n += a->cells[k].shown && (k >= b->ncells || !b->cells[k].shown);
		}
	}
	return sl_ladder_part(n, all);
}

static bool has_its_own(const struct sl_publication *p, uint32_t output)
{
	for (uint32_t k = 0; k < p->outputs[output].ncells; k++)
		if (p->outputs[output].cells[k].shown)
			return true;
	return false;
}

/* Of outputs that left out too few all was told again; alone there is nothing that could be, and they are refused. */
static bool refuses_what_was_told_again(const struct sl_publication *then, const struct sl_publication *next)
{
	for (uint32_t i = 0; i < next->nfindings; i++) {
		const struct sl_finding *f = &next->findings[i];
		if (f->severity == SL_SEVERITY_REFUSE &&
		    (f->rule != SL_RULE_SMALL_COMPLEMENT || has_its_own(then, f->output)))
			return false;
	}
	return then->nagain > 0 && next->releasable != 1;
}

static enum sl_rc judge(struct replay *r, const struct sl_opened *o, const struct sl_job_material *m,
                        struct sl_publication *out, struct sl_err *why)
{
	struct sl_history_frames alone = {0};
	struct sl_rules rules = r->next.policy.rules;
	struct sl_judge_case c = {
		.material = m,
		.rules = &rules,
		.purpose = o->frozen.purpose,
		.context = o->row.context,
		.limits = &r->now.policy.limits, /* a limit of the asker's would tell how long each takes */
		.history = &alone,
	};
	uint32_t layers;
	enum sl_rc rc = sl_job_layers(&r->next.policy, &c.layers_required, why);

	if (rc == SL_OK)
		rc = sl_judge(&c, out, NULL, &layers, why);
	if (rc == SL_OK && rules.near == SL_NEAR_EARLIER && refuses_what_was_told_again(&o->frozen.publication, out)) {
		sl_codec_free(&sl_publication_record, out);
		rules.small_complement = 1;
		rc = sl_judge(&c, out, NULL, &layers, why);
	}
	return rc;
}

static enum sl_rc not_passed(struct replay *r, int64_t id, const struct sl_job_material *m, bool refused,
                             enum sl_ladder_part part, struct sl_err *err)
{
	struct sl_err why = {0};

	if (refused)
		(void)sl_err_set(&why, SL_E_DENIED, "the rules would refuse it");
	else
		(void)sl_err_set(&why, SL_E_DENIED, "%s of its published numbers would be hidden", sl_ladder_part_name(part));
	sl_err_rule(&why, "disclosure");
	return add(r, 'L', id, m, &why, err);
}

static enum sl_rc tally_of(struct replay *r, const char *project, const char *space, struct tally **out,
                           struct sl_err *err)
{
	for (uint32_t i = 0; i < r->ntallies; i++)
		if (strcmp(r->tallies[i].project, project) == 0 && strcmp(r->tallies[i].space, space) == 0) {
			*out = &r->tallies[i];
			return SL_OK;
		}
	struct tally *more = realloc(r->tallies, (r->ntallies + 1) * sizeof *more);
	if (more == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	r->tallies = more;
	*out = more += r->ntallies++;
	*more = (struct tally){0};
	enum sl_rc rc = sl_pack_dup(project, &more->project, err);
	return rc == SL_OK ? sl_pack_dup(space, &more->space, err) : rc;
}

/* The fullest space of the material, with what left before it and by it; out->max as the next policy says. */
static enum sl_rc add_up(struct replay *r, const struct sl_job_material *m, struct sl_released_told *out,
                         struct sl_err *err)
{
	const struct sl_project *project = sl_policy_project(&r->next.policy, m->project);
	enum sl_rc rc = SL_OK;

	*out = (struct sl_released_told){.max = project != NULL ? project->released_numbers_max : SL_RELEASED_UNBOUNDED};
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++) {
		struct tally *t = NULL;

		rc = tally_of(r, m->project, sl_plan_grant_space(&m->plans[i], &m->view), &t, err);
		if (rc != SL_OK)
			break;
		t->left = sl_released_add(t->left, sl_released_of(&m->plans[i], &m->view));
		if (t->left >= out->left) {
			out->left = t->left;
			(void)snprintf(out->space, sizeof out->space, "%s", t->space);
		}
	}
	return rc;
}

/* What left with a request, counted from declared shapes: also of one whose results are gone. m is the caller's. */
static enum sl_rc count_numbers(struct replay *r, int64_t request, struct sl_job_material *m,
                                struct sl_released_told *told, struct sl_err *err)
{
	struct sl_store_request row = {0};
	enum sl_rc rc = sl_store_request_head(&r->e->db, request, &row, err);

	if (rc == SL_OK)
		rc = sl_job_material_open(r->e, row.job, false, m, err);
	if (rc == SL_OK)
		rc = sl_request_select(&row, m, err);
	if (rc == SL_OK)
		rc = add_up(r, m, told, err);
	if (rc == SL_E_NO)
		rc = sl_err_set(err, SL_E_INTEGRITY, "what left as R-%lld is gone", (long long)request);
	sl_store_request_free(&row);
	return rc;
}

static enum sl_rc ask_numbers(struct replay *r, int64_t id, int64_t request, bool *within, struct sl_err *err)
{
	struct sl_job_material m = {0};
	struct sl_released_told told = {0};
	struct sl_err why = {0};
	enum sl_rc rc = count_numbers(r, request, &m, &told, err);

	*within = rc == SL_OK && (!sl_released_bounded(&told) || told.left <= told.max);
	if (rc == SL_OK && !*within) {
		(void)sl_err_set(&why, SL_E_DENIED, "with it %" PRIu64 " numbers of \"%s\" have left the project, hidden ones "
		                                    "counted: at most %" PRIu64 " would leave in all",
		                 told.left, told.space, told.max);
		sl_err_rule(&why, SL_RELEASED_NUMBERS);
		rc = add(r, 'L', id, &m, &why, err);
	}
	sl_job_material_free(&m);
	return rc;
}

static bool bounds_numbers(const struct sl_policy *p)
{
	for (uint32_t i = 0; i < p->nprojects; i++)
		if (p->projects[i].released_numbers_max != SL_RELEASED_UNBOUNDED)
			return true;
	return false;
}

/* Not judged, but what left with it counts against what left later. */
static enum sl_rc one_of_before(struct replay *r, int64_t id, struct sl_err *err)
{
	struct sl_store_release row = {0};
	struct sl_job_material m = {0};
	struct sl_released_told told;
	enum sl_rc rc = sl_store_release_get(&r->e->db, id, &row, err);

	if (rc == SL_OK)
		rc = count_numbers(r, row.request, &m, &told, err);
	sl_job_material_free(&m);
	sl_store_release_free(&row);
	return rc;
}

static enum sl_rc one_release(struct replay *r, int64_t id, struct sl_err *err)
{
	bool passes = false;
	struct sl_store_release row = {0};
	struct sl_opened o = {0};
	struct sl_job_material m = {0};
	struct sl_publication next = {0};
	struct sl_err why = {0};
	enum sl_rc rc = sl_store_release_get(&r->e->db, id, &row, err), end = SL_OK;

	if (rc == SL_OK)
		rc = ask_numbers(r, id, row.request, &passes, err);
	if (rc != SL_OK)
		goto out;
	end = sl_opened_read(r->e, row.request, &o, &why);
	if (end == SL_OK)
		end = sl_opened_material(r->e, &o, &m, &why);
	if (end == SL_OK)
		end = judge(r, &o, &m, &next, &why);
	r->out->releases++;
	if (end == SL_E_NOMEM)
		rc = sl_err_set(err, end, "out of memory");
	else if (end != SL_OK)
		r->out->unjudged++;
	else {
		enum sl_ladder_part part =
			next.releasable == 1 ? hidden(&o.frozen.publication, &next, &m) : SL_LADDER_NONE;
		if (next.releasable != 1 || part != SL_LADDER_NONE) {
			passes = false;
			rc = not_passed(r, id, &m, next.releasable != 1, part, err);
		}
	}
	r->out->not_passed += !passes;
out:
	sl_codec_free(&sl_publication_record, &next);
	sl_job_material_free(&m);
	sl_opened_free(&o);
	sl_store_release_free(&row);
	return rc;
}

static enum sl_rc each_job(struct replay *r, uint32_t last, struct sl_err *err)
{
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_job_ids(&r->e->db, SL_JOB_HELD, &ids, &n, err);

	r->out->all_jobs = n;
	for (uint32_t i = n > last ? n - last : 0; i < n && rc == SL_OK; i++)
		rc = one_job(r, ids[i], err);
	free(ids);
	return rc;
}

static enum sl_rc each_release(struct replay *r, uint32_t last, struct sl_err *err)
{
	bool counts = bounds_numbers(&r->next.policy);
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_release_ids(&r->e->db, &ids, &n, err);

	r->out->all_releases = n;
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (n - i <= last)
			rc = one_release(r, ids[i], err);
		else if (counts)
			rc = one_of_before(r, ids[i], err);
	free(ids);
	return rc;
}

/*
 * Written before anything is judged: who asks is known even if the answer was cut short. The numbers that history is
 * asked with are keyed: policies are no secret of officers and auditors, but the log goes to others.
 */
static enum sl_rc log_replay(struct replay *r, const struct sl_actor *who, const void *text, size_t len,
                             struct sl_err *err)
{
	struct sl_enclave *e = r->e;
	struct sl_buf rules = {0};
	enum sl_rc rc = sl_codec_encode(&sl_rules_record, &r->next.policy.rules, &rules, err);

	if (rc == SL_OK)
		rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "policy.replayed", sl_pack_who(who),
		                     json_pack("{s:o, s:o, s:I}", "sha256", sl_pack_sha256(text, len), "rules",
		                               sl_pack_keyed(e, rules.data, rules.len), "serial",
		                               (json_int_t)r->next.policy.serial),
		                     NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	sl_buf_free(&rules);
	return rc;
}

static enum sl_rc round_rules(struct replay *r, struct sl_err *err)
{
	struct sl_buf moved = {0};
	enum sl_rc rc;

	sl_ladder_round(&r->next.policy.rules, &moved);
	rc = sl_buf_ok(&moved, "rounded rules", err);
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_buf_cstr(&moved), &r->out->rounded, err);
	sl_buf_free(&moved);
	return rc;
}

enum sl_rc sl_policy_replay(struct sl_enclave *e, const struct sl_actor *who, const char *file, const void *text,
                            size_t len, uint32_t last, struct sl_replay *out, struct sl_err *err)
{
	struct replay r = {.e = e, .out = out};

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_standing_load(e, &r.now, err);
	if (rc == SL_OK && !r.now.has_policy)
		rc = sl_err_set(err, SL_E_DENIED, "no policy is in force: there is no history");
	if (rc == SL_OK)
		rc = sl_standing_trial(e, file, text, len, &r.next, err);
	if (rc == SL_OK)
		rc = round_rules(&r, err);
	if (rc == SL_OK)
		rc = log_replay(&r, who, text, len, err);
	if (rc == SL_OK)
		rc = each_job(&r, last, err);
	if (rc == SL_OK)
		rc = each_release(&r, last, err);
	for (uint32_t i = 0; i < r.ntallies; i++) {
		free(r.tallies[i].project);
		free(r.tallies[i].space);
	}
	free(r.tallies);
	sl_standing_free(&r.now);
	sl_standing_free(&r.next);
	return rc;
}

void sl_replay_free(struct sl_replay *r)
{
	for (uint32_t i = 0; i < r->nitems; i++) {
		free(r->items[i].project);
		free(r->items[i].author);
	}
	free(r->items);
	free(r->rounded);
	memset(r, 0, sizeof *r);
}
