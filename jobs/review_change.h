/*
 * review_change.h - inside jobs: what two revisions of a request publish differently, as lines of the tables that would
 * leave. Only for who may see both.
 */
#ifndef SL_JOBS_REVIEW_CHANGE_H
#define SL_JOBS_REVIEW_CHANGE_H

#include "jobs/request.h"

/*
 * sl_change_find - the tables that are not the same in both, in the order of the earlier revision, then those that only
 * the later one has.
 *   was, now  in   borrowed as long as the changes are
 *   out       out  free with sl_change_free; none: all is the same
 * A line that stands in both is no change, wherever it stands: a row has its groups in it, so no two are alike.
 * Fails: SL_E_NOMEM; *out is then NULL.
 */
SL_MUST_CHECK enum sl_rc sl_change_find(const struct sl_release_file *was, uint32_t nwas,
                                        const struct sl_release_file *now, uint32_t nnow, struct sl_change **out,
                                        uint32_t *nout, struct sl_err *err);
void sl_change_free(struct sl_change *changes, uint32_t n);

#endif
