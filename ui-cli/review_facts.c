/*
 * review_facts.c - see review_facts.h. Called by all that shows a review.
 */
#include "ui-cli/review_facts.h"

#include <inttypes.h>
#include <string.h>

static uint32_t columns_of(const struct sl_review *r, uint32_t i)
{
	return r->material.plans[i].nstats + r->material.plans[i].ncalcs;
}

static const struct sl_published_cell *at(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t column)
{
	return &r->publication.outputs[i].cells[(size_t)cell * columns_of(r, i) + column];
}

const struct sl_published_cell *sl_review_facts_value(const struct sl_review *r, uint32_t i, uint32_t row,
                                                      uint32_t column)
{
	return sl_publication_told(&r->publication, i, r->rows[i].cells[row], column, columns_of(r, i));
}

bool sl_review_facts_hides(const struct sl_review *r, uint32_t i, uint32_t row, uint32_t field)
{
	const struct sl_plan *plan = &r->material.plans[i];

	return field >= plan->nkeys && field - plan->nkeys < sl_plan_printed(plan) &&
	       !sl_review_facts_value(r, i, row, sl_plan_column(plan, field - plan->nkeys))->shown;
}

const struct sl_behind_number *sl_review_facts_number(const struct sl_review *r, uint32_t i, uint32_t cell,
                                                      uint32_t stat)
{
	if (i >= r->behind.noutputs)
		return NULL;
	return &r->behind.outputs[i].numbers[(size_t)cell * r->material.plans[i].nstats + stat];
}

const struct sl_behind_cell *sl_review_facts_before(const struct sl_review *r, uint32_t i, uint32_t cell)
{
	if (i >= r->behind.noutputs || r->behind.outputs[i].cells[cell].before == SL_BEFORE_NONE)
		return NULL;
	return &r->behind.outputs[i].cells[cell];
}

const struct sl_behind_was *sl_review_facts_was(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat)
{
	size_t n = (size_t)cell * r->material.plans[i].nstats + stat;

	if (i >= r->behind.noutputs || n >= r->behind.outputs[i].nwas || !r->behind.outputs[i].was[n].known)
		return NULL;
	return &r->behind.outputs[i].was[n];
}

bool sl_review_facts_compared(const struct sl_review *r, uint32_t i)
{
	return i < r->behind.noutputs && r->behind.outputs[i].compared;
}

static bool is_quotient(uint8_t fn)
{
	return fn == SL_STAT_MEAN || fn == SL_STAT_SHARE || fn == SL_STAT_QUANTILE ||
	       sl_stat_has_moments((enum sl_stat_fn)fn);
}

uint32_t sl_review_facts_left_out(const struct sl_review *r, uint32_t i)
{
	return r->publication.outputs[i].ncells / columns_of(r, i) - r->rows[i].nrows;
}

uint32_t sl_review_facts_nhidden(const struct sl_review *r, uint32_t i)
{
	const struct sl_plan *plan = &r->material.plans[i];
	uint32_t n = r->publication.outputs[i].suppressed, ncells = r->publication.outputs[i].ncells / columns_of(r, i);

	for (uint32_t s = 0; s < plan->nstats; s++)
		for (uint32_t cell = 0; cell < ncells && !sl_plan_prints(plan, s); cell++)
			n -= !at(r, i, cell, s)->shown;
	for (uint32_t k = 0; k < r->publication.nagain; k++)
		for (uint32_t c = 0; r->publication.again[k].output == i && c < r->publication.again[k].ncolumns; c++)
			n -= r->publication.again[k].columns[c].shown;
	return n;
}

bool sl_review_facts_has_rows(const struct sl_review *r, uint32_t i)
{
	for (uint32_t s = 0; s < r->material.plans[i].nstats; s++)
		if (is_quotient(r->material.plans[i].stats[s].fn))
			return true;
	return false;
}

void sl_review_facts_label(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	const struct sl_plan *plan = &r->material.plans[i];
	const struct sl_view *view = &r->material.view;

	for (uint32_t k = 0; k < plan->nkeys; k++)
		sl_buf_printf(out, "%s%s", k ? ", " : "",
		              sl_column_group_label(sl_plan_key_column(plan, view, k), plan->keys[k].banded != 0,
		                                    sl_plan_cell_group(plan, view, cell, k)));
	if (!plan->nkeys)
		sl_buf_text(out, "the only row");
}

/* --- findings -------------------------------------------------------------------------------------------- */

/* Findings stand by output, then cell; those of the whole output behind its cells'. */
static uint32_t first_of(const struct sl_review *r, uint32_t output, uint32_t cell)
{
	uint32_t low = 0, high = r->nfindings;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct sl_finding *f = r->findings[middle].finding;

		if (f->output < output || (f->output == output && f->cell < cell))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_of(const struct sl_review *r, uint32_t n, uint32_t output, uint32_t cell)
{
	return n < r->nfindings && r->findings[n].finding->output == output && r->findings[n].finding->cell == cell;
}

/* Findings of this cell that hide; stat: only those that speak of it or of the whole row. */
static uint32_t hidden_by(const struct sl_review *r, uint32_t output, uint32_t cell, uint32_t stat, bool of_row,
                          struct sl_review_hidden *out)
{
	uint32_t n = 0;

	for (uint32_t f = first_of(r, output, cell); is_of(r, f, output, cell) && n < SL_REVIEW_HIDDEN_MAX; f++) {
		const struct sl_finding *finding = r->findings[f].finding;

		if (finding->severity != SL_SEVERITY_REVIEW &&
		    (stat == SL_FINDING_WHOLE || finding->stat == SL_FINDING_WHOLE || finding->stat == stat))
			out[n++] = (struct sl_review_hidden){.finding = f, .of_row = of_row};
	}
	return n;
}

uint32_t sl_review_facts_hidden(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t column,
                                struct sl_review_hidden out[static SL_REVIEW_HIDDEN_MAX])
{
	uint32_t n = 0;

	if (column < r->material.plans[i].nstats)
		n = hidden_by(r, i, cell, column, false, out);
	if (!n)
		n = hidden_by(r, i, SL_FINDING_WHOLE, column, false, out);
	/* A quotient of hidden numbers is hidden, and so is what would give a number of its row back. */
	return n ? n : hidden_by(r, i, cell, SL_FINDING_WHOLE, true, out);
}

void sl_review_facts_kinds(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t column, struct sl_buf *out)
{
	struct sl_review_hidden by[SL_REVIEW_HIDDEN_MAX];
	uint32_t n = sl_review_facts_hidden(r, i, cell, column, by);

	sl_buf_text(out, SL_MARKER);
	for (uint32_t k = 0; k < n; k++) {
		bool told = false;

		for (uint32_t j = 0; j < k && !told; j++)
			told = by[j].of_row == by[k].of_row && !strcmp(r->findings[by[j].finding].rule, r->findings[by[k].finding].rule);
		if (!told)
			sl_buf_printf(out, "%s%s%s", k ? ", " : " ", by[k].of_row ? "of its row: " : "", r->findings[by[k].finding].rule);
	}
	if (!n && !r->publication.releasable)
		sl_buf_text(out, " refused");
}

/* --- flags ----------------------------------------------------------------------------------------------- */

static uint32_t flags_of(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat)
{
	const struct sl_behind_number *number = sl_review_facts_number(r, i, cell, stat);
	const struct sl_behind_cell *before = sl_review_facts_before(r, i, cell);
	const struct sl_behind_was *was = sl_review_facts_was(r, i, cell, stat);
	const struct sl_published_cell *now = at(r, i, cell, stat);
	uint32_t flags = number && number->band == SL_BAND_NEAR ? SL_REVIEW_FLAG_NEAR : 0;

	if (!before || !was || !now->shown)
		return flags;
	if (before->changed && before->band != SL_BAND_FAR)
		flags |= SL_REVIEW_FLAG_FEW;
	if (before->before == SL_BEFORE_SAME && !was->shown)
		flags |= SL_REVIEW_FLAG_UNVEILED;
	if (before->before == SL_BEFORE_SAME && !before->changed && was->shown &&
	    (was->value != now->value || was->missing != now->missing))
		flags |= SL_REVIEW_FLAG_MOVED;
	return flags;
}

uint32_t sl_review_facts_flags(const struct sl_review *r, uint32_t i, uint32_t cell)
{
	uint32_t flags = 0;

	for (uint32_t s = 0; s < r->material.plans[i].nstats && sl_plan_prints(&r->material.plans[i], s); s++)
		flags |= flags_of(r, i, cell, s);
	for (uint32_t f = first_of(r, i, cell); is_of(r, f, i, cell); f++)
		if (r->findings[f].finding->severity == SL_SEVERITY_REVIEW)
			flags |= SL_REVIEW_FLAG_JUDGE;
	return flags;
}

static const struct {
	const char *name, *text;
} flags_table[SL_REVIEW_FLAGS] = {
	{"judge", "a finding to judge"},
	{"near", "near a limit"},
	{"few", "few units differ from an earlier release"},
	{"moved", "the same units as in an earlier release, another number"},
	{"unveiled", "hidden in an earlier release, shown now"},
};

const char *sl_review_facts_flag_text(uint32_t flag)
{
	return flags_table[flag].text;
}

const char *sl_review_facts_flag_name(uint32_t flag)
{
	return flags_table[flag].name;
}

/* --- words ----------------------------------------------------------------------------------------------- */

/* Appends what is told of one statistic; false: it is left out of the list. */
typedef bool (*teller)(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat, struct sl_buf *out);

static void tell_each(const struct sl_review *r, uint32_t i, uint32_t cell, teller tell, struct sl_buf *out)
{
	struct sl_buf all = {0}, one = {0}, first = {0};
	bool same = true, any = false;

	for (uint32_t s = 0; s < r->material.plans[i].nstats; s++) {
		sl_buf_reset(&one);
		if (!sl_plan_prints(&r->material.plans[i], s) || !tell(r, i, cell, s, &one))
			continue;
		if (any)
			sl_buf_text(&all, " / ");
		else
			sl_buf_put(&first, one.data, one.len);
		same = same && one.len == first.len && (!one.len || !memcmp(one.data, first.data, one.len));
		sl_buf_put(&all, one.len ? (const char *)one.data : "-", one.len ? one.len : 1);
		any = true;
	}
	if (any)
		sl_buf_put(out, same ? first.data : all.data, same ? first.len : all.len);
	if (all.failed || one.failed || first.failed) {
		out->failed = true;
		out->no_memory = out->no_memory || all.no_memory || one.no_memory || first.no_memory;
	}
	sl_buf_free(&all);
	sl_buf_free(&one);
	sl_buf_free(&first);
}

static bool tell_units(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat, struct sl_buf *out)
{
	const struct sl_behind_number *number = sl_review_facts_number(r, i, cell, stat);

	if (number)
		sl_buf_printf(out, "%" PRIu64, number->units);
	return number != NULL;
}

static bool tell_rows(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat, struct sl_buf *out)
{
	const struct sl_behind_number *number = sl_review_facts_number(r, i, cell, stat);

	if (!number || !is_quotient(r->material.plans[i].stats[stat].fn))
		return false;
	if (at(r, i, cell, stat)->shown)
		sl_buf_printf(out, "%" PRIu64, number->rows);
	return true;
}

static bool tell_margin(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat, struct sl_buf *out)
{
	const struct sl_behind_number *number = sl_review_facts_number(r, i, cell, stat);

	if (!number)
		return false;
	if (number->band == SL_BAND_NEAR || number->band == SL_BAND_FAIR)
		sl_buf_printf(out, "%s: %s", sl_margin_band_name(number->band), sl_render_rule(number->rule));
	else
		sl_buf_text(out, sl_margin_band_name(number->band));
	return true;
}

static bool tell_earlier(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat, struct sl_buf *out)
{
	const struct sl_behind_was *was = sl_review_facts_was(r, i, cell, stat);
	char text[SL_DECIMAL_TEXT] = "";

	if (!was)
		return sl_review_facts_before(r, i, cell) != NULL;
	if (was->shown && !was->missing)
		sl_render_number(&r->material.plans[i], &r->material.view, stat, was->value, text);
	sl_buf_text(out, was->shown ? (was->missing ? "(none)" : text) : SL_MARKER);
	return true;
}

static bool tell_change(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t stat, struct sl_buf *out)
{
	const struct sl_behind_was *was = sl_review_facts_was(r, i, cell, stat);
	const struct sl_published_cell *now = at(r, i, cell, stat);
	char text[SL_DECIMAL_TEXT + 1];

	if (!was)
		return sl_review_facts_before(r, i, cell) != NULL;
	if (was->shown && now->shown && !was->missing && !now->missing &&
	    sl_render_change(&r->material.plans[i], &r->material.view, stat, was->value, now->value, text))
		sl_buf_text(out, text);
	return true;
}

void sl_review_facts_units(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	tell_each(r, i, cell, tell_units, out);
}

void sl_review_facts_rows(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	tell_each(r, i, cell, tell_rows, out);
}

void sl_review_facts_margin(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	tell_each(r, i, cell, tell_margin, out);
}

void sl_review_facts_earlier(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	tell_each(r, i, cell, tell_earlier, out);
}

void sl_review_facts_change(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	tell_each(r, i, cell, tell_change, out);
}

void sl_review_facts_then(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	const struct sl_behind_cell *before = sl_review_facts_before(r, i, cell);

	if (!before)
		return;
	sl_buf_printf(out, "L-%" PRIu64 ", ", before->release);
	if (before->before == SL_BEFORE_SAME)
		sl_buf_text(out, "the same cell");
	else
		sl_buf_printf(out, "other keys or conditions, %s", before->label ? before->label : "");
	sl_buf_printf(out, "; %" PRIu64 " unit%s differ%s", before->changed, before->changed == 1 ? "" : "s",
	              before->changed == 1 ? "s" : "");
}
