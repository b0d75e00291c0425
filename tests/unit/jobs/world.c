/* world.c - see world.h. */
#include "tests/unit/jobs/world.h"

#include <stdio.h>
#include <string.h>

#include "jobs/audit.h"
#include "jobs/policy_apply.h"

int world_people(void **state)
{
	static const char *const people[] = {"olga", "otto", "rui", "ana", "teo"};

	if (scratch_enter(state) != 0)
		return 1;
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
		scratch_ssh_key(people[i]);
	return 0;
}

const char *world_key_line(const char *who)
{
	static char lines[8][256], names[8][16];
	struct sl_buf b = {0};
	char file[64];
	size_t i = 0;

	while (i < 7 && names[i][0] != '\0' && strcmp(names[i], who) != 0)
		i++;
	(void)snprintf(names[i], sizeof names[i], "%s", who);
	(void)snprintf(file, sizeof file, "%s.pub", who);
	scratch_read(file, &b);
	const char *text = sl_buf_cstr(&b);
	(void)snprintf(lines[i], sizeof lines[i], "%.*s", (int)strcspn(text, "\n"), text);
	sl_buf_free(&b);
	return lines[i];
}

int world_found(void **state)
{
	const struct sl_officer olga = {"olga", world_key_line("olga")};
	struct sl_buf anchor = {0};
	struct sl_err err = {0};

	(void)state;
	enum sl_rc rc = sl_enclave_init("enclave", "keys", "demo", &olga, 1, &anchor, &err);
	if (rc != SL_OK)
		(void)fprintf(stderr, "%s\n", err.text);
	sl_buf_free(&anchor);
	return rc != SL_OK;
}

int world_package(const char *datapackage)
{
	if (scratch_run("mkdir -p package") != 0)
		return 1;
	scratch_write("package/datapackage.json", datapackage, strlen(datapackage));
	scratch_write("package/persons.csv", "id,age\n1,40\n2,50\n", 17);
	return 0;
}

int world_remove(void **state)
{
	(void)state;
	return scratch_run("rm -rf enclave keys package other*");
}

void world_policy(struct sl_buf *out, const char *enclave, unsigned serial, unsigned officers_needed)
{
	static const char *const people[][2] = {
		{"olga", "officer"}, {"otto", "officer"}, {"rui", "reviewer"}, {"ana", "analyst"}, {"teo", "operator"},
	};

	sl_buf_printf(
		out,
		"{\"sluice_policy\": 1, \"enclave\": \"%s\", \"serial\": %u, \"officers_needed\": %u, \"people\": {",
		enclave, serial, officers_needed);
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
		sl_buf_printf(out, "%s\"%s\": {\"roles\": [\"%s\"], \"key\": \"%s\"}", i > 0 ? ", " : "", people[i][0],
		              people[i][1], world_key_line(people[i][0]));
	sl_buf_text(out, "}, \"catalogues\": {}, \"disclosure\": {\"profile\": \"tre-uk\"}, \"projects\": {}}\n");
	assert_int_equal(sl_buf_ok(out, "policy", NULL), SL_OK);
}

enum sl_rc world_apply(struct sl_enclave *e, const struct sl_buf *text, const char *signers, struct sl_err *err)
{
	struct sl_buf armours[4] = {{0}};
	struct sl_signature_file files[4];
	char names[64], *rest = NULL;
	uint64_t serial = 0;
	size_t n = 0;

	(void)snprintf(names, sizeof names, "%s", signers);
	for (char *who = strtok_r(names, " ", &rest); who != NULL && n < 4; who = strtok_r(NULL, " ", &rest)) {
		assert_int_equal(sl_policy_sign(who, text->data, text->len, &armours[n], NULL), SL_OK);
		files[n] = (struct sl_signature_file){(const char *)armours[n].data, armours[n].len};
		n++;
	}
	enum sl_rc rc = sl_policy_apply(e, "policy.json", text->data, text->len, files, n, &serial, err);
	assert_false(e->db.in_transaction);
	for (size_t i = 0; i < n; i++)
		sl_buf_free(&armours[i]);
	return rc;
}

sqlite3 *world_state(void)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open_v2("enclave/state.db", &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	return db;
}

void world_sql(const char *sql)
{
	sqlite3 *db = world_state();
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int64_t world_number(const char *sql)
{
	sqlite3 *db = world_state();
	sqlite3_stmt *st = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return n;
}

void world_leaves(struct sl_enclave *e, unsigned n, const char *what)
{
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(sl_db_begin(&e->db, NULL), SL_OK);
		assert_int_equal(sl_audit_append(e, "test.done", "olga", json_pack("{s:s}", "what", what), NULL, NULL), SL_OK);
		assert_int_equal(sl_db_commit(&e->db, NULL), SL_OK);
	}
}
