/*
 * kit.h - a small table, plans over it, and evidence counted the naive way, for tests of the rules.
 *
 * The counting here is written without the engine's code: row by row, unit by unit, in quadratic time.
 */
#ifndef SL_TEST_RULES_KIT_H
#define SL_TEST_RULES_KIT_H

#include "policy/check.h"

enum kit_column { KIT_REGION, KIT_GENDER, KIT_SICK, KIT_AMOUNT, KIT_PRICE, KIT_AGE, KIT_COLUMNS };

#define KIT_ROWS_MAX 4000
#define KIT_PLANS_MAX 4
#define KIT_ATTRIBUTES 2

struct kit_row {
	uint32_t unit;
	int64_t value[KIT_COLUMNS];
	bool missing[KIT_COLUMNS];
	struct sl_value attribute[KIT_ATTRIBUTES]; /* what an argument looks up by its region; of keys see kit_levels */
};

struct kit {
	struct sl_check_setup setup; /* owns the view */
	struct sl_plan plans[KIT_PLANS_MAX];
	struct sl_result results[KIT_PLANS_MAX];
	struct kit_row rows[KIT_ROWS_MAX];
	uint32_t nrows;
	uint64_t drawn_with; /* key of the draws, where counts are rounded at random */
};

/* kit_new - one table study.visits, no rows, one empty plan; rules as in profile tre-uk, purpose set. */
struct kit *kit_new(void);
void kit_free(struct kit *k);
/* kit_quiet - every rule off that can be off; threshold 1. */
void kit_quiet(struct kit *k);

/* kit_add - n units, one row each, of region and gender; ages, amounts and prices differ. Returns the first row. */
struct kit_row *kit_add(struct kit *k, uint32_t n, int64_t region, int64_t gender);

/* kit_magnitudes - a new kit, kit_quiet: one cell of n units with the sum of these amounts. */
struct kit *kit_magnitudes(const int64_t *amounts, uint32_t n);

/*
 * kit_levels - regions have a reference table: in which of three districts each lies, and in which of two cities; -1:
 * it does not say. kit_level - a key by that attribute, 0 or 1.
 */
void kit_levels(struct kit *k, const int64_t of[4][KIT_ATTRIBUTES]);
void kit_level(struct sl_plan *plan, const char *name, uint16_t attribute);

struct sl_plan *kit_plan(struct kit *k); /* another plan; setup.nplans counts */
uint16_t kit_input(struct sl_plan *plan, enum kit_column column);
void kit_key(struct sl_plan *plan, const char *name, enum kit_column column, bool banded);
/* The argument of fn: none, the column, or for conditions "column > bound" (a boolean as it is); of QUANTILE p. */
struct sl_stat *kit_stat(struct sl_plan *plan, const char *name, enum sl_stat_fn fn, enum kit_column column,
                         int64_t bound);
/* arg2 of the statistic, or one more of its list; a condition, "column > bound", too. */
void kit_second(struct sl_plan *plan, struct sl_stat *s, enum kit_column column);
void kit_second_condition(struct sl_plan *plan, struct sl_stat *s, enum kit_column column, int64_t bound);
/* The argument becomes "argument div by", of whole numbers. */
void kit_divide(struct sl_stat *s, int64_t by);
/* kit_more - the statistic is of its column and so much more. kit_times - so many times. */
void kit_more(struct sl_stat *s, int64_t more);
void kit_times(struct sl_stat *s, int64_t by);
void kit_where(struct sl_plan *plan, enum kit_column column, int64_t bound);
/* calc: statistic a minus statistic b (both integers). */
void kit_calc_difference(struct sl_plan *plan, const char *name, uint32_t a, uint32_t b);

/* kit_cell_of - the cell a row counts in; UINT64_MAX: where leaves it out. kit_meets - the condition, or a value. */
uint64_t kit_cell_of(const struct kit *k, const struct sl_plan *plan, const struct kit_row *row);
bool kit_meets(const struct sl_plan *plan, const struct sl_stat *stat, const struct kit_row *row);

/* kit_count - evidence of every plan from the rows, digests set. */
void kit_count(struct kit *k);
/* kit_check - kit_count and sl_check_without; aborts the test on failure. Free with sl_codec_free. */
struct sl_publication kit_check(struct kit *k, enum sl_rule without);
/*
 * kit_refusable - what refuses, and is not told its author, is a rule that can refuse what was asked for: aborts the
 * test if not. Asked by kit_check and past_judge of all that they judge.
 */
void kit_refusable(const struct sl_check_setup *setup, const struct sl_plan *plans, const struct sl_publication *p);
/*
 * kit_find - the first finding of the rule, or NULL. kit_has - there is one. kit_cell - a published value.
 * kit_first_is_hidden - kit_check, and the first cell of the first output is not shown.
 * kit_dominated - whether the sum of these amounts is hidden where dominance asks with dn and dk, and p % with p.
 */
const struct sl_finding *kit_find(const struct sl_publication *p, enum sl_rule rule);
bool kit_first_is_hidden(struct kit *k);
bool kit_dominated(const int64_t *amounts, uint32_t n, uint32_t dn, uint32_t dk, uint32_t p);
bool kit_has(const struct sl_publication *p, enum sl_rule rule);
const struct sl_published_cell *kit_cell(const struct kit *k, const struct sl_publication *p, uint32_t output,
                                         uint32_t cell, uint32_t column);

#endif
