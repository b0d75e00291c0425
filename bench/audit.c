/*
 * audit.c - what a long log costs: `bench_audit LEAVES`, in a new folder that is removed again.
 *
 * An enclave is founded and its log grown; then the whole log is verified, the log is verified as the gate does with
 * everything but the last hundred leaves behind the checkpoint beside the keys, and a leaf in the middle is proved.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "jobs/audit.h"

#define LEAVES_MAX 100000000L
#define COMMIT 10000 /* leaves in one transaction: the bench measures reading */
#define RECENT 100
#define WANTED_S 5.0
#define ROUNDS 3

struct took {
	double s, cpu_s;
};

static double now_s(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void must(enum sl_rc rc, const struct sl_err *err)
{
	if (rc == SL_OK)
		return;
	fprintf(stderr, "bench_audit: %s\n", err->text);
	exit(1);
}

/* As large as a leaf of a release. */
static json_t *body(void)
{
	static const char hex[] = "15e7381f15e7381f15e7381f15e7381f15e7381f15e7381f15e7381f15e7381f";

	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "release", "L-1", "request", "R-1", "project", "liver", "publication",
	                 hex, "policy", hex);
}

static void grow(struct sl_enclave *e, long n)
{
	struct sl_err err = {0};

	for (long i = 0; i < n; i++) {
		if (i % COMMIT == 0)
			must(sl_db_begin(&e->db, &err), &err);
		must(sl_audit_append(e, "release.made", "rui", body(), NULL, &err), &err);
		if (i % COMMIT == COMMIT - 1 || i == n - 1)
			must(sl_db_commit(&e->db, &err), &err);
	}
}

static enum sl_rc verify_all(struct sl_enclave *e, struct sl_err *err)
{
	struct sl_checkpoint now;

	return sl_audit_verify(e, NULL, 0, &now, err);
}

static enum sl_rc verify_recent(struct sl_enclave *e, struct sl_err *err)
{
	struct sl_checkpoint now;

	return sl_audit_verify_recent(e, &now, err);
}

static enum sl_rc prove(struct sl_enclave *e, struct sl_err *err)
{
	struct sl_merkle_proof proof;
	uint64_t size;
	enum sl_rc rc = sl_audit_size(e, &size, err);

	return rc == SL_OK ? sl_audit_inclusion(e, size / 2, size, &proof, err) : rc;
}

/* The best of some rounds: the machine is not ours alone, so what it cost the processor is told as well. */
static struct took measure(struct sl_enclave *e, enum sl_rc (*run)(struct sl_enclave *e, struct sl_err *err))
{
	struct sl_err err = {0};
	struct took best = {0};

	for (int i = 0; i < ROUNDS; i++) {
		double start = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
		must(run(e, &err), &err);
		double took = now_s(CLOCK_MONOTONIC) - start, cost = now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		best.s = i == 0 || took < best.s ? took : best.s;
		best.cpu_s = i == 0 || cost < best.cpu_s ? cost : best.cpu_s;
	}
	return best;
}

static void put(const char *what, struct took took, double times, const char *unit)
{
	printf("%-44s %10.2f %10.2f %s\n", what, took.s * times, took.cpu_s * times, unit);
}

static void report(struct sl_enclave *e, long n)
{
	struct sl_err err = {0};

	grow(e, n - RECENT - 1);
	printf("%-44s %10s %10s\n", "", "took", "of CPU");
	struct took all = measure(e, verify_all);
	put("verified, all leaves", all, 1e6 / (double)n, "us a leaf");
	put("", all, 1, "s");
	if (n == 1000000)
		printf("%-44s wanted at most %.0f s: %s\n", "", WANTED_S, all.s <= WANTED_S ? "reached" : "NOT reached");
	must(sl_audit_keep(e, &err), &err);
	grow(e, RECENT);
	put("verified as the gate does, 100 leaves later", measure(e, verify_recent), 1e3, "ms");
	put("one leaf proved", measure(e, prove), 1e3, "ms");
}

int main(int argc, char **argv)
{
	static const struct sl_officer olga = {
		"olga", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSKmLpVx5ZGL3GqGyt2Vfb5W9yqzZd6sBjKkYVqYk",
	};
	long n = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	char folder[] = "bench-audit-XXXXXX";
	struct sl_buf anchor = {0};
	struct sl_enclave e;
	struct sl_err err = {0};

	if (n <= RECENT + 1 || n > LEAVES_MAX) {
		fprintf(stderr, "usage: bench_audit LEAVES\n");
		return 2;
	}
	if (mkdtemp(folder) == NULL || chdir(folder) != 0) {
		perror("bench_audit");
		return 1;
	}
	must(sl_enclave_init("enclave", "keys", "demo", &olga, 1, &anchor, &err), &err);
	must(sl_enclave_open("enclave", &e, &err), &err);
	printf("%ld leaves\n", n);
	report(&e, n);
	sl_enclave_close(&e);
	sl_buf_free(&anchor);
	(void)fflush(stdout);
	return chdir("..") == 0 && execlp("rm", "rm", "-r", folder, (char *)NULL) == 0 ? 0 : 1;
}
