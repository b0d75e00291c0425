/* The arena under this very program: its malloc is the one cmocka and libc use here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/confine/arena.h"

#define ARENA_BYTES ((size_t)32 << 20)
#define SLOTS 2000

static struct slot {
	uint8_t *p;
	size_t len;
	uint8_t fill;
} slots[SLOTS];

static uint64_t seed = 88172645463325252u;

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 16);
}

static size_t random_len(void)
{
	switch (next_random() % 8) {
	case 0:
		return next_random() % 60000;
	case 1:
		return next_random() % 4096;
	default:
		return next_random() % 200;
	}
}

static void check_fill(const struct slot *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->p[i] != s->fill)
			fail_msg("byte %zu of %zu changed", i, s->len);
}

static void refill(struct slot *s, uint8_t *p, size_t len)
{
	s->p = p;
	s->len = p != NULL ? len : 0;
	s->fill = (uint8_t)next_random();
	if (p != NULL)
		memset(p, s->fill, len);
}

static void step(struct slot *s)
{
	size_t len = random_len(), align = (size_t)16 << next_random() % 9;
	uint8_t *p;

	check_fill(s);
	switch (next_random() % 5) {
	case 0:
		p = realloc(s->p, len + 1);
		assert_non_null(p);
		for (size_t i = 0; i < s->len && i < len + 1; i++)
			assert_int_equal(p[i], s->fill);
		refill(s, p, len + 1);
		return;
	case 1:
		free(s->p);
		p = memalign(align, len);
		assert_non_null(p);
		assert_int_equal((uintptr_t)p % align, 0);
		break;
	case 2:
		free(s->p);
		p = calloc(1, len);
		assert_non_null(p);
		for (size_t i = 0; i < len; i++)
			assert_int_equal(p[i], 0);
		break;
	case 3:
		free(s->p);
		p = NULL;
		break;
	default:
		free(s->p);
		p = malloc(len);
		assert_non_null(p);
		assert_true(malloc_usable_size(p) >= len);
	}
	assert_int_equal((uintptr_t)p % 16, 0);
	refill(s, p, len);
}

static void test_arena_random_use_keeps_every_byte(void **state)
{
	struct sl_arena_stats before, after;

	(void)state;
	sl_arena_stats(&before);
	for (int i = 0; i < 200000; i++) {
		step(&slots[next_random() % SLOTS]);
		if (i % 5000 == 0)
			assert_true(sl_arena_check());
	}
	for (size_t i = 0; i < SLOTS; i++) {
		check_fill(&slots[i]);
		free(slots[i].p);
		slots[i] = (struct slot){ 0 };
	}
	sl_arena_stats(&after);
	assert_true(sl_arena_check());
	assert_int_equal(after.used, before.used);
	assert_int_equal(after.largest, before.largest);   /* all neighbours merged again */
}

static void test_arena_full_gives_null_and_recovers(void **state)
{
	struct sl_arena_stats stats;
	void *first = NULL, *p;
	size_t got = 0;

	(void)state;
	while ((p = malloc(1000)) != NULL) {
		*(void **)p = first;
		first = p;
		got += 1000;
	}
	assert_int_equal(errno, ENOMEM);
	assert_true(got > ARENA_BYTES * 95 / 100);
	assert_null(malloc(4096));
	assert_null(calloc(4, 1024));
	assert_null(realloc(first, 100000));
	while (first != NULL) {
		p = *(void **)first;
		free(first);
		first = p;
	}
	assert_true(sl_arena_check());
	sl_arena_stats(&stats);
	assert_true(stats.largest > ARENA_BYTES * 95 / 100);
	p = malloc(stats.largest);   /* and the largest really is to be had */
	assert_non_null(p);
	free(p);
}

static void test_arena_absurd_sizes_are_refused(void **state)
{
	volatile size_t huge = SIZE_MAX, odd = 48;
	void *p = NULL;

	(void)state;
	assert_null(malloc(huge));
	assert_null(malloc(huge - 15));
	assert_null(malloc(huge / 2));
	assert_null(calloc(huge / 2, 3));
	assert_null(realloc(NULL, huge));
	assert_null(memalign(32, huge - 64));
	assert_null(memalign(odd, 10));
	assert_null(pvalloc(huge));
	assert_int_equal(posix_memalign(&p, 3, 10), EINVAL);
	assert_int_equal(posix_memalign(&p, 4096, huge / 2), ENOMEM);
	assert_null(p);
	assert_true(sl_arena_check());
}

static void test_arena_zero_bytes_is_a_distinct_pointer(void **state)
{
	void *a = malloc(0), *b = malloc(0);

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_ptr_not_equal(a, b);
	free(a);
	free(b);
	free(NULL);
}

static void test_arena_second_init_is_refused(void **state)
{
	(void)state;
	assert_false(sl_arena_init(ARENA_BYTES));
}

/* A growing and shrinking set, as a Lua state makes it, must not lose room round by round. */
static void test_arena_long_life_does_not_fragment(void **state)
{
	struct sl_arena_stats stats;
	size_t first = 0;

	(void)state;
	for (int round = 0; round < 30; round++) {
		for (size_t i = 0; i < SLOTS; i++)
			refill(&slots[i], realloc(slots[i].p, 16 + next_random() % 3000), 16);
		for (size_t i = 0; i < SLOTS; i++)
			if (next_random() % 3 != 0) {
				free(slots[i].p);
				slots[i] = (struct slot){ 0 };
			}
		sl_arena_stats(&stats);
		if (round == 5)
			first = stats.largest;
	}
	assert_true(stats.largest > first * 9 / 10);
	for (size_t i = 0; i < SLOTS; i++) {
		free(slots[i].p);
		slots[i] = (struct slot){ 0 };
	}
}

/* How a child ends that commits the crime. */
static int signal_of(void (*crime)(void))
{
	static const struct rlimit no_core = { 0 };
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)setrlimit(RLIMIT_CORE, &no_core);
		(void)signal(SIGILL, SIG_DFL);
		crime();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void free_twice(void)
{
	void *volatile p = malloc(50), *volatile q = p;

	free(p);
	free(q);
}

static void free_inside(void)
{
	uint8_t *volatile p = calloc(1, 500);

	free((void *)(uintptr_t)((uintptr_t)p + 64));
}

static void free_foreign(void)
{
	static _Alignas(16) uint8_t foreign[64];
	void *volatile p = foreign + 16;

	free(p);
}

static void write_past_end(void)
{
	uint8_t *volatile p = malloc(64);
	uint8_t *volatile q = malloc(64);

	memset((void *)(uintptr_t)((uintptr_t)p + 64), 0xFF, 16);
	free(q);
}

static void write_one_word_past_end(void)
{
	uint8_t *volatile p = malloc(64);
	uint8_t *volatile q = malloc(64);

	memset((void *)(uintptr_t)((uintptr_t)p + 64), 0x40, 8);
	(void)q;
	free(p);
}

static void test_arena_misuse_traps(void **state)
{
	(void)state;
	assert_int_equal(signal_of(free_twice), SIGILL);
	assert_int_equal(signal_of(free_inside), SIGILL);
	assert_int_equal(signal_of(free_foreign), SIGILL);
	assert_int_equal(signal_of(write_past_end), SIGILL);
	assert_int_equal(signal_of(write_one_word_past_end), SIGILL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_random_use_keeps_every_byte),
		cmocka_unit_test(test_arena_full_gives_null_and_recovers),
		cmocka_unit_test(test_arena_absurd_sizes_are_refused),
		cmocka_unit_test(test_arena_zero_bytes_is_a_distinct_pointer),
		cmocka_unit_test(test_arena_second_init_is_refused),
		cmocka_unit_test(test_arena_long_life_does_not_fragment),
		cmocka_unit_test(test_arena_misuse_traps),
	};

	if (!sl_arena_init(ARENA_BYTES))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
