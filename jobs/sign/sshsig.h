/*
 * sshsig.h - people's signatures: OpenSSH's SSHSIG format (PROTOCOL.sshsig), read and verified without OpenSSH.
 *
 * Every byte of a signature counts: the armour has one base64 form, nothing may follow, and nothing in it is unsigned
 * but the public key and the name of the hash, which the verification itself uses.
 */
#ifndef SL_SIGN_SSHSIG_H
#define SL_SIGN_SSHSIG_H

#include "jobs/sign/ssh_key.h"

#define SL_SSHSIG_TEXT_MAX 4096
#define SL_SSHSIG_NAMESPACE_BYTES 64

enum sl_sshsig_hash { SL_SSHSIG_NO_HASH = 0, SL_SSHSIG_SHA256, SL_SSHSIG_SHA512 };

struct sl_sshsig {
	struct sl_ssh_key key;                     /* who says to have signed */
	char namespace[SL_SSHSIG_NAMESPACE_BYTES];
	uint8_t hash;                              /* enum sl_sshsig_hash */
	uint8_t flags;                             /* hardware keys only: bit 0 somebody touched it, bit 2 a PIN was asked */
	uint32_t counter;                          /* hardware keys only */
	uint8_t signature[SL_ED25519_SIGNATURE_BYTES];
};

/*
 * sl_sshsig_parse - an armoured signature, verified in nothing.
 * Fails: SL_E_INPUT (not that form; longer than SL_SSHSIG_TEXT_MAX; another algorithm); *sig is then zeroed.
 */
SL_MUST_CHECK enum sl_rc sl_sshsig_parse(const char *armour, size_t len, struct sl_sshsig *sig, struct sl_err *err);

/*
 * sl_sshsig_verify - is armour a signature of the message, for this namespace?
 *   expected  in   the only key accepted; NULL: any, and the caller asks whose *signer is
 *   signer    out  the key that signed; may be NULL; zeroed on failure
 * Fails: SL_E_INPUT     as sl_sshsig_parse; also a namespace argument that is empty or too long
 *        SL_E_IDENT     another key than expected; a hardware key that nobody touched
 *        SL_E_INTEGRITY another namespace; another message; a changed signature
 *        SL_E_NOMEM, SL_E_BUG.
 * A caller that verifies a finished bundle treats SL_E_INPUT as SL_E_INTEGRITY.
 */
SL_MUST_CHECK enum sl_rc sl_sshsig_verify(const void *message, size_t len, const char *armour, size_t narmour,
                                          const char *namespace, const struct sl_ssh_key *expected,
                                          struct sl_ssh_key *signer, struct sl_err *err);

/*
 * sl_sshsig_signed_bytes - append what is signed for a message: magic, namespace, hash name, hash. SL_E_BUG,
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_sshsig_signed_bytes(const char *namespace, enum sl_sshsig_hash hash, const void *message,
                                                size_t len, struct sl_buf *out, struct sl_err *err);

#endif
