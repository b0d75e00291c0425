/*
 * check_sums.h - between check_sums.c and check_sums_sets.c only: the rows that tell what an amount adds up
 * to, in the request and before, and what the engine counted of them. Tables with one row per unit.
 */
#ifndef SL_POLICY_CHECK_SUMS_H
#define SL_POLICY_CHECK_SUMS_H

#include "policy/check_state.h"
#include "policy/history/equations.h"
#include "policy/history/row_kinds.h"

/* A cell of an output that tells the amount somewhere. */
struct sl_sums_set {
	uint32_t set;                        /* the audit's */
	bool is_told;                        /* there, now; of history also where it may have been */
	bool was_told;                       /* by history, for sure */
	const struct sl_evidence *evidence;  /* NULL: it left before, or has the amount times a number */
};

struct sl_sums {
	struct sl_check_state *st;
	const struct sl_history *before;
	struct sl_audit *a;
	sl_i128 measure;
	uint32_t plan, stat;        /* the first of the request that has it */
	struct sl_sums_set *sets;   /* those of an output follow each other */
	uint32_t nsets;
	struct sl_row_kinds kinds;  /* of rows that add something, as far as is known; others are left out of the sets */
	uint32_t *first_in, *in;    /* in[first_in[kind]] … in[first_in[kind + 1] - 1]: sets that have it, rising */
	uint32_t *numbers, nnumbers;/* told sets, history's first; of few kinds first, for then equations stay short */
	bool fits;                  /* sums are small enough to be told apart by what is left of them, and of one sign */
	/* What all numbers tell, what those of history told, and what the engine counted: who adds something, and how much. */
	struct sl_equations now, earlier, counted;
	uint64_t work, steps;       /* that may still be taken to solve, and to search */
	uint32_t *rows;             /* kinds that are asked about together */
	uint32_t nrows;
	bool *is_in, *is_covered;   /* per kind: it is one of those; and in a cell that was chosen */
	/* Per plan of the request, rows of which a number of it tells and there is no answer: the first that were met. */
	struct sl_sums_unknown {
		uint64_t units;     /* 0: there are none */
		uint32_t beside;    /* another set that tells it */
	} unknown[SL_PLANS_MAX];
};
/* Some tenths of a second, for all measures of a request. */
#ifndef SL_SUMS_WORK_MAX
#define SL_SUMS_WORK_MAX UINT64_C(100000000)
#endif
#ifndef SL_SUMS_STEPS_MAX
#define SL_SUMS_STEPS_MAX UINT64_C(5000000)
#endif

/*
 * sl_sums_open - of l->measure: the sets, of which kinds they are, and which are told. *asked false: nothing can be
 * left of it, or a unit may have several rows. *fits false: there are too many. SL_E_NOMEM. Close it also after that.
 */
SL_MUST_CHECK enum sl_rc sl_sums_open(struct sl_sums *l, bool *asked, bool *fits, struct sl_err *err);
void sl_sums_close(struct sl_sums *l);

const uint32_t *sl_sums_kinds(const struct sl_sums *l, uint32_t set);
uint32_t sl_sums_nkinds(const struct sl_sums *l, uint32_t set);
/* sl_sums_stat - the first statistic of one of the request's plans that tells it; nstats: none. */
SL_MUST_CHECK enum sl_rc sl_sums_stat(const struct sl_sums *l, uint32_t plan, uint32_t *stat, struct sl_err *err);

/*
 * sl_sums_hold_told - a number that is told is of some of the rows asked about: then they fall into these and the
 * others, and of both it is told.
 */
bool sl_sums_hold_told(struct sl_sums *l);
/* sl_sums_look - whether it is told of the rows asked about, and what goes then. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_sums_look(struct sl_sums *l, struct sl_err *err);
/*
 * sl_sums_groups - looks at all rows of which it is told, as long as these do not fall into others of which it is.
 *   through  out  false: there was too much to look at
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_sums_groups(struct sl_sums *l, bool *through, struct sl_err *err);

enum sl_sums_answer { SL_SUMS_FINE = 0, SL_SUMS_FEW, SL_SUMS_UNKNOWN };
/*
 * sl_sums_judge - of the rows asked about, whether few add something, or one makes up most of it.
 *   units  out  of FEW: how many
 */
SL_MUST_CHECK enum sl_rc sl_sums_judge(struct sl_sums *l, enum sl_sums_answer *answer, uint64_t *units,
                                          struct sl_err *err);

#endif
