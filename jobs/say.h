/*
 * say.h - what a reviewer, or an owner of a table, says about a request before it is signed.
 */
#ifndef SL_JOBS_SAY_H
#define SL_JOBS_SAY_H

#include "policy/gate.h"

/* All borrowed. Zeroed: no decision, which is refused. */
struct sl_say {
	enum sl_decision decision;
	const char *comment;              /* NULL, "" : none, or as a statement signed elsewhere has it */
	const char *const *acknowledged;  /* rules by name, of findings that are left to judge: a reviewer's approval */
	size_t nacknowledged;
	int64_t revision;                 /* which one an approval that is made here is about; 0: the first */
	bool beside;                      /* one of several that are approved in one command: of what nothing was found */
};

#endif
