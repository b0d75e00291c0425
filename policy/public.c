/* public.c - see public.h. */
#include "policy/public.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for public totals");
}

/* What is made, and of what. */
struct making {
	const struct sl_references *refs;
	struct sl_public *out;
	struct sl_grant_table *tables;
};

/* --- the view ------------------------------------------------------------------------------------------------ */

/* Its place in the view's table; it is added when it is not there yet. */
static enum sl_rc column_at(struct making *m, const struct sl_cat_field *f, uint16_t *at, struct sl_err *err)
{
	struct sl_table *t = &m->out->view.tables[m->out->view.ntables - 1];
	struct sl_grant_table *g = &m->tables[m->out->view.ntables - 1];

	for (*at = 0; *at < t->ncolumns; ++*at)
		if (g->fields[*at] == f)
			return SL_OK;
	enum sl_rc rc = sl_catalogue_view_column(f, m->refs, SL_USE_GROUP, &t->columns[*at], err);
	if (rc == SL_OK)
		g->fields[t->ncolumns++] = f;
	return rc;
}

static enum sl_rc add_table(struct making *m, const struct sl_grant_table *from, struct sl_err *err)
{
	struct sl_view *view = &m->out->view;
	struct sl_table *t = &view->tables[view->ntables];
	struct sl_grant_table *g = &m->tables[view->ntables];
	enum sl_rc rc = sl_catalogue_view_table(from->table, t, err);

	if (rc != SL_OK)
		return rc;
	view->ntables++;
	*g = (struct sl_grant_table){ .catalogue = from->catalogue, .table = from->table };
	t->columns = calloc((size_t)from->table->nfields + 1, sizeof *t->columns);
	g->fields = calloc((size_t)from->table->nfields + 1, sizeof *g->fields);
	return t->columns != NULL && g->fields != NULL ? SL_OK : no_memory(err);
}

/* --- a plan -------------------------------------------------------------------------------------------------- */

static enum sl_rc add_key(struct making *m, const struct sl_cat_field *f, struct sl_plan *p, struct sl_err *err)
{
	const struct sl_table *t = &m->out->view.tables[p->sources[0].table];
	struct sl_key *key = &p->keys[p->nkeys];
	char name[16];
	uint16_t at;
	enum sl_rc rc = column_at(m, f, &at, err);

	if (rc != SL_OK)
		return rc;
	(void)snprintf(name, sizeof name, "by%u", p->nkeys + 1);
	*key = (struct sl_key){ .name = strdup(name), .input = (uint16_t)p->ninputs, .description = strdup(""),
		                .banded = sl_catalogue_is_banded(&t->columns[at]) };
	p->nkeys++;
	p->inputs[p->ninputs++] = (struct sl_input){ .column = at };
	return key->name != NULL && key->description != NULL ? SL_OK : no_memory(err);
}

/* Units of the table by the columns; everything owned lies in *p before anything can fail. */
static enum sl_rc make_plan(struct making *m, const struct sl_cat_table *t, const struct sl_cat_public *from,
                            struct sl_plan *p, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*p = (struct sl_plan){ .output = strdup("public"), .sources = calloc(1, sizeof *p->sources),
		               .inputs = calloc((size_t)from->nby + 1, sizeof *p->inputs),
		               .keys = calloc((size_t)from->nby + 1, sizeof *p->keys),
		               .stats = calloc(1, sizeof *p->stats), .purpose = strdup("") };
	p->nsources = p->sources != NULL;
	p->nstats = p->stats != NULL;
	if (p->output == NULL || p->sources == NULL || p->inputs == NULL || p->keys == NULL || p->stats == NULL ||
	    p->purpose == NULL)
		return no_memory(err);
	p->sources[0].table = (uint16_t)(m->out->view.ntables - 1);
	p->stats[0] = (struct sl_stat){ .name = strdup("units"), .fn = SL_STAT_UNITS, .description = strdup("") };
	if (p->stats[0].name == NULL || p->stats[0].description == NULL)
		return no_memory(err);
	for (uint32_t k = 0; k < from->nby && rc == SL_OK; k++)
		rc = add_key(m, &t->fields[from->by[k]], p, err);
	if (rc == SL_OK && sl_plan_cells(p, &m->out->view) > SL_CAT_PUBLIC_CELLS_MAX)
		rc = sl_err_set(err, SL_E_LIMIT, "public total \"%s\" of \"%s\" has more than %u combinations", from->name,
		                t->name, SL_CAT_PUBLIC_CELLS_MAX);
	return rc;
}

static enum sl_rc add_totals(struct making *m, const struct sl_cat_table *t, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < t->npublics && rc == SL_OK; i++) {
		if (m->out->ntotals == SL_PUBLIC_TOTALS_MAX)
			return sl_err_set(err, SL_E_LIMIT, "the tables have more than %u public totals together",
			                  SL_PUBLIC_TOTALS_MAX);
		struct sl_public_total *total = &m->out->totals[m->out->ntotals++];
		total->name = strdup(t->publics[i].name);
		rc = total->name == NULL ? no_memory(err) : make_plan(m, t, &t->publics[i], &total->plan, err);
	}
	return rc;
}

/* --- all of them --------------------------------------------------------------------------------------------- */

static bool is_read(const struct sl_plan *plans, uint32_t nplans, uint32_t table)
{
	for (uint32_t i = 0; i < nplans; i++)
		for (uint32_t s = 0; s < plans[i].nsources; s++)
			if (plans[i].sources[s].table == table)
				return true;
	return false;
}

static bool is_any(const struct sl_plan *plans, uint32_t nplans, const struct sl_grant *grant)
{
	for (uint32_t t = 0; t < grant->view.ntables; t++)
		if (grant->tables[t].table->npublics > 0 && is_read(plans, nplans, t))
			return true;
	return false;
}

static enum sl_rc make(struct making *m, const struct sl_plan *plans, uint32_t nplans, const struct sl_grant *grant,
                       struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	m->out->view.tables = calloc((size_t)grant->view.ntables + 1, sizeof *m->out->view.tables);
	m->out->totals = calloc(SL_PUBLIC_TOTALS_MAX, sizeof *m->out->totals);
	if (m->out->view.tables == NULL || m->out->totals == NULL || m->tables == NULL)
		return no_memory(err);
	for (uint32_t t = 0; t < grant->view.ntables && rc == SL_OK; t++) {
		if (grant->tables[t].table->npublics == 0 || !is_read(plans, nplans, t))
			continue;
		rc = add_table(m, &grant->tables[t], err);
		if (rc == SL_OK)
			rc = add_totals(m, grant->tables[t].table, err);
	}
	return rc == SL_OK ? sl_public_check(m->out, err) : rc;
}

enum sl_rc sl_public_compile(const struct sl_plan *plans, uint32_t nplans, const struct sl_grant *grant,
                             const struct sl_references *refs, struct sl_public *out, struct sl_grant_table **tables,
                             struct sl_err *err)
{
	struct making m = { .refs = refs, .out = out };

	*out = (struct sl_public){ 0 };
	*tables = NULL;
	if (!is_any(plans, nplans, grant))
		return SL_OK;
	m.tables = calloc((size_t)grant->view.ntables + 1, sizeof *m.tables);
	enum sl_rc rc = make(&m, plans, nplans, grant, err);
	if (rc != SL_OK) {
		sl_public_tables_free(m.tables, out->view.ntables);
		sl_codec_free(&sl_public_record, out);
		return rc;
	}
	*tables = m.tables;
	return SL_OK;
}

void sl_public_tables_free(struct sl_grant_table *tables, uint32_t ntables)
{
	for (uint32_t i = 0; tables != NULL && i < ntables; i++)
		free(tables[i].fields);
	free(tables);
}

void sl_public_tell(const struct sl_public *p, uint32_t total, uint32_t cell, struct sl_buf *out)
{
	if (total >= p->ntotals)
		return;
	const struct sl_plan *plan = &p->totals[total].plan;

	sl_buf_printf(out, "the public total %s of %s", p->totals[total].name, p->view.tables[plan->sources[0].table].name);
	for (uint32_t k = 0; k < plan->nkeys && cell < sl_plan_cells(plan, &p->view); k++) {
		const struct sl_column *c = sl_plan_key_column(plan, &p->view, k);
		sl_buf_printf(out, ", %s ", c->name);
		sl_buf_text(out, sl_column_group_label(c, plan->keys[k].banded != 0, sl_plan_cell_group(plan, &p->view, cell, k)));
	}
}
