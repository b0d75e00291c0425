/*
 * can_thing.h - may somebody do something to this job, request, release, application, grant or table? What the command
 * itself asks of it, asked and not done.
 *
 * Of a thing only those hear who see it: whom its lists show it to, and who may read the log, which names it.
 */
#ifndef SL_JOBS_CAN_THING_H
#define SL_JOBS_CAN_THING_H

#include "jobs/policy_can.h"

/*
 * sl_can_of - the answer for a thing by its name: "J-1", "R-1", "L-1", "A-1", "G-1", or a table with a dot.
 *   command  in   "request withdraw": of several commands of one action it says which move is meant
 *   q        in   action, person, asker; the role is asked first
 * Fails: SL_E_NO (there is no such thing, for this asker), SL_E_USAGE (the command is about no such thing), and as
 * sl_can_ask.
 */
SL_MUST_CHECK enum sl_rc sl_can_of(struct sl_enclave *e, const struct sl_can_question *q, const char *command,
                                   const char *thing, struct sl_can_answer *out, struct sl_err *err);

/* sl_can_is_thing - the word names one of these, and is no project. */
bool sl_can_is_thing(const char *word);

#endif
