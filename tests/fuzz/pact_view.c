/* A view: a checked one has groups and labels for every value. */
#include "enclave/pact/view.h"
#include "tests/fuzz/pact_round.h"

static void walk_column(const struct sl_column *c, bool banded)
{
	static const int64_t values[] = { INT64_MIN, -1, 0, 1, 17, INT64_MAX };
	uint32_t n = sl_column_ngroups(c, banded);

	if (n == 0)
		return;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		if (sl_column_group(c, banded, values[i], false) >= n || sl_column_group(c, banded, values[i], true) >= n)
			abort();
	for (uint32_t g = 0; g < n; g++)
		if (sl_column_group_label(c, banded, g) == NULL)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_view view;

	if (!pact_round(&sl_view_record, data, size, &view))
		return 0;
	if (sl_view_check(&view, NULL) == SL_OK)
		for (uint32_t t = 0; t < view.ntables; t++)
			for (uint32_t c = 0; c < view.tables[t].ncolumns; c++) {
				walk_column(&view.tables[t].columns[c], false);
				walk_column(&view.tables[t].columns[c], true);
			}
	sl_codec_free(&sl_view_record, &view);
	return 0;
}
