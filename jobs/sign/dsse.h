/*
 * dsse.h - the envelope around a release's in-toto statement: DSSE v1, one Ed25519 signature by the enclave.
 *
 * The envelope is canonical JSON (canon.h) with exactly the members payload, payloadType, signatures[{keyid, sig}];
 * keyid is sl_ed25519_id. So one statement and one key have one envelope, and any changed byte is refused.
 */
#ifndef SL_SIGN_DSSE_H
#define SL_SIGN_DSSE_H

#include "jobs/sign/ed25519.h"

#define SL_DSSE_IN_TOTO "application/vnd.in-toto+json"
#define SL_DSSE_BYTES_MAX ((size_t)1 << 20)   /* of an envelope */

/* sl_dsse_pae - append the bytes that are signed: "DSSEv1 " LEN(type) " " type " " LEN(payload) " " payload. */
void sl_dsse_pae(const char *type, const void *payload, size_t len, struct sl_buf *out);

/* sl_dsse_make - append the envelope of a payload of type SL_DSSE_IN_TOTO. SL_E_LIMIT, SL_E_NOMEM, SL_E_BUG; out keeps
 * its length. */
SL_MUST_CHECK enum sl_rc sl_dsse_make(const void *payload, size_t len, const struct sl_ed25519 *key,
                                      struct sl_buf *out, struct sl_err *err);

/*
 * sl_dsse_verify - an envelope by this key; its payload is appended to `payload`.
 * Fails: SL_E_INPUT (not such an envelope), SL_E_LIMIT (too long), SL_E_IDENT (another key's),
 *        SL_E_INTEGRITY (the signature does not fit), SL_E_NOMEM, SL_E_BUG; payload keeps its length.
 */
SL_MUST_CHECK enum sl_rc sl_dsse_verify(const char *envelope, size_t len,
                                        const uint8_t public[static SL_ED25519_PUBLIC_BYTES], struct sl_buf *payload,
                                        struct sl_err *err);

#endif
