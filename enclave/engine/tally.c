/* tally.c - see tally.h. */
#include "enclave/engine/tally.h"

#include <stdlib.h>
#include <string.h>

static enum sl_tally_kind kind_of(uint8_t fn)
{
	if (fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE)
		return SL_TALLY_CONDITION;
	/* MIN and MAX are refused by the check, which looks at the same evidence as for a sum. */
	if (fn == SL_STAT_SUM || fn == SL_STAT_MEAN || fn == SL_STAT_MIN || fn == SL_STAT_MAX)
		return SL_TALLY_MAGNITUDE;
	return SL_TALLY_NONE;
}

static uint64_t margin_cells(const struct sl_plan *plan, const struct sl_view *view, uint32_t k, uint64_t ncells)
{
	const struct sl_column *c = sl_plan_key_column(plan, view, k);

	return c->sensitive ? ncells / sl_column_ngroups(c, plan->keys[k].banded != 0) : 0;
}

uint64_t sl_tally_bytes(const struct sl_plan *plan, const struct sl_view *view)
{
	uint64_t ncells = sl_plan_cells(plan, view), each = sizeof(struct sl_tally_cell) + sizeof(uint32_t), bytes;

	for (uint32_t i = 0; i < plan->nstats; i++)
		each += sizeof(struct sl_evidence) +
		        (kind_of(plan->stats[i].fn) != SL_TALLY_NONE ? sizeof(struct sl_tally_slot) : 0);
	for (uint32_t k = 0; k < plan->nkeys; k++)
		if (margin_cells(plan, view, k, ncells) > 0)
			each += sizeof(uint64_t) + sizeof(struct sl_margin_cell); /* a margin has at most ncells */
	return __builtin_mul_overflow(ncells, each, &bytes) ? UINT64_MAX : bytes;
}

static enum sl_rc init_margins(struct sl_tally *t, const struct sl_view *view, struct sl_err *err)
{
	struct sl_result *r = t->result;

	r->margins = calloc(SL_KEYS_MAX, sizeof *r->margins);
	if (r->margins == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for margins");
	for (uint32_t k = 0; k < t->plan->nkeys; k++) {
		uint32_t n = (uint32_t)margin_cells(t->plan, view, k, t->ncells);
		if (n == 0)
			continue;
		struct sl_margin *m = &r->margins[r->nmargins++];
		*m = (struct sl_margin){ .key = (uint16_t)k, .cells = calloc(n, sizeof *m->cells), .ncells = n };
		t->margin_serial[k] = calloc(n, sizeof *t->margin_serial[k]);
		if (m->cells == NULL || t->margin_serial[k] == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for a margin of %u cells", n);
	}
	return SL_OK;
}

enum sl_rc sl_tally_init(struct sl_tally *t, const struct sl_plan *plan, const struct sl_view *view,
                         const struct sl_keys *keys, struct sl_result *result, struct sl_err *err)
{
	memset(t, 0, sizeof *t);
	t->plan = plan;
	t->keys = keys;
	t->result = result;
	t->ncells = (uint32_t)sl_plan_cells(plan, view);
	t->nstats = plan->nstats;
	for (uint32_t i = 0; i < plan->nstats; i++) {
		t->kind[i] = (uint8_t)kind_of(plan->stats[i].fn);
		if (t->kind[i] != SL_TALLY_NONE)
			t->slot_stat[t->nslots++] = i;
	}
	size_t nslots = (size_t)t->ncells * t->nslots;
	t->cells = calloc(t->ncells, sizeof *t->cells);
	t->touched = calloc(t->ncells, sizeof *t->touched);
	t->slots = calloc(nslots > 0 ? nslots : 1, sizeof *t->slots);
	result->filtered = plan->where.nops > 0;
	result->evidence = calloc((size_t)t->ncells * t->nstats, sizeof *result->evidence);
	if (t->cells == NULL || t->touched == NULL || t->slots == NULL || result->evidence == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %u cells of %u statistics", t->ncells, t->nstats);
	result->nevidence = t->ncells * t->nstats;
	return init_margins(t, view, err);
}

void sl_tally_fini(struct sl_tally *t)
{
	free(t->cells);
	free(t->touched);
	free(t->slots);
	for (uint32_t k = 0; k < SL_KEYS_MAX; k++)
		free(t->margin_serial[k]);
	memset(t, 0, sizeof *t);
}

/* Largest three, falling. */
static void insert_top(struct sl_evidence *e, int64_t v)
{
	if (v > e->top1) {
		e->top3 = e->top2;
		e->top2 = e->top1;
		e->top1 = v;
	} else if (v > e->top2) {
		e->top3 = e->top2;
		e->top2 = v;
	} else if (v > e->top3) {
		e->top3 = v;
	}
}

static void fold_total(struct sl_tally_slot *s, struct sl_evidence *e)
{
	sl_i128 size = s->total < 0 ? -s->total : s->total;

	e->sum += s->total;
	e->sum_abs += size;
	e->negatives += s->total < 0;
	e->zeros += s->total == 0;
	if (size > INT64_MAX) {
		e->overflow = 1;
		return;
	}
	int64_t total = (int64_t)s->total;
	insert_top(e, (int64_t)size);
	if (!s->any_total || total < e->unit_min)
		e->unit_min = total;
	if (!s->any_total || total > e->unit_max)
		e->unit_max = total;
	if (!s->any_total)
		s->first_total = total;
	s->totals_differ |= total != s->first_total;
	s->any_total = 1;
}

static void fold_slot(struct sl_tally_slot *s, struct sl_evidence *e, enum sl_tally_kind kind)
{
	if (s->met > 0) {
		e->contributors++;
		e->rows += s->met;
		if (s->met > e->rows_by_one_max)
			e->rows_by_one_max = s->met;
		if (kind == SL_TALLY_MAGNITUDE)
			fold_total(s, e);
	}
	e->complement_units += kind == SL_TALLY_CONDITION && s->unmet > 0;
	s->total = 0;
	s->met = 0;
	s->unmet = 0;
}

/* What the unit gave, into the evidence. Cells are visited in the order it touched them; no sum depends on it. */
static void fold_unit(struct sl_tally *t)
{
	for (uint32_t i = 0; i < t->ntouched; i++) {
		uint32_t cell = t->touched[i];
		struct sl_tally_cell *c = &t->cells[cell];
		c->units++;
		c->rows += c->unit_rows;
		if (c->unit_rows > c->rows_by_one_max)
			c->rows_by_one_max = c->unit_rows;
		for (uint32_t s = 0; s < t->nslots; s++) {
			uint32_t stat = t->slot_stat[s];
			fold_slot(&t->slots[(size_t)cell * t->nslots + s],
			          &t->result->evidence[(size_t)cell * t->nstats + stat], t->kind[stat]);
		}
	}
	t->ntouched = 0;
	if (t->serial == 0)
		return;
	t->result->population += t->kept;
	t->result->complement += !t->kept;
	t->result->partly += t->kept && t->left_out;
}

static void begin_unit(struct sl_tally *t, int64_t unit)
{
	fold_unit(t);
	t->serial++;
	t->unit = unit;
	t->kept = false;
	t->left_out = false;
}

/* The unit's first row in this cell. */
static void touch(struct sl_tally *t, uint32_t cell)
{
	struct sl_margin *m = t->result->margins;

	t->cells[cell].serial = t->serial;
	t->cells[cell].unit_rows = 0;
	t->touched[t->ntouched++] = cell;
	for (; m < t->result->margins + t->result->nmargins; m++) {
		uint32_t at = sl_keys_without(t->keys, cell, m->key);
		if (t->margin_serial[m->key][at] != t->serial)
			m->cells[at].units++;
		t->margin_serial[m->key][at] = t->serial;
	}
}

static void add_condition(struct sl_tally_slot *s, int64_t value, bool missing)
{
	bool met = !missing && value != 0;

	s->met += met;
	s->unmet += !met;
	s->known += !missing;
}

static void add_magnitude(struct sl_tally_slot *s, int64_t value, bool missing)
{
	if (missing)
		return;
	s->total += value;
	s->met++;
	if (!s->any_value)
		s->first_value = value;
	s->any_value = 1;
	s->values_differ |= value != s->first_value;
}

void sl_tally_add(struct sl_tally *t, const struct sl_batch *batch, const uint8_t *kept, const uint32_t *cells,
                  const struct sl_computed *args)
{
	for (uint32_t r = 0; r < batch->rows; r++) {
		if (t->serial == 0 || batch->units[r] != t->unit)
			begin_unit(t, batch->units[r]);
		if (kept != NULL && !kept[r]) {
			t->left_out = true;
			continue;
		}
		t->kept = true;
		uint32_t cell = cells[r];
		if (t->cells[cell].serial != t->serial)
			touch(t, cell);
		t->cells[cell].unit_rows++;
		struct sl_tally_slot *slot = &t->slots[(size_t)cell * t->nslots];
		for (uint32_t s = 0; s < t->nslots; s++, slot++) {
			bool missing = args[s].nulls != NULL && args[s].nulls[r] != 0;
			if (t->kind[t->slot_stat[s]] == SL_TALLY_CONDITION)
				add_condition(slot, args[s].values[r], missing);
			else
				add_magnitude(slot, args[s].values[r], missing);
		}
	}
}

static void finish_counted(const struct sl_tally_cell *c, struct sl_evidence *e)
{
	e->contributors = c->units;
	e->rows = c->rows;
	e->known_rows = c->rows;
	e->rows_by_one_max = c->rows_by_one_max;
}

static void finish_slot(const struct sl_tally_slot *s, enum sl_stat_fn fn, struct sl_evidence *e)
{
	e->known_rows = fn == SL_STAT_SHARE ? s->known : e->rows;
	if (kind_of((uint8_t)fn) == SL_TALLY_CONDITION) {
		/* A count tells true from the rest; a share true from false. */
		uint64_t of = fn == SL_STAT_SHARE ? s->known : e->cell_rows;
		e->all_equal = of > 0 && (e->rows == 0 || e->rows == of);
		return;
	}
	e->all_equal = s->any_value && (!s->values_differ || !s->totals_differ);
	if (e->overflow) {
		/* Nothing that rests on the totals may be used, so nothing of it is told. */
		e->sum = e->sum_abs = 0;
		e->negatives = e->zeros = 0;
		e->top1 = e->top2 = e->top3 = e->unit_min = e->unit_max = 0;
		e->all_equal = 0;
	}
}

void sl_tally_end(struct sl_tally *t)
{
	fold_unit(t);
	t->serial = 0;
	for (uint32_t cell = 0; cell < t->ncells; cell++) {
		const struct sl_tally_slot *slot = &t->slots[(size_t)cell * t->nslots];
		for (uint32_t i = 0; i < t->nstats; i++) {
			struct sl_evidence *e = &t->result->evidence[(size_t)cell * t->nstats + i];
			e->cell_units = t->cells[cell].units;
			e->cell_rows = t->cells[cell].rows;
			if (t->kind[i] == SL_TALLY_NONE)
				finish_counted(&t->cells[cell], e);
			else
				finish_slot(slot++, t->plan->stats[i].fn, e);
		}
	}
}
