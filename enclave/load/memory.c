/* memory.c - see memory.h. */
#include "enclave/load/memory.h"

#include <stdlib.h>

#include "enclave/load/output.h"

/* Of what is there, kept for what is not counted: the setup, the report, and the holes between blocks. */
#define UNCOUNTED_PART 16u

/* What is held besides the rows and the registry, and was not there when l->memory_bytes were counted. */
static uint64_t held(const struct sl_load *l)
{
	uint64_t bytes = l->plan.units.bytes_max + l->csv.cap + 3 * l->seen_bits / 8;

	for (uint32_t i = 0; l->intakes != NULL && i < l->threads; i++)
		bytes += sl_intake_bytes(&l->intakes[i]);
	return bytes;
}

static uint64_t limit_of(const struct sl_load *l)
{
	return l->memory_bytes - l->memory_bytes / UNCOUNTED_PART;
}

static enum sl_rc does_not_fit(const struct sl_load *l, uint64_t rows, uint64_t need, struct sl_err *err)
{
	return sl_err_set(err, SL_E_LIMIT,
	                  "%llu units, and %llu rows at once, need %llu bytes of memory, over the limit of %llu",
	                  (unsigned long long)l->registry.count, (unsigned long long)rows, (unsigned long long)need,
	                  (unsigned long long)l->memory_bytes);
}

static enum sl_rc spill_rows(struct sl_load *l, struct sl_err *err)
{
	enum sl_rc rc = sl_rows_sort(&l->rows, err);

	if (rc == SL_OK)
		rc = sl_spill_write(&l->spill, &l->rows, err);
	sl_rows_clear(&l->rows);
	return rc;
}

enum sl_rc sl_memory_make_room(struct sl_load *l, uint64_t rows, uint64_t units, struct sl_err *err)
{
	uint32_t row_bytes = l->plan.layout.row_bytes;
	uint64_t other = held(l) + sl_registry_bytes(&l->registry, l->registry.count + units);
	uint64_t need = other + sl_rows_bytes(row_bytes, l->rows.count + rows);
	enum sl_rc rc = SL_OK;

	if (need <= limit_of(l))
		return SL_OK;
	need = other + sl_rows_bytes(row_bytes, rows);
	if (need > limit_of(l))
		return does_not_fit(l, rows, need, err);
	if (l->rows.count > 0)
		rc = spill_rows(l, err);
	return rc;
}

static void give_back(struct sl_load *l)
{
	sl_units_fini(&l->plan.units);
	for (uint32_t i = 0; i < l->threads; i++)
		sl_intake_fini(&l->intakes[i]);
	sl_csv_fini(&l->csv);
	sl_sqlite_close(&l->sqlite);
	free(l->db);
	free(l->wal);
	l->db = l->wal = NULL;
}

static uint64_t merge_bytes(const struct sl_load *l, uint64_t rows)
{
	return sl_registry_bytes(&l->registry, l->registry.count) + l->seen_bits / 8 +
	       sl_rows_bytes(l->plan.layout.row_bytes, l->rows.count) +
	       (uint64_t)l->spill.nruns * (SL_SPILL_BLOCK_BYTES + 256) + sl_output_bytes(l->plan.layout.ncolumns, rows) +
	       sl_quality_bytes(l->plan.layout.ncolumns);
}

enum sl_rc sl_memory_for_merge(struct sl_load *l, struct sl_err *err)
{
	uint64_t rows = l->builder.report->rows + sl_base_rows(&l->base);
	enum sl_rc rc = SL_OK;

	give_back(l);
	if (l->rows.count > 0 && (l->spill.nruns > 0 || merge_bytes(l, rows) > limit_of(l)))
		rc = spill_rows(l, err);
	if (rc == SL_OK && merge_bytes(l, rows) > limit_of(l))
		rc = does_not_fit(l, rows, merge_bytes(l, rows), err);
	return rc;
}
