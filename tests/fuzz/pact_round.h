/* pact_round.h - what every fuzz target of a record asks: what decodes encodes to the same bytes. */
#ifndef SL_FUZZ_PACT_ROUND_H
#define SL_FUZZ_PACT_ROUND_H

#include <stdlib.h>
#include <string.h>

#include "enclave/pact/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* True: *value holds what was decoded, and is the caller's to free. */
static inline bool pact_round(const struct sl_record *record, const uint8_t *data, size_t size, void *value)
{
	struct sl_buf wire = { 0 };

	if (sl_codec_decode(record, data, size, value, NULL) != SL_OK)
		return false;
	if (sl_codec_encode(record, value, &wire, NULL) != SL_OK || wire.len != size || memcmp(wire.data, data, size) != 0)
		abort();
	sl_buf_free(&wire);
	return true;
}

#endif
