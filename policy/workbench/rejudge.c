/* rejudge.c - see rejudge.h. */
#include "policy/workbench/rejudge.h"

#include <string.h>

static const struct sl_table *find_table(const struct sl_view *view, const char *name)
{
	for (uint32_t i = 0; i < view->ntables; i++)
		if (strcmp(view->tables[i].name, name) == 0)
			return &view->tables[i];
	return NULL;
}

static uint8_t uses_of(const struct sl_table *table, const char *column)
{
	for (uint32_t i = 0; table != NULL && i < table->ncolumns; i++)
		if (strcmp(table->columns[i].name, column) == 0)
			return table->columns[i].uses;
	return 0;
}

/* A table of which no column is used is read all the same. */
static enum sl_rc check_tables(const struct sl_view *then, const struct sl_plan *plan, const struct sl_view *now,
                               struct sl_err *err)
{
	for (uint32_t i = 0; i < plan->nsources; i++) {
		const char *name = then->tables[plan->sources[i].table].name;

		if (find_table(now, name) == NULL) {
			enum sl_rc rc = sl_err_set(err, SL_E_DENIED, "the table \"%s\" is not granted", name);
			sl_err_rule(err, SL_GRANT_NO_SUCH_TABLE);
			sl_err_remedy(err, "grant the table to the project");
			return rc;
		}
	}
	return SL_OK;
}

enum sl_rc sl_rejudge(struct sl_view *then, const struct sl_plan *plans, uint32_t nplans, const struct sl_grant *now,
                      struct sl_err *err)
{
	enum sl_rc rc = sl_plan_grant_set(plans, nplans, &now->limits, err);

	for (uint32_t t = 0; t < then->ntables; t++)
		for (uint32_t c = 0; c < then->tables[t].ncolumns; c++)
			then->tables[t].columns[c].uses =
				uses_of(find_table(&now->view, then->tables[t].name), then->tables[t].columns[c].name);
	for (uint32_t i = 0; i < nplans && rc == SL_OK; i++) {
		rc = check_tables(then, &plans[i], &now->view, err);
		if (rc == SL_OK)
			rc = sl_plan_grant_check(&plans[i], then, &now->limits, NULL, err);
		if (rc == SL_OK)
			rc = sl_owner_check_plan(&plans[i], then, now, err);
	}
	if (rc == SL_OK && nplans > 0)
		rc = sl_plan_grant_results(plans, nplans, then, &now->limits, err);
	return rc;
}
