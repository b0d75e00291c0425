/* bench.h - a small view, a store and plans written by hand: what the engine's tests work on. */
#ifndef SL_TEST_ENGINE_BENCH_H
#define SL_TEST_ENGINE_BENCH_H

#include "enclave/engine/engine.h"
#include "tests/unit/engine/memory_store.h"

/* Columns of both tables. visits: several rows per unit; people: one. */
enum { COL_PLACE, COL_SICK, COL_AGE, COL_AMOUNT, BENCH_COLUMNS };
#define NONE INT64_MIN /* a missing value in a row below */

struct bench_row {
	int64_t unit, values[BENCH_COLUMNS];
};

struct bench {
	struct sl_table tables[2];
	struct sl_column columns[2][BENCH_COLUMNS];
	struct sl_engine_setup setup;    /* its view is of the tables above; nothing to free */
	struct memory_store memory;
	struct sl_plan plan;             /* of visits alone; inputs as the columns */
	struct sl_source sources[2];
	struct sl_input inputs[2 * BENCH_COLUMNS];
	struct sl_key keys[3];
	struct sl_stat stats[5];
	struct sl_op ops[6][3];          /* of the statistics; the last are where's */
	struct sl_result result;
	struct sl_err err;
};

/* place: labels 0 1, (other) 2; sick: sensitive; age: bands 0-9, 20-29 of 0..29, required. The others are nullable. */
void bench_init(struct bench *b);
void bench_fini(struct bench *b);

/* Rows of table visits or people; visits first. */
void bench_rows(struct bench *b, const struct bench_row *rows, uint32_t n);

/* Adds people to the sources; its columns are inputs BENCH_COLUMNS … */
void bench_join(struct bench *b);
void bench_key(struct bench *b, uint16_t input, bool banded);
/* A statistic of an input; COUNT_IF and SHARE of: input = value. */
void bench_stat(struct bench *b, enum sl_stat_fn fn, uint16_t input, int64_t value);
void bench_where_equals(struct bench *b, uint16_t input, int64_t value);

/* Runs the plan, once more into the same bench if asked again. Asserts what sl_result_check says of a result. */
enum sl_rc bench_run(struct bench *b);
const struct sl_evidence *bench_evidence(const struct bench *b, uint32_t cell, uint32_t stat);

#endif
