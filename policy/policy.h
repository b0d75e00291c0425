/*
 * policy.h - the policy file: who there is, which catalogues count, which rules and limits hold, which projects may
 * see what. Loading judges everything that can be judged from the file alone; sl_policy_lint adds the catalogues.
 *
 * Keys are kept as the text lines they are; parsing and verifying is jobs/sign's. Zeroed: nobody may do anything.
 * Every key is told in docs/policy.md.
 */
#ifndef SL_POLICY_POLICY_H
#define SL_POLICY_POLICY_H

#include "enclave/pact/setup.h"
#include "policy/catalogue.h"
#include "policy/roles.h"

#define SL_POLICY_BYTES_MAX (4u << 20)
#define SL_KEY_LINE_BYTES 1024
#define SL_PEOPLE_MAX 1000
#define SL_PROJECTS_MAX 1000
#define SL_RELEASED_UNBOUNDED UINT64_MAX

struct sl_person {
	char *name;
	uint32_t roles;     /* enum sl_role bits */
	char *key;          /* one line: "ssh-ed25519 AAAA… comment" */
	char *organisation; /* "" : none; an owner's is matched against a table's owner, a reviewer's against an author's */
	uint32_t line, col;
};

/* Two powers in one hand, for a reason, until a day. */
struct sl_exception {
	char *person;
	uint32_t roles; /* enum sl_role bits, exactly two */
	char *reason;
	int64_t expires; /* last day, since 1970-01-01 */
	uint32_t line, col;
};

struct sl_pin {
	char *dataset;
	uint8_t sha256[32]; /* of the catalogue file */
	uint32_t line, col;
};

/* Bounds on a job; each has a default, each can be lowered or raised within a hard range (docs/policy.md). */
struct sl_limits {
	uint32_t script_cpu_ms, script_wall_ms;
	uint32_t engine_cpu_ms, engine_wall_ms;
	uint32_t check_cpu_ms, check_wall_ms;
	uint32_t secondary_work; /* millions of numbers, of choosing what else to hide */
	uint32_t load_cpu_ms, load_wall_ms;
	uint64_t script_memory_bytes, engine_memory_bytes, check_memory_bytes, load_memory_bytes;
	uint32_t plans_max; /* outputs of one job */
	uint32_t cells_max; /* cells of one output */
	uint32_t nodes_max; /* operations, keys, statistics … of one output */
	uint32_t print_bytes_max;
	uint64_t output_bytes_max; /* results of one job, all outputs together */
	uint32_t frames_max;       /* of one confined program of a job, between READY and END; at least plans_max + 2 */
	uint32_t slot_ms;          /* a job's end is told so long after its start, or 2, 4, 8 … times; 0: at once */
	uint32_t threads;
	uint64_t rows_max; /* of one import */
	uint8_t draws;     /* from the rules, enum sl_draws_level: draws take memory and bytes */
};

struct sl_granted_column {
	char *name;
	uint8_t uses; /* enum sl_use bits */
	uint32_t line, col;
};

struct sl_granted_table {
	char *name; /* "dataset.table" */
	struct sl_granted_column *columns;
	uint32_t ncolumns;
	char *reason, *remedy; /* policy's own words on a refusal about this table; "" : none */
	uint32_t line, col;
};

/* From that day on, what was imported of a table up to it is in force, however few units it changes. */
struct sl_refresh_day {
	char *table; /* "dataset.table" */
	int64_t day; /* since 1970-01-01 */
	uint32_t line, col;
};

struct sl_project {
	char *name, *purpose, *description;
	char **analysts; /* names of people */
	uint32_t nanalysts;
	int64_t expires;    /* last day, since 1970-01-01; INT64_MIN: never valid */
	uint32_t approvals; /* distinct reviewers needed; 0 refuses */
	bool owner_approval; /* an owner of every table approves what leaves, whatever the catalogues ask */
	uint64_t released_numbers_max; /* that ever leave it of one unit space; 0 refuses */
	struct sl_granted_table *tables;
	uint32_t ntables;
	char *reason, *remedy;
	uint32_t line, col;
};

/* Where policy does not say: ten bits of rows are as many as a look of a person should stand for. */
#define SL_UNSEEN_REQUESTS_USUAL 10u
#define SL_UNSEEN_JOBS_USUAL 10u

/* What is asked of reviewers in every project, beside its own number of approvals. */
struct sl_review_terms {
	uint32_t approvals_by_class[SL_CLASS_CONFIDENTIAL + 1]; /* by enum sl_class; 0: a class asks for none of its own */
	bool apart; /* nobody decides on a request of their own organisation */
	uint32_t unseen_max; /* requests of a project that were judged and no reviewer looked at; 0 refuses */
	uint32_t unseen_jobs_max; /* of a project that told of rows by how they ended and nobody looked at; 0 refuses */
};

struct sl_policy {
	char *file;
	char *enclave;
	uint64_t serial;
	uint32_t officers_needed; /* distinct officers who must sign the next policy; 0 refuses */
	struct sl_person *people;
	uint32_t npeople;
	struct sl_exception *exceptions;
	uint32_t nexceptions;
	struct sl_pin *pins;
	uint32_t npins;
	char *profile;
	struct sl_rules rules;
	uint64_t released_numbers_max; /* of a project that says nothing itself */
	struct sl_limits limits;
	char **layers; /* layer names that no job may start without, besides the required ones */
	uint32_t nlayers;
	struct sl_review_terms reviews;
	struct sl_refresh_day *refresh_days;
	uint32_t nrefresh_days;
	struct sl_project *projects;
	uint32_t nprojects;
	struct sl_notes notes; /* lint that needs no catalogue and no day */
};

/*
 * sl_policy_load - read a policy; contract as sl_catalogue_load.
 * Fails: SL_E_INPUT with file, line and column; SL_E_LIMIT; SL_E_NOMEM. *out is then zeroed.
 */
SL_MUST_CHECK enum sl_rc sl_policy_load(const char *file, const void *text, size_t len, struct sl_policy *out,
                                        struct sl_err *err);
/*
 * sl_policy_load_stored - the same of one that was accepted before: where its parts stand in the text is left 0, which
 * takes a good part of the time.
 */
SL_MUST_CHECK enum sl_rc sl_policy_load_stored(const char *file, const void *text, size_t len, struct sl_policy *out,
                                               struct sl_err *err);
void sl_policy_free(struct sl_policy *policy);
/* sl_policy_limits_usual - the bounds that hold where a policy says nothing, and before the first one. */
void sl_policy_limits_usual(struct sl_limits *out);

const struct sl_person *sl_policy_person(const struct sl_policy *policy, const char *name);
const struct sl_project *sl_policy_project(const struct sl_policy *policy, const char *name);
const struct sl_pin *sl_policy_pin(const struct sl_policy *policy, const char *dataset);
/* sl_policy_refresh_day - true when the policy names a day for the table. */
bool sl_policy_refresh_day(const struct sl_policy *policy, const char *table, int64_t *day);
bool sl_project_has_analyst(const struct sl_project *project, const char *person);

/*
 * sl_policy_roles - the roles that count on a day. Operator and reviewer, officer and auditor are apart: whoever holds
 * both without an exception of that day holds neither's check on the other, so the reviewer's and the auditor's role do
 * not count.
 * sl_policy_excepted - an exception of the policy names this person and both roles; with `today`, one that lasts.
 * sl_powers_apart - the pairs, as role bits; npowers of them.
 */
uint32_t sl_policy_roles(const struct sl_policy *policy, const struct sl_person *person, int64_t today);
bool sl_policy_excepted(const struct sl_policy *policy, const char *person, uint32_t pair, const int64_t *today);
struct sl_powers {
	uint32_t pair, checks; /* both bits; the one that does not count without an exception */
	const char *why;
};
extern const struct sl_powers sl_powers_apart[];
extern const size_t sl_powers_count;

/* sl_policy_same_key - the first two words of two key lines, type and key, are the same; the rest is a comment. */
bool sl_policy_same_key(const char *a, const char *b);

/*
 * sl_policy_lint - everything wrong or unwise in a loaded policy against the catalogues and a day.
 *   catalogues in   ncatalogues of them, sha256 set
 *   today      in   days since 1970-01-01
 *   notes      out  appended: policy->notes, then the catalogues', then what only both together show
 * A policy with errors must not be signed. Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_policy_lint(const struct sl_policy *policy, const struct sl_catalogue *const *catalogues,
                                        uint32_t ncatalogues, int64_t today, struct sl_notes *notes,
                                        struct sl_err *err);

/*
 * sl_policy_template - text of a first policy for `policy new`: it loads, names one officer, pins the catalogues and
 * has no project yet. Fails: SL_E_INPUT for words that are not clean text.
 *   officer_key  in  one line
 */
struct sl_template {
	const char *enclave;
	uint64_t serial;
	const char *officer, *officer_key;
	const struct sl_catalogue *const *catalogues;
	uint32_t ncatalogues;
};
SL_MUST_CHECK enum sl_rc sl_policy_template(const struct sl_template *template, struct sl_buf *out, struct sl_err *err);

#endif
