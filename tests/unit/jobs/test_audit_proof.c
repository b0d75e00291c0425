/* test_audit_proof.c - what the log tells those without the enclave: every byte of it that is changed is found. */
#include "tests/unit/jobs/world.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/audit_proof.h"

#define LEAVES 11

static struct sl_buf anchor, older;

/* The checkpoint `older` was taken of six leaves. */
static int grown(void **state)
{
	static struct sl_enclave e;

	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK)
		return 1;
	assert_int_equal(sl_enclave_anchor(&e, &anchor, NULL), SL_OK);
	world_leaves(&e, 5, "计数");
	assert_int_equal(sl_audit_note(&e, &older, NULL), SL_OK);
	world_leaves(&e, LEAVES - 6, "计数");
	*state = &e;
	return 0;
}

static int ended(void **state)
{
	sl_enclave_close(*state);
	sl_buf_free(&anchor);
	sl_buf_free(&older);
	return world_remove(state);
}

static struct sl_audit_trust trusted(const struct sl_buf *a, const struct sl_buf *against)
{
	struct sl_audit_trust t;

	assert_int_equal(sl_audit_trust_read(a, against, &t, NULL), SL_OK);
	return t;
}

static enum sl_rc proved(const struct sl_buf *proof, const struct sl_audit_trust *t, uint64_t *index)
{
	struct sl_checkpoint cp;
	struct sl_buf leaf = {0};
	enum sl_rc rc = sl_audit_proof_verify(proof, t, index, &leaf, &cp, NULL);

	if (rc == SL_OK)
		assert_non_null(memmem(leaf.data, leaf.len, "计数", 6));
	sl_buf_free(&leaf);
	return rc;
}

static void exported(struct sl_enclave *e, struct sl_buf *out)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	assert_int_equal(sl_audit_export(e, f, NULL), SL_OK);
	assert_int_equal(fclose(f), 0);
	sl_buf_put(out, text, len);
	free(text);
}

static enum sl_rc whole(const struct sl_buf *text, const struct sl_audit_trust *t)
{
	struct sl_checkpoint cp;
	FILE *f = fmemopen(text->data, text->len, "r");
	enum sl_rc rc = sl_audit_export_verify(f, t, &cp, NULL);

	(void)fclose(f);
	return rc;
}

static void test_proof_is_verified_by_anchor_or_by_checkpoint(void **state)
{
	struct sl_audit_trust by_anchor = trusted(&anchor, NULL), by_older = trusted(NULL, &older), none = {0};
	struct sl_buf now = {0}, then = {0};
	uint64_t index;

	assert_int_equal(sl_audit_prove(*state, 4, NULL, &now, NULL), SL_OK);
	assert_int_equal(proved(&now, &by_anchor, &index), SL_OK);
	assert_int_equal(index, 4);
	assert_int_equal(sl_audit_prove(*state, 4, &older, &then, NULL), SL_OK);
	assert_int_equal(proved(&then, &by_older, &index), SL_OK);
	assert_int_equal(proved(&then, &by_anchor, &index), SL_OK);
	/* In itself a proof proves nothing; and that of another size is told from a false one. */
	assert_int_equal(proved(&now, &none, &index), SL_E_UNDECIDED);
	assert_int_equal(proved(&now, &by_older, &index), SL_E_INPUT);
	sl_buf_reset(&now);
	assert_int_equal(sl_audit_prove(*state, 6, &older, &now, NULL), SL_E_NO);
	assert_int_equal(sl_audit_prove(*state, LEAVES, NULL, &now, NULL), SL_E_NO);
	sl_buf_free(&now);
	sl_buf_free(&then);
}

static void test_proof_with_one_byte_changed_is_refused(void **state)
{
	struct sl_audit_trust t = trusted(&anchor, NULL);
	struct sl_buf proof = {0};
	uint64_t index;

	assert_int_equal(sl_audit_prove(*state, 4, NULL, &proof, NULL), SL_OK);
	for (size_t i = 0; i < proof.len; i++) {
		proof.data[i] ^= 1;
		enum sl_rc want = i < strlen("c2sp.org/tlog-proof@v1\n") ? SL_E_INPUT : SL_E_INTEGRITY;
		if (proved(&proof, &t, &index) != want)
			fail_msg("byte %zu", i);
		proof.data[i] ^= 1;
	}
	for (size_t len = 0; len < proof.len; len++) {
		struct sl_buf cut = {.data = proof.data, .len = len};
		assert_int_not_equal(proved(&cut, &t, &index), SL_OK);
	}
	assert_int_equal(proved(&proof, &t, &index), SL_OK);
	sl_buf_free(&proof);
}

static void test_export_is_verified_with_anchor_and_an_older_checkpoint(void **state)
{
	struct sl_audit_trust both = trusted(&anchor, &older), keyless = trusted(NULL, &older);
	struct sl_buf text = {0};

	exported(*state, &text);
	assert_int_equal(whole(&text, &both), SL_OK);
	assert_int_equal(whole(&text, &keyless), SL_E_UNDECIDED);
	sl_buf_free(&text);
}

static void test_export_with_one_byte_changed_is_an_integrity_failure(void **state)
{
	struct sl_audit_trust t = trusted(&anchor, &older);
	struct sl_buf text = {0};

	exported(*state, &text);
	for (size_t i = 0; i < text.len; i++) {
		text.data[i] ^= 1;
		enum sl_rc want = i < strlen("sluice log export v1\n") ? SL_E_INPUT : SL_E_INTEGRITY;
		if (whole(&text, &t) != want)
			fail_msg("byte %zu", i);
		text.data[i] ^= 1;
	}
	for (size_t len = 1; len < text.len; len++) {
		struct sl_buf cut = {.data = text.data, .len = len};
		assert_int_not_equal(whole(&cut, &t), SL_OK);
	}
	assert_int_equal(whole(&text, &t), SL_OK);
	sl_buf_free(&text);
}

/* Lines taken away, doubled, exchanged: the file fits itself in nothing but its bytes. */
static void test_export_with_lines_moved_is_an_integrity_failure(void **state)
{
	static const char *const edits[] = {
		"sed 3d", "sed 3p", "sed '3{h;d};4G'", "sed '$!{/test.done/d}'", "sed 2d", "sed '/^$/d'",
	};
	struct sl_audit_trust t = trusted(&anchor, &older);
	struct sl_buf text = {0};

	exported(*state, &text);
	scratch_write("log.txt", text.data, text.len);
	for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
		struct sl_buf edited = {0};
		assert_int_equal(scratch_run("%s log.txt > edited.txt", edits[i]), 0);
		scratch_read("edited.txt", &edited);
		if (whole(&edited, &t) != SL_E_INTEGRITY)
			fail_msg("not found: %s", edits[i]);
		sl_buf_free(&edited);
	}
	sl_buf_free(&text);
}

/* Root on the host signs another history with the enclave's own key: it fits itself, and not what others hold. */
static void test_another_history_signed_by_the_enclave_does_not_fit_an_older_checkpoint(void **state)
{
	struct sl_audit_trust both = trusted(&anchor, &older), key_alone = trusted(&anchor, NULL);
	struct sl_buf text = {0}, proof = {0}, newer = {0};

	assert_int_equal(sl_audit_note(*state, &newer, NULL), SL_OK);
	struct sl_audit_trust later = trusted(&anchor, &newer);
	world_sql("DELETE FROM leaf WHERE n>0; DELETE FROM node;"
	          "UPDATE edge SET size=1, hashes=(SELECT hash FROM leaf WHERE n=0)");
	exported(*state, &text);
	assert_int_equal(whole(&text, &key_alone), SL_OK);
	assert_int_equal(whole(&text, &both), SL_E_INTEGRITY);
	sl_buf_reset(&text);
	world_leaves(*state, LEAVES + 3, "another");
	exported(*state, &text);
	assert_int_equal(whole(&text, &key_alone), SL_OK);
	assert_int_equal(whole(&text, &both), SL_E_INTEGRITY);
	assert_int_equal(whole(&text, &later), SL_E_INTEGRITY);
	assert_int_equal(sl_audit_prove(*state, 4, &older, &proof, NULL), SL_E_INTEGRITY);
	sl_buf_free(&text);
	sl_buf_free(&proof);
	sl_buf_free(&newer);
}

static void test_checkpoint_of_another_enclave_is_not_trusted_with_the_anchor(void **state)
{
	struct sl_audit_trust t;

	(void)state;
	assert_non_null(older.data);
	older.data[0] ^= 1;
	assert_int_not_equal(sl_audit_trust_read(&anchor, &older, &t, NULL), SL_OK);
	assert_int_equal(t.key.name[0], '\0');
	assert_int_not_equal(sl_audit_trust_read(&older, NULL, &t, NULL), SL_OK);
}

#define IN_LOG(t) cmocka_unit_test_setup_teardown(t, grown, ended)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_LOG(test_proof_is_verified_by_anchor_or_by_checkpoint),
		IN_LOG(test_proof_with_one_byte_changed_is_refused),
		IN_LOG(test_export_is_verified_with_anchor_and_an_older_checkpoint),
		IN_LOG(test_export_with_one_byte_changed_is_an_integrity_failure),
		IN_LOG(test_export_with_lines_moved_is_an_integrity_failure),
		IN_LOG(test_another_history_signed_by_the_enclave_does_not_fit_an_older_checkpoint),
		IN_LOG(test_checkpoint_of_another_enclave_is_not_trusted_with_the_anchor),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
