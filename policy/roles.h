/*
 * roles.h - who may do what: one table of roles and actions. Nothing that is not in it is allowed.
 */
#ifndef SL_POLICY_ROLES_H
#define SL_POLICY_ROLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits of sl_person.roles. 0: nobody. */
enum sl_role {
	SL_ROLE_NONE = 0,
	SL_ROLE_ANALYST = 1,
	SL_ROLE_REVIEWER = 2,
	SL_ROLE_OFFICER = 4,
	SL_ROLE_OWNER = 8,
	SL_ROLE_AUDITOR = 16,
	SL_ROLE_OPERATOR = 32,
};
#define SL_ROLES_ALL 63u

enum sl_action {
	SL_ACTION_NONE = 0,
	SL_ACTION_DATA_IMPORT,
	SL_ACTION_DATA_LIST,
	SL_ACTION_DATA_VERIFY,
	SL_ACTION_DATA_FORGET,
	SL_ACTION_DATA_REQUEST,
	SL_ACTION_DATA_REQUESTS,
	SL_ACTION_DATA_GRANT,
	SL_ACTION_DATA_APPROVE,
	SL_ACTION_DATA_LEDGER,
	SL_ACTION_DATA_QUALITY,
	SL_ACTION_POLICY_SIGN,
	SL_ACTION_POLICY_APPLY,
	SL_ACTION_POLICY_SHOW,
	SL_ACTION_POLICY_TRY,
	SL_ACTION_JOB_RUN,
	SL_ACTION_JOB_LIST,
	SL_ACTION_REQUEST_NEW,
	SL_ACTION_REQUEST_LIST,
	SL_ACTION_REVIEW_SHOW,
	SL_ACTION_REVIEW_DECIDE,
	SL_ACTION_RELEASE_LIST,
	SL_ACTION_RELEASE_GET,
	SL_ACTION_RELEASE_REVOKE,
	SL_ACTION_RELEASE_RECOVER,
	SL_ACTION_AUDIT_READ,
	SL_ACTION_COUNT_
};

struct sl_action_row {
	enum sl_action action;
	const char *name;   /* "review decide", for messages */
	uint32_t roles;     /* enum sl_role bits; any one suffices */
	const char *why;    /* why these and no others */
	const char *remedy; /* what somebody without the role can do */
};

/* sl_roles_action - the row of an action; NULL for none. */
const struct sl_action_row *sl_roles_action(enum sl_action action);
/* sl_roles_allow - whether a person with these roles may. False for roles 0, an unknown action, or unknown bits. */
bool sl_roles_allow(uint32_t roles, enum sl_action action);

/* sl_role_name - "analyst" for one bit, "none" otherwise. */
const char *sl_role_name(enum sl_role role);
/* The names in bit order, for near names and help. */
extern const char *const sl_role_names[6];

#endif
