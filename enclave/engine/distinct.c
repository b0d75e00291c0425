/* distinct.c - see distinct.h. */
#include "enclave/engine/distinct.h"

#include <stdlib.h>

#define ROWS 4096u /* decoded at a time */

struct rows {
	struct sl_chunk chunk;
	int64_t values[ROWS];
	uint8_t nulls[ROWS];
};

bool sl_distinct_add(struct sl_distinct *d, int64_t value)
{
	uint32_t at = 0;

	while (at < d->n && d->v[at] < value)
		at++;
	if (at < d->n && d->v[at] == value)
		return true;
	if (d->n == SL_DISTINCT_MAX)
		return false;
	for (uint32_t i = d->n++; i > at; i--)
		d->v[i] = d->v[i - 1];
	d->v[at] = value;
	return true;
}

/* Whether some row has none of the values; what is missing counts as any. Written for vectors. */
static bool has_another(const struct sl_distinct *d, const int64_t *values, const uint8_t *nulls, uint32_t n)
{
	/* Of fewer values the first stands for the others. */
	int64_t a = d->v[0], b = d->v[d->n > 1], c = d->v[d->n > 2 ? 2 : 0], e = d->v[d->n > 3 ? 3 : 0];
	unsigned other = 0;

	for (uint32_t r = 0; r < n; r++)
		other |= (unsigned)((values[r] != a) & (values[r] != b) & (values[r] != c) & (values[r] != e)) &
		         (unsigned)(nulls == NULL || nulls[r] == 0);
	return other != 0;
}

bool sl_distinct_add_rows(struct sl_distinct *d, const int64_t *values, const uint8_t *nulls, uint32_t n)
{
	if (d->n > 0 && !has_another(d, values, nulls, n))
		return true;
	for (uint32_t r = 0; r < n; r++)
		if ((nulls == NULL || nulls[r] == 0) && !sl_distinct_add(d, values[r]))
			return false;
	return true;
}

static bool add_chunk(struct rows *rows, struct sl_distinct *d)
{
	const struct sl_chunk *c = &rows->chunk;

	for (uint32_t from = 0; from < c->rows; from += ROWS) {
		uint32_t n = c->rows - from < ROWS ? c->rows - from : ROWS;
		bool missing = sl_chunk_nulls(c, from, n, rows->nulls);
		sl_chunk_values(c, from, n, rows->values);
		if (!sl_distinct_add_rows(d, rows->values, missing ? rows->nulls : NULL, n))
			return false;
	}
	return true;
}

/* Ends of zones are values; what lies between them may be one. False: there are more than are told. */
static bool add_zones(const struct sl_reader *r, const struct sl_zone *zones, struct sl_distinct *d)
{
	bool fits = true;

	for (uint32_t g = 0; g < r->manifest.ngroups && fits; g++)
		if (zones[g].lo <= zones[g].hi)
			fits = sl_distinct_add(d, zones[g].lo) && sl_distinct_add(d, zones[g].hi);
	return fits;
}

enum sl_rc sl_distinct_of(const struct sl_reader *r, uint32_t column, struct sl_distinct *out, struct sl_err *err)
{
	const struct sl_zone *zones = sl_reader_zones(r, column);
	struct rows *rows;
	enum sl_rc rc;

	*out = (struct sl_distinct){ 0 };
	if (zones == NULL)
		return sl_err_set(err, SL_E_BUG, "the values of a column that is not granted");
	bool fits = add_zones(r, zones, out);
	rows = fits ? calloc(1, sizeof *rows) : NULL;
	if (rows == NULL) {
		*out = (struct sl_distinct){ 0 };
		return fits ? sl_err_set(err, SL_E_NOMEM, "out of memory for the values of a column") : SL_OK;
	}
	rc = sl_chunk_init(&rows->chunk, r, column, err);
	for (uint32_t g = 0; g < r->manifest.ngroups && rc == SL_OK && fits; g++) {
		/* Nothing lies between neighbours. */
		if (zones[g].lo >= zones[g].hi || (uint64_t)zones[g].hi - (uint64_t)zones[g].lo == 1)
			continue;
		rc = sl_reader_chunk(r, 0, column, g, &rows->chunk, err);
		fits = rc != SL_OK || add_chunk(rows, out);
	}
	if (rc != SL_OK || !fits)
		*out = (struct sl_distinct){ 0 };
	sl_chunk_fini(&rows->chunk);
	free(rows);
	return rc;
}
