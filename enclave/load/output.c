/* output.c - see output.h. */
#include "enclave/load/output.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "enclave/confine/crew.h"

/* Rows unpacked together, and as many fetched before they are needed: they lie anywhere. */
#define BATCH 32u
/* Sealed columns held for each thread, so that no thread waits for the one with the dearest column. */
#define SEALED_EACH 4u

static uint32_t group_rows(uint64_t rows)
{
	return rows < SL_CHUNK_ROWS ? (uint32_t)rows : SL_CHUNK_ROWS;
}

static uint32_t sealed_at_once(uint32_t ncolumns)
{
	uint32_t most = SEALED_EACH * sl_crew_size();

	return ncolumns < most ? ncolumns : most;
}

uint64_t sl_output_bytes(uint32_t ncolumns, uint64_t rows)
{
	uint64_t cells = group_rows(rows);

	/* A sealed column takes at most what a plain one does: eight bytes a cell, a bit, and a little. */
	return ncolumns * cells * (sizeof(int64_t) + 1) + sealed_at_once(ncolumns) * (cells * 9 + 4096) + 1;
}

enum sl_rc sl_output_init(struct sl_output *o, const struct sl_layout *layout, struct sl_writer *writer, uint64_t rows,
                          struct sl_err *err)
{
	size_t cells = (size_t)layout->ncolumns * group_rows(rows);
	uint32_t n = rows > 0 ? sealed_at_once(layout->ncolumns) : 0;
	enum sl_rc rc = SL_OK;

	*o = (struct sl_output){ .layout = layout, .writer = writer, .group_rows = group_rows(rows) };
	o->values = malloc(cells * sizeof *o->values + 1);
	o->nulls = malloc(cells + 1);
	o->sealed = calloc(n + 1, sizeof *o->sealed);
	if (o->values == NULL || o->nulls == NULL || o->sealed == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a row group");
	while (o->nsealed < n && rc == SL_OK)
		rc = sl_sealed_chunk_init(&o->sealed[o->nsealed++], o->group_rows, err);
	return rc;
}

void sl_output_fini(struct sl_output *o)
{
	for (uint32_t i = 0; i < o->nsealed; i++)
		sl_sealed_chunk_fini(&o->sealed[i]);
	free(o->sealed);
	free(o->values);
	free(o->nulls);
	*o = (struct sl_output){ 0 };
}

/* n rows to places at, at + 1 … in every column; a column at a time, so that what it is stays at hand. */
static void unpack(const struct sl_output *o, uint32_t at, const uint8_t *const *rows, uint32_t n)
{
	for (uint32_t c = 0; c < o->layout->ncolumns; c++) {
		const struct sl_layout *l = o->layout;
		int64_t *values = o->values + (size_t)c * o->group_rows + at;
		uint8_t *nulls = o->nulls + (size_t)c * o->group_rows + at;

		for (uint32_t i = 0; i < n; i++)
			values[i] = sl_layout_value(l, rows[i], c);
		for (uint32_t i = 0; i < n && l->columns[c].null_bit != 0; i++) {
			nulls[i] = sl_layout_missing(l, rows[i], c);
			values[i] = nulls[i] ? 0 : values[i];
		}
	}
}

/* Columns first … first + n - 1 of a group, taken one by one by whichever thread is free. */
struct sealing {
	struct sl_output *o;
	uint32_t group, first, n;
	_Atomic uint32_t next;
	enum sl_rc rc[SL_CREW_MAX];
	struct sl_err err[SL_CREW_MAX];
};

static void seal_columns(void *arg, uint32_t lane)
{
	struct sealing *s = arg;
	struct sl_output *o = s->o;

	for (;;) {
		uint32_t i = atomic_fetch_add(&s->next, 1), c = s->first + i;
		const uint8_t *nulls = o->layout->columns[i < s->n ? c : 0].null_bit != 0
		                               ? o->nulls + (size_t)c * o->group_rows
		                               : NULL;

		if (i >= s->n || s->rc[lane] != SL_OK)
			return;
		if (o->quality != NULL && c > 0)
			sl_quality_column(o->quality, c, o->values + (size_t)c * o->group_rows, nulls, o->rows);
		s->rc[lane] = sl_writer_seal(o->writer, lane, c, s->group, o->values + (size_t)c * o->group_rows, nulls,
		                             o->rows, &o->sealed[i], &s->err[lane]);
	}
}

/* The group goes out, some columns at a time. */
static enum sl_rc put_group(struct sl_output *o, struct sl_err *err)
{
	uint32_t group = o->writer->manifest.ngroups;
	enum sl_rc rc = SL_OK;

	for (uint32_t c = 0; c < o->layout->ncolumns && rc == SL_OK; c += o->nsealed) {
		uint32_t left = o->layout->ncolumns - c;
		struct sealing s = { .o = o, .group = group, .first = c, .n = left < o->nsealed ? left : o->nsealed };

		sl_crew_run(seal_columns, &s);
		for (uint32_t i = 0; i < sl_crew_size() && rc == SL_OK; i++)
			if (s.rc[i] != SL_OK)
				rc = sl_err_set(err, s.rc[i], "%s", s.err[i].text);
		for (uint32_t i = 0; i < s.n && rc == SL_OK; i++)
			rc = sl_writer_put(o->writer, &o->sealed[i], err);
	}
	o->rows = 0;
	if (rc == SL_OK && o->progress != NULL)
		o->progress(o->progress_arg, o->writer->manifest.rows);
	return rc;
}

struct gathering {
	struct sl_output *o;
	const struct sl_rows *rows;
	uint64_t from;
};

/* A thread's part of the group's rows. */
static void gather(void *arg, uint32_t i)
{
	struct gathering *g = arg;
	uint32_t threads = sl_crew_size(), n = g->o->rows;
	uint32_t from = (uint32_t)((uint64_t)n * i / threads), to = (uint32_t)((uint64_t)n * (i + 1) / threads);
	const struct sl_row_order *order = g->rows->order + g->from;

	for (uint32_t k = from; k < to; k += BATCH) {
		const uint8_t *batch[BATCH];
		uint32_t have = to - k < BATCH ? to - k : BATCH, ahead = to - k - have < BATCH ? to - k - have : BATCH;

		for (uint32_t j = 0; j < ahead; j++)
			__builtin_prefetch(sl_rows_at(g->rows, order[k + have + j].row));
		for (uint32_t j = 0; j < have; j++)
			batch[j] = sl_rows_at(g->rows, order[k + j].row);
		unpack(g->o, k, batch, have);
		if (g->o->quality != NULL)
			sl_quality_rows(g->o->quality, i, g->rows, g->from + k, g->from + k + have);
	}
}

enum sl_rc sl_output_rows(struct sl_output *o, const struct sl_rows *rows, struct sl_err *err)
{
	struct gathering g = { .o = o, .rows = rows };
	enum sl_rc rc = SL_OK;

	for (; g.from < rows->count && rc == SL_OK; g.from += SL_CHUNK_ROWS) {
		o->rows = group_rows(rows->count - g.from);
		sl_crew_run(gather, &g);
		rc = put_group(o, err);
	}
	return rc;
}

enum sl_rc sl_output_add(struct sl_output *o, const uint8_t *row, struct sl_err *err)
{
	if (o->quality != NULL)
		sl_quality_row(o->quality, row);
	unpack(o, o->rows++, &row, 1);
	return o->rows == SL_CHUNK_ROWS ? put_group(o, err) : SL_OK;
}

enum sl_rc sl_output_end(struct sl_output *o, struct sl_err *err)
{
	return o->rows > 0 ? put_group(o, err) : SL_OK;
}
