/* A publication against a fixed plan: what passes hides what it does not show. */
#include "tests/fuzz/pact_round.h"
#include "tests/unit/pact/house.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_publication p;
	struct house house;

	if (!pact_round(&sl_publication_record, data, size, &p))
		return 0;
	house_init(&house);
	if (sl_publication_check(&p, &house.plan, 1, &house.view, NULL) == SL_OK)
		for (uint32_t i = 0; i < p.outputs[0].ncells; i++)
			if (!p.outputs[0].cells[i].shown && p.outputs[0].cells[i].value != 0)
				abort();
	sl_codec_free(&sl_publication_record, &p);
	return 0;
}
