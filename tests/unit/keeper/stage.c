/* stage.c - see stage.h. */
#include "tests/unit/keeper/stage.h"

#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define STRANGER_ID 54321

struct sl_keeper_job stage_job(enum sl_program program)
{
	static const char *const names[SL_PROGRAM_COUNT] = {
		[SL_PROGRAM_SCRIPT] = "script", [SL_PROGRAM_ENGINE] = "engine",
		[SL_PROGRAM_CHECK] = "check", [SL_PROGRAM_LOAD] = "load",
	};
	static char path[4096];

	(void)snprintf(path, sizeof path, "%s/test_actor_%s", STAGE_DIR, names[program]);
	return (struct sl_keeper_job){ .program = program, .path = path, .memory_bytes = 16u << 20, .deadline_ms = 10000 };
}

void stage_run(struct stage *s, const struct sl_keeper_job *job, const char *words)
{
	const struct sl_keeper_message setup = { .type = SL_FRAME_SCRIPT_SETUP, .data = words, .len = strlen(words) };
	const struct sl_keeper_expect print = { .type = SL_FRAME_PRINT, .count_max = 10, .len_max = 64u << 10 };
	size_t len = 0;

	memset(s, 0, sizeof *s);
	s->rc = sl_keeper_run(job, &setup, 1, &print, 1, &s->out, &s->err);
	for (uint32_t i = 0; i < s->out.nframes; i++) {
		const struct sl_buf *body = &s->out.frames[i].body;
		size_t n = body->len < sizeof s->text - 1 - len ? body->len : sizeof s->text - 1 - len;

		if (n > 0)
			memcpy(s->text + len, body->data, n);
		len += n;
	}
}

void stage_clear(struct stage *s)
{
	sl_keeper_outcome_free(&s->out);
}

bool stage_apart(void (*before)(void), void (*body)(void))
{
	int status = -1;
	pid_t pid;

	(void)fflush(NULL);
	pid = fork();
	if (pid == 0) {
		before();
		body();
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void stage_fail(const char *what, const char *file, int line)
{
	(void)dprintf(STDERR_FILENO, "%s:%d: not so: %s\n", file, line, what);
	_exit(1);
}

void stage_as_ordinary_user(void)
{
	if (geteuid() != 0)
		return;
	CHECK(setgroups(0, NULL) == 0 && setresgid(STRANGER_ID, STRANGER_ID, STRANGER_ID) == 0 &&
	      setresuid(STRANGER_ID, STRANGER_ID, STRANGER_ID) == 0);
	/* As after an exec, which a real start would have made. */
	CHECK(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
}

void stage_without_namespaces(void)
{
	const uint64_t any = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

	CHECK(ctx != NULL);
	for (unsigned bit = 0; bit < 32; bit++) {
		uint64_t flag = UINT64_C(1) << bit;
		struct scmp_arg_cmp has = { .arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = flag, .datum_b = flag };

		if (any & flag)
			CHECK(seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &has) == 0);
	}
	/* Its flags are out of a filter's sight; containers answer like this, too. */
	CHECK(seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0, NULL) == 0);
	CHECK(seccomp_load(ctx) == 0);
	seccomp_release(ctx);
}

void stage_refuse(const struct stage_refusal *rows, size_t nrows)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

	CHECK(ctx != NULL);
	for (size_t i = 0; i < nrows && rows[i].error != 0; i++) {
		uint64_t mask = rows[i].mask != 0 ? rows[i].mask : UINT64_MAX;
		struct scmp_arg_cmp has = { .arg = (unsigned)rows[i].argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask,
			                        .datum_b = rows[i].value };

		CHECK(seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO((unsigned)rows[i].error), rows[i].call,
		                             rows[i].argument >= 0, rows[i].argument >= 0 ? &has : NULL) == 0);
	}
	CHECK(seccomp_load(ctx) == 0);
	seccomp_release(ctx);
}

int stage_listen_on_loopback(char words[static 32])
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, len) == 0 && listen(fd, 4) == 0);
	CHECK(getsockname(fd, (struct sockaddr *)&at, &len) == 0);
	(void)snprintf(words, 32, "reach:%d", ntohs(at.sin_port));
	return fd;
}
