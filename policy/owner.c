/* owner.c - see owner.h: whose word it is, and what it is today. */
#include "policy/owner.h"

#include <stdlib.h>
#include <string.h>

void sl_owner_grant_free(struct sl_owner_grant *g)
{
	if (g == NULL)
		return;
	char *texts[] = { g->application, g->project, g->purpose, g->table, g->owner, g->person, g->key };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		free(texts[i]);
	for (uint32_t i = 0; i < g->nanalysts; i++)
		free(g->analysts[i]);
	for (uint32_t i = 0; i < g->ncolumns; i++)
		free(g->columns[i].name);
	free(g->analysts);
	free(g->columns);
	memset(g, 0, sizeof *g);
}

bool sl_owner_is(const struct sl_policy *policy, const struct sl_person *person, const char *owner, int64_t today)
{
	return person != NULL && owner[0] != '\0' && (sl_policy_roles(policy, person, today) & SL_ROLE_OWNER) != 0 &&
	       (strcmp(person->organisation, owner) == 0 || strcmp(person->name, owner) == 0);
}

enum sl_rc sl_owner_may_speak(const struct sl_policy *policy, const struct sl_cat_table *table, const char *project,
                              const char *person, int64_t today, struct sl_err *err)
{
	const struct sl_project *p = sl_policy_project(policy, project);

	if (!sl_owner_is(policy, sl_policy_person(policy, person), table->owner, today)) {
		(void)sl_err_set(err, SL_E_DENIED, "\"%s\" is no owner of \"%s\", which is of \"%s\"", person, table->name,
		                 table->owner);
		sl_err_rule(err, SL_GRANT_NOT_OWNER);
		sl_err_remedy(err, "an owner of \"%s\" decides: role \"owner\" and that organisation in the policy",
		              table->owner);
		return SL_E_DENIED;
	}
	if (p != NULL && sl_project_has_analyst(p, person)) {
		(void)sl_err_set(err, SL_E_DENIED, "\"%s\" is an analyst of project \"%s\" and does not decide for it", person,
		                 project);
		sl_err_rule(err, SL_GRANT_OWN_PROJECT);
		sl_err_remedy(err, "another owner of \"%s\" decides", table->owner);
		return SL_E_DENIED;
	}
	return SL_OK;
}

static bool names(char *const *list, uint32_t n, const char *name)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

enum sl_owner_say sl_owner_judge(const struct sl_owner_question *q, const struct sl_owner_grant *g)
{
	const struct sl_person *p;

	if (strcmp(g->project, q->project->name) != 0 || strcmp(g->table, q->table->name) != 0)
		return SL_OWNER_SILENT;
	if (!g->verified)
		return SL_OWNER_UNVERIFIED;
	p = sl_policy_person(q->policy, g->person);
	if (!sl_owner_is(q->policy, p, q->table->owner, q->today) || strcmp(g->owner, q->table->owner) != 0 ||
	    !sl_policy_same_key(p->key, g->key))
		return SL_OWNER_NO_OWNER;
	if (sl_project_has_analyst(q->project, g->person))
		return SL_OWNER_OWN_PROJECT;
	if (g->withdrawn)
		return SL_OWNER_WITHDRAWN;
	if (q->today > g->until)
		return SL_OWNER_EXPIRED;
	if (strcmp(g->purpose, q->project->purpose) != 0)
		return SL_OWNER_PURPOSE;
	return names(g->analysts, g->nanalysts, q->person) ? SL_OWNER_GRANTS : SL_OWNER_PERSON;
}

/* Columns of the view that the grant names, with its uses. */
static void add_uses(const struct sl_owner_grant *g, const struct sl_table *view, uint8_t *uses)
{
	for (uint32_t c = 0; c < view->ncolumns; c++)
		for (uint32_t i = 0; i < g->ncolumns; i++)
			if (strcmp(view->columns[c].name, g->columns[i].name) == 0)
				uses[c] |= g->columns[i].uses;
}

enum sl_rc sl_owner_ask(const struct sl_owner_question *q, const struct sl_table *view, struct sl_owner_word *word,
                        struct sl_err *err)
{
	*word = (struct sl_owner_word){ 0 };
	word->uses = calloc((size_t)view->ncolumns + 1, 1);
	if (word->uses == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (q->table->class_ == SL_CLASS_OPEN || q->table->class_ == SL_CLASS_CONFIDENTIAL) {
		memset(word->uses, SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE, view->ncolumns);
		word->say = SL_OWNER_NOT_ASKED;
		return SL_OK;
	}
	for (uint32_t i = 0; i < q->ngrants; i++) {
		enum sl_owner_say say = sl_owner_judge(q, &q->grants[i]);
		if (say == SL_OWNER_GRANTS)
			add_uses(&q->grants[i], view, word->uses);
		if (say == SL_OWNER_SILENT || say < word->say)
			continue;
		word->say = (uint8_t)say;
		word->grant = q->grants[i].id;
		word->until = q->grants[i].until;
	}
	return SL_OK;
}

bool sl_owner_usable(const struct sl_owner_word *word)
{
	return word->say == SL_OWNER_GRANTS || word->say == SL_OWNER_NOT_ASKED;
}

enum sl_rc sl_owner_tell(const struct sl_owner_word *word, const char *table, const char *project, struct sl_err *err)
{
	static const char *const why[] = {
		[SL_OWNER_UNVERIFIED] = " has a signature that does not hold",
		[SL_OWNER_NO_OWNER] = " was signed by somebody who is no owner of it by the policy in force",
		[SL_OWNER_OWN_PROJECT] = " was signed by an analyst of the project",
		[SL_OWNER_WITHDRAWN] = " was withdrawn",
		[SL_OWNER_EXPIRED] = " ended on ",
		[SL_OWNER_PURPOSE] = " was given for another purpose of the project",
		[SL_OWNER_PERSON] = " does not name you: you were no analyst of the project then",
	};
	const char *words = word->say < sizeof why / sizeof why[0] ? why[word->say] : NULL;
	char day[SL_DECIMAL_TEXT] = "";

	if (word->say == SL_OWNER_EXPIRED)
		(void)sl_format_date(word->until, day);
	if (words == NULL || word->grant == 0)
		(void)sl_err_set(err, SL_E_DENIED, "no grant of the owner is in force for \"%s\"", table);
	else
		(void)sl_err_set(err, SL_E_DENIED, "no grant of the owner is in force for \"%s\": G-%lld%s%s", table,
		                 (long long)word->grant, words, day);
	sl_err_rule(err, SL_GRANT_NO_OWNER_GRANT);
	sl_err_remedy(err, "sluice data request %s -p %s --reason TEXT", table, project);
	return SL_E_DENIED;
}

static bool same_dataset(const char *a, const char *b)
{
	const char *dot = strchr(a, '.');

	return dot != NULL && strncmp(a, b, (size_t)(dot - a) + 1) == 0;
}

bool sl_owner_joins(const struct sl_cat_table *table, const char *other)
{
	if (strcmp(table->name, other) == 0)
		return true;
	if (!table->says_joins)
		return table->class_ == SL_CLASS_OPEN || same_dataset(table->name, other);
	for (uint32_t i = 0; i < table->njoins; i++) {
		const char *j = table->joins[i];
		size_t n = strlen(j);
		if (strcmp(j, other) == 0 || (n > 2 && strcmp(j + n - 2, ".*") == 0 && same_dataset(j, other)))
			return true;
	}
	return false;
}
