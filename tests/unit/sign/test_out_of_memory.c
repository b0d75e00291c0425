/* The k-th allocation fails, for every k, ours and those of OpenSSL and jansson: no crash, no leak, no half result, and
 * never a yes that was not earned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>
#include <openssl/crypto.h>

#include "jobs/sign/canon.h"
#include "jobs/sign/checkpoint.h"
#include "jobs/sign/dsse.h"
#include "enclave/vault/seal.h"
#include "tests/unit/sign/hardware.h"
#include "tests/unit/sign/scratch.h"
#include "tests/unit/vault/failing.h"

#define NS "release@sluice"
#define MESSAGE "{\"decision\":\"approve\",\"request\":\"R-1\"}"
#define ALLOCATIONS_MAX 2000

/* These calls stand in our object, so they too are counted and fail. */
static void *library_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return malloc(n);
}

static void *library_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	if (n == 0) {
		free(p);
		return NULL;
	}
	return realloc(p, n);
}

static void library_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

static void *json_malloc_counted(size_t n)
{
	return malloc(n);
}

static struct sl_ed25519 key, forger;
static struct sl_ssh_key person, token;
static struct sl_buf armour, token_armour, forged, note, envelope, box;
static struct sl_signed_note_key verifier = { .name = "demo" };
static const struct sl_secret sealing = { { 5 } };

static int make_all(void **state)
{
	struct sl_checkpoint cp = { .origin = "demo", .size = 3 };

	(void)state;
	hardware_key(SL_SSH_ED25519, &forger, &person);
	hardware_key(SL_SSH_ED25519, &key, &person);
	hardware_key(SL_SSH_SK_ED25519, &key, &token);
	memcpy(person.point, key.public, sizeof person.point);
	memcpy(verifier.public, key.public, sizeof verifier.public);
	hardware_sign(&key, &person, NS, MESSAGE, 0, 0, NULL, &armour);
	hardware_sign(&key, &token, NS, MESSAGE, 1, 9, NULL, &token_armour);
	hardware_sign(&forger, &person, NS, MESSAGE, 0, 0, NULL, &forged);
	return sl_checkpoint_sign(&cp, &key, &note, NULL) != SL_OK ||
	       sl_dsse_make(MESSAGE, strlen(MESSAGE), &key, &envelope, NULL) != SL_OK ||
	       sl_seal_box(&sealing, "result J-7", MESSAGE, strlen(MESSAGE), &box, NULL) != SL_OK;
}

static int free_all(void **state)
{
	struct sl_buf *all[] = { &armour, &token_armour, &forged, &note, &envelope, &box };

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		sl_buf_free(all[i]);
	return 0;
}

/* One operation; out is empty before. What it must have made when it says SL_OK is checked by itself. */
typedef enum sl_rc operation(struct sl_buf *out, struct sl_err *err);

static void at_every_allocation(operation *op)
{
	unsigned long k;

	for (k = 1; k < ALLOCATIONS_MAX; k++) {
		struct sl_buf out = { 0 };
		struct sl_err err = { 0 };
		enum sl_rc rc;
		bool reached;
		failing_at(k);
		rc = op(&out, &err);
		reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, err.rc);
		if (rc != SL_OK)
			assert_int_equal(out.len, 0);
		sl_buf_free(&out);
		if (!reached) {
			assert_int_equal(rc, SL_OK);
			break;
		}
	}
	assert_true(k > 1 && k < ALLOCATIONS_MAX);
}

static enum sl_rc verify_person(struct sl_buf *out, struct sl_err *err)
{
	struct sl_ssh_key signer;
	enum sl_rc rc = sl_sshsig_verify(MESSAGE, strlen(MESSAGE), (char *)armour.data, armour.len, NS, &person, &signer, err);

	(void)out;
	assert_int_equal(rc == SL_OK, sl_ssh_key_equal(&signer, &person));
	return rc;
}

static enum sl_rc verify_token(struct sl_buf *out, struct sl_err *err)
{
	(void)out;
	return sl_sshsig_verify(MESSAGE, strlen(MESSAGE), (char *)token_armour.data, token_armour.len, NS, &token, NULL, err);
}

static enum sl_rc fingerprint(struct sl_buf *out, struct sl_err *err)
{
	char text[SL_SSH_FINGERPRINT_TEXT];
	enum sl_rc rc = sl_ssh_key_fingerprint(&person, text, err);

	(void)out;
	assert_int_equal(strlen(text), rc == SL_OK ? SL_SSH_FINGERPRINT_TEXT - 1 : 0);
	return rc;
}

static enum sl_rc sign_checkpoint(struct sl_buf *out, struct sl_err *err)
{
	struct sl_checkpoint cp = { .origin = "demo", .size = 3 };
	enum sl_rc rc = sl_checkpoint_sign(&cp, &key, out, err);

	if (rc == SL_OK)
		assert_memory_equal(out->data, note.data, note.len);
	return rc;
}

static enum sl_rc verify_checkpoint(struct sl_buf *out, struct sl_err *err)
{
	struct sl_checkpoint cp;
	enum sl_rc rc = sl_checkpoint_verify((char *)note.data, note.len, &verifier, &cp, err);

	(void)out;
	assert_int_equal(cp.size, rc == SL_OK ? 3 : 0);
	return rc;
}

static enum sl_rc make_envelope(struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = sl_dsse_make(MESSAGE, strlen(MESSAGE), &key, out, err);

	if (rc == SL_OK) {
		assert_int_equal(out->len, envelope.len);
		assert_memory_equal(out->data, envelope.data, envelope.len);
	}
	return rc;
}

static enum sl_rc verify_envelope(struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = sl_dsse_verify((char *)envelope.data, envelope.len, key.public, out, err);

	if (rc == SL_OK)
		assert_memory_equal(out->data, MESSAGE, strlen(MESSAGE));
	return rc;
}

static enum sl_rc canonical(struct sl_buf *out, struct sl_err *err)
{
	json_t *value = NULL;
	enum sl_rc rc = sl_canon_read("x", MESSAGE, strlen(MESSAGE), 4096, &value, err);

	if (rc == SL_OK)
		rc = sl_canon_put(value, out, err);
	if (rc == SL_OK)
		assert_memory_equal(out->data, MESSAGE, strlen(MESSAGE));
	json_decref(value);
	return rc;
}

static enum sl_rc seal(struct sl_buf *out, struct sl_err *err)
{
	return sl_seal_box(&sealing, "result J-7", MESSAGE, strlen(MESSAGE), out, err);
}

static enum sl_rc unseal(struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = sl_seal_unbox(&sealing, "result J-7", box.data, box.len, out, err);

	if (rc == SL_OK)
		assert_memory_equal(out->data, MESSAGE, strlen(MESSAGE));
	return rc;
}

static enum sl_rc tree(struct sl_buf *out, struct sl_err *err)
{
	struct sl_merkle_hash leaf[3] = { 0 }, root;
	struct sl_merkle_leaves leaves = sl_merkle_array(leaf, 3);
	struct sl_merkle_proof proof = { 0 };
	enum sl_rc rc = sl_merkle_leaf("x", 1, &leaf[0], err);

	(void)out;
	if (rc == SL_OK)
		rc = sl_merkle_root(&leaves, 3, &root, err);
	if (rc == SL_OK)
		rc = sl_merkle_inclusion(&leaves, 1, 3, &proof, err);
	assert_int_equal(proof.n, rc == SL_OK ? 2 : 0);
	if (rc == SL_OK)
		rc = sl_merkle_verify_inclusion(&leaf[1], 1, 3, &root, &proof, err);
	return rc;
}

static enum sl_rc make_key(struct sl_buf *out, struct sl_err *err)
{
	static const struct sl_ed25519 zero;
	struct sl_ed25519 made;
	enum sl_rc rc = sl_ed25519_from_seed(key.seed, &made, err);

	(void)out;
	assert_memory_equal(&made, rc == SL_OK ? &key : &zero, sizeof made);
	return rc;
}

static enum sl_rc write_and_read_key(struct sl_buf *out, struct sl_err *err)
{
	static unsigned n;
	struct sl_ed25519 back;
	char name[32];
	enum sl_rc rc;

	(void)out;
	(void)snprintf(name, sizeof name, "key-%u", n++);
	rc = sl_ed25519_write(&key, name, err);
	if (rc == SL_OK)
		rc = sl_ed25519_read(name, &back, err);
	if (rc == SL_OK)
		assert_memory_equal(&back, &key, sizeof key);
	return rc;
}

static void test_each_operation_survives_each_failed_allocation(void **state)
{
	static operation *const all[] = { verify_person, verify_token, fingerprint, sign_checkpoint, verify_checkpoint,
		make_envelope, verify_envelope, canonical, seal, unseal, tree, make_key, write_and_read_key };

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		at_every_allocation(all[i]);
}

static void test_forged_signature_never_verifies_for_want_of_memory(void **state)
{
	(void)state;
	for (unsigned long k = 1; k < ALLOCATIONS_MAX; k++) {
		enum sl_rc rc;
		failing_at(k);
		rc = sl_sshsig_verify(MESSAGE, strlen(MESSAGE), (char *)forged.data, forged.len, NS, &person, NULL, NULL);
		bool reached = failing_reached();
		failing_at(0);
		assert_int_not_equal(rc, SL_OK);
		if (!reached)
			break;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_operation_survives_each_failed_allocation, scratch_enter, scratch_leave),
		cmocka_unit_test(test_forged_signature_never_verifies_for_want_of_memory),
	};

	if (CRYPTO_set_mem_functions(library_malloc, library_realloc, library_free) != 1)
		return 1;
	json_set_alloc_funcs(json_malloc_counted, free);
	return cmocka_run_group_tests(tests, make_all, free_all);
}
