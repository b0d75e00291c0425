/*
 * What the filters mean, as BPF in an interpreter: at the numbers and descriptors of interest, and, since a filter
 * compares with few constants, for every call there could be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <linux/audit.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enclave/confine/confine.h"
#include "enclave/confine/syscalls.h"
#include "tests/unit/confine/bpf.h"

#define CODE_MAX 4096

static const struct sl_syscall_data three = { .ndata = 3, .readable = 5, .writable = 6 };

static bool pin_allows(const struct sl_syscall_row *row, uint64_t fd, uint64_t second)
{
	bool is_data = fd >= SL_CONFINE_FD_DATA && fd < SL_CONFINE_FD_DATA + 3;
	uint64_t bit = is_data ? UINT64_C(1) << (fd - SL_CONFINE_FD_DATA) : 0;

	switch (row->pin) {
	case SL_SYSCALL_PIN_NONE:
		return true;
	case SL_SYSCALL_FUTEX:
		return second == FUTEX_WAIT_PRIVATE || second == FUTEX_WAKE_PRIVATE;
	case SL_SYSCALL_FD_IN:
		return fd == SL_CONFINE_FD_IN;
	case SL_SYSCALL_FD_OUT:
		return fd == SL_CONFINE_FD_OUT;
	case SL_SYSCALL_FD_DATA_READ:
		return (bit & three.readable) != 0;
	case SL_SYSCALL_FD_DATA_WRITE:
		return (bit & three.writable) != 0;
	case SL_SYSCALL_PIN_COUNT:
		break;
	}
	return false;
}

static bool rows_allow(enum sl_program program, uint32_t arch, uint32_t number, uint64_t fd, uint64_t second)
{
	struct sl_syscall_table t = sl_syscalls_of(program);

	for (size_t i = 0; i < t.nrows; i++)
		if (arch == AUDIT_ARCH_X86_64 && (uint32_t)t.rows[i].number == number && pin_allows(&t.rows[i], fd, second))
			return true;
	return false;
}

static size_t export(enum sl_program program, struct sock_filter *code, size_t max)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	ssize_t n;

	assert_int_equal(sl_syscalls_export(program, &three, fd, NULL), SL_OK);
	n = pread(fd, code, max * sizeof *code, 0);
	(void)close(fd);
	assert_true(n > 0 && n % (ssize_t)sizeof *code == 0);
	return (size_t)n / sizeof *code;
}

/* All architectures, numbers and descriptors of interest: the BPF says what the table says, or kills the process. */
static void test_syscalls_filter_means_what_its_table_says(void **state)
{
	static const uint32_t archs[] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64,
		                              AUDIT_ARCH_ARM, 0, UINT32_MAX };
	static const uint32_t abi_bits[] = { 0, 0x40000000, 0x80000000 };
	static const uint64_t fds[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
		                            3 | UINT64_C(1) << 32, 5 | UINT64_C(1) << 63, UINT32_MAX, UINT64_MAX };
	static struct sock_filter code[CODE_MAX];

	(void)state;
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++) {
		size_t len = export((enum sl_program)p, code, CODE_MAX);

		for (size_t a = 0; a < 6; a++)
			for (uint32_t n = 0; n < 3 * 4096; n++)
				for (size_t f = 0; f < sizeof fds / sizeof fds[0]; f++) {
					uint32_t number = n % 4096 | abi_bits[n / 4096];
					uint64_t second = 120 + f; /* futex's operations among them */
					struct seccomp_data d = { .nr = (int)number, .arch = archs[a], .args = { fds[f], second } };
					bool yes = rows_allow((enum sl_program)p, archs[a], number, fds[f], second);
					uint32_t got = bpf_answer(code, len, &d);

					if (got != (yes ? SECCOMP_RET_ALLOW : SECCOMP_RET_KILL_PROCESS))
						fail_msg("program %d arch %x number %x fd %llx: %x", p, archs[a], number,
						         (unsigned long long)fds[f], got);
				}
	}
}

/* The words of a call that are compared, and with what: comparing tells no two values apart that lie between. */
enum { WORD_NR, WORD_ARCH, WORD_0_LOW, WORD_0_HIGH, WORD_1_LOW, WORD_1_HIGH, NWORDS };
static const uint32_t offsets[NWORDS] = { 0, 4, 16, 20, 24, 28 };
#define POINTS_MAX 256

struct points {
	uint32_t at[NWORDS][POINTS_MAX];
	size_t n[NWORDS];
	bool seen[CODE_MAX][NWORDS + 1];
};

static void add(struct points *p, size_t word, uint32_t value)
{
	for (size_t i = 0; i < p->n[word]; i++)
		if (p->at[word][i] == value)
			return;
	assert_true(p->n[word] < POINTS_MAX);
	p->at[word][p->n[word]++] = value;
}

/* A constant and its neighbours: for ==, >, >= these stand for all values on either side. */
static void add_around(struct points *p, size_t word, uint32_t value)
{
	add(p, word, value - 1);
	add(p, word, value);
	add(p, word, value + 1);
}

static size_t word_at(uint32_t offset)
{
	for (size_t w = 0; w < NWORDS; w++)
		if (offsets[w] == offset)
			return w;
	fail_msg("the filter reads at %u: no row has a condition there", offset);
	return 0;
}

/* Every way through the filter from pc on, with word w in the accumulator (NWORDS: none). */
static void collect(const struct sock_filter *code, size_t len, size_t pc, size_t w, struct points *p)
{
	while (pc < len && !p->seen[pc][w]) {
		const struct sock_filter *in = &code[pc];

		p->seen[pc++][w] = true;
		if (BPF_CLASS(in->code) == BPF_RET)
			return;
		if (BPF_CLASS(in->code) == BPF_LD) {
			assert_int_equal(in->code, BPF_LD | BPF_W | BPF_ABS);
			w = word_at(in->k);
			continue;
		}
		/* Whatever else there were (masks, sums) would make values alike that this does not know of. */
		assert_int_equal(BPF_CLASS(in->code), BPF_JMP);
		if (BPF_OP(in->code) == BPF_JA) {
			pc += in->k;
			continue;
		}
		assert_true(BPF_OP(in->code) == BPF_JEQ || BPF_OP(in->code) == BPF_JGT || BPF_OP(in->code) == BPF_JGE);
		assert_true(BPF_SRC(in->code) == BPF_K && w < NWORDS);
		add_around(p, w, in->k);
		collect(code, len, pc + in->jt, w, p);
		pc += in->jf;
	}
	assert_true(pc < len);
}

/* What the rows tell apart, whether or not the filter does. */
static void collect_rows(enum sl_program program, struct points *p)
{
	struct sl_syscall_table t = sl_syscalls_of(program);

	for (size_t w = 0; w < NWORDS; w++) {
		add_around(p, w, 0);
		add(p, w, 0x80000000);
	}
	add_around(p, WORD_ARCH, AUDIT_ARCH_X86_64);
	add_around(p, WORD_NR, 0x40000000);
	for (size_t i = 0; i < t.nrows; i++)
		add_around(p, WORD_NR, (uint32_t)t.rows[i].number);
	for (uint32_t fd = 0; fd <= SL_CONFINE_FD_DATA + three.ndata; fd++)
		add_around(p, WORD_0_LOW, fd);
	add_around(p, WORD_1_LOW, FUTEX_WAIT_PRIVATE);
	add_around(p, WORD_1_LOW, FUTEX_WAKE_PRIVATE);
}

/* Each combination of points once; returns how many there were. */
static uint64_t compare_all(enum sl_program program, const struct sock_filter *code, size_t len, const struct points *p)
{
	size_t i[NWORDS] = { 0 }, w = 0;
	uint64_t n = 0;

	do {
		struct seccomp_data d = { .nr = (int)p->at[WORD_NR][i[WORD_NR]], .arch = p->at[WORD_ARCH][i[WORD_ARCH]] };
		d.args[0] = (uint64_t)p->at[WORD_0_HIGH][i[WORD_0_HIGH]] << 32 | p->at[WORD_0_LOW][i[WORD_0_LOW]];
		d.args[1] = (uint64_t)p->at[WORD_1_HIGH][i[WORD_1_HIGH]] << 32 | p->at[WORD_1_LOW][i[WORD_1_LOW]];
		bool yes = rows_allow(program, d.arch, (uint32_t)d.nr, d.args[0], d.args[1]);
		uint32_t got = bpf_answer(code, len, &d);

		if (got != (yes ? SECCOMP_RET_ALLOW : SECCOMP_RET_KILL_PROCESS))
			fail_msg("program %d arch %x number %x (%llx, %llx): %x", (int)program, d.arch, (unsigned)d.nr,
			         (unsigned long long)d.args[0], (unsigned long long)d.args[1], got);
		n++;
		for (w = 0; w < NWORDS && ++i[w] == p->n[w]; w++)
			i[w] = 0;
	} while (w < NWORDS);
	return n;
}

/*
 * Not a sample: a filter without arithmetic answers alike for all values of a word between two constants it is
 * compared with. So all 2^32 numbers, 2^32 architectures and 2^64 values of each argument are decided by the points;
 * words it never reads do not matter.
 */
static void test_syscalls_filter_means_its_table_for_every_call_there_could_be(void **state)
{
	static struct sock_filter code[CODE_MAX];
	static struct points p;

	(void)state;
	for (int i = SL_PROGRAM_SCRIPT; i < SL_PROGRAM_COUNT; i++) {
		enum sl_program program = (enum sl_program)i;
		size_t len = export(program, code, CODE_MAX);

		memset(&p, 0, sizeof p);
		collect(code, len, 0, NWORDS, &p);
		collect_rows(program, &p);
		uint64_t n = compare_all(program, code, len, &p);
		print_message("%s: %zu instructions, %llu classes of calls\n", sl_program_name(program), len,
		              (unsigned long long)n);
		assert_true(n > 10000);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syscalls_filter_means_what_its_table_says),
		cmocka_unit_test(test_syscalls_filter_means_its_table_for_every_call_there_could_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
