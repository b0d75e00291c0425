/*
 * few_told.h - what numbers about one column tell together of how many rows have each of its values. Between few*.c and
 * check_few*.c only.
 */
#ifndef SL_RULES_FEW_TOLD_H
#define SL_RULES_FEW_TOLD_H

#include "enclave/pact/plan.h"

/* A column with more values is not gone through; beside them others, and none. */
#define SL_FEW_VALUES_MAX 64
#define SL_FEW_ATOMS_MAX (SL_FEW_VALUES_MAX + 2)
/* Of so many values the answer is found, or the number is hidden. */
#define SL_FEW_EXACT 4

/* A number of some rows, as the equations that it is. Pointers are borrowed. */
struct sl_few_number {
	enum sl_stat_fn fn;           /* COUNT: of how many rows there are */
	const bool *in;               /* by atom: those rows have it; NULL: all */
	const struct sl_value *is;    /* by atom, `stride` apart: what is added up, the condition; of a COUNT none */
	uint32_t stride;
	uint64_t rows, known_rows;    /* as evidence has them */
	bool has_sums;                /* of a sum, mean or spread: */
	sl_i128 x, xx;
};

/* Rows, each of one of the atoms, and numbers of them. */
struct sl_few_rows {
	const bool *in;               /* by atom: a row may have it */
	uint32_t natoms;
	sl_i128 rows;
	const struct sl_few_number *const *numbers;
	uint32_t n;                   /* 1 or more; the last is the one in question, a sum, mean or spread */
};

enum sl_few_answer {
	SL_FEW_UNKNOWN = 0,           /* there are too many values, or what they could be was not gone through */
	SL_FEW_TELLS,                 /* the last tells of a group of values that few rows have, and the others do not */
	SL_FEW_SILENT,
};

/* Of TELLS: the smallest such group. */
struct sl_few_group {
	uint64_t least;               /* at least so many rows have */
	bool in[SL_FEW_ATOMS_MAX];    /* one of these */
};

/* sl_few_fits - no more values are told apart than are gone through; those that counts are of are not counted. */
bool sl_few_fits(const struct sl_few_rows *rows);

/*
 * sl_few_left - how many numbers of rows are free, whatever those that are told are: before the last, and with it.
 * False: there are too many values.
 */
bool sl_few_left(const struct sl_few_rows *rows, uint32_t *before, uint32_t *with);

/*
 * sl_few_told - of 1 to `few` rows. Whatever is not known to be silent of four values or fewer is taken to tell.
 *   group  out  of TELLS
 */
enum sl_few_answer sl_few_told(const struct sl_few_rows *rows, uint64_t few, struct sl_few_group *group);

#endif
