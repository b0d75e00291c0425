/* memory_store.h - tables in memory as a store of feeds, cut into stretches of any length; and sealed, as segments. */
#ifndef SL_TEST_MEMORY_STORE_H
#define SL_TEST_MEMORY_STORE_H

#include "enclave/engine/feed.h"
#include "enclave/pact/setup.h"

#define MEMORY_COLUMNS_MAX 16

struct memory_table {
	uint32_t rows, ncolumns;
	int64_t *units;                        /* ordinals; the store gives rows as they stand here */
	int64_t *values[MEMORY_COLUMNS_MAX];
	uint8_t *nulls[MEMORY_COLUMNS_MAX];
};

struct memory_store {
	struct sl_store store;                 /* first */
	struct memory_table tables[SL_TABLES_MAX];
	uint32_t ntables;
	uint32_t stretch_rows;                 /* at most so many at once; 0: all */
	uint32_t fails_after;                  /* that many stretches of a feed, then it fails; 0: never */
	uint32_t parts_max;                    /* a table is cut into at most so many parts; 0: as many as asked */
	bool hides_ends;                       /* no stretch says where units end */
	uint32_t nopen;                        /* feeds not closed; threads open and close them */
};

void memory_store_init(struct memory_store *s);
void memory_store_fini(struct memory_store *s);

/* A table of so many rows and columns, everything zero and present. */
struct memory_table *memory_store_table(struct memory_store *s, uint32_t rows, uint32_t ncolumns);

/* A table's segment as a file in memory, and its part of an engine setup; columns take over t's part of view. */
int memory_table_seal(const struct memory_table *t, const struct sl_table *view, struct sl_engine_table *out);

/* Setup for all tables of a store over a view (copied); fds[i] is the segment of table i. Free: sl_codec_free. */
void memory_store_seal(const struct memory_store *s, const struct sl_view *view, struct sl_engine_setup *setup,
                       int fds[static SL_TABLES_MAX]);

#endif
