/* test_policy_apply.c - a policy comes into force by its officers alone, and stays the one that they signed. */
#include "tests/unit/jobs/world.h"

#include <string.h>
#include <stdio.h>
#include <stdlib.h>

#include "enclave/vault/seal.h"
#include "jobs/policy_apply.h"
#include "jobs/store/policy.h"

static int opened(void **state)
{
	static struct sl_enclave e;

	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK)
		return 1;
	*state = &e;
	return 0;
}

static int closed(void **state)
{
	sl_enclave_close(*state);
	return world_remove(state);
}

/* Apply a policy of enclave demo; SL_E_*; what was refused left no row. */
static enum sl_rc apply(struct sl_enclave *e, unsigned serial, unsigned needed, const char *signers)
{
	struct sl_buf text = {0};
	int64_t before = world_number("SELECT count(*) FROM policy");

	world_policy(&text, "demo", serial, needed);
	enum sl_rc rc = world_apply(e, &text, signers, NULL);
	sl_buf_free(&text);
	assert_int_equal(world_number("SELECT count(*) FROM policy"), before + (rc == SL_OK));
	return rc;
}

static void test_policy_without_enough_officers_is_denied(void **state)
{
	assert_int_equal(apply(*state, 1, 1, ""), SL_E_DENIED);
	assert_int_equal(apply(*state, 1, 1, "ana"), SL_E_DENIED);
	assert_int_equal(apply(*state, 1, 1, "otto"), SL_E_DENIED);
	assert_int_equal(apply(*state, 1, 1, "olga ana"), SL_E_DENIED);
	assert_int_equal(apply(*state, 1, 2, "olga"), SL_OK);
	assert_int_equal(apply(*state, 2, 2, "olga"), SL_E_DENIED);
	assert_int_equal(apply(*state, 2, 2, "olga olga"), SL_E_DENIED);
	assert_int_equal(apply(*state, 2, 2, "olga rui"), SL_E_DENIED);
	assert_int_equal(apply(*state, 2, 2, "olga otto"), SL_OK);
}

static void test_policy_serial_that_does_not_rise_is_denied(void **state)
{
	assert_int_equal(apply(*state, 3, 1, "olga"), SL_OK);
	assert_int_equal(apply(*state, 3, 1, "olga"), SL_E_DENIED);
	assert_int_equal(apply(*state, 2, 1, "olga"), SL_E_DENIED);
	assert_int_equal(apply(*state, 4, 1, "olga"), SL_OK);
}

static void test_policy_of_another_enclave_is_denied(void **state)
{
	struct sl_buf text = {0};
	struct sl_err err = {0};

	world_policy(&text, "elsewhere", 1, 1);
	assert_int_equal(world_apply(*state, &text, "olga", &err), SL_E_DENIED);
	assert_string_equal(err.rule, "policy-succession");
	sl_buf_free(&text);
}

static void test_policy_signed_for_another_text_or_purpose_is_refused(void **state)
{
	struct sl_buf text = {0}, armour = {0};
	struct sl_signature_file file;
	uint64_t serial = 0;

	world_policy(&text, "demo", 1, 1);
	assert_int_equal(sl_policy_sign("olga", text.data, text.len - 1, &armour, NULL), SL_OK);
	file = (struct sl_signature_file){(const char *)armour.data, armour.len};
	assert_int_equal(sl_policy_apply(*state, "p", text.data, text.len, &file, 1, &serial, NULL), SL_E_INTEGRITY);
	scratch_write("text", text.data, text.len);
	assert_int_equal(scratch_run("ssh-keygen -Y sign -f olga -n review@sluice text"), 0);
	sl_buf_reset(&armour);
	scratch_read("text.sig", &armour);
	file = (struct sl_signature_file){(const char *)armour.data, armour.len};
	assert_int_equal(sl_policy_apply(*state, "p", text.data, text.len, &file, 1, &serial, NULL), SL_E_INTEGRITY);
	sl_buf_free(&text);
	sl_buf_free(&armour);
}

static void test_policy_with_a_key_that_cannot_be_verified_names_its_line(void **state)
{
	static const char p[] =
		"{\"sluice_policy\": 1, \"enclave\": \"demo\", \"serial\": 1, \"officers_needed\": 1, \"people\": {\n"
		"\"olga\": {\"roles\": [\"officer\"], \"key\": \"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC\"}},\n"
		"\"catalogues\": {}, \"disclosure\": {\"profile\": \"tre-uk\"}, \"projects\": {}}";
	struct sl_buf text = {0};
	struct sl_err err = {0};

	sl_buf_text(&text, p);
	assert_int_equal(world_apply(*state, &text, "olga", &err), SL_E_INPUT);
	assert_int_equal(err.line, 2);
	sl_buf_free(&text);
}

static void test_policy_file_that_is_hostile_is_bad_input(void **state)
{
	static const char *const texts[] = {
		"", "{", "[]", "null", "{\"sluice_policy\": 1}", "{\"sluice_policy\": 1, \"sluice_policy\": 1}",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct sl_buf text = {0};
		sl_buf_text(&text, texts[i]);
		enum sl_rc rc = world_apply(*state, &text, "", NULL);
		if (rc != SL_E_INPUT)
			fail_msg("%s: %d", texts[i], rc);
		sl_buf_free(&text);
	}
}

static void test_log_lists_policies_with_the_officers_who_signed(void **state)
{
	struct sl_policy_entry *entries;
	uint32_t n;

	assert_int_equal(sl_policy_log(*state, &entries, &n, NULL), SL_OK);
	assert_int_equal(n, 0);
	sl_policy_log_free(entries, n);
	assert_int_equal(apply(*state, 1, 2, "olga"), SL_OK);
	assert_int_equal(apply(*state, 4, 1, "otto olga"), SL_OK);
	assert_int_equal(apply(*state, 7, 1, "otto"), SL_OK);
	assert_int_equal(sl_policy_log(*state, &entries, &n, NULL), SL_OK);
	assert_int_equal(n, 3);
	assert_int_equal(entries[0].serial, 7);
	assert_string_equal(entries[0].officers, "otto");
	assert_int_equal(entries[1].serial, 4);
	assert_string_equal(entries[1].officers, "otto, olga");
	assert_int_equal(entries[2].serial, 1);
	assert_string_equal(entries[2].officers, "olga");
	assert_true(entries[2].at > 0 && entries[2].at <= entries[0].at);
	sl_policy_log_free(entries, n);
	/* What its officers did not sign is not listed: it is an error. */
	world_sql("UPDATE policy SET armours=(SELECT armours FROM policy WHERE serial=7) WHERE serial=4");
	assert_int_not_equal(sl_policy_log(*state, &entries, &n, NULL), SL_OK);
	sl_policy_log_free(entries, n);
}

static void test_still_signed_says_so_and_denies_without_a_policy(void **state)
{
	assert_int_equal(sl_policy_still_signed(*state, NULL), SL_E_DENIED);
	for (unsigned serial = 1; serial <= 3; serial++) {
		assert_int_equal(apply(*state, serial, 1, "olga"), SL_OK);
		assert_int_equal(sl_policy_still_signed(*state, NULL), SL_OK);
	}
}

static void keep(void)
{
	world_sql("CREATE TABLE kept AS SELECT * FROM policy; CREATE TABLE kept_leaf AS SELECT * FROM leaf");
}

static void put_back(void)
{
	world_sql("DELETE FROM policy; INSERT INTO policy SELECT * FROM kept; DELETE FROM leaf; INSERT INTO leaf "
	          "SELECT * FROM "
	          "kept_leaf");
}

static void test_still_signed_finds_what_was_changed_in_the_state_file(void **state)
{
	static const char *const changes[] = {
		"UPDATE policy SET text=CAST(replace(text,'analyst','officer') AS BLOB) WHERE serial=3",
		"UPDATE policy SET text=CAST(replace(text,'analyst','officer') AS BLOB) WHERE serial=1",
		"UPDATE policy SET digest=randomblob(32) WHERE serial=3",
		"UPDATE policy SET digest=zeroblob(31) WHERE serial=3",
		"UPDATE policy SET armours=zeroblob(0) WHERE serial=3",
		"UPDATE policy SET armours=CAST(replace(armours,'A','B') AS BLOB) WHERE serial=3",
		"UPDATE policy SET armours=(SELECT armours FROM policy WHERE serial=2) WHERE serial=3",
		"UPDATE policy SET armours=(SELECT armours FROM policy WHERE serial=3) WHERE serial=2",
		"DELETE FROM policy WHERE serial=3",
		"DELETE FROM policy WHERE serial=1; UPDATE policy SET serial=1 WHERE serial=2",
		"UPDATE policy SET serial=9 WHERE serial=1",
		"INSERT INTO policy SELECT 9, text, digest, armours, at FROM policy WHERE serial=1",
		"UPDATE leaf SET body=CAST(replace(body,'policy.applied','policy.unsaid0') AS BLOB)",
	};
	enum sl_rc rc;

	for (unsigned serial = 1; serial <= 3; serial++)
		assert_int_equal(apply(*state, serial, serial == 1 ? 1 : 2, serial == 3 ? "olga otto" : "olga"), SL_OK);
	keep();
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		world_sql(changes[i]);
		rc = sl_policy_still_signed(*state, NULL);
		if (i != 9 && rc != SL_E_INTEGRITY && rc != SL_E_DENIED)
			fail_msg("%d after: %s", rc, changes[i]);
		put_back();
		assert_int_equal(sl_policy_still_signed(*state, NULL), SL_OK);
	}
}

/* Put a policy in the state file past every check, signed by nobody or by `signer`, with its leaf. */
static void slip_in(struct sl_enclave *e, const char *text, unsigned serial, const char *signer)
{
	struct sl_buf armour = {0};
	uint8_t digest[32];

	if (signer != NULL)
		assert_int_equal(sl_policy_sign(signer, text, strlen(text), &armour, NULL), SL_OK);
	assert_int_equal(sl_seal_sha256(text, strlen(text), digest, NULL), SL_OK);
	assert_int_equal(sl_db_begin(&e->db, NULL), SL_OK);
	assert_int_equal(sl_policy_put(&e->db, serial, text, strlen(text), digest, &armour, 0, NULL), SL_OK);
	assert_int_equal(sl_db_commit(&e->db, NULL), SL_OK);
	sl_buf_free(&armour);
}

static void test_still_signed_finds_an_unsigned_policy_beneath_the_one_in_force(void **state)
{
	struct sl_buf text = {0};
	char second[4096], third[4096];
	uint8_t digest[32];
	char sql[512], hex[65];

	assert_int_equal(apply(*state, 1, 1, "olga"), SL_OK);
	/* A policy that names ana officer, signed by nobody; then one that ana signs rightfully under it. */
	(void)snprintf(
		second, sizeof second,
		"{\"sluice_policy\": 1, \"enclave\": \"demo\", \"serial\": 2, \"officers_needed\": 1, \"people\": "
	        "{\"ana\": "
		"{\"roles\": [\"officer\"], \"key\": \"%s\"}}, \"catalogues\": {}, \"disclosure\": {\"profile\": "
		"\"tre-uk\"}, \"projects\": {}}",
		world_key_line("ana"));
	world_policy(&text, "demo", 3, 1);
	(void)snprintf(third, sizeof third, "%s", sl_buf_cstr(&text));
	slip_in(*state, second, 2, NULL);
	slip_in(*state, third, 3, "ana");
	assert_int_equal(sl_seal_sha256(third, strlen(third), digest, NULL), SL_OK);
	for (size_t i = 0; i < 32; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	(void)snprintf(sql, sizeof sql,
	               "INSERT INTO leaf VALUES(99, CAST('{\"kind\":\"policy.applied\",\"sha256\":\"%s\"}' AS "
	               "BLOB), zeroblob(32))",
	               hex);
	world_sql(sql);
	assert_int_equal(sl_policy_still_signed(*state, NULL), SL_E_DENIED);
	sl_buf_free(&text);
}

static void test_policy_new_of_a_fresh_enclave_names_its_root_officer(void **state)
{
	struct sl_buf out = {0};

	assert_int_equal(sl_policy_new(*state, &out, NULL), SL_OK);
	assert_non_null(strstr(sl_buf_cstr(&out), "olga"));
	assert_non_null(strstr(sl_buf_cstr(&out), "\"demo\""));
	sl_buf_free(&out);
}

#define IN_ENCLAVE(t) cmocka_unit_test_setup_teardown(t, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ENCLAVE(test_policy_without_enough_officers_is_denied),
		IN_ENCLAVE(test_policy_serial_that_does_not_rise_is_denied),
		IN_ENCLAVE(test_policy_of_another_enclave_is_denied),
		IN_ENCLAVE(test_policy_signed_for_another_text_or_purpose_is_refused),
		IN_ENCLAVE(test_policy_with_a_key_that_cannot_be_verified_names_its_line),
		IN_ENCLAVE(test_policy_file_that_is_hostile_is_bad_input),
		IN_ENCLAVE(test_log_lists_policies_with_the_officers_who_signed),
		IN_ENCLAVE(test_still_signed_says_so_and_denies_without_a_policy),
		IN_ENCLAVE(test_still_signed_finds_what_was_changed_in_the_state_file),
		IN_ENCLAVE(test_still_signed_finds_an_unsigned_policy_beneath_the_one_in_force),
		IN_ENCLAVE(test_policy_new_of_a_fresh_enclave_names_its_root_officer),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
