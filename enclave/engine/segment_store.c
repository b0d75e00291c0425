/* segment_store.c - see segment_store.h. */
#include "enclave/engine/segment_store.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/engine/distinct.h"
#include "enclave/engine/spread.h"
#include "enclave/pact/cost.h"

/* Column 0 of a segment is the unit ordinal. */
#define UNIT_COLUMN 0
#define CACHE_LINE 64

/* A column of the row group that is open, and its cells of the present stretch. */
struct cells {
	uint32_t column;                 /* of the segment */
	struct sl_chunk chunk;
	_Alignas(CACHE_LINE) int64_t values[SL_BATCH_ROWS]; /* a vector of them in one line */
	uint8_t nulls[SL_BATCH_ROWS];
};

_Static_assert(sizeof(struct cells) + SL_CHUNK_MEMORY_MAX <= SL_COST_COLUMN_BYTES, "a column takes what is told");

struct segment_feed {
	struct sl_feed feed;
	const struct sl_reader *reader;
	uint32_t lane;
	int64_t unit_first, unit_last;
	const struct sl_range *ranges;   /* per column, or NULL */
	bool by_unit[SL_INPUTS_MAX];     /* per column */
	bool units_once;
	uint32_t group, at, rows;        /* of the group; rows 0: none is open */
	bool out_of_range;               /* of the group */
	bool group_is_dense;             /* for a shelf */
	uint32_t shelf_rows;             /* of the present shelf, which begins at `at` */
	uint16_t ends[SL_BATCH_ROWS];    /* of the stretch's units */
	int64_t units[SL_BATCH_ROWS];    /* and each of them once */
	uint32_t ncolumns;
	struct cells *cells;             /* [0] units, then one per column */
};

/* Whether no value of the group's chunk lies in the range. */
static bool misses(const struct sl_zone *zone, const struct sl_range *range)
{
	return (zone->hi < range->lo || zone->lo > range->hi) && (zone->nulls == 0 || !range->missing);
}

static bool is_out_of_range(const struct segment_feed *f)
{
	for (uint32_t c = 0; c < f->ncolumns && f->ranges != NULL; c++) {
		const struct sl_zone *zones = sl_reader_zones(f->reader, f->cells[c + 1].column);
		if (zones != NULL && misses(&zones[f->group], &f->ranges[c]))
			return true;
	}
	return false;
}

/* Groups without a unit that is asked for are not deciphered. False: no more groups. */
static bool skip_groups(struct segment_feed *f, int64_t from)
{
	const struct sl_manifest *m = &f->reader->manifest;

	f->rows = f->at = 0;
	while (f->group < m->ngroups && (int64_t)m->groups[f->group].unit_last < from)
		f->group++;
	if (f->group < m->ngroups && (int64_t)m->groups[f->group].unit_first > f->unit_last)
		f->group = m->ngroups;
	return f->group < m->ngroups;
}

/* Opens the group's chunks: the units', the columns', or both. */
static enum sl_rc open_group(struct segment_feed *f, bool units, bool columns, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t c = units ? 0 : 1; c <= (columns ? f->ncolumns : 0) && rc == SL_OK; c++)
		rc = sl_reader_chunk(f->reader, f->lane, f->cells[c].column, f->group, &f->cells[c].chunk, err);
	if (rc == SL_OK)
		f->rows = f->reader->manifest.groups[f->group].rows;
	f->group++;
	return rc;
}

/* The rows at f->at whose units are asked for: *from and how many of the n just decoded. */
static uint32_t trim(const struct segment_feed *f, uint32_t n, uint32_t *from)
{
	const int64_t *units = f->cells[0].values;
	uint32_t end = n;

	*from = 0;
	if (units[0] >= f->unit_first && units[n - 1] <= f->unit_last)
		return n;
	while (*from < n && units[*from] < f->unit_first)
		(*from)++;
	while (end > *from && units[end - 1] > f->unit_last)
		end--;
	return end - *from;
}

/* Neighbours of one unit become one. */
static uint32_t merge_runs(struct segment_feed *f, uint32_t runs)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < runs; i++) {
		f->ends[n] = f->ends[i];
		f->units[n] = f->units[i];
		n += i + 1 == runs || f->units[i + 1] != f->units[i];
	}
	return n;
}

/* Units of rows from f->at + from on, as the chunk tells them, if it does. */
static struct sl_unit_ends find_units(struct segment_feed *f, uint32_t rows, uint32_t from)
{
	uint32_t n = sl_chunk_runs(&f->cells[0].chunk, f->at + from, rows, f->ends, f->units), same = 0;

	for (uint32_t i = 1; i < n; i++)
		same |= f->units[i - 1] == f->units[i];
	return (struct sl_unit_ends){ f->ends, same ? merge_runs(f, n) : n, f->units };
}

/* Units of n rows from f->at on, those that are asked for; once each where that is enough. */
static void tell_units(struct segment_feed *f, uint32_t n, uint32_t *from, struct sl_stretch *out)
{
	out->ends = find_units(f, n, 0);
	out->units = NULL;
	out->rows = n;
	*from = 0;
	if (f->units_once && out->ends.n > 0 && f->units[0] >= f->unit_first && f->units[out->ends.n - 1] <= f->unit_last)
		return;
	if (out->ends.n > 0)
		sl_spread_values(out->ends, n, f->units, f->cells[0].values);
	else
		sl_chunk_values(&f->cells[0].chunk, f->at, n, f->cells[0].values);
	out->rows = trim(f, n, from);
	if (out->rows > 0 && out->rows < n)
		out->ends = find_units(f, out->rows, *from);
	out->units = f->cells[0].values + *from;
}

static void decode(struct segment_feed *f, uint32_t rows, uint32_t from, struct sl_stretch *out)
{
	out->out_of_range = f->out_of_range;
	for (uint32_t c = 0; c < f->ncolumns && !f->out_of_range; c++) {
		struct cells *cells = &f->cells[c + 1];
		bool by_unit = f->by_unit[c] && sl_chunk_stretches(&cells->chunk, f->at + from, out->ends.ends, out->ends.n,
		                                                   cells->values);
		out->unit_values[c] = by_unit ? cells->values : NULL;
		out->values[c] = NULL;
		out->nulls[c] = NULL;
		if (by_unit)
			continue;
		sl_chunk_values(&cells->chunk, f->at + from, rows, cells->values);
		out->values[c] = cells->values;
		out->nulls[c] = sl_chunk_nulls(&cells->chunk, f->at + from, rows, cells->nulls) ? cells->nulls : NULL;
	}
}

static enum sl_rc next(struct sl_feed *feed, struct sl_stretch *out, struct sl_err *err)
{
	struct segment_feed *f = (struct segment_feed *)feed;

	for (out->rows = 0; out->rows == 0;) {
		uint32_t from, n;
		if (f->at == f->rows) {
			if (!skip_groups(f, f->unit_first))
				return SL_OK;
			f->out_of_range = is_out_of_range(f);
			enum sl_rc rc = open_group(f, true, !f->out_of_range, err);
			if (rc != SL_OK)
				return rc;
		}
		n = f->rows - f->at < SL_BATCH_ROWS ? f->rows - f->at : SL_BATCH_ROWS;
		tell_units(f, n, &from, out);
		if (out->rows > 0)
			decode(f, out->rows, from, out);
		f->at += n;
	}
	return SL_OK;
}

/*
 * Whether a group has each unit from its first to its last once: then nothing need be deciphered to know where one is.
 * A table of as many units as rows has no unit twice, so such a group follows from its ends.
 */
static bool is_dense(const struct sl_manifest *m, uint32_t group)
{
	const struct sl_manifest_group *g = &m->groups[group];

	return m->units == m->rows && g->unit_last - g->unit_first + 1 == g->rows;
}

static enum sl_rc shelf(struct sl_feed *feed, int64_t from, struct sl_shelf *out, struct sl_err *err)
{
	struct segment_feed *f = (struct segment_feed *)feed;
	const struct sl_manifest *m = &f->reader->manifest;

	*out = (struct sl_shelf){ .rows = 0 };
	f->at += f->shelf_rows;
	f->shelf_rows = 0;
	if (f->at == f->rows) {
		if (!skip_groups(f, from > f->unit_first ? from : f->unit_first))
			return SL_OK;
		f->group_is_dense = is_dense(m, f->group);
		out->first = (int64_t)m->groups[f->group].unit_first;
		enum sl_rc rc = open_group(f, !f->group_is_dense, true, err);
		if (rc != SL_OK)
			return rc;
	}
	out->rows = f->rows - f->at;
	if (!f->group_is_dense) {
		out->rows = out->rows < SL_BATCH_ROWS ? out->rows : SL_BATCH_ROWS;
		sl_chunk_values(&f->cells[0].chunk, f->at, out->rows, f->cells[0].values);
		out->units = f->cells[0].values;
	}
	f->shelf_rows = out->rows;
	return SL_OK;
}

static bool pick(struct sl_feed *feed, uint32_t column, const uint32_t *rows, uint32_t n, int64_t *values,
                 uint8_t *nulls)
{
	struct segment_feed *f = (struct segment_feed *)feed;

	return sl_chunk_pick(&f->cells[column + 1].chunk, f->at, rows, n, values, nulls);
}

static void close_feed(struct sl_feed *feed)
{
	struct segment_feed *f = (struct segment_feed *)feed;

	for (uint32_t c = 0; c <= f->ncolumns; c++) {
		sl_chunk_fini(&f->cells[c].chunk);
		explicit_bzero(f->cells[c].values, sizeof f->cells[c].values);
	}
	explicit_bzero(f->units, sizeof f->units);
	free(f->cells);
	free(f);
}

static enum sl_rc open_feed(const struct sl_store *store, const struct sl_feed_order *order, struct sl_feed **out,
                            struct sl_err *err)
{
	struct sl_segment_store *s = (struct sl_segment_store *)(uintptr_t)store;
	struct segment_feed *f;
	enum sl_rc rc = SL_OK;

	if (order->table >= s->setup->ntables || !s->is_open[order->table])
		return sl_err_set(err, SL_E_INPUT, "no rows lie behind table %u", order->table);
	f = calloc(1, sizeof *f);
	if (f != NULL)
		f->cells = aligned_alloc(CACHE_LINE, (order->ncolumns + 1) * sizeof *f->cells);
	if (f == NULL || f->cells == NULL) {
		free(f);
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %u columns", order->ncolumns + 1);
	}
	memset(f->cells, 0, (order->ncolumns + 1) * sizeof *f->cells);
	f->feed = (struct sl_feed){ .next = next, .shelf = shelf, .pick = pick, .close = close_feed };
	f->reader = &s->readers[order->table];
	f->lane = order->lane;
	f->unit_first = order->unit_first;
	f->unit_last = order->unit_last;
	f->ranges = order->ranges;
	memcpy(f->by_unit, order->by_unit, sizeof f->by_unit);
	f->units_once = order->units_once;
	f->ncolumns = order->ncolumns;
	f->cells[0].column = UNIT_COLUMN;
	for (uint32_t c = 0; c < order->ncolumns; c++)
		f->cells[c + 1].column = s->setup->tables[order->table].columns[order->columns[c]].segment_column;
	for (uint32_t c = 0; c <= order->ncolumns && rc == SL_OK; c++)
		rc = sl_chunk_init(&f->cells[c].chunk, f->reader, f->cells[c].column, err);
	if (rc == SL_OK)
		*out = &f->feed;
	else
		close_feed(&f->feed);
	return rc;
}

/* Row groups have one size, so parts of as many groups are parts of as many rows. */
static uint32_t cut(const struct sl_store *store, uint32_t table, uint32_t parts, int64_t first[])
{
	const struct sl_segment_store *s = (const struct sl_segment_store *)store;
	const struct sl_manifest *m = &s->readers[table].manifest;
	uint32_t n = 1;

	first[0] = 0;
	for (uint32_t i = 1; i < parts && table < s->setup->ntables && s->is_open[table]; i++) {
		uint32_t group = (uint32_t)((uint64_t)m->ngroups * i / parts);
		if (group < m->ngroups && (int64_t)m->groups[group].unit_first > first[n - 1])
			first[n++] = (int64_t)m->groups[group].unit_first;
	}
	return n;
}

static bool span(const struct sl_store *store, uint32_t table, uint16_t column, int64_t *least, int64_t *most)
{
	const struct sl_segment_store *s = (const struct sl_segment_store *)store;
	const struct sl_zone *zones;

	if (table >= s->setup->ntables || !s->is_open[table])
		return false;
	zones = sl_reader_zones(&s->readers[table], s->setup->tables[table].columns[column].segment_column);
	*least = INT64_MAX;
	*most = INT64_MIN;
	for (uint32_t g = 0; zones != NULL && g < s->readers[table].manifest.ngroups; g++) {
		if (zones[g].lo > zones[g].hi)
			continue; /* all missing */
		*least = zones[g].lo < *least ? zones[g].lo : *least;
		*most = zones[g].hi > *most ? zones[g].hi : *most;
	}
	return *least <= *most;
}

static enum sl_rc distinct(const struct sl_store *store, uint32_t table, uint16_t column, struct sl_distinct *out,
                           struct sl_err *err)
{
	const struct sl_segment_store *s = (const struct sl_segment_store *)store;

	if (table >= s->setup->ntables || !s->is_open[table])
		return sl_err_set(err, SL_E_INPUT, "no rows lie behind table %u", table);
	return sl_distinct_of(&s->readers[table], s->setup->tables[table].columns[column].segment_column, out, err);
}

void sl_segment_store_init(struct sl_segment_store *s, const struct sl_engine_setup *setup, uint32_t lanes)
{
	memset(s, 0, sizeof *s);
	s->store = (struct sl_store){ .open = open_feed, .cut = cut, .span = span, .distinct = distinct };
	s->setup = setup;
	s->lanes = lanes;
}

/* A segment was typed by the catalogue of its day: a number of another grid or domain would be another number. */
static enum sl_rc check_column(const struct sl_reader *r, const struct sl_table *t, const struct sl_column *c,
                               uint16_t segment_column, struct sl_err *err)
{
	if (segment_column == UNIT_COLUMN || segment_column >= r->manifest.ncolumns)
		return sl_err_set(err, SL_E_INTEGRITY, "table %s: column %s is not in its segment", t->name, c->name);
	const struct sl_manifest_column *m = &r->manifest.columns[segment_column];
	if (m->type != c->type || m->scale != c->scale || (c->type == SL_TYPE_TEXT && m->ndomain != c->nlabels))
		return sl_err_set(err, SL_E_INTEGRITY,
		                  "table %s: column %s was loaded under another type, scale or domain; load it again", t->name,
		                  c->name);
	return SL_OK;
}

static enum sl_rc open_columns(struct sl_reader *r, const struct sl_engine_table *et, const struct sl_table *t,
                               struct sl_err *err)
{
	enum sl_rc rc = sl_reader_column(r, UNIT_COLUMN, et->unit_key, err);

	for (uint32_t c = 0; c < et->ncolumns && rc == SL_OK; c++) {
		rc = check_column(r, t, &t->columns[c], et->columns[c].segment_column, err);
		if (rc == SL_OK)
			rc = sl_reader_column(r, et->columns[c].segment_column, et->columns[c].subkey, err);
	}
	return rc;
}

enum sl_rc sl_segment_store_table(struct sl_segment_store *s, uint32_t table, const void *data, uint64_t bytes,
                                  struct sl_err *err)
{
	const struct sl_engine_setup *setup = s->setup;
	struct sl_reader *r;
	enum sl_rc rc;

	if (table >= SL_TABLES_MAX || table >= setup->ntables || setup->ntables != setup->view.ntables || s->is_open[table])
		return sl_err_set(err, SL_E_INPUT, "table %u is none of the setup, or comes twice", table);
	if (setup->tables[table].ncolumns != setup->view.tables[table].ncolumns)
		return sl_err_set(err, SL_E_INPUT, "table %s: not one key per granted column", setup->view.tables[table].name);
	r = &s->readers[table];
	rc = sl_reader_open(r, data, bytes, setup->tables[table].segment_id, setup->tables[table].manifest_key, s->lanes,
	                    err);
	if (rc == SL_OK)
		rc = open_columns(r, &setup->tables[table], &setup->view.tables[table], err);
	if (rc == SL_OK)
		s->is_open[table] = true;
	else
		sl_reader_close(r);
	return rc;
}

void sl_segment_store_fini(struct sl_segment_store *s)
{
	for (uint32_t t = 0; t < SL_TABLES_MAX; t++)
		if (s->is_open[t])
			sl_reader_close(&s->readers[t]);
	memset(s, 0, sizeof *s);
}
