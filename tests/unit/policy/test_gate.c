/* test_gate.c - the gate opens when every condition is met, and each condition alone shuts it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/gate.h"
#include "tests/unit/policy/faults.h"

#define RUI_KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIRUI elsewhere"
#define DORA_KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDORA dora"
#define TEO_KEY "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QTEO teo"

struct stage {
	struct sl_policy policy;
	struct sl_gate_review reviews[3];
	struct sl_cat_table table; /* asks for the approval of its owner, who gave it */
	const struct sl_cat_table *tables[1];
	struct sl_gate_owner owner;
	struct sl_released released[2]; /* exactly as many numbers as may leave, and fewer */
	struct sl_gate_facts f;
};

/* teo reviews too in this policy, so that a project can need two. */
static void open_stage(struct stage *s)
{
	char *good = text_of("policy/demo.json"),
	     *text = text_with(good, "[\"operator\"]", "[\"reviewer\"]");
	struct sl_err err = { 0 };

	memset(s, 0, sizeof *s);
	if (sl_policy_load("policy.json", text, strlen(text), &s->policy, &err) != SL_OK)
		fail_msg("%u:%u: %s", err.line, err.col, err.text);
	free(good);
	free(text);
	s->f = (struct sl_gate_facts){
		.submitted = true,
		.request_signature_verified = true,
		.project = "liver",
		.author = "ana",
		.releasable = true,
		.secondary = SL_SECONDARY_WITHIN_REQUEST,
		.policy = &s->policy,
		.policy_signature_verified = true,
		.grant_holds = true,
		.owner_grants_hold = true,
		.today = 20000,
		.reviews = s->reviews,
		.nreviews = 1,
		.history_holds = true,
		.log_consistent = true,
	};
	s->table = (struct sl_cat_table){ .name = (char *)"study.persons", .owner = (char *)"clinic", .owner_approval = 1 };
	s->tables[0] = &s->table;
	s->owner = (struct sl_gate_owner){ .person = "dora", .key = DORA_KEY, .organisation = "clinic",
		                               .decision = SL_DECISION_APPROVE, .signature_verified = true };
	memset(s->owner.publication_digest, 2, 32);
	memset(s->owner.policy_digest, 3, 32);
	s->policy.projects[0].released_numbers_max = 100;
	s->released[0] = (struct sl_released){ .space = "person", .left = 90, .asked = 10 };
	s->released[1] = (struct sl_released){ .space = "company", .left = 0, .asked = 10 };
	s->f.released = s->released;
	s->f.nreleased = 2;
	s->f.tables = s->tables;
	s->f.ntables = 1;
	s->f.owners = &s->owner;
	s->f.nowners = 1;
	memset(s->f.request_digest_signed, 1, 32);
	memset(s->f.request_digest_now, 1, 32);
	memset(s->f.publication_digest, 2, 32);
	memset(s->f.publication_digest_now, 2, 32);
	memset(s->f.policy_digest, 3, 32);
	memset(s->f.policy_digest_evaluated, 3, 32);
	memset(s->f.findings_digest, 4, 32);
	s->reviews[0] = (struct sl_gate_review){
		.person = "rui",
		.key = RUI_KEY,
		.decision = SL_DECISION_APPROVE,
		.signature_verified = true,
	};
	memset(s->reviews[0].publication_digest, 2, 32);
	memset(s->reviews[0].policy_digest, 3, 32);
	memset(s->reviews[0].findings_digest, 4, 32);
	s->reviews[1] = s->reviews[0];
	s->reviews[1].person = "teo";
	s->reviews[1].key = TEO_KEY;
	s->reviews[2] = s->reviews[0];
}

static void test_gate_opens_when_every_condition_is_met(void **state)
{
	struct stage s;
	struct sl_gate_verdict v;

	(void)state;
	open_stage(&s);
	sl_gate_decide(&s.f, &v);
	for (size_t i = 0; i < SL_CONDITION_COUNT_; i++)
		if (!v.met[i])
			fail_msg("%s is not met", sl_conditions_table[i].id);
	assert_true(v.open);
	assert_false(v.waiting);
	assert_int_equal(v.approvals, 1);
	assert_int_equal(sl_gate_refusal(&v, NULL), SL_OK);
	assert_string_equal(v.released.space, "person");
	assert_int_equal(v.released.left, 90);
	assert_int_equal(v.released.asked, 10);
	assert_int_equal(v.released.max, 100);
	sl_policy_free(&s.policy);
}

/* Each breaks one fact. `alone`: the condition is the only one that then shuts the gate. */
static void not_submitted(struct stage *s)
{
	s->f.submitted = false;
}
static void not_signed(struct stage *s)
{
	s->f.request_signature_verified = false;
}
static void request_changed(struct stage *s)
{
	s->f.request_digest_now[7] ^= 1;
}
static void bytes_changed(struct stage *s)
{
	s->f.publication_digest_now[7] ^= 1;
}
static void not_releasable(struct stage *s)
{
	s->f.releasable = false;
}
static void policy_moved(struct stage *s)
{
	s->f.policy_digest_evaluated[0] ^= 1;
}
static void policy_unsigned(struct stage *s)
{
	s->f.policy_signature_verified = false;
}
static void grant_gone(struct stage *s)
{
	s->f.grant_holds = false;
}
static void owner_withdrew(struct stage *s)
{
	s->f.owner_grants_hold = false;
}
static void project_expired(struct stage *s)
{
	s->f.today = 30000;
}
static void two_needed(struct stage *s)
{
	s->policy.projects[0].approvals = 2;
}
static void owner_silent(struct stage *s)
{
	s->f.nowners = 0;
}
static void owner_rejects(struct stage *s)
{
	s->owner.decision = SL_DECISION_REJECT;
}
static void owner_unverified(struct stage *s)
{
	s->owner.signature_verified = false;
}
static void owner_of_another(struct stage *s)
{
	s->table.owner = (char *)"laboratory";
}
static void owner_for_another(struct stage *s)
{
	s->owner.organisation = "laboratory";
}
static void owner_no_more(struct stage *s)
{
	s->policy.people[4].roles = SL_ROLE_AUDITOR;
}
static void owner_with_old_key(struct stage *s)
{
	s->owner.key = "ssh-ed25519 AAAAOLD dora";
}
static void owner_is_analyst(struct stage *s)
{
	free(s->policy.projects[0].analysts[0]);
	s->policy.projects[0].analysts[0] = strdup("dora");
}
static void owner_saw_another(struct stage *s)
{
	s->owner.publication_digest[0] ^= 1;
}
static void owner_under_another(struct stage *s)
{
	s->owner.policy_digest[0] ^= 1;
}
static void no_table_is_known(struct stage *s)
{
	s->f.ntables = 0;
}
static void project_asks(struct stage *s)
{
	s->table.owner_approval = 0;
	s->f.nowners = 0;
	s->policy.projects[0].owner_approval = true;
}
static void other_publication(struct stage *s)
{
	s->f.nreviews = 2;
	s->reviews[1].publication_digest[0] ^= 1;
}
static void other_policy(struct stage *s)
{
	s->f.nreviews = 2;
	s->reviews[1].policy_digest[0] ^= 1;
}
static void unverified(struct stage *s)
{
	s->f.nreviews = 2;
	s->reviews[1].signature_verified = false;
}
static void old_key(struct stage *s)
{
	s->f.nreviews = 2;
	s->reviews[1].key = "ssh-ed25519 AAAAOLD teo";
}
static void no_reviewer(struct stage *s)
{
	s->f.nreviews = 2;
	s->policy.people[3].roles = SL_ROLE_OPERATOR;
}
static void finding_missed(struct stage *s)
{
	s->f.nreviews = 2;
	s->reviews[1].findings_digest[31] = 5;
}
static void rule_unnamed(struct stage *s)
{
	s->f.nreviews = 2;
	s->f.rules_open = 6;
	s->reviews[0].rules_acknowledged = 6;
	s->reviews[1].rules_acknowledged = 2;
}
static void is_author(struct stage *s)
{
	s->f.nreviews = 2;
	s->f.author = "teo";
}
static void is_analyst(struct stage *s)
{
	s->f.nreviews = 2;
	free(s->policy.projects[0].analysts[0]);
	s->policy.projects[0].analysts[0] = strdup("teo");
}
/* teo's approval falls short, rui's does not. */
static void of_same_organisation(struct stage *s)
{
	static const char *const of[] = { "board", "clinic", "university", "university", "clinic" };

	s->f.nreviews = 2;
	s->policy.reviews.apart = true;
	for (uint32_t i = 0; i < s->policy.npeople; i++) {
		free(s->policy.people[i].organisation);
		s->policy.people[i].organisation = strdup(of[i]);
	}
}
static void of_no_organisation(struct stage *s)
{
	of_same_organisation(s);
	s->policy.people[3].organisation[0] = '\0';
}
static void class_asks_two(struct stage *s)
{
	s->table.class_ = SL_CLASS_CONFIDENTIAL;
	s->policy.reviews.approvals_by_class[SL_CLASS_CONFIDENTIAL] = 2;
}
static void rejected(struct stage *s)
{
	s->f.nreviews = 2;
	s->reviews[1].decision = SL_DECISION_REJECT;
}
static void undecided(struct stage *s)
{
	s->f.nreviews = 2;
	s->reviews[1].decision = SL_DECISION_NONE;
}
static void one_number_more(struct stage *s)
{
	s->released[0].left++;
}
static void of_the_other_space(struct stage *s)
{
	s->released[1].left = 91;
}
static void numbers_beyond_counting(struct stage *s)
{
	s->released[0].left = UINT64_MAX;
}
static void no_space_is_known(struct stage *s)
{
	s->f.nreleased = 0;
}
static void no_number_may_leave(struct stage *s)
{
	s->policy.projects[0].released_numbers_max = 0;
}
static void history_moved(struct stage *s)
{
	s->f.history_holds = false;
}
static void secondary_unknown(struct stage *s)
{
	s->f.secondary = SL_SECONDARY_UNKNOWN;
}
static void log_differs(struct stage *s)
{
	s->f.log_consistent = false;
}

static const struct {
	enum sl_condition condition;
	void (*breaks)(struct stage *s);
} broken[] = {
	{ SL_CONDITION_SUBMITTED, not_submitted },
	{ SL_CONDITION_SUBMITTED, not_signed },
	{ SL_CONDITION_UNCHANGED, request_changed },
	{ SL_CONDITION_UNCHANGED, bytes_changed },
	{ SL_CONDITION_RELEASABLE, not_releasable },
	{ SL_CONDITION_POLICY, policy_moved },
	{ SL_CONDITION_POLICY, policy_unsigned },
	{ SL_CONDITION_GRANT, grant_gone },
	{ SL_CONDITION_OWNER_GRANT, owner_withdrew },
	{ SL_CONDITION_EXPIRY, project_expired },
	{ SL_CONDITION_APPROVALS, two_needed },
	{ SL_CONDITION_APPROVALS, class_asks_two },
	{ SL_CONDITION_OWNER_APPROVAL, owner_silent },
	{ SL_CONDITION_OWNER_APPROVAL, owner_rejects },
	{ SL_CONDITION_OWNER_APPROVAL, owner_unverified },
	{ SL_CONDITION_OWNER_APPROVAL, owner_of_another },
	{ SL_CONDITION_OWNER_APPROVAL, owner_for_another },
	{ SL_CONDITION_OWNER_APPROVAL, owner_no_more },
	{ SL_CONDITION_OWNER_APPROVAL, owner_with_old_key },
	{ SL_CONDITION_OWNER_APPROVAL, owner_is_analyst },
	{ SL_CONDITION_OWNER_APPROVAL, owner_saw_another },
	{ SL_CONDITION_OWNER_APPROVAL, owner_under_another },
	{ SL_CONDITION_OWNER_APPROVAL, no_table_is_known },
	{ SL_CONDITION_OWNER_APPROVAL, project_asks },
	{ SL_CONDITION_BOUND, other_publication },
	{ SL_CONDITION_BOUND, other_policy },
	{ SL_CONDITION_BOUND, unverified },
	{ SL_CONDITION_BOUND, old_key },
	{ SL_CONDITION_BOUND, no_reviewer },
	{ SL_CONDITION_FINDINGS, finding_missed },
	{ SL_CONDITION_FINDINGS, rule_unnamed },
	{ SL_CONDITION_INDEPENDENT, is_author },
	{ SL_CONDITION_INDEPENDENT, is_analyst },
	{ SL_CONDITION_INDEPENDENT, of_same_organisation },
	{ SL_CONDITION_INDEPENDENT, of_no_organisation },
	{ SL_CONDITION_NO_REJECTION, rejected },
	{ SL_CONDITION_NO_REJECTION, undecided },
	{ SL_CONDITION_RELEASED, one_number_more },
	{ SL_CONDITION_RELEASED, of_the_other_space },
	{ SL_CONDITION_RELEASED, numbers_beyond_counting },
	{ SL_CONDITION_RELEASED, no_space_is_known },
	{ SL_CONDITION_RELEASED, no_number_may_leave },
	{ SL_CONDITION_HISTORY, history_moved },
	{ SL_CONDITION_SECONDARY, secondary_unknown },
	{ SL_CONDITION_LOG, log_differs },
};

static void test_gate_each_condition_alone_shuts_it(void **state)
{
	bool seen[SL_CONDITION_COUNT_] = { false };

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		struct stage s;
		struct sl_gate_verdict v;
		struct sl_err err = { 0 };
		open_stage(&s);
		broken[i].breaks(&s);
		sl_gate_decide(&s.f, &v);
		assert_false(v.open);
		for (size_t c = 0; c < SL_CONDITION_COUNT_; c++)
			if (v.met[c] == (c == broken[i].condition))
				fail_msg("case %zu: %s is %s", i, sl_conditions_table[c].id,
				         v.met[c] ? "met" : "not met");
		bool awaited = broken[i].condition == SL_CONDITION_APPROVALS ||
		               (broken[i].condition == SL_CONDITION_OWNER_APPROVAL && s.f.ntables > 0);
		assert_int_equal(sl_gate_refusal(&v, &err), awaited ? SL_E_UNDECIDED : SL_E_DENIED);
		assert_string_equal(err.rule, sl_conditions_table[broken[i].condition].id);
		assert_true(err.remedy[0] != '\0');
		seen[broken[i].condition] = true;
		sl_policy_free(&s.policy);
	}
	for (size_t c = 0; c < SL_CONDITION_COUNT_; c++)
		assert_true(seen[c]);
}

static void test_gate_zeroed_facts_meet_no_condition(void **state)
{
	struct sl_gate_facts f = { 0 };
	struct sl_gate_verdict v;

	(void)state;
	sl_gate_decide(&f, &v);
	assert_false(v.open);
	for (size_t i = 0; i < SL_CONDITION_COUNT_; i++)
		assert_false(v.met[i]);
	assert_int_equal(sl_gate_refusal(&v, NULL), SL_E_DENIED);
	assert_int_equal(sl_gate_refusal(&(struct sl_gate_verdict){ 0 }, NULL), SL_E_DENIED);
}

static void test_gate_without_a_review_waits(void **state)
{
	struct stage s;
	struct sl_gate_verdict v;
	struct sl_err err = { 0 };

	(void)state;
	open_stage(&s);
	s.f.nreviews = 0;
	sl_gate_decide(&s.f, &v);
	assert_false(v.open);
	assert_true(v.waiting);
	assert_int_equal(sl_gate_refusal(&v, &err), SL_E_UNDECIDED);
	assert_string_equal(err.text, "0 of 1 approvals");
	/* What no reviewer can mend is said first. */
	s.f.history_holds = false;
	err = (struct sl_err){ 0 };
	sl_gate_decide(&s.f, &v);
	assert_false(v.waiting);
	assert_int_equal(sl_gate_refusal(&v, &err), SL_E_DENIED);
	assert_string_equal(err.rule, "history-unmoved");
	sl_policy_free(&s.policy);
}

static void test_gate_two_approvals_need_two_persons_and_two_keys(void **state)
{
	struct stage s;
	struct sl_gate_verdict v;

	(void)state;
	open_stage(&s);
	s.policy.projects[0].approvals = 2;
	s.f.nreviews = 2;
	sl_gate_decide(&s.f, &v);
	assert_true(v.open);
	assert_int_equal(v.approvals, 2);
	/* The same person twice. */
	s.reviews[1] = s.reviews[0];
	sl_gate_decide(&s.f, &v);
	assert_false(v.open);
	assert_int_equal(v.approvals, 1);
	/* Two names that share a key. */
	s.reviews[1].person = "teo";
	free(s.policy.people[3].key);
	s.policy.people[3].key = strdup("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIRUI teo");
	sl_gate_decide(&s.f, &v);
	assert_false(v.open);
	assert_int_equal(v.approvals, 1);
	sl_policy_free(&s.policy);
}

static void test_gate_a_class_asks_for_more_and_says_so(void **state)
{
	struct stage s;
	struct sl_gate_verdict v;

	(void)state;
	open_stage(&s);
	class_asks_two(&s);
	sl_gate_decide(&s.f, &v);
	assert_int_equal(v.approvals_needed, 2);
	assert_int_equal(v.class_asks, SL_CLASS_CONFIDENTIAL);
	s.f.nreviews = 2;
	sl_gate_decide(&s.f, &v);
	assert_true(v.open);
	s.table.class_ = SL_CLASS_ON_APPLICATION;
	sl_gate_decide(&s.f, &v);
	assert_int_equal(v.approvals_needed, 1);
	assert_int_equal(v.class_asks, SL_CLASS_NONE);
	sl_policy_free(&s.policy);
}

static void test_gate_an_organisation_does_not_review_itself(void **state)
{
	struct stage s;
	struct sl_err err = { 0 };

	(void)state;
	open_stage(&s);
	of_same_organisation(&s);
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "ana", "rui", NULL), SL_OK);
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "ana", "teo", &err), SL_E_DENIED);
	assert_string_equal(err.rule, "independent");
	assert_non_null(strstr(err.text, "university"));
	/* Of nobody in particular: both may. Whose organisation is not said, of them nobody knows. */
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "", "teo", NULL), SL_OK);
	s.policy.people[2].organisation[0] = '\0';
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "ana", "rui", &err), SL_E_DENIED);
	assert_non_null(strstr(err.text, "of \"ana\" it is not said"));
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "nobody", "rui", NULL), SL_E_DENIED);
	s.policy.reviews.apart = false;
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "ana", "rui", NULL), SL_OK);
	sl_policy_free(&s.policy);
}

static void test_gate_equal_zero_digests_are_not_equal(void **state)
{
	struct stage s;
	struct sl_gate_verdict v;

	(void)state;
	open_stage(&s);
	memset(s.f.publication_digest, 0, 32);
	memset(s.f.publication_digest_now, 0, 32);
	memset(s.reviews[0].publication_digest, 0, 32);
	sl_gate_decide(&s.f, &v);
	assert_false(v.met[SL_CONDITION_UNCHANGED]);
	assert_false(v.met[SL_CONDITION_BOUND]);
	sl_policy_free(&s.policy);
}

static void test_gate_rows_are_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < SL_CONDITION_COUNT_; i++) {
		const struct sl_condition_row *row = &sl_conditions_table[i];
		assert_int_equal(row->condition, i);
		assert_true(row->id[0] != '\0' && row->reason[0] != '\0' && row->remedy[0] != '\0' && row->met != NULL);
	}
}

static void test_gate_who_may_review(void **state)
{
	struct stage s;
	struct sl_err err = { 0 };

	(void)state;
	open_stage(&s);
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "ana", "rui", &err), SL_OK);
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "ana", "olga", &err), SL_E_DENIED);
	assert_string_equal(err.rule, "not-a-reviewer");
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "rui", "rui", NULL), SL_E_DENIED);
	assert_int_equal(sl_gate_may_review(&s.policy, "other", "ana", "rui", NULL), SL_E_DENIED);
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "ana", "eve", NULL), SL_E_DENIED);
	s.policy.people[2].roles |= SL_ROLE_REVIEWER;
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_gate_may_review(&s.policy, "liver", "teo", "ana", &err), SL_E_DENIED);
	assert_string_equal(err.rule, "independent");
	sl_policy_free(&s.policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gate_opens_when_every_condition_is_met),
		cmocka_unit_test(test_gate_each_condition_alone_shuts_it),
		cmocka_unit_test(test_gate_zeroed_facts_meet_no_condition),
		cmocka_unit_test(test_gate_without_a_review_waits),
		cmocka_unit_test(test_gate_two_approvals_need_two_persons_and_two_keys),
		cmocka_unit_test(test_gate_a_class_asks_for_more_and_says_so),
		cmocka_unit_test(test_gate_an_organisation_does_not_review_itself),
		cmocka_unit_test(test_gate_equal_zero_digests_are_not_equal),
		cmocka_unit_test(test_gate_rows_are_complete),
		cmocka_unit_test(test_gate_who_may_review),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
