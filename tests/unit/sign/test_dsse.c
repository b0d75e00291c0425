/* The envelope: the published PAE, openssl's word on the signature, and every byte of it counting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/sign/base64.h"
#include "jobs/sign/dsse.h"
#include "tests/unit/sign/scratch.h"

#define STATEMENT "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[]}"

static struct sl_ed25519 key;
static struct sl_buf envelope;

static int enter(void **state)
{
	return scratch_enter(state) != 0 || sl_ed25519_generate(&key, NULL) != SL_OK ||
	       sl_dsse_make(STATEMENT, strlen(STATEMENT), &key, &envelope, NULL) != SL_OK;
}

static int leave(void **state)
{
	sl_buf_free(&envelope);
	return scratch_leave(state);
}

static enum sl_rc verify(const void *text, size_t len)
{
	struct sl_buf payload = { 0 };
	struct sl_err err = { 0 };
	enum sl_rc rc;

	sl_buf_text(&payload, "kept");
	rc = sl_dsse_verify(text, len, key.public, &payload, &err);
	assert_int_equal(rc, err.rc);
	if (rc != SL_OK)
		assert_int_equal(payload.len, 4);
	sl_buf_free(&payload);
	return rc;
}

static void test_pae_of_the_protocol_is_its(void **state)
{
	struct sl_buf pae = { 0 };

	(void)state;
	sl_dsse_pae("http://example.com/HelloWorld", "hello world", 11, &pae);
	assert_string_equal(sl_buf_cstr(&pae), "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
	sl_buf_free(&pae);
}

static void test_envelope_opens_to_its_payload(void **state)
{
	static uint8_t big[100000];

	(void)state;
	for (size_t len = 0; len <= sizeof big; len = len * 5 + 3071) {
		struct sl_buf made = { 0 }, payload = { 0 };
		memset(big, 0xa5, sizeof big);
		assert_int_equal(sl_dsse_make(big, len, &key, &made, NULL), SL_OK);
		sl_buf_text(&payload, "kept");
		assert_int_equal(sl_dsse_verify((char *)made.data, made.len, key.public, &payload, NULL), SL_OK);
		assert_int_equal(payload.len, 4 + len);
		assert_memory_equal(payload.data + 4, big, len);
		sl_buf_free(&made);
		sl_buf_free(&payload);
	}
}

static void test_envelope_verifies_with_stock_tools(void **state)
{
	struct sl_buf pem = { 0 };

	(void)state;
	sl_ed25519_public_pem(key.public, &pem);
	scratch_write("enclave.pub", pem.data, pem.len);
	scratch_write("e.json", envelope.data, envelope.len);
	assert_int_equal(scratch_run("python3 - <<'END'\n"
				     "import json, base64\n"
				     "e = json.load(open('e.json'))\n"
				     "p, t = base64.b64decode(e['payload']), e['payloadType']\n"
				     "open('pae', 'wb').write(b'DSSEv1 %%d %%s %%d ' %% (len(t), t.encode(), len(p)) + p)\n"
				     "open('sig', 'wb').write(base64.b64decode(e['signatures'][0]['sig']))\n"
				     "END\n"
				     "openssl pkeyutl -verify -rawin -pubin -inkey enclave.pub -in pae -sigfile sig"),
	                 0);
	sl_buf_free(&pem);
}

static void test_envelope_with_any_byte_changed_is_refused(void **state)
{
	(void)state;
	assert_int_equal(verify(envelope.data, envelope.len), SL_OK);
	for (size_t i = 0; i < envelope.len; i++)
		for (int c = 1; c < 256; c += 3) {
			envelope.data[i] ^= (uint8_t)c;
			assert_int_not_equal(verify(envelope.data, envelope.len), SL_OK);
			envelope.data[i] ^= (uint8_t)c;
		}
	for (size_t n = 0; n < envelope.len; n++)
		assert_int_equal(verify(envelope.data, n), SL_E_INPUT);
}

static void test_envelope_of_another_key_is_refused(void **state)
{
	struct sl_ed25519 other;
	struct sl_buf made = { 0 };
	uint8_t seed[32] = { 3 };

	(void)state;
	assert_int_equal(sl_ed25519_from_seed(seed, &other, NULL), SL_OK);
	assert_int_equal(sl_dsse_make(STATEMENT, strlen(STATEMENT), &other, &made, NULL), SL_OK);
	assert_int_equal(verify(made.data, made.len), SL_E_IDENT);
	/* It claims the right key's id. */
	memcpy(other.public, key.public, 32);
	sl_buf_reset(&made);
	assert_int_equal(sl_dsse_make(STATEMENT, strlen(STATEMENT), &other, &made, NULL), SL_OK);
	assert_int_equal(verify(made.data, made.len), SL_E_INTEGRITY);
	sl_buf_free(&made);
}

static void test_envelope_of_another_form_is_refused(void **state)
{
	char id[SL_ED25519_ID_TEXT], text[2048], sig64[100];
	uint8_t sig[64] = { 0 };
	static const char *const forms[] = {
		/* %1: keyid, %2: sig */
		"{\"payload\":\"e30=\",\"payloadType\":\"application/"
		"json\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
		"{\"payload\":\"e31=\",\"payloadType\":\"" SL_DSSE_IN_TOTO
		"\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
		"{\"extra\":1,\"payload\":\"e30=\",\"payloadType\":\"" SL_DSSE_IN_TOTO
		"\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
		"{\"payload\":\"e30=\",\"payloadType\":\"" SL_DSSE_IN_TOTO
		"\",\"signatures\":[{\"extra\":1,\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
		"{\"payload\":\"e30=\",\"payloadType\":\"" SL_DSSE_IN_TOTO
		"\",\"signatures\":{\"keyid\":\"%s\",\"sig\":\"%s\"}}",
		"{\"payload\":\"e30=\",\"payloadType\":\"" SL_DSSE_IN_TOTO
		"\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"},{\"keyid\":\"\",\"sig\":\"\"}]}",
		"{\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
		"{\"payload\":{},\"payloadType\":\"" SL_DSSE_IN_TOTO
		"\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
		"{\"payload\":\"e30=\",\"payloadType\":\"" SL_DSSE_IN_TOTO
		"\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%sAAAA\"}]}",
	};

	(void)state;
	assert_int_equal(sl_ed25519_id(key.public, id, NULL), SL_OK);
	sl_base64_write(sig, sizeof sig, sig64);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(text, sizeof text, forms[i], id, sig64);
#pragma GCC diagnostic pop
		assert_int_equal(verify(text, strlen(text)), SL_E_INPUT);
	}
	(void)snprintf(text, sizeof text, "{\"payload\":\"e30=\",\"payloadType\":\"" SL_DSSE_IN_TOTO "\",\"signatures\":[]}");
	assert_int_equal(verify(text, strlen(text)), SL_E_INPUT);
	(void)snprintf(text, sizeof text,
	               "{\"payload\":\"e30=\",\"payloadType\":\"" SL_DSSE_IN_TOTO
	               "\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"AAAA\"}]}",
	               id);
	assert_int_equal(verify(text, strlen(text)), SL_E_INPUT);
	/* What is well formed gets as far as its signature. */
	(void)snprintf(text, sizeof text,
	               "{\"payload\":\"e30=\",\"payloadType\":\"" SL_DSSE_IN_TOTO
	               "\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
	               id, sig64);
	assert_int_equal(verify(text, strlen(text)), SL_E_INTEGRITY);
}

static void test_envelope_too_long_is_refused(void **state)
{
	uint8_t *big = calloc(1, SL_DSSE_BYTES_MAX + 1);
	struct sl_buf made = { 0 };

	(void)state;
	assert_non_null(big);
	assert_int_equal(sl_dsse_make(big, SL_DSSE_BYTES_MAX + 1, &key, &made, NULL), SL_E_LIMIT);
	assert_int_equal(sl_dsse_make(big, SL_DSSE_BYTES_MAX, &key, &made, NULL), SL_E_LIMIT);
	assert_int_equal(made.len, 0);
	assert_int_equal(sl_dsse_make(big, SL_DSSE_BYTES_MAX / 4 * 3 - 1024, &key, &made, NULL), SL_OK);
	assert_int_equal(verify(made.data, made.len), SL_OK);
	assert_int_equal(verify(big, SL_DSSE_BYTES_MAX + 1), SL_E_LIMIT);
	free(big);
	sl_buf_free(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pae_of_the_protocol_is_its),
		cmocka_unit_test(test_envelope_opens_to_its_payload),
		cmocka_unit_test(test_envelope_verifies_with_stock_tools),
		cmocka_unit_test(test_envelope_with_any_byte_changed_is_refused),
		cmocka_unit_test(test_envelope_of_another_key_is_refused),
		cmocka_unit_test(test_envelope_of_another_form_is_refused),
		cmocka_unit_test(test_envelope_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
