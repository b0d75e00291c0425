/* A result against a fixed plan: what passes does not contradict itself, and has a draw for each number or none. */
#include "enclave/pact/result.h"
#include "tests/fuzz/pact_round.h"
#include "tests/unit/pact/house.h"

static void check_draws(const uint8_t *data, size_t size, const struct sl_result *result)
{
	const struct sl_buf wire = { .data = (uint8_t *)(uintptr_t)data, .len = size };

	if (sl_result_drawn(&wire) != result->drawn)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_result result;
	struct house house;

	if (!pact_round(&sl_result_record, data, size, &result))
		return 0;
	house_init(&house);
	if (sl_result_check(&result, &house.plan, &house.view, NULL) == SL_OK) {
		check_draws(data, size, &result);
		for (uint32_t i = 0; i < result.nevidence; i++)
			if (result.evidence[i].negatives > result.evidence[i].cell_rows)
				abort();
	}
	sl_codec_free(&sl_result_record, &result);
	return 0;
}
