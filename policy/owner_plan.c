/*
 * owner_plan.c - see sl_owner_check_plan: a plan's tables, one by one, before what their owners said.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/plan_grant.h"

static const struct sl_grant_table *find_table(const struct sl_grant *grant, const char *name, uint32_t *index)
{
	for (uint32_t i = 0; i < grant->view.ntables; i++)
		if (strcmp(grant->view.tables[i].name, name) == 0) {
			*index = i;
			return &grant->tables[i];
		}
	return NULL;
}

static const char *source_name(const struct sl_plan *plan, const struct sl_view *view, uint32_t source)
{
	return view->tables[plan->sources[source].table].name;
}

/* The uses of table t of the view become those of the grant and of its owner; what the grant does not know has none. */
static void mask(struct sl_table *t, const struct sl_column *from, const struct sl_grant_table *gt,
                 const struct sl_table *granted)
{
	for (uint32_t c = 0; c < t->ncolumns; c++) {
		t->columns[c] = from[c];
		uint8_t uses = 0;
		for (uint32_t g = 0; g < granted->ncolumns; g++)
			if (strcmp(granted->columns[g].name, from[c].name) == 0)
				uses = gt->word.uses[g];
		t->columns[c].uses &= uses;
	}
}

/* The plan's uses again, with those of one table cut down to what its owner gave. */
static enum sl_rc check_uses(const struct sl_plan *plan, const struct sl_view *view, uint32_t table,
                             const struct sl_grant_table *gt, const struct sl_table *granted, const char *project,
                             struct sl_err *err)
{
	const struct sl_table *from = &view->tables[table];
	struct sl_view cut = *view;
	struct sl_err why = { 0 };
	enum sl_rc rc = SL_E_NOMEM;

	cut.tables = calloc(view->ntables, sizeof *cut.tables);
	struct sl_column *columns = calloc((size_t)from->ncolumns + 1, sizeof *columns);
	if (cut.tables != NULL && columns != NULL) {
		memcpy(cut.tables, view->tables, view->ntables * sizeof *cut.tables);
		cut.tables[table].columns = columns;
		mask(&cut.tables[table], from->columns, gt, granted);
		rc = sl_plan_grant_uses(plan, &cut, &why);
	}
	free(cut.tables);
	free(columns);
	if (rc == SL_E_NOMEM)
		return sl_err_set(err, rc, "out of memory");
	if (rc == SL_OK)
		return rc;
	(void)sl_err_set(err, rc, "%s; grant G-%lld of its owner does not give it", why.text, (long long)gt->word.grant);
	sl_err_rule(err, SL_GRANT_OWNER_USE);
	sl_err_at(err, "", plan->line, 0);
	sl_err_remedy(err, "do without it, or ask again: sluice data request %s -p %s --reason TEXT", from->name, project);
	return rc;
}

static enum sl_rc check_source(const struct sl_plan *plan, const struct sl_view *view, uint32_t source,
                               const struct sl_grant *grant, struct sl_err *err)
{
	const char *name = source_name(plan, view, source);
	uint32_t at = 0;
	const struct sl_grant_table *gt = find_table(grant, name, &at);
	static const struct sl_owner_word silent;

	if (gt == NULL || !sl_owner_usable(&gt->word)) {
		enum sl_rc rc = sl_owner_tell(gt != NULL ? &gt->word : &silent, name, grant->project->name, err);
		sl_err_at(err, "", plan->line, 0);
		return rc;
	}
	return gt->word.say == SL_OWNER_GRANTS ? check_uses(plan, view, plan->sources[source].table, gt,
	                                                    &grant->view.tables[at], grant->project->name, err)
	                                       : SL_OK;
}

static enum sl_rc check_pair(const struct sl_plan *plan, const struct sl_cat_table *a, const struct sl_cat_table *b,
                             struct sl_err *err)
{
	if (sl_owner_joins(a, b->name))
		return SL_OK;
	(void)sl_err_set(err, SL_E_DENIED, "output \"%s\": \"%s\" is joined with \"%s\", which \"%s\" does not allow",
	                 plan->output, a->name, b->name, a->name);
	sl_err_rule(err, SL_GRANT_JOINS);
	sl_err_at(err, "", plan->line, 0);
	sl_err_remedy(err, "make two outputs; or \"%s\", who owns it, names \"%s\" under \"joins\" in the catalogue", a->owner,
	              b->name);
	return SL_E_DENIED;
}

enum sl_rc sl_owner_check_plan(const struct sl_plan *plan, const struct sl_view *view, const struct sl_grant *grant,
                               struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t unused;

	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++)
		rc = check_source(plan, view, i, grant, err);
	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++)
		for (uint32_t k = 0; k < i && rc == SL_OK; k++) {
			const struct sl_cat_table *a = find_table(grant, source_name(plan, view, i), &unused)->table,
			                          *b = find_table(grant, source_name(plan, view, k), &unused)->table;
			rc = check_pair(plan, a, b, err);
			if (rc == SL_OK)
				rc = check_pair(plan, b, a, err);
		}
	return rc;
}
