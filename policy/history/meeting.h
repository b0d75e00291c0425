/*
 * meeting.h - one set with all others: the units they have in common. Used by pairs.c and remainders.c.
 */
#ifndef SL_POLICY_HISTORY_MEETING_H
#define SL_POLICY_HISTORY_MEETING_H

#include "policy/history/audit.h"

struct sl_meeting {
	uint64_t both;   /* units in both */
	/*
	 * And with the same rows, as far as rows compare: of different tables the unit is what they share. Of a set of
	 * history nobody asks for it, and it is 0.
	 */
	uint64_t alike;
};

struct sl_meetings {
	struct sl_meeting *with;  /* per set */
	uint32_t *met;            /* sets that have units in common with it, itself among them when it is the request's */
	uint32_t nmet;
};

/* sl_meetings_init - SL_E_NOMEM; sl_meetings_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_meetings_init(struct sl_meetings *m, const struct sl_audit *a, struct sl_err *err);
void sl_meetings_fini(struct sl_meetings *m);

/* sl_meet - of `set` with all others; a set of history meets the request's only. */
void sl_meet(struct sl_meetings *m, const struct sl_audit *a, uint32_t set);

/* sl_meet_places - the places of an atom that count for `set`: all, or of a set of history the request's. */
const struct sl_atom_place *sl_meet_places(const struct sl_audit *a, uint32_t atom, uint32_t set, uint32_t *n);

#endif
