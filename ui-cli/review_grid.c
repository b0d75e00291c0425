/*
 * review_grid.c - see review_grid.h. Called by review show.
 */
#include "ui-cli/review_grid.h"

#include <stdio.h>
#include <string.h>

#include "enclave/base/csv_record.h"
#include "ui-cli/grid.h"
#include "ui-cli/review_rows.h"

#define OURS 8 /* columns behind the bar, with the bar */
#define TEXTS_MAX (SL_CSV_COLUMNS_MAX + OURS + 1)

/* A row of the grid: texts that end with a NUL, one behind the other. */
struct line {
	struct sl_buf text;
	size_t starts[TEXTS_MAX];
	uint32_t n;
};

static struct sl_buf *next(struct line *l)
{
	if (l->n)
		sl_buf_u8(&l->text, 0);
	l->starts[l->n++] = l->text.len;
	return &l->text;
}

static void hand_over(struct line *l, const char **texts)
{
	sl_buf_u8(&l->text, 0);
	for (uint32_t i = 0; i < l->n && !l->text.failed; i++)
		texts[i] = (const char *)l->text.data + l->starts[i];
}

/* Which of our columns an output has, in this order. */
typedef void (*teller)(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);

static uint32_t ours_of(const struct sl_review *r, uint32_t i, const char *names[OURS], teller tellers[OURS])
{
	bool kept = i < r->behind.noutputs, past = sl_review_facts_compared(r, i);
	const struct {
		bool has;
		const char *name;
		teller tell;
	} all[] = {
		{kept, "units", sl_review_facts_units},
		{kept && sl_review_facts_has_rows(r, i), "rows behind", sl_review_facts_rows},
		{kept, "margin", sl_review_facts_margin},
		{past, "was", sl_review_facts_earlier},
		{past, "change", sl_review_facts_change},
		{past, "where it was", sl_review_facts_then},
		{true, "look", sl_review_rows_look},
	};
	uint32_t n = 0;

	for (size_t k = 0; k < sizeof all / sizeof *all; k++)
		if (all[k].has) {
			names[n] = all[k].name;
			tellers[n++] = all[k].tell;
		}
	return n;
}

struct printer {
	const struct sl_review *r;
	uint32_t i, nours;
	const char *names[OURS];
	teller tellers[OURS];
	struct line line;
	struct sl_grid grid;
	bool failed;
};

static void open_grid(struct printer *p, const struct sl_csv_record *head)
{
	const char *texts[TEXTS_MAX];
	uint32_t nkeys = p->r->material.plans[p->i].nkeys;

	sl_buf_text(next(&p->line), ">row");
	for (uint32_t f = 0; f < head->n; f++) {
		struct sl_buf *out = next(&p->line);

		if (f >= nkeys)
			sl_buf_u8(out, '>');
		sl_buf_text(out, sl_csv_record_field(head, f));
	}
	sl_buf_text(next(&p->line), "|");
	for (uint32_t k = 0; k < p->nours; k++)
		sl_buf_text(next(&p->line), p->names[k]);
	hand_over(&p->line, texts);
	p->failed = p->line.text.failed;
	if (!p->failed)
		sl_grid_open(&p->grid, texts, p->line.n);
}

static void put_row(void *self, uint32_t row, const struct sl_csv_record *record)
{
	struct printer *p = self;
	const char *texts[TEXTS_MAX];
	uint32_t nkeys = p->r->material.plans[p->i].nkeys, cell = p->r->rows[p->i].cells[row];

	sl_buf_reset(&p->line.text);
	p->line.n = 0;
	sl_buf_printf(next(&p->line), "%u", row + 1);
	for (uint32_t f = 0; f < record->n; f++) {
		struct sl_buf *out = next(&p->line);
		uint32_t column = f >= nkeys ? sl_plan_column(&p->r->material.plans[p->i], f - nkeys) : 0;

		if (sl_review_facts_hides(p->r, p->i, row, f))
			sl_review_facts_kinds(p->r, p->i, cell, column, out);
		else
			sl_buf_text(out, sl_csv_record_field(record, f));
	}
	sl_buf_text(next(&p->line), "|");
	for (uint32_t k = 0; k < p->nours; k++)
		p->tellers[k](p->r, p->i, cell, next(&p->line));
	hand_over(&p->line, texts);
	p->failed = p->failed || p->line.text.failed;
	if (!p->failed)
		sl_grid_row(&p->grid, texts);
}

static void take_head(void *self, const struct sl_csv_record *head)
{
	open_grid(self, head);
}

static enum sl_rc print(const struct sl_review *r, uint32_t i, const struct sl_review_rows *which, struct sl_err *err)
{
	struct printer p = {.r = r, .i = i};
	enum sl_rc rc;

	p.nours = ours_of(r, i, p.names, p.tellers);
	rc = sl_review_rows_each(r, i, which, take_head, put_row, &p, err);
	if (!rc && p.failed)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for a table");
	if (!rc)
		rc = sl_grid_print(&p.grid, stdout, err);
	sl_grid_free(&p.grid);
	sl_buf_free(&p.line.text);
	return rc;
}

enum sl_rc sl_review_grid_print(const struct sl_review *r, uint32_t i, bool all, struct sl_err *err)
{
	uint32_t nrows = r->rows[i].nrows, nflagged = sl_review_rows_flagged(r, i);
	struct sl_review_rows which = {.end = nrows};
	enum sl_rc rc;

	if (all || nrows <= SL_REVIEW_ROWS_SHOWN)
		return print(r, i, &which, err);
	if (nflagged) {
		which = (struct sl_review_rows){.end = nrows, .flagged = true, .most = SL_REVIEW_ROWS_SHOWN};
		printf("%u of %u rows to look at", nflagged, nrows);
		puts(nflagged > SL_REVIEW_ROWS_SHOWN ? ", the first of them:" : ":");
		rc = print(r, i, &which, err);
		if (rc)
			return rc;
	}
	printf("rows 1 to %u of %u; all: --all, --json, --html FILE, --raw:\n", SL_REVIEW_ROWS_SHOWN, nrows);
	which = (struct sl_review_rows){.end = SL_REVIEW_ROWS_SHOWN};
	return print(r, i, &which, err);
}
