/* A load report, a load setup and progress as a peer may send them: what decodes encodes to the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "enclave/load/setup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(const struct sl_record *record, void *value, const uint8_t *data, size_t size)
{
	struct sl_buf wire = { 0 };

	if (sl_codec_decode(record, data, size, value, NULL) != SL_OK)
		return;
	if (sl_codec_encode(record, value, &wire, NULL) != SL_OK || wire.len != size ||
	    memcmp(wire.data, data, size) != 0)
		abort();
	sl_buf_free(&wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_load_fds fds = { .source = 5, .segment = 6, .registry = 7, .spill = 8, .base = -1, .wal = -1 };
	struct sl_load_progress progress;
	struct sl_load_report report = { 0 };
	struct sl_load_setup setup = { 0 };
	struct sl_typer typer;

	round_trip(&sl_load_report_record, &report, data, size);
	sl_codec_free(&sl_load_report_record, &report);
	round_trip(&sl_load_progress_record, &progress, data, size);
	round_trip(&sl_load_setup_record, &setup, data, size);
	if (setup.columns != NULL && sl_load_setup_check(&setup, &fds, NULL) == SL_OK)
		for (uint32_t i = 0; i < setup.ncolumns; i++) {
			(void)!sl_typer_init(&typer, &setup.columns[i], NULL);
			sl_typer_fini(&typer);
		}
	sl_codec_free(&sl_load_setup_record, &setup);
	return 0;
}
