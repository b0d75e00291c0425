/* policy_eval.c - see policy_eval.h. */
#include "jobs/policy_eval.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/spent.h"
#include "policy/plan_grant.h"
#include "policy/workbench/widen.h"

#define NOT_GRANTED "not-granted"

/* Refusals for want of something; every other one is a rule that speaks against. */
static const char *const wants[] = {
	"role",
	SL_GRANT_NO_SUCH_PERSON,
	SL_GRANT_NO_SUCH_PROJECT,
	SL_GRANT_NOT_AN_ANALYST,
	SL_GRANT_CATALOGUE_MISSING,
	SL_GRANT_NO_SUCH_TABLE,
	SL_GRANT_NO_SUCH_COLUMN,
	SL_GRANT_NOTHING,
	SL_GRANT_NO_OWNER_GRANT,
	SL_GRANT_OWNER_USE,
	SL_PLAN_USE_GROUP,
	SL_PLAN_USE_FILTER,
	SL_PLAN_USE_MEASURE,
	NOT_GRANTED,
};

enum sl_eval_verdict sl_eval_verdict_of(enum sl_rc rc, const char *rule)
{
	if (rc == SL_OK)
		return SL_EVAL_PERMITTED;
	if (rc != SL_E_DENIED)
		return SL_EVAL_ERROR;
	for (size_t i = 0; i < sizeof wants / sizeof wants[0]; i++)
		if (strcmp(wants[i], rule) == 0)
			return SL_EVAL_NOT_PERMITTED;
	return SL_EVAL_FORBIDDEN;
}

const char *sl_eval_verdict_name(enum sl_eval_verdict verdict)
{
	static const char *const names[] = {"error", "not permitted", "forbidden", "permitted"};

	return (size_t)verdict < sizeof names / sizeof names[0] ? names[verdict] : names[SL_EVAL_ERROR];
}

int sl_eval_exit(const struct sl_eval *v)
{
	switch (v->verdict) {
	case SL_EVAL_PERMITTED:
		return sl_rc_exit(SL_OK);
	case SL_EVAL_NOT_PERMITTED:
		return sl_rc_exit(SL_E_NO);
	case SL_EVAL_FORBIDDEN:
		return sl_rc_exit(SL_E_DENIED);
	default:
		return sl_rc_exit(v->why.rc != SL_OK ? v->why.rc : SL_E_BUG);
	}
}

enum sl_rc sl_policy_stand(struct sl_enclave *e, const char *file, const struct sl_buf *text, struct sl_standing *out,
                           struct sl_err *err)
{
	if (text != NULL)
		return sl_standing_trial(e, file, text->data != NULL ? text->data : (const void *)"", text->len, out, err);
	enum sl_rc rc = sl_standing_load(e, out, err);
	if (rc == SL_OK && !out->has_policy) {
		rc = sl_err_set(err, SL_E_DENIED, "no policy is in force");
		sl_err_remedy(err, "name one: --policy FILE");
	}
	return rc;
}

/* Its standing is borrowed. */
static void let_go(struct sl_job_ready *ready)
{
	memset(&ready->standing, 0, sizeof ready->standing);
	sl_job_ready_free(ready);
}

static bool plans_stand(const struct sl_job_ready *r)
{
	for (uint32_t i = 0; i < r->nplans; i++)
		if (sl_plan_grant_check(&r->plans[i], &r->grant.view, &r->grant.limits, NULL, NULL) != SL_OK)
			return false;
	return true;
}

static uint8_t given_uses(const struct sl_grant *grant, const char *table, const char *column)
{
	for (uint32_t t = 0; t < grant->view.ntables; t++)
		for (uint32_t c = 0; c < grant->view.tables[t].ncolumns; c++)
			if (strcmp(grant->view.tables[t].name, table) == 0 &&
			    strcmp(grant->view.tables[t].columns[c].name, column) == 0)
				return grant->view.tables[t].columns[c].uses;
	return 0;
}

static enum sl_rc add_use(struct sl_eval *out, const char *table, const char *column, uint8_t wanted, uint8_t given,
                          struct sl_err *err)
{
	struct sl_eval_use *more = realloc(out->uses, (out->nuses + 1) * sizeof *more);

	if (more == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	out->uses = more;
	more += out->nuses++;
	*more = (struct sl_eval_use){.wanted = wanted, .given = given};
	enum sl_rc rc = sl_pack_dup(table, &more->table, err);
	return rc == SL_OK ? sl_pack_dup(column, &more->column, err) : rc;
}

/* A use is wanted when the plans no longer stand without it: the judge of plans is asked, not imitated. */
static enum sl_rc tell_uses(struct sl_job_ready *r, const struct sl_grant *given, struct sl_eval *out,
                            struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t t = 0; t < r->grant.view.ntables; t++)
		for (uint32_t c = 0; c < r->grant.view.tables[t].ncolumns && rc == SL_OK; c++) {
			struct sl_column *column = &r->grant.view.tables[t].columns[c];
			uint8_t uses = column->uses, wanted = 0;

			for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1) {
				column->uses = (uint8_t)(uses & ~bit);
				if ((uses & bit) != 0 && !plans_stand(r))
					wanted |= (uint8_t)bit;
			}
			column->uses = uses;
			if (wanted != 0)
				rc = add_use(out, r->grant.view.tables[t].name, column->name, wanted,
				             given_uses(given, r->grant.view.tables[t].name, column->name), err);
		}
	return rc;
}

/* The first use that is wanted and not given, as a wish to an officer. */
static void wish(struct sl_eval *out)
{
	for (uint32_t i = 0; i < out->nuses; i++) {
		const struct sl_eval_use *u = &out->uses[i];

		for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
			if ((u->wanted & ~u->given & bit) != 0) {
				out->why.remedy[0] = '\0';
				sl_err_remedy(&out->why, "grant \"%s\" on \"%s\" of \"%s\"", sl_use_name((enum sl_use)bit), u->column,
				              u->table);
				return;
			}
	}
}

/*
 * The question that tells "not granted" from "wrong": is the script well when everything on offer is granted? Where it
 * is, what it would have to be granted is told.
 */
static enum sl_rc ask_wide(const struct sl_standing *s, const struct sl_actor *who, const struct sl_eval_question *q,
                           const struct sl_grant *given, struct sl_eval *out, struct sl_err *err)
{
	struct sl_job_ready wide = {.standing = *s};
	struct sl_policy_wide policy;
	struct sl_job unused = {0};
	enum sl_rc rc = sl_policy_widen(&s->policy, q->spec->project, s->catalogue_list, s->ncatalogues, q->spec->script,
	                                q->spec->nscript, &policy, NULL);

	wide.standing.policy = policy.policy;
	if (rc == SL_OK)
		rc = sl_job_prepare_under(who, q->spec, &wide, &unused, NULL);
	if (rc == SL_OK) {
		if (out->verdict == SL_EVAL_ERROR) {
			out->verdict = SL_EVAL_NOT_PERMITTED;
			sl_err_rule(&out->why, NOT_GRANTED);
		}
		rc = tell_uses(&wide, given, out, err);
		if (rc == SL_OK && out->verdict == SL_EVAL_NOT_PERMITTED)
			wish(out);
	} else {
		rc = SL_OK;
	}
	let_go(&wide);
	sl_policy_wide_free(&policy);
	sl_job_free(&unused);
	return rc;
}

/* A job may run that could not be requested whole: it is permitted, and what its request would meet is told. */
static enum sl_rc tell_released(struct sl_enclave *e, const struct sl_job_ready *r, struct sl_eval *out,
                                struct sl_err *err)
{
	/* All borrowed. */
	const struct sl_job_material all = {
		.project = r->grant.project->name, .view = r->grant.view, .plans = r->plans, .nplans = r->nplans };
	struct sl_spent spent = {0};
	enum sl_rc rc = sl_spent_load(e, &r->standing.policy, 0, &all, &spent, err);

	if (rc == SL_OK)
		sl_released_tell(spent.spaces, spent.nspaces, spent.max, &out->released);
	sl_spent_free(&spent);
	return rc;
}

enum sl_rc sl_policy_eval(struct sl_enclave *e, const struct sl_standing *s, const struct sl_eval_question *q,
                          struct sl_eval *out, struct sl_err *err)
{
	struct sl_actor who = {.kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)q->person};
	struct sl_job_ready ready = {.standing = *s};
	enum sl_rc rc = SL_OK;

	memset(out, 0, sizeof *out);
	out->serial = s->policy.serial;
	enum sl_rc end = sl_job_prepare_under(&who, q->spec, &ready, &out->job, &out->why);
	out->verdict = (uint8_t)sl_eval_verdict_of(end, out->why.rule);
	if (end == SL_OK) {
		rc = tell_uses(&ready, &ready.grant, out, err);
		if (rc == SL_OK)
			rc = tell_released(e, &ready, out, err);
	} else if (ready.grant.project != NULL) {
		rc = ask_wide(s, &who, q, &ready.grant, out, err);
	}
	let_go(&ready);
	return rc;
}

void sl_eval_free(struct sl_eval *v)
{
	for (uint32_t i = 0; i < v->nuses; i++) {
		free(v->uses[i].table);
		free(v->uses[i].column);
	}
	free(v->uses);
	sl_job_free(&v->job);
	memset(v, 0, sizeof *v);
}
