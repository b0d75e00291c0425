/* quality.c - see quality.h. */
#include "enclave/load/quality.h"

#include <stdlib.h>

#include "enclave/confine/crew.h"
#include "enclave/load/hash.h"

#define SLOTS (2 * SL_QUALITY_DISTINCT)
/* Most units have few rows: so many are looked through, one by one. */
#define FEW 32u

/* The rows of one unit that were seen, by hash: a list while they are few, then a set. */
struct sl_repeats {
	uint64_t key, repeated;
	uint64_t rows, rows_max; /* of the unit, and of the one that had most */
	uint32_t row_bytes, unit;
	bool any;
	uint32_t n, nslots;    /* nslots 0: the first n slots are the list */
	uint64_t slots[SLOTS]; /* of the set: 0 free */
};

enum sl_rc sl_quality_init(struct sl_quality *q, const struct sl_layout *layout, bool repeats, uint64_t key,
                           struct sl_err *err)
{
	*q = (struct sl_quality){ .layout = layout, .threads = sl_crew_size() };
	q->columns = calloc(layout->ncolumns, sizeof *q->columns);
	q->repeats = repeats ? calloc(q->threads, sizeof *q->repeats) : NULL;
	if (q->columns == NULL || (repeats && q->repeats == NULL))
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the table's quality");
	for (uint32_t i = 0; repeats && i < q->threads; i++) {
		q->repeats[i].key = key;
		q->repeats[i].row_bytes = layout->row_bytes;
	}
	return SL_OK;
}

void sl_quality_fini(struct sl_quality *q)
{
	free(q->columns);
	free(q->repeats);
	*q = (struct sl_quality){ 0 };
}

uint64_t sl_quality_bytes(uint32_t ncolumns)
{
	return ncolumns * sizeof(struct sl_load_quality) + sl_crew_size() * sizeof(struct sl_repeats);
}

void sl_quality_column(struct sl_quality *q, uint32_t c, const int64_t *values, const uint8_t *nulls, uint32_t n)
{
	const struct sl_layout_column *column = &q->layout->columns[c];
	uint32_t missing = 0, other = 0;

	for (uint32_t i = 0; nulls != NULL && i < n; i++)
		missing += nulls[i];
	/* Of what is missing the value is 0: a label's, never that of (other), which stands behind them. */
	for (uint32_t i = 0; column->has_other && i < n; i++)
		other += values[i] == column->hi;
	q->columns[c].missing += missing;
	q->columns[c].other += other;
}

static void begin_unit(struct sl_repeats *r)
{
	r->n = r->nslots = 0;
	r->rows = 0;
}

static void count_row(struct sl_repeats *r)
{
	r->rows++;
	if (r->rows > r->rows_max)
		r->rows_max = r->rows;
}

/* The hash's slot, or the free one where it would stand. */
static uint64_t *slot_of(struct sl_repeats *r, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (r->nslots - 1);

	while (r->slots[i] != 0 && r->slots[i] != hash)
		i = (i + 1) & (r->nslots - 1);
	return &r->slots[i];
}

/* Twice as many slots, or the first ones: what was seen is put in again, from a copy. */
static void grow(struct sl_repeats *r)
{
	uint64_t seen[SL_QUALITY_DISTINCT / 2];
	uint32_t n = 0, used = r->nslots > 0 ? r->nslots : r->n;

	for (uint32_t i = 0; i < used; i++)
		if (r->slots[i] != 0)
			seen[n++] = r->slots[i];
	r->nslots = r->nslots > 0 ? 2 * r->nslots : 4 * FEW;
	memset(r->slots, 0, r->nslots * sizeof r->slots[0]);
	for (uint32_t i = 0; i < n; i++)
		*slot_of(r, seen[i]) = seen[i];
}

static bool is_in_list(const struct sl_repeats *r, uint64_t hash)
{
	bool found = false;

	for (uint32_t i = 0; i < r->n; i++)
		found |= r->slots[i] == hash;
	return found;
}

static void see_row(struct sl_repeats *r, const uint8_t *row)
{
	uint64_t hash = sl_hash(r->key, (const char *)row + sizeof(uint32_t), r->row_bytes - sizeof(uint32_t));
	uint64_t *slot;

	hash += hash == 0;
	if (r->nslots == 0 && is_in_list(r, hash)) {
		r->repeated++;
		return;
	}
	if (r->nslots == 0 && r->n < FEW) {
		r->slots[r->n++] = hash;
		return;
	}
	if (2 * r->n >= r->nslots && r->nslots < SLOTS)
		grow(r);
	slot = slot_of(r, hash);
	r->repeated += *slot == hash;
	if (*slot == 0 && r->n < SL_QUALITY_DISTINCT) {
		*slot = hash;
		r->n++;
	}
}

void sl_quality_rows(struct sl_quality *q, uint32_t lane, const struct sl_rows *rows, uint64_t from, uint64_t to)
{
	const struct sl_row_order *o = rows->order;
	struct sl_repeats *r = q->repeats != NULL ? &q->repeats[lane] : NULL;
	uint64_t k = from;

	/* A unit is counted by who has its first row, to its last one, wherever that is. */
	while (k > 0 && k < to && o[k].unit == o[k - 1].unit)
		k++;
	if (r == NULL || k >= to)
		return;
	for (; k < rows->count && (k < to || o[k].unit == o[k - 1].unit); k++) {
		bool first = k == 0 || o[k].unit != o[k - 1].unit;

		if (first)
			begin_unit(r);
		count_row(r);
		if (first && (k + 1 == rows->count || o[k + 1].unit != o[k].unit))
			continue;
		see_row(r, sl_rows_at(rows, o[k].row));
	}
}

void sl_quality_row(struct sl_quality *q, const uint8_t *row)
{
	uint32_t unit = sl_layout_unit(row);
	struct sl_repeats *r = q->repeats;

	if (r == NULL)
		return;
	if (!r->any || r->unit != unit)
		begin_unit(r);
	r->any = true;
	r->unit = unit;
	count_row(r);
	see_row(r, row);
}

void sl_quality_tell(struct sl_quality *q, struct sl_load_report *report)
{
	report->quality = q->columns;
	report->nquality = q->layout->ncolumns;
	q->columns = NULL;
	if (q->repeats == NULL)
		report->unit_rows_max = report->rows + report->old_rows > 0;
	for (uint32_t i = 0; q->repeats != NULL && i < q->threads; i++) {
		report->repeated_rows += q->repeats[i].repeated;
		if (q->repeats[i].rows_max > report->unit_rows_max)
			report->unit_rows_max = q->repeats[i].rows_max;
	}
}
