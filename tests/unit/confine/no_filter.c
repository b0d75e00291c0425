/*
 * no_filter.c - linked into a test actor in place of the real filter: one layer left out, so that a test sees which
 * attacks the others still stop. The process reports its filter as on; only tests start it.
 */
#include "enclave/confine/syscalls.h"

struct sl_syscall_table sl_syscalls_of(enum sl_program program)
{
	(void)program;
	return (struct sl_syscall_table){ 0 };
}

enum sl_rc sl_syscalls_install(enum sl_program program, const struct sl_syscall_data *data, struct sl_err *err)
{
	(void)program;
	(void)data;
	(void)err;
	return SL_OK;
}
