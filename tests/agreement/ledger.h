/*
 * ledger.h - what was let go of a survey as equations (linear.h) over what nobody may know of its rows: pays, rents,
 * that there is one, who is sick; and what the equations are asked.
 *
 * A thing is one of those, times 1 or 0 for whether the row has a value, or is sick, or is paid so much. A mean is an
 * equation with its true value, and so is a share; a variance is one where the mean of the same rows is known.
 */
#ifndef SL_TEST_AGREEMENT_LEDGER_H
#define SL_TEST_AGREEMENT_LEDGER_H

#include "tests/agreement/linear.h"
#include "tests/agreement/survey.h"

#define LEDGER_TARGETS 64

struct ledger_place {
	uint32_t request, output, cell, stat;
};

struct ledger {
	const struct survey *survey;
	bool neighbour;             /* knows who is where; else how many there are is as unknown as all else */
	struct linear linear;
	struct ledger_place of[LINEAR_NUMBERS];
	uint32_t things[LINEAR_THINGS], nthings;
	bool unsaid;                /* not everything was tried, or more was printed than is looked at */
};

struct ledger_leak {
	char what[64];              /* "pay of the sick" */
	bool counts;                /* how many, and no amount */
	uint32_t nrequests, noutputs, nnumbers; /* that it takes */
	uint32_t nconditions, nshares;          /* of the numbers, those of a condition, and of those the shares */
	struct linear_secret secret;
};

/* ledger_open - all that left so far. ledger_close frees it. */
void ledger_open(struct ledger *g, const struct survey *s, bool neighbour);
void ledger_close(struct ledger *g);
/* ledger_ask - the first n things that are told of few; returns how many. */
uint32_t ledger_ask(struct ledger *g, struct ledger_leak *leaks, uint32_t n);
/* ledger_tell - a leak, for who has to find out. */
void ledger_tell(const struct ledger *g, const struct ledger_leak *leak);

#endif
