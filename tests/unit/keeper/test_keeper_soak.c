/*
 * Real confined processes one after the other, ended in every way there is, from one parent: what the parent holds -
 * descriptors, memory, children, groups, mounts, files - is after the last what it was after the first few.
 * SL_KEEPER_JOBS sets how many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/keeper/stage.h"

#define JOBS 300
/* By then every buffer of the C library and of ours is as large as it gets. */
#define WARM_UP 45
#define SHORT_MS 60
#define HEAP_SLACK 4096
#define RSS_SLACK ((size_t)512 << 10)

static const struct kind {
	const char *words;
	enum sl_program program;
	enum sl_keeper_fate fate;
	uint32_t deadline_ms;
} kinds[] = {
	{ "look", SL_PROGRAM_SCRIPT, SL_FATE_DONE, 10000 },
	{ "loop", SL_PROGRAM_SCRIPT, SL_FATE_DEADLINE, SHORT_MS },
	{ "work", SL_PROGRAM_ENGINE, SL_FATE_DONE, 10000 },
	{ "fail", SL_PROGRAM_SCRIPT, SL_FATE_FAILED, 10000 },
	{ "open", SL_PROGRAM_SCRIPT, SL_FATE_FILTER, 10000 },
	{ "segv", SL_PROGRAM_ENGINE, SL_FATE_CRASHED, 10000 },
	{ "exit-7", SL_PROGRAM_CHECK, SL_FATE_EXITED, 10000 },
	{ "say-zeroes", SL_PROGRAM_SCRIPT, SL_FATE_PROTOCOL, 10000 },
	{ "say-after-end", SL_PROGRAM_LOAD, SL_FATE_PROTOCOL, 10000 },
	{ "say-flood", SL_PROGRAM_SCRIPT, SL_FATE_PROTOCOL, 10000 },
	{ "say-nonsense-and-loop", SL_PROGRAM_CHECK, SL_FATE_PROTOCOL, 10000 },
	{ "hang-early", SL_PROGRAM_LOAD, SL_FATE_DEADLINE, SHORT_MS },
	{ "early-layers", SL_PROGRAM_SCRIPT, SL_FATE_PROTOCOL, 10000 },
	{ "refuse-setup", SL_PROGRAM_ENGINE, SL_FATE_FAILED, 10000 },
	{ "double-free", SL_PROGRAM_LOAD, SL_FATE_CRASHED, 10000 },
};
#define NKINDS (sizeof kinds / sizeof kinds[0])

/* What the parent holds. */
struct holding {
	size_t descriptors, heap, rss, mounts, groups;
};

static struct stage s;
static size_t groups_found;

static size_t entries_of(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

static size_t lines_of(const char *path)
{
	FILE *f = fopen(path, "re");
	size_t n = 0;
	int c;

	assert_non_null(f);
	while ((c = getc(f)) != EOF)
		n += c == '\n';
	(void)fclose(f);
	return n;
}

static size_t resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long total = 0, resident = 0;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%lu %lu", &total, &resident), 2);
	(void)fclose(f);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* Groups that name this process as their parent. */
static int count_group(const char *path, const struct stat *st, int type, struct FTW *where)
{
	char mine[32];

	(void)st;
	(void)snprintf(mine, sizeof mine, "job-%d-", (int)getpid());
	groups_found += type == FTW_D && strncmp(path + where->base, mine, strlen(mine)) == 0;
	return 0;
}

static struct holding look(void)
{
	struct holding h = { .descriptors = entries_of("/proc/self/fd"), .mounts = lines_of("/proc/self/mountinfo") };

	groups_found = 0;
	(void)nftw("/sys/fs/cgroup", count_group, 16, FTW_PHYS);
	h.groups = groups_found;
	h.heap = mallinfo2().uordblks;
	h.rss = resident_bytes();
	return h;
}

static void play(const struct kind *k, int data)
{
	struct sl_keeper_job job = stage_job(k->program);

	job.deadline_ms = k->deadline_ms;
	job.data_fds = &data;
	job.ndata = 1;
	stage_run(&s, &job, k->words);
	/* On a busy host a short deadline may pass before the process has begun. */
	if (s.out.fate != k->fate && !(k->fate == SL_FATE_DEADLINE && s.out.fate == SL_FATE_HOST))
		fail_msg("%s: %s: %s", k->words, sl_keeper_fate_name(s.out.fate), s.err.text);
	if (s.out.fate != SL_FATE_DONE)
		assert_int_equal(s.out.nframes, 0);
	stage_clear(&s);
}

/* Not every round: a program that is not there, and one of the real ones. */
static void play_others(void)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	uint32_t layers = 0;
	struct sl_err err = { 0 };

	job.path = "/nonexistent";
	stage_run(&s, &job, "look");
	assert_int_equal(s.out.fate, SL_FATE_HOST);
	stage_clear(&s);
	if (sl_keeper_probe(SL_PROGRAM_LOAD, SL_TEST_BIN_DIR "/sluice-load", &layers, &err) != SL_OK)
		fail_msg("%s", err.text);
}

static void hold_still(const struct holding *before, const struct holding *after)
{
	print_message("descriptors %zu, heap %zu -> %zu bytes, resident %zu -> %zu KiB, mounts %zu, groups %zu\n",
	              after->descriptors, before->heap, after->heap, before->rss >> 10, after->rss >> 10, after->mounts,
	              after->groups);
	assert_int_equal(after->descriptors, before->descriptors);
	assert_int_equal(after->mounts, before->mounts);
	assert_int_equal(after->groups, 0);
	assert_true(after->heap <= before->heap + HEAP_SLACK);
	assert_true(after->rss <= before->rss + RSS_SLACK);
	errno = 0;
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void test_keeper_job_after_job_leaves_nothing_behind(void **state)
{
	const char *wanted = getenv("SL_KEEPER_JOBS");
	unsigned long jobs = wanted != NULL ? strtoul(wanted, NULL, 10) : JOBS;
	char dir[] = "/tmp/sluice-soak-XXXXXX";
	struct holding before = { 0 }, after;
	int data = memfd_create("data", MFD_CLOEXEC);

	(void)state;
#ifdef SL_SANITIZE
	skip(); /* the sanitizers' own memory grows, and they catch the signals that end the actors */
#endif
	assert_true(data >= 0 && jobs > WARM_UP);
	/* Whatever were left in the folder, a core included, would keep it from being removed. */
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	for (unsigned long i = 0; i < jobs; i++) {
		play(&kinds[i % NKINDS], data);
		if (i % NKINDS == 0)
			play_others();
		if (i == WARM_UP)
			before = look();
	}
	after = look();
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(dir), 0);
	(void)close(data);
	print_message("%lu jobs: ", jobs);
	hold_still(&before, &after);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeper_job_after_job_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
