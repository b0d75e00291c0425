/*
 * visibility.h - when a new version of a table is in force. The same question before and after a refresh of a few units
 * would tell about them: such a version waits until enough units differ from the version in force, or for policy's day.
 */
#ifndef SL_JOBS_VISIBILITY_H
#define SL_JOBS_VISIBILITY_H

#include "jobs/standing.h"
#include "jobs/store/table.h"

/*
 * sl_visibility_due - whether a version that is neither the first nor made of another catalogue may be in force today:
 * there is no policy yet; at least the threshold of units changed; or policy's day for the table has come and the
 * version was there by then.
 */
bool sl_visibility_due(const struct sl_standing *s, const struct sl_version *v, int64_t today);

/*
 * sl_visibility_settle - put in force what is due: of each table the newest such version, with a leaf "data.in-force"
 * each, in one commit. Called before versions are used, compared with or listed. Nothing is written when nothing is
 * due.
 */
SL_MUST_CHECK enum sl_rc sl_visibility_settle(struct sl_enclave *e, const struct sl_standing *s, struct sl_err *err);

#endif
