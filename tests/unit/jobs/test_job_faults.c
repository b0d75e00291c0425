/* test_job_faults.c - how jobs end is counted until somebody looks; the k-th allocation fails: nothing is half done. */
#include "tests/unit/jobs/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/job.h"
#include "jobs/store/job.h"
#include "jobs/store/seen.h"
#include "jobs/unseen.h"

static struct sl_enclave e;
static const struct sl_actor ana = { .kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)"ana" };
static const struct sl_actor rui = { .kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)"rui" };
static const struct sl_actor teo = { .kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)"teo" };
static const struct sl_actor account = { .kind = SL_ACTOR_OPERATOR, .person = (char *)(uintptr_t)"" };

/* One failed, one was held late and had a request that could not be judged, one is of who is an operator, too. */
#define JOB(id, state, author, unseen) \
	"INSERT INTO job(id,state,created_at,policy_serial,project,author,file,printed,outputs,versions,statement," \
	"signature,lease_pid,lease_start,lease_boot,policy_digest,script,view,plans,unseen) VALUES(" #id "," #state \
	",1,1,'liver','" author "','f','','[]','{}','{}','',0,0,'',zeroblob(32),x'00',x'00',x'00'," #unseen ");"

static const char liver[] =
	"\"liver\": {\"purpose\": \"p\", \"analysts\": [\"ana\"], \"expires\": \"2099-12-31\", \"approvals\": 1, "
	"\"tables\": {}}}}\n";

static int opened(void **state)
{
	struct sl_buf text = { 0 }, with = { 0 };

	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK)
		return 1;
	world_policy(&text, "demo", 1, 1);
	/* Up to the end of its empty list of projects. */
	sl_buf_printf(&with, "%.*s%s", (int)(text.len - strlen("}}\n")), (const char *)text.data, liver);
	enum sl_rc rc = world_apply(&e, &with, "olga", NULL);
	sl_buf_free(&text);
	sl_buf_free(&with);
	world_sql(JOB(1, 3, "ana", 1) JOB(2, 2, "ana", 2) JOB(3, 4, "teo", 1));
	return rc != SL_OK;
}

static int closed(void **state)
{
	sl_enclave_close(&e);
	return world_remove(state);
}

static int64_t unseen(void)
{
	int64_t n = -1;

	assert_int_equal(sl_store_seen_not_jobs(&e.db, "liver", &n, NULL), SL_OK);
	return n;
}

static int64_t leaves(void)
{
	return world_number("SELECT count(*) FROM leaf WHERE instr(body,'\"job.shown\"')");
}

/* As many as there may be: no more. One more may be where one has been looked at. */
static enum sl_rc ask_and_look(struct sl_err *err)
{
	struct sl_policy policy = { .reviews.unseen_jobs_max = 4 };
	enum sl_rc rc = sl_db_begin(&e.db, err), was;

	if (rc == SL_OK) {
		was = sl_unseen_ask_job(&e, &policy, "liver", err);
		rc = was == SL_E_DENIED ? SL_OK : was;
		assert_int_not_equal(was, SL_OK);
	}
	if (rc == SL_OK)
		rc = sl_unseen_ask_job(&e, &policy, "other", err);
	if (rc == SL_OK)
		rc = sl_store_seen_job(&e.db, 1, err);
	if (rc == SL_OK)
		rc = sl_unseen_ask_job(&e, &policy, "liver", err);
	if (rc == SL_OK)
		rc = sl_store_seen_not_job(&e.db, 2, true, err);
	if (rc == SL_OK) {
		was = sl_unseen_ask_job(&e, &policy, "liver", err);
		rc = was == SL_E_DENIED ? SL_OK : was;
		assert_int_not_equal(was, SL_OK);
	}
	if (rc == SL_OK)
		rc = sl_store_seen_not_job(&e.db, 2, false, err);
	if (rc == SL_OK)
		rc = sl_unseen_ask_job(&e, &policy, "liver", err);
	sl_db_rollback(&e.db);
	return rc;
}

static void test_so_many_jobs_that_nobody_saw_let_no_more_read_rows(void **state)
{
	const struct sl_policy none = { 0 };

	(void)state;
	assert_int_equal(unseen(), 4);
	assert_int_equal(ask_and_look(NULL), SL_OK);
	/* What says nothing lets nothing be read. */
	assert_int_equal(sl_unseen_ask_job(&e, &none, "other", NULL), SL_E_DENIED);
}

static void test_what_is_counted_is_never_less_than_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(sl_store_seen_not_job(&e.db, 1, false, NULL), SL_OK);
	assert_int_equal(unseen(), 3);
}

/* A job that runs counts from its first moment, and a look sees nothing of its end. Held in time it told nothing. */
static void test_job_that_runs_counts_until_it_is_held_in_time(void **state)
{
	static char none[] = "", list[] = "[]", object[] = "{}", project[] = "liver", author[] = "ana";
	struct sl_store_job row = { .state = SL_JOB_RUNNING, .created_at = 1, .policy_serial = 1, .project = project,
		.author = author, .file = none, .printed = none, .outputs = list, .versions = object, .statement = object,
		.signature = none };
	struct sl_job shown;

	(void)state;
	for (int late = 0; late < 2; late++) {
		assert_int_equal(sl_store_job_insert(&e.db, &row, &row.id, NULL), SL_OK);
		assert_int_equal(unseen(), 5);
		assert_int_equal(sl_job_show(&e, &account, row.id, &shown, NULL, NULL), SL_OK);
		assert_int_equal(shown.unseen, 0);
		sl_job_free(&shown);
		assert_int_equal(unseen(), 5);
		row.state = SL_JOB_HELD;
		row.unseen = late;
		assert_int_equal(sl_store_job_finish(&e.db, &row, NULL), SL_OK);
		row.state = SL_JOB_RUNNING;
		assert_int_equal(unseen(), 4 + late);
	}
	assert_int_equal(leaves(), 0);
}

static enum sl_rc operator_looks(struct sl_err *err)
{
	struct sl_job shown;
	struct sl_buf script = { 0 };
	enum sl_rc rc = sl_job_show(&e, &teo, 2, &shown, &script, err);

	if (rc == SL_OK)
		sl_job_free(&shown);
	sl_buf_free(&script);
	return rc;
}

static void test_look_at_a_job_without_memory_is_none_or_a_leaf_before_it_is_shown(void **state)
{
	(void)state;
	faults_each(&(struct faults){ .e = &e, .command = operator_looks, .done_once = true, .leaf = true });
	assert_int_equal(unseen(), 2);
	assert_int_equal(leaves(), 1);
	assert_int_equal(operator_looks(NULL), SL_OK);
	assert_int_equal(leaves(), 1);
}

static enum sl_rc operator_lists(struct sl_err *err)
{
	struct sl_job *jobs = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_job_list(&e, &teo, &jobs, &n, err);

	if (rc == SL_OK) {
		assert_int_equal(n, 3);
		assert_int_equal(jobs[0].unseen, 1);
		assert_int_equal(jobs[1].unseen, 2);
		assert_int_equal(jobs[2].unseen, 0); /* their own */
	}
	for (uint32_t i = 0; i < n; i++)
		sl_job_free(&jobs[i]);
	free(jobs);
	return rc;
}

static void test_list_for_an_operator_without_memory_fails(void **state)
{
	(void)state;
	faults_each(&(struct faults){ .e = &e, .command = operator_lists });
}

/* The author's is none, nor another analyst's of the project; a reviewer may not. */
static void test_look_of_who_asked_is_none(void **state)
{
	static const struct {
		const struct sl_actor *who;
		int64_t job;
		enum sl_rc rc;
		int64_t left;
	} looks[] = { { &ana, 1, SL_OK, 4 },      { &ana, 3, SL_OK, 4 }, { &teo, 3, SL_OK, 4 },
		      { &rui, 1, SL_E_DENIED, 4 }, { &teo, 1, SL_OK, 3 }, { &account, 3, SL_OK, 2 } };

	(void)state;
	for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
		struct sl_job shown;
		assert_int_equal(sl_job_show(&e, looks[i].who, looks[i].job, &shown, NULL, NULL), looks[i].rc);
		if (looks[i].rc == SL_OK)
			sl_job_free(&shown);
		assert_int_equal(unseen(), looks[i].left);
	}
	assert_int_equal(leaves(), 2);
}

#define WITH_JOBS(t) cmocka_unit_test_setup_teardown(t, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_JOBS(test_so_many_jobs_that_nobody_saw_let_no_more_read_rows),
		WITH_JOBS(test_what_is_counted_is_never_less_than_nothing),
		WITH_JOBS(test_job_that_runs_counts_until_it_is_held_in_time),
		WITH_JOBS(test_look_at_a_job_without_memory_is_none_or_a_leaf_before_it_is_shown),
		WITH_JOBS(test_list_for_an_operator_without_memory_fails),
		WITH_JOBS(test_look_of_who_asked_is_none),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
