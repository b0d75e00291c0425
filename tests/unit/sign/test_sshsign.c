/* Signing by ssh-keygen: with a key file, with an agent, and every way it can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "jobs/sign/sshsign.h"
#include "tests/unit/sign/scratch.h"

#define NS "job@sluice"

static char path_before[4096];

static int enter(void **state)
{
	const char *path = getenv("PATH");

	(void)snprintf(path_before, sizeof path_before, "%s", path != NULL ? path : "");
	/* Whether somebody's agent or dialogue is at hand must not matter. */
	(void)unsetenv("SSH_AUTH_SOCK");
	(void)unsetenv("SSH_ASKPASS");
	(void)unsetenv("DISPLAY");
	return scratch_enter(state);
}

static enum sl_rc sign(const char *key, const char *namespace, const void *message, size_t len, struct sl_buf *armour,
                       struct sl_ssh_key *signer, struct sl_err *err)
{
	size_t before = armour->len;
	enum sl_rc rc;

	memset(err, 0, sizeof *err);
	rc = sl_sshsign_make(key, namespace, message, len, armour, signer, err);
	assert_int_equal(rc, err->rc);
	if (rc != SL_OK)
		assert_int_equal(armour->len, before);
	return rc;
}

static void test_signing_with_a_key_file_verifies(void **state)
{
	static char big[300000];
	struct sl_buf armour = { 0 }, line = { 0 };
	struct sl_ssh_key key, signer;
	struct sl_err err;

	(void)state;
	scratch_ssh_key("ana");
	scratch_read("ana.pub", &line);
	assert_int_equal(sl_ssh_key_parse((char *)line.data, line.len, &key, NULL), SL_OK);
	/* Empty, with any bytes, and larger than a pipe. */
	for (size_t len = 0; len <= sizeof big; len = len == 0 ? 5 : len * 60000) {
		memset(big, 0xff, sizeof big);
		sl_buf_reset(&armour);
		assert_int_equal(sign("ana", NS, big, len, &armour, &signer, &err), SL_OK);
		assert_true(sl_ssh_key_equal(&key, &signer));
		assert_int_equal(sl_sshsig_verify(big, len, (char *)armour.data, armour.len, NS, &key, NULL, NULL), SL_OK);
	}
	sl_buf_free(&armour);
	sl_buf_free(&line);
}

static void test_signing_with_an_agent_verifies(void **state)
{
	struct sl_buf armour = { 0 };
	struct sl_err err;

	(void)state;
	scratch_ssh_key("agent-key");
	assert_int_equal(scratch_run("ssh-agent -a ./agent.sock > agent.env"), 0);
	assert_int_equal(scratch_run("SSH_AUTH_SOCK=./agent.sock ssh-add agent-key && mv agent-key elsewhere"), 0);
	assert_int_equal(sign("agent-key.pub", NS, "job", 3, &armour, NULL, &err), SL_E_IDENT);
	assert_int_equal(setenv("SSH_AUTH_SOCK", "./agent.sock", 1), 0);
	assert_int_equal(sign("agent-key.pub", NS, "job", 3, &armour, NULL, &err), SL_OK);
	(void)unsetenv("SSH_AUTH_SOCK");
	assert_int_equal(scratch_run(". ./agent.env; kill \"$SSH_AGENT_PID\""), 0);
	sl_buf_free(&armour);
}

static void test_signing_without_a_usable_key_says_why(void **state)
{
	struct sl_buf armour = { 0 };
	struct sl_err err;

	(void)state;
	assert_int_equal(sign("no-such-key", NS, "job", 3, &armour, NULL, &err), SL_E_IDENT);
	assert_non_null(strstr(err.text, "no-such-key"));
	scratch_write("-nonsense", "not a key\n", 10);
	assert_int_equal(chmod("-nonsense", 0600), 0);
	assert_int_equal(sign("-nonsense", NS, "job", 3, &armour, NULL, &err), SL_E_IDENT);
	/* The name of a file is somebody's text: no terminal obeys it. */
	assert_int_equal(sign("\x1b[2Jkey", NS, "job", 3, &armour, NULL, &err), SL_E_IDENT);
	assert_null(strchr(err.text, '\x1b'));
	sl_buf_free(&armour);
}

static void test_signing_for_a_strange_namespace_is_refused(void **state)
{
	static const char *const strange[] = { "", "a b", "JOB@sluice", "job\n", "n/n", "\xc3\xa9",
		"n123456789012345678901234567890123456789012345678901234567890123" };
	struct sl_buf armour = { 0 };
	struct sl_err err;

	(void)state;
	for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
		assert_int_equal(sign("ana", strange[i], "job", 3, &armour, NULL, &err), SL_E_INPUT);
	sl_buf_free(&armour);
}

/* A program named ssh-keygen first in PATH. */
static void pretend(const char *script)
{
	char path[4400];

	assert_int_equal(scratch_run("mkdir -p bin"), 0);
	scratch_write("bin/ssh-keygen", script, strlen(script));
	assert_int_equal(chmod("bin/ssh-keygen", 0700), 0);
	(void)snprintf(path, sizeof path, "./bin:%s", path_before);
	assert_int_equal(setenv("PATH", path, 1), 0);
}

static void pretend_no_more(void)
{
	assert_int_equal(setenv("PATH", path_before, 1), 0);
}

static void test_program_that_lies_is_not_believed(void **state)
{
	static const char *const lies[] = { "#!/bin/sh\nexit 0\n", "#!/bin/sh\necho hello\n",
		"#!/bin/sh\nhead -c 100000 /dev/zero\n", "#!/bin/sh\ncat other.sig\n" };
	struct sl_buf armour = { 0 };
	struct sl_err err;

	(void)state;
	scratch_write("other", "another job", 11);
	assert_int_equal(scratch_run("ssh-keygen -Y sign -f ana -n %s other", NS), 0);
	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
		pretend(lies[i]);
		assert_int_not_equal(sign("ana", NS, "job", 3, &armour, NULL, &err), SL_OK);
		pretend_no_more();
	}
	sl_buf_free(&armour);
}

static void test_program_that_fails_is_quoted_escaped(void **state)
{
	struct sl_buf armour = { 0 };
	struct sl_err err;

	(void)state;
	pretend("#!/bin/sh\nprintf 'bad\\033[31m key\\n' >&2\nexit 255\n");
	assert_int_equal(sign("ana", NS, "job", 3, &armour, NULL, &err), SL_E_IDENT);
	assert_null(strchr(err.text, '\x1b'));
	assert_non_null(strstr(err.text, "bad\\u{1b}[31m key"));
	pretend("#!/bin/sh\nkill -INT $$\n");
	assert_int_equal(sign("ana", NS, "job", 3, &armour, NULL, &err), SL_E_INTR);
	pretend("#!/bin/sh\nkill -KILL $$\n");
	assert_int_equal(sign("ana", NS, "job", 3, &armour, NULL, &err), SL_E_IDENT);
	pretend_no_more();
	sl_buf_free(&armour);
}

static void test_program_that_is_not_there_is_named_with_a_remedy(void **state)
{
	struct sl_buf armour = { 0 };
	struct sl_err err;

	(void)state;
	assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
	assert_int_equal(sign("ana", NS, "job", 3, &armour, NULL, &err), SL_E_HOST);
	assert_non_null(strstr(err.remedy, "openssh-client"));
	pretend_no_more();
	sl_buf_free(&armour);
}

static void test_program_gets_listed_environment_and_three_descriptors(void **state)
{
	struct sl_buf armour = { 0 }, said = { 0 };
	struct sl_err err;
	int open_one = dup(1);

	(void)state;
	assert_true(open_one > 2);
	assert_int_equal(setenv("SLUICE_SECRET", "1", 1), 0);
	assert_int_equal(setenv("LD_LIBRARY_PATH", "/nonexistent", 1), 0);
	assert_int_equal(setenv("TERM", "dumb", 1), 0);
	pretend("#!/bin/sh\n/usr/bin/env > env.txt\nls -l /proc/$$/fd > fds.txt\nexit 1\n");
	assert_int_equal(sign("ana", NS, "job", 3, &armour, NULL, &err), SL_E_IDENT);
	pretend_no_more();
	(void)unsetenv("LD_LIBRARY_PATH");
	scratch_read("env.txt", &said);
	assert_non_null(strstr(sl_buf_cstr(&said), "TERM=dumb"));
	assert_null(strstr(sl_buf_cstr(&said), "SLUICE_SECRET"));
	assert_null(strstr(sl_buf_cstr(&said), "LD_LIBRARY_PATH"));
	/* The shell itself holds its script at 10 or more, nothing of ours below that. */
	assert_int_equal(scratch_run("grep -Eq ' 2 -> ' fds.txt && ! grep -Eq ' [3-9] -> ' fds.txt"), 0);
	(void)close(open_one);
	sl_buf_free(&armour);
	sl_buf_free(&said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signing_with_a_key_file_verifies),
		cmocka_unit_test(test_signing_with_an_agent_verifies),
		cmocka_unit_test(test_signing_without_a_usable_key_says_why),
		cmocka_unit_test(test_signing_for_a_strange_namespace_is_refused),
		cmocka_unit_test(test_program_that_lies_is_not_believed),
		cmocka_unit_test(test_program_that_fails_is_quoted_escaped),
		cmocka_unit_test(test_program_that_is_not_there_is_named_with_a_remedy),
		cmocka_unit_test(test_program_gets_listed_environment_and_three_descriptors),
	};

	return cmocka_run_group_tests(tests, enter, scratch_leave);
}
