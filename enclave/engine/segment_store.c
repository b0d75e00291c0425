/* segment_store.c - see segment_store.h. */
#include "enclave/engine/segment_store.h"

#include <stdlib.h>
#include <string.h>

/* Column 0 of a segment is the unit ordinal. */
#define UNIT_COLUMN 0

/* A column of the row group that is open. */
struct cells {
	struct sl_chunk chunk;
	int64_t values[SL_CHUNK_ROWS];
	uint8_t nulls[SL_CHUNK_ROWS];
};

struct segment_feed {
	struct sl_feed feed;
	struct sl_reader *reader;
	uint32_t group, ncolumns;
	uint32_t columns[SL_INPUTS_MAX + 1]; /* of the segment; [0] units */
	struct cells *cells;                 /* as columns */
};

static enum sl_rc open_cells(struct segment_feed *f, uint32_t c, struct sl_err *err)
{
	struct cells *cells = &f->cells[c];
	enum sl_rc rc = sl_reader_chunk(f->reader, 0, f->columns[c], f->group, &cells->chunk, err);

	if (rc != SL_OK)
		return rc;
	sl_chunk_values(&cells->chunk, 0, cells->chunk.rows, cells->values);
	if (!sl_chunk_nulls(&cells->chunk, 0, cells->chunk.rows, cells->nulls))
		memset(cells->nulls, 0, cells->chunk.rows);
	return SL_OK;
}

static enum sl_rc next(struct sl_feed *feed, struct sl_stretch *out, struct sl_err *err)
{
	struct segment_feed *f = (struct segment_feed *)feed;
	enum sl_rc rc = SL_OK;

	out->rows = 0;
	if (f->group == f->reader->manifest.ngroups)
		return SL_OK;
	for (uint32_t c = 0; c <= f->ncolumns && rc == SL_OK; c++)
		rc = open_cells(f, c, err);
	if (rc != SL_OK)
		return rc;
	for (uint32_t c = 0; c < f->ncolumns; c++) {
		out->values[c] = f->cells[c + 1].values;
		out->nulls[c] = f->cells[c + 1].nulls;
	}
	out->units = f->cells[0].values;
	out->rows = f->cells[0].chunk.rows;
	f->group++;
	return SL_OK;
}

static void close_feed(struct sl_feed *feed)
{
	struct segment_feed *f = (struct segment_feed *)feed;

	for (uint32_t c = 0; f->cells != NULL && c <= f->ncolumns; c++)
		sl_chunk_fini(&f->cells[c].chunk);
	free(f->cells);
	free(f);
}

static enum sl_rc open_feed(const struct sl_store *store, uint32_t table, const uint16_t *columns, uint32_t ncolumns,
                            struct sl_feed **out, struct sl_err *err)
{
	struct sl_segment_store *s = (struct sl_segment_store *)(uintptr_t)store;
	struct segment_feed *f;
	enum sl_rc rc = SL_OK;

	if (table >= s->setup->ntables || !s->is_open[table])
		return sl_err_set(err, SL_E_INPUT, "no rows lie behind table %u", table);
	f = calloc(1, sizeof *f);
	if (f == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for %u columns", ncolumns + 1);
	f->feed = (struct sl_feed){ .next = next, .close = close_feed };
	f->reader = &s->readers[table];
	f->ncolumns = ncolumns;
	f->columns[0] = UNIT_COLUMN;
	for (uint32_t c = 0; c < ncolumns; c++)
		f->columns[c + 1] = s->setup->tables[table].columns[columns[c]].segment_column;
	f->cells = calloc(ncolumns + 1, sizeof *f->cells);
	if (f->cells == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for %u columns", ncolumns + 1);
	for (uint32_t c = 0; c <= ncolumns && rc == SL_OK; c++)
		rc = sl_chunk_init(&f->cells[c].chunk, f->reader, f->columns[c], err);
	if (rc != SL_OK)
		close_feed(&f->feed);
	else
		*out = &f->feed;
	return rc;
}

static uint64_t feed_bytes(const struct sl_store *store, uint32_t ncolumns)
{
	(void)store;
	return sizeof(struct segment_feed) + ((uint64_t)ncolumns + 1) * (sizeof(struct cells) + SL_CHUNK_MEMORY_MAX);
}

void sl_segment_store_init(struct sl_segment_store *s, const struct sl_engine_setup *setup)
{
	memset(s, 0, sizeof *s);
	s->store = (struct sl_store){ .open = open_feed, .feed_bytes = feed_bytes };
	s->setup = setup;
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
	rc = sl_reader_open(r, data, bytes, setup->tables[table].segment_id, setup->tables[table].manifest_key, 1, err);
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
