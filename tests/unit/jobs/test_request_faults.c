/* test_request_faults.c - the k-th allocation fails: a request is told whole or not at all, and so is it revised. */
#include "tests/unit/jobs/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/can_thing.h"
#include "jobs/looked.h"
#include "jobs/request.h"
#include "jobs/store/request.h"
#include "jobs/unseen.h"

static struct sl_enclave e;
static const struct sl_actor ana = { .kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)"ana" };
static const struct sl_actor rui = { .kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)"rui" };

/*
 * Three revisions, of which the second stayed a draft, of before drafts were signed; a decision on the first, one on
 * the third, and two comments.
 */
static const char rows[] =
	"INSERT INTO job(id,state,created_at,policy_serial,project,author,file,printed,outputs,versions,statement,signature,"
	"lease_pid,lease_start,lease_boot,policy_digest,script,view,plans) VALUES(1,3,1,1,'liver','ana','f','','[]','{}',"
	"'{}','',0,0,'',zeroblob(32),x'00',x'00',x'00');"
	"INSERT INTO request(id,job,state,created_at,nfindings,policy_serial,project,author,context,outputs,refusal,"
	"statement,signature,policy_digest,digest,revision,title,njudge) "
	"VALUES(1,1,6,30,4,1,'liver','ana','third','[\"a\"]','','{}','',zeroblob(32),zeroblob(32),3,'Table one',2);"
	"INSERT INTO request_revision(request,revision,created_at,nfindings,policy_serial,context,outputs,refusal,statement,"
	"signature,policy_digest,digest,layers,title) VALUES(1,1,10,3,1,'first','[\"a\",\"b\"]','','{}','',"
	"zeroblob(32),zeroblob(32),0,'Table'),(1,2,20,2,1,'second','[\"a\"]','','','',zeroblob(32),zeroblob(32),0,"
	"'Table one');"
	"INSERT INTO publication VALUES(1,1,x'61'),(1,2,x'62'),(1,3,x'63');"
	"INSERT INTO review(request,decision,decided_at,person,key,statement,signature,revision) VALUES"
	"(1,3,11,'rui','k','{\"acknowledged\":[],\"comment\":\"why?\"}','s',1),"
	"(1,1,31,'otto','k','{\"acknowledged\":[\"negatives\",\"depth\"],\"comment\":\"\"}','s',3);"
	"INSERT INTO request_comment(request,revision,at,private,person,text) VALUES(1,1,12,0,'ana','all'),"
	"(1,1,13,1,'rui','nine');";

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
	world_sql(rows);
	return rc != SL_OK;
}

static int closed(void **state)
{
	sl_enclave_close(&e);
	return world_remove(state);
}

static void is_what_a_reviewer_hears(const struct sl_request *r)
{
	assert_string_equal(r->title, "Table one");
	assert_string_equal(r->outputs, "a");
	assert_int_equal(r->ndecisions, 1);
	assert_string_equal(r->decisions[0].acknowledged, "negatives, depth");
	assert_int_equal(r->ncomments, 2);
	/* The draft is among them. */
	assert_int_equal(r->nrevisions, 2);
	assert_int_equal(r->revisions[0].revision, 1);
	assert_string_equal(r->revisions[0].outputs, "a, b");
	assert_string_equal(r->revisions[0].context, "first");
	assert_int_equal(r->revisions[0].nfindings, 3);
	assert_int_equal(r->revisions[0].ndecisions, 1);
	assert_string_equal(r->revisions[0].decisions[0].comment, "why?");
	assert_true(r->turn.asked);
	assert_null(r->turn.not_theirs);
	assert_true(r->turn.revised);
	assert_false(r->turn.decided);
	assert_int_equal(r->turn.njudge, 2);
}

static enum sl_rc reviewer_shows(struct sl_err *err)
{
	struct sl_request r = { 0 };
	enum sl_rc rc = sl_request_show(&e, &rui, 1, &r, err);

	if (rc == SL_OK)
		is_what_a_reviewer_hears(&r);
	sl_request_free(&r);
	return rc;
}

static enum sl_rc reviewer_lists(struct sl_err *err)
{
	struct sl_request *list = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_request_list(&e, &rui, true, &list, &n, err);

	if (rc == SL_OK) {
		assert_int_equal(n, 1);
		is_what_a_reviewer_hears(&list[0]);
	}
	sl_request_list_free(list, n);
	return rc;
}

static enum sl_rc author_shows(struct sl_err *err)
{
	struct sl_request r = { 0 };
	enum sl_rc rc = sl_request_show(&e, &ana, 1, &r, err);

	if (rc == SL_OK) {
		assert_int_equal(r.nrevisions, 2);
		assert_string_equal(r.revisions[1].context, "second");
		assert_int_equal(r.revisions[0].nfindings, 0);
		assert_int_equal(r.revisions[0].ndecisions, 0);
		assert_int_equal(r.ndecisions, 0);
		assert_int_equal(r.nfindings, 0);
		assert_int_equal(r.ncomments, 1);
		assert_false(r.turn.asked);
	}
	sl_request_free(&r);
	return rc;
}

/* The revision there is goes to the archive as it stands, and is read back from there. */
static enum sl_rc revise(struct sl_err *err)
{
	struct sl_store_request row = { 0 }, before = { 0 };
	enum sl_rc rc = sl_db_begin(&e.db, err);

	if (rc == SL_OK)
		rc = sl_store_request_get(&e.db, 1, &row, err);
	if (rc == SL_OK)
		rc = sl_store_request_revise(&e.db, &row, err);
	if (rc == SL_OK)
		rc = sl_store_request_revision(&e.db, 1, 3, &before, err);
	if (rc == SL_OK) {
		assert_string_equal(before.title, "Table one");
		assert_string_equal(before.context, "third");
		assert_int_equal(before.njudge, 2);
		assert_int_equal(before.revision, 3);
		assert_int_equal(before.state, row.state);
		assert_string_equal(sl_buf_cstr(&before.publication), "c");
	}
	sl_store_request_free(&before);
	sl_store_request_free(&row);
	sl_db_rollback(&e.db);
	assert_int_equal(world_number("SELECT revision FROM request"), 3);
	assert_int_equal(world_number("SELECT count(*) FROM request_revision"), 2);
	return rc;
}

static int64_t leaves_of(const char *kind)
{
	char sql[128];

	(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM leaf WHERE instr(CAST(body AS TEXT),'%s')", kind);
	return world_number(sql);
}

static enum sl_rc look(struct sl_err *err)
{
	return sl_looked_add_leaf(&e, "request.shown", &rui, json_pack("{s:s, s:i}", "request", "R-1", "revision", 3), err);
}

/* Of the three revisions the second alone was never decided on; that the request waits is no look at it. */
static enum sl_rc reviewer_hears_what_nobody_saw(struct sl_err *err)
{
	struct sl_store_unseen *unseen = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_unseen_list(&e, &rui, &unseen, &n, err);

	if (rc == SL_OK) {
		assert_int_equal(n, 1);
		assert_int_equal(unseen[0].request, 1);
		assert_int_equal(unseen[0].revision, 2);
	}
	free(unseen);
	return rc;
}

/* One is unseen where policy lets one be: no more is judged. After a look it is. */
static enum sl_rc ask_and_look(struct sl_err *err)
{
	struct sl_policy policy = { .reviews.unseen_max = 1 };
	enum sl_rc rc = sl_db_begin(&e.db, err), was;

	if (rc == SL_OK) {
		was = sl_unseen_ask(&e, &policy, "liver", err);
		rc = was == SL_E_DENIED ? SL_OK : was;
		assert_int_not_equal(was, SL_OK);
	}
	if (rc == SL_OK)
		rc = sl_unseen_ask(&e, &policy, "other", err);
	policy.reviews.unseen_max = 2;
	if (rc == SL_OK)
		rc = sl_unseen_ask(&e, &policy, "liver", err);
	policy.reviews.unseen_max = 1;
	if (rc == SL_OK)
		rc = sl_store_seen_put(&e.db, 1, 2, err);
	if (rc == SL_OK)
		rc = sl_store_seen_put(&e.db, 1, 2, err);
	if (rc == SL_OK)
		rc = sl_unseen_ask(&e, &policy, "liver", err);
	sl_db_rollback(&e.db);
	return rc;
}

/* What the commands would say: of a draft of somebody's, of a request that is decided, of what is not there. */
static enum sl_rc ask_of_it(struct sl_err *err)
{
	static const struct {
		enum sl_action action;
		const char *command, *person;
		bool yes;
		const char *rule;
	} questions[] = {
		{ SL_ACTION_REQUEST_LIST, "request show", "ana", true, "sight" },
		{ SL_ACTION_REQUEST_NEW, "request withdraw", "ana", true, "grant" },
		{ SL_ACTION_REVIEW_DECIDE, "review approve", "rui", true, "independent" },
		{ SL_ACTION_REQUEST_NEW, "request submit", "ana", false, "request-state" },
		{ SL_ACTION_REQUEST_NEW, "request withdraw", "rui", false, "role" },
	};
	enum sl_rc rc = SL_OK;

	for (size_t i = 0; i < sizeof questions / sizeof questions[0] && rc == SL_OK; i++) {
		struct sl_can_question q = { .action = questions[i].action, .person = questions[i].person, .author = "",
			                         .asker = &rui };
		struct sl_can_answer answer;
		rc = sl_can_of(&e, &q, questions[i].command, "R-1", &answer, err);
		if (rc == SL_OK) {
			assert_int_equal(answer.yes, questions[i].yes);
			assert_string_equal(answer.rule, questions[i].rule);
		}
	}
	return rc;
}

static void with_each_failing(enum sl_rc (*command)(struct sl_err *))
{
	faults_each(&(struct faults){ .e = &e, .command = command, .always_said = true, .least = 5 });
}

static void test_show_to_a_reviewer_without_memory_fails(void **state)
{
	(void)state;
	with_each_failing(reviewer_shows);
}

static void test_list_for_a_reviewer_without_memory_fails(void **state)
{
	(void)state;
	with_each_failing(reviewer_lists);
}

static void test_show_to_the_author_without_memory_fails(void **state)
{
	(void)state;
	with_each_failing(author_shows);
}

static void test_revise_without_memory_changes_nothing(void **state)
{
	(void)state;
	with_each_failing(revise);
}

static void test_look_without_memory_is_no_leaf(void **state)
{
	(void)state;
	faults_each(&(struct faults){ .e = &e, .command = look, .done_once = true, .leaf = true, .least = 5 });
	/* The same once more is none. */
	assert_int_equal(leaves_of("request.shown"), 1);
	assert_int_equal(look(NULL), SL_OK);
	assert_int_equal(leaves_of("request.shown"), 1);
}

/* It is looked for among the last leaves alone: what is further back is told again. */
static void test_look_that_is_far_back_is_told_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i <= SL_LOOKED_BACK; i++)
		assert_int_equal(sl_looked_add_leaf(&e, "table.counted", &rui, json_pack("{s:i}", "table", (int)i), NULL), SL_OK);
	assert_int_equal(sl_looked_add_leaf(&e, "table.counted", &rui, json_pack("{s:i}", "table", 1), NULL), SL_OK);
	assert_int_equal(leaves_of("table.counted"), SL_LOOKED_BACK + 1);
	assert_int_equal(sl_looked_add_leaf(&e, "table.counted", &rui, json_pack("{s:i}", "table", 0), NULL), SL_OK);
	assert_int_equal(leaves_of("table.counted"), SL_LOOKED_BACK + 2);
	/* Another person's is another. */
	assert_int_equal(sl_looked_add_leaf(&e, "table.counted", &ana, json_pack("{s:i}", "table", 0), NULL), SL_OK);
	assert_int_equal(leaves_of("table.counted"), SL_LOOKED_BACK + 3);
}

static void test_what_nobody_saw_without_memory_is_not_told(void **state)
{
	(void)state;
	with_each_failing(reviewer_hears_what_nobody_saw);
	/* Whoever is an analyst of the project is no reviewer of it. */
	struct sl_store_unseen *unseen = NULL;
	uint32_t n = 1;
	assert_int_equal(sl_unseen_list(&e, &ana, &unseen, &n, NULL), SL_OK);
	assert_int_equal(n, 0);
	free(unseen);
}

static void test_so_many_that_nobody_saw_let_no_more_be_judged(void **state)
{
	const struct sl_policy none = { 0 };

	(void)state;
	assert_int_equal(ask_and_look(NULL), SL_OK);
	/* Its statements are kept: what is left are the rows. */
	faults_each(&(struct faults){ .e = &e, .command = ask_and_look, .always_said = true, .least = 1 });
	/* What says nothing lets nothing be judged. */
	assert_int_equal(sl_unseen_ask(&e, &none, "other", NULL), SL_E_DENIED);
}

static void test_question_about_a_request_without_memory_is_no_answer(void **state)
{
	(void)state;
	with_each_failing(ask_of_it);
}

/* A revision that is not in the archive is none, also the one there is. */
static void test_revision_that_is_not_there_is_told(void **state)
{
	static const int64_t none[] = { -1, 0, 3, 4, INT64_MAX };
	struct sl_store_request row;
	int64_t spoke = -1;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_int_equal(sl_store_request_revision(&e.db, 1, none[i], &row, NULL), SL_E_NO);
	assert_int_equal(sl_store_request_revision(&e.db, 2, 1, &row, NULL), SL_E_NO);
	assert_int_equal(sl_store_request_spoke(&e.db, 1, "rui", &spoke, NULL), SL_OK);
	assert_int_equal(spoke, 1);
	assert_int_equal(sl_store_request_spoke(&e.db, 1, "nobody", &spoke, NULL), SL_OK);
	assert_int_equal(spoke, 0);
}

#define WITH_A_REQUEST(t) cmocka_unit_test_setup_teardown(t, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_A_REQUEST(test_show_to_a_reviewer_without_memory_fails),
		WITH_A_REQUEST(test_list_for_a_reviewer_without_memory_fails),
		WITH_A_REQUEST(test_show_to_the_author_without_memory_fails),
		WITH_A_REQUEST(test_revise_without_memory_changes_nothing),
		WITH_A_REQUEST(test_look_without_memory_is_no_leaf),
		WITH_A_REQUEST(test_look_that_is_far_back_is_told_again),
		WITH_A_REQUEST(test_question_about_a_request_without_memory_is_no_answer),
		WITH_A_REQUEST(test_what_nobody_saw_without_memory_is_not_told),
		WITH_A_REQUEST(test_so_many_that_nobody_saw_let_no_more_be_judged),
		WITH_A_REQUEST(test_revision_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
