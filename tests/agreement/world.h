/*
 * world.h - random tables, once as the engine reads them and once in SQLite: what the agreement test compares over.
 *
 * Three tables of one unit space: "a" has several rows per unit, "b" and "c" one. All have the same columns, drawn
 * small, so that ties, zeros, empty cells, missing values and units of one row are common.
 */
#ifndef SL_TEST_AGREEMENT_WORLD_H
#define SL_TEST_AGREEMENT_WORLD_H

#include <sqlite3.h>

#include "enclave/pact/view.h"
#include "tests/unit/engine/memory_store.h"

enum world_column { WORLD_PLACE, WORLD_FLAG, WORLD_AGE, WORLD_PRICE, WORLD_DAY, WORLD_SIZE, WORLD_COLUMNS };
#define WORLD_TABLES 3
#define WORLD_LABELS 3
enum world_attribute { WORLD_COAST, WORLD_COST, WORLD_REGION, WORLD_ATTRIBUTES }; /* of a place, wild worlds only */
#define WORLD_PRICE_SCALE 2

struct world {
	struct sl_view view;
	struct sl_table tables[WORLD_TABLES + 1]; /* the last: places, which the others refer to */
	struct sl_column columns[WORLD_TABLES][WORLD_COLUMNS];
	struct sl_column attributes[WORLD_ATTRIBUTES];
	struct sl_reference_cell cells[WORLD_LABELS * WORLD_ATTRIBUTES];
	struct memory_store store;
	sqlite3 *db;            /* tables t0, t1, t2 (u, c0 … c5) */
	uint64_t random;        /* state; never 0 */
	bool large;
	bool wild;              /* values at the ends of int64, dates far off, constant columns; SQLite has no part in it */
};

/* world_keep_memory - what is freed is kept for the next run: to fetch it from the kernel takes longer than the run. */
void world_keep_memory(void);

/* world_draw - a number in 0..below-1; the same seed draws the same numbers everywhere. */
uint32_t world_draw(struct world *w, uint32_t below);

/* world_init - tables of one seed. world_fini frees all. */
void world_init(struct world *w, uint64_t seed);
/* world_init_wild - tables of values that SQL's sums cannot take; db is empty. */
void world_init_wild(struct world *w, uint64_t seed);
/* world_init_large - the same of so many rows that a table's segment has several row groups. */
void world_init_large(struct world *w, uint64_t seed);
void world_fini(struct world *w);

/* world_sql - run statements that give no rows; fails the test with SQLite's message. */
void world_sql(struct world *w, const char *sql);

#endif
