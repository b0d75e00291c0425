/* The log's tree: the known answers of Certificate Transparency, a reference written as RFC 6962 defines it, and every
 * proof of small trees with everything wrong that can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/text.h"
#include "enclave/vault/seal.h"
#include "jobs/sign/merkle.h"

#define SIZES 33

static struct sl_merkle_hash hash_of(const char *hex)
{
	struct sl_merkle_hash h;

	assert_true(sl_text_unhex(hex, h.b, sizeof h.b));
	return h;
}

static void assert_hash(const struct sl_merkle_hash *h, const char *hex)
{
	struct sl_merkle_hash want = hash_of(hex);

	assert_memory_equal(h->b, want.b, sizeof h->b);
}

/* The eight entries of CT's reference tests. */
static const struct {
	const char *bytes;
	size_t len;
} entries[8] = { { "", 0 }, { "\x00", 1 }, { "\x10", 1 }, { "\x20\x21", 2 }, { "\x30\x31", 2 },
	{ "\x40\x41\x42\x43", 4 }, { "\x50\x51\x52\x53\x54\x55\x56\x57", 8 },
	{ "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16 } };

#define R1 "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
#define R2 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
#define R4 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
#define L2 "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define N34 "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define N58 "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
#define L5 "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define N78 "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define N56 "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

static const char *const roots[9] = { "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", R1, R2,
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", R4,
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" };

static void leaves_of_ct(struct sl_merkle_hash out[8])
{
	for (int i = 0; i < 8; i++)
		assert_int_equal(sl_merkle_leaf(entries[i].bytes, entries[i].len, &out[i], NULL), SL_OK);
}

static void test_root_of_ct_leaves_is_known(void **state)
{
	struct sl_merkle_hash leaf[8] = { 0 }, root;
	struct sl_merkle_leaves leaves = sl_merkle_array(leaf, 8);
	struct sl_merkle_edge edge = { 0 };

	(void)state;
	leaves_of_ct(leaf);
	for (uint64_t n = 0; n <= 8; n++) {
		assert_int_equal(sl_merkle_root(&leaves, n, &root, NULL), SL_OK);
		assert_hash(&root, roots[n]);
		assert_int_equal(sl_merkle_edge_root(&edge, &root, NULL), SL_OK);
		assert_hash(&root, roots[n]);
		if (n < 8)
			assert_int_equal(sl_merkle_edge_add(&edge, &leaf[n], NULL), SL_OK);
	}
	assert_int_equal(sl_merkle_root(&leaves, 9, &root, NULL), SL_E_BUG);
}

struct known {
	uint64_t a, n;
	const char *hash[4];
};

static void assert_proof(const struct sl_merkle_proof *proof, const struct known *k)
{
	uint32_t n = 0;

	for (; n < 4 && k->hash[n] != NULL; n++)
		assert_hash(&proof->hash[n], k->hash[n]);
	assert_int_equal(proof->n, n);
}

static void test_inclusion_of_ct_leaves_is_known(void **state)
{
	static const struct known cases[] = { { 0, 1, { NULL } }, { 0, 8, { L2, N34, N58, NULL } },
		{ 5, 8, { L5, N78, R4, NULL } }, { 2, 3, { R2, NULL } }, { 1, 5, { R1, N34, L5, NULL } } };
	struct sl_merkle_hash leaf[8] = { 0 };
	struct sl_merkle_leaves leaves = sl_merkle_array(leaf, 8);
	struct sl_merkle_proof proof;

	(void)state;
	leaves_of_ct(leaf);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(sl_merkle_inclusion(&leaves, cases[i].a, cases[i].n, &proof, NULL), SL_OK);
		assert_proof(&proof, &cases[i]);
	}
}

/* MTH of RFC 6962, 2.1, word for word. */
static struct sl_merkle_hash by_the_book(const struct sl_merkle_hash *leaf, size_t n)
{
	struct sl_merkle_hash out;
	uint8_t both[65] = { 1 };
	size_t k = 1;

	if (n == 0) {
		assert_int_equal(sl_seal_sha256("", 0, out.b, NULL), SL_OK);
		return out;
	}
	if (n == 1)
		return leaf[0];
	while (2 * k < n)
		k *= 2;
	out = by_the_book(leaf, k);
	memcpy(both + 1, out.b, 32);
	out = by_the_book(leaf + k, n - k);
	memcpy(both + 33, out.b, 32);
	assert_int_equal(sl_seal_sha256(both, sizeof both, out.b, NULL), SL_OK);
	return out;
}

static struct sl_merkle_hash many[SIZES], root_of[SIZES + 1];

static int make_many(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIZES; i++) {
		char text[32];
		(void)snprintf(text, sizeof text, "entry %zu", i);
		assert_int_equal(sl_merkle_leaf(text, strlen(text), &many[i], NULL), SL_OK);
	}
	for (size_t n = 0; n <= SIZES; n++)
		root_of[n] = by_the_book(many, n);
	return 0;
}

static void test_root_is_that_of_the_definition(void **state)
{
	struct sl_merkle_leaves leaves = sl_merkle_array(many, SIZES);
	struct sl_merkle_edge edge = { 0 };
	struct sl_merkle_hash root;

	(void)state;
	for (uint64_t n = 0; n <= SIZES; n++) {
		assert_int_equal(sl_merkle_root(&leaves, n, &root, NULL), SL_OK);
		assert_memory_equal(&root, &root_of[n], sizeof root);
		assert_int_equal(sl_merkle_edge_root(&edge, &root, NULL), SL_OK);
		assert_memory_equal(&root, &root_of[n], sizeof root);
		if (n < SIZES)
			assert_int_equal(sl_merkle_edge_add(&edge, &many[n], NULL), SL_OK);
	}
}

static enum sl_rc included(uint64_t i, uint64_t n, const struct sl_merkle_proof *proof)
{
	return sl_merkle_verify_inclusion(&many[i], i, n, &root_of[n], proof, NULL);
}

static void test_inclusion_of_every_leaf_verifies_and_nothing_else_does(void **state)
{
	struct sl_merkle_leaves leaves = sl_merkle_array(many, SIZES);
	struct sl_merkle_proof proof, wrong;

	(void)state;
	for (uint64_t n = 1; n <= SIZES; n++)
		for (uint64_t i = 0; i < n; i++) {
			assert_int_equal(sl_merkle_inclusion(&leaves, i, n, &proof, NULL), SL_OK);
			assert_int_equal(included(i, n, &proof), SL_OK);
			for (uint64_t j = 0; j < n; j++)
				if (j != i)
					assert_int_equal(sl_merkle_verify_inclusion(&many[i], j, n, &root_of[n], &proof, NULL),
					                 SL_E_INTEGRITY);
			assert_int_equal(sl_merkle_verify_inclusion(&many[(i + 1) % SIZES], i, n, &root_of[n], &proof, NULL),
			                 SL_E_INTEGRITY);
			assert_int_equal(sl_merkle_verify_inclusion(&many[i], i, n, &root_of[n - 1], &proof, NULL), SL_E_INTEGRITY);
			for (uint32_t k = 0; k < proof.n; k++) {
				wrong = proof;
				wrong.hash[k].b[k] ^= 1;
				assert_int_equal(included(i, n, &wrong), SL_E_INTEGRITY);
			}
			wrong = proof;
			wrong.n++;
			assert_int_equal(included(i, n, &wrong), SL_E_INTEGRITY);
			if (proof.n > 0) {
				wrong.n = proof.n - 1;
				assert_int_equal(included(i, n, &wrong), SL_E_INTEGRITY);
			}
		}
}

static void test_proof_at_the_edges_is_as_the_contract_says(void **state)
{
	struct sl_merkle_leaves leaves = sl_merkle_array(many, SIZES);
	struct sl_merkle_proof proof = { .n = 7 }, empty = { 0 };
	struct sl_merkle_hash leaf = many[0];

	(void)state;
	assert_int_equal(sl_merkle_inclusion(&leaves, 5, 5, &proof, NULL), SL_E_NO);
	assert_int_equal(proof.n, 0);
	assert_int_equal(sl_merkle_inclusion(&leaves, 0, SIZES + 1, &proof, NULL), SL_E_NO);
	/* A count no array has room for. */
	proof.n = SL_MERKLE_PROOF_MAX + 1;
	assert_int_equal(included(3, 5, &proof), SL_E_INTEGRITY);
	/* A tree without leaves has none in it, and sizes near the end of the numbers do no harm. */
	assert_int_equal(sl_merkle_verify_inclusion(&leaf, 0, 0, &leaf, &empty, NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_merkle_verify_inclusion(&leaf, UINT64_MAX - 1, UINT64_MAX, &leaf, &empty, NULL),
	                 SL_E_INTEGRITY);
}

static enum sl_rc get_until_three(void *self, uint64_t index, struct sl_merkle_hash *out, struct sl_err *err)
{
	(void)self;
	if (index >= 3)
		return sl_err_set(err, SL_E_IO, "the list ends here");
	*out = many[index];
	return SL_OK;
}

static void test_leaves_that_cannot_be_read_end_the_call(void **state)
{
	struct sl_merkle_leaves leaves = { .get = get_until_three, .size = 8 };
	struct sl_merkle_proof proof;
	struct sl_merkle_hash root;
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_merkle_root(&leaves, 3, &root, NULL), SL_OK);
	assert_int_equal(sl_merkle_root(&leaves, 4, &root, &err), SL_E_IO);
	assert_string_equal(err.text, "the list ends here");
	assert_int_equal(sl_merkle_inclusion(&leaves, 0, 8, &proof, NULL), SL_E_IO);
	assert_int_equal(proof.n, 0);
	assert_int_equal(proof.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root_of_ct_leaves_is_known),
		cmocka_unit_test(test_inclusion_of_ct_leaves_is_known),
		cmocka_unit_test(test_root_is_that_of_the_definition),
		cmocka_unit_test(test_inclusion_of_every_leaf_verifies_and_nothing_else_does),
		cmocka_unit_test(test_proof_at_the_edges_is_as_the_contract_says),
		cmocka_unit_test(test_leaves_that_cannot_be_read_end_the_call),
	};

	return cmocka_run_group_tests(tests, make_many, NULL);
}
