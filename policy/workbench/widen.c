/* widen.c - see widen.h. */
#include "policy/workbench/widen.h"

#include <stdlib.h>
#include <string.h>

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc pin(struct sl_policy *p, const struct sl_catalogue *cat, struct sl_err *err)
{
	for (uint32_t i = 0; i < p->npins; i++)
		if (strcmp(p->pins[i].dataset, cat->dataset) == 0) {
			memcpy(p->pins[i].sha256, cat->sha256, sizeof cat->sha256);
			return SL_OK;
		}
	struct sl_pin *more = realloc(p->pins, (p->npins + 1) * sizeof *more);
	if (more == NULL)
		return no_memory(err);
	p->pins = more;
	more[p->npins] = (struct sl_pin){.dataset = strdup(cat->dataset)};
	if (more[p->npins].dataset == NULL)
		return no_memory(err);
	memcpy(more[p->npins++].sha256, cat->sha256, sizeof cat->sha256);
	return SL_OK;
}

static enum sl_rc grant_columns(struct sl_granted_table *g, const struct sl_cat_table *t, struct sl_err *err)
{
	for (uint32_t i = 0; i < g->ncolumns; i++)
		free(g->columns[i].name);
	free(g->columns);
	g->ncolumns = 0;
	g->columns = calloc((size_t)t->nfields + 1, sizeof *g->columns);
	if (g->columns == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < t->nfields; i++) {
		const struct sl_cat_field *f = &t->fields[i];
		if (f->is_unit || f->column.uses == 0)
			continue;
		struct sl_granted_column *c = &g->columns[g->ncolumns];
		c->uses = f->column.uses;
		c->name = strdup(f->column.name);
		if (c->name == NULL)
			return no_memory(err);
		g->ncolumns++;
	}
	return SL_OK;
}

/* The project's entry of a table, made when there is none. */
static struct sl_granted_table *entry(struct sl_project *p, const char *table)
{
	for (uint32_t i = 0; i < p->ntables; i++)
		if (strcmp(p->tables[i].name, table) == 0)
			return &p->tables[i];
	struct sl_granted_table *more = realloc(p->tables, (p->ntables + 1) * sizeof *more);
	if (more == NULL)
		return NULL;
	p->tables = more;
	more[p->ntables] = (struct sl_granted_table){.name = strdup(table)};
	return more[p->ntables].name != NULL ? &more[p->ntables++] : NULL;
}

static bool has(const struct sl_project *p, const char *table)
{
	for (uint32_t i = 0; i < p->ntables; i++)
		if (strcmp(p->tables[i].name, table) == 0)
			return true;
	return false;
}

static enum sl_rc grant_table(struct sl_project *p, const struct sl_cat_table *t, const void *script, size_t nscript,
                              struct sl_err *err)
{
	bool named = nscript > 0 && memmem(script, nscript, t->name, strlen(t->name)) != NULL;

	if ((t->reference_key != NULL && t->nattributes == 0) || (!named && !has(p, t->name)))
		return SL_OK;
	struct sl_granted_table *g = entry(p, t->name);
	return g != NULL ? grant_columns(g, t, err) : no_memory(err);
}

enum sl_rc sl_policy_widen(struct sl_policy *policy, const char *project, const struct sl_catalogue *const *catalogues,
                           uint32_t ncatalogues, const void *script, size_t nscript, struct sl_err *err)
{
	struct sl_project *p = NULL;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < policy->nprojects; i++)
		if (strcmp(policy->projects[i].name, project) == 0)
			p = &policy->projects[i];
	if (p == NULL)
		return sl_err_set(err, SL_E_NO, "no project \"%s\"", project);
	for (uint32_t i = 0; i < ncatalogues && rc == SL_OK; i++) {
		rc = pin(policy, catalogues[i], err);
		for (uint32_t t = 0; t < catalogues[i]->ntables && rc == SL_OK; t++)
			rc = grant_table(p, &catalogues[i]->tables[t], script, nscript, err);
	}
	return rc;
}
