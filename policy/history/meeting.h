/*
 * meeting.h - one set with all others: the units they have in common. Used by pairs.c and remainders.c.
 */
#ifndef SL_POLICY_HISTORY_MEETING_H
#define SL_POLICY_HISTORY_MEETING_H

#include "policy/history/audit.h"

struct sl_meeting {
	uint64_t both;   /* units in both */
	uint64_t alike;  /* and with the same rows, as far as rows compare: of different tables the unit is what they share */
};

struct sl_meetings {
	struct sl_meeting *with;  /* per set */
	uint32_t *met;            /* sets that have units in common with it, itself among them */
	uint32_t nmet;
};

/* sl_meetings_init - SL_E_NOMEM; sl_meetings_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_meetings_init(struct sl_meetings *m, const struct sl_audit *a, struct sl_err *err);
void sl_meetings_fini(struct sl_meetings *m);

/* sl_meet - of `set` with all others; a set of history meets the request's only. */
void sl_meet(struct sl_meetings *m, const struct sl_audit *a, uint32_t set);

/* sl_meet_first - the first place of an atom that counts for `set`: of a set of history, the request's first. */
uint32_t sl_meet_first(const struct sl_audit *a, const struct sl_atom *atom, uint32_t set);

#endif
