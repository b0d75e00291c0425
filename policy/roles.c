/* roles.c - see roles.h. */
#include "policy/roles.h"

#include <string.h>

const char *const sl_role_names[6] = {"analyst", "reviewer", "officer", "owner", "auditor", "operator"};

static const struct sl_action_row actions[SL_ACTION_COUNT_] = {
	[SL_ACTION_DATA_IMPORT] = {
		SL_ACTION_DATA_IMPORT, "data import", SL_ROLE_OPERATOR,
		"who imports reads the source files; nobody who asks or decides should need to", "ask an operator to import it",
	},
	[SL_ACTION_DATA_LIST] = {
		SL_ACTION_DATA_LIST, "data ls", SL_ROLES_ALL,
		"names, columns and versions are the catalogue's; row counts are shown to operators and owners only", "",
	},
	[SL_ACTION_POLICY_SIGN] = {
		SL_ACTION_POLICY_SIGN, "policy sign", SL_ROLE_OFFICER, "the policy decides who may decide", "ask an officer to sign it",
	},
	[SL_ACTION_POLICY_APPLY] = {
		SL_ACTION_POLICY_APPLY, "policy apply", SL_ROLE_OFFICER | SL_ROLE_OPERATOR,
		"the officers' signatures carry the right; applying is carrying it to the enclave", "ask an officer or operator to apply it",
	},
	[SL_ACTION_POLICY_SHOW] = {SL_ACTION_POLICY_SHOW, "policy show", SL_ROLES_ALL, "rules work only when they are known", ""},
	[SL_ACTION_JOB_RUN] = {
		SL_ACTION_JOB_RUN, "job run", SL_ROLE_ANALYST,
		"only an analyst of a project has a purpose for asking", "ask an officer to make you an analyst of a project",
	},
	[SL_ACTION_JOB_LIST] = {
		SL_ACTION_JOB_LIST, "job ls", SL_ROLE_ANALYST | SL_ROLE_OPERATOR | SL_ROLE_AUDITOR,
		"authors follow their own jobs; operators see that something ran; auditors see all", "ask an auditor",
	},
	[SL_ACTION_REQUEST_NEW] = {
		SL_ACTION_REQUEST_NEW, "request new", SL_ROLE_ANALYST,
		"a request is its author's statement of what it is for", "ask the author of the job to request it",
	},
	[SL_ACTION_REQUEST_LIST] = {
		SL_ACTION_REQUEST_LIST, "request ls", SL_ROLE_ANALYST | SL_ROLE_REVIEWER | SL_ROLE_OWNER | SL_ROLE_AUDITOR,
		"authors, reviewers, owners of the tables and auditors follow requests", "ask a reviewer",
	},
	[SL_ACTION_REVIEW_SHOW] = {
		SL_ACTION_REVIEW_SHOW, "review show", SL_ROLE_REVIEWER,
		"findings tell more than the publication does", "ask a reviewer who is no analyst of the project",
	},
	[SL_ACTION_REVIEW_DECIDE] = {
		SL_ACTION_REVIEW_DECIDE, "review approve", SL_ROLE_REVIEWER,
		"an officer writes the policy and must not release; an author must not decide on their own", "ask a reviewer who is no analyst of the project",
	},
	[SL_ACTION_RELEASE_LIST] = {SL_ACTION_RELEASE_LIST, "release ls", SL_ROLES_ALL, "what left is no secret inside", ""},
	[SL_ACTION_RELEASE_GET] = {
		SL_ACTION_RELEASE_GET, "release get", SL_ROLE_ANALYST | SL_ROLE_REVIEWER | SL_ROLE_OWNER | SL_ROLE_AUDITOR,
		"a release is what everyone concerned may have", "ask the author",
	},
	[SL_ACTION_AUDIT_READ] = {
		SL_ACTION_AUDIT_READ, "audit log", SL_ROLE_AUDITOR | SL_ROLE_OFFICER | SL_ROLE_OWNER | SL_ROLE_REVIEWER | SL_ROLE_OPERATOR,
		"the log names people, projects and digests, never values", "ask an auditor",
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

uint32_t sl_role_named(const char *name)
{
	for (size_t i = 0; i < sizeof sl_role_names / sizeof sl_role_names[0]; i++)
		if (strcmp(name, sl_role_names[i]) == 0)
			return 1u << i;
	return SL_ROLE_NONE;
}
