/* syscalls_table.c - the rows and their conditions; see syscalls.h. */
#include <linux/futex.h>
#include <sys/syscall.h>

#include "enclave/confine/confine.h"
#include "enclave/confine/syscalls.h"

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

/* Indexed by enum sl_syscall_pin. */
static const struct sl_syscall_condition conditions[SL_SYSCALL_PIN_COUNT] = {
	[SL_SYSCALL_PIN_NONE] = { .argument = -1, .words = "not checked" },
	[SL_SYSCALL_FUTEX] = { .argument = 1, .nvalues = 2, .values = { FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE },
	                       .words = "wait or wake, within the process" },
	[SL_SYSCALL_FD_IN] = { .argument = 0, .nvalues = 1, .values = { SL_CONFINE_FD_IN }, .words = "frames in" },
	[SL_SYSCALL_FD_OUT] = { .argument = 0, .nvalues = 1, .values = { SL_CONFINE_FD_OUT }, .words = "frames out" },
	[SL_SYSCALL_FD_DATA_READ] = { .argument = 0, .data = SL_SYSCALL_DATA_READ,
	                              .words = "a descriptor of the job's data that was opened for reading" },
	[SL_SYSCALL_FD_DATA_WRITE] = { .argument = 0, .data = SL_SYSCALL_DATA_WRITE,
	                               .words = "a descriptor of the job's data that was opened for writing" },
};

struct sl_syscall_condition sl_syscalls_condition(enum sl_syscall_pin pin)
{
	static const struct sl_syscall_condition impossible = { .words = "nothing" };

	return (unsigned)pin < SL_SYSCALL_PIN_COUNT ? conditions[pin] : impossible;
}
