/* sweep.c - see sweep.h. */
#include "tests/unit/confine/sweep.h"

#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/confine/syscalls.h"

#define CAME_BACK 77
#define FIRST_ARGUMENT 78

static void call_native(long number, uint64_t a0, uint64_t a1)
{
	long rc;

	__asm__ volatile("xor %%rdx, %%rdx; xor %%r10, %%r10; xor %%r8, %%r8; xor %%r9, %%r9; syscall"
	                 : "=a"(rc)
	                 : "a"(number), "D"(a0), "S"(a1)
	                 : "rcx", "r11", "rdx", "r10", "r8", "r9", "memory");
}

static void call_int80(long number, uint64_t a0)
{
	long rc;

	__asm__ volatile("int $0x80" : "=a"(rc) : "a"(number), "b"(a0), "c"(0), "d"(0), "S"(0), "D"(0) : "memory");
}

/* Raw wait status of a child that locks up and makes one call. */
static int try(const struct sl_confine *c, char abi, long number, uint64_t a0, uint64_t a1)
{
	struct sl_confine mine = *c;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (sl_confine_lock(&mine, NULL) != SL_OK)
			_exit(99);
		if (abi == 'i')
			call_int80(number, a0);
		else
			call_native(abi == 'x' ? number | 0x40000000 : number, a0, a1);
		_exit(CAME_BACK);
	}
	while (waitpid(pid, &status, 0) < 0)
		continue;
	return status;
}

void sweep_numbers(struct sl_confine *c, char abi, struct sl_buf *found)
{
	for (long number = 0; number < 1024; number++) {
		int status = try(c, abi, number, FIRST_ARGUMENT, 0);

		if (WIFEXITED(status))
			sl_buf_printf(found, "%ld:x%d ", number, WEXITSTATUS(status));
		else if (WTERMSIG(status) != SIGSYS)
			sl_buf_printf(found, "%ld:s%d ", number, WTERMSIG(status));
	}
	sl_buf_text(found, ".");
}

static bool survives(const struct sl_confine *c, const struct sl_syscall_row *row, uint64_t a0)
{
	int status = try(c, 'n', row->number, a0, 0);

	return WIFEXITED(status) && WEXITSTATUS(status) == (row->number == SYS_exit_group ? (int)a0 : CAME_BACK);
}

static bool row_for(enum sl_program program, int number, enum sl_syscall_pin pin)
{
	struct sl_syscall_table t = sl_syscalls_of(program);

	for (size_t i = 0; i < t.nrows; i++)
		if (t.rows[i].number == number && t.rows[i].pin == pin)
			return true;
	return false;
}

/* Data descriptors of the test are, in order: read-only, write-only, read and write. */
static bool may(enum sl_program program, int number, uint64_t fd)
{
	static const bool can_read[] = { true, false, true }, can_write[] = { false, true, true };

	if (fd == SL_CONFINE_FD_IN)
		return row_for(program, number, SL_SYSCALL_FD_IN);
	if (fd == SL_CONFINE_FD_OUT)
		return row_for(program, number, SL_SYSCALL_FD_OUT);
	if (fd >= SL_CONFINE_FD_DATA && fd < SL_CONFINE_FD_DATA + 3)
		return (can_read[fd - SL_CONFINE_FD_DATA] && row_for(program, number, SL_SYSCALL_FD_DATA_READ)) ||
		       (can_write[fd - SL_CONFINE_FD_DATA] && row_for(program, number, SL_SYSCALL_FD_DATA_WRITE));
	return false;
}

/* Every operation that futex(2) has, shared and private: it waits for a word that is not 1, so none of them blocks. */
static void sweep_futex(struct sl_confine *c, struct sl_buf *found)
{
	static uint32_t word = 1;

	for (uint64_t op = 0; op < 512; op++) {
		bool may_be = op == FUTEX_WAIT_PRIVATE || op == FUTEX_WAKE_PRIVATE;
		int status = try(c, 'n', SYS_futex, (uint64_t)(uintptr_t)&word, op);

		if ((WIFEXITED(status) && WEXITSTATUS(status) == CAME_BACK) != may_be)
			sl_buf_printf(found, "futex(%d) ", (int)op);
	}
	if (WIFEXITED(try(c, 'n', SYS_futex, (uint64_t)(uintptr_t)&word, UINT64_C(1) << 32 | FUTEX_WAKE_PRIVATE)))
		sl_buf_text(found, "futex(wide) ");
}

void sweep_rows(struct sl_confine *c, struct sl_buf *found)
{
	static const uint64_t extra[] = { UINT64_C(1) << 32 | 3, UINT64_C(1) << 32 | 4, UINT64_C(1) << 63 | 5,
		                             UINT64_MAX, UINT32_MAX, 1023 };
	struct sl_syscall_table t = sl_syscalls_of(c->program);

	for (size_t r = 0; r < t.nrows; r++) {
		const struct sl_syscall_row *row = &t.rows[r];

		if (row->pin == SL_SYSCALL_FUTEX) {
			sweep_futex(c, found);
			continue;
		}
		if (row->pin == SL_SYSCALL_PIN_NONE) {
			if (!survives(c, row, 5))
				sl_buf_printf(found, "%s died ", row->name);
			continue;
		}
		for (uint64_t fd = 0; fd < 12; fd++)
			if (survives(c, row, fd) != may(c->program, row->number, fd))
				sl_buf_printf(found, "%s(%d) ", row->name, (int)fd);
		for (size_t i = 0; i < sizeof extra / sizeof extra[0]; i++)
			if (survives(c, row, extra[i]))
				sl_buf_printf(found, "%s(%llx) ", row->name, (unsigned long long)extra[i]);
	}
	if (found->len == 0)
		sl_buf_text(found, "ok");
}
