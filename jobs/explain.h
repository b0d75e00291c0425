/*
 * explain.h - every stable id that an answer may carry: rules of disclosure, conditions of the gate, refusals, what
 * lint says, exit codes. Those with a table of their own are read from it; the rest have theirs here.
 */
#ifndef SL_JOBS_EXPLAIN_H
#define SL_JOBS_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

struct sl_explained {
	const char *id;      /* "threshold"; of an exit code its name, "denied" */
	const char *kind;    /* "disclosure rule" */
	const char *meaning; /* what it says; of a condition, what it asks */
	const char *who;     /* who can cure it */
	const char *remedy;  /* "" : nothing is wrong */
	int exit;            /* of an exit code; else -1 */
	/* Of a rule with a limit that policy sets: "units", and how they must stand to it, "at least"; else NULL. */
	const char *unit, *allowed;
};

/* sl_explain_at - number i of them all; false: there are not so many. One id may stand for two things. */
bool sl_explain_at(size_t i, struct sl_explained *out);

#endif
