/* memory_store.c - see memory_store.h. */
#include "tests/unit/engine/memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/vault/keys.h"
#include "enclave/vault/writer.h"

struct memory_feed {
	struct sl_feed feed;
	struct memory_store *store;
	const struct memory_table *table;
	uint32_t at, end, nstretches;
	uint32_t shelf, nshelves, ntold;      /* first row of the present one; how many there were, and stretches */
	uint16_t ends[SL_BATCH_ROWS];
	struct sl_feed_order order;
	bool is_whole[SL_INPUTS_MAX];         /* no row of the column is missing */
	int64_t unit_values[SL_INPUTS_MAX][SL_BATCH_ROWS]; /* last, and not cleared: a megabyte, of which few use much */
};

static bool misses(const struct memory_feed *f, uint32_t column, uint32_t rows)
{
	const struct sl_range *range = &f->order.ranges[column];
	const struct memory_table *t = f->table;

	for (uint32_t r = f->at; r < f->at + rows; r++) {
		uint16_t c = f->order.columns[column];
		if (t->nulls[c][r] ? range->missing : t->values[c][r] >= range->lo && t->values[c][r] <= range->hi)
			return false;
	}
	return rows > 0;
}

/* Of every second stretch, where it fits and is not forbidden. */
static struct sl_unit_ends find_ends(struct memory_feed *f, uint32_t rows)
{
	const int64_t *units = f->table->units + f->at;
	uint32_t n = 0;

	for (uint32_t r = 0; r < rows && rows <= SL_BATCH_ROWS && f->ntold % 2 == 0 && !f->store->hides_ends; r++)
		if (r + 1 == rows || units[r] != units[r + 1])
			f->ends[n++] = (uint16_t)(r + 1);
	f->ntold++;
	return (struct sl_unit_ends){ f->ends, n, NULL };
}

/* By unit, where that may be and all rows of each unit share the value. */
static const int64_t *values_by_unit(struct memory_feed *f, uint32_t column, struct sl_unit_ends ends)
{
	const int64_t *values = f->table->values[f->order.columns[column]] + f->at;

	if (!f->order.by_unit[column] || !f->is_whole[column] || ends.n == 0)
		return NULL;
	for (uint32_t u = 0, r = 0; u < ends.n; u++) {
		f->unit_values[column][u] = values[r];
		for (; r < ends.ends[u]; r++)
			if (values[r] != f->unit_values[column][u])
				return NULL;
	}
	return f->unit_values[column];
}

static enum sl_rc next(struct sl_feed *feed, struct sl_stretch *out, struct sl_err *err)
{
	struct memory_feed *f = (struct memory_feed *)feed;
	uint32_t left = f->end - f->at, most = f->store->stretch_rows;

	if (f->store->fails_after != 0 && f->nstretches++ == f->store->fails_after)
		return sl_err_set(err, SL_E_INTEGRITY, "a chunk is not what was sealed");
	out->rows = most != 0 && left > most ? most : left;
	out->units = f->table->units + f->at;
	out->ends = find_ends(f, out->rows);
	out->out_of_range = false;
	for (uint32_t c = 0; c < f->order.ncolumns && f->order.ranges != NULL; c++)
		out->out_of_range |= misses(f, c, out->rows);
	for (uint32_t c = 0; c < f->order.ncolumns; c++) {
		out->unit_values[c] = out->out_of_range ? NULL : values_by_unit(f, c, out->ends);
		out->values[c] = f->table->values[f->order.columns[c]] + f->at;
		if (out->out_of_range || out->unit_values[c] != NULL)
			out->values[c] = NULL;
		out->nulls[c] = out->out_of_range || f->is_whole[c] ? NULL : f->table->nulls[f->order.columns[c]] + f->at;
	}
	f->at += out->rows;
	return SL_OK;
}

static bool is_dense(const int64_t *units, uint32_t rows)
{
	for (uint32_t r = 1; r < rows; r++)
		if (units[r] != units[0] + r)
			return false;
	return rows > 0 && units[0] >= 0;
}

/* Every second shelf whose units follow each other is told by its first. */
static enum sl_rc shelf(struct sl_feed *feed, int64_t from, struct sl_shelf *out, struct sl_err *err)
{
	struct memory_feed *f = (struct memory_feed *)feed;
	struct sl_stretch stretch;
	enum sl_rc rc = next(feed, &stretch, err);

	(void)from;
	f->shelf = f->at - stretch.rows;
	*out = (struct sl_shelf){ .rows = stretch.rows, .units = stretch.units };
	if (rc != SL_OK || !is_dense(stretch.units, stretch.rows) || f->nshelves++ % 2 != 0)
		return rc;
	out->first = stretch.units[0];
	out->units = NULL;
	return SL_OK;
}

static bool pick(struct sl_feed *feed, uint32_t column, const uint32_t *rows, uint32_t n, int64_t *values,
                 uint8_t *nulls)
{
	struct memory_feed *f = (struct memory_feed *)feed;
	uint16_t c = f->order.columns[column];

	for (uint32_t i = 0; i < n; i++)
		values[i] = f->table->values[c][f->shelf + rows[i]];
	for (uint32_t i = 0; i < n && !f->is_whole[column]; i++)
		nulls[i] = f->table->nulls[c][f->shelf + rows[i]];
	return !f->is_whole[column];
}

static void close_feed(struct sl_feed *feed)
{
	(void)__atomic_fetch_sub(&((struct memory_feed *)feed)->store->nopen, 1, __ATOMIC_RELAXED);
	free(feed);
}

static enum sl_rc open_feed(const struct sl_store *store, const struct sl_feed_order *order, struct sl_feed **out,
                            struct sl_err *err)
{
	struct memory_store *s = (struct memory_store *)(uintptr_t)store;
	struct memory_feed *f = order->table < s->ntables ? malloc(sizeof *f) : NULL;

	if (f == NULL)
		return sl_err_set(err, order->table < s->ntables ? SL_E_NOMEM : SL_E_INPUT, "no feed over table %u",
		                  order->table);
	memset(f, 0, offsetof(struct memory_feed, unit_values));
	f->feed = (struct sl_feed){ .next = next, .shelf = shelf, .pick = pick, .close = close_feed };
	f->store = s;
	f->table = &s->tables[order->table];
	f->order = *order;
	while (f->at < f->table->rows && f->table->units[f->at] < order->unit_first)
		f->at++;
	for (f->end = f->table->rows; f->end > f->at && f->table->units[f->end - 1] > order->unit_last;)
		f->end--;
	for (uint32_t c = 0; c < order->ncolumns; c++)
		f->is_whole[c] = f->table->rows == 0 || memchr(f->table->nulls[order->columns[c]], 1, f->table->rows) == NULL;
	(void)__atomic_fetch_add(&s->nopen, 1, __ATOMIC_RELAXED);
	*out = &f->feed;
	return SL_OK;
}

/* Wherever a row stands: also within a unit's rows, which then all go to the part that begins with the unit. */
static uint32_t cut(const struct sl_store *store, uint32_t table, uint32_t parts, int64_t first[])
{
	const struct memory_store *s = (const struct memory_store *)store;
	uint32_t n = 1;

	if (s->parts_max > 0 && parts > s->parts_max)
		parts = s->parts_max;
	first[0] = 0;
	for (uint32_t i = 1; i < parts && table < s->ntables && s->tables[table].rows > 0; i++) {
		int64_t unit = s->tables[table].units[(uint64_t)s->tables[table].rows * i / parts];
		if (unit > first[n - 1])
			first[n++] = unit;
	}
	return n;
}

static bool span(const struct sl_store *store, uint32_t table, uint16_t column, int64_t *least, int64_t *most)
{
	const struct memory_store *s = (const struct memory_store *)store;
	const struct memory_table *t = &s->tables[table];

	*least = INT64_MAX;
	*most = INT64_MIN;
	for (uint32_t r = 0; table < s->ntables && r < t->rows; r++) {
		if (t->nulls[column][r])
			continue;
		*least = t->values[column][r] < *least ? t->values[column][r] : *least;
		*most = t->values[column][r] > *most ? t->values[column][r] : *most;
	}
	return *least <= *most && s->stretch_rows % 2 == 0; /* now and then it is not known */
}

static enum sl_rc distinct(const struct sl_store *store, uint32_t table, uint16_t column, struct sl_distinct *out,
                           struct sl_err *err)
{
	const struct memory_store *s = (const struct memory_store *)store;
	const struct memory_table *t = &s->tables[table];
	int64_t last = INT64_MIN;

	*out = (struct sl_distinct){ 0 };
	if (table >= s->ntables)
		return sl_err_set(err, SL_E_INPUT, "no rows lie behind table %u", table);
	/* Each value in turn, the smallest that is larger than the last. */
	for (uint32_t n = 0;; n++) {
		const int64_t *next = NULL;
		for (uint32_t r = 0; r < t->rows; r++) {
			const int64_t *v = &t->values[column][r];
			if (!t->nulls[column][r] && (n == 0 || *v > last) && (next == NULL || *v < *next))
				next = v;
		}
		if (next == NULL)
			break;
		if (n == SL_DISTINCT_MAX) {
			*out = (struct sl_distinct){ 0 };
			break;
		}
		last = out->v[n] = *next;
		out->n++;
	}
	return SL_OK;
}

void memory_store_init(struct memory_store *s)
{
	memset(s, 0, sizeof *s);
	s->store = (struct sl_store){ .open = open_feed, .cut = cut, .span = span, .distinct = distinct };
}

void memory_store_fini(struct memory_store *s)
{
	for (uint32_t t = 0; t < s->ntables; t++) {
		free(s->tables[t].units);
		for (uint32_t c = 0; c < s->tables[t].ncolumns; c++) {
			free(s->tables[t].values[c]);
			free(s->tables[t].nulls[c]);
		}
	}
	memset(s, 0, sizeof *s);
}

struct memory_table *memory_store_table(struct memory_store *s, uint32_t rows, uint32_t ncolumns)
{
	struct memory_table *t = &s->tables[s->ntables++];

	assert_true(ncolumns <= MEMORY_COLUMNS_MAX);
	t->rows = rows;
	t->ncolumns = ncolumns;
	t->units = calloc(rows + 1, sizeof *t->units);
	for (uint32_t c = 0; c < ncolumns; c++) {
		t->values[c] = calloc(rows + 1, sizeof *t->values[c]);
		t->nulls[c] = calloc(rows + 1, 1);
	}
	return t;
}

static void seal_groups(struct sl_writer *w, const struct memory_table *t)
{
	struct sl_err err = { 0 };
	const int64_t *values[MEMORY_COLUMNS_MAX + 1];
	const uint8_t *nulls[MEMORY_COLUMNS_MAX + 1];
	int64_t *clean = calloc(t->rows + 1, sizeof *clean * t->ncolumns + 1);

	for (uint32_t c = 0; c < t->ncolumns; c++)
		for (uint32_t r = 0; r < t->rows; r++)
			clean[(size_t)c * t->rows + r] = t->nulls[c][r] ? 0 : t->values[c][r];
	for (uint32_t at = 0; at < t->rows; at += SL_CHUNK_ROWS) {
		uint32_t rows = t->rows - at < SL_CHUNK_ROWS ? t->rows - at : SL_CHUNK_ROWS;
		values[0] = t->units + at;
		nulls[0] = NULL;
		for (uint32_t c = 0; c < t->ncolumns; c++) {
			values[c + 1] = clean + (size_t)c * t->rows + at;
			nulls[c + 1] = t->nulls[c] + at;
		}
		if (sl_writer_group(w, values, nulls, rows, &err) != SL_OK)
			fail_msg("%s", err.text);
	}
	free(clean);
}

int memory_table_seal(const struct memory_table *t, const struct sl_table *view, struct sl_engine_table *out)
{
	struct sl_manifest_column columns[MEMORY_COLUMNS_MAX + 1] = { { .name = (char *)(uintptr_t)"unit",
		.type = SL_TYPE_INTEGER } };
	uint8_t key[32];
	struct sl_writer w;
	struct sl_err err = { 0 };
	int fd = memfd_create("segment", 0);

	for (uint32_t c = 0; c < t->ncolumns; c++)
		columns[c + 1] = (struct sl_manifest_column){ .name = view->columns[c].name, .type = view->columns[c].type,
			.scale = view->columns[c].scale,
			.ndomain = view->columns[c].type == SL_TYPE_TEXT ? view->columns[c].nlabels : 0 };
	memset(out, 0, sizeof *out);
	/* Another table has another key and another id. */
	uint32_t seed = 1;
	for (const char *c = view->name; *c != '\0'; c++)
		seed = seed * 31 + (uint8_t)*c;
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)(seed >> (i % 4 * 8)) ^ (uint8_t)(i * 7);
	memcpy(out->segment_id, key, sizeof out->segment_id);
	assert_true(fd >= 0);
	if (sl_writer_init(&w, out->segment_id, key, columns, t->ncolumns + 1, t->rows, &err) != SL_OK ||
	    sl_writer_begin(&w, fd, &err) != SL_OK)
		fail_msg("%s", err.text);
	seal_groups(&w, t);
	if (sl_writer_finish(&w, out->version, &out->segment_bytes, &err) != SL_OK)
		fail_msg("%s", err.text);
	sl_writer_fini(&w);
	out->ncolumns = t->ncolumns;
	out->columns = calloc(t->ncolumns + 1, sizeof *out->columns);
	assert_int_equal(sl_keys_manifest(key, out->manifest_key, &err), SL_OK);
	assert_int_equal(sl_keys_column(key, 0, out->unit_key, &err), SL_OK);
	for (uint32_t c = 0; c < t->ncolumns; c++) {
		out->columns[c].segment_column = (uint16_t)(c + 1);
		assert_int_equal(sl_keys_column(key, c + 1, out->columns[c].subkey, &err), SL_OK);
	}
	return fd;
}

void memory_store_seal(const struct memory_store *s, const struct sl_view *view, struct sl_engine_setup *setup,
                       int fds[static SL_TABLES_MAX])
{
	struct sl_err err = { 0 };

	memset(setup, 0, sizeof *setup);
	assert_int_equal(sl_codec_copy(&sl_view_record, view, &setup->view, &err), SL_OK);
	setup->tables = calloc(s->ntables, sizeof *setup->tables);
	setup->ntables = s->ntables;
	setup->nplans = 1;
	setup->memory_bytes = UINT64_C(256) << 20;
	setup->cells_max = SL_CELLS_MAX;
	setup->threads = 1;
	for (uint32_t t = 0; t < s->ntables; t++)
		fds[t] = memory_table_seal(&s->tables[t], &view->tables[t], &setup->tables[t]);
}
