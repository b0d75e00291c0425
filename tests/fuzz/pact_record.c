/* One of the records without laws beyond its table; which one is told by PACT_RECORD (pact.cmake). */
#include "enclave/pact/history.h"
#include "enclave/pact/members.h"
#include "enclave/pact/setup.h"
#include "tests/fuzz/pact_round.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *value = malloc(PACT_RECORD.size);

	if (value != NULL && pact_round(&PACT_RECORD, data, size, value))
		sl_codec_free(&PACT_RECORD, value);
	free(value);
	return 0;
}
