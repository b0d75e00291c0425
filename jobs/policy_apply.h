/*
 * policy_apply.h - a policy comes into force: checked, signed by enough officers of the one before, serial risen.
 */
#ifndef SL_JOBS_POLICY_APPLY_H
#define SL_JOBS_POLICY_APPLY_H

#include "jobs/actor.h"

/* What an officer signs (namespace policy@sluice): the policy file's exact bytes; the file names enclave and serial. */
#define SL_POLICY_NAMESPACE "policy@sluice"

/* sl_policy_sign - append an armoured signature of text by the key at key_path. */
SL_MUST_CHECK enum sl_rc sl_policy_sign(const char *key_path, const void *text, size_t len, struct sl_buf *armour,
                                        struct sl_err *err);

struct sl_signature_file {
	const char *armour;
	size_t len;
};

/*
 * sl_policy_apply - put text in force.
 *   signatures in  by distinct officers of the policy in force (of leaf 0 for the first), at least its officers_needed
 * Fails: SL_E_INPUT (with place: does not load or lint), SL_E_DENIED (serial, enclave, not enough officers),
 * SL_E_IDENT.
 */
SL_MUST_CHECK enum sl_rc sl_policy_apply(struct sl_enclave *e, const char *file, const void *text, size_t len,
                                         const struct sl_signature_file *signatures, size_t nsignatures,
                                         uint64_t *serial, struct sl_err *err);

/*
 * sl_policy_still_signed - the policy in force is the last one the log has; it and every one before it, back to leaf 0,
 * carries the signatures it needed of the officers of the one before, with rising serials: asked again by the gate, so
 * that a policy slipped into state.db, or taken out of it, opens nothing.
 * SL_E_INTEGRITY, SL_E_DENIED: it does not.
 */
SL_MUST_CHECK enum sl_rc sl_policy_still_signed(struct sl_enclave *e, struct sl_err *err);

/*
 * sl_policy_log - every policy that was in force, newest first, each with the officers whose signatures put it there:
 * verified now, against the policy before it.
 *   out  out  heap array of *nout, also on failure; free with sl_policy_log_free
 * Fails: SL_E_INTEGRITY, SL_E_DENIED: one was not put in force by its officers; SL_E_NOMEM.
 */
struct sl_policy_entry {
	uint64_t serial;
	int64_t at;
	uint8_t digest[32];
	char *officers; /* names, apart by ", " */
};
SL_MUST_CHECK enum sl_rc sl_policy_log(struct sl_enclave *e, struct sl_policy_entry **out, uint32_t *nout,
                                       struct sl_err *err);
void sl_policy_log_free(struct sl_policy_entry *entries, uint32_t n);

/* sl_policy_new - append a first (or next) policy text with the catalogues pinned; the first root officer is in it. */
SL_MUST_CHECK enum sl_rc sl_policy_new(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err);

#endif
