/*
 * again_verify.h - inside jobs: what a bundle says of rows that are of earlier releases, looked at offline. Whether
 * those releases have the numbers is for who holds both.
 */
#ifndef SL_JOBS_AGAIN_VERIFY_H
#define SL_JOBS_AGAIN_VERIFY_H

#include "jobs/bundle.h"

/*
 * sl_again_verify - tables have the column for them where the record says that policy has them, and only there; each
 * row that has one names a row of a release before this one and has a number; their numbers are as many as the record
 * counts.
 *   release  in  "L-2": its own
 * Fails: SL_E_INTEGRITY, naming the file and line; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_again_verify(const struct sl_bundle *b, const char *release, struct sl_err *err);

#endif
