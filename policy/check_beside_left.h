/*
 * check_beside_left.h - between check_beside_left.c and check_beside_rows.c, _unions.c and _whole.c only: the halves
 * that are shown of what is asked about, in the request and before, and which rows each is of.
 */
#ifndef SL_POLICY_CHECK_BESIDE_LEFT_H
#define SL_POLICY_CHECK_BESIDE_LEFT_H

#include "policy/check_beside.h"
#include "policy/history/equations.h"
#include "policy/history/row_kinds.h"

/* A half that is shown. */
struct sl_left_number {
	uint32_t set;
	bool quotient;
	bool gone;              /* hidden since */
};

struct sl_left {
	struct sl_beside *b;
	const struct sl_check_space *space;
	struct sl_left_set {
		uint32_t output, cell;  /* history's outputs, then the plans */
		bool is_told;           /* how many of its rows have a value */
	} *sets;                /* the cells of all outputs that have a half; those of one follow each other */
	uint32_t nsets;
	struct sl_row_kinds kinds;
	uint32_t *order;        /* sets, those of few kinds first: then equations stay short */
	struct sl_left_number *numbers;
	uint32_t nnumbers;
	/* What all numbers tell, what those of history told, and how many rows have no value as the engine counted. */
	struct sl_equations now, before, counted;
	uint32_t *rows;         /* kinds that are asked about together */
	uint32_t nrows;
	bool has_unknown;       /* of some the engine did not count it */
	bool of_unknown;        /* those are asked about */
};

/* sl_left_is_to_ask - several outputs have a half, one of them is the request's, and somebody may lack a value. */
bool sl_left_is_to_ask(const struct sl_left *l);
/*
 * sl_left_sets - the sets, and of which kinds they are. *fits false: there are too many.
 * sl_left_numbers - their order, and which halves are shown. sl_left_close also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_left_sets(struct sl_left *l, bool *fits, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_left_numbers(struct sl_left *l, struct sl_err *err);
void sl_left_close(struct sl_left *l);

/*
 * sl_left_earlier - the earlier output that a set is of; NULL: it is the request's. sl_left_plan - the request's plan.
 */
const struct sl_earlier_output *sl_left_earlier(const struct sl_left *l, uint32_t set);
uint32_t sl_left_plan(const struct sl_left *l, uint32_t set);
/* sl_left_half - a statistic of the request's plan that is a half; SL_FINDING_WHOLE: it has none. */
uint32_t sl_left_half(const struct sl_left *l, uint32_t plan);
/* sl_left_tells - whether a set shows this half, now. */
bool sl_left_tells(const struct sl_left *l, uint32_t set, bool quotient);
/* sl_left_kinds - of a set, rising; sl_left_nkinds of them. sl_left_units - of kinds. */
const uint32_t *sl_left_kinds(const struct sl_left *l, uint32_t set);
uint32_t sl_left_nkinds(const struct sl_left *l, uint32_t set);
uint64_t sl_left_units(const struct sl_left *l, const uint32_t *kinds, uint32_t n);

/* sl_left_adds_up - whether it is told what the rows of a set add up to; of what is shown when it was solved. */
bool sl_left_adds_up(struct sl_left *l, uint32_t set);

/* sl_left_look - whether it is told of the rows asked about, and what goes then. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_left_look(struct sl_left *l, struct sl_err *err);
/*
 * sl_left_unions - looks at what the cells of one output, each or all together, have beyond those of another that lie
 * in them: of the request's, where it is told of all of these. SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_left_unions(struct sl_left *l, struct sl_err *err);
/*
 * sl_left_whole - where whatever whole numbers fit the means of two groups, and the sum or the mean of both, few of one
 * group have no value.
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_left_whole(struct sl_left *l, struct sl_err *err);

#endif
