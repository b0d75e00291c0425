/* policy_can.c - see policy_can.h. */
#include "jobs/policy_can.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/owner_holding.h"
#include "jobs/owner_terms.h"
#include "jobs/pack.h"
#include "policy/gate.h"

enum sl_can_about sl_can_about(enum sl_action action)
{
	switch (action) {
	case SL_ACTION_JOB_RUN:
	case SL_ACTION_REQUEST_NEW:
		return SL_CAN_ABOUT_GRANT;
	case SL_ACTION_JOB_LIST:
	case SL_ACTION_REQUEST_LIST:
	case SL_ACTION_RELEASE_GET:
		return SL_CAN_ABOUT_SIGHT;
	case SL_ACTION_REVIEW_SHOW:
	case SL_ACTION_REVIEW_DECIDE:
		return SL_CAN_ABOUT_REVIEW;
	default:
		return SL_CAN_ABOUT_NOTHING;
	}
}

static enum sl_rc no_person(const struct sl_policy *p, const char *name, struct sl_err *err)
{
	const char *names[SL_PEOPLE_MAX];
	size_t n = 0;

	for (; n < p->npeople && n < SL_PEOPLE_MAX; n++)
		names[n] = p->people[n].name;
	int near = sl_text_near(name, names, n);
	enum sl_rc rc = sl_err_set(err, SL_E_IDENT, "the policy in force knows nobody called \"%.80s\"", name);
	sl_err_rule(err, SL_GRANT_NO_SUCH_PERSON);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
	else
		sl_err_remedy(err, "sluice policy show --summary lists people");
	return rc;
}

void sl_can_yes(struct sl_can_answer *out, const char *rule, const char *reason)
{
	out->yes = true;
	(void)snprintf(out->rule, sizeof out->rule, "%s", rule);
	(void)snprintf(out->reason, sizeof out->reason, "%s", reason);
}

/* A refusal is an answer; anything else that went wrong stays an error. */
enum sl_rc sl_can_no(struct sl_can_answer *out, const struct sl_err *no, struct sl_err *err)
{
	if (no->rc != SL_E_DENIED && no->rc != SL_E_NO) {
		if (err != NULL && err->rc == SL_OK)
			*err = *no;
		return no->rc;
	}
	out->yes = false;
	(void)snprintf(out->rule, sizeof out->rule, "%s", no->rule[0] != '\0' ? no->rule : sl_rc_name(no->rc));
	(void)snprintf(out->reason, sizeof out->reason, "%s", no->text);
	(void)snprintf(out->remedy, sizeof out->remedy, "%s", no->remedy);
	return SL_OK;
}

static enum sl_rc ask_grant(const struct sl_standing *s, const struct sl_can_question *q, struct sl_can_answer *out,
                            struct sl_err *no)
{
	struct sl_grant grant;
	char reason[512], day[SL_DECIMAL_TEXT];
	enum sl_rc rc = sl_standing_grant(s, q->project, q->person, &grant, no);

	if (rc == SL_OK && *q->author && strcmp(q->author, q->person) != 0) {
		rc = sl_err_set(no, SL_E_DENIED, "\"%s\" is not the author", q->person);
		sl_err_rule(no, "author");
		sl_err_remedy(no, "only the author of a job speaks for it");
	}
	if (rc == SL_OK) {
		(void)sl_format_date(grant.project->expires, day);
		(void)snprintf(reason, sizeof reason, "\"%s\" is an analyst of project \"%s\", which grants %u table%s until %s",
		               q->person, q->project, grant.view.ntables, grant.view.ntables == 1 ? "" : "s", day);
		sl_can_yes(out, "grant", reason);
	}
	sl_grant_free(&grant);
	return rc;
}

/* Of the projects that use it the one that may, or what is missing. */
static enum sl_rc judge_holdings(const struct sl_can_question *q, const struct sl_cat_table *t,
                                 const struct sl_owner_holding *h, uint32_t n, struct sl_can_answer *out,
                                 struct sl_err *no)
{
	const struct sl_owner_holding *best = sl_owner_best(h, n);
	char reason[512], held[SL_OWNER_HOLDING_TEXT];

	if (best == NULL) {
		(void)sl_err_set(no, SL_E_DENIED, "no project of \"%s\" is given \"%s\" by the policy", q->person, t->name);
		sl_err_rule(no, SL_GRANT_NO_SUCH_TABLE);
		sl_err_remedy(no, "ask an officer to grant it to a project");
		return SL_E_DENIED;
	}
	if (!sl_owner_usable(&best->word))
		return sl_owner_tell(&best->word, t->name, best->project->name, no);
	sl_owner_holding_text(&best->word, held);
	(void)snprintf(reason, sizeof reason, "project \"%s\" is given \"%s\"%s%s", best->project->name, t->name,
	               best->word.grant != 0 ? ", and its owner grants it: " : ", which is ",
	               best->word.grant != 0 ? held : sl_class_name((enum sl_class)t->class_));
	sl_can_yes(out, "grant", reason);
	return SL_OK;
}

static enum sl_rc ask_table(const struct sl_standing *s, const struct sl_can_question *q, struct sl_can_answer *out,
                            struct sl_err *no)
{
	const struct sl_cat_table *t = sl_owner_table(s, q->table);
	struct sl_owner_holding *h = NULL;
	uint32_t n = 0, seen = 0;

	if (sl_can_about(q->action) != SL_CAN_ABOUT_GRANT)
		return sl_err_set(no, SL_E_USAGE, "\"%s\" is about no table", sl_roles_action(q->action)->name);
	if (t == NULL) {
		enum sl_rc none = sl_err_set(no, SL_E_NO, "there is no table \"%.100s\"", q->table);
		sl_err_remedy(no, "sluice data ls lists them");
		return none;
	}
	enum sl_rc rc = sl_owner_holdings(s, q->person, t, &h, &n, no);
	for (uint32_t i = 0; i < n; i++)
		if (q->asker == NULL || sl_owner_sees(q->asker, s, h[i].project->name, q->person, t->name))
			h[seen++] = h[i];
	if (rc == SL_OK && n > 0 && seen == 0) {
		rc = sl_err_set(no, SL_E_DENIED, "what owners grant is told to those it concerns, officers and auditors");
		sl_err_rule(no, "role");
		sl_err_remedy(no, "ask about yourself, or ask an officer");
	} else if (rc == SL_OK) {
		rc = judge_holdings(q, t, h, seen, out, no);
	}
	free(h);
	return rc;
}

static enum sl_rc ask_sight(const struct sl_standing *s, const struct sl_actor *actor, const struct sl_can_question *q,
                            struct sl_can_answer *out, struct sl_err *no)
{
	char reason[512];

	if (!sl_pack_sees(actor, s, q->action, q->project, q->author)) {
		enum sl_rc rc = sl_err_set(no, SL_E_DENIED, "\"%s\" is no analyst of project \"%s\"", q->person, q->project);
		sl_err_rule(no, SL_GRANT_NOT_AN_ANALYST);
		sl_err_remedy(no, "ask an officer to add you to the project");
		return rc;
	}
	(void)snprintf(reason, sizeof reason, "what is of project \"%s\" is shown to \"%s\"", q->project, q->person);
	sl_can_yes(out, "sight", reason);
	return SL_OK;
}

static enum sl_rc ask_review(const struct sl_standing *s, const struct sl_can_question *q, struct sl_can_answer *out,
                             struct sl_err *no)
{
	char reason[512];
	enum sl_rc rc = sl_gate_may_review(&s->policy, q->project, q->author, q->person, no);

	if (rc != SL_OK)
		return rc;
	(void)snprintf(reason, sizeof reason, "\"%s\" is a reviewer and no analyst of project \"%s\"%s", q->person, q->project,
	               s->policy.reviews.apart ? *q->author ? ", and of another organisation than the author"
	                                                    : "; of requests of another organisation"
	                                       : "");
	sl_can_yes(out, sl_conditions_table[SL_CONDITION_INDEPENDENT].id, reason);
	return SL_OK;
}

static enum sl_rc ask_thing(const struct sl_standing *s, const struct sl_actor *actor, const struct sl_can_question *q,
                            struct sl_can_answer *out, struct sl_err *no)
{
	switch (sl_can_about(q->action)) {
	case SL_CAN_ABOUT_GRANT:
		return ask_grant(s, q, out, no);
	case SL_CAN_ABOUT_SIGHT:
		return ask_sight(s, actor, q, out, no);
	case SL_CAN_ABOUT_REVIEW:
		return ask_review(s, q, out, no);
	default:
		return sl_err_set(no, SL_E_USAGE, "\"%s\" is about no single thing", sl_roles_action(q->action)->name);
	}
}

enum sl_rc sl_can_ask(const struct sl_standing *s, const struct sl_can_question *q, struct sl_can_answer *out,
                      struct sl_err *err)
{
	const struct sl_action_row *row = sl_roles_action(q->action);
	struct sl_actor actor = {.kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)q->person};
	struct sl_err no = {0};
	char reason[512];

	SL_REQUIRE(row != NULL);
	memset(out, 0, sizeof *out);
	if (!s->has_policy) {
		enum sl_rc rc = sl_err_set(err, SL_E_DENIED, "no policy is in force");
		sl_err_remedy(err, "an officer writes one: sluice policy new");
		return rc;
	}
	if (sl_policy_person(&s->policy, q->person) == NULL)
		return no_person(&s->policy, q->person, err);
	enum sl_rc rc = sl_actor_may(&actor, s, q->action, &no);
	if (rc == SL_OK) {
		(void)snprintf(reason, sizeof reason, "a role of \"%s\" may: %s", q->person, row->why);
		sl_can_yes(out, "role", reason);
	}
	if (rc == SL_OK && q->table != NULL)
		rc = ask_table(s, q, out, &no);
	else if (rc == SL_OK && q->project != NULL)
		rc = ask_thing(s, &actor, q, out, &no);
	/* What is not there is no answer about a person. */
	if (rc == SL_E_NO && err != NULL && err->rc == SL_OK)
		*err = no;
	return rc == SL_OK || rc == SL_E_NO ? rc : sl_can_no(out, &no, err);
}
