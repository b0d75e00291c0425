/*
 * restored.h - inside jobs: the leaf by which a log goes on that was brought back from a backup. It names the
 * checkpoint outside that this log cannot reach, and the enclave signs it: a restore is told, and never looks like
 * nothing.
 */
#ifndef SL_JOBS_RESTORED_H
#define SL_JOBS_RESTORED_H

#include "jobs/audit.h"

struct sl_restored {
	uint64_t leaf;                /* where it stands; 0: none, since leaf 0 is the founding */
	struct sl_checkpoint outside; /* of the log that is lost behind the backup */
	char at[SL_TIME_TEXT];
};

/*
 * sl_restored_read - what a leaf says, when it is one; out->leaf 0: it is another kind of leaf.
 *   name, public  in  of the enclave whose log it is
 * Fails: SL_E_INTEGRITY (not signed for this place), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_restored_read(const void *body, size_t len, uint64_t index, const char *name,
                                          const uint8_t public[static SL_ED25519_PUBLIC_BYTES],
                                          struct sl_restored *out, struct sl_err *err);
/* sl_restored_load - all of them, oldest first; heap, NULL when there are none. SL_E_INTEGRITY. */
SL_MUST_CHECK enum sl_rc sl_restored_load(struct sl_enclave *e, struct sl_restored **out, uint32_t *n,
                                          struct sl_err *err);
/* sl_restored_add - within the open transaction: the leaf, signed, and its place. */
SL_MUST_CHECK enum sl_rc sl_restored_add(struct sl_enclave *e, const char *who, const struct sl_checkpoint *outside,
                                         struct sl_err *err);

/*
 * sl_restored_explains - whether a checkpoint that is not one of this log is of what was lost: the very one that the
 * leaf names, or a smaller one that reaches beyond the leaf's place. One of the beginning that both logs have is never
 * explained: that beginning is here, and must fit.
 */
bool sl_restored_explains(const struct sl_restored *r, const struct sl_checkpoint *cp);
/*
 * sl_restored_ask - of a checkpoint that no restore explains: what to ask of whom, as the remedy of err.
 *   last  in  the last restore that the log tells of; NULL: of none
 */
void sl_restored_ask(const struct sl_restored *last, const struct sl_checkpoint *cp, struct sl_err *err);
/* sl_restored_tell - the sentence about such a checkpoint, as SL_E_UNDECIDED, which is returned. */
enum sl_rc sl_restored_tell(const struct sl_restored *r, const struct sl_checkpoint *cp, struct sl_err *err);

#endif
