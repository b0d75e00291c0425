/* algorithms.c - see algorithms.h: a provider of two algorithms, whose code is the default provider's. */
#include "enclave/vault/algorithms.h"

#include <stdbool.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

/* Two libraries in one: the whole, of which nothing is fetched, and the few that are. */
static struct {
	OSSL_LIB_CTX *whole, *few;
	OSSL_PROVIDER *from, *ours;
	OSSL_ALGORITHM ciphers[2], digests[2]; /* each ends with an empty one */
	EVP_CIPHER *cipher;
	EVP_MD *digest;
} made;

void sl_algorithms_alone(void)
{
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
	                          OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
	                          OPENSSL_INIT_NO_ATEXIT, NULL);
}

void sl_algorithms_unconfigured(void)
{
	(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

/* Whether `name` is the first of names, which are "NAME:OTHER NAME:..." */
static bool is_called(const char *names, const char *name)
{
	size_t n = strlen(name);

	return strncmp(names, name, n) == 0 && (names[n] == ':' || names[n] == '\0');
}

/* The default provider's algorithm, under the one name that it is asked for by. */
static bool take(int operation, const char *name, OSSL_ALGORITHM *out)
{
	int no_cache = 0;
	const OSSL_ALGORITHM *a = OSSL_PROVIDER_query_operation(made.from, operation, &no_cache);

	while (a != NULL && a->algorithm_names != NULL && !is_called(a->algorithm_names, name))
		a++;
	if (a == NULL || a->algorithm_names == NULL)
		return false;
	*out = (OSSL_ALGORITHM){ name, "provider=sluice", a->implementation, "" };
	return true;
}

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache)
{
	(void)provider;
	*no_cache = 0;
	if (operation == OSSL_OP_CIPHER)
		return made.ciphers;
	return operation == OSSL_OP_DIGEST ? made.digests : NULL;
}

/* Implementations are handed the provider that they come from. */
static int start(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **provider)
{
	static const OSSL_DISPATCH functions[] = {
		{ OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query },
		{ 0, NULL },
	};

	(void)core;
	(void)in;
	if (!take(OSSL_OP_CIPHER, "AES-256-GCM", made.ciphers) || !take(OSSL_OP_DIGEST, "SHA2-256", made.digests))
		return 0;
	*out = functions;
	*provider = OSSL_PROVIDER_get0_provider_ctx(made.from);
	return 1;
}

static bool make(void)
{
	made.whole = OSSL_LIB_CTX_new();
	made.few = OSSL_LIB_CTX_new();
	if (made.whole == NULL || made.few == NULL)
		return false;
	made.from = OSSL_PROVIDER_load(made.whole, "default");
	if (made.from == NULL || OSSL_PROVIDER_add_builtin(made.few, "sluice", start) != 1)
		return false;
	made.ours = OSSL_PROVIDER_load(made.few, "sluice");
	if (made.ours == NULL)
		return false;
	made.cipher = EVP_CIPHER_fetch(made.few, "AES-256-GCM", NULL);
	made.digest = EVP_MD_fetch(made.few, "SHA2-256", NULL);
	return made.cipher != NULL && made.digest != NULL;
}

static void unmake(void)
{
	EVP_CIPHER_free(made.cipher);
	EVP_MD_free(made.digest);
	if (made.ours != NULL)
		(void)OSSL_PROVIDER_unload(made.ours);
	OSSL_LIB_CTX_free(made.few);
	if (made.from != NULL)
		(void)OSSL_PROVIDER_unload(made.from);
	OSSL_LIB_CTX_free(made.whole);
	memset(&made, 0, sizeof made);
}

/* All or nothing, once. */
static void make_once(void)
{
	if (made.cipher == NULL && !make())
		unmake();
}

const EVP_CIPHER *sl_algorithms_aes_256_gcm(void)
{
	make_once();
	return made.cipher;
}

const EVP_MD *sl_algorithms_sha_256(void)
{
	make_once();
	return made.digest;
}
