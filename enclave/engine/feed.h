/*
 * feed.h - where the engine's rows come from: one table's columns, in unit order, a stretch at a time.
 *
 * Execution exists once; behind a feed lies a sealed segment (segment_store.h) or, in tests, memory. Several threads
 * open, run and close feeds of one store at the same time, each with a lane of its own.
 */
#ifndef SL_ENGINE_FEED_H
#define SL_ENGINE_FEED_H

#include "enclave/engine/batch.h"
#include "enclave/pact/result.h"

/* Rows that follow each other. Borrowed from the feed until its next call. */
struct sl_stretch {
	uint32_t rows;                        /* 0: the table is at its end */
	const int64_t *units;                 /* ordinals, not falling; NULL: `ends` has them, and it is at most a batch */
	const int64_t *values[SL_INPUTS_MAX]; /* [column as asked for][row] */
	const uint8_t *nulls[SL_INPUTS_MAX];  /* 1: missing, the value is then anything; NULL: none of these rows is */
	struct sl_unit_ends ends;
	const int64_t *unit_values[SL_INPUTS_MAX]; /* not NULL: instead of values, by unit as in ends; at most a batch */
	bool out_of_range;                    /* no row lies in the ranges asked for: values and nulls are not told */
};

/* Units of rows that follow each other, of which single ones can be picked. Borrowed as a stretch. */
struct sl_shelf {
	uint32_t rows;                        /* 0: the table is at its end */
	const int64_t *units;                 /* not falling; NULL: row i is of unit first + i */
	int64_t first;
};

/* The unit of its last row; it has one. */
static inline int64_t sl_shelf_last(const struct sl_shelf *s)
{
	return s->units != NULL ? s->units[s->rows - 1] : s->first + s->rows - 1;
}

/* Walked by `next`, or looked into by `shelf` and `pick`: one of both. */
struct sl_feed {
	/* The next stretch. Fails: SL_E_INTEGRITY. Not called again after a failure or the end. */
	enum sl_rc (*next)(struct sl_feed *feed, struct sl_stretch *out, struct sl_err *err);
	/* The next rows; those of units below `from` may be passed over. Ranges do not matter. Otherwise as next. */
	enum sl_rc (*shelf)(struct sl_feed *feed, int64_t from, struct sl_shelf *out, struct sl_err *err);
	/*
	 * A column's values of n rows of the present shelf; rows do not fall. False: none of the shelf is missing, and
	 * nulls is not touched.
	 */
	bool (*pick)(struct sl_feed *feed, uint32_t column, const uint32_t *rows, uint32_t n, int64_t *values,
	             uint8_t *nulls);
	void (*close)(struct sl_feed *feed);
};

/* A column's values that matter: lo to hi, and a missing one when `missing`. */
struct sl_range {
	int64_t lo, hi;
	bool missing;
};

/* What a feed is to give: columns by their index in the view's table, rows of units from unit_first to unit_last. */
struct sl_feed_order {
	uint32_t table;
	uint16_t columns[SL_INPUTS_MAX];
	uint32_t ncolumns;
	int64_t unit_first, unit_last;
	bool by_unit[SL_INPUTS_MAX];          /* per column: may be told by unit, where all rows of each unit share it */
	bool units_once;                      /* units may be told once each, in `ends` alone */
	const struct sl_range *ranges;        /* per column, borrowed while the feed is open; NULL: all rows matter */
	uint32_t lane;                        /* thread that will run it, below the store's lanes */
};

/* Gives feeds over the tables of a view; tables and columns by their index there. */
struct sl_store {
	/* A feed. *out is the caller's to close. Fails: SL_E_INPUT (nothing lies behind that table), SL_E_NOMEM. */
	enum sl_rc (*open)(const struct sl_store *store, const struct sl_feed_order *order, struct sl_feed **out,
	                   struct sl_err *err);
	/*
	 * Cuts a table's units into at most `parts` ranges of about the same number of rows: first[0] = 0, rising; part i
	 * ends before first[i + 1]. Returns how many, at least 1.
	 */
	uint32_t (*cut)(const struct sl_store *store, uint32_t table, uint32_t parts, int64_t first[]);
	/* Bounds that hold all present values of a column, known without reading it; false: not known, or there is none. */
	bool (*span)(const struct sl_store *store, uint32_t table, uint16_t column, int64_t *least, int64_t *most);
	/* Which values a column has in all rows (result.h). While no feed is open. SL_E_INTEGRITY, SL_E_NOMEM, SL_E_INPUT. */
	enum sl_rc (*distinct)(const struct sl_store *store, uint32_t table, uint16_t column, struct sl_distinct *out,
	                       struct sl_err *err);
};

#endif
