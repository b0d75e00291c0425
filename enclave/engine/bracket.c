/* bracket.c - see bracket.h. */
#include "enclave/engine/bracket.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/engine/sides.h"

/* Of the k-th bracket of a pair; where a unit has rows inside is noted further up. */
#define BELOW(k) (1u << 2 * (k))
#define ABOVE(k) (2u << 2 * (k))
#define INSIDE_SHIFT (2 * SL_BRACKET_PAIR)
#define INSIDE(k) (1u << INSIDE_SHIFT << 2 * (k))

uint64_t sl_brackets_bytes(const struct sl_brackets *b)
{
	return (uint64_t)b->nlanes * ((uint64_t)b->npairs * b->ncells * sizeof *b->cells + b->npairs * sizeof *b->held);
}

static int32_t near_end(int64_t end, int64_t least)
{
	return (int32_t)(end < least ? least : end > SL_HELD_NEAR ? SL_HELD_NEAR : end);
}

struct sl_bracket_near sl_bracket_near(struct sl_bracket bracket)
{
	return (struct sl_bracket_near){ near_end(bracket.lo, -SL_HELD_NEAR), near_end(bracket.hi, -SL_HELD_NEAR - 1) };
}

static void set_bracket(struct sl_bracket_cell *c, size_t k, struct sl_bracket bracket)
{
	c->of[k] = bracket;
	c->near[k] = sl_bracket_near(bracket);
}

enum sl_rc sl_brackets_init(struct sl_brackets *b, struct sl_err *err)
{
	size_t ncells = (size_t)b->nlanes * b->npairs * b->ncells;

	b->cells = aligned_alloc(64, ncells * sizeof *b->cells);
	b->held = calloc((size_t)b->nlanes * b->npairs, sizeof *b->held);
	if (b->cells == NULL || b->held == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for brackets of %u cells", b->ncells);
	memset(b->cells, 0, ncells * sizeof *b->cells);
	for (size_t i = 0; i < ncells * SL_BRACKET_PAIR; i++)
		set_bracket(&b->cells[i / SL_BRACKET_PAIR], i % SL_BRACKET_PAIR, (struct sl_bracket){ INT64_MIN, INT64_MAX });
	return SL_OK;
}

void sl_brackets_fini(struct sl_brackets *b)
{
	if (b->held != NULL)
		sl_held_wipe(b->held, b->nlanes * b->npairs);
	for (size_t i = 0; b->held != NULL && i < (size_t)b->nlanes * b->npairs; i++)
		sl_held_fini(&b->held[i]);
	free(b->cells);
	free(b->held);
	memset(b, 0, sizeof *b);
}

static inline struct sl_bracket_cell *cells_of(const struct sl_brackets *b, uint32_t lane, uint32_t pair)
{
	return b->cells + ((size_t)lane * b->npairs + pair) * b->ncells;
}

void sl_brackets_set(struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell, struct sl_bracket bracket)
{
	for (uint32_t lane = 0; lane < b->nlanes; lane++)
		set_bracket(&cells_of(b, lane, pair)[cell], k, bracket);
}

struct sl_bracket sl_brackets_of(const struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell)
{
	return cells_of(b, 0, pair)[cell].of[k];
}

struct sl_held_lists sl_brackets_lists(const struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell)
{
	return (struct sl_held_lists){ sl_brackets_held(b, 0, pair), b->nlanes, b->npairs, sl_brackets_list(cell, k) };
}

/* What a unit met so far; rows that count: they follow each other in one cell. */
static inline uint32_t flags_of(uint32_t k, struct sl_sides s, uint32_t rows)
{
	return (s.below > 0 ? BELOW(k) : 0) | (rows > s.upto ? ABOVE(k) : 0) | (s.upto > s.below ? INSIDE(k) : 0);
}

static inline void begin_unit(struct sl_bracket_cell *c, uint32_t tag)
{
	if (c->tag == tag)
		return;
	c->units[c->met % SL_BRACKET_FLAGS]++;
	c->met = 0;
	c->tag = tag;
}

/*
 * Rows of the present unit, that count and follow each other. Its first row inside says on which sides the unit was
 * counted, so that it is not counted there again when some of those inside turn out to lie there.
 */
static inline __attribute__((always_inline)) void meet_rows(struct sl_bracket_cell *c, uint32_t k, struct sl_held *h,
                                                            uint32_t cell, uint32_t from, uint32_t end,
                                                            const int64_t *values)
{
	struct sl_sides s = sl_sides_of_rows(c, k, h, sl_brackets_list(cell, k), from, end, values);

	c->sums.below[k] += s.below;
	if (!(c->met & INSIDE(k)))
		c->first[k] = s.first;
	c->met |= flags_of(k, s, end - from);
	if (c->met & INSIDE(k))
		h->marks[c->first[k]] = (uint8_t)(SL_HELD_FIRST | (c->met >> 2 * k & (BELOW(0) | ABOVE(0))));
}

/* The rows from `r` on that are of one unit in one cell; returns the row after the last. */
static inline __attribute__((always_inline)) uint32_t meet_stretch(struct sl_bracket_cell *of, struct sl_held *h,
                                                                   uint32_t n, const struct sl_batch *batch,
                                                                   const uint8_t *marks, const uint32_t *cells,
                                                                   const struct sl_computed *arg, uint32_t r)
{
	uint32_t cell = cells[r], from = r, rows = batch->rows;
	int64_t unit = batch->units[r];
	bool all = marks == NULL && arg->nulls == NULL;

	do
		r++;
	while (r < rows && batch->units[r] == unit && cells[r] == cell && (all || sl_computed_counts(arg, marks, r)));
	begin_unit(&of[cell], (uint32_t)unit + 1);
	for (uint32_t k = 0; k < n; k++)
		meet_rows(&of[cell], k, h, cell, from, r, arg->values);
	return r;
}

void sl_brackets_add(const struct sl_brackets *b, uint32_t lane, uint32_t pair, const struct sl_batch *batch,
                     const uint8_t *marks, const uint32_t *cells, const struct sl_computed *arg)
{
	struct sl_bracket_cell *of = cells_of(b, lane, pair);
	struct sl_held *h = sl_brackets_held(b, lane, pair);
	struct sl_computed whole = { arg->values, NULL };
	uint32_t n = b->pairs[pair].n;

	if (marks == NULL && arg->nulls == NULL)
		for (uint32_t r = 0; r < batch->rows;)
			r = meet_stretch(of, h, n, batch, NULL, cells, &whole, r);
	else
		for (uint32_t r = 0; r < batch->rows;)
			r = sl_computed_counts(arg, marks, r) ? meet_stretch(of, h, n, batch, marks, cells, arg, r) : r + 1;
}

static void meet_edge(struct sl_bracket_cell *of, struct sl_held *h, uint32_t n, const struct sl_sides_order *o,
                      uint32_t u, int64_t unit)
{
	uint32_t cell = o->cells[u];

	begin_unit(&of[cell], (uint32_t)unit + 1);
	for (uint32_t k = 0; k < n; k++)
		meet_rows(&of[cell], k, h, cell, u > 0 ? o->ends.ends[u - 1] : 0, o->ends.ends[u], o->values);
}

void sl_brackets_add_units(const struct sl_brackets *b, uint32_t lane, uint32_t pair, const struct sl_batch *batch,
                           const uint32_t *unit_cells, const int64_t *values)
{
	struct sl_bracket_cell *of = cells_of(b, lane, pair);
	struct sl_held *h = sl_brackets_held(b, lane, pair);
	uint32_t n = b->pairs[pair].n, last = batch->ends.n - 1;
	struct sl_sides_order order = { .ends = batch->ends, .u = 1, .to = last, .rows = batch->rows, .cells = unit_cells,
		.values = values, .two = n == SL_BRACKET_PAIR };

	/* Units at the edges may have rows in another batch. */
	meet_edge(of, h, n, &order, 0, sl_batch_first_unit(batch));
	if (last > 1)
		sl_sides_of_units(of, h, &order);
	if (last > 0)
		meet_edge(of, h, n, &order, last, sl_batch_last_unit(batch));
}

void sl_brackets_end(struct sl_brackets *b)
{
	for (size_t i = 0; i < (size_t)b->nlanes * b->npairs * b->ncells; i++) {
		struct sl_bracket_cell *c = &b->cells[i];
		c->units[c->met % SL_BRACKET_FLAGS] += c->tag != 0;
		c->tag = c->met = 0;
		for (uint32_t k = 0; k < SL_BRACKET_PAIR; k++)
			sl_held_end(&b->held[i / b->ncells], &c->end[k]);
	}
}

const struct sl_bracket_cell *sl_brackets_cell(const struct sl_brackets *b, uint32_t lane, uint32_t pair, uint32_t cell)
{
	return &cells_of(b, lane, pair)[cell];
}

struct sl_bracket_around sl_brackets_around(const struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell)
{
	struct sl_held_lists inside = sl_brackets_lists(b, pair, k, cell);
	struct sl_bracket_around a = { .rows_inside = sl_held_rows(&inside) };

	for (uint32_t lane = 0; lane < b->nlanes; lane++) {
		const struct sl_bracket_cell *c = sl_brackets_cell(b, lane, pair, cell);
		for (uint32_t flags = 0; flags < SL_BRACKET_FLAGS; flags++) {
			a.units_below += flags & BELOW(k) ? c->units[flags] : 0;
			a.units_above += flags & ABOVE(k) ? c->units[flags] : 0;
		}
		a.rows_below += c->sums.below[k];
	}
	return a;
}
