/*
 * clause.h - a condition in normal form: ranges of values of one thing, or all of, or any of, such. No NOT: it has
 * gone into the ranges. Made by condition.c.
 *
 * Conditions are three-valued. Where a row counts if its condition is true, unknown is as good as false ("filters"):
 * then a missing value is one more value that an atom may let through, and an atom that lets nothing or everything
 * through is no condition at all.
 */
#ifndef SL_POLICY_HISTORY_CLAUSE_H
#define SL_POLICY_HISTORY_CLAUSE_H

#include "policy/history/ranges.h"
#include "policy/history/operands.h"

enum sl_clause_kind {
	SL_CLAUSE_ATOM, /* `of` is one of `in`; unknown where it is missing, unless or_missing */
	SL_CLAUSE_ALL,  /* of none: always true */
	SL_CLAUSE_ANY   /* of none: never true */
};

struct sl_clause {
	enum sl_clause_kind kind;
	struct sl_meaning is;    /* by sl_clause_name */
	bool named;
	/* of an atom */
	struct sl_meaning of;
	struct sl_range universe; /* of the values it can have */
	struct sl_ranges in;
	uint32_t merges;          /* how often values of it were put together with others */
	bool is_ordered;          /* numbers and dates: beyond a bound is a condition of its own */
	bool never_missing, or_missing;
	const struct sl_column *labels; /* values are codes of its domain; NULL: numbers */
	/* of ALL and ANY: owned */
	struct sl_clause *parts;
	uint32_t nparts, cap;
};

void sl_clause_free(struct sl_clause *c);

/* sl_clause_take - child becomes a part of c, or its parts do when it is of c's kind. Taken in any case. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_clause_take(struct sl_clause *c, struct sl_clause *child, struct sl_err *err);

/*
 * sl_clause_settle - c, whose parts are settled, in normal form: parts in order, each once; atoms of one thing put
 * together; what is always or never true left out, or all there is. A chain of one kind is best settled once, whole.
 * No value is put together with others more than SL_CLAUSE_MERGES_MAX times, so that no nesting costs more than as many
 * chains: an atom that was stays as it is beside others of the same thing. SL_E_NOMEM.
 */
#define SL_CLAUSE_MERGES_MAX 4
SL_MUST_CHECK enum sl_rc sl_clause_settle(struct sl_clause *c, bool filters, struct sl_err *err);

/* sl_clause_name - what a settled clause is, unless it has been said. Costs as much as its values. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_clause_name(struct sl_clause *c, struct sl_err *err);

/*
 * sl_clause_conditions - a settled clause that filters, as conditions that a row must all meet: of an atom, that its
 * value is there, and each gap it must not fall in. As sl_meaning_part, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_clause_conditions(struct sl_clause *c, struct sl_predicate_part *parts, uint32_t *n,
                                              struct sl_err *err);

/*
 * sl_clause_unions - of those conditions, which ask for one of a few values of one thing that has no order: appended,
 * as long as there are no more than SL_PREDICATE_PARTS_MAX. SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_clause_unions(struct sl_clause *c, struct sl_condition_unions *out, struct sl_err *err);

#endif
