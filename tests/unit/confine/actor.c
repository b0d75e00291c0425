/*
 * actor.c - a confined program for tests that does what its setup says, after lock-down, so that the tests see how
 * a compromised process ends. Built once per filter table (ACTOR_PROGRAM). Its setup is one line of words.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "enclave/confine/confine.h"
#include "tests/unit/confine/acts.h"
#include "tests/unit/confine/sweep.h"

/* An address the compiler cannot reason about. */
static void *volatile nowhere = (void *)8;

struct actor {
	char words[256];
	struct sl_buf found;   /* what prepare saw, sent by run */
};

static enum sl_rc say(struct sl_confine *c, const void *data, size_t len, struct sl_err *err)
{
	return sl_confine_send(c, SL_FRAME_PRINT, data, len, err);
}

/* Signals that are blocked or ignored; a fresh process has none. */
static int odd_signals(void)
{
	struct sigaction act;
	sigset_t blocked;
	int n = 0;

	(void)sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (int sig = 1; sig < 32; sig++)
		n += sigismember(&blocked, sig) || (sigaction(sig, NULL, &act) == 0 && act.sa_handler == SIG_IGN);
	return n;
}

/* What can be had before the filter is on: the layers below it must say no by themselves. */
static void look_around(struct sl_confine *c, struct actor *a)
{
	struct stat st;

	sl_buf_printf(&a->found, "fds=");
	for (int fd = 0; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			sl_buf_printf(&a->found, "%d,", fd);
	sl_buf_printf(&a->found, " uid=%u gid=%u groups=%d ndata=%u", getuid(), getgid(), getgroups(0, NULL), c->ndata);
	sl_buf_printf(&a->found, " leader=%d nnp=%d dumpable=%d", getsid(0) == getpid(),
	              prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	sl_buf_printf(&a->found, " env=%s,%s passwd=%d etc=%d", environ[0], environ[1] != NULL ? environ[1] : "",
	              open("/etc/passwd", O_RDONLY) >= 0, stat("/etc", &st) == 0);
	sl_buf_printf(&a->found, " mkdir=%d setuid=%d", mkdir("/x", 0700) == 0, setuid(0) == 0);
	sl_buf_printf(&a->found, " signals=%d.", odd_signals());
}

/* Is a listener on the host's loopback within reach? */
static void reach(struct actor *a, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)),
		                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sl_buf_printf(&a->found, "reached=%d",
	              fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
	if (fd >= 0)
		(void)close(fd);
}

/* The message it was set up with lies in the file of its first data descriptor, too: how much of it is still there? */
static void look_for_setup(struct actor *a, size_t len)
{
	char there[64];
	size_t left = len;

	for (int tries = 0; left > 0 && tries < 200; tries++) {
		ssize_t n = pread(SL_CONFINE_FD_DATA, there, len < sizeof there ? len : sizeof there, 0);

		left = 0;
		for (ssize_t i = 0; i < n; i++)
			left += there[i] != 0;
		if (left > 0)
			(void)poll(NULL, 0, 10);
	}
	sl_buf_printf(&a->found, "left=%zu", left);
}

/* Frames a peer might send before it is locked up. */
static void talk_early(struct sl_confine *c, const char *act)
{
	static const uint8_t done[6] = { 1, 1 }, all_layers[4] = { 0xFF, 0xFF, 0xFF, 0xFF };

	if (strcmp(act, "done") == 0)
		(void)!sl_confine_send(c, SL_FRAME_END, done, sizeof done, NULL);
	else if (strcmp(act, "layers") == 0)
		(void)!sl_confine_send(c, SL_FRAME_READY, all_layers, sizeof all_layers, NULL);
	else if (strcmp(act, "short") == 0)
		(void)!sl_confine_send(c, SL_FRAME_READY, all_layers, 3, NULL);
	else if (strcmp(act, "print") == 0)
		(void)!sl_confine_send(c, SL_FRAME_PRINT, "x", 1, NULL);
	_exit(0);
}

static enum sl_rc prepare(struct sl_confine *c, const uint8_t *setup, size_t len, void *state, struct sl_err *err)
{
	struct actor *a = state;

	memcpy(a->words, setup, len < sizeof a->words - 1 ? len : sizeof a->words - 1);
	if (strcmp(a->words, "look") == 0)
		look_around(c, a);
	if (strcmp(a->words, "peek") == 0)
		sl_buf_printf(&a->found, "more=%d", poll(&(struct pollfd){ .fd = SL_CONFINE_FD_IN, .events = POLLIN }, 1, 100));
	if (strcmp(a->words, "look-for-setup") == 0)
		look_for_setup(a, len);
	if (strncmp(a->words, "early-", 6) == 0)
		talk_early(c, a->words + 6);
	if (strncmp(a->words, "reach:", 6) == 0)
		reach(a, a->words + 6);
	if (strncmp(a->words, "sweep", 5) == 0)
		sweep_numbers(c, a->words[5], &a->found);
	if (strcmp(a->words, "rows") == 0)
		sweep_rows(c, &a->found);
	if (strcmp(a->words, "refuse-setup") == 0)
		return sl_err_set(err, SL_E_INPUT, "no such \x1b[31msetup");
	if (strcmp(a->words, "hang-early") == 0)
		for (;;)
			pause();
	return sl_buf_ok(&a->found, "findings", err);
}

static void eat_memory(struct sl_confine *c, struct sl_err *err)
{
	uint64_t got = 0;
	char text[64];
	void *p;

	while ((p = malloc(65536)) != NULL) {
		memset(p, 1, 65536);
		got += 65536;
	}
	(void)snprintf(text, sizeof text, "%llu", (unsigned long long)got);
	(void)!say(c, text, strlen(text), err);
}

/* What ordinary work asks of the C library after lock-down. */
static int by_value(const void *a, const void *b)
{
	return *(const int *)a < *(const int *)b ? -1 : *(const int *)a > *(const int *)b;
}

static void ordinary_work(struct sl_confine *c, struct sl_err *err)
{
	size_t n = 300000;
	int *numbers = malloc(n * sizeof *numbers);
	char text[64];

	for (size_t i = 0; numbers != NULL && i < n; i++)
		numbers[i] = (int)(i * 2654435761u >> 3);
	if (numbers != NULL)
		qsort(numbers, n, sizeof *numbers, by_value);
	for (size_t i = 1; numbers != NULL && i < n; i++)
		if (numbers[i - 1] > numbers[i])
			return;
	(void)snprintf(text, sizeof text, "%.17g %s %g", 0.1, strerror(2), strtod("1e300", NULL));
	(void)!say(c, text, strlen(text), err);
	free(numbers);
}

static int deep(volatile int n)
{
	volatile char room[4096];

	room[0] = (char)n;
	return n == 0 ? room[0] : deep(n + 1) + room[0];
}

/* One act of acts.c: says "yes" when it got what it wanted. */
static enum sl_rc try_act(struct sl_confine *c, const char *name, struct sl_err *err)
{
	for (size_t i = 0; i < nacts; i++)
		if (strcmp(acts[i].name, name) == 0)
			return acts[i].succeeds() ? say(c, "yes", 3, err) : say(c, "no", 2, err);
	return sl_err_set(err, SL_E_INPUT, "no such act");
}

/* Acts that should not come back. */
static void misbehave(const char *act)
{
	if (strcmp(act, "open") == 0)
		(void)!open("/etc/passwd", O_RDONLY);
	else if (strcmp(act, "read-data") == 0)
		(void)!read(SL_CONFINE_FD_DATA, &(char){ 0 }, 1);
	else if (strcmp(act, "connect") == 0)
		(void)!socket(AF_INET, SOCK_STREAM, 0);
	else if (strcmp(act, "fork") == 0)
		(void)!fork();
	else if (strcmp(act, "exec") == 0)
		(void)!execl("/bin/sh", "sh", NULL);
	else if (strcmp(act, "mprotect") == 0)
		(void)!mprotect((void *)((uintptr_t)act & ~(uintptr_t)4095), 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
	else if (strcmp(act, "mmap") == 0)
		(void)!mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	else if (strcmp(act, "clock") == 0)
		(void)__builtin_ia32_rdtsc();
	else if (strcmp(act, "signal") == 0)
		(void)!kill(1, SIGTERM);
	else if (strcmp(act, "abort") == 0)
		abort();
	else if (strcmp(act, "segv") == 0)
		*(volatile int *)nowhere = 1;
	else if (strcmp(act, "stack") == 0)
		(void)deep(1);
	else if (strcmp(act, "double-free") == 0) {
		void *volatile p = malloc(100);
		void *volatile q = p;

		free(p);
		free(q);
	} else if (strcmp(act, "loop") == 0)
		for (volatile int i = 0;; i++)
			continue;
}

/* From the vdso: only for programs that keep their clock. */
static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Raw bytes on the frames-out: what a peer that was taken over may send. */
static void talk_nonsense(struct sl_confine *c, const char *act)
{
	static const uint8_t zeroes[64], done[6] = { 1, 1 };
	struct sl_frame_side skewed = { .next_sequence = 7 };
	uint8_t head[SL_FRAME_HEADER_BYTES];

	if (strcmp(act, "zeroes") == 0)
		(void)!write(SL_CONFINE_FD_OUT, zeroes, sizeof zeroes);
	else if (strcmp(act, "sequence") == 0)
		(void)!sl_frame_write(SL_CONFINE_FD_OUT, &skewed, SL_FRAME_PRINT, "x", 1, NULL);
	else if (strcmp(act, "type") == 0)
		(void)!sl_frame_write(SL_CONFINE_FD_OUT, &c->out, SL_FRAME_RESULT, "x", 1, NULL);
	else if (strcmp(act, "ready-twice") == 0)
		(void)!sl_frame_write(SL_CONFINE_FD_OUT, &c->out, SL_FRAME_READY, zeroes, 4, NULL);
	else if (strcmp(act, "long") == 0) {
		sl_frame_header_put(head, &c->out, SL_FRAME_PRINT, UINT32_MAX);
		(void)!write(SL_CONFINE_FD_OUT, head, sizeof head);
	} else if (strcmp(act, "over") == 0) {
		sl_frame_header_put(head, &c->out, SL_FRAME_PRINT, (64u << 10) + 1);
		(void)!write(SL_CONFINE_FD_OUT, head, sizeof head);
	} else if (strcmp(act, "cut") == 0) {
		sl_frame_header_put(head, &c->out, SL_FRAME_PRINT, 100);
		(void)!write(SL_CONFINE_FD_OUT, head, sizeof head);
	} else if (strcmp(act, "flood") == 0)
		while (say(c, "x", 1, NULL) == SL_OK)
			continue;
	else if (strcmp(act, "end-is-no-end") == 0)
		(void)!sl_frame_write(SL_CONFINE_FD_OUT, &c->out, SL_FRAME_END, zeroes, 3, NULL);
	else if (strcmp(act, "after-end") == 0) {
		(void)!sl_frame_write(SL_CONFINE_FD_OUT, &c->out, SL_FRAME_END, done, sizeof done, NULL);
		(void)!say(c, "x", 1, NULL);
	} else if (strcmp(act, "word-later-and-exit") == 0) {
		for (int64_t start = now_ms(); now_ms() < start + 200;)
			continue;
		(void)!say(c, zeroes, sizeof zeroes, NULL);
		_exit(7);
	} else if (strcmp(act, "done-exit-3") == 0) {
		(void)!sl_frame_write(SL_CONFINE_FD_OUT, &c->out, SL_FRAME_END, done, sizeof done, NULL);
		_exit(3);
	} else if (strcmp(act, "nonsense-and-loop") == 0) {
		(void)!write(SL_CONFINE_FD_OUT, zeroes, sizeof zeroes);
		for (volatile int i = 0;; i++)
			continue;
	}
	for (volatile int i = 0; i < 1000000; i++)
		continue;
}

static enum sl_rc echo(struct sl_confine *c, struct sl_err *err)
{
	static const enum sl_frame_type plan = SL_FRAME_PLAN;
	enum sl_frame_type type;
	struct sl_buf body = { 0 };
	enum sl_rc rc = SL_OK;

	for (int i = 0; i < 3 && rc == SL_OK; i++) {
		rc = sl_confine_recv(c, &plan, 1, 16u << 20, &type, &body, err);
		if (rc == SL_OK)
			rc = say(c, body.data, body.len, err);
	}
	sl_buf_free(&body);
	return rc;
}

static enum sl_rc run(struct sl_confine *c, void *state, struct sl_err *err)
{
	struct actor *a = state;

	if (strcmp(a->words, "echo") == 0)
		return echo(c, err);
	if (strcmp(a->words, "eat") == 0)
		eat_memory(c, err);
	if (strcmp(a->words, "work") == 0)
		ordinary_work(c, err);
	if (strcmp(a->words, "fail") == 0)
		return sl_err_set(err, SL_E_NOMEM, "no room for\n\x1b[31mcells");
	if (strcmp(a->words, "exit-7") == 0)
		_exit(7);
	if (strcmp(a->words, "exit-0") == 0)
		_exit(0);
	if (strncmp(a->words, "say-", 4) == 0)
		talk_nonsense(c, a->words + 4);
	if (strncmp(a->words, "try-", 4) == 0)
		return try_act(c, a->words + 4, err);
	misbehave(a->words);
	return a->found.len > 0 ? say(c, a->found.data, a->found.len, err) : SL_OK;
}

int main(int argc, char **argv)
{
	static const struct sl_confine_program program = {
		.program = ACTOR_PROGRAM, .setup_type = SL_FRAME_SCRIPT_SETUP, .setup_bytes_max = 256,
		.prepare = prepare, .run = run,
	};
	static struct actor actor;

	sl_confine_main(&program, &actor, argc, argv);
}
