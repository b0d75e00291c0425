/*
 * actor.h - who acts: the person whose SSH key signs, or the one a forced command named, or the local operator.
 */
#ifndef SL_JOBS_ACTOR_H
#define SL_JOBS_ACTOR_H

#include "jobs/sign/ssh_key.h"
#include "jobs/standing.h"

enum sl_actor_kind {
	SL_ACTOR_NONE = 0,
	SL_ACTOR_KEY,      /* proved possession of a key of the policy just now; can sign */
	SL_ACTOR_SESSION,  /* sshd proved it; `sluice session --as` */
	SL_ACTOR_OPERATOR, /* the account that owns DIR, without a person: data and policy files, never a decision */
};

struct sl_actor {
	uint8_t kind;
	char *person;        /* "" for the operator */
	char *key_path;      /* KEY: the private key file; NULL otherwise */
	char *key_line;      /* of the policy; NULL for the operator */
};

/*
 * sl_actor_identify - key_path: sign a fresh challenge with it (namespace session@sluice) and look whose key it is;
 * session: the forced command's name, looked up; both NULL: the local operator.
 *   standing in  the policy in force; before the first policy the officers of leaf 0 are the people
 * Fails: SL_E_IDENT with a remedy.
 */
SL_MUST_CHECK enum sl_rc sl_actor_identify(struct sl_enclave *e, const struct sl_standing *standing,
                                           const char *key_path, const char *session, struct sl_actor *out,
                                           struct sl_err *err);
void sl_actor_free(struct sl_actor *a);

/*
 * sl_actor_may - the role table. SL_E_DENIED with the row's remedy. The operator may DATA_IMPORT, DATA_LIST,
 * DATA_VERIFY, DATA_FORGET, DATA_QUALITY, RELEASE_RECOVER, POLICY_APPLY, POLICY_SHOW, AUDIT_READ, JOB_LIST only.
 */
SL_MUST_CHECK enum sl_rc sl_actor_may(const struct sl_actor *a, const struct sl_standing *standing,
                                      enum sl_action action, struct sl_err *err);

#endif
