/* diff.c - see diff.h: people, and what each may use. */
#include "policy/workbench/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *sl_effect_kind_name(enum sl_effect_kind kind)
{
	static const char *const names[] = {"none", "loses", "gains", "stricter", "looser", "changes"};

	return (size_t)kind < COUNT(names) ? names[kind] : names[0];
}

const char *sl_effect_about_name(enum sl_effect_about about)
{
	static const char *const names[] = {"none", "person", "role", "key", "project", "table", "column", "terms", "rule",
	                                    "limit", "catalogue", "officers", "layer", "refresh", "enclave", "exception"};

	return (size_t)about < COUNT(names) ? names[about] : names[0];
}

void sl_effects_add(struct sl_effects *e, enum sl_effect_kind kind, enum sl_effect_about about, const char *who,
                    const char *from, const char *to, const char *fmt, ...)
{
	struct sl_effect *more = realloc(e->items, (e->nitems + 1) * sizeof *more), *new;
	va_list ap;

	if (more == NULL) {
		e->failed = true;
		return;
	}
	e->items = more;
	new = &more[e->nitems++];
	*new = (struct sl_effect){.kind = (uint8_t)kind, .about = (uint8_t)about};
	new->who = strdup(who);
	new->from = strdup(from);
	new->to = strdup(to);
	va_start(ap, fmt);
	if (vasprintf(&new->what, fmt, ap) < 0)
		new->what = NULL;
	va_end(ap);
	if (new->who == NULL || new->from == NULL || new->to == NULL || new->what == NULL)
		e->failed = true;
}

void sl_effects_free(struct sl_effects *e)
{
	for (uint32_t i = 0; i < e->nitems; i++) {
		free(e->items[i].who);
		free(e->items[i].what);
		free(e->items[i].from);
		free(e->items[i].to);
	}
	free(e->items);
	memset(e, 0, sizeof *e);
}

/* One way: what `a` gives and `b` does not. */
struct way {
	const struct sl_policy *a, *b;
	const struct sl_catalogue *const *catalogues;
	uint32_t ncatalogues;
	enum sl_effect_kind kind;
	struct sl_effects *out;
};

static const struct sl_granted_table *find_table(const struct sl_project *p, const char *name)
{
	for (uint32_t i = 0; p != NULL && i < p->ntables; i++)
		if (strcmp(p->tables[i].name, name) == 0)
			return &p->tables[i];
	return NULL;
}

static uint32_t granted_uses(const struct sl_granted_table *t, const char *column)
{
	for (uint32_t i = 0; t != NULL && i < t->ncolumns; i++)
		if (strcmp(t->columns[i].name, column) == 0)
			return t->columns[i].uses;
	return 0;
}

/* What the catalogue offers of it; of a table that none has, everything. */
static uint32_t offered_uses(const struct way *w, const char *table, const char *column)
{
	for (uint32_t i = 0; i < w->ncatalogues; i++) {
		const struct sl_cat_table *t = sl_catalogue_table(w->catalogues[i], table);
		const struct sl_cat_field *f = t != NULL ? sl_catalogue_field(t, column) : NULL;
		if (t != NULL)
			return f != NULL && !f->is_unit ? f->column.uses : 0;
	}
	return SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE;
}

static void uses_text(uint32_t uses, char *out, size_t cap)
{
	size_t n = 0;

	out[0] = '\0';
	for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
		if ((uses & bit) != 0 && n < cap)
			n += (size_t)snprintf(out + n, cap - n, "%s%s", n > 0 ? ", " : "", sl_use_name((enum sl_use)bit));
}

/* A person's project in a policy, as far as it counts: they are analyst of both. */
static const struct sl_project *project_of(const struct sl_policy *p, const char *person, const char *project)
{
	const struct sl_person *who = sl_policy_person(p, person);
	const struct sl_project *of = sl_policy_project(p, project);

	return who != NULL && (who->roles & SL_ROLE_ANALYST) != 0 && of != NULL && sl_project_has_analyst(of, person) ? of
	                                                                                                             : NULL;
}

static void one_table(const struct way *w, const char *person, const struct sl_project *a, const struct sl_project *b,
                      const struct sl_granted_table *t)
{
	const struct sl_granted_table *other = find_table(b, t->name);
	char uses[64];

	if (other == NULL)
		sl_effects_add(w->out, w->kind, SL_EFFECT_TABLE, person, "", "", "table \"%s\", in project \"%s\"", t->name,
		               a->name);
	for (uint32_t i = 0; i < t->ncolumns; i++) {
		const struct sl_granted_column *c = &t->columns[i];
		uint32_t differ = c->uses & offered_uses(w, t->name, c->name) & ~granted_uses(other, c->name);

		uses_text(differ, uses, sizeof uses);
		if (differ != 0)
			sl_effects_add(w->out, w->kind, SL_EFFECT_COLUMN, person, "", "", "%s on \"%s\" of \"%s\", in project \"%s\"",
			               uses, c->name, t->name, a->name);
	}
}

static void one_person(const struct way *w, const struct sl_person *who)
{
	const struct sl_person *other = sl_policy_person(w->b, who->name);
	uint32_t roles = who->roles & ~(other != NULL ? other->roles : 0);

	if (other == NULL)
		sl_effects_add(w->out, w->kind, SL_EFFECT_PERSON, who->name, "", "", "a place in the policy");
	for (uint32_t bit = 1; bit <= SL_ROLES_ALL; bit <<= 1)
		if ((roles & bit) != 0)
			sl_effects_add(w->out, w->kind, SL_EFFECT_ROLE, who->name, "", "", "role \"%s\"",
			               sl_role_name((enum sl_role)bit));
	for (uint32_t i = 0; i < w->a->nprojects; i++) {
		const struct sl_project *a = project_of(w->a, who->name, w->a->projects[i].name);
		const struct sl_project *b = project_of(w->b, who->name, w->a->projects[i].name);

		if (a != NULL && b == NULL)
			sl_effects_add(w->out, w->kind, SL_EFFECT_PROJECT, who->name, "", "", "project \"%s\"", a->name);
		for (uint32_t t = 0; a != NULL && t < a->ntables; t++)
			one_table(w, who->name, a, b, &a->tables[t]);
	}
}

static void keys(const struct sl_policy *now, const struct sl_policy *next, struct sl_effects *out)
{
	for (uint32_t i = 0; i < next->npeople; i++) {
		const struct sl_person *who = &next->people[i], *was = sl_policy_person(now, who->name);

		if (was != NULL && !sl_policy_same_key(was->key, who->key))
			sl_effects_add(out, SL_EFFECT_CHANGES, SL_EFFECT_KEY, who->name, was->key, who->key, "key");
		if (was != NULL && strcmp(was->organisation, who->organisation) != 0)
			sl_effects_add(out, SL_EFFECT_CHANGES, SL_EFFECT_PERSON, who->name, was->organisation, who->organisation,
			               "organisation");
	}
}

enum sl_rc sl_policy_diff(const struct sl_policy *now, const struct sl_policy *next,
                          const struct sl_catalogue *const *catalogues, uint32_t ncatalogues, struct sl_effects *out,
                          struct sl_err *err)
{
	struct way losses = {now, next, catalogues, ncatalogues, SL_EFFECT_LOSES, out};
	struct way gains = {next, now, catalogues, ncatalogues, SL_EFFECT_GAINS, out};

	for (uint32_t i = 0; i < now->npeople; i++)
		one_person(&losses, &now->people[i]);
	for (uint32_t i = 0; i < next->npeople; i++)
		one_person(&gains, &next->people[i]);
	keys(now, next, out);
	sl_policy_diff_terms(now, next, out);
	return out->failed ? sl_err_set(err, SL_E_NOMEM, "out of memory") : SL_OK;
}
