/*
 * tables.h - whether a table of whole numbers exists that satisfies what is known of it: sums of some of its cells.
 *
 * A linear program by the simplex method, phase one alone, and branch and bound where its corner is not whole. What is
 * said to exist was written down and added up in integers. Shares nothing with policy/secondary.
 */
#ifndef SL_TEST_AGREEMENT_TABLES_H
#define SL_TEST_AGREEMENT_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#define TABLES_CELLS 64
#define TABLES_SUMS 400
#define TABLES_ANY INT64_MAX

/* The cells of a mask add up to something between lo (-TABLES_ANY: any) and hi (TABLES_ANY: any). */
struct tables_sum {
	uint64_t cells;
	int64_t lo, hi;
};

struct tables {
	uint32_t ncells;
	int64_t least;             /* of every cell */
	struct tables_sum sums[TABLES_SUMS];
	uint32_t nsums;
};

enum tables_answer { TABLES_NONE, TABLES_SOME, TABLES_UNDECIDED };

void tables_add(struct tables *t, uint64_t cells, int64_t lo, int64_t hi);
enum tables_answer tables_exist(const struct tables *t);

#endif
