/*
 * few_column.h - a column of a plan that has few values, and what the plan's numbers are of each. Between few*.c and
 * check_few*.c only.
 */
#ifndef SL_RULES_FEW_COLUMN_H
#define SL_RULES_FEW_COLUMN_H

#include "policy/rules/few_told.h"
#include "policy/rules/rule.h"

/* Where it is read. All borrowed. */
struct sl_few_plan {
	const struct sl_check_setup *setup;
	const struct sl_plan *plan;
	const struct sl_result *result;
};

/* A column, and all that reads it alone or what is looked up by it. */
struct sl_few_column {
	uint16_t source, column;
	uint16_t of;                                        /* the table's column whose values it has */
	struct sl_value atoms[SL_FEW_ATOMS_MAX];            /* its values */
	bool in[SL_FEW_ATOMS_MAX];                          /* the plan's conditions leave it */
	uint32_t natoms;
	uint32_t stats[SL_STATS_MAX], nstats;
	struct sl_value *is;                                /* [atom * nstats + i]: what a statistic's argument is there */
	uint16_t keys[SL_KEYS_MAX];
	uint32_t nkeys, groups[SL_KEYS_MAX][SL_FEW_ATOMS_MAX]; /* by key and atom: the key's group */
};

/* sl_few_is_counted - sum, mean, variance, standard deviation. sl_few_is_of - that, or a condition. */
bool sl_few_is_counted(const struct sl_stat *stat);
bool sl_few_is_of(const struct sl_stat *stat);

/*
 * sl_few_reads_one - all that the expression reads is of one column as it stands. sl_few_has_values_of - so does this
 * column of a source: it is one of the table's, or the largest or smallest of a unit's rows, as *of.
 */
bool sl_few_reads_one(const struct sl_plan *plan, const struct sl_expr *e, uint16_t *source, uint16_t *column);
bool sl_few_has_values_of(const struct sl_source *s, uint16_t column, uint16_t *of);
/* sl_few_same_column - a column of plan a, and what plan b has there, are the same of one table. */
bool sl_few_same_column(const struct sl_plan *a, const struct sl_few_column *c, const struct sl_plan *b,
                        uint16_t source, uint16_t column);

/*
 * sl_few_atoms - all values of the column `of` of a source; natoms 0: they are many, or nobody says.
 * sl_few_inputs - what the plan's inputs are where the column has a value; those of other columns are missing.
 * sl_few_fill - of a column with its atoms, source, column and stats: the rest. Heap memory, sl_few_column_free.
 * SL_E_NOMEM.
 */
void sl_few_atoms(const struct sl_few_plan *p, struct sl_few_column *c);
void sl_few_inputs(const struct sl_few_plan *p, const struct sl_few_column *c, struct sl_value value,
                   struct sl_value in[static SL_INPUTS_MAX]);
SL_MUST_CHECK enum sl_rc sl_few_fill(const struct sl_few_plan *p, struct sl_few_column *c, struct sl_err *err);
void sl_few_column_free(struct sl_few_column *c);

/* sl_few_is_in_cell - rows of the cell may have the atom, as far as keys and conditions say. */
bool sl_few_is_in_cell(const struct sl_few_plan *p, const struct sl_few_column *c, uint32_t atom, uint32_t cell);

/*
 * sl_few_number - of the column's i-th statistic in a cell, as equations. False: its evidence left its range.
 */
bool sl_few_number(const struct sl_few_plan *p, const struct sl_few_column *c, uint32_t i, uint32_t cell,
                   struct sl_few_number *out);

#endif
