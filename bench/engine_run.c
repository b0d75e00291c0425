/*
 * engine_run - times the confined engine on an enclave: `bench_engine_run DIR KEY PROJECT SCRIPT...`.
 *
 * Scripts are run and judged once, as `job run` does. Then each line "SCRIPT-NUMBER THREADS" on standard input is
 * answered by a line: the seconds from before sluice-engine is started until its results are here and it is reaped
 * (starting and confining it, the keys, the plan, the rows, the result); its processor seconds; then of the first
 * output's first and last statistic, added over all cells: rows, sum, contributors, largest contribution - to be
 * compared with what others computed. Nothing is stored.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "jobs/job_run.h"
#include "jobs/pack.h"

#define SCRIPTS_MAX 32
#define SCRIPT_BYTES 65536

static void die(const struct sl_err *err)
{
	fprintf(stderr, "engine_run: %s\n", err->text);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Of all processes that were reaped. */
static double cpu(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

static void identify(struct sl_enclave *e, const char *key, struct sl_actor *actor)
{
	struct sl_standing standing = { 0 };
	struct sl_err err = { 0 };

	if (sl_standing_load(e, &standing, &err) != SL_OK ||
	    sl_actor_identify(e, &standing, key, NULL, actor, &err) != SL_OK)
		die(&err);
	sl_standing_free(&standing);
}

static void prepare(struct sl_enclave *e, const struct sl_actor *actor, const char *project, const char *path,
                    struct sl_job_ready *ready)
{
	static char text[SCRIPT_BYTES];
	struct sl_job job = { 0 };
	struct sl_err err = { 0 };
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	size_t n = fread(text, 1, sizeof text, f);
	(void)fclose(f);
	struct sl_job_spec spec = { .file = path, .script = text, .nscript = n, .project = project };
	if (sl_job_prepare(e, actor, &spec, ready, &job, &err) != SL_OK)
		die(&err);
	sl_job_free(&job);
}

/* Sums stay below 2^63: a bench's amounts are small. */
static void print_stat(const struct sl_result *r, uint32_t nstats, uint32_t stat)
{
	uint64_t rows = 0, contributors = 0;
	int64_t sum = 0, top = 0;

	for (uint32_t i = stat; i < r->nevidence; i += nstats) {
		rows += r->evidence[i].rows;
		contributors += r->evidence[i].contributors;
		sum += (int64_t)r->evidence[i].sum;
		top += r->evidence[i].top1;
	}
	printf(" %" PRIu64 " %" PRId64 " %" PRIu64 " %" PRId64, rows, sum, contributors, top);
}

static void print_results(const struct sl_buf *results, uint32_t nstats)
{
	struct sl_result result;
	struct sl_err err = { 0 };
	struct sl_buf *items;
	uint32_t n;

	if (sl_pack_unlist(results, SL_PLANS_MAX, &items, &n, &err) != SL_OK ||
	    sl_codec_decode(&sl_result_record, items[0].data, items[0].len, &result, &err) != SL_OK)
		die(&err);
	print_stat(&result, nstats, 0);
	print_stat(&result, nstats, nstats - 1);
	sl_codec_free(&sl_result_record, &result);
	sl_pack_free(items, n);
}

static void run(struct sl_enclave *e, struct sl_job_ready *ready, uint32_t threads)
{
	struct sl_job_tables tables;
	struct sl_buf results = { .max = SL_RESULT_WIRE_MAX };
	struct sl_err err = { 0 };
	const struct sl_job_task task = { 0 };
	enum sl_keeper_fate fate;
	uint32_t layers;

	if (sl_job_tables_open(e, ready, &tables, &err) != SL_OK)
		die(&err);
	ready->grant.limits.threads = threads;
	double start = now(), used = cpu();
	if (sl_job_engine(ready, &tables, &task, &results, &layers, &fate, &err) != SL_OK)
		die(&err);
	printf("%.6f %.6f", now() - start, cpu() - used);
	print_results(&results, ready->plans[0].nstats);
	printf("\n");
	(void)fflush(stdout);
	sl_job_tables_free(&tables);
	sl_buf_free(&results);
}

int main(int argc, char **argv)
{
	static struct sl_job_ready ready[SCRIPTS_MAX];
	struct sl_enclave enclave;
	struct sl_actor actor = { 0 };
	struct sl_err err = { 0 };
	unsigned n = argc > 4 ? (unsigned)argc - 4 : 0, script, threads;
	char line[64];

	if (n == 0 || n > SCRIPTS_MAX) {
		fprintf(stderr, "usage: bench_engine_run DIR KEY PROJECT SCRIPT...\n");
		return 2;
	}
	if (sl_enclave_open(argv[1], &enclave, &err) != SL_OK)
		die(&err);
	identify(&enclave, argv[2], &actor);
	for (unsigned i = 0; i < n; i++)
		prepare(&enclave, &actor, argv[3], argv[4 + i], &ready[i]);
	while (fgets(line, sizeof line, stdin) != NULL && sscanf(line, "%u %u", &script, &threads) == 2 && script < n)
		run(&enclave, &ready[script], threads);
	for (unsigned i = 0; i < n; i++)
		sl_job_ready_free(&ready[i]);
	sl_actor_free(&actor);
	sl_enclave_close(&enclave);
	return 0;
}
