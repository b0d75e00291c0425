/*
 * choose.h - which more numbers must be hidden so that the hidden ones cannot be worked out from the rest.
 */
#ifndef SL_POLICY_SECONDARY_CHOOSE_H
#define SL_POLICY_SECONDARY_CHOOSE_H

#include "policy/secondary/system.h"

/* What became of it. */
struct sl_choice {
	bool safe;             /* the checker accepted two witnesses of every primary (witness.h) */
	bool spent;            /* the work did not do for choosing the cheapest; */
	bool coarse;           /* whole lines or tables were hidden then */
	bool cheapest;         /* no other rows would do and cost less; known of small tables only (exact.c) */
	uint32_t primaries;    /* that were looked at */
	uint32_t rows_hidden;  /* besides */
	uint64_t work;         /* numbers looked at */
};

/*
 * sl_choose - hide rows (facts become SL_FACT_SECONDARY) until every primary of an indexed system is protected: the
 * cheapest first, and what turned out not to be needed is shown again, or cheaper rows are hidden instead; of a network
 * of up to 2,000 numbers the cheapest of all, if a hundredth part of the work does for that. Which of two equally cheap
 * ones is hidden for a number depends on `key` and its place, never on a value. The same input gives the same answer.
 *   work_max  in  numbers looked at, some six nanoseconds each: no clock is read. When half of it did not do, the lines
 *                 of all that is not yet protected are hidden, and when that does not do either, all that may be
 * Not safe: some primary cannot be protected by hiding rows, or not within that work; then what was hidden is no use.
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_choose(struct sl_system *s, uint64_t key, uint64_t work_max, struct sl_choice *out,
                                   struct sl_err *err);

#endif
