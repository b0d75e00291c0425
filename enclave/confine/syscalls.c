/* syscalls.c - see syscalls.h: from the rows to the filter. */
#include "enclave/confine/syscalls.h"

#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>

#include "enclave/confine/confine.h"

static int allow_value(scmp_filter_ctx ctx, int number, int argument, uint64_t value)
{
	struct scmp_arg_cmp same = { .arg = (unsigned)argument, .op = SCMP_CMP_EQ, .datum_a = value };

	return seccomp_rule_add_exact_array(ctx, SCMP_ACT_ALLOW, number, 1, &same);
}

static int allow_data(scmp_filter_ctx ctx, const struct sl_syscall_row *row, int argument, uint64_t mask,
                      uint32_t ndata)
{
	int rc = 0;

	for (uint32_t i = 0; i < ndata && i < SL_PROGRAM_DATA_FDS_MAX && rc == 0; i++)
		if (mask >> i & 1)
			rc = allow_value(ctx, row->number, argument, (uint64_t)SL_CONFINE_FD_DATA + i);
	return rc;
}

static int add_row(scmp_filter_ctx ctx, const struct sl_syscall_row *row, const struct sl_syscall_data *data)
{
	struct sl_syscall_condition c = sl_syscalls_condition(row->pin);
	int rc = 0;

	if (c.argument < 0)
		return seccomp_rule_add_exact_array(ctx, SCMP_ACT_ALLOW, row->number, 0, NULL);
	for (size_t i = 0; i < c.nvalues && rc == 0; i++)
		rc = allow_value(ctx, row->number, c.argument, c.values[i]);
	if (rc == 0 && c.data == SL_SYSCALL_DATA_READ)
		rc = allow_data(ctx, row, c.argument, data->readable, data->ndata);
	if (rc == 0 && c.data == SL_SYSCALL_DATA_WRITE)
		rc = allow_data(ctx, row, c.argument, data->writable, data->ndata);
	return rc;
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
