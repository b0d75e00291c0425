/* tally.c - see tally.h: rows, as they come, to what their units give the cells. */
#include "enclave/engine/tally.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/engine/tally_cell.h"

#define LOOK_ROWS 256u
#define PREFETCH_ROWS 16 /* a cell is fetched so many rows before it is needed */

/* Where cells lie: copied for a batch, since for all the compiler knows a store to a block could change the tally. */
struct shape {
	struct sl_tally_block *blocks;
	struct sl_tally_rest *rests;
	uint32_t nblocks, nargs;
	int whole;
};

static inline struct shape shape_of(const struct sl_tally *t)
{
	return (struct shape){ t->blocks, t->rests, t->nblocks, t->nargs, t->whole };
}

static inline struct sl_tally_rest *rest_in(const struct shape *in, uint32_t cell, uint32_t arg)
{
	return &in->rests[(size_t)cell * in->nargs + arg];
}

static enum sl_rc init_margins(struct sl_tally *t, const struct sl_plan *plan, const struct sl_view *view,
                               struct sl_err *err)
{
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		const struct sl_column *c = sl_plan_key_column(plan, view, k);
		if (!sl_plan_input_sensitive(plan, view, plan->keys[k].input))
			continue;
		struct sl_tally_margin *m = &t->margins[t->nmargins++];
		m->key = (uint16_t)k;
		m->ncells = t->ncells / sl_column_ngroups(c, plan->keys[k].banded != 0);
		m->last = malloc(m->ncells * sizeof *m->last);
		m->units = calloc(m->ncells, sizeof *m->units);
		if (m->last == NULL || m->units == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for a margin of %u cells", m->ncells);
		for (uint32_t i = 0; i < m->ncells; i++)
			m->last[i] = -1;
	}
	return SL_OK;
}

enum sl_rc sl_tally_init(struct sl_tally *t, const struct sl_plan *plan, const struct sl_view *view,
                         const struct sl_keys *keys, const struct sl_tally_arg *args, uint32_t nargs,
                         struct sl_err *err)
{
	memset(t, 0, sizeof *t);
	t->keys = keys;
	t->ncells = (uint32_t)sl_plan_cells(plan, view);
	t->nargs = nargs;
	memcpy(t->args, args, nargs * sizeof *args);
	sl_presence_init(&t->presence);
	t->whole = SL_TALLY_NO_ARG;
	t->nblocks = 1;
	for (uint32_t a = 0; a < nargs; a++) {
		if (args[a].is_whole && t->whole == SL_TALLY_NO_ARG)
			t->whole = (int)a;
		else
			t->block_of[a] = t->nblocks++;
	}
	size_t bytes = (size_t)t->ncells * t->nblocks * sizeof *t->blocks;
	t->blocks = aligned_alloc(sizeof *t->blocks, bytes);
	t->rests = calloc((size_t)t->ncells * (nargs > 0 ? nargs : 1), sizeof *t->rests);
	if (t->blocks == NULL || t->rests == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %u cells of %u statistics", t->ncells, nargs);
	memset(t->blocks, 0, bytes);
	return init_margins(t, plan, view, err);
}

void sl_tally_fini(struct sl_tally *t)
{
	free(t->blocks);
	free(t->rests);
	for (uint32_t m = 0; m < t->nmargins; m++) {
		free(t->margins[m].last);
		free(t->margins[m].units);
	}
	memset(t, 0, sizeof *t);
}

static inline bool is_quiet(const struct sl_tally_block *b)
{
	return (uint64_t)b->total - (uint64_t)b->quiet < b->quiet_span;
}

/* A unit total, as the units-th. */
static inline __attribute__((always_inline)) void fold_total(struct sl_tally *t, const struct shape *in, uint32_t cell,
                                                             uint32_t arg, struct sl_tally_block *b)
{
	int64_t sum;

	if (__builtin_expect(is_quiet(b) && !__builtin_add_overflow(b->sum, b->total, &sum), 1)) {
		b->sum = sum;
		b->total = 0;
	} else {
		sl_tally_fold_late(t, b, rest_in(in, cell, arg));
	}
}

static inline void fold_rows(struct sl_tally_block *b)
{
	b->units++;
	b->rows += b->now_rows;
	if (__builtin_expect(b->now_rows > b->rows_by_one_max, 0))
		b->rows_by_one_max = b->now_rows;
	b->now_rows = 0;
}

static inline void fold_arg(struct sl_tally *t, const struct shape *in, uint32_t cell, uint32_t arg,
                            struct sl_tally_block *b)
{
	bool any = b->now_rows > 0;

	if (any)
		fold_rows(b);
	if (t->args[arg].is_condition) {
		b->not_true += b->total > 0;
		b->total = 0;
	} else if (any) {
		fold_total(t, in, cell, arg, b);
	}
}

/* What the last unit gave a cell, into the evidence. */
static inline __attribute__((always_inline)) void fold_cell(struct sl_tally *t, const struct shape *in,
                                                            uint32_t cell, struct sl_tally_block *c, bool has_more)
{
	fold_rows(c);
	if (in->whole != SL_TALLY_NO_ARG)
		fold_total(t, in, cell, (uint32_t)in->whole, c);
	for (uint32_t a = 0; has_more && a < in->nargs; a++)
		if ((int)a != in->whole)
			fold_arg(t, in, cell, a, c + t->block_of[a]);
}

static void touch_margins(struct sl_tally *t, uint32_t cell, int64_t unit)
{
	for (uint32_t m = 0; m < t->nmargins; m++) {
		uint32_t at = sl_keys_without(t->keys, cell, t->margins[m].key);
		t->margins[m].units[at] += t->margins[m].last[at] != unit;
		t->margins[m].last[at] = unit;
	}
}

static inline void add_condition(struct sl_tally_block *b, int64_t value, bool missing)
{
	bool met = !missing && value != 0;

	b->now_rows += met;
	b->total += !met;
	b->sum += !missing;
}

static inline __attribute__((always_inline)) void add_to_total(const struct shape *in, uint32_t cell, uint32_t arg,
                                                               struct sl_tally_block *b, int64_t value)
{
	int64_t total;

	if (__builtin_expect(!__builtin_add_overflow(b->total, value, &total), 1)) {
		b->total = total;
		return;
	}
	spill_over(&b->total, &rest_in(in, cell, arg)->wide_total, value);
	b->flags |= SL_TALLY_WIDE;
	b->quiet_span = 0;
}

static inline __attribute__((always_inline)) void add_value(const struct shape *in, uint32_t cell, uint32_t arg,
                                                            struct sl_tally_block *b, int64_t value)
{
	if (__builtin_expect(!(b->flags & SL_TALLY_DIFFER), 0))
		note_value(b, rest_in(in, cell, arg), value);
	add_to_total(in, cell, arg, b, value);
}

static inline void add_arg(const struct sl_tally *t, const struct shape *in, uint32_t cell, uint32_t a,
                           struct sl_tally_block *b, const struct sl_computed *arg, uint32_t row)
{
	bool missing = arg->nulls != NULL && arg->nulls[row] != 0;

	if (t->args[a].is_condition) {
		add_condition(b, arg->values[row], missing);
	} else if (!missing) {
		b->now_rows++;
		add_value(in, cell, a, b, arg->values[row]);
	}
}

/* One kept row. `in` is made of constants where rows are added, so that what a plan does not have costs it nothing. */
static inline __attribute__((always_inline)) void add_row(struct sl_tally *t, const struct shape *in, uint32_t cell,
                                                          int64_t unit, const struct sl_computed *args, uint32_t row,
                                                          bool has_margins)
{
	struct sl_tally_block *c = &in->blocks[(size_t)cell * in->nblocks];
	uint32_t tag = (uint32_t)unit + 1;
	bool has_more = in->nblocks > 1;

	if (c->tag != tag) {
		if (c->tag != 0)
			fold_cell(t, in, cell, c, has_more);
		c->tag = tag;
		if (has_margins)
			touch_margins(t, cell, unit);
	}
	c->now_rows++;
	if (in->whole != SL_TALLY_NO_ARG)
		add_value(in, cell, (uint32_t)in->whole, c, args[in->whole].values[row]);
	for (uint32_t a = 0; has_more && a < in->nargs; a++)
		if ((int)a != in->whole)
			add_arg(t, in, cell, a, c + t->block_of[a], &args[a], row);
}

/* Rows to be counted: all `n` first ones, or those whose numbers are listed. */
struct rows {
	const uint16_t *list; /* NULL: all */
	uint32_t n;
};

static inline uint32_t nth(const struct rows *rows, uint32_t i)
{
	return rows->list != NULL ? rows->list[i] : i;
}

static inline __attribute__((always_inline)) void add_rows(struct sl_tally *t, const struct shape *in,
                                                           const struct sl_batch *batch, const struct rows *rows,
                                                           const uint32_t *cells, const struct sl_computed *args)
{
	bool has_margins = t->nmargins > 0;

	for (uint32_t i = 0; i < rows->n; i++) {
		uint32_t r = nth(rows, i), ahead = nth(rows, i + PREFETCH_ROWS < rows->n ? i + PREFETCH_ROWS : i);
		__builtin_prefetch(&in->blocks[(size_t)cells[ahead] * in->nblocks], 1);
		add_row(t, in, cells[r], batch->units[r], args, r, has_margins);
	}
}

/*
 * More rows of one unit in one cell, added up in registers: through memory each would wait for the one before.
 * Returns the row after the last.
 */
static inline __attribute__((always_inline)) uint32_t add_run(const struct shape *in, const struct rows *rows,
                                                              uint32_t i, const struct sl_batch *batch,
                                                              const uint32_t *cells, const int64_t *values)
{
	uint32_t r = nth(rows, i), cell = cells[r], begin = i++;
	struct sl_tally_block *c = &in->blocks[cell];
	int64_t unit = batch->units[r], total = values[r], sum;

	/* Until it is known that the cell's values differ, each needs a look. */
	for (; (c->flags & SL_TALLY_DIFFER) && i < rows->n && cells[r = nth(rows, i)] == cell && batch->units[r] == unit;
	     i++) {
		if (__builtin_add_overflow(total, values[r], &sum))
			break;
		total = sum;
	}
	c->now_rows += i - begin;
	add_value(in, cell, 0, c, total);
	return i;
}

/* Another unit than the one before in a cell with one argument that is never missing. */
static inline __attribute__((always_inline)) void begin_unit(struct sl_tally *t, const struct shape *in, uint32_t cell,
                                                             struct sl_tally_block *c, uint32_t tag)
{
	if (__builtin_expect(c->tag != 0, 1)) {
		fold_rows(c);
		fold_total(t, in, cell, 0, c);
	}
	c->tag = tag;
}

/* The first row of a unit in a cell, whose only argument is never missing. */
static inline __attribute__((always_inline)) void add_first(struct sl_tally *t, const struct shape *in, uint32_t cell,
                                                            struct sl_tally_block *c, uint32_t tag, int64_t value)
{
	begin_unit(t, in, cell, c, tag);
	c->now_rows = 1;
	if (__builtin_expect(c->quiet_span == 0, 0) && !(c->flags & SL_TALLY_DIFFER))
		note_value(c, rest_in(in, cell, 0), value);
	c->total = value;
}

/* What add_rows does, where cells have one argument that is never missing: most plans of most people. */
static inline __attribute__((always_inline)) void add_whole_rows(struct sl_tally *t, const struct shape *in,
                                                                 const struct sl_batch *batch, const struct rows *rows,
                                                                 const uint32_t *cells, const int64_t *values)
{
	const int64_t *units = batch->units;
	bool has_margins = t->nmargins > 0;

	for (uint32_t i = 0; i < rows->n;) {
		uint32_t r = nth(rows, i), ahead = nth(rows, i + PREFETCH_ROWS < rows->n ? i + PREFETCH_ROWS : i);
		uint32_t cell = cells[r], tag = (uint32_t)units[r] + 1;
		struct sl_tally_block *c = &in->blocks[cell];
		__builtin_prefetch(&in->blocks[cells[ahead]], 1);
		if (c->tag == tag) {
			i = add_run(in, rows, i, batch, cells, values);
			continue;
		}
		add_first(t, in, cell, c, tag, values[r]);
		if (has_margins)
			touch_margins(t, cell, units[r]);
		i++;
	}
}

/* Cells then change nowhere but where units do. */
bool sl_tally_are_by_unit(const struct sl_tally *t, const struct sl_batch *batch, const uint32_t *cells)
{
	uint32_t changes = 0;

	if (batch->ends.n == 0 || sl_keys_are_by_unit(t->keys, batch))
		return batch->ends.n > 0;
	for (uint32_t r = 1; r < batch->rows && changes < batch->ends.n; r += LOOK_ROWS) {
		const uint32_t *here = cells + r, *before = here - 1;
		uint32_t n = batch->rows - r < LOOK_ROWS ? batch->rows - r : LOOK_ROWS;
		for (uint32_t i = 0; i < n; i++)
			changes += here[i] != before[i];
	}
	if (changes >= batch->ends.n)
		return false;
	for (uint32_t u = 0; u + 1 < batch->ends.n && changes > 0; u++)
		changes -= cells[batch->ends.ends[u]] != cells[batch->ends.ends[u] - 1];
	return changes == 0;
}

#define SMALL_VALUES (UINT64_C(1) << 51) /* a batch of values from -SMALL_VALUES on and below it stays within 64 bits */
_Static_assert(SL_BATCH_ROWS <= 1 << 12, "sums of a batch of small values fit");

/* sums[r]: of the values before row r. False: they may leave 64 bits. */
static bool sum_up(const int64_t *values, uint32_t rows, int64_t sums[static SL_BATCH_ROWS + 1])
{
	int64_t sum = 0;
	uint64_t bits = 0;

	for (uint32_t r = 0; r < rows; r++)
		bits |= (uint64_t)values[r] + SMALL_VALUES;
	if (bits >= 2 * SMALL_VALUES)
		return false;
	sums[0] = 0;
	for (uint32_t r = 0; r < rows; r++)
		sums[r + 1] = sum += values[r];
	return true;
}

/* What add_whole_rows does, where a unit's rows fall into one cell and can be added up before: no branch a row. */
static void add_whole_units(struct sl_tally *t, const struct shape *in, const struct sl_batch *batch,
                            const uint32_t *cells, const int64_t *values)
{
	const uint16_t *ends = batch->ends.ends;

	for (uint32_t u = 0, at = 0; u < batch->ends.n; at = ends[u++]) {
		uint32_t cell = cells[at], rows = ends[u] - at, tag = (uint32_t)batch->units[at] + 1;
		struct sl_tally_block *c = &in->blocks[cell];
		int64_t total = t->sums[ends[u]] - t->sums[at];
		__builtin_prefetch(&in->blocks[cells[at + PREFETCH_ROWS < batch->rows ? at + PREFETCH_ROWS : at]], 1);
		for (uint32_t r = at; r < ends[u] && !(c->flags & SL_TALLY_DIFFER); r++)
			note_value(c, rest_in(in, cell, 0), values[r]);
		if (__builtin_expect(c->tag == tag, 0)) { /* of the batch before */
			c->now_rows += rows;
			add_to_total(in, cell, 0, c, total);
			continue;
		}
		begin_unit(t, in, cell, c, tag);
		c->now_rows = rows;
		c->total = total;
		if (t->nmargins > 0)
			touch_margins(t, cell, batch->units[at]);
	}
}

/* Rows of a unit that may have more in the batch before, or in the next. */
static void add_edge(struct sl_tally *t, uint32_t cell, int64_t unit, uint32_t rows)
{
	struct sl_tally_block *c = &t->blocks[cell];

	if (c->tag != (uint32_t)unit + 1) {
		if (c->tag != 0)
			fold_rows(c);
		c->tag = (uint32_t)unit + 1;
		touch_margins(t, cell, unit);
	}
	c->now_rows += rows;
}

void sl_tally_add_edges(struct sl_tally *t, const struct sl_batch *batch, const uint32_t *unit_cells)
{
	const uint16_t *ends = batch->ends.ends;
	uint32_t last = batch->ends.n - 1;

	sl_presence_add(&t->presence, batch, NULL);
	add_edge(t, unit_cells[0], batch->ends.units[0], ends[0]);
	for (uint32_t u = 1; t->nmargins > 0 && u < last; u++)
		touch_margins(t, unit_cells[u], batch->ends.units[u]);
	if (last > 0)
		add_edge(t, unit_cells[last], batch->ends.units[last], ends[last] - ends[last - 1]);
}

void sl_tally_add_counts(struct sl_tally *t, uint32_t cell, uint32_t units, uint32_t rows, uint32_t most_rows)
{
	struct sl_tally_block *c = cell_at(t, cell);

	c->units += units;
	c->rows += rows;
	c->rows_by_one_max = most_rows > c->rows_by_one_max ? most_rows : c->rows_by_one_max;
}

/* What add_rows does, where there is nothing to add up and a unit's rows fall into one cell. */
static void add_units(struct sl_tally *t, const struct shape *in, const struct sl_batch *batch, const uint32_t *cells)
{
	const uint16_t *ends = batch->ends.ends;

	for (uint32_t u = 0, at = 0; u < batch->ends.n; at = ends[u++]) {
		__builtin_prefetch(&in->blocks[cells[at + PREFETCH_ROWS < batch->rows ? at + PREFETCH_ROWS : at]], 1);
		add_edge(t, cells[at], batch->units[at], ends[u] - at);
	}
}

/* The numbers of rows that are kept; without a branch: which ones a filter keeps cannot be guessed. */
static struct rows list_kept(const uint8_t *marks, uint32_t rows, uint16_t list[static SL_BATCH_ROWS])
{
	uint32_t n = 0;

	for (uint32_t r = 0; r < rows; r++) {
		list[n] = (uint16_t)r;
		n += marks[r] & 1;
	}
	return (struct rows){ list, n };
}

_Static_assert(SL_ROW_LEFT_OUT == 0 && SL_ROW_KEPT == 1 && SL_ROW_ABSENT == 2, "a kept row's mark is the odd one");

void sl_tally_add(struct sl_tally *t, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                  const struct sl_computed *args)
{
	struct shape in = shape_of(t), none = { t->blocks, t->rests, 1, 0, SL_TALLY_NO_ARG },
		whole = { t->blocks, t->rests, 1, 1, 0 };
	const struct rows all = { NULL, batch->rows }, nothing = { NULL, 0 };
	struct rows kept = all;

	t->is_by_unit = false;
	if (marks != NULL)
		kept = list_kept(marks, batch->rows, t->kept_rows);
	if (batch->none_kept)
		kept = nothing;
	sl_presence_add(&t->presence, batch, marks);
	if (kept.n == 0)
		return;
	bool by_unit = marks == NULL && t->nblocks == 1 && sl_tally_are_by_unit(t, batch, cells);
	t->is_by_unit = by_unit;
	if (t->nargs == 0 && by_unit)
		add_units(t, &none, batch, cells);
	else if (t->nargs == 0)
		add_rows(t, &none, batch, &kept, cells, args);
	else if (by_unit && sum_up(args[0].values, batch->rows, t->sums))
		add_whole_units(t, &whole, batch, cells, args[0].values);
	else if (t->nblocks == 1 && marks == NULL)
		add_whole_rows(t, &whole, batch, &all, cells, args[0].values);
	else if (t->nblocks == 1)
		add_whole_rows(t, &whole, batch, &kept, cells, args[0].values);
	else
		add_rows(t, &in, batch, &kept, cells, args);
}

void sl_tally_end(struct sl_tally *t)
{
	struct shape in = shape_of(t);

	sl_presence_end(&t->presence);
	t->population = t->presence.kept;
	t->complement = t->presence.present - t->presence.kept;
	t->partly = t->presence.kept + t->presence.left_out - t->presence.present;
	for (uint32_t cell = 0; cell < t->ncells; cell++) {
		struct sl_tally_block *c = cell_at(t, cell);
		if (c->tag != 0)
			fold_cell(t, &in, cell, c, t->nblocks > 1);
		c->tag = 0;
	}
	sl_tally_add_late(t);
}
