/*
 * test_release_faults.c - the k-th allocation fails while an owner or a reviewer decides, while a bundle with an
 * owner's approval and what was acknowledged is made, and while it is verified: nothing is half done, and a bundle is
 * never called whole or broken for want of memory.
 */
#include "tests/unit/jobs/faults.h"

#include <string.h>

#include "jobs/bundle.h"
#include "jobs/owner.h"
#include "jobs/release.h"
#include "jobs/owner_statement.h"
#include "jobs/request_open.h"
#include "jobs/sign/sshsign.h"
#include "jobs/spent.h"

static struct sl_enclave e;
static const struct sl_actor lea = {
	.kind = SL_ACTOR_KEY, .person = (char *)(uintptr_t)"lea", .key_path = (char *)(uintptr_t)"lea" };
static const struct sl_actor rui = {
	.kind = SL_ACTOR_KEY, .person = (char *)(uintptr_t)"rui", .key_path = (char *)(uintptr_t)"rui" };
static const char *const differencing = "differencing";
static struct sl_buf anchor;

static int founded(void **state)
{
	if (scratch_enter(state) != 0)
		return 1;
	return scratch_run("SLUICE_BIN='" SL_TEST_BIN_DIR "' SLUICE_SOURCE='" SL_TEST_SOURCE_DIR "' sh '"
	                   SL_RELEASE_WORLD "'");
}

static void bring_back(const char *backup)
{
	sl_enclave_close(&e);
	assert_int_equal(scratch_run("rm -rf enclave/state.db* enclave/releases && cp %s enclave/state.db && "
	                             "rm -f enclave-keys/log.note", backup), 0);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
}

/*
 * An owner's statement and its signature, made once: ssh-keygen takes longer than a try. That nothing of the way to a
 * signature is half done, owner_states and the reviewer's approval ask.
 */
static struct sl_buf said;

static void owner_signs(const struct sl_say *say)
{
	struct sl_buf armour = { 0 };

	sl_buf_reset(&said);
	assert_int_equal(sl_owner_release_statement(&e, &lea, 1, say, &said, NULL), SL_OK);
	assert_int_equal(sl_sshsign_make(lea.key_path, SL_GRANT_NAMESPACE, said.data, said.len, &armour, NULL, NULL), SL_OK);
	sl_buf_put(&said, armour.data, armour.len);
	assert_int_equal(sl_buf_ok(&said, "what is signed", NULL), SL_OK);
	sl_buf_free(&armour);
}

static const struct sl_say approving = { .decision = SL_DECISION_APPROVE, .comment = "as agreed" };
static const struct sl_say rejecting = { .decision = SL_DECISION_REJECT, .comment = "not these" };

static enum sl_rc owner_decides(const struct sl_say *say, struct sl_err *err)
{
	int64_t release = -1;
	enum sl_rc rc = sl_owner_release_decide(&e, &lea, 1, say, said.data, said.len, &release, err);

	assert_int_equal(release, 0);
	return rc;
}

static enum sl_rc owner_approves(struct sl_err *err)
{
	return owner_decides(&approving, err);
}

static enum sl_rc owner_rejects(struct sl_err *err)
{
	return owner_decides(&rejecting, err);
}

static enum sl_rc owner_states(struct sl_err *err)
{
	const struct sl_say say = { .decision = SL_DECISION_APPROVE };
	struct sl_buf text = { 0 };
	enum sl_rc rc = sl_owner_release_statement(&e, &lea, 1, &say, &text, err);

	if (rc == SL_OK)
		assert_non_null(strstr(sl_buf_cstr(&text), "\"act\":\"approve\""));
	sl_buf_free(&text);
	return rc;
}

static enum sl_rc reviewer_states(struct sl_err *err)
{
	const struct sl_say say = { .decision = SL_DECISION_APPROVE, .acknowledged = &differencing, .nacknowledged = 1 };
	struct sl_buf text = { 0 };
	enum sl_rc rc = sl_review_statement(&e, &rui, 1, &say, &text, err);

	if (rc == SL_OK)
		assert_non_null(strstr(sl_buf_cstr(&text), "\"acknowledged\":[\"differencing\"]"));
	sl_buf_free(&text);
	return rc;
}

static void test_an_owners_decision_without_memory_is_not_made(void **state)
{
	(void)state;
	bring_back("asked.db");
	faults_each(&(struct faults){ .e = &e, .command = owner_states, .always_said = true });
	faults_each(&(struct faults){ .e = &e, .command = reviewer_states, .always_said = true });
	owner_signs(&approving);
	faults_each(&(struct faults){ .e = &e, .command = owner_approves, .done_once = true, .leaf = true });
	assert_int_equal(world_number("SELECT count(*) FROM owner_review"), 1);
	assert_int_equal(world_number("SELECT count(*) FROM release"), 0);
	bring_back("asked.db");
	owner_signs(&rejecting);
	faults_each(&(struct faults){ .e = &e, .command = owner_rejects, .done_once = true });
	assert_int_equal(world_number("SELECT count(*) FROM owner_review"), 1);
	sl_buf_free(&said);
}

/* It left, or it did not; that its bundle cannot be written now is told beside the number. */
static enum sl_rc reviewer_approves(struct sl_err *err)
{
	const struct sl_say say = { .decision = SL_DECISION_APPROVE, .acknowledged = &differencing, .nacknowledged = 1 };
	int64_t release = 0, left;
	enum sl_rc rc = sl_review_decide(&e, &rui, 1, &say, NULL, 0, &release, err);

	left = world_number("SELECT count(*) FROM release");
	assert_int_equal(release, left);
	assert_int_equal(world_number("SELECT count(*) FROM leaf WHERE CAST(body AS TEXT) LIKE '%\"release.made\"%'"), left);
	assert_int_equal(world_number("SELECT count(*) FROM review"), left);
	return left == 1 ? SL_OK : rc;
}

static void is_whole(enum sl_rc rc)
{
	struct sl_bundle_facts f = { 0 };
	struct sl_buf steps = { 0 };

	if (rc != SL_OK)
		return;
	assert_int_equal(sl_bundle_make(&e, 1, NULL), SL_OK);
	assert_int_equal(sl_bundle_open("enclave/releases/L-1", NULL, 0, &f, &steps, NULL), SL_OK);
	assert_non_null(sl_bundle_find(&f.b, "owners/lea.json"));
	assert_non_null(strstr(sl_buf_cstr(&steps), "ok what was left to a person to judge"));
	sl_bundle_facts_free(&f);
	sl_buf_free(&steps);
	bring_back("owned.db");
}

static void test_the_last_approval_without_memory_releases_whole_or_not_at_all(void **state)
{
	(void)state;
	bring_back("owned.db");
	faults_each(&(struct faults){ .e = &e, .command = reviewer_approves, .step = 7, .least = 100, .after = is_whole });
}

/* What J-1 has beside what left by it: as many again. */
static struct sl_job_material again;

static enum sl_rc count_numbers(struct sl_err *err)
{
	struct sl_project liver = { .name = again.project, .released_numbers_max = 1000 };
	const struct sl_policy policy = { .projects = &liver, .nprojects = 1 };
	struct sl_spent spent = { 0 };
	enum sl_rc rc = sl_spent_load(&e, &policy, 0, &again, &spent, err);

	if (rc == SL_OK) {
		assert_int_equal(spent.nspaces, 1);
		assert_string_equal(spent.spaces[0].space, "person");
		assert_int_equal(spent.spaces[0].asked, 3 * sl_plan_cells(&again.plans[0], &again.view));
		assert_int_equal(spent.spaces[0].left, spent.spaces[0].asked);
		assert_int_equal(spent.max, 1000);
	} else
		assert_null(spent.spaces);
	sl_spent_free(&spent);
	return rc;
}

static void test_numbers_that_left_are_counted_whole_or_not_at_all(void **state)
{
	struct sl_project liver = { .name = (char *)(uintptr_t)"liver", .released_numbers_max = SL_RELEASED_UNBOUNDED };
	const struct sl_policy policy = { .projects = &liver, .nprojects = 1 }, none = { 0 };
	struct sl_spent spent = { 0 };

	(void)state;
	bring_back("left.db");
	assert_int_equal(sl_job_material_open(&e, 1, false, &again, NULL), SL_OK);
	faults_each(&(struct faults){ .e = &e, .command = count_numbers, .always_said = true });
	/* The request that left is asked, not left, when it is looked at again; unbounded nothing is counted. */
	liver.released_numbers_max = 1000;
	assert_int_equal(sl_spent_load(&e, &policy, 1, &again, &spent, NULL), SL_OK);
	assert_int_equal(spent.spaces[0].left, 0);
	sl_spent_free(&spent);
	liver.released_numbers_max = SL_RELEASED_UNBOUNDED;
	assert_int_equal(sl_spent_load(&e, &policy, 0, &again, &spent, NULL), SL_OK);
	assert_int_equal(spent.spaces[0].left, 0);
	sl_spent_free(&spent);
	assert_int_equal(sl_spent_load(&e, &none, 0, &again, &spent, NULL), SL_E_DENIED);
	sl_job_material_free(&again);
}

static enum sl_rc build(struct sl_err *err)
{
	struct sl_bundle b = { 0 };
	enum sl_rc rc = sl_bundle_build(&e, 1, &b, err);

	if (rc == SL_OK) {
		assert_non_null(sl_bundle_find(&b, "owners/allowed_signers"));
		assert_non_null(strstr((const char *)sl_bundle_find(&b, "log/leaf.json")->bytes.data, "\"acknowledge\":[\"diff"));
	}
	sl_bundle_free(&b);
	return rc;
}

static enum sl_rc verify(struct sl_err *err)
{
	struct sl_buf steps = { 0 };
	enum sl_rc rc = sl_release_verify("first", (const char *)anchor.data, anchor.len, &steps, err);

	sl_buf_free(&steps);
	return rc;
}

static void test_a_bundle_without_memory_is_neither_made_nor_judged(void **state)
{
	struct sl_err err = { 0 };
	int64_t release = 0;
	const struct sl_say say = { .decision = SL_DECISION_APPROVE, .acknowledged = &differencing, .nacknowledged = 1 };

	(void)state;
	bring_back("owned.db");
	assert_int_equal(sl_review_decide(&e, &rui, 1, &say, NULL, 0, &release, &err), SL_OK);
	assert_int_equal(release, 1);
	faults_each(&(struct faults){ .e = &e, .command = build, .least = 100 });
	scratch_read("anchor.txt", &anchor);
	faults_each(&(struct faults){ .e = &e, .command = verify, .least = 100 });
	sl_buf_free(&anchor);
}

static int closed(void **state)
{
	sl_enclave_close(&e);
	return scratch_leave(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_owners_decision_without_memory_is_not_made),
		cmocka_unit_test(test_the_last_approval_without_memory_releases_whole_or_not_at_all),
		cmocka_unit_test(test_numbers_that_left_are_counted_whole_or_not_at_all),
		cmocka_unit_test(test_a_bundle_without_memory_is_neither_made_nor_judged),
	};

	return cmocka_run_group_tests(tests, founded, closed);
}
