/* What is public: of sound totals cells are counted, each of one table of the view. */
#include "enclave/pact/public.h"
#include "tests/fuzz/pact_round.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_public p;

	if (!pact_round(&sl_public_record, data, size, &p))
		return 0;
	if (sl_public_check(&p, NULL) == SL_OK)
		for (uint32_t i = 0; i < p.ntotals; i++)
			if (p.totals[i].plan.sources[0].table >= p.view.ntables || sl_plan_cells(&p.totals[i].plan, &p.view) == 0)
				abort();
	sl_codec_free(&sl_public_record, &p);
	return 0;
}
