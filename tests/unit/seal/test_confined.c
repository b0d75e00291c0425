/* A cipher made before lock-down works after it: no system call but write and exit, no allocation in the library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/seccomp.h>
#include <openssl/crypto.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/vault/cipher.h"

#define CHUNK 100000
#define CHUNKS 20

static uint8_t chunk[CHUNKS][CHUNK], tags[CHUNKS][SL_CIPHER_TAG_BYTES], out[CHUNK];
static unsigned long allocations;

static void *counted_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	allocations++;
	return malloc(n);
}

static void *counted_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	allocations++;
	return realloc(p, n);
}

static void counted_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

static void nonce_of(unsigned i, uint8_t nonce[static SL_CIPHER_NONCE_BYTES])
{
	memset(nonce, 0, SL_CIPHER_NONCE_BYTES);
	nonce[0] = (uint8_t)i;
}

static void fill(struct sl_cipher *c)
{
	uint8_t nonce[SL_CIPHER_NONCE_BYTES];

	for (unsigned i = 0; i < CHUNKS; i++) {
		memset(chunk[i], (int)i, CHUNK);
		nonce_of(i, nonce);
		assert_int_equal(sl_cipher_seal(c, nonce, "aad", 3, chunk[i], CHUNK, chunk[i], tags[i], NULL), SL_OK);
	}
}

/* How many chunks open, and one with a changed tag does not. */
static unsigned open_all(struct sl_cipher *c)
{
	uint8_t nonce[SL_CIPHER_NONCE_BYTES];
	unsigned good = 0;

	for (unsigned i = 0; i < CHUNKS; i++) {
		nonce_of(i, nonce);
		if (sl_cipher_open(c, nonce, "aad", 3, chunk[i], CHUNK, tags[i], out, NULL) == SL_OK && out[CHUNK - 1] == i)
			good++;
	}
	nonce_of(CHUNKS, nonce);
	if (sl_cipher_open(c, nonce, "aad", 3, chunk[0], CHUNK, tags[0], out, NULL) == SL_OK)
		return 0;
	return good;
}

static void test_opening_after_lock_down_needs_no_system_call(void **state)
{
	const uint8_t key[SL_CIPHER_KEY_BYTES] = { 9 };
	struct sl_cipher *sealing = NULL, *opening = NULL;
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(sl_cipher_new(key, &sealing, NULL), SL_OK);
	fill(sealing);
	sl_cipher_free(sealing);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		/* Strict seccomp: read, write and exit, or the process is killed. */
		if (sl_cipher_new(key, &opening, NULL) == SL_OK && prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0)
			(void)syscall(SYS_exit, open_all(opening));
		(void)syscall(SYS_exit, 99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CHUNKS);
}

static void test_opening_allocates_nothing(void **state)
{
	const uint8_t key[SL_CIPHER_KEY_BYTES] = { 9 };
	struct sl_cipher *c = NULL;
	unsigned long before;

	(void)state;
	assert_int_equal(sl_cipher_new(key, &c, NULL), SL_OK);
	assert_true(allocations > 0);
	fill(c);
	before = allocations;
	assert_int_equal(open_all(c), CHUNKS);
	assert_int_equal(allocations, before);
	sl_cipher_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opening_after_lock_down_needs_no_system_call),
		cmocka_unit_test(test_opening_allocates_nothing),
	};

	if (CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) != 1)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
