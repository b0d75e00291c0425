/*
 * decide.h - inside jobs: the frame of a signed decision about a request, a reviewer's or an owner's: signed here or
 * elsewhere, judged and recorded in one transaction, and what it releases.
 */
#ifndef SL_JOBS_DECIDE_H
#define SL_JOBS_DECIDE_H

#include "jobs/request_open.h"
#include "jobs/signed.h"

/* As whom somebody decides. */
struct sl_decide_as {
	enum sl_action action;
	const char *namespace;
	const char *words;     /* what a decision of theirs is, for the message */
	uint32_t decisions;    /* 1 << enum sl_decision of each */
	/* the text to sign */
	enum sl_rc (*statement)(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const struct sl_say *say,
	                        struct sl_buf *out, struct sl_err *err);
	/* within the transaction; release: what left by it, 0: nothing */
	enum sl_rc (*record)(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
	                     int64_t id, const struct sl_say *say, struct sl_signed *d, int64_t *release,
	                     struct sl_err *err);
};

/*
 * sl_decide_record - see sl_review_decide. On failure nothing is kept; but once something is released, it is, also when
 * its bundle cannot be written now.
 */
SL_MUST_CHECK enum sl_rc sl_decide_record(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                          const struct sl_say *say, const void *signed_statement, size_t nsigned,
                                          const struct sl_decide_as *as, int64_t *release, struct sl_err *err);

/*
 * sl_decide_meant - before the text of an approval is made: the request is at the revision that was looked at, for its
 * author may have put another in its place since. A no is about any. What was signed before names each number.
 *   show  the command that shows it, for the remedy
 * Fails: SL_E_NO: it is at another revision.
 */
SL_MUST_CHECK enum sl_rc sl_decide_meant(const struct sl_store_request *row, const struct sl_say *say,
                                         const char *show, struct sl_err *err);

#endif
