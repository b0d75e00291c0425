/* reviews.c - see reviews.h. */
#include "policy/reviews.h"

#include <string.h>

bool sl_reviews_by_class(const struct sl_policy *policy)
{
	for (size_t i = SL_CLASS_OPEN; i <= SL_CLASS_CONFIDENTIAL; i++)
		if (policy->reviews.approvals_by_class[i] > 0)
			return true;
	return false;
}

static bool has_class(const struct sl_cat_table *const *tables, uint32_t n, size_t class_)
{
	for (uint32_t i = 0; i < n; i++)
		if (tables[i]->class_ == class_ || tables[i]->class_ == SL_CLASS_NONE || tables[i]->class_ > SL_CLASS_CONFIDENTIAL)
			return true;
	return n == 0;
}

uint32_t sl_reviews_needed(const struct sl_policy *policy, const struct sl_project *project,
                           const struct sl_cat_table *const *tables, uint32_t ntables, enum sl_class *asks)
{
	uint32_t needed = project != NULL ? project->approvals : 0;

	if (asks != NULL)
		*asks = SL_CLASS_NONE;
	for (size_t i = SL_CLASS_OPEN; needed > 0 && i <= SL_CLASS_CONFIDENTIAL; i++) {
		uint32_t asked = policy->reviews.approvals_by_class[i];
		if (asked <= needed || !has_class(tables, ntables, i))
			continue;
		needed = asked;
		if (asks != NULL)
			*asks = (enum sl_class)i;
	}
	return needed;
}

bool sl_reviews_apart(const struct sl_policy *policy, const char *author, const char *person)
{
	if (!policy->reviews.apart)
		return true;
	const struct sl_person *a = sl_policy_person(policy, author), *p = sl_policy_person(policy, person);

	return a != NULL && p != NULL && a->organisation[0] != '\0' && p->organisation[0] != '\0' &&
	       strcmp(a->organisation, p->organisation) != 0;
}

uint32_t sl_reviews_able(const struct sl_policy *policy, const struct sl_project *project, const char *author)
{
	uint32_t able = 0;

	for (uint32_t i = 0; i < policy->npeople; i++) {
		const struct sl_person *p = &policy->people[i];
		able += (p->roles & SL_ROLE_REVIEWER) != 0 && strcmp(p->name, author) != 0 &&
		        !sl_project_has_analyst(project, p->name) && sl_reviews_apart(policy, author, p->name);
	}
	return able;
}
