/*
 * hardware.h - a hardware key played by a plain Ed25519 key: what a FIDO token and ssh-keygen would make together,
 * built
 * by hand (PROTOCOL.u2f, PROTOCOL.sshsig), every field of it to be got wrong.
 */
#ifndef SL_TEST_HARDWARE_H
#define SL_TEST_HARDWARE_H

#include "jobs/sign/sshsig.h"

/* How the armour differs from a right one; zeroed: in nothing. */
struct armour_twist {
	const char *magic;            /* otherwise "SSHSIG" */
	uint32_t version_off;         /* added to 1 */
	const char *reserved, *hash;  /* otherwise "" and "sha512" */
	const char *algorithm;        /* otherwise that of the key */
	size_t signature_short;       /* bytes left away */
	const char *behind_key, *behind_signature, *behind; /* bytes too many */
};

/* The armour of what `key` signs of the message for the namespace; hardware keys with these flags and counter. */
void hardware_sign(const struct sl_ed25519 *key, const struct sl_ssh_key *public, const char *namespace,
                   const char *message, uint8_t flags, uint32_t counter, const struct armour_twist *twist,
                   struct sl_buf *armour);

/* A key of this type; hardware keys with the application "ssh:". */
void hardware_key(enum sl_ssh_type type, struct sl_ed25519 *key, struct sl_ssh_key *public);

/* Bytes in SSHSIG armour of lines of `width` characters. */
void hardware_armour(const uint8_t *blob, size_t len, size_t width, struct sl_buf *out);

#endif
