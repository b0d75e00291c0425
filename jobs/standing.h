/*
 * standing.h - what holds now: the policy in force, the catalogues as stored, the reference tables.
 */
#ifndef SL_JOBS_STANDING_H
#define SL_JOBS_STANDING_H

#include "jobs/root.h"
#include "policy/grant.h"

/* Zeroed: nothing holds; nobody may do anything. */
struct sl_standing {
	bool has_policy;
	struct sl_policy policy;
	uint8_t policy_digest[32];
	struct sl_catalogue *catalogues;   /* all that were imported */
	uint32_t ncatalogues;
	const struct sl_catalogue **catalogue_list; /* pointers into catalogues, for sl_grant_facts */
	struct sl_reference *reference;    /* rows owned here */
	uint32_t nreference;
	struct sl_owner_grant *owner_grants; /* all there are, their signatures verified */
	uint32_t nowner_grants;
	struct sl_root *roots;             /* oldest first; the first is leaf 0's */
	uint32_t nroots;
	int64_t day;                       /* that grants are asked for; 0: today */
};

/*
 * sl_standing_load - all of it. sl_standing_people - policy and officers; no catalogue and no reference row: enough to
 * say who may do what, and many times faster in an enclave of many tables. sl_standing_project - of the catalogues only
 * those whose tables the project names, which is all that its grant is made of; an unknown project names none.
 * One of the next two adds to what sl_standing_people loaded, once, the reference rows, what owners granted and
 * catalogues: sl_standing_tables those of a project as above, sl_standing_table that of "dataset.table", when there is
 * one. sl_standing_owner_grants - adds what owners granted alone, unless it is there.
 * sl_standing_under - all of it, but with the policy of that digest, which was in force here once or is among the texts
 * given, and grants of that day; SL_E_NO: none has the digest. The digest is one that was signed.
 * sl_standing_trial - all of it, but with the policy of a text that nobody need have signed. SL_E_INPUT: it does not
 * load.
 */
SL_MUST_CHECK enum sl_rc sl_standing_load(struct sl_enclave *e, struct sl_standing *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_standing_people(struct sl_enclave *e, struct sl_standing *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_standing_project(struct sl_enclave *e, const char *project, struct sl_standing *out,
                                             struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_standing_under(struct sl_enclave *e, const uint8_t policy[static 32], int64_t day,
                                           const struct sl_buf *given, uint32_t ngiven, struct sl_standing *out,
                                           struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_standing_trial(struct sl_enclave *e, const char *file, const void *text, size_t len,
                                           struct sl_standing *out, struct sl_err *err);
void sl_standing_free(struct sl_standing *s);
struct sl_references sl_standing_references(const struct sl_standing *s);
SL_MUST_CHECK enum sl_rc sl_standing_owner_grants(struct sl_enclave *e, struct sl_standing *s, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_standing_tables(struct sl_enclave *e, const char *project, struct sl_standing *s,
                                            struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_standing_table(struct sl_enclave *e, const char *table, struct sl_standing *s,
                                           struct sl_err *err);

/* sl_standing_owns - the person has the role of an owner and is of the organisation that owns a table. */
bool sl_standing_owns(const struct sl_standing *s, const char *person, const char *owner);

/* sl_standing_grant - sl_grant_compile for a person and project on its day. */
SL_MUST_CHECK enum sl_rc sl_standing_grant(const struct sl_standing *s, const char *project, const char *person,
                                           struct sl_grant *out, struct sl_err *err);

/* sl_standing_policy_text - append the text of the policy in force; SL_E_NO: none yet. */
SL_MUST_CHECK enum sl_rc sl_standing_policy_text(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err);

#endif
