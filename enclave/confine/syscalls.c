/* syscalls.c - see syscalls.h. */
#include "enclave/confine/syscalls.h"

#include <errno.h>
#include <linux/futex.h>
#include <seccomp.h>
#include <stdbool.h>
#include <sys/syscall.h>

#include "enclave/confine/confine.h"

#define ROW(call, pin_, why_) { .number = SYS_##call, .name = #call, .pin = (pin_), .why = (why_) }

/* Enough for a program that was given everything before: it listens, answers and leaves. */
static const struct sl_syscall_row talk_rows[] = {
	ROW(read, SL_SYSCALL_FD_IN, "receive frames from the keeper"),
	ROW(write, SL_SYSCALL_FD_OUT, "send frames to the keeper"),
	ROW(exit_group, SL_SYSCALL_PIN_NONE, "end, by _exit"),
};

/* The engine's threads wait for each other, and for the arena. */
static const struct sl_syscall_row engine_rows[] = {
	ROW(read, SL_SYSCALL_FD_IN, "receive frames from the keeper"),
	ROW(write, SL_SYSCALL_FD_OUT, "send frames to the keeper"),
	ROW(futex, SL_SYSCALL_FUTEX, "threads wait for work and tell its end"),
	ROW(exit_group, SL_SYSCALL_PIN_NONE, "end, by _exit"),
};

/* The loader streams files longer than its memory, so it reads and writes its descriptors while locked up. */
static const struct sl_syscall_row load_rows[] = {
	ROW(read, SL_SYSCALL_FD_IN, "receive frames from the keeper"),
	ROW(read, SL_SYSCALL_FD_DATA_READ, "read the source and the unit registry"),
	ROW(pread64, SL_SYSCALL_FD_DATA_READ, "read back rows that were spilt, run by run"),
	ROW(write, SL_SYSCALL_FD_OUT, "send frames to the keeper"),
	ROW(write, SL_SYSCALL_FD_DATA_WRITE, "write the segment, new units and the spill"),
	ROW(futex, SL_SYSCALL_FUTEX, "threads wait for work and tell its end"),
	ROW(exit_group, SL_SYSCALL_PIN_NONE, "end, by _exit"),
};

#define TABLE(rows_) { .rows = (rows_), .nrows = sizeof(rows_) / sizeof((rows_)[0]) }

static const struct sl_syscall_table tables[SL_PROGRAM_COUNT] = {
	[SL_PROGRAM_SCRIPT] = TABLE(talk_rows),
	[SL_PROGRAM_ENGINE] = TABLE(engine_rows),
	[SL_PROGRAM_CHECK] = TABLE(talk_rows),
	[SL_PROGRAM_LOAD] = TABLE(load_rows),
};

struct sl_syscall_table sl_syscalls_of(enum sl_program program)
{
	if ((unsigned)program >= SL_PROGRAM_COUNT)
		program = SL_PROGRAM_NONE;
	return tables[program];
}

static int allow_fd(scmp_filter_ctx ctx, int number, uint64_t fd)
{
	struct scmp_arg_cmp same = { .arg = 0, .op = SCMP_CMP_EQ, .datum_a = fd };

	return seccomp_rule_add_exact_array(ctx, SCMP_ACT_ALLOW, number, 1, &same);
}

static int allow_data(scmp_filter_ctx ctx, int number, uint64_t mask, uint32_t ndata)
{
	int rc = 0;

	for (uint32_t i = 0; i < ndata && i < SL_PROGRAM_DATA_FDS_MAX && rc == 0; i++)
		if (mask >> i & 1)
			rc = allow_fd(ctx, number, (uint64_t)SL_CONFINE_FD_DATA + i);
	return rc;
}

static int allow_futex(scmp_filter_ctx ctx, int number)
{
	static const uint64_t ops[] = { FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE };
	int rc = 0;

	for (size_t i = 0; i < sizeof ops / sizeof ops[0] && rc == 0; i++) {
		struct scmp_arg_cmp same = { .arg = 1, .op = SCMP_CMP_EQ, .datum_a = ops[i] };
		rc = seccomp_rule_add_exact_array(ctx, SCMP_ACT_ALLOW, number, 1, &same);
	}
	return rc;
}

static int add_row(scmp_filter_ctx ctx, const struct sl_syscall_row *row, const struct sl_syscall_data *data)
{
	switch (row->pin) {
	case SL_SYSCALL_PIN_NONE:
		return seccomp_rule_add_exact_array(ctx, SCMP_ACT_ALLOW, row->number, 0, NULL);
	case SL_SYSCALL_FUTEX:
		return allow_futex(ctx, row->number);
	case SL_SYSCALL_FD_IN:
		return allow_fd(ctx, row->number, SL_CONFINE_FD_IN);
	case SL_SYSCALL_FD_OUT:
		return allow_fd(ctx, row->number, SL_CONFINE_FD_OUT);
	case SL_SYSCALL_FD_DATA_READ:
		return allow_data(ctx, row->number, data->readable, data->ndata);
	case SL_SYSCALL_FD_DATA_WRITE:
		return allow_data(ctx, row->number, data->writable, data->ndata);
	}
	return -EINVAL;
}

/* NULL, with err filled, when libseccomp refuses; release with seccomp_release. */
static scmp_filter_ctx build(enum sl_program program, const struct sl_syscall_data *data, struct sl_err *err)
{
	struct sl_syscall_table table = sl_syscalls_of(program);
	scmp_filter_ctx ctx = table.nrows > 0 ? seccomp_init(SCMP_ACT_KILL_PROCESS) : NULL;
	int rc = ctx != NULL ? 0 : -ENOMEM;

	/* The default for a foreign architecture kills one thread only; x32 counts as foreign. */
	if (rc == 0)
		rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (rc == 0)
		rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 1);
	if (rc == 0)
		rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	for (size_t i = 0; i < table.nrows && rc == 0; i++)
		rc = add_row(ctx, &table.rows[i], data);
	if (rc != 0) {
		(void)sl_err_errno(err, SL_E_HOST, -rc, "cannot build the system call filter");
		if (ctx != NULL)
			seccomp_release(ctx);
		return NULL;
	}
	return ctx;
}

enum sl_rc sl_syscalls_install(enum sl_program program, const struct sl_syscall_data *data, struct sl_err *err)
{
	scmp_filter_ctx ctx = build(program, data, err);
	int rc;

	if (ctx == NULL)
		return SL_E_HOST;
	/* Not released on success: freeing is work for a process that is about to handle data, and gains nothing. */
	rc = seccomp_load(ctx);
	if (rc != 0) {
		seccomp_release(ctx);
		return sl_err_errno(err, SL_E_HOST, -rc, "the system call filter was refused");
	}
	return SL_OK;
}

enum sl_rc sl_syscalls_export(enum sl_program program, const struct sl_syscall_data *data, int fd, struct sl_err *err)
{
	scmp_filter_ctx ctx = build(program, data, err);
	int rc;

	if (ctx == NULL)
		return SL_E_HOST;
	rc = seccomp_export_bpf(ctx, fd);
	seccomp_release(ctx);
	return rc == 0 ? SL_OK : sl_err_errno(err, SL_E_IO, -rc, "cannot export the system call filter");
}
