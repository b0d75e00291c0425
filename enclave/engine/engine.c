/* engine.c - see engine.h. */
#include "enclave/engine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/engine/compute.h"
#include "enclave/engine/join.h"
#include "enclave/engine/keys.h"
#include "enclave/engine/tally.h"

/* Everything one plan needs while it runs. */
struct run {
	struct sl_join join;
	struct sl_compute where;
	struct sl_compute args[SL_STATS_MAX]; /* of statistics that have one, in plan order */
	uint32_t nargs;
	struct sl_keys keys;
	struct sl_tally tally;
	uint8_t kept[SL_BATCH_ROWS];
	uint32_t cells[SL_BATCH_ROWS];
};

static uint64_t exprs_bytes(const struct sl_plan *plan)
{
	uint64_t bytes = sl_compute_bytes(&plan->where);

	for (uint32_t i = 0; i < plan->nstats; i++)
		bytes += sl_compute_bytes(&plan->stats[i].arg);
	return bytes;
}

/* Bytes of one record without text or vectors. */
static uint64_t wire_bytes(const struct sl_record *rec)
{
	static const uint8_t of_kind[] = {
		[SL_KIND_U8] = 1, [SL_KIND_U16] = 2, [SL_KIND_U32] = 4, [SL_KIND_U64] = 8,
		[SL_KIND_I8] = 1, [SL_KIND_I32] = 4, [SL_KIND_I64] = 8, [SL_KIND_I128] = 16,
	};
	uint64_t n = 0;

	for (size_t i = 0; i < rec->nfields; i++)
		n += of_kind[rec->fields[i].kind];
	return n;
}

#define RESULT_HEAD_BYTES 256 /* all of a result but its vectors' elements, generously */

static uint64_t result_wire_bytes(uint64_t nevidence, uint64_t nmargin_cells)
{
	return RESULT_HEAD_BYTES + nevidence * wire_bytes(&sl_evidence_record) + nmargin_cells * 8;
}

uint64_t sl_engine_bytes(const struct sl_plan *plan, const struct sl_view *view, const struct sl_store *store)
{
	uint64_t cells = sl_plan_cells(plan, view), bytes = sl_tally_bytes(plan, view);

	if (bytes == UINT64_MAX || bytes > UINT64_MAX / 4)
		return UINT64_MAX;
	bytes += sizeof(struct run) + exprs_bytes(plan) + sl_join_bytes(plan, store);
	/* The result is encoded while it still stands; each sensitive key's margin has at most as many cells. */
	return bytes + result_wire_bytes(cells * plan->nstats, cells * plan->nkeys);
}

static enum sl_rc check_limits(const struct sl_engine_setup *setup, const struct sl_store *store,
                               const struct sl_plan *plan, struct sl_err *err)
{
	uint64_t cells = sl_plan_cells(plan, &setup->view);
	uint64_t cells_max = setup->cells_max < SL_CELLS_MAX ? setup->cells_max : SL_CELLS_MAX;

	if (cells > cells_max)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" has %llu cells; at most %llu are allowed", plan->output,
		                  (unsigned long long)cells, (unsigned long long)cells_max);
	if (cells * plan->nstats > SL_ENGINE_EVIDENCE_MAX)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" has %llu cells of %u statistics; at most %u numbers are allowed",
		                  plan->output, (unsigned long long)cells, plan->nstats, SL_ENGINE_EVIDENCE_MAX);
	uint64_t bytes = sl_engine_bytes(plan, &setup->view, store);
	if (bytes > setup->memory_bytes)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" needs %llu bytes of memory; %llu are allowed", plan->output,
		                  (unsigned long long)bytes, (unsigned long long)setup->memory_bytes);
	return SL_OK;
}

static enum sl_rc open_run(struct run *run, const struct sl_view *view, const struct sl_store *store,
                           const struct sl_plan *plan, struct sl_result *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	sl_keys_init(&run->keys, plan, view);
	if (plan->where.nops > 0)
		rc = sl_compute_init(&run->where, &plan->where, err);
	for (uint32_t i = 0; i < plan->nstats && rc == SL_OK; i++)
		if (plan->stats[i].arg.nops > 0)
			rc = sl_compute_init(&run->args[run->nargs++], &plan->stats[i].arg, err);
	if (rc == SL_OK)
		rc = sl_tally_init(&run->tally, plan, view, &run->keys, out, err);
	if (rc == SL_OK)
		rc = sl_join_open(&run->join, plan, view, store, err);
	return rc;
}

static void close_run(struct run *run)
{
	sl_join_close(&run->join);
	sl_tally_fini(&run->tally);
	sl_compute_fini(&run->where);
	for (uint32_t i = 0; i < run->nargs; i++)
		sl_compute_fini(&run->args[i]);
	/* Rows went through here. */
	explicit_bzero(run, sizeof *run);
	free(run);
}

/* Unknown is not true. */
static void keep_true(const struct sl_computed *where, uint32_t rows, uint8_t kept[static SL_BATCH_ROWS])
{
	for (uint32_t r = 0; r < rows; r++)
		kept[r] = where->values[r] != 0 && (where->nulls == NULL || where->nulls[r] == 0);
}

static enum sl_rc run_batch(struct run *run, const struct sl_batch *batch, struct sl_err *err)
{
	struct sl_computed args[SL_STATS_MAX];
	const uint8_t *kept = NULL;

	if (run->where.expr != NULL) {
		struct sl_computed where = sl_compute_run(&run->where, batch, NULL);
		keep_true(&where, batch->rows, run->kept);
		kept = run->kept;
	}
	enum sl_rc rc = sl_keys_cells(&run->keys, batch, kept, run->cells, err);
	if (rc != SL_OK)
		return rc;
	for (uint32_t i = 0; i < run->nargs; i++)
		args[i] = sl_compute_run(&run->args[i], batch, kept);
	sl_tally_add(&run->tally, batch, kept, run->cells, args);
	return SL_OK;
}

static enum sl_rc run_rows(struct run *run, struct sl_err *err)
{
	struct sl_batch batch = { 0 };
	enum sl_rc rc;

	do {
		rc = sl_join_next(&run->join, &batch, err);
		if (rc == SL_OK && batch.rows > 0)
			rc = run_batch(run, &batch, err);
	} while (rc == SL_OK && batch.rows > 0);
	if (rc == SL_OK)
		sl_tally_end(&run->tally);
	return rc;
}

enum sl_rc sl_engine_run(const struct sl_engine_setup *setup, const struct sl_store *store, const struct sl_plan *plan,
                         struct sl_result *out, struct sl_err *err)
{
	struct run *run = NULL;
	enum sl_rc rc = sl_plan_check(plan, &setup->view, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = check_limits(setup, store, plan, err);
	if (rc == SL_OK) {
		run = calloc(1, sizeof *run);
		if (run == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory to run a plan");
	}
	if (rc == SL_OK)
		rc = open_run(run, &setup->view, store, plan, out, err);
	if (rc == SL_OK)
		rc = run_rows(run, err);
	if (run != NULL)
		close_run(run);
	if (rc != SL_OK)
		sl_codec_free(&sl_result_record, out);
	return rc;
}

enum sl_rc sl_engine_encode(const struct sl_result *result, struct sl_buf *out, struct sl_err *err)
{
	uint64_t nmargin_cells = 0;

	for (uint32_t i = 0; i < result->nmargins; i++)
		nmargin_cells += result->margins[i].ncells;
	sl_buf_free(out);
	out->max = SL_RESULT_WIRE_MAX;
	out->cap = result_wire_bytes(result->nevidence, nmargin_cells);
	out->data = malloc(out->cap);
	if (out->data == NULL) {
		out->cap = 0;
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a result of %u numbers", result->nevidence);
	}
	return sl_codec_encode(&sl_result_record, result, out, err);
}
