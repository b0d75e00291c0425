/* An expression over five inputs: a checked one can be evaluated over any row, and gives a value of its type. */
#include "enclave/pact/expr.h"
#include "tests/fuzz/pact_round.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sl_input_type inputs[] = { { .type = SL_TYPE_INTEGER }, { .type = SL_TYPE_REAL, .scale = 2 },
		{ .type = SL_TYPE_BOOLEAN }, { .type = SL_TYPE_DATE }, { .type = SL_TYPE_TEXT, .ncodes = 3 } };
	static const int64_t numbers[] = { 0, 1, -1, 1235, INT64_MAX, INT64_MIN };
	struct sl_input_type type;
	struct sl_expr expr;

	if (!pact_round(&sl_expr_record, data, size, &expr))
		return 0;
	if (sl_expr_check(&expr, inputs, 5, &type, NULL) == SL_OK)
		for (uint32_t i = 0; i < 12; i++) {
			const struct sl_value row[5] = { { .v = numbers[i % 6], .missing = i == 6 }, { .v = numbers[(i + 3) % 6] },
				{ .v = i % 2, .missing = i % 5 == 4 }, { .v = numbers[i % 4] }, { .v = i % 3, .missing = i == 11 } };
			struct sl_value v = sl_expr_eval(&expr, row);
			if (type.type == SL_TYPE_BOOLEAN && !v.missing && v.v != 0 && v.v != 1)
				abort();
		}
	sl_codec_free(&sl_expr_record, &expr);
	return 0;
}
