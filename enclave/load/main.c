/*
 * main.c - sluice-load: frames and confinement around load.h.
 *
 * Data descriptors: 5 source; then, unless the table is a reference, 6 segment, 7 registry, 8 spill and, when the setup
 * names an earlier version, its segment; last, for SQLite with a log, the log. For SL_LOAD_VERIFY: 5 the segment, and
 * no other. For SL_LOAD_COMPARE: 5 the newer segment, 6 the older.
 * Conversation: LOAD_SETUP → ; ← LOAD_PROGRESS, any number, LOAD_REPORT.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/confine/arena.h"
#include "enclave/confine/confine.h"
#include "enclave/load/compare.h"
#include "enclave/load/load.h"
#include "enclave/load/verify.h"
#include "enclave/pact/setup.h"
#include "enclave/vault/algorithms.h"

/* Sources from here on touch so much memory in no order that large pages pay. */
#define LARGE_SOURCE_BYTES (UINT64_C(16) << 20)

/* Not there when the sanitizer's malloc serves. */
#pragma weak sl_arena_large_pages
#pragma weak sl_arena_stats

struct state {
	struct sl_load_setup setup;
	struct sl_load load;
	struct sl_verify verify; /* instead, when that is the work; or the next */
	struct sl_compare compare;
};

static enum sl_rc take_descriptors(const struct sl_confine *c, const struct sl_load_setup *setup,
                                   struct sl_load_fds *fds, struct sl_err *err)
{
	uint32_t least = setup->reference ? 1 : setup->base_bytes > 0 ? 5 : 4;
	bool has_wal = setup->format == SL_LOAD_SQLITE && c->ndata == least + 1;

	*fds = (struct sl_load_fds){ .source = SL_CONFINE_FD_DATA, .segment = -1, .registry = -1,
		.spill = -1, .base = -1, .wal = -1 };
	if (c->ndata != least && !has_wal)
		return sl_err_set(err, SL_E_INPUT, "%u data descriptors, for work that takes %u", c->ndata, least);
	if (!setup->reference) {
		fds->segment = SL_CONFINE_FD_DATA + 1;
		fds->registry = SL_CONFINE_FD_DATA + 2;
		fds->spill = SL_CONFINE_FD_DATA + 3;
		fds->base = setup->base_bytes > 0 ? SL_CONFINE_FD_DATA + 4 : -1;
	}
	if (has_wal)
		fds->wal = SL_CONFINE_FD_DATA + (int)least;
	return SL_OK;
}

static bool reads_segments(uint8_t format)
{
	return format == SL_LOAD_VERIFY || format == SL_LOAD_COMPARE;
}

static enum sl_rc prepare_segments(const struct sl_confine *c, struct state *s, struct sl_err *err)
{
	bool verifies = s->setup.format == SL_LOAD_VERIFY;

	if (c->ndata != (verifies ? 1 : 2))
		return sl_err_set(err, SL_E_INPUT, "%u segments to read", c->ndata);
	return verifies ? sl_verify_prepare(&s->verify, &s->setup, SL_CONFINE_FD_DATA, err)
	                : sl_compare_prepare(&s->compare, &s->setup, SL_CONFINE_FD_DATA, SL_CONFINE_FD_DATA + 1, err);
}

static enum sl_rc work(struct state *s, struct sl_load_report *report, struct sl_err *err)
{
	switch (s->setup.format) {
	case SL_LOAD_VERIFY:
		return sl_verify_run(&s->verify, report, err);
	case SL_LOAD_COMPARE:
		return sl_compare_run(&s->compare, report, err);
	default:
		return sl_load_run(&s->load, report, err);
	}
}

/* What was allocated so far is not there for the rows. */
static void size_up(struct sl_load *l)
{
	struct sl_arena_stats now = { 0 };

	if (sl_arena_stats != NULL)
		sl_arena_stats(&now);
	l->memory_bytes -= now.used < l->memory_bytes ? now.used : l->memory_bytes;
	if (l->source_bytes >= LARGE_SOURCE_BYTES && sl_arena_large_pages != NULL)
		sl_arena_large_pages();
}

static enum sl_rc prepare(struct sl_confine *c, const uint8_t *body, size_t len, void *arg, struct sl_err *err)
{
	struct state *s = arg;
	struct sl_load_fds fds;
	enum sl_rc rc = sl_codec_decode(&sl_load_setup_record, body, len, &s->setup, err);

	sl_algorithms_alone();
	if (rc == SL_OK && reads_segments(s->setup.format))
		return prepare_segments(c, s, err);
	if (rc == SL_OK)
		rc = take_descriptors(c, &s->setup, &fds, err);
	if (rc == SL_OK)
		rc = sl_load_prepare(&s->load, &s->setup, &fds, c->memory_bytes, err);
	if (rc == SL_OK)
		size_up(&s->load);
	c->threads = s->setup.threads;
	return rc;
}

/* A keeper that is gone needs no progress; the report finds out. */
static void send_progress(void *arg, const struct sl_load_progress *progress)
{
	struct sl_buf wire = { .max = SL_LOAD_PROGRESS_BYTES };

	if (sl_codec_encode(&sl_load_progress_record, progress, &wire, NULL) == SL_OK)
		(void)!sl_confine_send(arg, SL_FRAME_LOAD_PROGRESS, wire.data, wire.len, NULL);
	sl_buf_free(&wire);
}

static enum sl_rc run(struct sl_confine *c, void *arg, struct sl_err *err)
{
	struct state *s = arg;
	struct sl_load_report report = { 0 };
	struct sl_buf wire = { 0 };
	enum sl_rc rc;

	s->load.on_progress = send_progress;
	s->load.progress_arg = c;
	rc = work(s, &report, err);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_load_report_record, &report, &wire, err);
	if (rc == SL_OK)
		rc = sl_confine_send(c, SL_FRAME_LOAD_REPORT, wire.data, wire.len, err);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct sl_confine_program program = { .program = SL_PROGRAM_LOAD, .setup_type = SL_FRAME_LOAD_SETUP,
		.setup_bytes_max = SL_SETUP_WIRE_MAX, .prepare = prepare, .run = run };
	static struct state state;

	sl_confine_main(&program, &state, argc, argv);
}
