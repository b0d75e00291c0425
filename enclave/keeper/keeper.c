/* keeper.c - see keeper.h: one conversation from start to grave, and what its end means. */
#include "enclave/keeper/keeper.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "enclave/keeper/talk.h"

#define PROBE_MEMORY_BYTES ((uint64_t)64 << 20)
#define PROBE_DEADLINE_MS 10000

/* How the process left the kernel's books. */
struct death {
	bool by_signal;
	int code;            /* signal or exit code */
	bool out_of_cpu;
	bool ours;           /* we sent the SIGKILL */
	bool out_of_memory;  /* the kernel did, for its control group */
};

static const char *const fate_names[] = {
	[SL_FATE_NONE] = "none",         [SL_FATE_DONE] = "done",         [SL_FATE_FAILED] = "failed",
	[SL_FATE_DEADLINE] = "deadline", [SL_FATE_FILTER] = "filter",     [SL_FATE_CRASHED] = "crashed",
	[SL_FATE_EXITED] = "exited",     [SL_FATE_PROTOCOL] = "protocol", [SL_FATE_HOST] = "host",
};

const char *sl_keeper_fate_name(enum sl_keeper_fate fate)
{
	return (size_t)fate < sizeof fate_names / sizeof fate_names[0] ? fate_names[fate] : "none";
}

enum sl_rc sl_keeper_judge_layers(uint32_t layers, uint32_t required, struct sl_err *err)
{
	uint32_t off = (sl_layers_required() | required) & ~layers;

	for (size_t i = 0; i < SL_LAYER_COUNT; i++) {
		if ((off & SL_LAYER_BIT(i)) == 0)
			continue;
		(void)sl_err_set(err, SL_E_HOST, "this host lacks a required layer of confinement: %s (%s)",
		                 sl_layers_table[i].name, sl_layers_table[i].reason);
		sl_err_remedy(err, "%s", sl_layers_table[i].missing);
		return SL_E_HOST;
	}
	if ((off & ~sl_layers_known()) != 0)
		return sl_err_set(err, SL_E_HOST, "a layer of confinement is required that this version does not know");
	return SL_OK;
}

/* After END it has only to leave; given until the deadline, then helped. Always returns with it reaped. */
static struct death bury(struct sl_launch *child, bool kill_now, int64_t deadline, uint32_t cpu_s)
{
	struct death death = { 0 };
	siginfo_t info = { 0 };
	struct rusage usage = { 0 };
	struct pollfd gone = { .fd = child->pidfd, .events = POLLIN };

	while (!kill_now) {
		int64_t left = deadline - sl_talk_now_ms();
		int n = poll(&gone, 1, left > 0 ? (int)(left < 60000 ? left : 60000) : 0);

		if (n > 0)
			break;
		kill_now = left <= 0 || (n < 0 && errno != EINTR);
	}
	if (kill_now) {
		death.ours = true;
		(void)syscall(SYS_pidfd_send_signal, child->pidfd, SIGKILL, NULL, 0);
	}
	while (syscall(SYS_waitid, P_PIDFD, child->pidfd, &info, WEXITED, &usage) != 0 && errno == EINTR)
		continue;
	child->pid = 0;
	death.by_signal = info.si_code != CLD_EXITED;
	death.code = info.si_status;
	death.out_of_memory = !death.ours && death.code == SIGKILL && sl_cgroup_ran_out(&child->group);
	death.out_of_cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec >= (time_t)cpu_s;
	return death;
}

static enum sl_rc judge_signal(const char *name, const struct death *death, enum sl_keeper_fate *fate,
                               struct sl_err *err)
{
	if (death->code == SIGSYS) {
		*fate = SL_FATE_FILTER;
		return sl_err_set(err, SL_E_INTEGRITY, "%s: killed by the system call filter", name);
	}
	if (death->code == SIGXCPU || death->ours || (death->code == SIGKILL && death->out_of_cpu)) {
		*fate = SL_FATE_DEADLINE;
		return sl_err_set(err, SL_E_LIMIT, "%s: %s", name,
		                  death->ours ? "did not leave by its deadline" : "CPU time used up");
	}
	*fate = SL_FATE_CRASHED;
	return sl_err_set(err, SL_E_INTEGRITY, "%s: killed by signal %d%s", name, death->code,
	                  death->out_of_memory ? ": it held more memory than its control group may" :
	                  death->code == SIGKILL ? " from outside (the host may be out of memory)" : "");
}

static enum sl_rc judge_end(const char *name, const struct sl_end *end, struct sl_err *err)
{
	static const enum sl_rc rc_of[] = {
		[SL_END_NONE] = SL_E_INTEGRITY, [SL_END_DONE] = SL_E_INTEGRITY, [SL_END_MEMORY] = SL_E_LIMIT,
		[SL_END_LIMIT] = SL_E_LIMIT,    [SL_END_INPUT] = SL_E_INPUT,    [SL_END_INTEGRITY] = SL_E_INTEGRITY,
		[SL_END_IO] = SL_E_IO,
	};
	enum sl_rc rc = end->reason < sizeof rc_of / sizeof rc_of[0] ? rc_of[end->reason] : SL_E_INTEGRITY;
	struct sl_buf text = { .max = 4096 };
	const char *shown;

	sl_text_escape(&text, end->text != NULL ? end->text : "", end->text != NULL ? strlen(end->text) : 0);
	shown = sl_buf_cstr(&text);
	rc = sl_err_set(err, rc, "%s: %s%s", name, end->reason == SL_END_MEMORY ? "out of memory: " : "",
	                shown != NULL ? shown : "");
	sl_buf_free(&text);
	return rc;
}

static enum sl_rc judge(const char *name, const struct sl_talk *t, const struct death *death,
                        enum sl_keeper_fate *fate, struct sl_err *err)
{
	if (death->by_signal)
		return judge_signal(name, death, fate, err);
	if (death->code != 0 || t->phase != SL_TALK_ENDED) {
		*fate = SL_FATE_EXITED;
		return sl_err_set(err, SL_E_INTEGRITY, "%s: left with exit code %d %s its last frame", name, death->code,
		                  t->phase == SL_TALK_ENDED ? "after" : "without");
	}
	if (!t->end.ok) {
		*fate = SL_FATE_FAILED;
		return judge_end(name, &t->end, err);
	}
	*fate = SL_FATE_DONE;
	return SL_OK;
}

static void block_sigpipe(sigset_t *before, bool *was_pending)
{
	sigset_t pipe, pending;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	sigemptyset(&pending);
	(void)sigpending(&pending);
	*was_pending = sigismember(&pending, SIGPIPE) == 1;
	(void)pthread_sigmask(SIG_BLOCK, &pipe, before);
}

static void restore_sigpipe(const sigset_t *before, bool was_pending)
{
	static const struct timespec now = { 0 };
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	if (!was_pending)
		while (sigtimedwait(&pipe, NULL, &now) < 0 && errno == EINTR)
			continue;
	(void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* Start, talk, bury, judge. On SL_OK t holds the frames. */
static enum sl_rc run(const struct sl_keeper_job *job, const char *path, bool probe, struct sl_talk *t,
                      struct sl_keeper_outcome *out, struct sl_err *err)
{
	int64_t start = sl_talk_now_ms();
	struct sl_launch child;
	struct sl_err why = { 0 };
	struct death death;
	enum sl_rc rc;

	rc = sl_launch_start(job, path, probe, &child, err);
	if (rc != SL_OK) {
		out->fate = SL_FATE_HOST;
		return rc;
	}
	t->child = &child;
	t->layers = child.layers;
	t->layers_required = job->layers_required & (sl_layers_for(job->program) | ~sl_layers_known());
	t->frames_max = job->frames_max;
	t->bodies = job->bodies;
	t->may_tell_progress = job->program == SL_PROGRAM_LOAD;
	t->progress = job->progress;
	t->progress_self = job->progress_self;
	t->deadline = start + job->deadline_ms;
	rc = sl_talk_until_closed(t, &out->fate, &why);
	if (rc != SL_OK) {
		(void)sl_err_set(err, rc, "%s: %s", sl_program_name(job->program), why.text);
		sl_err_remedy(err, "%s", why.remedy);
	}
	/* A process that broke the rules is not waited for. */
	death = bury(&child, rc != SL_OK, t->deadline, sl_launch_cpu_seconds(job));
	sl_launch_close(&child);
	if (rc == SL_OK)
		rc = judge(sl_program_name(job->program), t, &death, &out->fate, err);
	out->layers = t->layers;
	out->end_reason = t->end.reason;
	out->wall_ms = (uint32_t)(sl_talk_now_ms() - start);
	return rc;
}

static enum sl_rc find_path(const struct sl_keeper_job *job, char *room, size_t cap, const char **path,
                            struct sl_err *err)
{
	*path = job->path;
	if (job->path != NULL)
		return SL_OK;
	*path = room;
	return sl_keeper_find(job->program, room, cap, err);
}

/* Also what a child did not live to take. */
static void wipe_setup(const struct sl_keeper_job *job, const struct sl_keeper_message *send, size_t nsend)
{
	if (job->setup_is_secret && nsend > 0 && send[0].len > 0)
		explicit_bzero((void *)(uintptr_t)send[0].data, send[0].len);
}

enum sl_rc sl_keeper_run(const struct sl_keeper_job *job, const struct sl_keeper_message *send, size_t nsend,
                         const struct sl_keeper_expect *expect, size_t nexpect, struct sl_keeper_outcome *out,
                         struct sl_err *err)
{
	struct sl_talk t = { .send = send, .nsend = nsend, .setup_is_secret = job->setup_is_secret, .expect = expect,
		                 .nexpect = nexpect };
	char room[PATH_MAX];
	const char *path;
	sigset_t before;
	bool was_pending;
	enum sl_rc rc;

	rc = find_path(job, room, sizeof room, &path, err);
	if (rc != SL_OK) {
		out->fate = SL_FATE_HOST;
		wipe_setup(job, send, nsend);
		return rc;
	}
	block_sigpipe(&before, &was_pending);
	rc = run(job, path, false, &t, out, err);
	wipe_setup(job, send, nsend);
	restore_sigpipe(&before, was_pending);
	if (rc == SL_OK) {
		out->frames = t.frames;
		out->nframes = t.nframes;
		t.frames = NULL;
		t.nframes = 0;
	}
	sl_talk_free(&t);
	return rc;
}

void sl_keeper_outcome_free(struct sl_keeper_outcome *out)
{
	for (uint32_t i = 0; i < out->nframes; i++)
		sl_buf_free(&out->frames[i].body);
	free(out->frames);
	*out = (struct sl_keeper_outcome){ 0 };
}

enum sl_rc sl_keeper_probe(enum sl_program program, const char *path, uint32_t *layers, struct sl_err *err)
{
	struct sl_keeper_job job = { .program = program, .path = path, .memory_bytes = PROBE_MEMORY_BYTES,
		                         .deadline_ms = PROBE_DEADLINE_MS };
	struct sl_keeper_outcome out = { 0 };
	struct sl_talk t = { 0 };
	char room[PATH_MAX];
	sigset_t before;
	bool was_pending;
	enum sl_rc rc;

	*layers = 0;
	rc = find_path(&job, room, sizeof room, &path, err);
	if (rc != SL_OK)
		return rc;
	block_sigpipe(&before, &was_pending);
	rc = run(&job, path, true, &t, &out, err);
	restore_sigpipe(&before, was_pending);
	*layers = out.layers;
	sl_talk_free(&t);
	sl_keeper_outcome_free(&out);
	return rc;
}
