/* spent.c - see spent.h. Nothing of a result is opened: shapes are in the plans. */
#include "jobs/spent.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/request_open.h"
#include "jobs/store/members.h"
#include "jobs/store/request.h"
#include "policy/plan_grant.h"

static uint64_t numbers_of(const struct sl_job_material *m, const char *space)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < m->nplans; i++)
		if (strcmp(sl_plan_grant_space(&m->plans[i], &m->view), space) == 0)
			n = sl_released_add(n, sl_released_of(&m->plans[i], &m->view));
	return n;
}

/* What left by one request, as it was declared. */
static enum sl_rc add_request(struct sl_enclave *e, int64_t request, struct sl_released *s, struct sl_err *err)
{
	struct sl_store_request row = { 0 };
	struct sl_job_material m = { 0 };
	enum sl_rc rc = sl_store_request_head(&e->db, request, &row, err);

	if (rc == SL_OK)
		rc = sl_job_material_open(e, row.job, false, &m, err);
	if (rc == SL_OK)
		rc = sl_request_select(&row, &m, err);
	if (rc == SL_OK)
		s->left = sl_released_add(s->left, numbers_of(&m, s->space));
	sl_job_material_free(&m);
	sl_store_request_free(&row);
	return rc == SL_E_NO ? sl_err_set(err, SL_E_INTEGRITY, "what left as R-%lld is gone", (long long)request) : rc;
}

static enum sl_rc count_left(struct sl_enclave *e, const char *project, int64_t but, struct sl_released *s,
                             struct sl_err *err)
{
	int64_t *requests = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_space_requests(&e->db, s->space, project, &requests, &n, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (requests[i] != but)
			rc = add_request(e, requests[i], s, err);
	free(requests);
	return rc;
}

static bool has_space(const struct sl_spent *s, const char *space)
{
	for (uint32_t i = 0; i < s->nspaces; i++)
		if (strcmp(s->spaces[i].space, space) == 0)
			return true;
	return false;
}

enum sl_rc sl_spent_load(struct sl_enclave *e, const struct sl_policy *policy, int64_t request,
                         const struct sl_job_material *m, struct sl_spent *out, struct sl_err *err)
{
	const struct sl_project *project = sl_policy_project(policy, m->project);
	enum sl_rc rc = SL_OK;

	*out = (struct sl_spent){ .spaces = calloc((size_t)m->nplans + 1, sizeof *out->spaces) };
	if (out->spaces == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (project == NULL)
		rc = sl_err_set(err, SL_E_DENIED, "there is no project \"%s\"", m->project);
	else
		out->max = project->released_numbers_max;
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++) {
		const char *space = sl_plan_grant_space(&m->plans[i], &m->view);
		if (has_space(out, space))
			continue;
		struct sl_released *s = &out->spaces[out->nspaces++];
		*s = (struct sl_released){ .space = space, .asked = numbers_of(m, space) };
		if (out->max != SL_RELEASED_UNBOUNDED)
			rc = count_left(e, m->project, request, s, err);
	}
	if (rc != SL_OK)
		sl_spent_free(out);
	return rc;
}

void sl_spent_free(struct sl_spent *s)
{
	free(s->spaces);
	memset(s, 0, sizeof *s);
}

enum sl_rc sl_spent_ask(struct sl_enclave *e, const struct sl_policy *policy, int64_t request,
                        const struct sl_job_material *m, struct sl_err *err)
{
	struct sl_spent spent = { 0 };
	enum sl_rc rc = sl_spent_load(e, policy, request, m, &spent, err);

	if (rc == SL_OK)
		rc = sl_released_ask(spent.spaces, spent.nspaces, spent.max, m->project, err);
	sl_spent_free(&spent);
	return rc;
}
