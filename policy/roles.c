/* roles.c - see roles.h. */
#include "policy/roles.h"

#include <string.h>

const char *const sl_role_names[6] = { "analyst", "reviewer", "officer", "owner", "auditor", "operator" };

static const struct sl_action_row actions[SL_ACTION_COUNT_] = {
	[SL_ACTION_DATA_IMPORT] = {
		.action = SL_ACTION_DATA_IMPORT, .name = "data import", .roles = SL_ROLE_OPERATOR,
		.why = "who imports reads the source files; nobody who asks or decides should need to",
		.remedy = "ask an operator to import it",
	},
	[SL_ACTION_DATA_LIST] = {
		.action = SL_ACTION_DATA_LIST, .name = "data ls", .roles = SL_ROLES_ALL,
		.why = "names, columns and versions are the catalogue's; row counts are shown to operators and owners only",
		.remedy = "",
	},
	[SL_ACTION_DATA_VERIFY] = {
		.action = SL_ACTION_DATA_VERIFY, .name = "data verify", .roles = SL_ROLE_OPERATOR | SL_ROLE_AUDITOR,
		.why = "that every byte is what was sealed is asked by who keeps it and by who audits; no value is shown",
		.remedy = "ask an operator or auditor to verify it",
	},
	[SL_ACTION_DATA_FORGET] = {
		.action = SL_ACTION_DATA_FORGET, .name = "data forget", .roles = SL_ROLE_OPERATOR,
		.why = "who keeps the data destroys it; the log says who and what",
		.remedy = "ask an operator to forget it",
	},
	[SL_ACTION_DATA_REQUEST] = {
		.action = SL_ACTION_DATA_REQUEST, .name = "data request", .roles = SL_ROLE_ANALYST,
		.why = "who wants to use a table says for which project and why",
		.remedy = "ask an analyst of the project to apply",
	},
	[SL_ACTION_DATA_REQUESTS] = {
		.action = SL_ACTION_DATA_REQUESTS, .name = "data requests",
		.roles = SL_ROLE_ANALYST | SL_ROLE_OWNER | SL_ROLE_OFFICER | SL_ROLE_AUDITOR,
		.why = "applicants follow theirs, owners those for their tables; officers and auditors all",
		.remedy = "ask an auditor",
	},
	[SL_ACTION_DATA_GRANT] = {
		.action = SL_ACTION_DATA_GRANT, .name = "data grant", .roles = SL_ROLE_OWNER,
		.why = "a table on application is used when its owner signed for it, and no longer",
		.remedy = "ask an owner of the table",
	},
	[SL_ACTION_DATA_APPROVE] = {
		.action = SL_ACTION_DATA_APPROVE, .name = "data approve", .roles = SL_ROLE_OWNER,
		.why = "an owner who asked for it sees what would leave and has a say, beside the reviewers",
		.remedy = "ask an owner of the table",
	},
	[SL_ACTION_DATA_LEDGER] = {
		.action = SL_ACTION_DATA_LEDGER, .name = "data ledger", .roles = SL_ROLE_OWNER | SL_ROLE_AUDITOR,
		.why = "owners see what became of their tables, auditors of all; published numbers only",
		.remedy = "ask an owner of the table",
	},
	[SL_ACTION_DATA_QUALITY] = {
		.action = SL_ACTION_DATA_QUALITY, .name = "data quality", .roles = SL_ROLES_ALL,
		.why = "counts of rows are for operators, officers and owners of the table; others see shares in bands, where "
		       "the catalogue opens them",
		.remedy = "",
	},
	[SL_ACTION_POLICY_SIGN] = {
		.action = SL_ACTION_POLICY_SIGN, .name = "policy sign", .roles = SL_ROLE_OFFICER,
		.why = "the policy decides who may decide",
		.remedy = "ask an officer to sign it",
	},
	[SL_ACTION_POLICY_APPLY] = {
		.action = SL_ACTION_POLICY_APPLY, .name = "policy apply", .roles = SL_ROLE_OFFICER | SL_ROLE_OPERATOR,
		.why = "the officers' signatures carry the right; applying is carrying it to the enclave",
		.remedy = "ask an officer or operator to apply it",
	},
	[SL_ACTION_POLICY_SHOW] = {
		.action = SL_ACTION_POLICY_SHOW, .name = "policy show", .roles = SL_ROLES_ALL,
		.why = "rules work only when they are known",
		.remedy = "",
	},
	[SL_ACTION_POLICY_TRY] = {
		.action = SL_ACTION_POLICY_TRY, .name = "policy eval", .roles = SL_ROLE_OFFICER | SL_ROLE_AUDITOR,
		.why = "who writes or audits a policy tries it; trying it as others tells of tables that are not one's own",
		.remedy = "ask an officer or auditor; `job check` asks for yourself",
	},
	[SL_ACTION_JOB_RUN] = {
		.action = SL_ACTION_JOB_RUN, .name = "job run", .roles = SL_ROLE_ANALYST,
		.why = "only an analyst of a project has a purpose for asking",
		.remedy = "ask an officer to make you an analyst of a project",
	},
	[SL_ACTION_JOB_LIST] = {
		.action = SL_ACTION_JOB_LIST, .name = "job ls",
		.roles = SL_ROLE_ANALYST | SL_ROLE_OPERATOR | SL_ROLE_AUDITOR,
		.why = "authors follow their own jobs; operators see that something ran; auditors see all",
		.remedy = "ask an auditor",
	},
	[SL_ACTION_REQUEST_NEW] = {
		.action = SL_ACTION_REQUEST_NEW, .name = "request new", .roles = SL_ROLE_ANALYST,
		.why = "a request is its author's statement of what it is for",
		.remedy = "ask the author of the job to request it",
	},
	[SL_ACTION_REQUEST_LIST] = {
		.action = SL_ACTION_REQUEST_LIST, .name = "request ls",
		.roles = SL_ROLE_ANALYST | SL_ROLE_REVIEWER | SL_ROLE_OWNER | SL_ROLE_AUDITOR,
		.why = "authors, reviewers, owners of the tables and auditors follow requests",
		.remedy = "ask a reviewer",
	},
	[SL_ACTION_REVIEW_SHOW] = {
		.action = SL_ACTION_REVIEW_SHOW, .name = "review show", .roles = SL_ROLE_REVIEWER,
		.why = "findings tell more than the publication does",
		.remedy = "ask a reviewer who is no analyst of the project",
	},
	[SL_ACTION_REVIEW_DECIDE] = {
		.action = SL_ACTION_REVIEW_DECIDE, .name = "review approve", .roles = SL_ROLE_REVIEWER,
		.why = "an officer writes the policy and must not release; an author must not decide on their own",
		.remedy = "ask a reviewer who is no analyst of the project",
	},
	[SL_ACTION_RELEASE_LIST] = {
		.action = SL_ACTION_RELEASE_LIST, .name = "release ls", .roles = SL_ROLES_ALL,
		.why = "what left is no secret inside",
		.remedy = "",
	},
	[SL_ACTION_RELEASE_GET] = {
		.action = SL_ACTION_RELEASE_GET, .name = "release get",
		.roles = SL_ROLE_ANALYST | SL_ROLE_REVIEWER | SL_ROLE_OWNER | SL_ROLE_AUDITOR,
		.why = "a release is what everyone concerned may have",
		.remedy = "ask the author",
	},
	[SL_ACTION_RELEASE_REVOKE] = {
		.action = SL_ACTION_RELEASE_REVOKE, .name = "release revoke", .roles = SL_ROLE_OFFICER | SL_ROLE_OWNER,
		.why = "who answers for the rules or the data takes a mistake back; it can release nothing",
		.remedy = "ask an officer, or an owner of a table it was made from",
	},
	[SL_ACTION_RELEASE_RECOVER] = {
		.action = SL_ACTION_RELEASE_RECOVER, .name = "recover", .roles = SL_ROLE_OPERATOR,
		.why = "who restores a backup says what left since; it lets nothing leave and takes nothing back",
		.remedy = "ask an operator to recover it",
	},
	[SL_ACTION_AUDIT_READ] = {
		.action = SL_ACTION_AUDIT_READ, .name = "audit log",
		.roles = SL_ROLE_AUDITOR | SL_ROLE_OFFICER | SL_ROLE_OWNER | SL_ROLE_REVIEWER | SL_ROLE_OPERATOR,
		.why = "the log names people, projects and digests, never values",
		.remedy = "ask an auditor",
	},
};

const struct sl_action_row *sl_roles_action(enum sl_action action)
{
	if ((size_t)action >= SL_ACTION_COUNT_ || actions[action].action == SL_ACTION_NONE)
		return NULL;
	return &actions[action];
}

bool sl_roles_allow(uint32_t roles, enum sl_action action)
{
	const struct sl_action_row *row = sl_roles_action(action);

	return row != NULL && (roles & ~SL_ROLES_ALL) == 0 && (roles & row->roles) != 0;
}

const char *sl_role_name(enum sl_role role)
{
	for (size_t i = 0; i < sizeof sl_role_names / sizeof sl_role_names[0]; i++)
		if ((unsigned)role == 1u << i)
			return sl_role_names[i];
	return "none";
}

