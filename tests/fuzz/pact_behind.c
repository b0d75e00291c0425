/* What stands behind a publication, against a fixed plan: what passes names no earlier number where there is none. */
#include "enclave/pact/behind.h"
#include "tests/fuzz/pact_round.h"
#include "tests/unit/pact/house.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_behind b;
	struct house house;

	if (!pact_round(&sl_behind_record, data, size, &b))
		return 0;
	house_init(&house);
	if (sl_behind_check(&b, &house.plan, 1, &house.view, NULL) == SL_OK)
		for (uint32_t i = 0; i < b.outputs[0].nwas; i++)
			if (b.outputs[0].was[i].known && b.outputs[0].cells[i / house.plan.nstats].release == 0)
				abort();
	sl_codec_free(&sl_behind_record, &b);
	return 0;
}
