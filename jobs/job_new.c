/* job_new.c - see job_new.h. Titles and labels are others' words: they stand in comments and quoted texts only. */
#include "jobs/job_new.h"

#include <string.h>

#include "enclave/base/text.h"
#include "jobs/standing.h"

#define LABELS_SHOWN 12

/* What of a column may be used: the view's word and the owner's. */
static uint8_t uses_of(const struct sl_grant_table *gt, const struct sl_table *vt, uint32_t column)
{
	uint8_t uses = vt->columns[column].uses;

	return gt->word.say == SL_OWNER_GRANTS && gt->word.uses != NULL ? uses & gt->word.uses[column] : uses;
}

static void put_uses(struct sl_buf *out, uint8_t uses)
{
	for (unsigned bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
		if (uses & bit)
			sl_buf_printf(out, " %s", sl_use_name((enum sl_use)bit));
}

/* Labels, then bands; the first of many. */
static void put_domain(struct sl_buf *out, const struct sl_column *c)
{
	uint32_t n = c->nlabels + c->nbands;

	for (uint32_t i = 0; i < n && i < LABELS_SHOWN; i++) {
		sl_buf_text(out, i == 0 ? "; " : ", ");
		if (i == c->nlabels)
			sl_buf_text(out, "bands ");
		sl_buf_text(out, i < c->nlabels ? c->labels[i].text : c->bands[i - c->nlabels].label);
	}
	if (n > LABELS_SHOWN)
		sl_buf_printf(out, ", … (%u)", n);
}

static void put_column(struct sl_buf *out, const struct sl_column *c, uint8_t uses)
{
	sl_buf_text(out, sl_type_name((enum sl_type)c->type));
	put_uses(out, uses);
	if (c->title[0] != '\0')
		sl_buf_printf(out, "; %s", c->title);
	if (c->measured_in[0] != '\0')
		sl_buf_printf(out, " (%s)", c->measured_in);
	put_domain(out, c);
}

static void put_table(struct sl_buf *out, const struct sl_grant_table *gt, const struct sl_table *vt)
{
	sl_buf_printf(out, "--\n-- %s  %s\n", vt->name, gt->table->title);
	if (vt->space[0] != '\0')
		sl_buf_printf(out, "--   %s is whom a row is about (%s)%s; only counted and joined on\n", vt->unit_column,
		              vt->space, vt->one_row_per_unit ? ", one row each" : "");
	else
		sl_buf_printf(out, "--   a reference table: for lookup, by %s\n", gt->table->reference_key);
	if (!sl_owner_usable(&gt->word))
		sl_buf_printf(out, "--   not usable yet: its owner has not granted it (sluice data request %s)\n", vt->name);
	for (uint32_t i = 0; i < vt->ncolumns; i++) {
		sl_buf_printf(out, "--   %s: ", vt->columns[i].name);
		put_column(out, &vt->columns[i], uses_of(gt, vt, i));
		sl_buf_text(out, "\n");
	}
}

/* A column in an expression: quoted there, whatever it is called, and then once more for Lua. */
static bool put_key(struct sl_buf *out, const struct sl_column *c, bool banded, struct sl_err *err)
{
	struct sl_buf key = {0};

	sl_buf_text(&key, banded ? "bands(\"" : "\"");
	for (const char *s = c->name; *s != '\0'; s++) {
		if (*s == '"')
			sl_buf_text(&key, "\"");
		sl_buf_put(&key, s, 1);
	}
	sl_buf_text(&key, banded ? "\")" : "\"");
	const char *text = sl_buf_cstr(&key);
	if (text != NULL)
		sl_text_quote(out, text);
	else
		(void)sl_err_set(err, SL_E_NOMEM, "out of memory");
	sl_buf_free(&key);
	return text != NULL;
}

/* What the example counts, and by what; column UINT32_MAX: by nothing. */
struct example {
	uint32_t table, column;
	bool banded;
};

/* The fewest groups, rather of what is not sensitive; never more than an output may have cells. */
static void choose_key(const struct sl_grant *g, uint32_t table, struct example *out)
{
	const struct sl_table *t = &g->view.tables[table];
	uint32_t best = g->limits.cells_max;

	*out = (struct example){.table = table, .column = UINT32_MAX};
	for (int sensitive = 0; sensitive < 2 && out->column == UINT32_MAX; sensitive++)
		for (uint32_t i = 0; i < t->ncolumns; i++) {
			const struct sl_column *c = &t->columns[i];
			bool banded = c->nbands > 0;
			uint32_t n = sl_column_ngroups(c, banded);
			if ((uses_of(&g->tables[table], t, i) & SL_USE_GROUP) == 0 || (c->sensitive != 0) != (sensitive == 1) || n == 0 ||
			    n > best || (out->column != UINT32_MAX && n == best))
				continue;
			*out = (struct example){.table = table, .column = i, .banded = banded};
			best = n;
		}
}

/* The first table that has something to group by; else the first that can be counted. */
static enum sl_rc choose(const struct sl_grant *g, struct example *out, struct sl_err *err)
{
	const struct sl_grant_table *closed = NULL;
	const char *closed_name = NULL;
	bool found = false;

	for (uint32_t i = 0; i < g->view.ntables; i++) {
		struct example this;
		if (g->view.tables[i].space[0] == '\0')
			continue;
		if (!sl_owner_usable(&g->tables[i].word)) {
			closed = closed == NULL ? &g->tables[i] : closed;
			closed_name = closed_name == NULL ? g->view.tables[i].name : closed_name;
			continue;
		}
		choose_key(g, i, &this);
		if (!found || this.column != UINT32_MAX)
			*out = this;
		found = true;
		if (this.column != UINT32_MAX)
			return SL_OK;
	}
	if (found)
		return SL_OK;
	if (closed != NULL)
		return sl_owner_tell(&closed->word, closed_name, g->project->name, err);
	(void)sl_err_set(err, SL_E_DENIED, "project \"%s\" is granted reference tables alone: there is nobody to count",
	                 g->project->name);
	sl_err_remedy(err, "ask an officer for the table that refers to them");
	return SL_E_DENIED;
}

static enum sl_rc put_example(const struct sl_grant *g, const struct example *x, struct sl_buf *out, struct sl_err *err)
{
	const struct sl_table *t = &g->view.tables[x->table];
	const struct sl_column *c = x->column != UINT32_MAX ? &t->columns[x->column] : NULL;
	/* A result has its own name beside the key. */
	const char *counted = c != NULL && strcmp(c->name, "n_units") == 0 ? "counted" : "n_units";

	sl_buf_text(out, "output(\"example\",\n  from ");
	sl_text_quote(out, t->name);
	sl_buf_text(out, "\n");
	if (c != NULL) {
		/* What groups is a column of the result, whose names are narrower than those of a source. */
		bool plain = sl_text_is_ident(c->name);
		sl_buf_text(out, plain ? "  :group_by(" : "  :derive { kind = ");
		if (!put_key(out, c, x->banded, err))
			return SL_E_NOMEM;
		sl_buf_text(out, plain ? ")\n" : " }\n  :group_by(\"kind\")\n");
	}
	sl_buf_printf(out, "  :summarise { %s = \"units()\" }\n  :describe { %s = ", counted, counted);
	sl_text_quote(out, t->space);
	sl_buf_text(out, " .. \": say here what is counted, of whom, and when\" })\n");
	return sl_buf_ok(out, "a script", err);
}

static enum sl_rc put_script(const struct sl_grant *g, struct sl_buf *out, struct sl_err *err)
{
	struct example x = {0};
	enum sl_rc rc = choose(g, &x, err);

	if (rc != SL_OK)
		return rc;
	sl_buf_printf(out, "-- %s: %s\n--\n", g->project->name, g->project->purpose);
	sl_buf_text(out, "-- What the project is granted. A column may be used as it says: group (group_by),\n"
	                 "-- filter (where, count_if), measure (sum, mean, median, …).\n"
	                 "-- Try with: sluice job check FILE --dummy -p ");
	sl_buf_printf(out, "%s\n", g->project->name);
	for (uint32_t i = 0; i < g->view.ntables; i++)
		put_table(out, &g->tables[i], &g->view.tables[i]);
	sl_buf_text(out, "\n");
	return put_example(g, &x, out, err);
}

/* '"study.persons"': a text of Lua in a text of the hints, where nothing is escaped. */
static bool fits_hint(const char *name)
{
	return strpbrk(name, "'\"\\`|#") == NULL;
}

static enum sl_rc put_hints(const struct sl_grant *g, struct sl_buf *out, struct sl_err *err)
{
	sl_buf_printf(out, SL_JOB_HINTS_HEAD "\n-- For the Lua language server: the grant of project %s.\n\n",
	              g->project->name);
	sl_buf_text(out, "---@alias sluice.Table\n");
	for (uint32_t i = 0; i < g->view.ntables; i++)
		sl_buf_printf(out, "---| '\"%s\"' # %s\n", g->view.tables[i].name, g->tables[i].table->title);
	sl_buf_text(out, "\n---@alias sluice.Column\n");
	for (uint32_t i = 0; i < g->view.ntables; i++)
		for (uint32_t k = 0; k < g->view.tables[i].ncolumns; k++) {
			const struct sl_column *c = &g->view.tables[i].columns[k];
			if (!fits_hint(c->name))
				continue;
			sl_buf_printf(out, "---| '\"%s\"' # %s: ", c->name, g->view.tables[i].name);
			put_column(out, c, uses_of(&g->tables[i], &g->view.tables[i], k));
			sl_buf_text(out, "\n");
		}
	sl_buf_text(out, "---| string\n\n");
	sl_buf_text(out, sl_job_hints_verbs);
	return sl_buf_ok(out, "hints", err);
}

enum sl_rc sl_job_new(struct sl_enclave *e, const struct sl_actor *actor, const char *project, struct sl_buf *script,
                      struct sl_buf *hints, struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_grant grant = {0};
	enum sl_rc rc = sl_standing_project(e, project, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_JOB_RUN, err);
	if (rc == SL_OK)
		rc = sl_standing_grant(&standing, project, actor->person, &grant, err);
	if (rc == SL_OK && script != NULL)
		rc = put_script(&grant, script, err);
	if (rc == SL_OK && hints != NULL)
		rc = put_hints(&grant, hints, err);
	sl_grant_free(&grant);
	sl_standing_free(&standing);
	return rc;
}
