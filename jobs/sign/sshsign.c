/* sshsign.c - see sshsign.h. */
#include "jobs/sign/sshsign.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/base/text.h"

#define PROGRAM "ssh-keygen"
#define SAID_MAX 300

/* What an agent, a passphrase dialogue or a hardware key needs; nothing else of ours reaches the program. */
static const char *const passed_on[] = {
	"SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "SSH_SK_PROVIDER", "HOME", "PATH",
	"TERM",          "DISPLAY",     "WAYLAND_DISPLAY"
};

#define NPASSED (sizeof passed_on / sizeof passed_on[0])

struct environment {
	char *entry[NPASSED + 1];
};

static void environment_fini(struct environment *env)
{
	for (size_t i = 0; i < NPASSED; i++)
		free(env->entry[i]);
}

static enum sl_rc environment_init(struct environment *env, struct sl_err *err)
{
	size_t n = 0;

	memset(env, 0, sizeof *env);
	for (size_t i = 0; i < NPASSED; i++) {
		const char *value = getenv(passed_on[i]);
		if (value == NULL)
			continue;
		if (asprintf(&env->entry[n], "%s=%s", passed_on[i], value) < 0) {
			env->entry[n] = NULL;
			return sl_err_set(err, SL_E_NOMEM, "out of memory for an environment");
		}
		n++;
	}
	return SL_OK;
}

/* Standard input, output and error of the program, in memory: no pipe can fill up, nothing touches a disk. */
struct streams {
	int fd[3];
};

static void streams_fini(struct streams *s)
{
	for (int i = 0; i < 3; i++)
		if (s->fd[i] >= 0)
			(void)close(s->fd[i]);
}

static enum sl_rc streams_init(struct streams *s, const uint8_t *message, size_t len, struct sl_err *err)
{
	s->fd[0] = s->fd[1] = s->fd[2] = -1;
	for (int i = 0; i < 3; i++) {
		/* Numbers 0 to 2 are where the program's own will be: a copy onto itself would stay closed on exec. */
		int fd = memfd_create("sign", MFD_CLOEXEC);
		if (fd >= 0 && fd < 3) {
			int high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
			(void)close(fd);
			fd = high;
		}
		s->fd[i] = fd;
		if (fd < 0)
			return sl_err_errno(err, SL_E_IO, errno, "no memory file for %s", PROGRAM);
	}
	while (len > 0) {
		ssize_t n = write(s->fd[0], message, len);
		if (n < 0 && errno != EINTR)
			return sl_err_errno(err, SL_E_IO, errno, "cannot hand the message to %s", PROGRAM);
		if (n > 0) {
			message += n;
			len -= (size_t)n;
		}
	}
	if (lseek(s->fd[0], 0, SEEK_SET) != 0)
		return sl_err_errno(err, SL_E_IO, errno, "cannot hand the message to %s", PROGRAM);
	return SL_OK;
}

static enum sl_rc launch(const char *key_path, const char *namespace, const struct streams *s, char **env, pid_t *pid,
                         struct sl_err *err)
{
	char *argv[] = { (char *)(uintptr_t)PROGRAM, (char[]){ "-Y" }, (char[]){ "sign" }, (char[]){ "-q" }, (char[]){ "-f" },
		(char *)(uintptr_t)key_path, (char[]){ "-n" }, (char *)(uintptr_t)namespace, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int e;

	if (posix_spawn_file_actions_init(&files) != 0)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %s", PROGRAM);
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %s", PROGRAM);
	}
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	e = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	e = e != 0 ? e : posix_spawnattr_setsigmask(&attr, &none);
	e = e != 0 ? e : posix_spawnattr_setsigdefault(&attr, &all);
	for (int i = 0; e == 0 && i < 3; i++)
		e = posix_spawn_file_actions_adddup2(&files, s->fd[i], i);
	e = e != 0 ? e : posix_spawn_file_actions_addclosefrom_np(&files, 3);
	e = e != 0 ? e : posix_spawnp(pid, PROGRAM, &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	if (e == 0)
		return SL_OK;
	if (e == ENOENT) {
		enum sl_rc rc = sl_err_set(err, SL_E_HOST, "%s is not installed", PROGRAM);
		sl_err_remedy(err, "install openssh-client");
		return rc;
	}
	return sl_err_errno(err, SL_E_IO, e, "cannot start %s", PROGRAM);
}

/* At most max bytes of what the program wrote. */
static enum sl_rc collect(int fd, struct sl_buf *out, size_t max, struct sl_err *err)
{
	uint8_t bytes[1024];
	off_t at = 0;

	while (out->len < max) {
		size_t want = max - out->len < sizeof bytes ? max - out->len : sizeof bytes;
		ssize_t n = pread(fd, bytes, want, at);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return sl_err_errno(err, SL_E_IO, errno, "cannot read what %s wrote", PROGRAM);
		if (n > 0) {
			sl_buf_put(out, bytes, (size_t)n);
			at += n;
		}
		if (out->failed)
			break;
	}
	return sl_buf_ok(out, "what " PROGRAM " wrote", err);
}

/* Why there is no signature, in the program's own words. */
static enum sl_rc complain(int status, int errors, struct sl_err *err)
{
	struct sl_buf said = { 0 }, clean = { 0 };
	const char *shown = NULL;
	enum sl_rc rc;

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
		return sl_err_set(err, SL_E_INTR, "interrupted while signing");
	if (collect(errors, &said, SAID_MAX, NULL) == SL_OK) {
		while (said.len > 0 && (said.data[said.len - 1] == '\n' || said.data[said.len - 1] == '\r'))
			said.len--;
		sl_text_escape(&clean, (const char *)said.data, said.len);
		shown = sl_buf_cstr(&clean);
	}
	rc = sl_err_set(err, SL_E_IDENT, "%s did not sign: %s", PROGRAM,
	                shown != NULL && shown[0] != '\0' ? shown : "no reason told");
	sl_buf_free(&said);
	sl_buf_free(&clean);
	return rc;
}

static enum sl_rc run(const char *key_path, const char *namespace, const struct streams *s, struct sl_buf *armour,
                      struct sl_err *err)
{
	struct environment env;
	pid_t pid = -1;
	int status = 0;
	enum sl_rc rc = environment_init(&env, err);

	if (rc == SL_OK)
		rc = launch(key_path, namespace, s, env.entry, &pid, err);
	environment_fini(&env);
	if (rc != SL_OK)
		return rc;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return sl_err_errno(err, SL_E_IO, errno, "%s got lost", PROGRAM);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return complain(status, s->fd[2], err);
	/* One byte more than a signature may have, so that a longer one is seen to be. */
	return collect(s->fd[1], armour, SL_SSHSIG_TEXT_MAX + 1, err);
}

static bool namespace_ok(const char *namespace)
{
	size_t n = strspn(namespace, "abcdefghijklmnopqrstuvwxyz0123456789@.-");

	return n > 0 && n < SL_SSHSIG_NAMESPACE_BYTES && namespace[n] == '\0';
}

enum sl_rc sl_sshsign_make(const char *key_path, const char *namespace, const void *message, size_t len,
                           struct sl_buf *armour, struct sl_ssh_key *signer, struct sl_err *err)
{
	struct sl_buf made = { 0 };
	struct streams s;
	size_t before = armour->len;
	enum sl_rc rc;

	if (signer != NULL)
		memset(signer, 0, sizeof *signer);
	if (!namespace_ok(namespace))
		return sl_err_set(err, SL_E_INPUT, "a signature's namespace is of a-z 0-9 @ . -");
	rc = streams_init(&s, message, len, err);
	if (rc == SL_OK)
		rc = run(key_path, namespace, &s, &made, err);
	if (rc == SL_OK)
		rc = sl_sshsig_verify(message, len, (const char *)made.data, made.len, namespace, NULL, signer, err);
	if (rc == SL_OK) {
		sl_buf_put(armour, made.data, made.len);
		rc = sl_buf_ok(armour, "a signature", err);
	}
	if (rc != SL_OK)
		armour->len = before;
	streams_fini(&s);
	sl_buf_free(&made);
	return rc;
}
