/*
 * feed.h - where the engine's rows come from: one table's columns, in unit order, a stretch at a time.
 *
 * Execution exists once; behind a feed lies a sealed segment (segment_store.h) or, in tests, memory.
 */
#ifndef SL_ENGINE_FEED_H
#define SL_ENGINE_FEED_H

#include "enclave/pact/plan.h"

/* Rows that follow each other. Borrowed from the feed until its next call. */
struct sl_stretch {
	uint32_t rows;                        /* 0: the table is at its end */
	const int64_t *units;                 /* ordinals, not falling */
	const int64_t *values[SL_INPUTS_MAX]; /* [column as asked for][row] */
	const uint8_t *nulls[SL_INPUTS_MAX];  /* 1: missing, the value is then anything */
};

/* A column's values that matter: lo to hi, and a missing one when `missing`. */
struct sl_range {
	int64_t lo, hi;
	bool missing;
};

struct sl_feed {
	/* The next stretch. Fails: SL_E_INTEGRITY. Not called again after a failure or the end. */
	enum sl_rc (*next)(struct sl_feed *feed, struct sl_stretch *out, struct sl_err *err);
	void (*close)(struct sl_feed *feed);
};

/* Gives feeds over the tables of a view; tables and columns by their index there. */
struct sl_store {
	/*
	 * A feed over some columns of a table, from its first row. *out is the caller's to close.
	 * Fails: SL_E_INPUT (nothing lies behind that table), SL_E_NOMEM.
	 */
	enum sl_rc (*open)(const struct sl_store *store, uint32_t table, const uint16_t *columns, uint32_t ncolumns,
	                   struct sl_feed **out, struct sl_err *err);
	/* Memory such a feed takes, whatever the table. */
	uint64_t (*feed_bytes)(const struct sl_store *store, uint32_t ncolumns);
};

#endif
