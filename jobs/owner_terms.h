/*
 * owner_terms.h - inside jobs: what the files about owners share.
 */
#ifndef SL_JOBS_OWNER_TERMS_H
#define SL_JOBS_OWNER_TERMS_H

#include "jobs/owner.h"
#include "jobs/owner_statement.h"
#include "jobs/store/review.h"

/*
 * sl_owner_begin, sl_owner_end - an act of an owner or applicant is one transaction: what holds is loaded inside of it,
 * and whether the actor may. End commits when rc is SL_OK, rolls back when not, frees *s and returns how it ended; it
 * belongs to every begin, also one that failed or was not reached.
 */
SL_MUST_CHECK enum sl_rc sl_owner_begin(struct sl_enclave *e, const struct sl_actor *actor, enum sl_action action,
                                        struct sl_standing *s, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_owner_end(struct sl_enclave *e, struct sl_standing *s, enum sl_rc rc, struct sl_err *err);

/* sl_owner_words - one clean line that is not empty. SL_E_INPUT names `what`. */
SL_MUST_CHECK enum sl_rc sl_owner_words(const char *text, const char *what, struct sl_err *err);

/* sl_owner_table - by name, in the catalogues as stored; NULL: none. Borrowed. */
const struct sl_cat_table *sl_owner_table(const struct sl_standing *s, const char *name);

/* sl_owner_sees - may this actor be shown what was asked and granted about the table for the project? */
bool sl_owner_sees(const struct sl_actor *actor, const struct sl_standing *s, const char *project, const char *author,
                   const char *table);

/*
 * sl_owner_offer - what an owner could grant to the project today: purpose, analysts, and every column with the uses
 * that catalogue and policy both give. *out zeroed by the caller. SL_E_DENIED: the policy gives the project no such
 * table.
 */
SL_MUST_CHECK enum sl_rc sl_owner_offer(const struct sl_project *project, const struct sl_cat_table *table,
                                        struct sl_owner_grant *out, struct sl_err *err);

/*
 * sl_owner_tables - the tables that plans read, each once, as the catalogues describe them now; *out is heap. SL_E_NO:
 * one is in no catalogue any more.
 */
SL_MUST_CHECK enum sl_rc sl_owner_tables(const struct sl_standing *s, const struct sl_job_material *m,
                                         const struct sl_cat_table ***out, uint32_t *n, struct sl_err *err);

/*
 * sl_owner_may_decide, sl_owner_may_withdraw, sl_owner_may_answer - what these acts ask of an application, a grant, a
 * request, when the role allows them; nothing is done. move: SL_MOVE_NONE: to see what asks for their approval.
 * Fails: SL_E_DENIED; SL_E_NO: it is not theirs to see, or is decided.
 */
SL_MUST_CHECK enum sl_rc sl_owner_may_decide(struct sl_enclave *e, const struct sl_actor *actor,
                                             const struct sl_standing *s, int64_t application, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_owner_may_withdraw(const struct sl_actor *actor, const struct sl_standing *s, int64_t grant,
                                               struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_owner_may_answer(struct sl_enclave *e, const struct sl_actor *actor,
                                             const struct sl_standing *s, int64_t request, enum sl_move move,
                                             struct sl_err *err);

/* What the gate is told about owners. Zeroed: nothing. Free with sl_owner_facts_free, after the facts. */
struct sl_owner_facts {
	const struct sl_cat_table **tables;
	uint32_t ntables;
	struct sl_store_review *rows;
	struct sl_gate_owner *owners;
	char **organisations;
	uint32_t nowners;
};
SL_MUST_CHECK enum sl_rc sl_owner_facts_load(struct sl_enclave *e, const struct sl_standing *s,
                                             const struct sl_opened *o, struct sl_owner_facts *out, struct sl_err *err);
void sl_owner_facts_free(struct sl_owner_facts *f);

#endif
