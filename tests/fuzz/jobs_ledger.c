/* A ledger somebody hands in: nobody here has signed one, so none is whole. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[32] = { 7 };
	struct sl_audit_trust trust = { .key = { .name = "demo" } };
	struct sl_buf text = { 0 };
	struct sl_ed25519 key;
	char *table = NULL;
	uint32_t lines = 0;

	if (sl_ed25519_from_seed(seed, &key, NULL) != SL_OK)
		return 0;
	memcpy(trust.key.public, key.public, sizeof trust.key.public);
	sl_ed25519_wipe(&key);
	sl_buf_put(&text, data, size);
	if (sl_ledger_verify(&text, &trust, &table, &lines, NULL) == SL_OK && table == NULL)
		abort();
	free(table);
	sl_buf_free(&text);
	return 0;
}
