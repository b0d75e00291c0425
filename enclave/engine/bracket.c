/* bracket.c - see bracket.h. */
#include "enclave/engine/bracket.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/engine/sides.h"

_Static_assert(SL_HELD_ABOVE == 2 * SL_HELD_BELOW, "sides are told by flags as they lie");

/* Of the k-th bracket of a pair; where a unit has rows inside is noted further up. */
#define BELOW(k) (1u << 2 * (k))
#define ABOVE(k) (2u << 2 * (k))
#define INSIDE_SHIFT (2 * SL_BRACKET_PAIR)
#define INSIDE(k) (1u << INSIDE_SHIFT << 2 * (k))

uint64_t sl_brackets_bytes(const struct sl_brackets *b)
{
	return (uint64_t)b->nlanes * ((uint64_t)b->npairs * b->ncells * sizeof *b->cells + b->nquantiles * sizeof *b->held);
}

static int32_t near_end(int64_t end, int64_t least)
{
	return (int32_t)(end < least ? least : end > SL_BRACKET_NEAR ? SL_BRACKET_NEAR : end);
}

struct sl_bracket_near sl_bracket_near(struct sl_bracket bracket)
{
	return (struct sl_bracket_near){ near_end(bracket.lo, -SL_BRACKET_NEAR), near_end(bracket.hi, -SL_BRACKET_NEAR - 1) };
}

static void set_bracket(struct sl_bracket_cell *c, size_t k, struct sl_bracket bracket)
{
	c->of[k] = bracket;
	c->near[k] = sl_bracket_near(bracket);
}

enum sl_rc sl_brackets_init(struct sl_brackets *b, struct sl_err *err)
{
	size_t ncells = (size_t)b->nlanes * b->npairs * b->ncells;

	b->cells = calloc(ncells, sizeof *b->cells);
	b->held = calloc((size_t)b->nlanes * b->nquantiles, sizeof *b->held);
	if (b->cells == NULL || b->held == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for brackets of %u cells", b->ncells);
	for (size_t i = 0; i < ncells * SL_BRACKET_PAIR; i++)
		set_bracket(&b->cells[i / SL_BRACKET_PAIR], i % SL_BRACKET_PAIR, (struct sl_bracket){ INT64_MIN, INT64_MAX });
	return SL_OK;
}

void sl_brackets_fini(struct sl_brackets *b)
{
	if (b->held != NULL)
		sl_held_wipe(b->held, b->nlanes, b->nquantiles);
	for (size_t i = 0; b->held != NULL && i < (size_t)b->nlanes * b->nquantiles; i++)
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

/* Numbers whose order without a sign is that of values: one subtraction tells below from not, and inside from above. */
#define UNSIGNED(v) ((uint64_t)(v) ^ UINT64_C(1) << 63)

/* Rows of one unit in one cell that follow each other. */
struct stretch {
	uint32_t from, to;
	uint32_t met;
};

static inline uint32_t flags_of(uint32_t k, bool below, bool above, bool inside)
{
	return (below ? BELOW(k) : 0) | (above ? ABOVE(k) : 0) | (inside ? INSIDE(k) : 0);
}

/*
 * The stretch that begins at `from`. In registers: through memory each row would wait for the one before. Without a
 * branch: where a row lies cannot be guessed. False: none of the rows counts.
 */
static inline __attribute__((always_inline)) bool look(struct stretch *at, struct sl_bracket_cell *c,
                                                       struct sl_inside in[static SL_BRACKET_PAIR],
                                                       const struct sl_batch *batch, const uint32_t *cells,
                                                       const uint8_t *marks, const struct sl_computed *arg, bool two)
{
	const int64_t *values = arg->values, *units = batch->units;
	uint64_t lo_a = UNSIGNED(c->of[0].lo), wide_a = UNSIGNED(c->of[0].hi) - lo_a;
	uint64_t lo_b = UNSIGNED(c->of[1].lo), wide_b = UNSIGNED(c->of[1].hi) - lo_b;
	uint32_t none = 0, below_a = 0, below_b = 0, in_a = in[0].n, in_b = in[1].n;
	uint32_t r = at->from, cell = cells[r], rows = batch->rows;
	int64_t unit = units[r];

	do {
		if (!sl_computed_counts(arg, marks, r)) {
			none++;
			continue;
		}
		uint64_t v = UNSIGNED(values[r]), over;
		in[0].rows[in_a] = (uint16_t)r;
		below_a += __builtin_sub_overflow(v, lo_a, &over);
		in_a += over <= wide_a;
		if (two) {
			in[1].rows[in_b] = (uint16_t)r;
			below_b += __builtin_sub_overflow(v, lo_b, &over);
			in_b += over <= wide_b;
		}
	} while (++r < rows && units[r] == unit && cells[r] == cell);
	uint32_t n = r - at->from - none, inside_a = in_a - in[0].n, inside_b = in_b - in[1].n;
	at->to = r;
	in[0].n = in_a;
	in[1].n = in_b;
	c->rows[0] += SL_BRACKET_ROWS(below_a, inside_a);
	at->met = flags_of(0, below_a > 0, n > below_a + inside_a, inside_a > 0);
	if (two) {
		c->rows[1] += SL_BRACKET_ROWS(below_b, inside_b);
		at->met |= flags_of(1, below_b > 0, n > below_b + inside_b, inside_b > 0);
	}
	return n > 0;
}

/*
 * A unit's first row inside says on which sides the unit was counted, so that it is not counted there again when some
 * of those inside turn out to lie there. `first` is the number of rows that were inside before this stretch.
 */
static inline void note_sides(struct sl_bracket_cell *c, uint32_t k, struct sl_inside *in, uint32_t first,
                              uint32_t seen, struct sl_held *h)
{
	uint8_t sides = (uint8_t)(c->met >> 2 * k & (BELOW(0) | ABOVE(0)));

	/* When this stretch has no row inside, the next one that has writes over it. */
	in->counted[first] = seen & INSIDE(k) ? 0 : sides;
	if (__builtin_expect(!(seen & INSIDE(k)), 1))
		c->first[k] = h->rows + first;
	else if (c->first[k] < h->rows)
		h->list[c->first[k]].cell |= sides * SL_HELD_BELOW;
	else if (c->first[k] - h->rows < in->n)
		in->counted[c->first[k] - h->rows] |= sides;
}

static void hold_rows(struct sl_inside *in, struct sl_held *h, const struct sl_batch *batch, const uint32_t *cells,
                      const int64_t *values)
{
	uint32_t room = h->rows_max - h->rows, n = in->n < room ? in->n : room;

	h->overran |= n < in->n;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t r = in->rows[i];
		h->list[h->rows + i] = (struct sl_held_row){ values[r], (uint32_t)batch->units[r],
			cells[r] | in->counted[i] * SL_HELD_BELOW };
	}
	h->rows += n;
}

/* The rows of a unit that follow each other in one cell; `first` as in note_sides. */
static inline __attribute__((always_inline)) void meet_unit(const struct sl_bracket_pair *pair,
                                                            struct sl_bracket_cell *c, uint32_t tag, uint32_t met,
                                                            struct sl_inside in[static SL_BRACKET_PAIR],
                                                            const uint32_t first[static SL_BRACKET_PAIR],
                                                            struct sl_held *held, bool two)
{
	if (c->tag != tag) {
		c->units[c->met % SL_BRACKET_FLAGS]++;
		c->met = 0;
	}
	uint32_t seen = c->met;
	c->tag = tag;
	c->met = seen | met;
	note_sides(c, 0, &in[0], first[0], seen, &held[pair->at[0]]);
	if (two)
		note_sides(c, 1, &in[1], first[1], seen, &held[pair->at[1]]);
}

static void begin_lists(struct sl_inside in[static SL_BRACKET_PAIR], uint32_t rows)
{
	for (uint32_t k = 0; k < SL_BRACKET_PAIR; k++) {
		memset(in[k].counted, 0, rows + 1);
		in[k].n = 0;
	}
}

/* A unit that may have rows in another batch; `first` as in note_sides. */
static inline void meet_edge(const struct sl_bracket_pair *pair, struct sl_bracket_cell *c, uint32_t tag, uint32_t rows,
                             const struct sl_unit_sides *of, struct sl_inside in[static SL_BRACKET_PAIR],
                             const uint32_t first[static SL_BRACKET_PAIR], struct sl_held *held)
{
	uint8_t next[] = { in[0].counted[first[0]], in[1].counted[first[1]] };
	uint32_t met = 0;

	for (uint32_t k = 0; k < pair->n; k++) {
		uint32_t below = of->below[k], inside = of->inside[k];
		c->rows[k] += SL_BRACKET_ROWS(below, inside);
		met |= flags_of(k, below > 0, rows > below + inside, inside > 0);
	}
	meet_unit(pair, c, tag, met, in, first, held, pair->n == 2);
	/* With no row inside, the place is another unit's, who has been there already. */
	for (uint32_t k = 0; k < pair->n; k++)
		if (of->inside[k] == 0)
			in[k].counted[first[k]] = next[k];
}

/* What add_rows does, where all rows of each unit are in one cell, and none is left out. */
static void add_units(const struct sl_bracket_pair *pair, struct sl_bracket_cell *of, struct sl_held *held,
                      const struct sl_batch *batch, const uint32_t *cells, const int64_t *values)
{
	uint32_t n = batch->ends.n, last = n > 1 ? batch->ends.ends[n - 2] : 0;
	struct sl_unit_sides edges[2];
	struct sl_inside in[SL_BRACKET_PAIR];
	uint32_t first[SL_BRACKET_PAIR] = { 0 };

	in[0].n = in[1].n = 0;
	sl_sides_of_units(of, pair->n == 2, batch, cells, values, in, edges);
	if (n > 1)
		meet_edge(pair, &of[cells[0]], (uint32_t)batch->units[0] + 1, batch->ends.ends[0], &edges[0], in, first, held);
	for (uint32_t k = 0; k < pair->n; k++)
		first[k] = in[k].n - edges[1].inside[k];
	meet_edge(pair, &of[cells[last]], (uint32_t)batch->units[last] + 1, batch->rows - last, &edges[1], in, first, held);
	for (uint32_t k = 0; k < pair->n; k++)
		hold_rows(&in[k], &held[pair->at[k]], batch, cells, values);
}

static inline __attribute__((always_inline)) void add_rows(const struct sl_bracket_pair *pair,
                                                           struct sl_bracket_cell *of, struct sl_held *held,
                                                           const struct sl_batch *batch, const uint8_t *marks,
                                                           const uint32_t *cells, const struct sl_computed *arg,
                                                           bool two)
{
	struct sl_inside in[SL_BRACKET_PAIR];
	struct stretch at;

	begin_lists(in, batch->rows);
	for (at.to = 0; at.to < batch->rows;) {
		at.from = at.to;
		uint32_t first[] = { in[0].n, in[1].n }, tag = (uint32_t)batch->units[at.from] + 1;
		struct sl_bracket_cell *c = &of[cells[at.from]]; /* of rows that are not kept: any */
		if (look(&at, c, in, batch, cells, marks, arg, two))
			meet_unit(pair, c, tag, at.met, in, first, held, two);
	}
	for (uint32_t k = 0; k < pair->n; k++)
		hold_rows(&in[k], &held[pair->at[k]], batch, cells, arg->values);
}

void sl_brackets_add(const struct sl_brackets *b, uint32_t lane, uint32_t pair, const struct sl_batch *batch,
                     const uint8_t *marks, bool by_unit, const uint32_t *cells, const struct sl_computed *arg)
{
	const struct sl_bracket_pair *p = &b->pairs[pair];
	struct sl_bracket_cell *of = cells_of(b, lane, pair);
	struct sl_held *held = sl_brackets_held(b, lane, 0);
	struct sl_computed whole = { arg->values, NULL };

	if (by_unit && arg->nulls == NULL)
		add_units(p, of, held, batch, cells, arg->values);
	else if (p->n == 1)
		add_rows(p, of, held, batch, marks, cells, arg, false);
	else if (marks == NULL && arg->nulls == NULL)
		add_rows(p, of, held, batch, NULL, cells, &whole, true);
	else
		add_rows(p, of, held, batch, marks, cells, arg, true);
}

void sl_brackets_end(struct sl_brackets *b)
{
	for (size_t i = 0; i < (size_t)b->nlanes * b->npairs * b->ncells; i++) {
		struct sl_bracket_cell *c = &b->cells[i];
		c->units[c->met % SL_BRACKET_FLAGS] += c->tag != 0;
		c->tag = c->met = 0;
	}
}

struct sl_bracket_sums sl_brackets_sums(const struct sl_brackets *b, uint32_t pair, uint32_t k, uint32_t cell)
{
	struct sl_bracket_sums s = { 0 };

	for (uint32_t lane = 0; lane < b->nlanes; lane++) {
		const struct sl_bracket_cell *c = &cells_of(b, lane, pair)[cell];
		for (uint32_t flags = 0; flags < SL_BRACKET_FLAGS; flags++) {
			s.units_below += flags & BELOW(k) ? c->units[flags] : 0;
			s.units_above += flags & ABOVE(k) ? c->units[flags] : 0;
		}
		s.rows_below += SL_BRACKET_BELOW(c->rows[k]);
		s.rows_inside += SL_BRACKET_INSIDE(c->rows[k]);
	}
	return s;
}
