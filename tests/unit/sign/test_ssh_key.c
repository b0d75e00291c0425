/* Public key lines: what ssh-keygen writes is read, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/sign/base64.h"
#include "jobs/sign/ssh_key.h"
#include "jobs/sign/wire.h"
#include "tests/unit/sign/hardware.h"
#include "tests/unit/sign/scratch.h"

static enum sl_rc parse(const char *line, size_t len, struct sl_ssh_key *key)
{
	struct sl_err err = { 0 };
	enum sl_rc rc = sl_ssh_key_parse(line, len, key, &err);

	assert_int_equal(rc, err.rc);
	if (rc != SL_OK)
		assert_int_equal(key->type, SL_SSH_NONE);
	return rc;
}

static void test_key_of_ssh_keygen_is_read_with_its_fingerprint(void **state)
{
	struct sl_buf line = { 0 }, said = { 0 };
	char fingerprint[SL_SSH_FINGERPRINT_TEXT];
	struct sl_ssh_key key;

	(void)state;
	scratch_ssh_key("olga");
	scratch_read("olga.pub", &line);
	assert_int_equal(parse((char *)line.data, line.len, &key), SL_OK);
	assert_int_equal(key.type, SL_SSH_ED25519);
	assert_string_equal(key.application, "");
	assert_int_equal(sl_ssh_key_fingerprint(&key, fingerprint, NULL), SL_OK);
	assert_int_equal(scratch_run("ssh-keygen -l -f olga.pub"), 0);
	scratch_read("out", &said);
	assert_non_null(strstr(sl_buf_cstr(&said), fingerprint));
	sl_buf_free(&line);
	sl_buf_free(&said);
}

static void test_hardware_key_is_read_with_its_fingerprint(void **state)
{
	struct sl_buf line = { 0 }, said = { 0 };
	char fingerprint[SL_SSH_FINGERPRINT_TEXT];
	struct sl_ssh_key key, again;
	struct sl_ed25519 secret;

	(void)state;
	hardware_key(SL_SSH_SK_ED25519, &secret, &key);
	sl_ssh_key_text(&key, &line);
	assert_int_equal(parse((char *)line.data, line.len, &again), SL_OK);
	assert_true(sl_ssh_key_equal(&key, &again));
	assert_string_equal(again.application, "ssh:");
	scratch_write("hw.pub", line.data, line.len);
	assert_int_equal(sl_ssh_key_fingerprint(&key, fingerprint, NULL), SL_OK);
	assert_int_equal(scratch_run("ssh-keygen -l -f hw.pub"), 0);
	scratch_read("out", &said);
	assert_non_null(strstr(sl_buf_cstr(&said), fingerprint));
	sl_buf_free(&line);
	sl_buf_free(&said);
}

static void test_key_text_written_and_read_is_the_same(void **state)
{
	static const enum sl_ssh_type types[] = { SL_SSH_ED25519, SL_SSH_SK_ED25519 };
	struct sl_ssh_key key, again;
	struct sl_ed25519 secret;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct sl_buf line = { 0 };
		hardware_key(types[i], &secret, &key);
		sl_ssh_key_text(&key, &line);
		assert_int_equal(parse((char *)line.data, line.len, &again), SL_OK);
		assert_true(sl_ssh_key_equal(&key, &again));
		sl_buf_text(&line, " rui@host, reviewer\n");
		assert_int_equal(parse((char *)line.data, line.len, &again), SL_OK);
		assert_true(sl_ssh_key_equal(&key, &again));
		sl_buf_free(&line);
	}
}

static void test_key_line_with_any_byte_changed_is_another_key_or_none(void **state)
{
	struct sl_ssh_key key, other;
	struct sl_ed25519 secret;
	struct sl_buf line = { 0 };

	(void)state;
	hardware_key(SL_SSH_SK_ED25519, &secret, &key);
	sl_ssh_key_text(&key, &line);
	for (size_t i = 0; i < line.len; i++)
		for (int c = 0; c < 256; c++) {
			uint8_t was = line.data[i];
			if (c == was)
				continue;
			line.data[i] = (uint8_t)c;
			if (parse((char *)line.data, line.len, &other) == SL_OK)
				assert_false(sl_ssh_key_equal(&key, &other));
			line.data[i] = was;
		}
	for (size_t n = 0; n < line.len; n++)
		assert_int_equal(parse((char *)line.data, n, &other), SL_E_INPUT);
	sl_buf_free(&line);
}

/* "type base64(string(inner) string(point of npoint bytes) [string(application)] rest)" */
static void line_of(const char *type, const char *inner, size_t npoint, const char *application, const char *rest,
                    struct sl_buf *line)
{
	uint8_t point[64] = { 9, 9 };
	struct sl_buf blob = { 0 };

	sl_wire_put(&blob, inner, strlen(inner));
	sl_wire_put(&blob, point, npoint);
	if (application != NULL)
		sl_wire_put(&blob, application, strlen(application));
	sl_buf_text(&blob, rest);
	sl_buf_printf(line, "%s ", type);
	sl_base64_put(line, blob.data, blob.len);
	sl_buf_free(&blob);
}

#define PLAIN "ssh-ed25519"
#define HARD "sk-ssh-ed25519@openssh.com"

static void test_key_of_another_form_is_refused(void **state)
{
	static const struct {
		enum sl_rc want;
		const char *type, *inner;
		size_t npoint;
		const char *application, *rest;
	} cases[] = {
		{ SL_OK, PLAIN, PLAIN, 32, NULL, "" },
		{ SL_OK, HARD, HARD, 32, "ssh:", "" },
		{ SL_OK, HARD, HARD, 32, "ssh:sluice", "" },
		{ SL_E_INPUT, PLAIN, PLAIN, 31, NULL, "" },
		{ SL_E_INPUT, PLAIN, PLAIN, 33, NULL, "" },
		{ SL_E_INPUT, PLAIN, PLAIN, 32, NULL, "x" },
		{ SL_E_INPUT, PLAIN, PLAIN, 32, "ssh:", "" },
		{ SL_E_INPUT, PLAIN, HARD, 32, "ssh:", "" },
		{ SL_E_INPUT, HARD, PLAIN, 32, NULL, "" },
		{ SL_E_INPUT, HARD, HARD, 32, NULL, "" },
		{ SL_E_INPUT, HARD, HARD, 32, "ssh:", "x" },
		{ SL_E_INPUT, HARD, HARD, 32, "", "" },
		{ SL_E_INPUT, HARD, HARD, 32, "https://example.org", "" },
		{ SL_E_INPUT, HARD, HARD, 32, "ssh:\x1b[2J", "" },
		{ SL_E_INPUT, HARD, HARD, 32, "ssh:56789012345678901234567890123456789012345678901234567890abcd", "" },
		{ SL_E_INPUT, "ssh-rsa", "ssh-rsa", 32, NULL, "" },
		{ SL_E_INPUT, "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", 32, NULL, "" },
		{ SL_E_INPUT, "ssh-ed25519-cert-v01@openssh.com", PLAIN, 32, NULL, "" },
		{ SL_E_INPUT, "restrict ssh-ed25519", PLAIN, 32, NULL, "" },
		{ SL_E_INPUT, " ssh-ed25519", PLAIN, 32, NULL, "" },
	};
	struct sl_ssh_key key;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_buf line = { 0 };
		line_of(cases[i].type, cases[i].inner, cases[i].npoint, cases[i].application, cases[i].rest, &line);
		assert_int_equal(parse((char *)line.data, line.len, &key), cases[i].want);
		sl_buf_free(&line);
	}
}

static void test_key_line_with_something_around_it_is_refused(void **state)
{
	static const struct {
		enum sl_rc want;
		const char *behind;
	} cases[] = { { SL_OK, "" }, { SL_OK, "\n" }, { SL_OK, " " }, { SL_OK, " 审查员" }, { SL_E_INPUT, "\n\n" },
		{ SL_E_INPUT, "\r\n" }, { SL_E_INPUT, "\t" }, { SL_E_INPUT, "\nssh-ed25519 AAAA" }, { SL_E_INPUT, " \x1b[31m" },
		{ SL_E_INPUT, " \xff" }, { SL_E_INPUT, "=" }, { SL_E_INPUT, "AAAA" } };
	struct sl_ssh_key key;
	struct sl_buf line = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		sl_buf_reset(&line);
		line_of(PLAIN, PLAIN, 32, NULL, "", &line);
		sl_buf_text(&line, cases[i].behind);
		assert_int_equal(parse((char *)line.data, line.len, &key), cases[i].want);
	}
	sl_buf_reset(&line);
	line_of(PLAIN, PLAIN, 32, NULL, "", &line);
	sl_buf_text(&line, " ");
	while (line.len < SL_SSH_LINE_BYTES_MAX)
		sl_buf_text(&line, "c");
	assert_int_equal(parse((char *)line.data, line.len, &key), SL_OK);
	sl_buf_text(&line, "c");
	assert_int_equal(parse((char *)line.data, line.len, &key), SL_E_INPUT);
	sl_buf_free(&line);
}

static void test_weak_key_is_refused(void **state)
{
	struct sl_ssh_key key = { .type = SL_SSH_ED25519, .point = { 1 } }, out;
	struct sl_buf line = { 0 };

	(void)state;
	sl_ssh_key_text(&key, &line);
	assert_int_equal(parse((char *)line.data, line.len, &out), SL_E_INPUT);
	sl_buf_free(&line);
}

static void test_no_key_equals_nothing(void **state)
{
	struct sl_ssh_key none = { 0 }, key, plain;
	struct sl_ed25519 secret;

	(void)state;
	assert_false(sl_ssh_key_equal(&none, &none));
	hardware_key(SL_SSH_SK_ED25519, &secret, &key);
	assert_false(sl_ssh_key_equal(&none, &key));
	plain = key;
	assert_true(sl_ssh_key_equal(&plain, &key));
	/* A key on a token and the same point in a file are two keys, and so are two applications. */
	memcpy(plain.application, "ssh:x", 6);
	assert_false(sl_ssh_key_equal(&plain, &key));
	plain = (struct sl_ssh_key){ .type = SL_SSH_ED25519 };
	memcpy(plain.point, key.point, sizeof plain.point);
	assert_false(sl_ssh_key_equal(&plain, &key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_of_ssh_keygen_is_read_with_its_fingerprint),
		cmocka_unit_test(test_hardware_key_is_read_with_its_fingerprint),
		cmocka_unit_test(test_key_text_written_and_read_is_the_same),
		cmocka_unit_test(test_key_line_with_any_byte_changed_is_another_key_or_none),
		cmocka_unit_test(test_key_of_another_form_is_refused),
		cmocka_unit_test(test_key_line_with_something_around_it_is_refused),
		cmocka_unit_test(test_weak_key_is_refused),
		cmocka_unit_test(test_no_key_equals_nothing),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
