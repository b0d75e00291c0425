/* import.c - see import.h. */
#include "enclave/load/import.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/confine/crew.h"
#include "enclave/load/header.h"
#include "enclave/load/memory.h"

/* Rows of an SQLite table in one turn. */
#define SQLITE_ROWS 16384u

static struct sl_load_report *report_of(struct sl_load *l)
{
	return l->builder.report;
}

static enum sl_rc bad(struct sl_load *l, const struct sl_row *row, const char *column, const char *reason,
                      struct sl_err *err)
{
	return sl_report_bad_row(&l->builder, row->line, column, reason, err);
}

static enum sl_rc too_many_rows(const struct sl_load *l, struct sl_err *err)
{
	return sl_err_set(err, SL_E_LIMIT, "the source has more than %llu rows, the limit",
	                  (unsigned long long)l->setup->rows_max);
}

/* Whether the ordinal was seen before, and from now on it is. */
static enum sl_rc mark_seen(struct sl_load *l, uint64_t ordinal, bool *before, struct sl_err *err)
{
	if (ordinal >= l->seen_bits) {
		uint64_t bits = 2 * ordinal + 8192;
		uint8_t *more = realloc(l->seen, bits / 8 + 1);

		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for %llu units", (unsigned long long)ordinal);
		memset(more + l->seen_bits / 8, 0, bits / 8 + 1 - l->seen_bits / 8);
		l->seen = more;
		l->seen_bits = bits / 8 * 8;
	}
	*before = l->seen[ordinal / 8] >> (ordinal % 8) & 1;
	l->seen[ordinal / 8] |= (uint8_t)(1 << (ordinal % 8));
	return SL_OK;
}

static enum sl_rc mark_old(void *arg, uint64_t ordinal, struct sl_err *err)
{
	bool before;

	return mark_seen(arg, ordinal, &before, err);
}

/* Ordinals for the units an intake found and nobody knew, in the order of the source. */
static enum sl_rc name_units(struct sl_load *l, struct sl_intake *in, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < in->nfresh && rc == SL_OK; i++) {
		struct sl_new_unit *f = &in->fresh[i];
		uint64_t ordinal = 0;

		rc = sl_registry_add(&l->registry, f->hash, &ordinal, err);
		f->ordinal = (uint32_t)ordinal;
		if (rc == SL_OK)
			sl_units_add(&l->plan.units, &f->key, f->ordinal);
	}
	return rc;
}

static enum sl_rc tell_bad(struct sl_load *l, const struct sl_intake_bad *b, uint64_t first_line, struct sl_err *err)
{
	return sl_report_bad_row(&l->builder, first_line + b->line, b->column, b->reason, err);
}

/* The intake's bad rows and, where a unit has one row, its second ones, by line. */
static enum sl_rc tell_bad_rows(struct sl_load *l, const struct sl_intake *in, uint64_t first_line, struct sl_err *err)
{
	uint32_t told = 0;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; l->setup->one_row_per_unit && i < in->nrows && rc == SL_OK; i++) {
		const uint8_t *row = in->rows + (size_t)i * l->plan.layout.row_bytes;
		struct sl_intake_bad second = { in->lines[i], l->setup->columns[0].header,
			"a second row of its unit, where a unit has one row" };
		bool before = false;

		rc = mark_seen(l, sl_layout_unit(row), &before, err);
		if (!before)
			continue;
		for (; told < in->nbad && in->bad[told].line < second.line && rc == SL_OK; told++)
			rc = tell_bad(l, &in->bad[told], first_line, err);
		if (rc == SL_OK)
			rc = tell_bad(l, &second, first_line, err);
	}
	for (; told < in->nbad && rc == SL_OK; told++)
		rc = tell_bad(l, &in->bad[told], first_line, err);
	report_of(l)->bad_rows_total += in->bad_total - in->nbad;
	return rc;
}

/* Where each intake's rows go. */
struct placing {
	struct sl_load *l;
	uint64_t at[SL_CREW_MAX + 1];
	uint32_t n;
};

static void place_rows(void *arg, uint32_t i)
{
	struct placing *p = arg;

	if (i < p->n)
		sl_rows_set(&p->l->rows, p->at[i], p->l->intakes[i].rows, p->l->intakes[i].nrows);
}

static void settle_units(void *arg, uint32_t i)
{
	struct placing *p = arg;

	if (i < p->n)
		sl_intake_settle(&p->l->intakes[i]);
}

/* What n intakes have taken in: units named, bad rows told, rows put with the others. */
static enum sl_rc settle(struct sl_load *l, uint32_t n, struct sl_err *err)
{
	struct placing p = { .l = l, .n = n };
	uint64_t taken = 0, fresh = 0;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		const struct sl_intake *in = &l->intakes[i];

		rc = in->rc == SL_OK ? SL_OK : sl_err_set(err, in->rc, "%s", in->err.text);
		report_of(l)->rows += in->seen;
		taken += in->nrows;
		fresh += in->nfresh;
	}
	if (rc == SL_OK && report_of(l)->rows > l->setup->rows_max)
		rc = too_many_rows(l, err);
	if (rc == SL_OK)
		rc = sl_memory_make_room(l, taken, fresh, err);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = name_units(l, &l->intakes[i], err);
	if (rc == SL_OK)
		sl_crew_run(settle_units, &p);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = tell_bad_rows(l, &l->intakes[i], l->setup->format == SL_LOAD_SQLITE ? 0 : sl_csv_share_line(&l->csv, i), err);
	/* After the first bad row nothing will be written, so nothing more is kept. */
	if (rc != SL_OK || report_of(l)->bad_rows_total > 0)
		return rc;
	p.at[0] = l->rows.count;
	for (uint32_t i = 0; i < n; i++)
		p.at[i + 1] = p.at[i] + l->intakes[i].nrows;
	rc = sl_rows_reserve(&l->rows, p.at[n], err);
	if (rc == SL_OK)
		sl_crew_run(place_rows, &p);
	l->rows.count = rc == SL_OK ? p.at[n] : l->rows.count;
	return rc;
}

/* The header; *ok false: the source cannot be taken, and the report says why. */
static enum sl_rc take_header(struct sl_load *l, struct sl_row_source *source, bool *ok, struct sl_err *err)
{
	struct sl_row row = { 0 };
	bool more = false;
	enum sl_rc rc = source->next(source, &row, &more, err);

	if (rc == SL_OK && !more)
		return sl_err_set(err, SL_E_INPUT, "the source is empty: it has no header");
	if (rc == SL_OK)
		rc = sl_header_match(l->setup, &row, l->place, ok, &l->builder, err);
	if (rc == SL_OK && l->setup->one_row_per_unit && l->setup->base_bytes > 0 && !l->setup->compare)
		rc = sl_base_units(&l->base, mark_old, l, err);
	return rc;
}

static void take_share(void *arg, uint32_t i)
{
	struct sl_load *l = arg;
	struct sl_intake *in;
	struct sl_row row;

	if (i >= l->threads)
		return;
	in = &l->intakes[i];
	sl_intake_begin(in);
	while (sl_csv_share_next(&l->csv.shares[i], &row))
		sl_intake_row(in, &row);
	sl_intake_end(in);
}

enum sl_rc sl_import_csv(struct sl_load *l, struct sl_err *err)
{
	bool ok = false, more = true;
	enum sl_rc rc = take_header(l, &l->csv.rows, &ok, err);

	while (rc == SL_OK && ok) {
		rc = sl_csv_stretch(&l->csv, &more, err);
		if (rc != SL_OK || !more)
			break;
		sl_crew_run(take_share, l);
		rc = settle(l, l->threads, err);
		sl_load_tell(l, SL_LOAD_READING, report_of(l)->rows, l->file.base.given, l->source_bytes);
	}
	return rc;
}

enum sl_rc sl_import_sqlite(struct sl_load *l, struct sl_err *err)
{
	struct sl_row_source *source = &l->sqlite.rows;
	struct sl_intake *in = &l->intakes[0];
	struct sl_row row;
	bool ok = false, more = true;
	enum sl_rc rc = take_header(l, source, &ok, err);

	in->texts_stay = false;
	while (rc == SL_OK && ok && more) {
		sl_intake_begin(in);
		while (rc == SL_OK && in->seen < SQLITE_ROWS) {
			rc = source->next(source, &row, &more, err);
			if (rc != SL_OK || !more)
				break;
			sl_intake_row(in, &row);
		}
		sl_intake_end(in);
		if (rc == SL_OK)
			rc = settle(l, 1, err);
		sl_load_tell(l, SL_LOAD_READING, report_of(l)->rows, report_of(l)->rows, 0);
	}
	return rc;
}

/* Text of a reference cell, which will be printed in releases. NULL when fine, else the reason. */
static const char *reference_text(const struct sl_typer *t, const struct sl_cell *cell, char *room,
                                  struct sl_label *out, size_t *len)
{
	uint32_t position;

	if (cell->kind == SL_CELL_UNFIT)
		return cell->text;
	*len = cell->kind == SL_CELL_TEXT ? cell->len : 0;
	out->text = (char *)(uintptr_t)cell->text;
	if (cell->kind == SL_CELL_INTEGER) {
		*len = sl_format_decimal(cell->integer, 0, room);
		out->text = room;
	}
	if (*len == 0 || sl_texts_find(&t->missing, out->text, *len, &position))
		return "missing in a reference table";
	if (*len > SL_TITLE_BYTES)
		return "longer than 512 bytes";
	if (sl_label_is_ours(out->text, *len))
		return "a label of ours: (other), (missing) or [c]";
	return sl_text_is_clean(out->text, *len) ? NULL : "not UTF-8, or with control characters";
}

/* The typed columns of a row. *ok false: a bad row was told. */
static enum sl_rc take_attributes(struct sl_load *l, const struct sl_row *row, struct sl_reference_cell *out, bool *ok,
                                  struct sl_err *err)
{
	uint32_t first = l->setup->ncolumns - l->setup->attributes;

	*ok = true;
	for (uint32_t i = first; i < l->setup->ncolumns; i++) {
		struct sl_reference_cell *cell = &out[i - first];
		bool missing = false;
		const char *reason = sl_typer_value(&l->typers[i], &row->cells[l->place[i]], &cell->value, &missing);

		cell->missing = missing;
		*ok = reason == NULL;
		if (reason != NULL)
			return bad(l, row, l->setup->columns[i].header, reason, err);
	}
	return SL_OK;
}

static enum sl_rc take_reference(struct sl_load *l, const struct sl_row *row, struct sl_err *err)
{
	struct sl_reference_cell cells[SL_COLUMNS_MAX];
	char rooms[2][SL_DECIMAL_TEXT];
	struct sl_label text[2];
	size_t len[2];
	uint32_t n = l->setup->ncolumns - l->setup->attributes, last = n - 1;
	uint64_t known = l->registry.count, ordinal;
	bool ok = false;
	enum sl_rc rc = take_attributes(l, row, cells, &ok, err);

	if (rc != SL_OK || !ok)
		return rc;

	for (uint32_t i = 0; i < n; i++) {
		const char *reason = reference_text(&l->typers[i], &row->cells[l->place[i]], rooms[i], &text[i], &len[i]);

		if (reason != NULL)
			return bad(l, row, l->setup->columns[i].header, reason, err);
	}
	/* The registry's hash table serves as the set of keys; nothing of it is written. */
	rc = sl_registry_ordinal(&l->registry, text[0].text, len[0], &ordinal, err);
	if (rc == SL_OK && l->registry.count == known)
		return bad(l, row, l->setup->columns[0].header, "this key occurs before", err);
	if (rc != SL_OK || report_of(l)->bad_rows_total > 0)
		return rc;
	return sl_report_reference(&l->builder, text[0].text, len[0], text[last].text, len[last], cells,
	                           l->setup->attributes, err);
}

enum sl_rc sl_import_reference(struct sl_load *l, struct sl_row_source *source, struct sl_err *err)
{
	struct sl_row row;
	bool ok = false, more = true;
	enum sl_rc rc = take_header(l, source, &ok, err);

	while (rc == SL_OK && ok) {
		rc = source->next(source, &row, &more, err);
		if (rc != SL_OK || !more)
			break;
		if (report_of(l)->rows++ == l->setup->rows_max)
			rc = too_many_rows(l, err);
		else
			rc = row.fault != NULL ? bad(l, &row, "", row.fault, err) : take_reference(l, &row, err);
	}
	return rc;
}
