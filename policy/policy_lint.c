/* policy_lint.c - see sl_policy_lint: what only policy, catalogues and the day together show. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "policy/reviews.h"

struct lint {
	const struct sl_policy *p;
	const struct sl_catalogue *const *catalogues;
	uint32_t ncatalogues;
	int64_t today;
	struct sl_notes *notes;
};

static void copy_notes(struct lint *l, const struct sl_notes *from)
{
	for (uint32_t i = 0; i < from->nitems; i++) {
		const struct sl_note *n = &from->items[i];
		struct sl_err *e = sl_notes_add(l->notes, n->kind, n->what.file, n->what.line, n->what.col,
		                                n->what.rule, "%s", n->what.text);
		if (n->what.remedy[0] != '\0')
			sl_err_remedy(e, "%s", n->what.remedy);
	}
}

static const struct sl_catalogue *find_catalogue(const struct lint *l, const char *dataset, size_t n)
{
	for (uint32_t i = 0; i < l->ncatalogues; i++)
		if (strncmp(l->catalogues[i]->dataset, dataset, n) == 0 && l->catalogues[i]->dataset[n] == '\0')
			return l->catalogues[i];
	return NULL;
}

static void lint_pins(struct lint *l)
{
	for (uint32_t i = 0; i < l->p->npins; i++) {
		const struct sl_pin *pin = &l->p->pins[i];
		const struct sl_catalogue *cat = find_catalogue(l, pin->dataset, strlen(pin->dataset));
		if (cat == NULL)
			sl_err_remedy(sl_notes_add(l->notes, SL_NOTE_ERROR, l->p->file, pin->line, pin->col,
			                           "catalogue-missing", "catalogue \"%s\" is pinned and not here",
			                           pin->dataset),
			              "import the dataset, or take the pin out");
		else if (memcmp(cat->sha256, pin->sha256, sizeof pin->sha256) != 0)
			sl_err_remedy(sl_notes_add(l->notes, SL_NOTE_ERROR, l->p->file, pin->line, pin->col,
			                           "catalogue-moved", "catalogue \"%s\" is not the one that is pinned",
			                           pin->dataset),
			              "read what changed in the catalogue, then pin its digest of now");
	}
}

static struct sl_err *note_near(struct lint *l, uint32_t line, uint32_t col, const char *rule, const char *what,
                                const char *name, const char *const *names, size_t nnames)
{
	int near = sl_text_near(name, names, nnames);

	return near >= 0
	               ? sl_notes_add(l->notes, SL_NOTE_ERROR, l->p->file, line, col, rule,
	                              "no %s \"%s\" (did you mean \"%s\"?)", what, name, names[near])
	               : sl_notes_add(l->notes, SL_NOTE_ERROR, l->p->file, line, col, rule, "no %s \"%s\"", what, name);
}

static void lint_column(struct lint *l, const struct sl_cat_table *t, const struct sl_granted_column *g)
{
	const struct sl_cat_field *f = sl_catalogue_field(t, g->name);
	const char *names[SL_COLUMNS_MAX];

	if (f == NULL) {
		for (uint32_t i = 0; i < t->nfields; i++)
			names[i] = t->fields[i].column.name;
		(void)note_near(l, g->line, g->col, "no-such-column", "column", g->name, names, t->nfields);
		return;
	}
	if (f->is_unit) {
		(void)sl_notes_add(l->notes, SL_NOTE_ERROR, l->p->file, g->line, g->col, "unit-column",
		                   "column \"%s\" is the privacy unit of \"%s\" and is never granted", g->name,
		                   t->name);
		return;
	}
	for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
		if ((g->uses & bit) != 0 && (f->column.uses & bit) == 0)
			(void)sl_notes_add(l->notes, SL_NOTE_WARNING, l->p->file, g->line, g->col, "use-not-offered",
			                   "\"%s\" on \"%s.%s\" is not offered by the catalogue and grants nothing",
			                   sl_use_name(bit), t->name, g->name);
	if (f->level == 4 && (g->uses & SL_USE_GROUP) != 0)
		(void)sl_notes_add(l->notes, SL_NOTE_WARNING, l->p->file, g->line, g->col, "level-group",
		                   "column \"%s\" of level 4 is granted for grouping", g->name);
}

static bool has_owner(const struct sl_policy *p, const char *owner)
{
	for (uint32_t i = 0; i < p->npeople; i++)
		if ((p->people[i].roles & SL_ROLE_OWNER) != 0 &&
		    (strcmp(p->people[i].organisation, owner) == 0 || strcmp(p->people[i].name, owner) == 0))
			return true;
	return false;
}

static void lint_table(struct lint *l, const struct sl_granted_table *g)
{
	const char *dot = strchr(g->name, '.'), *names[256];
	const struct sl_catalogue *cat = find_catalogue(l, g->name, (size_t)(dot - g->name));
	uint32_t n = 0;

	if (cat == NULL)
		return; /* the pin says so already */
	const struct sl_cat_table *t = sl_catalogue_table(cat, g->name);
	if (t == NULL) {
		for (; n < cat->ntables && n < sizeof names / sizeof names[0]; n++)
			names[n] = cat->tables[n].name;
		(void)note_near(l, g->line, g->col, "no-such-table", "table", g->name, names, n);
		return;
	}
	if (t->reference_key != NULL && t->nattributes == 0) {
		(void)sl_notes_add(l->notes, SL_NOTE_ERROR, l->p->file, g->line, g->col, "reference-table",
		                   "\"%s\" is an open reference table: it is used as a domain and needs no grant",
		                   g->name);
		return;
	}
	if (!has_owner(l->p, t->owner))
		(void)sl_notes_add(l->notes, SL_NOTE_WARNING, l->p->file, g->line, g->col, "no-owner",
		                   "nobody has the role \"owner\" for \"%s\", which \"%s\" owns", g->name, t->owner);
	for (uint32_t i = 0; i < g->ncolumns; i++)
		lint_column(l, t, &g->columns[i]);
}

static void lint_refresh_day(struct lint *l, const struct sl_refresh_day *d)
{
	const char *dot = strchr(d->table, '.'), *names[256];
	const struct sl_catalogue *cat = find_catalogue(l, d->table, (size_t)(dot - d->table));
	uint32_t n = 0;

	if (cat == NULL || sl_catalogue_table(cat, d->table) != NULL)
		return;
	for (; n < cat->ntables && n < sizeof names / sizeof names[0]; n++)
		names[n] = cat->tables[n].name;
	(void)note_near(l, d->line, d->col, "no-such-table", "table", d->table, names, n);
}

/* One that is over excepts nothing; of one that nobody needs any more the officers are told. */
static void lint_exceptions(struct lint *l)
{
	char day[SL_DECIMAL_TEXT];

	for (uint32_t i = 0; i < l->p->nexceptions; i++) {
		const struct sl_exception *x = &l->p->exceptions[i];
		const struct sl_person *who = sl_policy_person(l->p, x->person);

		(void)sl_format_date(x->expires, day);
		if (who == NULL || (who->roles & x->roles) != x->roles)
			(void)sl_notes_add(l->notes, SL_NOTE_WARNING, l->p->file, x->line, x->col, "exception-idle",
			                   "\"%s\" does not hold both roles of this exception", x->person);
		else if (!sl_policy_excepted(l->p, x->person, x->roles, &l->today))
			sl_err_remedy(sl_notes_add(l->notes, SL_NOTE_ERROR, l->p->file, x->line, x->col, "powers",
			                           "the exception for \"%s\" ended on %s", x->person, day),
			              "take one role away, or give the exception another last day");
		else
			(void)sl_notes_add(l->notes, SL_NOTE_WARNING, l->p->file, x->line, x->col, "exception",
			                   "\"%s\" holds two powers until %s: %s", x->person, day, x->reason);
	}
}

/* What a class asks is known with the catalogues alone. */
static void lint_class_approvals(struct lint *l, const struct sl_project *project)
{
	const struct sl_cat_table *tables[SL_TABLES_MAX];
	enum sl_class asks;
	uint32_t n = 0, able = UINT32_MAX;

	for (uint32_t i = 0; i < project->ntables && n < SL_TABLES_MAX; i++) {
		const char *name = project->tables[i].name, *dot = strchr(name, '.');
		const struct sl_catalogue *cat = find_catalogue(l, name, (size_t)(dot - name));
		const struct sl_cat_table *t = cat != NULL ? sl_catalogue_table(cat, name) : NULL;
		if (t != NULL)
			tables[n++] = t;
	}
	uint32_t needed = n > 0 ? sl_reviews_needed(l->p, project, tables, n, &asks) : 0;
	for (uint32_t i = 0; i < project->nanalysts; i++) {
		uint32_t one = sl_reviews_able(l->p, project, project->analysts[i]);
		able = one < able ? one : able;
	}
	if (needed <= project->approvals || project->nanalysts == 0 || able >= needed || able < project->approvals)
		return;
	sl_err_remedy(sl_notes_add(l->notes, SL_NOTE_ERROR, l->p->file, project->line, project->col, "too-few-reviewers",
	                           "project \"%s\" needs %u approvals, which class \"%s\" asks, and %u reviewers could "
	                           "give one",
	                           project->name, needed, sl_class_name(asks), able),
	              "name more reviewers who are no analysts of it");
}

enum sl_rc sl_policy_lint(const struct sl_policy *policy, const struct sl_catalogue *const *catalogues,
                          uint32_t ncatalogues, int64_t today, struct sl_notes *notes, struct sl_err *err)
{
	struct lint l = { policy, catalogues, ncatalogues, today, notes };
	char day[SL_DECIMAL_TEXT];

	copy_notes(&l, &policy->notes);
	for (uint32_t i = 0; i < ncatalogues; i++)
		copy_notes(&l, &catalogues[i]->notes);
	lint_exceptions(&l);
	lint_pins(&l);
	for (uint32_t i = 0; i < policy->nrefresh_days; i++)
		lint_refresh_day(&l, &policy->refresh_days[i]);
	for (uint32_t i = 0; i < policy->nprojects; i++) {
		const struct sl_project *project = &policy->projects[i];
		if (project->expires < today) {
			(void)sl_format_date(project->expires, day);
			(void)sl_notes_add(notes, SL_NOTE_WARNING, policy->file, project->line, project->col, "expired",
			                   "project \"%s\" expired on %s", project->name, day);
		}
		if (sl_text_is_blank(project->purpose))
			sl_err_remedy(sl_notes_add(notes, SL_NOTE_ERROR, policy->file, project->line, project->col, "blank-purpose",
			                           "the purpose of project \"%s\" is blank", project->name),
			              "say what the project is for: reviewers judge by it");
		lint_class_approvals(&l, project);
		for (uint32_t t = 0; t < project->ntables; t++)
			lint_table(&l, &project->tables[t]);
	}
	return notes->failed ? sl_err_set(err, SL_E_NOMEM, "out of memory") : SL_OK;
}
