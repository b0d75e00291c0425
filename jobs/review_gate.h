/*
 * review_gate.h - inside jobs: the gate's facts, gathered from state as it stands; and the statement reviewers sign.
 */
#ifndef SL_JOBS_REVIEW_GATE_H
#define SL_JOBS_REVIEW_GATE_H

#include "jobs/audit.h"
#include "jobs/request_open.h"

#define SL_REVIEW_NAMESPACE "review@sluice"

/*
 * sl_review_text - the statement for a log of this size and root; canonical JSON, appended.
 * Fails: as sl_acknowledge_take and sl_acknowledge_ask; SL_E_USAGE: what is acknowledged by who does not approve;
 * SL_E_INPUT: the comment.
 */
SL_MUST_CHECK enum sl_rc sl_review_text(const struct sl_enclave *e, const struct sl_standing *standing,
                                        const struct sl_opened *o, const struct sl_say *say, uint64_t log_size,
                                        const struct sl_merkle_hash *log_root, struct sl_buf *out, struct sl_err *err);

/*
 * sl_review_words - the words of a decision, a reviewer's or an owner's: one clean line. An approval may be without; a
 * no tells its author why. SL_E_INPUT.
 */
SL_MUST_CHECK enum sl_rc sl_review_words(enum sl_decision decision, const char *comment, struct sl_err *err);

/* sl_review_gate - every fact looked up and every signature verified again, then sl_gate_decide. */
SL_MUST_CHECK enum sl_rc sl_review_gate(struct sl_enclave *e, const struct sl_standing *standing,
                                        const struct sl_opened *o, struct sl_gate_verdict *verdict,
                                        struct sl_err *err);

/*
 * sl_review_files - what would leave, path → SHA-256. sl_review_rules - a set of rules, as policy/acknowledge.h, by
 * name and in the order of the rules, however they were given: one set has one text. NULL: out of memory.
 */
json_t *sl_review_files(const struct sl_published *p);
json_t *sl_review_rules(uint64_t set);

/*
 * sl_review_ask_gate - within the transaction of an approval, a reviewer's or an owner's: when the gate opens, the
 * release with its leaf is made. Fails: as sl_gate_refusal, when more approvals would not open it.
 * sl_review_released - after it: the bundle, and a checkpoint beside the keys. It has left in the record; when the
 * bundle cannot be written now, `release get` makes it.
 */
SL_MUST_CHECK enum sl_rc sl_review_ask_gate(struct sl_enclave *e, const struct sl_actor *actor,
                                            const struct sl_standing *standing, struct sl_opened *o, int64_t *release,
                                            struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_review_released(struct sl_enclave *e, int64_t release, struct sl_err *err);

/*
 * sl_review_gate_look - the same for whoever only looks: beside releases that came since it was judged, it is judged
 * again only when asked to, which takes as long as asking did.
 *   since  out  those releases
 */
SL_MUST_CHECK enum sl_rc sl_review_gate_look(struct sl_enclave *e, const struct sl_standing *standing,
                                             const struct sl_opened *o, bool judge_again,
                                             struct sl_gate_verdict *verdict, uint32_t *since, struct sl_err *err);

/* sl_review_log_root - root of the first `size` leaves; SL_E_NO: the log is shorter. */
SL_MUST_CHECK enum sl_rc sl_review_log_root(struct sl_enclave *e, uint64_t size, struct sl_merkle_hash *root,
                                            struct sl_err *err);

#endif
