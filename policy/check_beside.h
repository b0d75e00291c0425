/*
 * check_beside.h - between check_beside*.c only: who has which half of what two statistics tell.
 */
#ifndef SL_POLICY_CHECK_BESIDE_H
#define SL_POLICY_CHECK_BESIDE_H

#include "policy/check_state.h"
#include "policy/history/halves.h"

enum sl_seen_from { SL_SEEN_NOWHERE, SL_SEEN_ROW, SL_SEEN_REQUEST, SL_SEEN_EARLIER };

/* Where a half of a cell stands: in its own row, in another output of the request, or in an earlier release. */
struct sl_seen {
	enum sl_seen_from from;
	uint64_t release;
	uint32_t output, cell;
};

struct sl_known {
	struct sl_seen half[2];         /* the total, the quotient */
};

struct sl_beside_output {
	struct sl_half *halves;
	uint32_t nhalves;
	uint32_t ncells;
	struct sl_known *cells;         /* of what is asked about; NULL: the output has nothing of it */
};

struct sl_beside {
	struct sl_check_state *st;
	sl_i128 of;                     /* what is asked about */
	struct sl_beside_output *outputs;
	bool hid;
	uint64_t work;                  /* steps that sl_beside_left may still take */
};
/* Some tenths of a second. */
#ifndef SL_BESIDE_WORK_MAX
#define SL_BESIDE_WORK_MAX UINT64_C(100000000)
#endif

/* sl_beside_see - a half of a cell is seen there, too: the nearest place is kept. */
void sl_beside_see(struct sl_known *k, bool quotient, struct sl_seen seen);

/*
 * sl_beside_are_few - whether so many rows of a cell are too few, and some.
 * sl_beside_ask - so many rows of a cell, and a statistic of it by which they are told: hidden, if they are few.
 * sl_beside_hide - they are so many units, or nobody knows how few of those: hidden.
 * sl_beside_person - of how many rows it tells nobody has counted: for a person, once an output.
 * sl_beside_unknown - of how many rows it tells that they have no value nobody has counted: for a person, once an
 * output, unless there are none.
 */
bool sl_beside_are_few(const struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t stat, uint64_t rows);
SL_MUST_CHECK enum sl_rc sl_beside_ask(struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t stat, uint64_t rows,
                                       const struct sl_seen *beside, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_beside_hide(struct sl_beside *b, uint32_t i, uint32_t cell, uint32_t stat, uint64_t units,
                                        const struct sl_seen *beside, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_beside_person(struct sl_beside *b, uint32_t i, uint32_t stat, const struct sl_seen *beside,
                                          struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_beside_unknown(struct sl_beside *b, uint32_t i, uint32_t stat, const struct sl_seen *beside,
                                           struct sl_err *err);

/* sl_beside_stat - the first statistic of the output that is this half, shown in the cell; SL_FINDING_WHOLE: none. */
uint32_t sl_beside_stat(const struct sl_beside *b, uint32_t i, bool quotient, uint32_t cell);

/* sl_beside_stats_of - a bit for each statistic of an earlier output that is this half of what is asked about. */
uint32_t sl_beside_stats_of(const struct sl_beside *b, const struct sl_earlier_output *o, bool quotient);

/* sl_beside_missing - rows of the cell that have no value. False: none of the output's statistics knows. */
bool sl_beside_missing(const struct sl_beside *b, uint32_t i, uint32_t cell, uint64_t *rows);

/* sl_beside_never_missing - there are no such rows of this statistic: the catalogue says so. */
bool sl_beside_never_missing(const struct sl_beside *b, uint32_t i, uint32_t stat);

/*
 * sl_beside_around - asks of the means and shares of earlier releases whether totals of the request make up theirs.
 * sl_beside_sets - what earlier releases, and outputs of the request about other rows, tell of the request's cells:
 * by the conditions of their sets.
 * sl_beside_conditions - of shares, and counts of the same rows by their conditions, however they are put.
 * sl_beside_left - what all of them tell that no two tell: by the rows that they have in common. Where that is too much
 * to ask, a person is told.
 * SL_E_LIMIT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_beside_sets(struct sl_beside *b, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_beside_around(struct sl_beside *b, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_beside_conditions(struct sl_beside *b, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_beside_left(struct sl_beside *b, struct sl_err *err);

#endif
