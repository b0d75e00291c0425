/*
 * ssh_key.h - people's public keys: the line an OpenSSH .pub file holds, for ssh-ed25519 and
 * sk-ssh-ed25519@openssh.com (a hardware key).
 */
#ifndef SL_SIGN_SSH_KEY_H
#define SL_SIGN_SSH_KEY_H

#include <stdbool.h>

#include "enclave/base/buf.h"
#include "jobs/sign/ed25519.h"

#define SL_SSH_LINE_BYTES_MAX 1024
#define SL_SSH_APPLICATION_BYTES 64
#define SL_SSH_FINGERPRINT_TEXT 51   /* "SHA256:", 43 characters, NUL */

enum sl_ssh_type { SL_SSH_NONE = 0, SL_SSH_ED25519, SL_SSH_SK_ED25519 };

/* Zeroed: no key; equal to none, verifies nothing. */
struct sl_ssh_key {
	uint8_t type;                                /* enum sl_ssh_type */
	uint8_t point[SL_ED25519_PUBLIC_BYTES];
	char application[SL_SSH_APPLICATION_BYTES];  /* hardware keys: "ssh:" or "ssh:…"; otherwise "" */
};

/*
 * sl_ssh_key_parse - one line: type, one space, canonical base64, optionally a space and a comment of clean text; one
 * line feed may end it. Options before the type (authorized_keys) are refused.
 * sl_ssh_key_from_blob - the wire form (RFC 8709 and OpenSSH's PROTOCOL.u2f), to its last byte.
 * Fails: SL_E_INPUT: another key type, not that form, bytes left over, a weak point; *key is then zeroed.
 */
SL_MUST_CHECK enum sl_rc sl_ssh_key_parse(const char *line, size_t len, struct sl_ssh_key *key, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_ssh_key_from_blob(const uint8_t *blob, size_t len, struct sl_ssh_key *key,
                                              struct sl_err *err);

/* sl_ssh_key_blob - append the wire form. sl_ssh_key_text - append "type base64", no comment. key->type is not NONE. */
void sl_ssh_key_blob(const struct sl_ssh_key *key, struct sl_buf *out);
void sl_ssh_key_text(const struct sl_ssh_key *key, struct sl_buf *out);

/* sl_ssh_key_equal - the same key of the same type (and application); false if either is SL_SSH_NONE. */
bool sl_ssh_key_equal(const struct sl_ssh_key *a, const struct sl_ssh_key *b);

/* sl_ssh_key_fingerprint - as `ssh-keygen -l` prints it: "SHA256:…". SL_E_NOMEM, SL_E_BUG; out is then "". */
SL_MUST_CHECK enum sl_rc sl_ssh_key_fingerprint(const struct sl_ssh_key *key, char out[static SL_SSH_FINGERPRINT_TEXT],
                                                struct sl_err *err);

#endif
