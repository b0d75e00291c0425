/* policy_projects.c - for what, by whom, until when, with which columns. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "policy/json/policy_read.h"
#include "policy/reviews.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const project_keys[] = {
	"purpose", "description", "analysts", "expires", "approvals", "owner_approval", "released_numbers_max",
	"tables",  "reason",      "remedy",
};
static const char *const use_names[] = { "group", "filter", "measure" };

/* Policy's own words on a refusal; absent: "". */
static enum sl_rc read_words(const struct sl_json_at *at, const char *key, char **out, struct sl_err *err)
{
	struct sl_json_at m;

	if (sl_json_opt(at, key, &m) && !json_is_array(m.value))
		return sl_json_text(&m, SL_TITLE_BYTES, true, out, err);
	*out = strdup("");
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc unknown_person(const struct sl_json_at *at, const struct sl_policy *p, const char *name,
                                 struct sl_err *err)
{
	const char **names = sl_json_calloc(p->npeople, sizeof *names, err);
	enum sl_rc rc;

	if (names == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; i < p->npeople; i++)
		names[i] = p->people[i].name;
	int near = sl_text_near(name, names, p->npeople);
	rc = near >= 0 ? sl_json_fault(at, false, err, "no person \"%s\" (did you mean \"%s\"?)", name, names[near])
	               : sl_json_fault(at, false, err, "no person \"%s\"", name);
	free(names);
	return rc;
}

static enum sl_rc read_analyst(const struct sl_json_at *at, const struct sl_policy *p, struct sl_project *project,
                               struct sl_err *err)
{
	char **name = &project->analysts[project->nanalysts];
	enum sl_rc rc = sl_json_name(at, name, err);

	if (rc != SL_OK)
		return rc;
	if (sl_project_has_analyst(project, *name))
		rc = sl_json_fault(at, false, err, "\"%s\" twice", *name);
	project->nanalysts++;
	if (rc != SL_OK)
		return rc;
	const struct sl_person *person = sl_policy_person(p, *name);
	if (person == NULL)
		return unknown_person(at, p, *name, err);
	if ((person->roles & SL_ROLE_ANALYST) == 0)
		return sl_json_fault(at, false, err, "\"%s\" has not the role \"analyst\"", *name);
	return SL_OK;
}

static enum sl_rc read_analysts(const struct sl_json_at *at, const struct sl_policy *p, struct sl_project *project,
                                struct sl_err *err)
{
	enum sl_rc rc = sl_json_is_array(at, SL_PEOPLE_MAX, err);

	if (rc != SL_OK)
		return rc;
	project->analysts = sl_json_calloc(json_array_size(at->value), sizeof *project->analysts, err);
	if (project->analysts == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < json_array_size(at->value) && rc == SL_OK; i++) {
		struct sl_json_at item = sl_json_item(at, i);
		rc = read_analyst(&item, p, project, err);
	}
	return rc;
}

static enum sl_rc read_column(const struct sl_json_at *at, struct sl_granted_column *c, struct sl_err *err)
{
	size_t use;
	enum sl_rc rc = sl_json_is_array(at, COUNT(use_names), err);

	sl_json_where(at, true, &c->line, &c->col);
	c->name = strdup(at->key);
	if (c->name == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (!sl_text_is_clean(at->key, strlen(at->key)) || strlen(at->key) > SL_NAME_BYTES || at->key[0] == '\0')
		return sl_json_fault(at, true, err, "not the name of a column");
	for (size_t i = 0; rc == SL_OK && i < json_array_size(at->value); i++) {
		struct sl_json_at item = sl_json_item(at, i);
		rc = sl_json_choice(&item, use_names, COUNT(use_names), &use, err);
		if (rc == SL_OK && (c->uses & (1u << use)) != 0)
			rc = sl_json_fault(&item, false, err, "\"%s\" twice", use_names[use]);
		if (rc == SL_OK)
			c->uses = (uint8_t)(c->uses | 1u << use);
	}
	return rc;
}

enum sl_rc sl_policy_check_table_name(const struct sl_json_at *at, const struct sl_policy *p, struct sl_err *err)
{
	const char *dot = strchr(at->key, '.'), *names[64];
	char dataset[65] = "";
	uint32_t n = 0;

	if (dot == NULL || dot - at->key > 64 || !sl_text_is_ident(dot + 1))
		return sl_json_fault(at, true, err, "not the name of a table: \"dataset.table\"");
	memcpy(dataset, at->key, (size_t)(dot - at->key));
	if (sl_policy_pin(p, dataset) != NULL)
		return SL_OK;
	for (; n < p->npins && n < COUNT(names); n++)
		names[n] = p->pins[n].dataset;
	if (!sl_text_is_ident(dataset))
		return sl_json_fault(at, true, err, "not the name of a table: \"dataset.table\"");
	int near = sl_text_near(dataset, names, n);
	return near >= 0 ? sl_json_fault(at, true, err, "no catalogue \"%s\" is pinned (did you mean \"%s\"?)", dataset,
	                                 names[near])
	                 : sl_json_fault(at, true, err, "no catalogue \"%s\" is pinned", dataset);
}

/* Columns are arrays; "reason" and "remedy" as texts are policy's words, so that columns of those names still work. */
static bool is_words(const struct sl_json_at *m)
{
	return json_is_string(m->value) && (strcmp(m->key, "reason") == 0 || strcmp(m->key, "remedy") == 0);
}

static enum sl_rc read_table(const struct sl_json_at *at, const struct sl_policy *p, struct sl_granted_table *t,
                             struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_is_object(at, SL_COLUMNS_MAX + 2, err);

	sl_json_where(at, true, &t->line, &t->col);
	if (rc == SL_OK)
		rc = sl_policy_check_table_name(at, p, err);
	if (rc != SL_OK)
		return rc;
	t->name = strdup(at->key);
	t->columns = sl_json_calloc(json_object_size(at->value), sizeof *t->columns, err);
	if (t->name == NULL || t->columns == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = read_words(at, "reason", &t->reason, err);
	if (rc == SL_OK)
		rc = read_words(at, "remedy", &t->remedy, err);
	for (void *iter = NULL; rc == SL_OK && sl_json_next(at, &iter, &m);)
		if (!is_words(&m))
			rc = read_column(&m, &t->columns[t->ncolumns++], err);
	return rc;
}

static enum sl_rc read_tables(const struct sl_json_at *at, const struct sl_policy *p, struct sl_project *project,
                              struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_is_object(at, SL_TABLES_MAX, err);

	if (rc != SL_OK)
		return rc;
	project->tables = sl_json_calloc(json_object_size(at->value), sizeof *project->tables, err);
	if (project->tables == NULL)
		return SL_E_NOMEM;
	for (void *iter = NULL; rc == SL_OK && sl_json_next(at, &iter, &m);)
		rc = read_table(&m, p, &project->tables[project->ntables++], err);
	return rc;
}

enum sl_rc sl_policy_read_day(const struct sl_json_at *at, int64_t *out, struct sl_err *err)
{
	*out = INT64_MIN;
	if (!json_is_string(at->value) ||
	    !sl_parse_date(json_string_value(at->value), json_string_length(at->value), out))
		return sl_json_fault(at, false, err, "expected a date \"YYYY-MM-DD\"");
	return SL_OK;
}

static enum sl_rc read_terms(const struct sl_json_at *at, struct sl_project *project, struct sl_err *err)
{
	struct sl_json_at m;
	uint64_t approvals = 0;
	enum sl_rc rc = sl_json_get(at, "purpose", &m, err);

	if (rc == SL_OK)
		rc = sl_json_text(&m, SL_TITLE_BYTES, false, &project->purpose, err);
	if (rc == SL_OK)
		rc = read_words(at, "description", &project->description, err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "expires", &m, err);
	if (rc == SL_OK)
		rc = sl_policy_read_day(&m, &project->expires, err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "approvals", &m, err);
	if (rc == SL_OK)
		rc = sl_json_u64(&m, 1, 10, &approvals, err);
	project->approvals = (uint32_t)approvals;
	if (rc == SL_OK && sl_json_opt(at, "owner_approval", &m))
		rc = sl_json_bool(&m, &project->owner_approval, err);
	if (rc == SL_OK)
		rc = sl_policy_read_released(at, &project->released_numbers_max, err);
	if (rc == SL_OK)
		rc = read_words(at, "reason", &project->reason, err);
	if (rc == SL_OK)
		rc = read_words(at, "remedy", &project->remedy, err);
	return rc;
}

static enum sl_rc read_project(const struct sl_json_at *at, const struct sl_policy *p, struct sl_project *project,
                               struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc;

	sl_json_where(at, true, &project->line, &project->col);
	if (!sl_text_is_ident(at->key))
		return sl_json_fault(at, true, err, "not a name (letters, digits, _ and -, at most 64 bytes)");
	project->name = strdup(at->key);
	if (project->name == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_json_keys(at, project_keys, COUNT(project_keys), err);
	project->released_numbers_max = p->released_numbers_max;
	if (rc == SL_OK)
		rc = read_terms(at, project, err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "analysts", &m, err);
	if (rc == SL_OK)
		rc = read_analysts(&m, p, project, err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "tables", &m, err);
	if (rc == SL_OK)
		rc = read_tables(&m, p, project, err);
	return rc;
}

enum sl_rc sl_policy_read_projects(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_is_object(at, SL_PROJECTS_MAX, err);

	if (rc != SL_OK)
		return rc;
	p->projects = sl_json_calloc(json_object_size(at->value), sizeof *p->projects, err);
	if (p->projects == NULL)
		return SL_E_NOMEM;
	for (void *iter = NULL; rc == SL_OK && sl_json_next(at, &iter, &m);)
		rc = read_project(&m, p, &p->projects[p->nprojects++], err);
	return rc;
}

/* Of the analysts the one whose requests the fewest could decide on: "" when there is no analyst yet. */
static const char *worst_author(const struct sl_policy *p, const struct sl_project *project, uint32_t *able)
{
	const char *author = "";

	*able = UINT32_MAX;
	for (uint32_t i = 0; i < project->nanalysts; i++) {
		uint32_t n = sl_reviews_able(p, project, project->analysts[i]);
		if (n >= *able)
			continue;
		*able = n;
		author = project->analysts[i];
	}
	return author;
}

/* Reviewers who are analysts of the project cannot decide on it; enough others must be left. */
static void lint_reviewers(struct sl_policy *p, const struct sl_project *project)
{
	uint32_t able = 0, for_worst;

	for (uint32_t i = 0; i < p->npeople; i++) {
		const struct sl_person *person = &p->people[i];
		if ((person->roles & SL_ROLE_REVIEWER) == 0)
			continue;
		if (!sl_project_has_analyst(project, person->name)) {
			able++;
			continue;
		}
		(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, project->line, project->col,
		                   "reviewer-is-analyst",
		                   "project \"%s\": reviewer \"%s\" is an analyst of it and cannot review it",
		                   project->name, person->name);
	}
	if (able < project->approvals)
		sl_err_remedy(sl_notes_add(&p->notes, SL_NOTE_ERROR, p->file, project->line, project->col,
		                           "too-few-reviewers",
		                           "project \"%s\" needs %u approvals and %u reviewers could give one",
		                           project->name, project->approvals, able),
		              "name more reviewers who are no analysts of it");
	const char *author = worst_author(p, project, &for_worst);
	if (able >= project->approvals && for_worst < project->approvals)
		sl_err_remedy(sl_notes_add(&p->notes, SL_NOTE_ERROR, p->file, project->line, project->col,
		                           "too-few-reviewers",
		                           "project \"%s\" needs %u approvals and %u reviewers of another organisation than "
		                           "\"%s\" could give one",
		                           project->name, project->approvals, for_worst, author),
		              "name reviewers of other organisations, and everybody's organisation");
}

/* Who has no organisation decides on nothing, and nobody decides on what they ask. */
static void lint_organisations(struct sl_policy *p)
{
	for (uint32_t i = 0; i < p->npeople && p->reviews.apart; i++) {
		const struct sl_person *person = &p->people[i];
		if ((person->roles & (SL_ROLE_REVIEWER | SL_ROLE_ANALYST)) != 0 && person->organisation[0] == '\0')
			sl_err_remedy(sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, person->line, person->col, "no-organisation",
			                           "\"%s\" has no organisation, and reviews are between organisations", person->name),
			              "say \"organisation\" of each analyst and reviewer");
	}
}

/* A bound is for every project; one that is let go further should be meant. */
static void lint_released(struct sl_policy *p, const struct sl_project *project)
{
	if (project->released_numbers_max > p->released_numbers_max)
		sl_err_remedy(sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, project->line, project->col,
		                           "released-numbers-more",
		                           "project \"%s\" may have more numbers than disclosure lets others have, %" PRIu64,
		                           project->name, p->released_numbers_max),
		              "take released_numbers_max out of the project, or see that it is meant");
}

void sl_policy_lint_projects(struct sl_policy *p)
{
	lint_organisations(p);
	for (uint32_t i = 0; i < p->nprojects; i++) {
		const struct sl_project *project = &p->projects[i];
		lint_reviewers(p, project);
		lint_released(p, project);
		if (project->nanalysts == 0 || project->ntables == 0)
			(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, project->line, project->col,
			                   "empty-project", "project \"%s\" has no %s", project->name,
			                   project->nanalysts == 0 ? "analyst" : "table");
		for (uint32_t t = 0; t < project->ntables; t++)
			for (uint32_t c = 0; c < project->tables[t].ncolumns; c++)
				if (project->tables[t].columns[c].uses == 0)
					(void)sl_notes_add(
						&p->notes, SL_NOTE_WARNING, p->file, project->tables[t].columns[c].line,
						project->tables[t].columns[c].col, "no-use",
						"column \"%s\" is granted no use", project->tables[t].columns[c].name);
	}
}
