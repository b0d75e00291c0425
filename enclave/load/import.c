/* import.c - see import.h. */
#include "enclave/load/import.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/load/header.h"

static struct sl_load_report *report_of(struct sl_load *l)
{
	return l->builder.report;
}

static enum sl_rc bad(struct sl_load *l, const struct sl_row *row, const char *column, const char *reason,
                      struct sl_err *err)
{
	return sl_report_bad_row(&l->builder, row->line, column, reason, err);
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

/* A block ahead, so that a file too large is refused with numbers, not in the middle of a sort. */
static enum sl_rc check_memory(const struct sl_load *l, struct sl_err *err)
{
	uint64_t other = sl_registry_bytes(&l->registry, l->registry.count + SL_ROWS_BLOCK) + 3 * l->seen_bits / 8 +
	                 (l->db != NULL ? l->source_bytes + l->wal_bytes : 0);
	uint64_t need = sl_rows_bytes(l->rows.ncolumns, l->rows.count + SL_ROWS_BLOCK) + other;
	uint64_t read = l->file.base.given, all = need;

	if (l->rows.count % SL_ROWS_BLOCK != 0 || need <= l->memory_bytes)
		return SL_OK;
	if (l->setup->format != SL_LOAD_SQLITE && read > 0 && read < l->source_bytes)
		all = (uint64_t)((double)need * ((double)l->source_bytes / (double)read));
	return sl_err_set(err, SL_E_LIMIT,
	                  "%llu rows need %llu bytes of memory, over the limit of %llu; the whole source needs about %llu",
	                  (unsigned long long)(l->rows.count + SL_ROWS_BLOCK), (unsigned long long)need,
	                  (unsigned long long)l->memory_bytes, (unsigned long long)all);
}

/* Sets *reason when the unit is bad. */
static enum sl_rc take_unit(struct sl_load *l, const struct sl_cell *cell, const char **reason, struct sl_err *err)
{
	char room[SL_DECIMAL_TEXT];
	const char *text = "";
	size_t len = 0;
	uint64_t ordinal = 0;
	bool before = false;
	enum sl_rc rc;

	*reason = sl_typer_unit(&l->typers[0], cell, room, &text, &len);
	if (*reason != NULL)
		return SL_OK;
	rc = sl_registry_ordinal(&l->registry, text, len, &ordinal, err);
	if (rc == SL_OK && l->setup->one_row_per_unit) {
		rc = mark_seen(l, ordinal, &before, err);
		if (before)
			*reason = "a second row of its unit, where a unit has one row";
	}
	l->values[0] = (int64_t)ordinal;
	l->missing[0] = 0;
	return rc;
}

/* One row of a sensitive table. The first cell that is bad is told. */
static enum sl_rc take_row(struct sl_load *l, const struct sl_row *row, struct sl_err *err)
{
	const char *reason = NULL, *column = "";
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 1; i < l->setup->ncolumns && reason == NULL; i++) {
		bool missing = false;

		reason = sl_typer_value(&l->typers[i], &row->cells[l->place[i]], &l->values[i], &missing);
		l->missing[i] = missing;
		column = l->setup->columns[i].header;
	}
	if (reason == NULL) {
		column = l->setup->columns[0].header;
		rc = take_unit(l, &row->cells[l->place[0]], &reason, err);
	}
	if (rc == SL_OK && reason != NULL)
		return bad(l, row, column, reason, err);
	/* After the first bad row nothing will be written, so nothing more is kept. */
	if (rc != SL_OK || report_of(l)->bad_rows_total > 0)
		return rc;
	rc = check_memory(l, err);
	return rc == SL_OK ? sl_rows_add(&l->rows, l->values, l->missing, err) : rc;
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
	return sl_text_is_clean(out->text, *len) ? NULL : "not UTF-8, or with control characters";
}

static enum sl_rc take_reference(struct sl_load *l, const struct sl_row *row, struct sl_err *err)
{
	char rooms[2][SL_DECIMAL_TEXT];
	struct sl_label text[2];
	size_t len[2];
	uint32_t n = l->setup->ncolumns, last = n - 1;
	uint64_t known = l->registry.count, ordinal;
	enum sl_rc rc;

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
	return sl_report_reference(&l->builder, text[0].text, len[0], text[last].text, len[last], err);
}

static enum sl_rc take(struct sl_load *l, const struct sl_row *row, struct sl_err *err)
{
	if (report_of(l)->rows++ == l->setup->rows_max)
		return sl_err_set(err, SL_E_LIMIT, "the source has more than %llu rows, the limit",
		                  (unsigned long long)l->setup->rows_max);
	if (row->fault != NULL)
		return bad(l, row, "", row->fault, err);
	return l->setup->reference ? take_reference(l, row, err) : take_row(l, row, err);
}

enum sl_rc sl_import_rows(struct sl_load *l, struct sl_row_source *source, struct sl_err *err)
{
	struct sl_row row = { 0 };
	bool more = false, ok = false;
	enum sl_rc rc = source->next(source, &row, &more, err);

	if (rc == SL_OK && !more)
		return sl_err_set(err, SL_E_INPUT, "the source is empty: it has no header");
	if (rc == SL_OK)
		rc = sl_header_match(l->setup, &row, l->place, &ok, &l->builder, err);
	while (rc == SL_OK && ok) {
		rc = source->next(source, &row, &more, err);
		if (rc != SL_OK || !more)
			break;
		rc = take(l, &row, err);
	}
	return rc;
}
