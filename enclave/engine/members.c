/* members.c - see members.h. */
#include "enclave/engine/members.h"

#include <stdlib.h>
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
	t->out.max = SL_MEMBERS_WIRE_MAX;
	t->tags = calloc(t->nsets, sizeof *t->tags);
	t->hashes = calloc(t->nsets, sizeof *t->hashes);
	t->touched = calloc(t->nsets, sizeof *t->touched);
	if (t->tags == NULL || t->hashes == NULL || t->touched == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the units of %u sets", t->nsets);
	return SL_OK;
}

void sl_members_fini(struct sl_member_tally *t)
{
	free(t->tags);
	free(t->hashes);
	free(t->touched);
	sl_buf_free(&t->out);
	memset(t, 0, sizeof *t);
}

/* Two different row sets that meet in a hash are taken for one: more is then refused, never less. */
static uint64_t mix(uint64_t hash, uint64_t row)
{
	hash = (hash ^ (row + 1)) * UINT64_C(0xff51afd7ed558ccd);
	return hash ^ hash >> 32;
}

static inline void touch(struct sl_member_tally *t, uint32_t set)
{
	uint32_t tag = (uint32_t)t->unit + 1;

	if (t->tags[set] != tag) {
		t->tags[set] = tag;
		t->hashes[set] = 0;
		t->touched[t->ntouched++] = set;
	}
	t->hashes[set] = mix(t->hashes[set], t->row);
}

static int compare_sets(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The present unit has no more rows. */
static void write_unit(struct sl_member_tally *t)
{
	uint32_t before = 0;

	if (t->ntouched == 0)
		return;
	if (t->ntouched > 1)
		qsort(t->touched, t->ntouched, sizeof t->touched[0], compare_sets);
	if (t->first < 0)
		t->first = t->unit;
	else
		sl_varint_put(&t->out, (uint64_t)(t->unit - t->last));
	sl_varint_put(&t->out, t->ntouched);
	for (uint32_t i = 0; i < t->ntouched; i++) {
		uint32_t set = t->touched[i];
		sl_varint_put(&t->out, set - before);
		if (!t->one_row)
			sl_buf_u64(&t->out, t->hashes[set]);
		before = set;
	}
	t->last = t->unit;
	t->nunits++;
	t->ntouched = 0;
}

static bool is_in(const struct sl_computed *w, bool is_condition, uint32_t row)
{
	return (w->nulls == NULL || w->nulls[row] == 0) && (!is_condition || w->values[row] != 0);
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
		if (batch->none_kept || (marks != NULL && marks[r] != SL_ROW_KEPT))
			continue;
		uint32_t set = cells[r] * t->per_cell;
		touch(t, set);
		for (uint32_t w = 0; w + 1 < t->per_cell; w++)
			if (is_in(&watched[w], is_condition[w], r))
				touch(t, set + 1 + w);
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
