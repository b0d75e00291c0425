/* policy.c - see policy.h: finding and freeing. Files are read in policy/json. */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

static void free_project(struct sl_project *project)
{
	for (uint32_t i = 0; i < project->nanalysts; i++)
		free(project->analysts[i]);
	for (uint32_t i = 0; i < project->ntables; i++) {
		struct sl_granted_table *t = &project->tables[i];
		for (uint32_t k = 0; k < t->ncolumns; k++)
			free(t->columns[k].name);
		free(t->columns);
		free(t->name);
		free(t->reason);
		free(t->remedy);
	}
	free(project->analysts);
	free(project->tables);
	free(project->name);
	free(project->purpose);
	free(project->description);
	free(project->reason);
	free(project->remedy);
}

void sl_policy_free(struct sl_policy *p)
{
	if (p == NULL)
		return;
	for (uint32_t i = 0; i < p->npeople; i++) {
		free(p->people[i].name);
		free(p->people[i].key);
		free(p->people[i].organisation);
	}
	for (uint32_t i = 0; i < p->nexceptions; i++) {
		free(p->exceptions[i].person);
		free(p->exceptions[i].reason);
	}
	for (uint32_t i = 0; i < p->npins; i++)
		free(p->pins[i].dataset);
	for (uint32_t i = 0; i < p->nlayers; i++)
		free(p->layers[i]);
	for (uint32_t i = 0; i < p->nrefresh_days; i++)
		free(p->refresh_days[i].table);
	for (uint32_t i = 0; i < p->nprojects; i++)
		free_project(&p->projects[i]);
	free(p->people);
	free(p->exceptions);
	free(p->pins);
	free(p->layers);
	free(p->refresh_days);
	free(p->projects);
	free(p->file);
	free(p->enclave);
	free(p->profile);
	sl_notes_free(&p->notes);
	memset(p, 0, sizeof *p);
}

const struct sl_person *sl_policy_person(const struct sl_policy *policy, const char *name)
{
	for (uint32_t i = 0; i < policy->npeople; i++)
		if (strcmp(policy->people[i].name, name) == 0)
			return &policy->people[i];
	return NULL;
}

const struct sl_powers sl_powers_apart[] = {
	{SL_ROLE_OPERATOR | SL_ROLE_REVIEWER, SL_ROLE_REVIEWER, "who can read rows also says what may leave"},
	{SL_ROLE_OFFICER | SL_ROLE_AUDITOR, SL_ROLE_AUDITOR, "who writes the rules also verifies that they were kept"},
};
const size_t sl_powers_count = sizeof sl_powers_apart / sizeof sl_powers_apart[0];

bool sl_policy_excepted(const struct sl_policy *policy, const char *person, uint32_t pair, const int64_t *today)
{
	for (uint32_t i = 0; i < policy->nexceptions; i++) {
		const struct sl_exception *x = &policy->exceptions[i];

		if (x->roles == pair && strcmp(x->person, person) == 0 && (today == NULL || *today <= x->expires))
			return true;
	}
	return false;
}

uint32_t sl_policy_roles(const struct sl_policy *policy, const struct sl_person *person, int64_t today)
{
	uint32_t roles = person->roles;

	for (size_t i = 0; i < sl_powers_count; i++)
		if ((person->roles & sl_powers_apart[i].pair) == sl_powers_apart[i].pair &&
		    !sl_policy_excepted(policy, person->name, sl_powers_apart[i].pair, &today))
			roles &= ~sl_powers_apart[i].checks;
	return roles;
}

const struct sl_project *sl_policy_project(const struct sl_policy *policy, const char *name)
{
	for (uint32_t i = 0; i < policy->nprojects; i++)
		if (strcmp(policy->projects[i].name, name) == 0)
			return &policy->projects[i];
	return NULL;
}

const struct sl_pin *sl_policy_pin(const struct sl_policy *policy, const char *dataset)
{
	for (uint32_t i = 0; i < policy->npins; i++)
		if (strcmp(policy->pins[i].dataset, dataset) == 0)
			return &policy->pins[i];
	return NULL;
}

bool sl_policy_refresh_day(const struct sl_policy *policy, const char *table, int64_t *day)
{
	for (uint32_t i = 0; i < policy->nrefresh_days; i++)
		if (strcmp(policy->refresh_days[i].table, table) == 0) {
			*day = policy->refresh_days[i].day;
			return true;
		}
	return false;
}

bool sl_project_has_analyst(const struct sl_project *project, const char *person)
{
	for (uint32_t i = 0; i < project->nanalysts; i++)
		if (strcmp(project->analysts[i], person) == 0)
			return true;
	return false;
}

bool sl_policy_same_key(const char *a, const char *b)
{
	size_t n = 0, words = 0;

	for (; a[n] != '\0' && b[n] != '\0' && a[n] == b[n]; n++)
		if (a[n] == ' ' && ++words == 2)
			return true;
	/* The shorter one may end where the other's comment begins. */
	bool a_ends = a[n] == '\0' || a[n] == ' ', b_ends = b[n] == '\0' || b[n] == ' ';
	return words == 1 && a_ends && b_ends;
}
