/* A publication frame from sluice-check, as the parent takes it: refused, or rendered into whole files. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "policy/render.h"
#include "tests/fuzz/policy_stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sl_view view = { &stage_table, 1 };
	/* With the column of earlier releases, and without. */
	const struct sl_rules rules = { .threshold = 10, .near = size % 2 == 0 ? SL_NEAR_EARLIER : SL_NEAR_REFUSE };
	struct sl_publication publication;
	struct sl_render r = {
		.view = &view,
		.plans = &stage_plan,
		.nplans = 1,
		.publication = &publication,
		.rules = &rules,
		.request = "R-1",
	};
	struct sl_render_file file = { { 0 }, 0 };
	struct sl_finding_text *texts;
	struct sl_buf out = { 0 };
	uint32_t n;

	if (sl_codec_decode(&sl_publication_record, data, size, &publication, NULL) != SL_OK)
		return 0;
	if (sl_render_csv(&r, 0, &out, NULL) == SL_OK) {
		if (sl_render_datapackage(&r, &file, &out, NULL) != SL_OK ||
		    sl_render_sdc_record(&r, &out, NULL) != SL_OK || sl_render_findings(&r, &texts, &n, NULL) != SL_OK)
			abort();
		sl_render_findings_free(texts, n);
	}
	sl_buf_free(&out);
	sl_codec_free(&sl_publication_record, &publication);
	return 0;
}
