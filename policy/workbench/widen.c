/* widen.c - see widen.h. */
#include "policy/workbench/widen.h"

#include <stdlib.h>
#include <string.h>

/* A list of its own with what is in items, and room for more. */
static void *copy_of(const void *items, uint32_t n, size_t more, size_t each)
{
	void *copy = calloc(n + more + 1, each);

	if (copy != NULL && n > 0)
		memcpy(copy, items, n * each);
	return copy;
}

static void pin(struct sl_policy *p, const struct sl_catalogue *cat)
{
	uint32_t i = 0;

	while (i < p->npins && strcmp(p->pins[i].dataset, cat->dataset) != 0)
		i++;
	if (i == p->npins)
		p->pins[p->npins++] = (struct sl_pin){.dataset = cat->dataset};
	memcpy(p->pins[i].sha256, cat->sha256, sizeof cat->sha256);
}

/* What the catalogue offers of the table; the end of the columns. */
static struct sl_granted_column *grant_columns(struct sl_granted_table *g, const struct sl_cat_table *t,
                                               struct sl_granted_column *columns)
{
	g->columns = columns;
	g->ncolumns = 0;
	for (uint32_t i = 0; i < t->nfields; i++)
		if (!t->fields[i].is_unit && t->fields[i].column.uses != 0)
			g->columns[g->ncolumns++] =
				(struct sl_granted_column){.name = t->fields[i].column.name, .uses = t->fields[i].column.uses};
	return columns + g->ncolumns;
}

/* The project's entry of the table; where there is none, a new one when the script names the table. */
static struct sl_granted_table *entry(struct sl_project *p, const struct sl_cat_table *t, const void *script,
                                      size_t nscript)
{
	for (uint32_t i = 0; i < p->ntables; i++)
		if (strcmp(p->tables[i].name, t->name) == 0)
			return &p->tables[i];
	if (nscript == 0 || memmem(script, nscript, t->name, strlen(t->name)) == NULL)
		return NULL;
	p->tables[p->ntables] = (struct sl_granted_table){.name = t->name};
	return &p->tables[p->ntables++];
}

/* One block of each: of a project's tables and columns there are not more than it has and the catalogues offer. */
static enum sl_rc make_room(struct sl_policy_wide *w, const struct sl_project *p,
                            const struct sl_catalogue *const *catalogues, uint32_t ncatalogues, struct sl_err *err)
{
	size_t tables = 0, columns = 0;

	for (uint32_t i = 0; i < ncatalogues; i++) {
		tables += catalogues[i]->ntables;
		for (uint32_t t = 0; t < catalogues[i]->ntables; t++)
			columns += catalogues[i]->tables[t].nfields;
	}
	w->pins = copy_of(w->policy.pins, w->policy.npins, ncatalogues, sizeof *w->pins);
	w->projects = copy_of(w->policy.projects, w->policy.nprojects, 0, sizeof *w->projects);
	w->tables = copy_of(p->tables, p->ntables, tables, sizeof *w->tables);
	w->columns = calloc(columns + 1, sizeof *w->columns);
	if (w->pins == NULL || w->projects == NULL || w->tables == NULL || w->columns == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	return SL_OK;
}

enum sl_rc sl_policy_widen(const struct sl_policy *policy, const char *project,
                           const struct sl_catalogue *const *catalogues, uint32_t ncatalogues, const void *script,
                           size_t nscript, struct sl_policy_wide *out, struct sl_err *err)
{
	const struct sl_project *was = sl_policy_project(policy, project);

	*out = (struct sl_policy_wide){.policy = *policy};
	if (was == NULL)
		return sl_err_set(err, SL_E_NO, "no project \"%s\"", project);
	enum sl_rc rc = make_room(out, was, catalogues, ncatalogues, err);
	if (rc != SL_OK)
		return rc;
	out->policy.pins = out->pins;
	out->policy.projects = out->projects;
	struct sl_project *p = &out->projects[was - policy->projects];
	struct sl_granted_column *end = out->columns;
	p->tables = out->tables;
	for (uint32_t i = 0; i < ncatalogues; i++) {
		pin(&out->policy, catalogues[i]);
		for (uint32_t k = 0; k < catalogues[i]->ntables; k++) {
			const struct sl_cat_table *t = &catalogues[i]->tables[k];
			bool is_domain_alone = t->reference_key != NULL && t->nattributes == 0;
			struct sl_granted_table *g = is_domain_alone ? NULL : entry(p, t, script, nscript);

			if (g != NULL)
				end = grant_columns(g, t, end);
		}
	}
	return SL_OK;
}

void sl_policy_wide_free(struct sl_policy_wide *w)
{
	free(w->pins);
	free(w->projects);
	free(w->tables);
	free(w->columns);
	memset(w, 0, sizeof *w);
}
