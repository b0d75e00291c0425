/*
 * acknowledged.h - inside jobs: whether what was left to a person to judge was acknowledged by all who approved, asked
 * again of what the log and the signed statements say. For whoever verifies a bundle or a log; the gate asked before.
 */
#ifndef SL_JOBS_ACKNOWLEDGED_H
#define SL_JOBS_ACKNOWLEDGED_H

#include <jansson.h>

#include "enclave/base/err.h"

/*
 * sl_acknowledged_lacks - the first rule of `asked` that `named` has not.
 *   asked  in  list of texts, member `acknowledge` of a leaf release.made; NULL: a leaf from before it was told
 *   named  in  list of texts, member `acknowledged` of an approval; NULL: none
 * NULL: it has all. Something else than a text in `asked` is "?", which nothing has.
 */
const char *sl_acknowledged_lacks(const json_t *asked, const json_t *named);

/* A walk over the log from its first leaf. Zeroed: before it. Free with sl_acknowledged_free. */
struct sl_acknowledged {
	json_t *waiting; /* request → who approved what is there now → the rules they named */
};

/*
 * sl_acknowledged_see - the next leaf. Fails: SL_E_INTEGRITY: it lets something leave, and an approval of that lacks a
 * rule; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_acknowledged_see(struct sl_acknowledged *a, uint64_t index, const void *body, size_t len,
                                             struct sl_err *err);
void sl_acknowledged_free(struct sl_acknowledged *a);

#endif
