/* tally_tell.c - ended tallies, merged and told as evidence: see tally.h. */
#include "enclave/engine/tally_cell.h"

static void merge_rows(struct sl_tally_block *b, const struct sl_tally_block *from)
{
	b->units += from->units;
	b->rows += from->rows;
	b->rows_by_one_max = from->rows_by_one_max > b->rows_by_one_max ? from->rows_by_one_max : b->rows_by_one_max;
}

static void merge_values(struct sl_tally_block *b, struct sl_tally_rest *rest, const struct sl_tally_block *from,
                         const struct sl_tally_rest *from_rest)
{
	if (from->flags & SL_TALLY_ANY)
		note_value(b, rest, from_rest->value);
	b->flags |= from->flags & SL_TALLY_DIFFER;
}

/* from's totals to b's. */
static void merge_totals(struct sl_tally_block *b, struct sl_tally_rest *rest, const struct sl_tally_block *from,
                         const struct sl_tally_rest *from_rest)
{
	merge_values(b, rest, from, from_rest);
	if (from_rest->has_total) {
		rest->least = !rest->has_total || from_rest->least < rest->least ? from_rest->least : rest->least;
		rest->most = !rest->has_total || from_rest->most > rest->most ? from_rest->most : rest->most;
		rest->has_total = 1;
	}
	for (uint32_t i = 0; i < 3; i++)
		insert_top(rest, from_rest->top[i]);
	rest->wide_sum += from_rest->wide_sum + from->sum;
	rest->negative_sum += from_rest->negative_sum;
	rest->negatives += from_rest->negatives;
	rest->zeros += from_rest->zeros;
	rest->overflow |= from_rest->overflow;
}

static void merge_cell(struct sl_tally *t, const struct sl_tally *from, uint32_t cell)
{
	struct sl_tally_block *c = cell_at(t, cell);
	const struct sl_tally_block *other = cell_at(from, cell);

	for (uint32_t a = 0; a < t->nargs; a++) {
		struct sl_tally_block *b = c + t->block_of[a];
		const struct sl_tally_block *f = other + t->block_of[a];
		if (t->block_of[a] > 0)
			merge_rows(b, f);
		if (t->args[a].is_condition) {
			b->sum += f->sum;
			b->not_true += f->not_true;
		} else {
			merge_totals(b, rest_at(t, cell, a), f, rest_at(from, cell, a));
		}
	}
	merge_rows(c, other); /* last: a whole argument asks how many units were there before */
}

void sl_tally_merge(struct sl_tally *t, const struct sl_tally *from)
{
	for (uint32_t cell = 0; cell < t->ncells; cell++)
		merge_cell(t, from, cell);
	for (uint32_t m = 0; m < t->nmargins; m++)
		for (uint32_t i = 0; i < t->margins[m].ncells; i++)
			t->margins[m].units[i] += from->margins[m].units[i];
	t->population += from->population;
	t->complement += from->complement;
	t->partly += from->partly;
}

static void condition_evidence(const struct sl_tally_block *b, enum sl_stat_fn fn, struct sl_evidence *e)
{
	/* A count tells true from the rest; a share true from false. */
	uint64_t of = fn == SL_STAT_SHARE ? (uint64_t)b->sum : e->cell_rows;

	e->complement_units = b->not_true;
	e->known_rows = fn == SL_STAT_SHARE ? (uint64_t)b->sum : b->rows;
	e->all_equal = of > 0 && (b->rows == 0 || b->rows == of);
}

static void magnitude_evidence(const struct sl_tally_block *b, const struct sl_tally_rest *rest, struct sl_evidence *e)
{
	e->known_rows = b->rows;
	e->overflow = rest->overflow;
	/* Where a total left 64 bits nothing that rests on the totals may be used, so nothing of it is told. */
	if (rest->overflow)
		return;
	e->negatives = rest->negatives;
	e->zeros = rest->zeros;
	e->sum = rest->wide_sum + b->sum;
	e->sum_abs = e->sum + 2 * rest->negative_sum;
	e->top1 = rest->top[0];
	e->top2 = rest->top[1];
	e->top3 = rest->top[2];
	e->unit_min = rest->least;
	e->unit_max = rest->most;
	e->all_equal = (b->flags & SL_TALLY_ANY) && (!(b->flags & SL_TALLY_DIFFER) || rest->least == rest->most);
}

void sl_tally_evidence(const struct sl_tally *t, uint32_t cell, int arg, enum sl_stat_fn fn, struct sl_evidence *out)
{
	const struct sl_tally_block *c = cell_at(t, cell), *b = arg == SL_TALLY_NO_ARG ? c : c + t->block_of[arg];

	*out = (struct sl_evidence){ .cell_units = c->units, .cell_rows = c->rows, .contributors = b->units,
		.rows = b->rows, .known_rows = b->rows, .rows_by_one_max = b->rows_by_one_max };
	if (arg == SL_TALLY_NO_ARG)
		return;
	if (t->args[arg].is_condition)
		condition_evidence(b, fn, out);
	else if (fn != SL_STAT_QUANTILE)
		magnitude_evidence(b, rest_at(t, cell, (uint32_t)arg), out);
}
