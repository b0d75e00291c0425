/*
 * quality.h - what a table's rows are like, counted as they go out: of each column how many are missing and how many
 * are (other), and how many rows repeat another one of their unit. Used by output.c.
 *
 * The counts are the same for any number of threads and, while no unit has more distinct rows than are remembered, for
 * any order of the source.
 */
#ifndef SL_LOAD_QUALITY_H
#define SL_LOAD_QUALITY_H

#include "enclave/load/rows.h"

/* Distinct rows of one unit that are remembered: those behind are compared with these alone. */
#define SL_QUALITY_DISTINCT 4096u

struct sl_repeats;

/* Caller's storage; zeroed: nothing is counted. */
struct sl_quality {
	const struct sl_layout *layout;    /* borrowed */
	struct sl_load_quality *columns;   /* one for each of the layout */
	struct sl_repeats *repeats;        /* one for each thread; NULL: a unit has one row */
	uint32_t threads;
};

/*
 * sl_quality_init - for the whole crew.
 *   repeats  in  whether a unit may have several rows
 *   key      in  random: nobody can make different rows meet
 * Fails: SL_E_NOMEM. fini also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_quality_init(struct sl_quality *q, const struct sl_layout *layout, bool repeats,
                                         uint64_t key, struct sl_err *err);
void sl_quality_fini(struct sl_quality *q);
/* sl_quality_bytes - memory that it takes. */
uint64_t sl_quality_bytes(uint32_t ncolumns);

/* sl_quality_column - n rows' values of column c, never the unit's; no two threads have the same column. */
void sl_quality_column(struct sl_quality *q, uint32_t c, const int64_t *values, const uint8_t *nulls, uint32_t n);
/*
 * sl_quality_rows - rows from … to - 1 in the order of their units, on thread `lane`; ranges of any thread, each once,
 * cover all rows.
 * sl_quality_row - the next row of all, on one thread.
 */
void sl_quality_rows(struct sl_quality *q, uint32_t lane, const struct sl_rows *rows, uint64_t from, uint64_t to);
void sl_quality_row(struct sl_quality *q, const uint8_t *row);

/* sl_quality_tell - the counts into a report, which owns the columns' from then on. */
void sl_quality_tell(struct sl_quality *q, struct sl_load_report *report);

#endif
