/*
 * grant.h - from policy, catalogues, project, person and day to what one job may see: a view, limits, rules; or a
 * refusal with rule id, reason and remedy.
 *
 * Pure: the day is passed in, nothing is read. Refusals name only what the policy itself says.
 */
#ifndef SL_POLICY_GRANT_H
#define SL_POLICY_GRANT_H

#include "policy/owner.h"

/* Rule ids of refusals, in sl_err.rule. */
#define SL_GRANT_NO_SUCH_PERSON "no-such-person"
#define SL_GRANT_NO_SUCH_PROJECT "no-such-project"
#define SL_GRANT_NOT_AN_ANALYST "not-an-analyst"
#define SL_GRANT_EXPIRED "expired"
#define SL_GRANT_APPROVALS "no-approvals"
#define SL_GRANT_CATALOGUE_MISSING "catalogue-missing"
#define SL_GRANT_CATALOGUE_MOVED "catalogue-moved"
#define SL_GRANT_NO_SUCH_TABLE "no-such-table"
#define SL_GRANT_NO_SUCH_COLUMN "no-such-column"
#define SL_GRANT_CLASS "class"
#define SL_GRANT_NOTHING "nothing-granted"

struct sl_grant_facts {
	const struct sl_policy *policy;
	const struct sl_catalogue *const *catalogues; /* as stored now, sha256 set */
	uint32_t ncatalogues;
	struct sl_references references;
	const char *project, *person;
	int64_t today; /* days since 1970-01-01 */
	/* What owners granted, to whatever project; none: tables on application are used by nobody. */
	const struct sl_owner_grant *owner_grants;
	uint32_t nowner_grants;
};

/* A table of the grant in the catalogue; index as view.tables[], fields[] as its columns[]. Borrowed from the facts. */
struct sl_grant_table {
	const struct sl_catalogue *catalogue;
	const struct sl_cat_table *table;
	const struct sl_cat_field **fields;
	struct sl_owner_word word; /* whether its owner lets it be used, and which uses of its columns */
};

/* Zeroed: nothing. */
struct sl_grant {
	struct sl_view view;
	struct sl_grant_table *tables;
	struct sl_limits limits;
	struct sl_rules rules;
	uint32_t approvals;
	const struct sl_project *project; /* borrowed from the policy */
};

/*
 * sl_grant_compile - tables, columns in the policy's order; the view's uses are catalogue ∩ policy, columns left
 * without a use are dropped. A table whose owner has not granted it is in the view all the same, so that a script that
 * names it is told so: sl_owner_check_plan refuses to use it.
 *   out  out  any content; free with sl_grant_free; zeroed on failure
 * Fails: SL_E_DENIED (rule, text, remedy), SL_E_INPUT (a reference domain was not imported), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_grant_compile(const struct sl_grant_facts *facts, struct sl_grant *out, struct sl_err *err);
void sl_grant_free(struct sl_grant *grant);

/* sl_grant_wish - the remedy of a refused use: "ask an officer to grant \"filter\" on \"age\" of \"study.persons\"". */
void sl_grant_wish(const struct sl_table *table, const struct sl_column *column, enum sl_use use, struct sl_err *err);

#endif
