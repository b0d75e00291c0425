/*
 * linear.h - who knows everything of everybody but some amounts and secrets, takes every printed number as an equation
 * over them, and asks of whom the equations tell: of which rows together a sum or a count follows, whatever the rest.
 *
 * An unknown is a thing (a pay, that there is one, …) of a row. A number says what a sum of things, each so many times,
 * is over some rows. Exact modulo 2^61 - 1. Knows nothing of policy/, nor of what a number was before it was one.
 */
#ifndef SL_TEST_AGREEMENT_LINEAR_H
#define SL_TEST_AGREEMENT_LINEAR_H

#include <stdbool.h>
#include <stdint.h>

#define LINEAR_PRIME ((UINT64_C(1) << 61) - 1)
#define LINEAR_ROWS 192
#define LINEAR_THINGS 24    /* kinds of unknowns */
#define LINEAR_NUMBERS 160
#define LINEAR_ATOMS 96     /* rows that no number tells apart */
#define LINEAR_TERMS 12

/* times is modulo the prime; linear_number makes it of a whole number. */
struct linear_term {
	uint32_t thing;
	uint64_t times;
};

struct linear_sum {
	bool in[LINEAR_ROWS];
	struct linear_term terms[LINEAR_TERMS];
	uint32_t nterms;
};

struct linear {
	uint32_t nrows, threshold;
	uint8_t unit[LINEAR_ROWS];
	struct linear_sum numbers[LINEAR_NUMBERS];
	uint32_t nnumbers;
	bool overflow;               /* more numbers, atoms or terms than are looked at */
	/* of linear_solve */
	uint16_t atom[LINEAR_ROWS];  /* UINT16_MAX: in no number */
	uint64_t units[LINEAR_ATOMS];/* of an atom, a bit each */
	uint32_t natoms, ncolumns, rank;
	uint64_t (*at)[LINEAR_ATOMS * LINEAR_THINGS + LINEAR_NUMBERS]; /* reduced; behind them, of which numbers it is made */
	uint32_t pivot[LINEAR_NUMBERS];
	uint64_t steps;
};

/* What is told of some rows, fewer units than the threshold, or of few among them. */
struct linear_secret {
	bool found, unsaid;          /* unsaid: not everything was tried */
	bool in[LINEAR_ROWS];
	uint32_t units, few;         /* in the group, and those of them who have it */
	uint64_t times[LINEAR_NUMBERS]; /* how it is made of the numbers */
};

/* linear_init, linear_fini - nothing is printed yet. */
void linear_init(struct linear *l, uint32_t nrows, uint32_t threshold);
void linear_fini(struct linear *l);
uint64_t linear_number(int64_t x);
/* linear_times, linear_over - a product, a quotient. linear_small - x as a fraction of small numbers, if it is one. */
uint64_t linear_times(uint64_t a, uint64_t b);
uint64_t linear_over(uint64_t a, uint64_t b);
bool linear_small(uint64_t x, int64_t *over, int64_t *under);
/* linear_term - so many times a thing more. */
void linear_term(struct linear_sum *s, uint32_t thing, uint64_t times);
/* linear_print - one more number is known. */
void linear_print(struct linear *l, const struct linear_sum *sum);
/* linear_solve - after numbers were printed. linear_knows - whether a sum follows. */
void linear_solve(struct linear *l);
bool linear_knows(const struct linear *l, const struct linear_sum *sum);
/*
 * linear_ask - the same sum of the rows of some group: is there a group of which it follows, that has fewer units than
 * the threshold, or in which some, but fewer than the threshold, have it?
 *   what  in   its terms; not its rows
 *   has   in   the rows that add to it
 */
void linear_ask(struct linear *l, const struct linear_sum *what, const bool has[LINEAR_ROWS],
                struct linear_secret *out);
/* linear_explain - fills in times: of as few numbers as it takes when one after the other is left out. */
void linear_explain(const struct linear *l, const struct linear_sum *what, struct linear_secret *out);

#endif
