/* Two algorithms of the library, made once: whenever memory runs out on the way, the next call makes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/crypto.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/vault/algorithms.h"
#include "enclave/vault/cipher.h"
#include "enclave/vault/digest.h"

#define NEVER 0ul

static unsigned long allocations, fails_at;

static bool is_refused(void)
{
	return ++allocations == fails_at;
}

static void *refusing_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return is_refused() ? NULL : malloc(n);
}

static void *refusing_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return is_refused() ? NULL : realloc(p, n);
}

static void plain_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* NIST's GCM test case 13: no key, nonce or text but zeroes. FIPS 180-4's "abc". */
static bool both_compute(void)
{
	static const uint8_t tag[] = { 0x53, 0x0f, 0x8a, 0xfb, 0xc7, 0x45, 0x36, 0xb9,
		                           0xa9, 0x63, 0xb4, 0xf1, 0xc4, 0xcb, 0x73, 0x8b };
	static const uint8_t abc[] = { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea };
	uint8_t key[SL_CIPHER_KEY_BYTES] = { 0 }, nonce[SL_CIPHER_NONCE_BYTES] = { 0 }, got[SL_CIPHER_TAG_BYTES];
	uint8_t digest[SL_DIGEST_BYTES];
	struct sl_cipher *c = NULL;
	struct sl_sha256 *s = NULL;
	bool ok = sl_cipher_new(key, &c, NULL) == SL_OK && sl_sha256_new(&s, NULL) == SL_OK &&
	          sl_cipher_seal(c, nonce, NULL, 0, NULL, 0, NULL, got, NULL) == SL_OK &&
	          sl_sha256_add(s, "abc", 3, NULL) == SL_OK && sl_sha256_end(s, digest, NULL) == SL_OK &&
	          memcmp(got, tag, sizeof tag) == 0 && memcmp(digest, abc, sizeof abc) == 0;

	sl_cipher_free(c);
	sl_sha256_free(s);
	return ok;
}

enum { SURVIVED = 10, MADE_AT_ONCE, WRONG };

/* In a process of its own, since they are made once: its exit code. */
static int made_with_failure(unsigned long at)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (CRYPTO_set_mem_functions(refusing_malloc, refusing_realloc, plain_free) != 1)
			_exit(WRONG);
		sl_algorithms_alone();
		allocations = 0;
		fails_at = at;
		bool at_once = sl_algorithms_aes_256_gcm() != NULL && sl_algorithms_sha_256() != NULL;
		bool reached = allocations >= at;
		fails_at = NEVER;
		_exit(!both_compute() ? WRONG : reached ? SURVIVED : at_once ? MADE_AT_ONCE : WRONG);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return WRONG;
	return WEXITSTATUS(status);
}

static void test_algorithms_any_allocation_fails_the_next_call_makes_them(void **state)
{
	unsigned long at = 1;
	int how = SURVIVED;

	(void)state;
	for (; how == SURVIVED && at < 10000; at++)
		how = made_with_failure(at);
	assert_int_equal(how, MADE_AT_ONCE);
	assert_true(at > 10);
}

/* Of all that the library has, a few objects: what it would make else are some thousand allocations. */
static void test_algorithms_alone_are_made_by_few_allocations(void **state)
{
	(void)state;
	assert_int_equal(made_with_failure(600), MADE_AT_ONCE);
}

static void test_algorithms_are_the_same_for_every_call(void **state)
{
	(void)state;
	assert_non_null(sl_algorithms_aes_256_gcm());
	assert_ptr_equal(sl_algorithms_aes_256_gcm(), sl_algorithms_aes_256_gcm());
	assert_ptr_equal(sl_algorithms_sha_256(), sl_algorithms_sha_256());
	assert_true(both_compute());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_algorithms_any_allocation_fails_the_next_call_makes_them),
		cmocka_unit_test(test_algorithms_alone_are_made_by_few_allocations),
		cmocka_unit_test(test_algorithms_are_the_same_for_every_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
