/*
 * signed.h - inside jobs: a statement as its bytes were signed, and the signature: made here with the actor's key, or
 * made elsewhere and handed in.
 */
#ifndef SL_JOBS_SIGNED_H
#define SL_JOBS_SIGNED_H

#include <jansson.h>

#include "jobs/actor.h"

#define SL_SIGNED_BYTES_MAX ((size_t)4 << 20)

/* Zeroed: nothing. Heap texts; free with sl_signed_free. */
struct sl_signed {
	char *statement, *armour;
	size_t nstatement;
};

/*
 * sl_signed_make - sign text with the actor's key. SL_E_IDENT: the actor has none; and as sl_sshsign_make.
 * sl_signed_take - n bytes made elsewhere: the statement, and behind it the armour. SL_E_INPUT.
 */
SL_MUST_CHECK enum sl_rc sl_signed_make(const struct sl_actor *actor, const char *namespace, struct sl_buf *text,
                                        struct sl_signed *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_signed_take(const void *bytes, size_t n, struct sl_signed *out, struct sl_err *err);
void sl_signed_free(struct sl_signed *s);

/*
 * sl_signed_check - the signature is this person's, by the policy's key. Between statement and armour a line feed may
 * stand that was not signed; it is then taken off. Fails: as sl_sshsig_verify.
 */
SL_MUST_CHECK enum sl_rc sl_signed_check(const struct sl_person *person, const char *namespace, struct sl_signed *s,
                                         struct sl_err *err);

/*
 * sl_signed_read - the statement as JSON: canonical, and the log it names (size and root) is the beginning of ours.
 *   v    out  the caller's
 * Fails: SL_E_INPUT, SL_E_INTEGRITY (a log that this one never was).
 */
SL_MUST_CHECK enum sl_rc sl_signed_read(struct sl_enclave *e, const struct sl_signed *s, json_t **v, uint64_t *log_size,
                                        uint8_t log_root[static 32], struct sl_err *err);

/* sl_signed_is - the statement is this text. SL_E_INTEGRITY: it is about something else than what `what` names. */
SL_MUST_CHECK enum sl_rc sl_signed_is(const struct sl_signed *s, const struct sl_buf *text, const char *what,
                                      struct sl_err *err);

#endif
