/*
 * decide.h - what review approve, review reject, data approve and data reject share.
 */
#ifndef SL_UI_DECIDE_H
#define SL_UI_DECIDE_H

#include "jobs/request.h"
#include "ui-cli/cli.h"

/* As whom somebody decides. */
struct sl_decider {
	const char *statement; /* the command that prints what is signed */
	const char *show;      /* the command that shows what is decided about */
	enum sl_rc (*decide)(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const struct sl_say *say,
	                     const void *signed_statement, size_t nsigned, int64_t *release, struct sl_err *err);
};
extern const struct sl_decider sl_decider_reviewer, sl_decider_owner;

/* sl_decide - record a decision on the request named by the first word and tell what came of it. */
SL_MUST_CHECK enum sl_rc sl_decide(struct sl_cli *c, const struct sl_decider *as, enum sl_decision decision,
                                   struct sl_err *err);

/*
 * sl_decide_each - approve every request that is named, each with a statement, a signature and a line of its own. One
 * that is refused does not keep the others.
 * Fails: SL_E_USAGE (a request twice; flags that are about one request); SL_E_NO: not all were approved; a fault, which
 * ends it there.
 */
SL_MUST_CHECK enum sl_rc sl_decide_each(struct sl_cli *c, const struct sl_decider *as, struct sl_err *err);

/* sl_decide_revision - the number after --revision, 0 without. SL_E_USAGE: no number from 1. */
SL_MUST_CHECK enum sl_rc sl_decide_revision(const struct sl_cli *c, int64_t *revision, struct sl_err *err);

/* sl_decide_of - " --revision N" of what was revised, "" of a first one: for the command that approves it. */
#define SL_DECIDE_OF 32
const char *sl_decide_of(uint32_t revision, char out[static SL_DECIDE_OF]);

/* sl_decide_said - decision, words and rules as the flags give them; names receives the rules. */
struct sl_say sl_decide_said(const struct sl_cli *c, enum sl_decision decision, const char *names[static SL_GIVEN_MAX]);

#endif
