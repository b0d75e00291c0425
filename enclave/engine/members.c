/* members.c - see members.h. */
#include "enclave/engine/members.h"

#include <string.h>

enum sl_rc sl_members_init(struct sl_member_tally *t, const struct sl_plan *plan, const struct sl_view *view,
                           bool one_row, struct sl_err *err)
{
	uint64_t n = sl_plan_sets(plan, view);

	*t = (struct sl_member_tally){ .one_row = one_row, .unit = -1, .first = -1, .last = -1,
		                       .per_cell = 1 + sl_plan_watched(plan, plan->nstats) };
	if (n > SL_SETS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" has %llu sets of units; at most %u are allowed", plan->output,
		                  (unsigned long long)n, SL_SETS_MAX);
	t->nsets = (uint32_t)n;
	t->nprints = sl_plan_printed_inputs(plan, view, t->inputs);
	t->out.max = t->rows.max = SL_MEMBERS_WIRE_MAX;
	return SL_OK;
}

void sl_members_fini(struct sl_member_tally *t)
{
	sl_buf_free(&t->rows);
	sl_buf_free(&t->out);
	memset(t, 0, sizeof *t);
}

/* The present unit has no more rows. */
static void write_unit(struct sl_member_tally *t)
{
	if (t->nrows == 0)
		return;
	if (t->first < 0)
		t->first = t->unit;
	else
		sl_varint_put(&t->out, (uint64_t)(t->unit - t->last));
	if (!t->one_row)
		sl_varint_put(&t->out, t->nrows);
	sl_buf_put(&t->out, t->rows.data, t->rows.len);
	sl_buf_fails_with(&t->out, &t->rows);
	t->out.no_memory = t->out.no_memory || t->rows.no_memory;
	sl_buf_reset(&t->rows);
	t->last = t->unit;
	t->nunits++;
	t->nrows = 0;
}

static bool is_in(const struct sl_computed *w, bool is_condition, uint32_t row)
{
	return (w->nulls == NULL || w->nulls[row] == 0) && (!is_condition || w->values[row] != 0);
}

/*
 * Half of what the last steps of MurmurHash3 (Appleby) make of unit and value. No key: only who can open the box sees
 * it, and whoever chooses values so that two have one print is believed to have changed less.
 */
static uint16_t print_of(int64_t unit, int64_t value, bool missing)
{
	uint64_t h = ((uint64_t)unit * 2 + missing + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ (missing ? 0 : (uint64_t)value);

	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (uint16_t)(h >> 48);
}

static void put_prints(struct sl_member_tally *t, const struct sl_batch *batch, uint32_t r)
{
	for (uint32_t k = 0; k < t->nprints; k++) {
		uint32_t in = t->inputs[k];
		bool is_row = in == SL_PRINT_ROW;
		bool missing = !is_row && batch->nulls[in] != NULL && batch->nulls[in][r] != 0;
		sl_buf_u16(&t->rows, print_of(t->unit, is_row ? 0 : batch->values[in][r], missing));
	}
}

/* One kept row: its cell's set, and those of the statistics that take it. */
static void note_row(struct sl_member_tally *t, const struct sl_batch *batch, uint32_t r, uint32_t cell,
                     const struct sl_computed *watched, const bool *is_condition)
{
	uint32_t set = cell * t->per_cell, before = set, n = 1;

	for (uint32_t w = 0; w + 1 < t->per_cell; w++)
		n += is_in(&watched[w], is_condition[w], r);
	if (!t->one_row)
		sl_varint_put(&t->rows, t->nrows == 0 ? t->row : t->row - t->last_row);
	sl_varint_put(&t->rows, n);
	sl_varint_put(&t->rows, set);
	for (uint32_t w = 0; w + 1 < t->per_cell && n > 1; w++)
		if (is_in(&watched[w], is_condition[w], r)) {
			sl_varint_put(&t->rows, set + 1 + w - before);
			before = set + 1 + w;
		}
	put_prints(t, batch, r);
	t->last_row = t->row;
	t->nrows++;
}

void sl_members_add(struct sl_member_tally *t, const struct sl_batch *batch, const uint8_t *marks,
                    const uint32_t *cells, const struct sl_computed *watched, const bool *is_condition)
{
	for (uint32_t r = 0; r < batch->rows; r++) {
		if (batch->units[r] != t->unit) {
			write_unit(t);
			t->unit = batch->units[r];
			t->row = 0;
		} else {
			t->row++;
		}
		if (!batch->none_kept && (marks == NULL || marks[r] == SL_ROW_KEPT))
			note_row(t, batch, r, cells[r], watched, is_condition);
	}
}

enum sl_rc sl_members_end(struct sl_member_tally *t, struct sl_err *err)
{
	write_unit(t);
	return sl_buf_ok(&t->out, "the units of an output", err);
}

enum sl_rc sl_members_append(const struct sl_member_tally *t, int64_t *last, struct sl_buf *out, uint64_t *nunits,
                             struct sl_err *err)
{
	if (t->first < 0)
		return SL_OK;
	sl_varint_put(out, (uint64_t)(*last < 0 ? t->first : t->first - *last));
	sl_buf_put(out, t->out.data, t->out.len);
	*last = t->last;
	*nunits += t->nunits;
	return sl_buf_ok(out, "the units of an output", err);
}
