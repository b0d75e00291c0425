/*
 * reading.h - which columns the sums, means and spreads of an output are made of, and in which way. Two that make the
 * same of a column, up to a number of times and one more or less, read it in one way (amount.h); others may differ by
 * what few units have: pay and bonus of all, less the pay of all.
 */
#ifndef SL_POLICY_HISTORY_READING_H
#define SL_POLICY_HISTORY_READING_H

#include "enclave/pact/history.h"

/* sl_reading_adds_up - whether a statistic is a sum or mean, or made of sums of what it reads. */
bool sl_reading_adds_up(const struct sl_stat *stat);

/*
 * sl_reading_list - of a checked plan's statistics, each once, into heap memory of the caller's.
 *   measures  in  nmeasures of sl_predicate_measures
 * Fails: SL_E_LIMIT (more than SL_READINGS_MAX), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_reading_list(const struct sl_plan *plan, const struct sl_view *view,
                                         const struct sl_predicate_part *measures, uint32_t nmeasures,
                                         struct sl_reading **out, uint32_t *nout, struct sl_err *err);

/*
 * sl_reading_printed - what the prints of a plan's rows are of: each column that an input of its statistics reads, or
 *   the number of its rows. Heap memory of the caller's, NULL on failure.
 * sl_reading_by_set - the prints that are of what each of a cell's sets counts or measures. Of what meets a condition
 *   no value is: who meets it is in the set.
 * As sl_reading_list.
 */
SL_MUST_CHECK enum sl_rc sl_reading_printed(const struct sl_plan *plan, const struct sl_view *view,
                                            struct sl_reading **out, uint32_t *nout, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_reading_by_set(const struct sl_plan *plan, const struct sl_view *view,
                                           struct sl_printed_set **out, uint32_t *nout, struct sl_err *err);

#endif
