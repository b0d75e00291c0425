/* Known answers of others for the vault's primitives: FIPS 180, RFC 4231, RFC 5869, NIST's GCM cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/text.h"
#include "enclave/vault/cipher.h"
#include "enclave/vault/digest.h"

#define BYTES_MAX 256

struct bytes {
	uint8_t b[BYTES_MAX];
	size_t n;
};

static struct bytes hex(const char *text)
{
	struct bytes v = { .n = strlen(text) / 2 };

	assert_true(v.n <= sizeof v.b && sl_text_unhex(text, v.b, v.n));
	return v;
}

static struct bytes repeat(int byte, size_t n)
{
	struct bytes v = { .n = n };

	memset(v.b, byte, n);
	return v;
}

static struct bytes text(const char *s)
{
	struct bytes v = { .n = strlen(s) };

	memcpy(v.b, s, v.n);
	return v;
}

/* from, from+1, … to */
static struct bytes range(int from, int to)
{
	struct bytes v = { .n = 0 };

	for (int i = from; i <= to; i++)
		v.b[v.n++] = (uint8_t)i;
	return v;
}

static void expect(const uint8_t *got, const char *want)
{
	struct bytes w = hex(want);

	assert_memory_equal(got, w.b, w.n);
}

static void test_sha256_of_the_standards_messages_is_theirs(void **state)
{
	const char *in[] = { "", "abc", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" };
	const char *want[] = { "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct sl_sha256 *s = NULL;
		uint8_t out[SL_DIGEST_BYTES];
		assert_int_equal(sl_sha256_new(&s, NULL), SL_OK);
		/* In two pieces: the stream does not depend on how it is cut. */
		assert_int_equal(sl_sha256_add(s, in[i], strlen(in[i]) / 3, NULL), SL_OK);
		assert_int_equal(sl_sha256_add(s, in[i] + strlen(in[i]) / 3, strlen(in[i]) - strlen(in[i]) / 3, NULL), SL_OK);
		assert_int_equal(sl_sha256_end(s, out, NULL), SL_OK);
		sl_sha256_free(s);
		expect(out, want[i]);
	}
}

static void hmac(const struct bytes *key, const struct bytes *data, uint8_t out[SL_DIGEST_BYTES])
{
	struct sl_hmac *h = NULL;

	assert_int_equal(sl_hmac_new(key->b, key->n, &h, NULL), SL_OK);
	/* Twice: one context serves any number of messages. */
	assert_int_equal(sl_hmac_of(h, "before", 6, out, NULL), SL_OK);
	assert_int_equal(sl_hmac_of(h, data->b, data->n, out, NULL), SL_OK);
	sl_hmac_free(h);
}

static void test_hmac_of_rfc_4231_is_its(void **state)
{
	const struct {
		struct bytes key, data;
		const char *want;
	} cases[] = {
		{ repeat(0x0b, 20), text("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ text("Jefe"), text("what do ya want for nothing?"),
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ repeat(0xaa, 20), repeat(0xdd, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
		{ range(1, 25), repeat(0xcd, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
		{ repeat(0xaa, 131), text("Test Using Larger Than Block-Size Key - Hash Key First"),
		  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
		{ repeat(0xaa, 131),
		  text("This is a test using a larger than block-size key and a larger than block-size data. The key needs to "
		       "be hashed before being used by the HMAC algorithm."),
		  "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t out[SL_DIGEST_BYTES];
		hmac(&cases[i].key, &cases[i].data, out);
		expect(out, cases[i].want);
	}
}

/* HKDF written out of HMAC as RFC 5869 says, so that ours (32-byte keys, no salt) can be held against it. */
static struct bytes hkdf_by_the_book(struct bytes salt, struct bytes key, struct bytes info, size_t len)
{
	struct bytes out = { .n = 0 }, prk = { .n = SL_DIGEST_BYTES }, block = { .n = 0 };

	if (salt.n == 0)
		salt = repeat(0, SL_DIGEST_BYTES);
	hmac(&salt, &key, prk.b);
	for (uint8_t i = 1; out.n < len; i++) {
		struct bytes in = block;
		size_t n = len - out.n < SL_DIGEST_BYTES ? len - out.n : SL_DIGEST_BYTES;
		memcpy(in.b + in.n, info.b, info.n);
		in.n += info.n;
		in.b[in.n++] = i;
		hmac(&prk, &in, block.b);
		block.n = SL_DIGEST_BYTES;
		memcpy(out.b + out.n, block.b, n);
		out.n += n;
	}
	return out;
}

static void test_hkdf_agrees_with_rfc_5869(void **state)
{
	struct bytes none = { .n = 0 }, key = range(0, 31), out, want;
	const char *infos[] = { "", "sluice segment v0 column 7", "a space of some length: sluice space v0 person" };

	(void)state;
	out = hkdf_by_the_book(range(0, 12), repeat(0x0b, 22), range(0xf0, 0xf9), 42);
	expect(out.b, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
	out = hkdf_by_the_book(range(0x60, 0xaf), range(0x00, 0x4f), range(0xb0, 0xff), 82);
	expect(out.b, "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da32756"
	              "00c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
	out = hkdf_by_the_book(none, repeat(0x0b, 22), none, 42);
	expect(out.b, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
	for (size_t i = 0; i < 3; i++) {
		want = hkdf_by_the_book(none, key, text(infos[i]), 32);
		assert_int_equal(sl_hkdf(key.b, infos[i], out.b, NULL), SL_OK);
		assert_memory_equal(out.b, want.b, 32);
	}
}

#define K2 "feffe9928665731c6d6a8f9467308308"
#define P3                                                                                                             \
	"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0d" \
	"e657"                                                                                                         \
	"ba637b39"
#define C3                                                                                                             \
	"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba" \
	"7a0a"                                                                                                         \
	"bcc9f662"
#define ZERO16 "00000000000000000000000000000000"

static void test_gcm_of_nists_cases_is_theirs(void **state)
{
	/* Cases 13 to 16 of the GCM submission to NIST (McGrew, Viega 2005). */
	const struct {
		const char *key, *nonce, *aad, *plain, *sealed, *tag;
	} cases[] = {
		{ ZERO16 ZERO16, "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b" },
		{ ZERO16 ZERO16, "000000000000000000000000", "", ZERO16, "cea7403d4d606b6e074ec5d3baf39d18",
		  "d0d1c8a799996bf0265b98b5d48ab919" },
		{ K2 K2, "cafebabefacedbaddecaf888", "", P3 "1aafd255", C3 "898015ad", "b094dac5d93471bdec1a502270e3cc6c" },
		{ K2 K2, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2", P3, C3,
		  "76fc6ece0f4e1768cddf8853bb2d551b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bytes key = hex(cases[i].key), nonce = hex(cases[i].nonce), aad = hex(cases[i].aad),
		             plain = hex(cases[i].plain), out = { .n = 0 }, back = { .n = 0 };
		uint8_t tag[SL_CIPHER_TAG_BYTES];
		struct sl_cipher *c = NULL;
		assert_int_equal(sl_cipher_new(key.b, &c, NULL), SL_OK);
		assert_int_equal(sl_cipher_seal(c, nonce.b, aad.b, aad.n, plain.b, plain.n, out.b, tag, NULL), SL_OK);
		expect(out.b, cases[i].sealed);
		expect(tag, cases[i].tag);
		assert_int_equal(sl_cipher_open(c, nonce.b, aad.b, aad.n, out.b, plain.n, tag, back.b, NULL), SL_OK);
		assert_memory_equal(back.b, plain.b, plain.n);
		for (size_t bit = 0; bit < 8 * sizeof tag; bit++) {
			tag[bit / 8] ^= (uint8_t)(1u << (bit % 8));
			assert_int_equal(sl_cipher_open(c, nonce.b, aad.b, aad.n, out.b, plain.n, tag, back.b, NULL),
			                 SL_E_INTEGRITY);
			tag[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		}
		sl_cipher_free(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256_of_the_standards_messages_is_theirs),
		cmocka_unit_test(test_hmac_of_rfc_4231_is_its),
		cmocka_unit_test(test_hkdf_agrees_with_rfc_5869),
		cmocka_unit_test(test_gcm_of_nists_cases_is_theirs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
