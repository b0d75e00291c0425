/*
 * faults.h - a command done again and again, each time with another allocation failing: it fails whole and says so, or
 * it is done. For tests that are FAILING (failing.h).
 */
#ifndef SL_TEST_JOBS_FAULTS_H
#define SL_TEST_JOBS_FAULTS_H

#include "tests/unit/jobs/world.h"

struct faults {
	struct sl_enclave *e;
	enum sl_rc (*command)(struct sl_err *err);
	bool done_once;      /* what succeeds cannot be done again: it ends the loop */
	bool leaf;           /* and it makes a leaf; of one that makes none or more the log is not counted */
	bool always_said;    /* with an allocation failing it never succeeds */
	unsigned long step;  /* every so many-th allocation; 0: each */
	bool starts_process; /* each try takes long: the first allocations, and ever fewer behind */
	unsigned long least; /* allocations there must be at least; 0: 10 */
	void (*after)(enum sl_rc rc); /* after each try; NULL: nothing */
};

/*
 * faults_each - until a try comes through with nothing failing. Fails the test when something else is told than want of
 * memory, when a transaction is left open, or when a try that failed has made a leaf.
 */
void faults_each(const struct faults *f);

#endif
