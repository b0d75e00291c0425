/* job_lease.c - who runs a job: process number, start time and boot, so that a number used again is not mistaken. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobs/audit.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/store/job.h"

static bool read_small(const char *path, char *out, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, out, cap - 1) : -1;

	if (fd >= 0)
		(void)close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* Field 22 of /proc/PID/stat, counted behind the last ')': a program's name may hold anything. */
static bool start_time(int64_t pid, int64_t *out)
{
	char path[64], text[1024];

	(void)snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
	if (!read_small(path, text, sizeof text))
		return false;
	const char *p = strrchr(text, ')');
	for (int field = 2; p != NULL && field < 22; field++) {
		p = strchr(p, ' ');
		p = p != NULL ? p + 1 : NULL;
	}
	if (p == NULL)
		return false;
	*out = strtoll(p, NULL, 10);
	return *out > 0;
}

static bool boot_id(char out[static 64])
{
	if (!read_small("/proc/sys/kernel/random/boot_id", out, 64))
		return false;
	out[strcspn(out, "\n")] = '\0';
	return true;
}

enum sl_rc sl_job_lease(struct sl_lease *out, struct sl_err *err)
{
	memset(out, 0, sizeof *out);
	out->pid = getpid();
	if (!start_time(out->pid, &out->start) || !boot_id(out->boot))
		return sl_err_set(err, SL_E_HOST, "/proc does not tell when this process started");
	return SL_OK;
}

bool sl_job_lease_alive(const struct sl_lease *lease)
{
	char boot[64];
	int64_t start = 0;

	/* A machine that does not tell its boot leaves the job alone: lost is for good. */
	if (!boot_id(boot))
		return true;
	return strcmp(boot, lease->boot) == 0 && start_time(lease->pid, &start) && start == lease->start;
}

static enum sl_rc lose(struct sl_enclave *e, int64_t id, struct sl_err *err)
{
	char name[SL_PACK_NAME], told[64];
	struct sl_store_job row = { .id = id, .state = SL_JOB_LOST, .finished_at = sl_enclave_now(), .told = told,
		                    .unseen = 1 };

	sl_pack_name('J', id, name);
	(void)snprintf(told, sizeof told, "%s did not complete", name);
	row.reason = (char *)(uintptr_t)"the process that ran it is gone";
	enum sl_rc rc = sl_store_job_finish(&e->db, &row, err);
	return rc == SL_OK ? sl_audit_append(e, "job.lost", "operator", json_pack("{s:s}", "job", name), NULL, err) : rc;
}

static enum sl_rc lose_dead(struct sl_enclave *e, struct sl_buf *told, struct sl_err *err)
{
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_job_ids(&e->db, SL_JOB_RUNNING, &ids, &n, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		struct sl_store_job row;
		rc = sl_store_job_get(&e->db, ids[i], false, &row, err);
		if (rc != SL_OK)
			break;
		if (!sl_job_lease_alive(&row.lease)) {
			rc = lose(e, ids[i], err);
			sl_buf_printf(told, "job J-%" PRId64 " was lost: the process that ran it is gone\n", ids[i]);
		}
		sl_store_job_free(&row);
	}
	free(ids);
	return rc;
}

enum sl_rc sl_job_repair(struct sl_enclave *e, struct sl_buf *told, struct sl_err *err)
{
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_job_ids(&e->db, SL_JOB_RUNNING, &ids, &n, err);

	free(ids);
	/* The writer lock is not asked for when there is nothing to repair. */
	if (rc != SL_OK || n == 0)
		return rc;
	rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = lose_dead(e, told, err);
	if (rc == SL_OK)
		rc = sl_buf_ok(told, "what was repaired", err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}
