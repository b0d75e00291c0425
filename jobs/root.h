/*
 * root.h - the root of trust: whose officers may sign the next policy when no policy's may.
 *
 * Leaf 0 founds it. When all officers are lost, whoever has the account and the enclave's key makes a new one: a leaf
 * of the log, signed by the enclave, which every later release and its verification tell of.
 */
#ifndef SL_JOBS_ROOT_H
#define SL_JOBS_ROOT_H

#include <jansson.h>

#include "jobs/enclave.h"

struct sl_root {
	uint64_t leaf;                /* where it stands in the log; 0: the first */
	uint64_t serial;              /* of the policy in force when it was made; 0: none was */
	char *at, *reason;            /* of the first "" */
	struct sl_officer *officers;  /* heap texts */
	uint32_t nofficers;
};

/*
 * sl_roots_load - all of them, oldest first; at least the first. Free with sl_roots_free.
 * Fails: SL_E_INTEGRITY (a leaf that is told to be a root is not one, or not signed by the enclave).
 */
SL_MUST_CHECK enum sl_rc sl_roots_load(struct sl_enclave *e, struct sl_root **out, uint32_t *n, struct sl_err *err);
void sl_roots_free(struct sl_root *roots, uint32_t n);

/* sl_root_over - the newest one made while this serial (0: none) was in force; NULL: that policy's officers count. */
const struct sl_root *sl_root_over(const struct sl_root *roots, uint32_t n, uint64_t serial);

/*
 * sl_enclave_reroot - new officers, whatever the policy in force says; the next policy needs the signature of one of
 * them. For the account that owns DIR and can read the enclave's key.
 *   reason  in  one line; every later release tells it
 *   anchor  out appended: the new one to publish
 * Fails: SL_E_INPUT, SL_E_DENIED, SL_E_IO; nothing is changed then.
 */
SL_MUST_CHECK enum sl_rc sl_enclave_reroot(struct sl_enclave *e, const struct sl_officer *officers, size_t n,
                                           const char *reason, struct sl_buf *anchor, struct sl_err *err);

/* sl_root_officers_json - as leaves have them; NULL: out of memory. sl_root_check - names and keys of officers. */
json_t *sl_root_officers_json(const struct sl_officer *officers, size_t n);
SL_MUST_CHECK enum sl_rc sl_root_check(const struct sl_officer *officers, size_t n, struct sl_err *err);

#endif
