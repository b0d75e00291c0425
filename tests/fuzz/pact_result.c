/* A result against a fixed plan: what passes does not contradict itself. */
#include "tests/fuzz/pact_round.h"
#include "tests/unit/pact/house.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_result result;
	struct house house;

	if (!pact_round(&sl_result_record, data, size, &result))
		return 0;
	house_init(&house);
	if (sl_result_check(&result, &house.plan, &house.view, NULL) == SL_OK)
		for (uint32_t i = 0; i < result.nevidence; i++)
			if (result.evidence[i].negatives > result.evidence[i].cell_rows)
				abort();
	sl_codec_free(&sl_result_record, &result);
	return 0;
}
