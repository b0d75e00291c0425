/*
 * ledger.h - what became of one table: every leaf of the log that is about its use, for its owner and for auditors; and
 * the same as a file that anybody verifies with the anchor.
 */
#ifndef SL_JOBS_LEDGER_H
#define SL_JOBS_LEDGER_H

#include "jobs/actor.h"
#include "jobs/audit_proof.h"

struct sl_ledger_line {
	uint64_t leaf;
	json_t *body; /* of the leaf */
};

/* Zeroed: empty. Free with sl_ledger_free. */
struct sl_ledger {
	struct sl_ledger_line *lines;
	uint32_t n;
	uint64_t refused, rejected; /* requests about it that the check refused, that somebody rejected */
	uint64_t shown; /* how often the log has that such a request was shown to a reviewer or an owner */
	json_t *jobs, *requests, *releases; /* names of those that used it */
};

/*
 * sl_ledger_make - applications and grants, versions and who was told their counts, jobs with columns and uses and when
 * they were run again, what was released with the number of published cells, and who copied it. Of what was not
 * released only how often.
 * Fails: SL_E_DENIED (no owner of the table, no auditor), SL_E_NO (no such table).
 */
SL_MUST_CHECK enum sl_rc sl_ledger_make(struct sl_enclave *e, const struct sl_actor *actor, const char *table,
                                        struct sl_ledger *out, struct sl_err *err);
/* sl_ledger_may - whether the table's ledger is for this actor, whose role allows it. With catalogues. */
SL_MUST_CHECK enum sl_rc sl_ledger_may(const struct sl_standing *s, const struct sl_actor *actor, const char *table,
                                       struct sl_err *err);
void sl_ledger_free(struct sl_ledger *l);

/*
 * sl_ledger_export - append its leaves, each with the proof that it is in the log, and the enclave's signature over all
 * of them, their number and the log's root.
 * sl_ledger_verify - such a text against the anchor: no line was changed, added or taken away.
 *   table  out  whose ledger it is, heap
 * Fails: SL_E_INPUT (no ledger), SL_E_INTEGRITY, SL_E_UNDECIDED (no anchor).
 */
SL_MUST_CHECK enum sl_rc sl_ledger_export(struct sl_enclave *e, const char *table, const struct sl_ledger *l,
                                          struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_ledger_verify(const struct sl_buf *text, const struct sl_audit_trust *trust, char **table,
                                          uint32_t *lines, struct sl_err *err);

#endif
