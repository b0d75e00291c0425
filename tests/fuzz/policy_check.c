/* Rules and a result frame as sluice-check receives them: refused, or judged into a lawful publication. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/check.h"
#include "policy/digest.h"
#include "tests/fuzz/policy_stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void bind(struct sl_result *result)
{
	struct sl_buf bytes = { 0 };

	if (sl_codec_encode(&sl_plan_record, &stage_plan, &bytes, NULL) != SL_OK)
		abort();
	sl_digest_sha256(bytes.data, bytes.len, result->plan_digest);
	sl_buf_free(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_check_setup setup = {
		.view = { &stage_table, 1 }, .nplans = 1, .purpose = t_words, .context = t_empty,
		.secondary_work = 1
	};
	struct sl_publication publication;
	struct sl_result result;
	struct sl_err err = { 0 };

	if (size < 32)
		return 0;
	setup.rules = (struct sl_rules){
		.threshold = data[0],
		.dominance_n = data[1] % 5,
		.dominance_k = data[2] * 400u,
		.p_percent = data[3] * 100u,
		.group_percent = data[4] * 400u,
		.numerator = data[5] & 1,
		.group_disclosure = data[6] & 1,
		.within_group = data[7] & 1,
		.all_equal = data[8] & 1,
		.zeros_show = data[9] & 1,
		.dof = data[10],
	};
	if (sl_codec_decode(&sl_result_record, data + 32, size - 32, &result, NULL) != SL_OK)
		return 0;
	bind(&result);
	if (sl_check_run(&setup, &stage_plan, &result, &publication, &err) == SL_OK) {
		if (sl_publication_check(&publication, &stage_plan, 1, &setup.view, &err) != SL_OK)
			abort();
		for (uint32_t i = 0; setup.rules.threshold == 0 && i < publication.outputs[0].ncells; i++)
			if (publication.outputs[0].cells[i].shown)
				abort();
		sl_codec_free(&sl_publication_record, &publication);
	}
	sl_codec_free(&sl_result_record, &result);
	return 0;
}
