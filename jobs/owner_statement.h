/*
 * owner_statement.h - inside jobs: what an owner signs (grant@sluice), written and read.
 *
 * Every statement names its act, the enclave by name and key, and a log that was ours, so that it is of use nowhere
 * else and for nothing else.
 */
#ifndef SL_JOBS_OWNER_STATEMENT_H
#define SL_JOBS_OWNER_STATEMENT_H

#include "jobs/request_open.h"
#include "jobs/sign/merkle.h"
#include "jobs/store/owner.h"

#define SL_GRANT_NAMESPACE "grant@sluice"

struct sl_owner_statement {
	char *enclave;
	uint8_t enclave_key[SL_ED25519_PUBLIC_BYTES];
	struct sl_owner_grant grant; /* without what is known besides */
};

/*
 * sl_owner_statement_read - a grant from its canonical text. *out any content; zeroed on failure.
 * Fails: SL_E_INPUT (not canonical, another act, a member missing, unknown or of the wrong kind), SL_E_LIMIT,
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_owner_statement_read(const void *text, size_t len, struct sl_owner_statement *out,
                                                 struct sl_err *err);
void sl_owner_statement_free(struct sl_owner_statement *s);

/* sl_owner_statement_put - append the text of a grant, under the policy in force. */
SL_MUST_CHECK enum sl_rc sl_owner_statement_put(const struct sl_enclave *e, const struct sl_standing *standing,
                                                const struct sl_owner_grant *grant, uint64_t log_size,
                                                const uint8_t log_root[static 32], struct sl_buf *out,
                                                struct sl_err *err);

/*
 * sl_owner_release_put - append what an owner signs about a request: act "approve" or "reject", the publication and its
 * files, and whose tables it speaks for.
 */
SL_MUST_CHECK enum sl_rc sl_owner_release_put(const struct sl_enclave *e, const struct sl_standing *standing,
                                              const struct sl_opened *o, enum sl_decision decision,
                                              const char *organisation, const char *comment, uint64_t log_size,
                                              const uint8_t log_root[static 32], struct sl_buf *out,
                                              struct sl_err *err);

/*
 * sl_owner_verify - a stored grant as facts for the policy: its statement read, its signature verified with the key it
 * was made with, and that it is of this enclave and of its application. One that does not hold is not `verified`.
 * Fails: SL_E_NOMEM and those of the store.
 */
SL_MUST_CHECK enum sl_rc sl_owner_verify(struct sl_enclave *e, const struct sl_store_owner_grant *row,
                                         struct sl_owner_grant *out, struct sl_err *err);

#endif
