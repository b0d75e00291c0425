/* tally.c - see tally.h. */
#include "enclave/engine/tally.h"

#include <stdlib.h>
#include <string.h>

#define PREFETCH_ROWS 12 /* a cell is fetched so many rows before it is needed */

static inline struct sl_tally_cell *cell_at(const struct sl_tally *t, uint32_t cell)
{
	return (struct sl_tally_cell *)(void *)(t->now + cell * t->now_bytes);
}

static inline struct sl_tally_now *now_of(struct sl_tally_cell *c)
{
	return (struct sl_tally_now *)(c + 1);
}

static inline struct sl_tally_count *count_at(const struct sl_tally *t, uint32_t cell)
{
	return (struct sl_tally_count *)(void *)(t->past + cell * t->past_bytes);
}

/* Behind a count, on the next 16 bytes. */
#define COUNT_BYTES ((sizeof(struct sl_tally_count) + 15) / 16 * 16)

static inline struct sl_tally_past *past_of(struct sl_tally_count *c)
{
	return (struct sl_tally_past *)(void *)((uint8_t *)c + COUNT_BYTES);
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
	t->unit = -1;
	t->now_bytes = sizeof(struct sl_tally_cell) + nargs * sizeof(struct sl_tally_now);
	t->past_bytes = COUNT_BYTES + nargs * sizeof(struct sl_tally_past);
	t->now = calloc(t->ncells, t->now_bytes);
	t->past = calloc(t->ncells, t->past_bytes);
	if (t->now == NULL || t->past == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %u cells of %u statistics", t->ncells, nargs);
	for (uint32_t cell = 0; cell < t->ncells; cell++)
		cell_at(t, cell)->unit = -1;
	return init_margins(t, plan, view, err);
}

void sl_tally_fini(struct sl_tally *t)
{
	free(t->now);
	free(t->past);
	for (uint32_t m = 0; m < t->nmargins; m++) {
		free(t->margins[m].last);
		free(t->margins[m].units);
	}
	memset(t, 0, sizeof *t);
}

/* Largest three, falling. */
static void insert_top(struct sl_tally_past *p, int64_t v)
{
	if (v > p->top1) {
		p->top3 = p->top2;
		p->top2 = p->top1;
		p->top1 = v;
	} else if (v > p->top2) {
		p->top3 = p->top2;
		p->top2 = v;
	} else if (v > p->top3) {
		p->top3 = v;
	}
}

/* A unit total, as the contributors-th. */
static inline void fold_total(struct sl_tally_past *p, sl_i128 wide)
{
	int64_t total = (int64_t)wide;

	p->sum += wide;
	if (wide != total || total == INT64_MIN) {
		p->overflow = 1;
		return;
	}
	int64_t size = total < 0 ? -total : total;
	if (p->contributors == 1)
		p->unit_min = p->unit_max = total;
	p->unit_min = total < p->unit_min ? total : p->unit_min;
	p->unit_max = total > p->unit_max ? total : p->unit_max;
	if (size > p->top3)
		insert_top(p, size);
	if (total <= 0) {
		p->zeros += total == 0;
		p->negatives += total < 0;
		p->negative_sum += size;
	}
}

static inline void fold_arg(struct sl_tally_now *now, struct sl_tally_past *p, bool is_condition)
{
	if (now->met > 0) {
		p->contributors++;
		p->rows += now->met;
		p->rows_by_one_max = now->met > p->rows_by_one_max ? now->met : p->rows_by_one_max;
		if (!is_condition)
			fold_total(p, now->total);
	}
	if (is_condition) {
		p->complement_units += now->unmet > 0;
		p->known += now->known;
		now->unmet = 0;
		now->known = 0;
	}
	now->met = 0;
	now->total = 0;
}

/* What the last unit gave a cell, into the evidence. */
static inline void fold_cell(const struct sl_tally *t, uint32_t cell, struct sl_tally_cell *c)
{
	struct sl_tally_count *count = count_at(t, cell);

	count->units++;
	count->rows += c->unit_rows;
	count->rows_by_one_max = c->unit_rows > count->rows_by_one_max ? c->unit_rows : count->rows_by_one_max;
	for (uint32_t a = 0; a < t->nargs; a++)
		fold_arg(&now_of(c)[a], &past_of(count)[a], t->args[a].is_condition);
}

static void touch_margins(struct sl_tally *t, uint32_t cell, int64_t unit)
{
	for (uint32_t m = 0; m < t->nmargins; m++) {
		uint32_t at = sl_keys_without(t->keys, cell, t->margins[m].key);
		t->margins[m].units[at] += t->margins[m].last[at] != unit;
		t->margins[m].last[at] = unit;
	}
}

static inline void add_condition(struct sl_tally_now *now, int64_t value, bool missing)
{
	bool met = !missing && value != 0;

	now->met += met;
	now->unmet += !met;
	now->known += !missing;
}

static inline void add_magnitude(struct sl_tally_now *now, int64_t value)
{
	now->total += value;
	now->met++;
	if (!now->any_value)
		now->first_value = value;
	now->any_value = 1;
	now->values_differ |= value != now->first_value;
}

static inline void add_arg(struct sl_tally_now *now, bool is_condition, const struct sl_computed *arg, uint32_t row)
{
	bool missing = arg->nulls != NULL && arg->nulls[row] != 0;

	if (is_condition)
		add_condition(now, arg->values[row], missing);
	else if (!missing)
		add_magnitude(now, arg->values[row]);
}

/* nargs is a constant where it matters, so that the loop over arguments goes away. */
static inline __attribute__((always_inline)) void add_rows(struct sl_tally *t, const struct sl_batch *batch,
                                                           const uint8_t *marks, const uint32_t *cells,
                                                           const struct sl_computed *args, uint32_t nargs)
{
	for (uint32_t r = 0; r < batch->rows; r++) {
		uint32_t ahead = r + PREFETCH_ROWS < batch->rows ? r + PREFETCH_ROWS : r;
		__builtin_prefetch(t->now + cells[ahead] * t->now_bytes, 1);
		__builtin_prefetch(t->past + cells[ahead] * t->past_bytes, 1);
		__builtin_prefetch(t->past + cells[ahead] * t->past_bytes + 64, 1);
		if (marks != NULL && marks[r] != SL_ROW_KEPT)
			continue;
		struct sl_tally_cell *c = cell_at(t, cells[r]);
		if (c->unit != batch->units[r]) {
			if (c->unit >= 0)
				fold_cell(t, cells[r], c);
			c->unit = batch->units[r];
			c->unit_rows = 0;
			if (t->nmargins > 0)
				touch_margins(t, cells[r], c->unit);
		}
		c->unit_rows++;
		for (uint32_t a = 0; a < nargs; a++)
			add_arg(&now_of(c)[a], t->args[a].is_condition, &args[a], r);
	}
}

static void end_unit(struct sl_tally *t)
{
	t->population += t->kept;
	t->complement += !t->kept && t->left_out;
	t->partly += t->kept && t->left_out;
	t->kept = false;
	t->left_out = false;
}

/* Who is in the population, and who in the complement. */
static void count_units(struct sl_tally *t, const struct sl_batch *batch, const uint8_t *marks)
{
	const int64_t *u = batch->units;
	uint64_t begun = 0;

	if (u[0] != t->unit)
		end_unit(t);
	if (marks != NULL || batch->none_kept) {
		for (uint32_t r = 0; r < batch->rows; r++) {
			uint8_t mark = marks != NULL ? marks[r] : SL_ROW_LEFT_OUT;
			if (r > 0 && u[r] != u[r - 1])
				end_unit(t);
			t->kept |= mark == SL_ROW_KEPT;
			t->left_out |= mark == SL_ROW_LEFT_OUT;
		}
	} else {
		for (uint32_t r = 1; r < batch->rows; r++)
			begun += u[r] != u[r - 1];
		if (begun > 0) {
			t->kept = true;
			end_unit(t);
			t->population += begun - 1;
		}
		t->kept = true;
	}
	t->unit = u[batch->rows - 1];
}

void sl_tally_add(struct sl_tally *t, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                  const struct sl_computed *args)
{
	if (batch->rows == 0)
		return;
	count_units(t, batch, marks);
	if (batch->none_kept)
		return;
	if (t->nargs == 0)
		add_rows(t, batch, marks, cells, args, 0);
	else if (t->nargs == 1 && !t->args[0].is_condition)
		add_rows(t, batch, marks, cells, args, 1);
	else
		add_rows(t, batch, marks, cells, args, t->nargs);
}

void sl_tally_end(struct sl_tally *t)
{
	end_unit(t);
	t->unit = -1;
	for (uint32_t cell = 0; cell < t->ncells; cell++) {
		struct sl_tally_cell *c = cell_at(t, cell);
		if (c->unit >= 0)
			fold_cell(t, cell, c);
		c->unit = -1;
	}
}

static void merge_values(struct sl_tally_now *now, const struct sl_tally_now *from)
{
	if (!from->any_value)
		return;
	now->values_differ |= from->values_differ || (now->any_value && now->first_value != from->first_value);
	if (!now->any_value)
		now->first_value = from->first_value;
	now->any_value = 1;
}

static void merge_past(struct sl_tally_past *p, const struct sl_tally_past *from)
{
	const int64_t tops[] = { from->top1, from->top2, from->top3 };

	if (from->contributors > 0) {
		bool first = p->contributors == 0;
		p->unit_min = first || from->unit_min < p->unit_min ? from->unit_min : p->unit_min;
		p->unit_max = first || from->unit_max > p->unit_max ? from->unit_max : p->unit_max;
	}
	p->sum += from->sum;
	p->contributors += from->contributors;
	p->rows += from->rows;
	p->rows_by_one_max = from->rows_by_one_max > p->rows_by_one_max ? from->rows_by_one_max : p->rows_by_one_max;
	for (size_t i = 0; i < 3; i++)
		insert_top(p, tops[i]);
	p->negative_sum += from->negative_sum;
	p->negatives += from->negatives;
	p->zeros += from->zeros;
	p->complement_units += from->complement_units;
	p->known += from->known;
	p->overflow |= from->overflow;
}

void sl_tally_merge(struct sl_tally *t, const struct sl_tally *from)
{
	for (uint32_t cell = 0; cell < t->ncells; cell++) {
		struct sl_tally_count *count = count_at(t, cell), *other = count_at(from, cell);
		count->units += other->units;
		count->rows += other->rows;
		if (other->rows_by_one_max > count->rows_by_one_max)
			count->rows_by_one_max = other->rows_by_one_max;
		for (uint32_t a = 0; a < t->nargs; a++) {
			merge_values(&now_of(cell_at(t, cell))[a], &now_of(cell_at(from, cell))[a]);
			merge_past(&past_of(count)[a], &past_of(other)[a]);
		}
	}
	for (uint32_t m = 0; m < t->nmargins; m++)
		for (uint32_t i = 0; i < t->margins[m].ncells; i++)
			t->margins[m].units[i] += from->margins[m].units[i];
	t->population += from->population;
	t->complement += from->complement;
	t->partly += from->partly;
}

const struct sl_tally_count *sl_tally_count_at(const struct sl_tally *t, uint32_t cell)
{
	return count_at(t, cell);
}

static void condition_evidence(const struct sl_tally_past *p, enum sl_stat_fn fn, struct sl_evidence *e)
{
	/* A count tells true from the rest; a share true from false. */
	uint64_t of = fn == SL_STAT_SHARE ? p->known : e->cell_rows;

	e->complement_units = p->complement_units;
	e->known_rows = fn == SL_STAT_SHARE ? p->known : p->rows;
	e->all_equal = of > 0 && (p->rows == 0 || p->rows == of);
}

static void magnitude_evidence(const struct sl_tally_now *now, const struct sl_tally_past *p, struct sl_evidence *e)
{
	e->known_rows = p->rows;
	e->overflow = p->overflow;
	/* Where a total left 64 bits nothing that rests on the totals may be used, so nothing of it is told. */
	if (p->overflow)
		return;
	e->negatives = p->negatives;
	e->zeros = p->zeros;
	e->sum = p->sum;
	e->sum_abs = p->sum + 2 * p->negative_sum;
	e->top1 = p->top1;
	e->top2 = p->top2;
	e->top3 = p->top3;
	e->unit_min = p->unit_min;
	e->unit_max = p->unit_max;
	e->all_equal = now->any_value && (!now->values_differ || p->unit_min == p->unit_max);
}

void sl_tally_evidence(const struct sl_tally *t, uint32_t cell, int arg, enum sl_stat_fn fn, struct sl_evidence *out)
{
	struct sl_tally_count *count = count_at(t, cell);

	*out = (struct sl_evidence){ .cell_units = count->units, .cell_rows = count->rows };
	if (arg == SL_TALLY_NO_ARG) {
		out->contributors = count->units;
		out->rows = count->rows;
		out->known_rows = count->rows;
		out->rows_by_one_max = count->rows_by_one_max;
		return;
	}
	const struct sl_tally_past *p = &past_of(count)[arg];
	out->contributors = p->contributors;
	out->rows = p->rows;
	out->rows_by_one_max = p->rows_by_one_max;
	if (t->args[arg].is_condition)
		condition_evidence(p, fn, out);
	else
		magnitude_evidence(&now_of(cell_at(t, cell))[arg], p, out);
}
