/*
 * owner.h - what analysts ask owners of tables, and what owners answer: applications, grants, their withdrawal, and the
 * owner's say about a release.
 */
#ifndef SL_JOBS_OWNER_H
#define SL_JOBS_OWNER_H

#include "jobs/request.h"
#include "jobs/store/owner.h"

/* An application as it is shown. Heap texts. */
struct sl_application {
	struct sl_store_application row;
	char *owner, *purpose;             /* of the table, of the project, now; "" : no longer known */
	struct sl_granted_column *columns; /* what policy and catalogue would give */
	uint32_t ncolumns;
	int64_t grant;                     /* G-n, the latest; 0: none */
	uint8_t say;                       /* enum sl_owner_say of that grant, for the applicant, today */
	int64_t until;                     /* of the grant */
	struct sl_granted_column *given;   /* by the grant */
	uint32_t ngiven;
	char *withdrawn_by, *withdrawn_why;
};

/*
 * sl_owner_apply - ask the owners of tables for their use in a project; one application a table, all in one commit.
 *   until  in   INT64_MIN: as long as the project
 *   ids    out  ntables of them
 * Fails: SL_E_DENIED (no analyst of the project; the policy does not give the table), SL_E_NO (its class asks for no
 * application; one waits already), SL_E_INPUT (words, day).
 */
SL_MUST_CHECK enum sl_rc sl_owner_apply(struct sl_enclave *e, const struct sl_actor *actor, const char *project,
                                        const char *const *tables, uint32_t ntables, const char *reason, int64_t until,
                                        int64_t *ids, struct sl_err *err);

/*
 * sl_owner_applications - those this actor may see, oldest first; id not 0: that one alone, SL_E_NO: there is none.
 * An analyst sees those of their projects, an owner those for their tables, officers and auditors all.
 */
SL_MUST_CHECK enum sl_rc sl_owner_applications(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                               struct sl_application **out, uint32_t *nout, struct sl_err *err);
void sl_owner_applications_free(struct sl_application *a, uint32_t n);
const char *sl_application_state_name(enum sl_application_state state);
/* sl_owner_say_name - of a grant: "in force", "withdrawn", "expired" … */
const char *sl_owner_say_name(enum sl_owner_say say);

/*
 * sl_owner_grant_statement - append what an owner signs to grant an application (grant@sluice).
 *   columns  in  only these, ncolumns of them; none: all that policy and catalogue give
 * sl_owner_grant_make - record a grant. signed_statement: as made elsewhere, which then says until when and which
 * columns; NULL: made here with the actor's key.
 *   grant out  its number
 * Fails: SL_E_DENIED (no owner of the table; an analyst of the project; a column that the policy does not give),
 * SL_E_NO (no such application, or decided), SL_E_INTEGRITY (a statement about something else).
 */
struct sl_owner_terms {
	int64_t until;
	const char *const *columns;
	uint32_t ncolumns;
};
SL_MUST_CHECK enum sl_rc sl_owner_grant_statement(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                                  const struct sl_owner_terms *terms, struct sl_buf *out,
                                                  struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_owner_grant_make(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                             const struct sl_owner_terms *terms, const void *signed_statement,
                                             size_t nsigned, int64_t *grant, struct sl_err *err);

/*
 * sl_owner_refuse - an application is refused; the applicant reads why. sl_owner_withdraw - a grant ends now. Neither
 * opens anything, so who the session or key says it is suffices, and it needs no statement.
 * Fails: SL_E_DENIED, SL_E_NO, SL_E_INPUT.
 */
SL_MUST_CHECK enum sl_rc sl_owner_refuse(struct sl_enclave *e, const struct sl_actor *actor, int64_t application,
                                         const char *reason, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_owner_withdraw(struct sl_enclave *e, const struct sl_actor *actor, int64_t grant,
                                           const char *reason, struct sl_err *err);

/* What an owner sees of a request: what would leave, and what was done to their tables for it. Heap. */
struct sl_owner_review {
	struct sl_request request;
	char *purpose;
	struct sl_release_file *files;
	uint32_t nfiles;
	char **tables;   /* those that ask for the approval of this owner */
	uint32_t ntables;
	char *organisation;
};
/*
 * sl_owner_review_list - numbers of the requests that wait, and ask for the approval of an owner this actor is; heap.
 * sl_owner_review_show - SL_E_NO: no such request, or none that asks this owner: then it is the reviewers' alone.
 * sl_owner_release_statement, sl_owner_release_decide - as sl_review_statement and sl_review_decide.
 */
SL_MUST_CHECK enum sl_rc sl_owner_review_list(struct sl_enclave *e, const struct sl_actor *actor, int64_t **ids,
                                              uint32_t *n, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_owner_review_show(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                              struct sl_owner_review *out, struct sl_err *err);
void sl_owner_review_free(struct sl_owner_review *r);
SL_MUST_CHECK enum sl_rc sl_owner_release_statement(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                                    const struct sl_say *say, struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_owner_release_decide(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                                 const struct sl_say *say, const void *signed_statement,
                                                 size_t nsigned, int64_t *release, struct sl_err *err);

#endif
