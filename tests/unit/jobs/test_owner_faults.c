/* test_owner_faults.c - the k-th allocation fails: what owners and applicants do is done whole, or not at all. */
#include "tests/unit/jobs/faults.h"

#include <string.h>

#include "jobs/data.h"
#include "jobs/data_quality.h"
#include "jobs/ledger.h"
#include "jobs/owner.h"

static struct sl_enclave e;
static const struct sl_actor operator_ = {.kind = SL_ACTOR_OPERATOR, .person = (char *)(uintptr_t)""};
static const struct sl_actor ana = {.kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)"ana"};
static const struct sl_actor teo = {
	.kind = SL_ACTOR_KEY, .person = (char *)(uintptr_t)"teo", .key_path = (char *)(uintptr_t)"teo"};
static const char *const table = "tiny.persons";

static const char package[] =
	"{\"name\": \"tiny\", \"title\": \"one\", \"resources\": [{\"name\": \"persons\", \"path\": \"persons.csv\", "
	"\"sluice\": {\"owner\": \"clinic\", \"class\": \"on_application\", \"unit\": {\"column\": \"id\", \"space\": "
	"\"person\"}}, \"schema\": {\"fields\": [{\"name\": \"id\", \"type\": \"integer\", \"constraints\": {\"required\": "
	"true}}, {\"name\": \"age\", \"type\": \"integer\", \"sluice\": {\"uses\": [\"measure\"]}}]}}]}\n";

static void put_policy(void)
{
	struct sl_standing s = {0};
	struct sl_buf text = {0};
	char hex[65] = "";

	assert_int_equal(sl_standing_load(&e, &s, NULL), SL_OK);
	assert_int_equal(s.ncatalogues, 1);
	for (int i = 0; i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", s.catalogues[0].sha256[i]);
	sl_standing_free(&s);
	sl_buf_printf(&text,
	              "{\"sluice_policy\": 1, \"enclave\": \"%s\", \"serial\": 1, \"people\": {"
	              "\"olga\": {\"roles\": [\"officer\"], \"key\": \"%s\"}, ",
	              e.name, world_key_line("olga"));
	sl_buf_printf(&text, "\"rui\": {\"roles\": [\"reviewer\"], \"key\": \"%s\"}, ", world_key_line("rui"));
	sl_buf_printf(&text, "\"teo\": {\"roles\": [\"owner\"], \"organisation\": \"clinic\", \"key\": \"%s\"}, ",
	              world_key_line("teo"));
	sl_buf_printf(&text,
	              "\"ana\": {\"roles\": [\"analyst\"], \"key\": \"%s\"}}, \"catalogues\": {\"tiny\": \"sha256:%s\"}, "
	              "\"disclosure\": {\"profile\": \"tre-uk\"}, \"projects\": {\"p\": {\"purpose\": \"How old\", "
	              "\"analysts\": [\"ana\"], \"expires\": \"2099-12-31\", \"approvals\": 1, "
	              "\"tables\": {\"tiny.persons\": {\"age\": [\"measure\"]}}}}}\n",
	              world_key_line("ana"), hex);
	assert_int_equal(world_apply(&e, &text, "olga", NULL), SL_OK);
	sl_buf_free(&text);
}

static int opened(void **state)
{
	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK || world_package(package) != 0)
		return 1;
	if (sl_data_import(&e, &operator_, "package/datapackage.json", NULL, 0, NULL, NULL) != SL_OK)
		return 1;
	put_policy();
	return 0;
}

static int closed(void **state)
{
	sl_enclave_close(&e);
	return world_remove(state);
}

static enum sl_rc apply(struct sl_err *err)
{
	int64_t id;

	return sl_owner_apply(&e, &ana, "p", &table, 1, "the yearly report", INT64_MIN, &id, err);
}

static enum sl_rc grant(struct sl_err *err)
{
	const struct sl_owner_terms terms = {.until = sl_enclave_today()};
	int64_t id;

	return sl_owner_grant_make(&e, &teo, 1, &terms, NULL, 0, &id, err);
}

static enum sl_rc refuse(struct sl_err *err)
{
	return sl_owner_refuse(&e, &teo, 1, "no", err);
}

static enum sl_rc withdraw(struct sl_err *err)
{
	return sl_owner_withdraw(&e, &teo, 1, "no more", err);
}

static enum sl_rc applications(struct sl_err *err)
{
	struct sl_application *all = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_owner_applications(&e, &teo, 0, &all, &n, err);

	if (rc == SL_OK)
		assert_int_equal(n, 1);
	sl_owner_applications_free(all, n);
	return rc;
}

static enum sl_rc ledger(struct sl_err *err)
{
	struct sl_ledger l = {0};
	struct sl_buf out = {0};
	enum sl_rc rc = sl_ledger_make(&e, &teo, table, &l, err);

	if (rc == SL_OK)
		rc = sl_ledger_export(&e, table, &l, &out, err);
	if (rc == SL_OK)
		assert_int_equal(l.n, 2);
	sl_ledger_free(&l);
	sl_buf_free(&out);
	return rc;
}

static enum sl_rc quality(struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_data_quality q = {0};
	enum sl_rc rc = sl_standing_people(&e, &standing, err);

	if (rc == SL_OK)
		rc = sl_data_quality_get(&e, &teo, &standing, table, &q, err);
	if (rc == SL_OK) {
		assert_int_equal(q.ncolumns, 1);
		assert_int_equal(q.rows.now, 2);
	}
	sl_data_quality_free(&q);
	sl_standing_free(&standing);
	return rc;
}

static enum sl_rc holdings(struct sl_err *err)
{
	struct sl_standing standing = {0};
	struct sl_data_table *tables = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_standing_people(&e, &standing, err);

	if (rc == SL_OK)
		rc = sl_data_list(&e, &ana, &standing, &tables, &n, err);
	if (rc == SL_OK) {
		assert_int_equal(n, 1);
		assert_true(tables[0].on_application);
		assert_int_equal(tables[0].word.say, SL_OWNER_GRANTS);
	}
	sl_data_list_free(tables, n);
	sl_standing_free(&standing);
	return rc;
}

static void changes(enum sl_rc (*command)(struct sl_err *))
{
	faults_each(&(struct faults){.e = &e, .command = command, .done_once = true, .leaf = true});
}

static void asks(enum sl_rc (*command)(struct sl_err *))
{
	faults_each(&(struct faults){.e = &e, .command = command});
}

static void test_an_application_without_memory_is_not_made(void **state)
{
	(void)state;
	changes(apply);
	assert_int_equal(world_number("SELECT count(*) FROM application"), 1);
}

static void test_a_grant_without_memory_is_not_made(void **state)
{
	(void)state;
	assert_int_equal(apply(NULL), SL_OK);
	changes(grant);
	assert_int_equal(world_number("SELECT count(*) FROM owner_grant"), 1);
	asks(applications);
	asks(ledger);
	asks(holdings);
	changes(withdraw);
	assert_int_equal(world_number("SELECT count(*) FROM owner_grant WHERE withdrawn_at > 0"), 1);
}

static void test_a_refusal_without_memory_is_not_made(void **state)
{
	(void)state;
	assert_int_equal(apply(NULL), SL_OK);
	changes(refuse);
	assert_int_equal(world_number("SELECT count(*) FROM application WHERE state = 3"), 1);
}

static void test_quality_without_memory_fails(void **state)
{
	(void)state;
	asks(quality);
}

#define WITH_A_TABLE(t) cmocka_unit_test_setup_teardown(t, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_A_TABLE(test_an_application_without_memory_is_not_made),
		WITH_A_TABLE(test_a_grant_without_memory_is_not_made),
		WITH_A_TABLE(test_a_refusal_without_memory_is_not_made),
		WITH_A_TABLE(test_quality_without_memory_fails),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
