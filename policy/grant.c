/* grant.c - see grant.h. */
#include "policy/grant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"

/* What a class asks of the project. Indexed by enum sl_class; none refuses. */
static const struct {
	bool allowed, needs_purpose;
	uint32_t approvals;
	const char *remedy;
} classes[] = {
	[SL_CLASS_NONE] = {.remedy = "the catalogue must declare a class"},
	[SL_CLASS_OPEN] = {.allowed = true, .approvals = 1, .remedy = "the project needs at least one approval"},
	[SL_CLASS_ON_APPLICATION] = {
		.allowed = true, .needs_purpose = true, .approvals = 1,
		.remedy = "the project needs a purpose and at least one approval",
	},
	[SL_CLASS_CONFIDENTIAL] = {
		.allowed = true, .needs_purpose = true, .approvals = 1,
		.remedy = "the project needs a purpose and at least one approval",
	},
};

static enum sl_rc refuse(struct sl_err *err, const char *rule, const char *remedy, const char *fmt, ...)
	SL_PRINTF(4, 5);

static enum sl_rc refuse(struct sl_err *err, const char *rule, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)sl_err_vset(err, SL_E_DENIED, fmt, ap);
	va_end(ap);
	sl_err_rule(err, rule);
	sl_err_remedy(err, "%s", remedy);
	return SL_E_DENIED;
}

/* The policy's own words, where it has some, stand before ours. */
static enum sl_rc refuse_in_words(struct sl_err *err, const char *rule, const char *reason, const char *own_remedy,
                                  const char *remedy, const char *text)
{
	bool has = reason != NULL && reason[0] != '\0';
	const char *r = own_remedy != NULL && own_remedy[0] != '\0' ? own_remedy : remedy;

	return refuse(err, rule, r, "%s%s%s", text, has ? ": " : "", has ? reason : "");
}

/* "did you mean", among the projects this person is an analyst of: others are not named. */
static enum sl_rc no_project(const struct sl_grant_facts *f, struct sl_err *err)
{
	const char *names[SL_PROJECTS_MAX];
	size_t n = 0;

	for (uint32_t i = 0; i < f->policy->nprojects && n < SL_PROJECTS_MAX; i++)
		if (sl_project_has_analyst(&f->policy->projects[i], f->person))
			names[n++] = f->policy->projects[i].name;
	int near = sl_text_near(f->project, names, n);
	if (near >= 0)
		return refuse(err, SL_GRANT_NO_SUCH_PROJECT, "see `policy show` for your projects",
		              "no project \"%s\" (did you mean \"%s\"?)", f->project, names[near]);
	return refuse(err, SL_GRANT_NO_SUCH_PROJECT, "see `policy show` for your projects", "no project \"%s\"",
	              f->project);
}

/* Person, membership, day, approvals. */
static enum sl_rc check_terms(const struct sl_grant_facts *f, const struct sl_project **out, struct sl_err *err)
{
	const struct sl_person *person;
	const struct sl_project *p;
	char text[200], day[SL_DECIMAL_TEXT];

	if (f->policy == NULL || f->person == NULL || f->project == NULL)
		return refuse(err, SL_GRANT_NO_SUCH_PERSON, "apply a policy first", "nobody is granted anything");
	person = sl_policy_person(f->policy, f->person);
	if (person == NULL || !sl_roles_allow(person->roles, SL_ACTION_JOB_RUN))
		return refuse(err, SL_GRANT_NO_SUCH_PERSON, "ask an officer to name you in the policy as analyst",
		              "\"%s\" is no analyst in the policy in force", f->person);
	p = sl_policy_project(f->policy, f->project);
	if (p == NULL)
		return no_project(f, err);
	if (!sl_project_has_analyst(p, f->person)) {
		(void)snprintf(text, sizeof text, "\"%s\" is no analyst of project \"%s\"", f->person, p->name);
		return refuse_in_words(err, SL_GRANT_NOT_AN_ANALYST, p->reason, p->remedy,
		                       "ask an officer to add you to the project", text);
	}
	if (f->today > p->expires) {
		(void)sl_format_date(p->expires, day);
		(void)snprintf(text, sizeof text, "project \"%s\" expired on %s", p->name, day);
		return refuse_in_words(err, SL_GRANT_EXPIRED, p->reason, p->remedy, "ask an officer to extend it",
		                       text);
	}
	if (p->approvals == 0)
		return refuse(err, SL_GRANT_APPROVALS, "the policy must say how many approvals a release needs",
		              "project \"%s\" names no number of approvals", p->name);
	*out = p;
	return SL_OK;
}

static enum sl_rc find_catalogue(const struct sl_grant_facts *f, const char *table, const struct sl_catalogue **out,
                                 struct sl_err *err)
{
	const char *dot = strchr(table, '.');
	char dataset[SL_NAME_BYTES] = "";

	if (dot != NULL && (size_t)(dot - table) < sizeof dataset)
		memcpy(dataset, table, (size_t)(dot - table));
	const struct sl_pin *pin = sl_policy_pin(f->policy, dataset);
	*out = NULL;
	for (uint32_t i = 0; i < f->ncatalogues; i++)
		if (strcmp(f->catalogues[i]->dataset, dataset) == 0)
			*out = f->catalogues[i];
	if (pin == NULL || *out == NULL)
		return refuse(err, SL_GRANT_CATALOGUE_MISSING,
		              "ask the operator to import the dataset, and the officer to pin its catalogue",
		              "the catalogue of \"%s\" is %s", table,
		              pin == NULL ? "not pinned by the policy" : "not imported");
	static const uint8_t zero[sizeof pin->sha256];
	if (memcmp(pin->sha256, (*out)->sha256, sizeof pin->sha256) != 0 || memcmp(pin->sha256, zero, sizeof zero) == 0)
		return refuse(err, SL_GRANT_CATALOGUE_MOVED,
		              "ask an officer to review the new catalogue and sign a policy that pins it",
		              "the catalogue \"%s\" is no longer the one the policy was signed for", dataset);
	return SL_OK;
}

static enum sl_rc check_class(const struct sl_cat_table *t, const struct sl_granted_table *g,
                              const struct sl_project *p, struct sl_err *err)
{
	size_t n = sizeof classes / sizeof classes[0];
	size_t i = t->class_ < n ? t->class_ : SL_CLASS_NONE;
	char text[2 * SL_NAME_BYTES + 100];

	if (classes[i].allowed && p->approvals >= classes[i].approvals &&
	    (!classes[i].needs_purpose || (p->purpose != NULL && p->purpose[0] != '\0')))
		return SL_OK;
	(void)snprintf(text, sizeof text, "table \"%s\" of class \"%s\" asks more than the project gives", t->name,
	               sl_class_name(t->class_));
	return refuse_in_words(err, SL_GRANT_CLASS, g->reason, g->remedy, classes[i].remedy, text);
}

static enum sl_rc add_column(const struct sl_grant_facts *f, const struct sl_cat_table *t,
                             const struct sl_granted_column *g, struct sl_grant_table *gt, struct sl_table *vt,
                             struct sl_err *err)
{
	const struct sl_cat_field *field = sl_catalogue_field(t, g->name);

	if (field == NULL || field->is_unit)
		return refuse(err, SL_GRANT_NO_SUCH_COLUMN,
		              "ask an officer to correct the policy; `policy lint` shows the place",
		              "the policy grants \"%s\" of \"%s\", which the catalogue does not offer", g->name,
		              t->name);
	if ((field->column.uses & g->uses) == 0 || field->load_column == SL_CAT_NOT_LOADED)
		return SL_OK;
	enum sl_rc rc = sl_catalogue_view_column(field, &f->references, g->uses, &vt->columns[vt->ncolumns], err);
	if (rc != SL_OK)
		return rc;
	/* A key that is missing or (other) has no row, so no attribute. */
	if (t->reference_key != NULL)
		vt->columns[vt->ncolumns].nullable = 1;
	gt->fields[vt->ncolumns++] = field;
	return SL_OK;
}

static enum sl_rc ask_owner(const struct sl_grant_facts *f, struct sl_grant_table *gt, const struct sl_project *p,
                            const struct sl_table *vt, struct sl_err *err)
{
	const struct sl_owner_question q = {
		.policy = f->policy, .project = p, .table = gt->table, .person = f->person, .today = f->today,
		.grants = f->owner_grants, .ngrants = f->nowner_grants,
	};

	return sl_owner_ask(&q, vt, &gt->word, err);
}

static enum sl_rc add_table(const struct sl_grant_facts *f, const struct sl_granted_table *g, struct sl_grant *out,
                            struct sl_err *err)
{
	struct sl_grant_table *gt = &out->tables[out->view.ntables];
	struct sl_table *vt = &out->view.tables[out->view.ntables];
	enum sl_rc rc = find_catalogue(f, g->name, &gt->catalogue, err);

	if (rc != SL_OK)
		return rc;
	gt->table = sl_catalogue_table(gt->catalogue, g->name);
	if (gt->table == NULL || (gt->table->reference_key != NULL && gt->table->nattributes == 0))
		return refuse(err, SL_GRANT_NO_SUCH_TABLE,
		              "ask an officer to correct the policy; `policy lint` shows the place",
		              "the policy grants \"%s\", which the catalogue does not offer", g->name);
	rc = check_class(gt->table, g, out->project, err);
	if (rc == SL_OK)
		rc = sl_catalogue_view_table(gt->table, vt, err);
	if (rc != SL_OK)
		return rc;
	out->view.ntables++;
	vt->columns = calloc(g->ncolumns + 1, sizeof *vt->columns);
	gt->fields = calloc(g->ncolumns + 1, sizeof *gt->fields);
	if (vt->columns == NULL || gt->fields == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < g->ncolumns && rc == SL_OK; i++)
		rc = add_column(f, gt->table, &g->columns[i], gt, vt, err);
	if (rc == SL_OK && gt->table->reference_key != NULL)
		rc = sl_catalogue_view_cells(gt->table, &f->references, gt->fields, vt, err);
	if (rc == SL_OK)
		rc = ask_owner(f, gt, out->project, vt, err);
	return rc;
}

/* Columns whose domain is a reference table of the view say so. */
static void link_references(struct sl_grant *out)
{
	for (uint32_t t = 0; t < out->view.ntables; t++)
		for (uint32_t c = 0; c < out->view.tables[t].ncolumns; c++)
			for (uint32_t r = 0; r < out->view.ntables; r++) {
				const char *domain = out->tables[t].fields[c]->domain;
				if (domain != NULL && out->tables[r].table->reference_key != NULL &&
				    strcmp(domain, out->tables[r].table->name) == 0)
					out->view.tables[t].columns[c].reference = (uint16_t)(r + 1);
			}
}

enum sl_rc sl_grant_compile(const struct sl_grant_facts *f, struct sl_grant *out, struct sl_err *err)
{
	const struct sl_project *p = NULL;
	enum sl_rc rc;

	memset(out, 0, sizeof *out);
	rc = check_terms(f, &p, err);
	if (rc != SL_OK)
		return rc;
	out->project = p;
	out->tables = calloc(p->ntables + 1, sizeof *out->tables);
	out->view.tables = calloc(p->ntables + 1, sizeof *out->view.tables);
	if (out->tables == NULL || out->view.tables == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < p->ntables && rc == SL_OK; i++)
		rc = add_table(f, &p->tables[i], out, err);
	/* A table without a granted column can still be counted: that is what listing it in the policy grants. */
	if (rc == SL_OK && out->view.ntables == 0)
		rc = refuse(err, SL_GRANT_NOTHING, "ask an officer to grant tables to the project",
		            "project \"%s\" grants no table", p->name);
	link_references(out);
	if (rc == SL_OK)
		rc = sl_view_check(&out->view, err);
	if (rc != SL_OK) {
		sl_grant_free(out);
		return rc;
	}
	out->limits = f->policy->limits;
	out->rules = f->policy->rules;
	out->approvals = p->approvals;
	return SL_OK;
}

void sl_grant_free(struct sl_grant *grant)
{
	if (grant == NULL)
		return;
	for (uint32_t i = 0; grant->tables != NULL && i < grant->view.ntables; i++) {
		free(grant->tables[i].fields);
		free(grant->tables[i].word.uses);
	}
	free(grant->tables);
	sl_codec_free(&sl_view_record, &grant->view);
	memset(grant, 0, sizeof *grant);
}

void sl_grant_wish(const struct sl_table *table, const struct sl_column *column, enum sl_use use, struct sl_err *err)
{
	sl_err_remedy(err, "ask an officer to grant \"%s\" on \"%s\" of \"%s\", if its catalogue offers that",
	              sl_use_name(use), column->name, table->name);
}
