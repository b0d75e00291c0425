/*
 * predicate.h - which rows are in a set of an output, as its plan says it: the conditions a row must meet, each hashed.
 *
 * Names of the catalogue, not places in a view, so that plans of different jobs, projects and policies compare. Two
 * sets with the same parts hold the same rows of the same tables, whatever was asked of them; a set whose parts include
 * all of another's lies within it. Spellings of one condition are one part as far as condition.h knows, and so are a
 * group and the condition that is true of it: what is the same may count as different, never what is different as the
 * same.
 */
#ifndef SL_POLICY_HISTORY_PREDICATE_H
#define SL_POLICY_HISTORY_PREDICATE_H

#include "policy/history/operands.h"

/* A plan's part of all its sets, and the plan itself, borrowed. */
struct sl_predicate {
	const struct sl_plan *plan;
	const struct sl_view *view;
	struct sl_predicate_part common[SL_PREDICATE_PARTS_MAX];
	uint32_t ncommon;
	uint32_t per_cell;      /* sets of a cell: 1 + watched statistics */
	struct sl_predicate_watched {
		struct sl_predicate_part *parts;
		uint32_t nparts;
	} *watched;             /* per watched statistic, what it asks of a row besides: the same in every cell */
};

/*
 * sl_predicate_init - of a checked plan. SL_E_LIMIT: more conditions than SL_PREDICATE_PARTS_MAX; SL_E_NOMEM.
 * sl_predicate_fini also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_predicate_init(struct sl_predicate *p, const struct sl_plan *plan,
                                           const struct sl_view *view, struct sl_err *err);

void sl_predicate_fini(struct sl_predicate *p);

/* sl_predicate_set - the parts of a set, rising, into heap memory of the caller's. As sl_predicate_init. */
SL_MUST_CHECK enum sl_rc sl_predicate_set(const struct sl_predicate *p, uint32_t set, struct sl_predicate_part **parts,
                                          uint32_t *nparts, struct sl_err *err);

/*
 * sl_predicate_unions - of the conditions of a checked plan, besides keys, those that ask for one of a few values.
 * SL_E_NOMEM; out, zeroed before, is freed by the caller, also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_predicate_unions(const struct sl_plan *plan, const struct sl_view *view,
                                             struct sl_condition_unions *out, struct sl_err *err);

/*
 * sl_predicate_measure - what a statistic tells of units besides how many there are, hashed; the sum and the mean of an
 * argument are one. *has false: nothing. As sl_predicate_init.
 * sl_predicate_measures - those of a plan's statistics, each once, rising. Heap memory of the caller's.
 */
SL_MUST_CHECK enum sl_rc sl_predicate_measure(const struct sl_plan *plan, const struct sl_view *view, uint32_t stat,
                                              struct sl_predicate_part *part, bool *has, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_predicate_measures(const struct sl_plan *plan, const struct sl_view *view,
                                               struct sl_predicate_part **parts, uint32_t *nparts, struct sl_err *err);

/* sl_predicate_tables - a plan's tables, in order and as they are joined, hashed. As sl_predicate_init. */
SL_MUST_CHECK enum sl_rc sl_predicate_tables(const struct sl_plan *plan, const struct sl_view *view,
                                             struct sl_predicate_part *part, struct sl_err *err);

/*
 * sl_predicate_stats - each statistic of a plan that is printed, in order, as what it is of and how it is printed,
 * hashed: equal ones of two plans are the same number of the same rows, on the same grid. Heap memory of the caller's.
 * As sl_predicate_init.
 */
SL_MUST_CHECK enum sl_rc sl_predicate_stats(const struct sl_plan *plan, const struct sl_view *view,
                                            struct sl_predicate_part **parts, uint32_t *nparts, struct sl_err *err);

#endif
