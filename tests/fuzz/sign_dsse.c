/* Envelopes and canonical JSON: what is read as canonical is written again as the same bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/sign/canon.h"
#include "jobs/sign/dsse.h"

#define BYTES_MAX ((size_t)1 << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The seeds are signed by the key of this seed. */
	static const uint8_t seed[32] = { 7 };
	struct sl_buf payload = { 0 }, again = { 0 };
	struct sl_ed25519 key;
	json_t *value = NULL;

	if (sl_ed25519_from_seed(seed, &key, NULL) != SL_OK)
		return 0;
	if (sl_dsse_verify((const char *)data, size, key.public, &payload, NULL) == SL_OK) {
		if (sl_dsse_make(payload.data, payload.len, &key, &again, NULL) == SL_OK &&
		    (again.len != size || memcmp(again.data, data, size) != 0))
			abort();
	} else if (payload.len != 0)
		abort();
	sl_buf_reset(&again);
	if (sl_canon_read("x", data, size, BYTES_MAX, &value, NULL) == SL_OK &&
	    (sl_canon_put(value, &again, NULL) != SL_OK || again.len != size || memcmp(again.data, data, size) != 0))
		abort();
	json_decref(value);
	sl_buf_free(&payload);
	sl_buf_free(&again);
	return 0;
}
