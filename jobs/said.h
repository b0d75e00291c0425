/*
 * said.h - inside jobs: a sentence that the enclave signs and puts into a leaf, so that a hand in state.db alone does
 * not make such a leaf. The sentence names its place in the log, so that it is no leaf elsewhere.
 */
#ifndef SL_JOBS_SAID_H
#define SL_JOBS_SAID_H

#include <jansson.h>

#include "jobs/enclave.h"

/*
 * sl_said_sign - append the enclave's signature of the canonical bytes of `said`, as base64. Its reference is taken,
 * NULL is out of memory. Reads the key and wipes it. Fails: SL_E_NOMEM, SL_E_DENIED, SL_E_IO.
 */
SL_MUST_CHECK enum sl_rc sl_said_sign(const struct sl_enclave *e, json_t *said, struct sl_buf *base64,
                                      struct sl_err *err);
/* sl_said_check - whether `base64` is that signature by this key. Its reference is taken. SL_E_INTEGRITY: it is not. */
SL_MUST_CHECK enum sl_rc sl_said_check(const uint8_t public[static SL_ED25519_PUBLIC_BYTES], json_t *said,
                                       const char *base64, struct sl_err *err);

/*
 * Places of such leaves, in meta under a word of their own, eight bytes each.
 * sl_said_places - append them; nothing when there are none. SL_E_INTEGRITY. sl_said_add_place - one more, within the
 * open transaction.
 */
SL_MUST_CHECK enum sl_rc sl_said_places(struct sl_enclave *e, const char *word, struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_said_add_place(struct sl_enclave *e, const char *word, uint64_t leaf, struct sl_err *err);

#endif
