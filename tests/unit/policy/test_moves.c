/* test_moves.c - every state × move × party against a second telling of the table; and who is what to a request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/moves.h"
#include "tests/unit/policy/faults.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* All that may happen, said again in words: by whom, what, from where, to where. Everything else is refused. */
static const struct {
	const char *who, *move, *from, *to;
} meant[] = {
	{ "author", "request submit", "draft", "submitted" },
	{ "enclave", "the check refuses", "draft", "refused" },
	{ "author", "request revise", "draft", "draft" },
	{ "author", "request revise", "returned", "draft" },
	{ "author", "request revise", "refused", "draft" },
	{ "author", "request revise", "submitted", "draft" },
	{ "author", "request revise", "partially approved", "draft" },
	{ "author", "request revise", "approved", "draft" },
	{ "author", "request withdraw", "draft", "withdrawn" },
	{ "author", "request withdraw", "submitted", "withdrawn" },
	{ "author", "request withdraw", "partially approved", "withdrawn" },
	{ "author", "request withdraw", "approved", "withdrawn" },
	{ "author", "request withdraw", "returned", "withdrawn" },
	{ "author", "request withdraw", "refused", "withdrawn" },
	{ "reviewer", "review show", "draft", "draft" },
	{ "reviewer", "review show", "submitted", "submitted" },
	{ "reviewer", "review show", "partially approved", "partially approved" },
	{ "reviewer", "review show", "approved", "approved" },
	{ "reviewer", "review show", "released", "released" },
	{ "reviewer", "review show", "returned", "returned" },
	{ "reviewer", "review show", "rejected", "rejected" },
	{ "reviewer", "review show", "withdrawn", "withdrawn" },
	{ "reviewer", "review show", "refused", "refused" },
	{ "reviewer", "review show", "revoked", "revoked" },
	{ "reviewer", "review approve", "submitted", "partially approved" },
	{ "reviewer", "review approve", "partially approved", "partially approved" },
	{ "enclave", "enough approvals", "partially approved", "approved" },
	{ "enclave", "the gate opens", "approved", "released" },
	{ "reviewer", "review return", "submitted", "returned" },
	{ "reviewer", "review return", "partially approved", "returned" },
	{ "reviewer", "review return", "approved", "returned" },
	{ "reviewer", "review reject", "submitted", "rejected" },
	{ "reviewer", "review reject", "partially approved", "rejected" },
	{ "reviewer", "review reject", "approved", "rejected" },
	{ "owner", "data approve", "submitted", "submitted" },
	{ "owner", "data approve", "partially approved", "partially approved" },
	{ "owner", "data approve", "approved", "approved" },
	{ "owner", "data reject", "submitted", "rejected" },
	{ "owner", "data reject", "partially approved", "rejected" },
	{ "owner", "data reject", "approved", "rejected" },
	{ "author", "comment", "submitted", "submitted" },
	{ "author", "comment", "partially approved", "partially approved" },
	{ "author", "comment", "approved", "approved" },
	{ "author", "comment", "returned", "returned" },
	{ "author", "comment", "rejected", "rejected" },
	{ "author", "comment", "released", "released" },
	{ "author", "comment", "revoked", "revoked" },
	{ "project's analyst", "comment", "submitted", "submitted" },
	{ "project's analyst", "comment", "partially approved", "partially approved" },
	{ "project's analyst", "comment", "approved", "approved" },
	{ "project's analyst", "comment", "returned", "returned" },
	{ "project's analyst", "comment", "rejected", "rejected" },
	{ "project's analyst", "comment", "released", "released" },
	{ "project's analyst", "comment", "revoked", "revoked" },
	{ "reviewer", "comment", "submitted", "submitted" },
	{ "reviewer", "comment", "partially approved", "partially approved" },
	{ "reviewer", "comment", "approved", "approved" },
	{ "reviewer", "comment", "returned", "returned" },
	{ "reviewer", "comment", "rejected", "rejected" },
	{ "reviewer", "comment", "released", "released" },
	{ "reviewer", "comment", "revoked", "revoked" },
	{ "reviewer", "private comment", "submitted", "submitted" },
	{ "reviewer", "private comment", "partially approved", "partially approved" },
	{ "reviewer", "private comment", "approved", "approved" },
	{ "reviewer", "private comment", "returned", "returned" },
	{ "reviewer", "private comment", "rejected", "rejected" },
	{ "reviewer", "private comment", "released", "released" },
	{ "reviewer", "private comment", "revoked", "revoked" },
	{ "officer", "release revoke", "released", "revoked" },
	{ "owner", "release revoke", "released", "revoked" },
	{ "enclave", "entered again", "draft", "released" },
	{ "enclave", "entered again", "submitted", "released" },
	{ "enclave", "entered again", "partially approved", "released" },
	{ "enclave", "entered again", "approved", "released" },
	{ "enclave", "entered again", "returned", "released" },
	{ "enclave", "entered again", "rejected", "released" },
	{ "enclave", "entered again", "withdrawn", "released" },
};

static const char *meant_to(const char *who, const char *move, const char *from)
{
	for (size_t i = 0; i < COUNT(meant); i++)
		if (strcmp(meant[i].who, who) == 0 && strcmp(meant[i].move, move) == 0 && strcmp(meant[i].from, from) == 0)
			return meant[i].to;
	return "none";
}

static void test_moves_every_state_move_and_party_is_as_meant(void **state)
{
	size_t open = 0;

	(void)state;
	for (int s = 0; s <= SL_REQUEST_STATE_COUNT_; s++)
		for (int m = 0; m <= SL_MOVE_COUNT_; m++)
			for (int bit = -1; bit < SL_PARTY_COUNT; bit++) {
				uint32_t party = bit < 0 ? SL_PARTY_NONE : 1u << bit;
				const struct sl_move_row *row = sl_moves_row((enum sl_move)m);
				const char *from = sl_moves_state_name((enum sl_request_state)s);
				const char *to = row == NULL ? "none" : meant_to(sl_moves_party_name((enum sl_party)party), row->name, from);
				enum sl_request_state got =
					sl_moves_next((enum sl_request_state)s, (enum sl_move)m, party);

				if (strcmp(sl_moves_state_name(got), to) != 0)
					fail_msg("%s: %s of %s goes to %s, not %s", from, row != NULL ? row->name : "no move",
					         sl_moves_party_name((enum sl_party)party), sl_moves_state_name(got), to);
				open += got != SL_REQUEST_NONE;
			}
	assert_int_equal(open, COUNT(meant));
}

/* Who is several things may do what each of them may, and nothing more; an unknown bit spoils all. */
static void test_moves_several_parties_may_what_one_may(void **state)
{
	(void)state;
	for (int s = 0; s < SL_REQUEST_STATE_COUNT_; s++)
		for (int m = 0; m < SL_MOVE_COUNT_; m++)
			for (uint32_t parties = 0; parties <= SL_PARTIES_ALL; parties++) {
				enum sl_request_state got = sl_moves_next((enum sl_request_state)s, (enum sl_move)m, parties), one = 0;

				for (uint32_t bit = 1; bit <= SL_PARTIES_ALL && one == SL_REQUEST_NONE; bit <<= 1)
					if ((parties & bit) != 0)
						one = sl_moves_next((enum sl_request_state)s, (enum sl_move)m, bit);
				assert_int_equal(got, one);
				assert_int_equal(sl_moves_next((enum sl_request_state)s, (enum sl_move)m, parties | 256u),
				                 SL_REQUEST_NONE);
			}
}

static void test_moves_a_refusal_names_rule_and_remedy(void **state)
{
	(void)state;
	for (int s = -1; s <= SL_REQUEST_STATE_COUNT_; s++)
		for (int m = -1; m <= SL_MOVE_COUNT_; m++)
			for (int bit = -1; bit <= SL_PARTY_COUNT; bit++) {
				uint32_t party = bit < 0 ? SL_PARTY_NONE : 1u << bit;
				enum sl_request_state to, next = sl_moves_next((enum sl_request_state)s, (enum sl_move)m, party);
				const struct sl_move_row *row = sl_moves_row((enum sl_move)m);
				struct sl_err err = { 0 };
				enum sl_rc rc = sl_moves_ask("R-1", (enum sl_request_state)s, (enum sl_move)m, party, &to, &err);
				bool known = row != NULL && sl_moves_state((enum sl_request_state)s) != NULL;
				bool theirs = known && bit < SL_PARTY_COUNT && (row->who & party) != 0;

				assert_int_equal(to, next);
				assert_int_equal(rc, next != SL_REQUEST_NONE ? SL_OK : theirs ? SL_E_NO : SL_E_DENIED);
				if (rc == SL_OK)
					continue;
				assert_string_equal(err.rule, known && !theirs ? SL_MOVES_PARTY : SL_MOVES_STATE);
				assert_true(err.remedy[0] != '\0' && strstr(err.text, "R-1") != NULL);
			}
}

static void test_moves_rows_are_complete(void **state)
{
	(void)state;
	assert_null(sl_moves_row(SL_MOVE_NONE));
	assert_null(sl_moves_state(SL_REQUEST_NONE));
	for (int m = 1; m < SL_MOVE_COUNT_; m++) {
		const struct sl_move_row *row = sl_moves_row((enum sl_move)m);
		bool leads = false;
		assert_non_null(row);
		assert_int_equal(row->move, m);
		assert_true(row->name[0] != '\0' && row->why[0] != '\0' && row->remedy[0] != '\0');
		assert_true(row->who != 0 && (row->who & ~SL_PARTIES_ALL) == 0);
		assert_int_equal(row->to[SL_REQUEST_NONE], SL_REQUEST_NONE);
		for (int s = 1; s < SL_REQUEST_STATE_COUNT_; s++)
			leads = leads || row->to[s] != SL_REQUEST_NONE;
		assert_true(leads);
	}
	/* Each state is reached from a draft, and each but the end ones is left again. */
	bool reached[SL_REQUEST_STATE_COUNT_] = { [SL_REQUEST_DRAFT] = true };
	for (int round = 0; round < SL_REQUEST_STATE_COUNT_; round++)
		for (int s = 1; s < SL_REQUEST_STATE_COUNT_; s++)
			for (int m = 1; m < SL_MOVE_COUNT_ && reached[s]; m++)
				reached[sl_moves_row((enum sl_move)m)->to[s]] = true;
	for (int s = 1; s < SL_REQUEST_STATE_COUNT_; s++) {
		const struct sl_state_row *row = sl_moves_state((enum sl_request_state)s);
		assert_non_null(row);
		assert_int_equal(row->state, s);
		assert_true(row->name[0] != '\0' && row->meaning[0] != '\0' && row->remedy[0] != '\0');
		assert_true(reached[s]);
		size_t told = 0;
		for (size_t i = 0; i < COUNT(sl_moves_life); i++)
			told += sl_moves_life[i] == (enum sl_request_state)s;
		assert_int_equal(told, 1);
	}
}

/*
 * Nothing leaves but through the gate, and nobody but a reviewer brings it there. What left before a restore is entered
 * by the enclave itself, from a bundle that went through it, whatever became of the request since the backup.
 */
static void test_moves_nothing_is_released_but_by_the_gate(void **state)
{
	(void)state;
	for (int m = 1; m < SL_MOVE_COUNT_; m++)
		for (int s = 1; s < SL_REQUEST_STATE_COUNT_; s++) {
			const struct sl_move_row *row = sl_moves_row((enum sl_move)m);
			if (m == SL_MOVE_RECOVER) {
				assert_int_equal(row->who, SL_PARTY_ENCLAVE);
				assert_true(row->to[s] == SL_REQUEST_NONE || row->to[s] == SL_REQUEST_RELEASED);
				assert_int_equal(row->to[SL_REQUEST_REFUSED], SL_REQUEST_NONE);
				assert_int_equal(row->to[SL_REQUEST_REVOKED], SL_REQUEST_NONE);
				continue;
			}
			if (row->to[s] == SL_REQUEST_RELEASED && s != SL_REQUEST_RELEASED)
				assert_true(m == SL_MOVE_RELEASE && s == SL_REQUEST_APPROVED);
			if (row->to[s] == SL_REQUEST_APPROVED && s != SL_REQUEST_APPROVED)
				assert_true(m == SL_MOVE_COMPLETE && s == SL_REQUEST_PARTLY);
			if (row->to[s] == SL_REQUEST_PARTLY && s != SL_REQUEST_PARTLY)
				assert_true(m == SL_MOVE_APPROVE && s == SL_REQUEST_SUBMITTED && row->who == SL_PARTY_REVIEWER);
			/* What ended does not begin again. */
			if (s == SL_REQUEST_REJECTED || s == SL_REQUEST_WITHDRAWN || s == SL_REQUEST_REVOKED)
				assert_true(row->to[s] == SL_REQUEST_NONE || row->to[s] == s);
		}
}

static void test_moves_parties_follow_from_the_policy(void **state)
{
	char *good = text_of("policy/demo.json"),
	     *text = text_with(good, "\"ana\": {\"roles\": [\"analyst\"]", "\"ana\": {\"roles\": [\"analyst\", \"reviewer\"]");
	struct sl_policy p;
	struct sl_err err = { 0 };
	static const struct {
		const char *author, *person;
		bool owns;
		uint32_t parties;
	} rows[] = {
		{ "ana", "ana", false, SL_PARTY_AUTHOR },
		{ "ana", "rui", false, SL_PARTY_REVIEWER },
		{ "rui", "rui", false, SL_PARTY_NONE },
		{ "rui", "ana", false, SL_PARTY_ANALYST },
		{ "ana", "olga", false, SL_PARTY_OFFICER },
		{ "ana", "olga", true, SL_PARTY_OFFICER },
		{ "ana", "teo", false, SL_PARTY_OPERATOR },
		{ "ana", "dora", false, SL_PARTY_AUDITOR },
		{ "ana", "dora", true, SL_PARTY_AUDITOR | SL_PARTY_OWNER },
		{ "ana", "nobody", true, SL_PARTY_NONE },
	};

	(void)state;
	if (sl_policy_load("policy.json", text, strlen(text), &p, &err) != SL_OK)
		fail_msg("%u:%u: %s", err.line, err.col, err.text);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(sl_moves_parties(&p, "liver", rows[i].author, rows[i].person, rows[i].owns, 20000),
		                 rows[i].parties);
	/* Of a project that the policy has no more, nobody is a reviewer, and its author is still its author. */
	assert_int_equal(sl_moves_parties(&p, "gone", "ana", "rui", false, 20000), SL_PARTY_NONE);
	assert_int_equal(sl_moves_parties(&p, "gone", "ana", "ana", false, 20000), SL_PARTY_AUTHOR);
	/* Two powers in one hand: the reviewer's does not count. */
	p.people[1].roles |= SL_ROLE_OPERATOR;
	assert_int_equal(sl_moves_parties(&p, "liver", "ana", "rui", false, 20000), SL_PARTY_OPERATOR);
	sl_policy_free(&p);
	free(good);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves_every_state_move_and_party_is_as_meant),
		cmocka_unit_test(test_moves_several_parties_may_what_one_may),
		cmocka_unit_test(test_moves_a_refusal_names_rule_and_remedy),
		cmocka_unit_test(test_moves_rows_are_complete),
		cmocka_unit_test(test_moves_nothing_is_released_but_by_the_gate),
		cmocka_unit_test(test_moves_parties_follow_from_the_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
