/*
 * gate.c - see gate.h. A condition is a row: its question, and what to say when the answer is no.
 *
 * Persons and keys are looked up in the policy in force, so that a fact about them cannot be passed in wrongly.
 */
#include "policy/gate.h"

#include <stdio.h>
#include <string.h>

#include "policy/reviews.h"

static const char *const decisions[] = {
	[SL_DECISION_NONE] = "none",
	[SL_DECISION_APPROVE] = "approve",
	[SL_DECISION_REJECT] = "reject",
	[SL_DECISION_RETURN] = "return",
};

const char *sl_gate_decision(enum sl_decision decision)
{
	return (size_t)decision < sizeof decisions / sizeof decisions[0] ? decisions[decision] : decisions[0];
}

enum sl_decision sl_gate_decision_named(const char *word)
{
	for (int i = SL_DECISION_APPROVE; i <= SL_DECISION_RETURN; i++)
		if (strcmp(word, decisions[i]) == 0)
			return (enum sl_decision)i;
	return SL_DECISION_NONE;
}

static bool is_set(const uint8_t digest[static 32])
{
	static const uint8_t zero[32];

	return memcmp(digest, zero, sizeof zero) != 0;
}

static bool same(const uint8_t a[static 32], const uint8_t b[static 32])
{
	return is_set(a) && memcmp(a, b, 32) == 0;
}

static const struct sl_project *project_of(const struct sl_gate_facts *f)
{
	return f->policy != NULL && f->project != NULL ? sl_policy_project(f->policy, f->project) : NULL;
}

static bool is_approval(const struct sl_gate_review *r)
{
	return r->decision == SL_DECISION_APPROVE;
}

/* Who signed it may sign: a reviewer of the policy in force, with the key the policy has for them now. */
static bool is_by_reviewer(const struct sl_gate_facts *f, const struct sl_gate_review *r)
{
	const struct sl_person *p =
		f->policy != NULL && r->person != NULL ? sl_policy_person(f->policy, r->person) : NULL;

	return p != NULL && r->signature_verified && r->key != NULL &&
	       sl_roles_allow(sl_policy_roles(f->policy, p, f->today), SL_ACTION_REVIEW_DECIDE) &&
	       sl_policy_same_key(r->key, p->key);
}

static bool is_independent(const struct sl_gate_facts *f, const struct sl_gate_review *r)
{
	const struct sl_project *project = project_of(f);

	return project != NULL && f->author != NULL && r->person != NULL && strcmp(r->person, f->author) != 0 &&
	       !sl_project_has_analyst(project, r->person) && sl_reviews_apart(f->policy, f->author, r->person);
}

static bool is_bound(const struct sl_gate_facts *f, const struct sl_gate_review *r)
{
	return same(r->publication_digest, f->publication_digest) && same(r->policy_digest, f->policy_digest);
}

/* It was signed in view of these findings, and names the rule of each that is left to judge. */
static bool acknowledges(const struct sl_gate_facts *f, const struct sl_gate_review *r)
{
	return same(r->findings_digest, f->findings_digest) && (f->rules_open & ~r->rules_acknowledged) == 0;
}

/* Approvals that count: whole, and no person and no key twice. */
static uint32_t count_approvals(const struct sl_gate_facts *f)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->nreviews; i++) {
		const struct sl_gate_review *r = &f->reviews[i];
		bool counts = is_approval(r) && is_by_reviewer(f, r) && is_independent(f, r) && is_bound(f, r) &&
		              acknowledges(f, r);
		for (uint32_t j = 0; j < i && counts; j++) {
			const struct sl_gate_review *s = &f->reviews[j];
			if (is_approval(s) && s->person != NULL && s->key != NULL &&
			    (strcmp(s->person, r->person) == 0 || sl_policy_same_key(s->key, r->key)))
				counts = false;
		}
		n += counts;
	}
	return n;
}

static bool submitted(const struct sl_gate_facts *f)
{
	return f->submitted && f->author != NULL && f->request_signature_verified;
}

static bool unchanged(const struct sl_gate_facts *f)
{
	return same(f->request_digest_signed, f->request_digest_now) &&
	       same(f->publication_digest, f->publication_digest_now);
}

static bool releasable(const struct sl_gate_facts *f)
{
	return f->releasable;
}

static bool policy_in_force(const struct sl_gate_facts *f)
{
	return f->policy != NULL && f->policy_signature_verified && same(f->policy_digest, f->policy_digest_evaluated);
}

static bool grant_holds(const struct sl_gate_facts *f)
{
	return f->grant_holds;
}

static bool owner_grants_hold(const struct sl_gate_facts *f)
{
	return f->owner_grants_hold;
}

static bool not_expired(const struct sl_gate_facts *f)
{
	const struct sl_project *project = project_of(f);

	return project != NULL && f->today <= project->expires;
}

static bool enough_approvals(const struct sl_gate_facts *f)
{
	const struct sl_project *project = project_of(f);

	uint32_t needed = project != NULL ? sl_reviews_needed(f->policy, project, f->tables, f->ntables, NULL) : 0;

	return needed > 0 && count_approvals(f) >= needed;
}

bool sl_gate_asks_owner(const struct sl_policy *policy, const char *project, const struct sl_cat_table *table)
{
	const struct sl_project *p = sl_policy_project(policy, project);

	return p == NULL || p->owner_approval || table->owner_approval;
}

/* Whose word it is about the table: an owner of it with the key of now, outside the project. */
static bool speaks_for(const struct sl_gate_facts *f, const struct sl_gate_owner *o, const struct sl_cat_table *table)
{
	const struct sl_person *p = sl_policy_person(f->policy, o->person);
	const struct sl_project *project = project_of(f);

	return o->signature_verified && strcmp(o->organisation, table->owner) == 0 &&
	       sl_owner_is(f->policy, p, table->owner, f->today) && sl_policy_same_key(o->key, p->key) && project != NULL &&
	       !sl_project_has_analyst(project, o->person) && strcmp(o->person, f->author) != 0;
}

static bool owner_approved(const struct sl_gate_facts *f, const struct sl_cat_table *table)
{
	bool approved = false;

	for (uint32_t i = 0; i < f->nowners; i++) {
		const struct sl_gate_owner *o = &f->owners[i];
		if (!speaks_for(f, o, table))
			continue;
		if (o->decision != SL_DECISION_APPROVE)
			return false;
		approved = approved || (same(o->publication_digest, f->publication_digest) &&
		                        same(o->policy_digest, f->policy_digest));
	}
	return approved;
}

/* The first table whose owner is asked and has not approved; NULL: none. */
static const struct sl_cat_table *owner_missing(const struct sl_gate_facts *f)
{
	for (uint32_t i = 0; i < f->ntables; i++)
		if (sl_gate_asks_owner(f->policy, f->project, f->tables[i]) && !owner_approved(f, f->tables[i]))
			return f->tables[i];
	return NULL;
}

/* A job reads some table: of none that is known, nobody was asked. */
static bool owners_approve(const struct sl_gate_facts *f)
{
	return f->policy != NULL && f->project != NULL && f->author != NULL && f->ntables > 0 && owner_missing(f) == NULL;
}

/* The three below look at each approval: one that falls short is a reason to stop and ask, not to count around it. */
static bool approvals_bound(const struct sl_gate_facts *f)
{
	for (uint32_t i = 0; i < f->nreviews; i++)
		if (is_approval(&f->reviews[i]) && !(is_by_reviewer(f, &f->reviews[i]) && is_bound(f, &f->reviews[i])))
			return false;
	return f->nreviews > 0;
}

static bool findings_acknowledged(const struct sl_gate_facts *f)
{
	for (uint32_t i = 0; i < f->nreviews; i++)
		if (is_approval(&f->reviews[i]) && !acknowledges(f, &f->reviews[i]))
			return false;
	return f->nreviews > 0;
}

static bool reviewers_independent(const struct sl_gate_facts *f)
{
	for (uint32_t i = 0; i < f->nreviews; i++)
		if (is_approval(&f->reviews[i]) && !is_independent(f, &f->reviews[i]))
			return false;
	return f->nreviews > 0;
}

/* Whatever is not clearly an approval stands against it. */
static bool no_rejection(const struct sl_gate_facts *f)
{
	for (uint32_t i = 0; i < f->nreviews; i++)
		if (!is_approval(&f->reviews[i]))
			return false;
	return f->nreviews > 0;
}

static bool within_released(const struct sl_gate_facts *f)
{
	const struct sl_project *project = project_of(f);

	return project != NULL && sl_released_within(f->released, f->nreleased, project->released_numbers_max);
}

static bool history_holds(const struct sl_gate_facts *f)
{
	return f->history_holds;
}

static bool secondary_recorded(const struct sl_gate_facts *f)
{
	return f->secondary == SL_SECONDARY_WITHIN_REQUEST;
}

static bool log_consistent(const struct sl_gate_facts *f)
{
	return f->log_consistent;
}

const struct sl_condition_row sl_conditions_table[SL_CONDITION_COUNT_] = {
	[SL_CONDITION_SUBMITTED] = {
		.condition = SL_CONDITION_SUBMITTED, .id = "submitted", .met = submitted,
		.reason = "the request is signed by its author and waits for review",
		.remedy = "submit it again with `request new`",
	},
	[SL_CONDITION_UNCHANGED] = {
		.condition = SL_CONDITION_UNCHANGED, .id = "unchanged", .met = unchanged,
		.reason = "what would leave is byte for byte what was requested and reviewed",
		.remedy = "make a new request; if nobody changed anything, run `audit verify`",
	},
	[SL_CONDITION_RELEASABLE] = {
		.condition = SL_CONDITION_RELEASABLE, .id = "releasable", .met = releasable,
		.reason = "no finding refuses the publication",
		.remedy = "see the findings; change the job and request again",
	},
	[SL_CONDITION_POLICY] = {
		.condition = SL_CONDITION_POLICY, .id = "policy", .met = policy_in_force,
		.reason = "the publication was made under the policy in force, which its officers signed",
		.remedy = "make a new request under the policy of now",
	},
	[SL_CONDITION_GRANT] = {
		.condition = SL_CONDITION_GRANT, .id = "grant", .met = grant_holds,
		.reason = "the author is still granted every table and column the job used",
		.remedy = "ask an officer, or withdraw the request",
	},
	[SL_CONDITION_OWNER_GRANT] = {
		.condition = SL_CONDITION_OWNER_GRANT, .id = "owner-granted", .met = owner_grants_hold,
		.reason = "the owners' grants for the tables the job used are in force, and let them be used and joined so",
		.remedy = "apply to the owner again: `data request`; then make a new request",
	},
	[SL_CONDITION_EXPIRY] = {
		.condition = SL_CONDITION_EXPIRY, .id = "expiry", .met = not_expired,
		.reason = "the project exists and has not expired",
		.remedy = "ask an officer to extend it",
	},
	[SL_CONDITION_APPROVALS] = {
		.condition = SL_CONDITION_APPROVALS, .id = "approvals", .met = enough_approvals,
		.reason = "enough distinct reviewers, each with their own key, approved",
		.remedy = "ask another reviewer",
	},
	[SL_CONDITION_OWNER_APPROVAL] = {
		.condition = SL_CONDITION_OWNER_APPROVAL, .id = "owner-approval", .met = owners_approve,
		.reason = "an owner of each table that asks for it, outside the project, approved this publication",
		.remedy = "ask an owner of the table: `data review`, `data approve`",
	},
	[SL_CONDITION_BOUND] = {
		.condition = SL_CONDITION_BOUND, .id = "bound", .met = approvals_bound,
		.reason = "each approval is a reviewer's signature on this publication and this policy",
		.remedy = "the reviewer signs the statement of now: `review statement`",
	},
	[SL_CONDITION_FINDINGS] = {
		.condition = SL_CONDITION_FINDINGS, .id = "findings", .met = findings_acknowledged,
		.reason = "each approval acknowledges every finding, and by name the rules whose findings are left to judge",
		.remedy = "the reviewer reads the findings and signs again: `review approve --acknowledge RULE`",
	},
	[SL_CONDITION_INDEPENDENT] = {
		.condition = SL_CONDITION_INDEPENDENT, .id = "independent", .met = reviewers_independent,
		.reason = "no reviewer is the author or an analyst of the project, nor, where policy says so, of the author's "
			  "organisation",
		.remedy = "ask a reviewer from outside the project",
	},
	[SL_CONDITION_NO_REJECTION] = {
		.condition = SL_CONDITION_NO_REJECTION, .id = "no-rejection", .met = no_rejection,
		.reason = "nobody's rejection stands",
		.remedy = "answer the reviewer in a new request",
	},
	[SL_CONDITION_RELEASED] = {
		.condition = SL_CONDITION_RELEASED, .id = SL_RELEASED_NUMBERS, .met = within_released,
		.reason = "with it, no more numbers of one unit space leave the project than policy lets leave in all",
		.remedy = "return it to its author, who asks for less; an officer can sign a larger released_numbers_max",
	},
	[SL_CONDITION_HISTORY] = {
		.condition = SL_CONDITION_HISTORY, .id = "history-unmoved", .met = history_holds,
		.reason = "beside everything released of its unit spaces by now, it may leave just as it was requested",
		.remedy = "return it to its author: review return; request revise judges it beside what left, and votes begin anew",
	},
	[SL_CONDITION_SECONDARY] = {
		.condition = SL_CONDITION_SECONDARY, .id = "secondary", .met = secondary_recorded,
		.reason = "the record says that secondary suppression was performed within the request",
		.remedy = "make the record anew",
	},
	[SL_CONDITION_LOG] = {
		.condition = SL_CONDITION_LOG, .id = "log", .met = log_consistent,
		.reason = "the audit log agrees with its checkpoint and with the state",
		.remedy = "run `audit verify`; an operator enters what left since a restore: `sluice recover`",
	},
};

void sl_gate_decide(const struct sl_gate_facts *f, struct sl_gate_verdict *out)
{
	const struct sl_project *project = project_of(f);
	enum sl_class asks = SL_CLASS_NONE;
	uint32_t unmet = 0;

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < SL_CONDITION_COUNT_; i++) {
		out->met[i] = sl_conditions_table[i].met(f);
		unmet += !out->met[i];
	}
	out->approvals = count_approvals(f);
	if (project != NULL)
		out->approvals_needed = sl_reviews_needed(f->policy, project, f->tables, f->ntables, &asks);
	out->class_asks = (uint8_t)asks;
	if (project != NULL)
		sl_released_tell(f->released, f->nreleased, project->released_numbers_max, &out->released);
	/* Nobody has decided yet: then what is asked of each approval is not met for want of one. */
	if (f->nreviews == 0)
		for (size_t i = SL_CONDITION_BOUND; i <= SL_CONDITION_NO_REJECTION; i++)
			unmet -= !out->met[i];
	const struct sl_cat_table *asked =
		f->policy != NULL && f->project != NULL && f->author != NULL ? owner_missing(f) : NULL;
	if (asked != NULL) {
		(void)snprintf(out->owner_waits, sizeof out->owner_waits, "%s", asked->name);
		(void)snprintf(out->owner_asked, sizeof out->owner_asked, "%s", asked->owner);
	}
	uint32_t awaited = 0;
	if (!out->met[SL_CONDITION_APPROVALS] && out->approvals_needed > 0)
		awaited++;
	if (!out->met[SL_CONDITION_OWNER_APPROVAL] && asked != NULL)
		awaited++;
	out->waiting = unmet > 0 && unmet == awaited;
	out->open = unmet == 0 && f->nreviews > 0;
}

enum sl_rc sl_gate_refusal(const struct sl_gate_verdict *v, struct sl_err *err)
{
	if (v->open)
		return SL_OK;
	if (v->waiting) {
		size_t i = v->met[SL_CONDITION_APPROVALS] ? SL_CONDITION_OWNER_APPROVAL : SL_CONDITION_APPROVALS;
		bool owner = v->owner_waits[0] != '\0';
		enum sl_rc rc = sl_err_set(err, SL_E_UNDECIDED, "%u of %u approvals%s%s%s%s", v->approvals, v->approvals_needed,
		                           owner ? ", and none of " : "", v->owner_asked, owner ? ", the owner of " : "",
		                           v->owner_waits);
		sl_err_rule(err, sl_conditions_table[i].id);
		sl_err_remedy(err, "%s", sl_conditions_table[i].remedy);
		return rc;
	}
	/* What no reviewer could mend comes first. */
	for (size_t n = 0; n < 2 * SL_CONDITION_COUNT_; n++) {
		size_t i = n % SL_CONDITION_COUNT_;
		bool of_reviews = i >= SL_CONDITION_APPROVALS && i <= SL_CONDITION_NO_REJECTION;
		if (v->met[i] || (of_reviews && n < SL_CONDITION_COUNT_))
			continue;
		(void)sl_err_set(err, SL_E_DENIED, "not so: %s", sl_conditions_table[i].reason);
		sl_err_rule(err, sl_conditions_table[i].id);
		sl_err_remedy(err, "%s", sl_conditions_table[i].remedy);
		return SL_E_DENIED;
	}
	return sl_err_set(err, SL_E_DENIED, "the gate is shut");
}

static enum sl_rc not_apart(const struct sl_policy *policy, const char *author, const char *person, struct sl_err *err)
{
	const struct sl_person *p = sl_policy_person(policy, person), *a = sl_policy_person(policy, author);
	bool known = p->organisation[0] != '\0' && a != NULL && a->organisation[0] != '\0';

	if (known)
		(void)sl_err_set(err, SL_E_DENIED, "\"%s\" is of the author's organisation, \"%s\", and policy lets nobody "
		                                   "decide on its own requests", person, p->organisation);
	else
		(void)sl_err_set(err, SL_E_DENIED, "policy lets no organisation decide on its own requests, and of \"%s\" it is "
		                                   "not said which", p->organisation[0] == '\0' ? person : author);
	sl_err_rule(err, sl_conditions_table[SL_CONDITION_INDEPENDENT].id);
	sl_err_remedy(err, "%s", known ? "ask a reviewer of another organisation"
	                               : "ask an officer to say \"organisation\" of everybody in the policy");
	return SL_E_DENIED;
}

enum sl_rc sl_gate_may_review(const struct sl_policy *policy, const char *project, const char *author,
                              const char *person, struct sl_err *err)
{
	const struct sl_person *p = sl_policy_person(policy, person);
	const struct sl_project *pr = sl_policy_project(policy, project);

	if (p == NULL || !sl_roles_allow(p->roles, SL_ACTION_REVIEW_DECIDE)) {
		(void)sl_err_set(err, SL_E_DENIED, "\"%s\" is no reviewer in the policy in force", person);
		sl_err_rule(err, "not-a-reviewer");
		sl_err_remedy(err, "ask a reviewer");
		return SL_E_DENIED;
	}
	if (pr == NULL || strcmp(person, author) == 0 || sl_project_has_analyst(pr, person)) {
		(void)sl_err_set(err, SL_E_DENIED, "\"%s\" is %s", person,
		                 pr == NULL ? "asked about a project the policy does not know"
		                            : "an analyst of the project or the author");
		sl_err_rule(err, sl_conditions_table[SL_CONDITION_INDEPENDENT].id);
		sl_err_remedy(err, "%s", sl_conditions_table[SL_CONDITION_INDEPENDENT].remedy);
		return SL_E_DENIED;
	}
	if (author[0] != '\0' && !sl_reviews_apart(policy, author, person))
		return not_apart(policy, author, person, err);
	return SL_OK;
}
