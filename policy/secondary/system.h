/*
 * system.h - the numbers of a request as an attacker sees them: which are shown, which hidden, what anybody knows of
 * each, and the equations between them. Used by witness.c, prover.c, choose.c and who builds one
 * (policy/check_secondary.c).
 *
 * Terms and formulas: EU Handbook on Statistical Disclosure Control, 2nd ed., chapter 4.
 */
#ifndef SL_POLICY_SECONDARY_SYSTEM_H
#define SL_POLICY_SECONDARY_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#include "enclave/base/err.h"

/* Values and bounds stay within ± this, so that the sum of an equation's terms stays within 64 bits. */
#define SL_FACT_VALUE_MAX ((int64_t)1 << 45)
#define SL_EQUATION_TERMS_MAX (1u << 17)
#define SL_SYSTEM_TERMS_MAX (1u << 24)
#define SL_SYSTEM_FACTS_MAX 100000u

enum sl_fact_state {
	SL_FACT_SHOWN = 0,
	SL_FACT_PRIMARY,    /* hidden for its own sake: must not be worked out */
	SL_FACT_SECONDARY,  /* hidden for the sake of others */
};

/* Who may know a hidden number. */
enum sl_insider {
	SL_INSIDER_NONE = 0,
	SL_INSIDER_UNIT,      /* the one unit behind it */
	SL_INSIDER_EVERYBODY, /* that nobody is there */
};

/* One number. Zeroed: a shown 0 that nobody may hide. */
struct sl_fact {
	int64_t value;          /* the true one, lo <= value <= hi */
	int64_t lo, hi;         /* between these, as anybody knows */
	int64_t above, below;   /* of a primary: it must seem possible that it is so much more, and so much less; >= 0 */
	uint64_t cost;          /* of hiding its row; 0: may not be hidden (nobody is in it) */
	uint32_t row;           /* facts of one row are hidden together */
	uint8_t state;          /* enum sl_fact_state */
	uint8_t insider;        /* enum sl_insider */
};

struct sl_term {
	uint32_t fact;
	int32_t factor;         /* 1 or -1 */
};

/* The sum of factor × value over its terms is 0. */
struct sl_equation {
	uint32_t first, nterms;
	bool implied;           /* it follows from others: nobody needs to look for what meets it */
};

/* Where a fact stands. */
struct sl_place {
	uint32_t equation;
	int32_t factor;
};

struct sl_system {
	struct sl_fact *facts;
	uint32_t nfacts, facts_cap;
	struct sl_term *terms;
	uint32_t nterms, terms_cap;
	struct sl_equation *equations;
	uint32_t nequations, equations_cap;
	/* places[first_place[f]] … places[first_place[f + 1] - 1] are fact f's; implied equations are left out. */
	struct sl_place *places;
	uint32_t *first_place;
};

/* sl_system_free - accepts a zeroed one; zeroes it. */
void sl_system_free(struct sl_system *s);

/*
 * sl_system_fact - add one; its number in *out (may be NULL). sl_system_begin - a new equation, empty.
 * sl_system_term - add a term to the equation begun last. sl_system_implied - that one follows from the others: the
 * witness has to meet it all the same, so who is wrong finds none.
 * Fails: SL_E_LIMIT (a value, a bound or a number of things out of range), SL_E_INPUT (not lo <= value <= hi),
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_system_fact(struct sl_system *s, const struct sl_fact *fact, uint32_t *out,
                                        struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_system_begin(struct sl_system *s, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_system_term(struct sl_system *s, uint32_t fact, int32_t factor, struct sl_err *err);
void sl_system_implied(struct sl_system *s);

/*
 * sl_system_coarsen - where every number is a multiple of one, anybody may see that and leave out all tables in
 * between: all become numbers of that size.
 */
void sl_system_coarsen(struct sl_system *s);

/*
 * sl_system_index - once all is there: where each fact stands. SL_E_NOMEM; SL_E_INPUT when the true values do not add
 * up.
 */
SL_MUST_CHECK enum sl_rc sl_system_index(struct sl_system *s, struct sl_err *err);

/*
 * sl_fact_highest, sl_fact_lowest - what a primary must seem able to be, at least: as far as it is protected, but not
 * beyond what anybody knows.
 */
int64_t sl_fact_highest(const struct sl_fact *fact);
int64_t sl_fact_lowest(const struct sl_fact *fact);

#endif
