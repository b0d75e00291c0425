/* import_run.c - one run of sluice-load: what it is given, how far it is, what its report comes to. */
#include <stdio.h>
#include <string.h>

#include "enclave/keeper/keeper.h"
#include "jobs/import.h"

#define FILE_BYTES_MAX ((uint64_t)1 << 42)

struct watching {
	const struct sl_import_source *source;
	const char *table;
};

/* From a process that is alive and unjudged: what is no progress is dropped, what is one is only shown. */
static void take_progress(void *self, const uint8_t *body, size_t len)
{
	const struct watching *w = self;
	struct sl_load_progress progress = {0};

	if (w->source->step != NULL && sl_codec_decode(&sl_load_progress_record, body, len, &progress, NULL) == SL_OK)
		w->source->step(w->source->step_self, w->table, &progress);
}

enum sl_rc sl_import_run(const struct sl_import *im, const struct sl_import_source *source, const char *table,
                         struct sl_load_setup *setup, const int *fds, uint32_t nfds, struct sl_load_report *report,
                         struct sl_err *err)
{
	struct watching watching = {source, table};
	struct sl_buf wire = {.max = SL_SETUP_WIRE_MAX};
	struct sl_keeper_outcome outcome = {0};
	struct sl_keeper_job job = {
		.program = SL_PROGRAM_LOAD,
		.data_fds = fds,
		.ndata = nfds,
		.memory_bytes = im->limits.load_memory_bytes,
		.file_bytes_max = setup->reference ? 0 : FILE_BYTES_MAX,
		.deadline_ms = im->limits.load_wall_ms,
		.cpu_ms = im->limits.load_cpu_ms,
		.threads = setup->threads,
		.setup_is_secret = true,
		.progress = take_progress,
		.progress_self = &watching,
	};
	const struct sl_keeper_expect expect = {SL_FRAME_LOAD_REPORT, 1, 1, 32u << 20};
	enum sl_rc rc = sl_codec_encode(&sl_load_setup_record, setup, &wire, err);

	explicit_bzero(setup->segment_key, sizeof setup->segment_key);
	explicit_bzero(setup->base_key, sizeof setup->base_key);
	explicit_bzero(setup->space_key, sizeof setup->space_key);
	if (rc == SL_OK) {
		struct sl_keeper_message message = {SL_FRAME_LOAD_SETUP, wire.data, wire.len};
		rc = sl_keeper_run(&job, &message, 1, &expect, 1, &outcome, err);
	}
	sl_buf_free(&wire);
	if (rc == SL_E_LIMIT || rc == SL_E_INPUT || rc == SL_E_INTEGRITY)
		sl_err_at(err, source->name, 0, 0);
	if (rc == SL_OK)
		rc = sl_codec_decode(&sl_load_report_record, outcome.frames[0].body.data, outcome.frames[0].body.len, report, err);
	sl_keeper_outcome_free(&outcome);
	return rc;
}

enum sl_rc sl_import_judge(const struct sl_import_source *source, const struct sl_load_report *report,
                           struct sl_err *err)
{
	char place[256];

	if (report->complete)
		return SL_OK;
	if (report->nbad_rows == 0)
		return sl_err_set(err, SL_E_INPUT, "%s could not be read", source->name);
	const struct sl_bad_row *bad = &report->bad_rows[0];
	(void)snprintf(place, sizeof place, "%s", source->name);
	enum sl_rc rc =
		sl_err_set(err, SL_E_INPUT, "%s%s%s (%llu bad rows; nothing was imported)", bad->column,
	                   bad->column[0] != '\0' ? ": " : "", bad->reason, (unsigned long long)report->bad_rows_total);
	sl_err_at(err, place, (uint32_t)bad->line, 0);
	return rc;
}
