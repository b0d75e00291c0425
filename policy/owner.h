/*
 * owner.h - what the owners of tables say: whose word it is, the grants they signed for tables on application, and with
 * which tables a table may be joined.
 *
 * Pure: signatures are verified by whoever gathers the facts, the day is passed in. Zeroed: nobody has said anything,
 * and nothing is granted.
 */
#ifndef SL_POLICY_OWNER_H
#define SL_POLICY_OWNER_H

#include "policy/policy.h"

/* Rule ids of refusals, in sl_err.rule. */
#define SL_GRANT_NO_OWNER_GRANT "no-owner-grant"
#define SL_GRANT_OWNER_USE "owner-grant-use"
#define SL_GRANT_JOINS "joins"
#define SL_GRANT_NOT_OWNER "not-the-owner"
#define SL_GRANT_OWN_PROJECT "own-project"

/* A grant as its owner signed it. Heap texts of the statement; free with sl_owner_grant_free. */
struct sl_owner_grant {
	int64_t id; /* G-n */
	char *application, *project, *purpose, *table, *owner;
	char **analysts; /* those the owner saw named in the project */
	uint32_t nanalysts;
	struct sl_granted_column *columns;
	uint32_t ncolumns;
	int64_t until; /* last day, since 1970-01-01 */
	/* what is known of it besides */
	char *person, *key; /* who signed, with which key line */
	bool verified;      /* the signature is theirs, on this statement, in this enclave */
	bool withdrawn;
};
void sl_owner_grant_free(struct sl_owner_grant *g);

/* What the owner's word is about one table, one project, one person, today. From least to most. */
enum sl_owner_say {
	SL_OWNER_SILENT = 0,  /* no grant */
	SL_OWNER_UNVERIFIED,  /* a signature that does not hold */
	SL_OWNER_NO_OWNER,    /* signed by somebody who is not, or no longer, an owner of it with that key */
	SL_OWNER_OWN_PROJECT, /* signed by an analyst of the project */
	SL_OWNER_WITHDRAWN,
	SL_OWNER_EXPIRED,
	SL_OWNER_PURPOSE,     /* the project's purpose was another one then */
	SL_OWNER_PERSON,      /* the person was not named in the project then */
	SL_OWNER_GRANTS,
	SL_OWNER_NOT_ASKED,   /* the table's class needs no grant */
};

struct sl_owner_word {
	uint8_t say;    /* enum sl_owner_say */
	int64_t grant;  /* the one that says so, the latest when several do; 0: none */
	int64_t until;  /* GRANTS, EXPIRED: its last day */
	uint8_t *uses;  /* one for each column of the view's table: enum sl_use bits; heap */
};

struct sl_owner_question {
	const struct sl_policy *policy;
	const struct sl_project *project;
	const struct sl_cat_table *table;
	const char *person;
	int64_t today;
	const struct sl_owner_grant *grants; /* to whatever project and table */
	uint32_t ngrants;
};

/*
 * sl_owner_ask - the owner's word. Several grants in force add up.
 *   view  in   the table as the view shows it: word->uses has an entry for each of its columns
 *   word  out  free word->uses
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_owner_ask(const struct sl_owner_question *q, const struct sl_table *view,
                                      struct sl_owner_word *word, struct sl_err *err);

/* sl_owner_judge - what one grant says of the question; it is for that project and table, or SILENT. */
enum sl_owner_say sl_owner_judge(const struct sl_owner_question *q, const struct sl_owner_grant *g);

/* sl_owner_usable - whether a table of that word may be used at all. */
bool sl_owner_usable(const struct sl_owner_word *word);

/*
 * sl_owner_tell - why a table may not be used: "no grant of the owner is in force for …", with rule and remedy.
 * Returns SL_E_DENIED.
 */
enum sl_rc sl_owner_tell(const struct sl_owner_word *word, const char *table, const char *project, struct sl_err *err);

/*
 * sl_owner_is - a person with the role owner today who speaks for that organisation: it is theirs, or they themselves.
 * sl_owner_may_speak - may this person decide about the table for this project? Fails: SL_E_DENIED: no owner of it; an
 * analyst of the project.
 */
bool sl_owner_is(const struct sl_policy *policy, const struct sl_person *person, const char *owner, int64_t today);
SL_MUST_CHECK enum sl_rc sl_owner_may_speak(const struct sl_policy *policy, const struct sl_cat_table *table,
                                            const char *project, const char *person, int64_t today,
                                            struct sl_err *err);

/*
 * sl_owner_joins - whether the owner of `table` lets it be joined with another: it is in its list; without a list, with
 * any when the table is open, and else with those of its own data package. Both tables are asked.
 */
bool sl_owner_joins(const struct sl_cat_table *table, const char *other);

/*
 * sl_owner_check_plan - do the owners let this plan use and join its tables? Beside sl_plan_grant_check, never instead.
 *   view   in  the one that the plan indexes; its tables and columns are found in the grant by name
 *   grant  in  compiled for the author, today
 * Fails: SL_E_DENIED (rule, line, remedy), SL_E_NOMEM.
 */
struct sl_grant;
struct sl_plan;
SL_MUST_CHECK enum sl_rc sl_owner_check_plan(const struct sl_plan *plan, const struct sl_view *view,
                                             const struct sl_grant *grant, struct sl_err *err);

#endif
