/*
 * meeting.h - one set with all others: the units they have in common. Used by pairs.c and remainders.c.
 */
#ifndef SL_POLICY_HISTORY_MEETING_H
#define SL_POLICY_HISTORY_MEETING_H

#include "policy/history/audit.h"

/*
 * Units that two sets have in common. Rows of one table compare; of different tables the unit is what they share, and
 * counts as the same rows.
 */
struct sl_meeting {
	uint64_t both;     /* units with a row in both sets */
	uint64_t alike;    /* units with the same rows in both */
	uint64_t inside;   /* units with all rows that the other set has of them in this one, too */
};

/* Of one atom. */
struct sl_meeting_now {
	uint32_t groups, common, atom;
};

struct sl_meetings {
	struct sl_meeting *with;  /* per set */
	uint32_t *met;            /* sets that have units in common with it, itself among them when it is the request's */
	uint32_t nmet;
	struct sl_meeting_now *now; /* per set */
	bool *is_mine;            /* per group of the atom at hand: the set has it */
};

/* sl_meetings_init - SL_E_NOMEM; sl_meetings_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_meetings_init(struct sl_meetings *m, const struct sl_audit *a, struct sl_err *err);
void sl_meetings_fini(struct sl_meetings *m);

/* sl_meet - of `set` with all others; a set of history meets the request's only. */
void sl_meet(struct sl_meetings *m, const struct sl_audit *a, uint32_t set);

/* sl_meet_ahead - have the atoms that `set` has after its i-th come nearer, before they are needed. */
void sl_meet_ahead(const struct sl_audit *a, uint32_t set, uint32_t i);

/* sl_meet_places - the places of an atom that count for `set`: all, or of a set of history the request's. */
const struct sl_atom_place *sl_meet_places(const struct sl_audit *a, uint32_t atom, uint32_t set, uint32_t *n);

/*
 * sl_meet_mine - mark the groups of an atom that `set` has; how many. Of a table with one row per unit there is one,
 * and nothing is marked. sl_meet_forget - take the marks away.
 */
uint32_t sl_meet_mine(struct sl_meetings *m, const struct sl_audit *a, uint32_t atom, uint32_t set);
void sl_meet_forget(struct sl_meetings *m, const struct sl_audit *a, uint32_t atom, uint32_t set);

#endif
