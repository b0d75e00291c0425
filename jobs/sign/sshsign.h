/*
 * sshsign.h - a person signs: `ssh-keygen -Y sign` is run, so agents, passphrases and hardware keys work as the person
 * is used to. What it returns is verified before it is believed.
 */
#ifndef SL_SIGN_SSHSIGN_H
#define SL_SIGN_SSHSIGN_H

#include "jobs/sign/sshsig.h"

/*
 * sl_sshsign_make - sign len bytes with the key file `key_path` (private, or .pub of a key in the agent).
 *   armour  in/out  the armoured signature is appended
 *   signer  out     the key that signed; may be NULL; zeroed on failure
 * The program gets a fresh environment with only SSH_AUTH_SOCK SSH_ASKPASS SSH_ASKPASS_REQUIRE SSH_SK_PROVIDER HOME
 * PATH TERM DISPLAY WAYLAND_DISPLAY of ours, the message on its standard input (in memory only), and no other
 * descriptor. It asks for passphrases on the terminal. Its standard error is kept, so for a hardware key the caller
 * says beforehand that it may want to be touched. Waits as long as the person takes.
 * Fails: SL_E_INPUT  (namespace with other characters than a-z 0-9 @ . -)
 *        SL_E_HOST   (ssh-keygen is not installed), with a remedy
 *        SL_E_IDENT  (it did not sign; the text ends with what it said, escaped)
 *        SL_E_INTR   (ended by ^C), SL_E_IO, SL_E_NOMEM, and those of sl_sshsig_verify. armour keeps its length.
 */
SL_MUST_CHECK enum sl_rc sl_sshsign_make(const char *key_path, const char *namespace, const void *message, size_t len,
                                         struct sl_buf *armour, struct sl_ssh_key *signer, struct sl_err *err);

#endif
