/* world.c - see world.h. */
#include "tests/agreement/world.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *const names[] = { (char[]){ "place" }, (char[]){ "flag" }, (char[]){ "age" }, (char[]){ "price" },
	(char[]){ "day" }, (char[]){ "size" } };
static struct sl_label places[] = { { (char[]){ "north" } }, { (char[]){ "south" } }, { (char[]){ "west" } } };
static struct sl_band gapped[] = { { 0, 4, (char[]){ "0-4" } }, { 5, 9, (char[]){ "5-9" } },
	{ 12, 20, (char[]){ "12-20" } } };
static struct sl_band whole[] = { { INT64_MIN, 9, (char[]){ "to 9" } }, { 10, INT64_MAX, (char[]){ "from 10" } } };
static char empty[] = "";

void world_keep_memory(void)
{
	(void)mallopt(M_MMAP_THRESHOLD, 1 << 25);
	(void)mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

uint32_t world_draw(struct world *w, uint32_t below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (uint32_t)((w->random >> 20) % below);
}

void world_sql(struct world *w, const char *sql)
{
	if (sqlite3_exec(w->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sqlite3_errmsg(w->db), sql);
}

static void make_columns(struct world *w, struct sl_column c[static WORLD_COLUMNS])
{
	static const uint8_t types[] = { SL_TYPE_TEXT, SL_TYPE_BOOLEAN, SL_TYPE_INTEGER, SL_TYPE_REAL, SL_TYPE_DATE,
		SL_TYPE_INTEGER };

	for (uint32_t i = 0; i < WORLD_COLUMNS; i++)
		c[i] = (struct sl_column){ .name = names[i], .title = empty, .type = types[i],
			.uses = SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE, .nullable = world_draw(w, 2) != 0,
			.sensitive = world_draw(w, 3) == 0, .lo = INT64_MIN, .hi = INT64_MAX };
	c[WORLD_PLACE].has_domain = 1;
	c[WORLD_PLACE].has_other = world_draw(w, 2) != 0;
	c[WORLD_PLACE].labels = places;
	c[WORLD_PLACE].nlabels = WORLD_LABELS;
	c[WORLD_AGE].lo = 0;
	c[WORLD_AGE].hi = 20;
	c[WORLD_AGE].bands = world_draw(w, 2) ? gapped : whole;
	c[WORLD_AGE].nbands = c[WORLD_AGE].bands == gapped ? 3 : 2;
	c[WORLD_PRICE].scale = WORLD_PRICE_SCALE;
}

static int64_t value_of(struct world *w, const struct sl_column *c, uint32_t column)
{
	switch (column) {
	case WORLD_PLACE:
		return world_draw(w, WORLD_LABELS + c->has_other);
	case WORLD_FLAG:
		return world_draw(w, 2);
	case WORLD_AGE:
		return world_draw(w, 21);
	case WORLD_PRICE:
		return (int64_t)world_draw(w, 400) - 150;
	case WORLD_DAY:
		return (int64_t)world_draw(w, 10) - 4;
	default:
		/* Mostly small, so that totals meet; now and then beyond 32 bits. */
		return world_draw(w, 12) ? (int64_t)world_draw(w, 7) - 3 : ((int64_t)world_draw(w, 9) - 4) * (INT64_C(1) << 40);
	}
}

/* How a column's values lie in a wild world. */
enum wild_kind { WILD_AS_USUAL, WILD_CONSTANT, WILD_ENDS, WILD_ANY, WILD_LARGE, WILD_KINDS };

static int64_t wild_value_of(struct world *w, const struct sl_column *c, uint32_t column, enum wild_kind kind)
{
	static const int64_t ends[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX };
	uint64_t high = world_draw(w, UINT32_MAX), low = world_draw(w, UINT32_MAX);

	if (column == WORLD_PLACE || column == WORLD_FLAG)
		return kind == WILD_CONSTANT || (kind == WILD_LARGE && world_draw(w, 40)) ? 1 : value_of(w, c, column);
	if (column == WORLD_AGE)
		return kind == WILD_CONSTANT ? 7 : value_of(w, c, column);
	/* Days of the years -700 to 4600, every month and leap rule among them. */
	if (column == WORLD_DAY)
		return kind == WILD_AS_USUAL ? value_of(w, c, column) : kind == WILD_CONSTANT ? 11016
		                                                      : (int64_t)(low % 1900000) - 950000;
	switch (kind) {
	case WILD_CONSTANT:
		return -5;
	case WILD_ENDS:
		return ends[world_draw(w, 7)];
	case WILD_ANY:
		return (int64_t)(high << 32 | low);
	case WILD_LARGE:
		/* Totals of a few of them leave int64, those of one unit with one row do not. */
		return world_draw(w, 2) ? INT64_MAX / 3 : (int64_t)low;
	default:
		return value_of(w, c, column);
	}
}

static void make_rows(struct world *w, uint32_t table)
{
	struct sl_table *view = &w->tables[table];
	/* One table in six has no row; in every third one unit has most of them. */
	uint32_t nunits = world_draw(w, 6) ? 1 + world_draw(w, 60) : 0, rows = 0;
	uint32_t huge = world_draw(w, 3) ? UINT32_MAX : world_draw(w, nunits + 1);
	/* Huge units have 200 rows, others at most 4. */
	if (w->large)
		nunits = 50000;
	int64_t *units = calloc(nunits * 4 + 200, sizeof *units);

	for (uint32_t u = 0; u < nunits; u++) {
		uint32_t n = world_draw(w, 6) ? 1 : 0;
		if (!view->one_row_per_unit)
			n = u == huge ? 200 : world_draw(w, 5);
		while (n-- > 0)
			units[rows++] = u;
	}
	struct memory_table *t = memory_store_table(&w->store, rows, WORLD_COLUMNS);
	if (rows > 0)
		memcpy(t->units, units, rows * sizeof *units);
	free(units);
	for (uint32_t c = 0; c < WORLD_COLUMNS; c++) {
		/* One value in so many is there: in some columns few are. */
		uint32_t there = world_draw(w, 6) ? 0 : 1 + world_draw(w, 20);
		enum wild_kind kind = w->wild ? (enum wild_kind)world_draw(w, WILD_KINDS) : WILD_AS_USUAL;
		for (uint32_t r = 0; r < rows; r++) {
			bool missing = there ? world_draw(w, there) != 0 : world_draw(w, 5) == 0;
			t->nulls[c][r] = view->columns[c].nullable && missing;
			t->values[c][r] = t->nulls[c][r] ? 0
			                  : w->wild      ? wild_value_of(w, &view->columns[c], c, kind)
			                                 : value_of(w, &view->columns[c], c);
		}
	}
}

static void load_rows(struct world *w, uint32_t table)
{
	const struct memory_table *t = &w->store.tables[table];
	sqlite3_stmt *s = NULL;
	char sql[160];

	snprintf(sql, sizeof sql, "CREATE TABLE t%u (u INTEGER, c0 INTEGER, c1 INTEGER, c2 INTEGER, c3 INTEGER, c4 INTEGER, "
	         "c5 INTEGER)", table);
	world_sql(w, sql);
	snprintf(sql, sizeof sql, "INSERT INTO t%u VALUES (?, ?, ?, ?, ?, ?, ?)", table);
	assert_int_equal(sqlite3_prepare_v2(w->db, sql, -1, &s, NULL), SQLITE_OK);
	for (uint32_t r = 0; r < t->rows; r++) {
		sqlite3_bind_int64(s, 1, t->units[r]);
		for (int c = 0; c < WORLD_COLUMNS; c++)
			if (t->nulls[c][r])
				sqlite3_bind_null(s, c + 2);
			else
				sqlite3_bind_int64(s, c + 2, t->values[c][r]);
		assert_int_equal(sqlite3_step(s), SQLITE_DONE);
		sqlite3_reset(s);
	}
	sqlite3_finalize(s);
}

static char *const attribute_names[] = { (char[]){ "coast" }, (char[]){ "cost" }, (char[]){ "region" } };

/* A reference table of places; where a place is (other) nothing is known of it. */
static void make_places(struct world *w)
{
	static const uint8_t types[] = { SL_TYPE_BOOLEAN, SL_TYPE_INTEGER, SL_TYPE_TEXT };
	static char name[] = "s.places";

	for (uint32_t a = 0; a < WORLD_ATTRIBUTES; a++)
		w->attributes[a] = (struct sl_column){ .name = attribute_names[a], .title = empty, .type = types[a], .nullable = 1,
			.uses = SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE, .sensitive = world_draw(w, 3) == 0, .lo = INT64_MIN,
			.hi = INT64_MAX };
	w->attributes[WORLD_REGION].has_domain = 1;
	w->attributes[WORLD_REGION].labels = places;
	w->attributes[WORLD_REGION].nlabels = WORLD_LABELS;
	for (uint32_t i = 0; i < WORLD_LABELS * WORLD_ATTRIBUTES; i++) {
		static const uint32_t below[] = { 2, 1000, WORLD_LABELS };
		w->cells[i].missing = world_draw(w, 5) == 0;
		w->cells[i].value = w->cells[i].missing ? 0 : world_draw(w, below[i % WORLD_ATTRIBUTES]);
	}
	w->tables[WORLD_TABLES] = (struct sl_table){ .name = name, .space = empty, .unit_column = empty,
		.class_ = SL_CLASS_OPEN, .columns = w->attributes, .ncolumns = WORLD_ATTRIBUTES, .cells = w->cells,
		.ncells = WORLD_LABELS * WORLD_ATTRIBUTES };
	w->view.ntables = WORLD_TABLES + 1;
	for (uint32_t t = 0; t < WORLD_TABLES; t++)
		w->columns[t][WORLD_PLACE].reference = WORLD_TABLES + 1;
}

static void init(struct world *w, uint64_t seed, bool wild, bool large)
{
	static char tables[WORLD_TABLES][4] = { "s.a", "s.b", "s.c" };
	static char space[] = "person";
	struct sl_err err = { 0 };

	memset(w, 0, sizeof *w);
	w->wild = wild;
	w->large = large;
	w->random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
	memory_store_init(&w->store);
	w->store.stretch_rows = world_draw(w, 4) ? 1 + world_draw(w, 20) : 0;
	assert_int_equal(sqlite3_open(":memory:", &w->db), SQLITE_OK);
	w->view = (struct sl_view){ .tables = w->tables, .ntables = WORLD_TABLES };
	if (!wild)
		world_sql(w, "BEGIN");
	for (uint32_t t = 0; t < WORLD_TABLES; t++) {
		make_columns(w, w->columns[t]);
		w->tables[t] = (struct sl_table){ .name = tables[t], .space = space, .unit_column = empty,
			.one_row_per_unit = t > 0, .class_ = SL_CLASS_CONFIDENTIAL, .columns = w->columns[t],
			.ncolumns = WORLD_COLUMNS };
		make_rows(w, t);
		if (!wild)
			load_rows(w, t);
	}
	if (wild)
		make_places(w);
	else
		world_sql(w, "COMMIT");
	if (sl_view_check(&w->view, &err) != SL_OK)
		fail_msg("%s", err.text);
}

void world_init(struct world *w, uint64_t seed)
{
	init(w, seed, false, false);
}

void world_init_wild(struct world *w, uint64_t seed)
{
	init(w, seed, true, false);
}

void world_init_large(struct world *w, uint64_t seed)
{
	init(w, seed, true, true);
}

void world_fini(struct world *w)
{
	memory_store_fini(&w->store);
	assert_int_equal(sqlite3_close(w->db), SQLITE_OK);
}
