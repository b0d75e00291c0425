/* actor.c - see actor.h. */
#include "jobs/actor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "jobs/sign/sshsign.h"

#define SESSION_NAMESPACE "session@sluice"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

/* Person i of those who count now: the policy's people, or the root's officers before the first policy. */
static bool person_at(const struct sl_standing *s, uint32_t i, const char **name, const char **key_line)
{
	if (s->has_policy) {
		if (i >= s->policy.npeople)
			return false;
		*name = s->policy.people[i].name;
		*key_line = s->policy.people[i].key;
		return true;
	}
	const struct sl_root *root = sl_root_over(s->roots, s->nroots, 0);
	if (root == NULL || i >= root->nofficers)
		return false;
	*name = root->officers[i].name;
	*key_line = root->officers[i].key_line;
	return true;
}

static enum sl_rc become(struct sl_actor *a, enum sl_actor_kind kind, const char *person, const char *key_line,
                         const char *key_path, struct sl_err *err)
{
	a->person = strdup(person);
	a->key_line = key_line != NULL ? strdup(key_line) : NULL;
	a->key_path = key_path != NULL ? strdup(key_path) : NULL;
	if (a->person == NULL || (key_line != NULL && a->key_line == NULL) || (key_path != NULL && a->key_path == NULL))
		return no_memory(err);
	a->kind = (uint8_t)kind;
	return SL_OK;
}

static enum sl_rc by_key(struct sl_enclave *e, const struct sl_standing *s, const char *key_path, struct sl_actor *out,
                         struct sl_err *err)
{
	uint8_t nonce[32];
	char challenge[256], hex[65];
	struct sl_buf armour = {0};
	struct sl_ssh_key signer, theirs;
	const char *name, *line;
	enum sl_rc rc = sl_random(nonce, sizeof nonce, err);

	if (rc == SL_OK) {
		sl_text_hex(nonce, sizeof nonce, hex);
		(void)snprintf(challenge, sizeof challenge, "sluice session of enclave %s\n%s\n", e->name, hex);
		rc = sl_sshsign_make(key_path, SESSION_NAMESPACE, challenge, strlen(challenge), &armour, &signer, err);
	}
	sl_buf_free(&armour);
	for (uint32_t i = 0; rc == SL_OK && person_at(s, i, &name, &line); i++)
		if (sl_ssh_key_parse(line, strlen(line), &theirs, NULL) == SL_OK && sl_ssh_key_equal(&theirs, &signer))
			return become(out, SL_ACTOR_KEY, name, line, key_path, err);
	if (rc == SL_OK) {
		rc = sl_err_set(err, SL_E_IDENT, "the key %s belongs to nobody in this enclave", key_path);
		sl_err_remedy(err, "an officer adds its .pub line to a person in the policy");
	}
	return rc;
}

enum sl_rc sl_actor_identify(struct sl_enclave *e, const struct sl_standing *standing, const char *key_path,
                             const char *session, struct sl_actor *out, struct sl_err *err)
{
	const char *name, *line;
	enum sl_rc rc = SL_E_IDENT;

	memset(out, 0, sizeof *out);
	if (session != NULL) {
		for (uint32_t i = 0; person_at(standing, i, &name, &line); i++)
			if (strcmp(name, session) == 0)
				rc = become(out, SL_ACTOR_SESSION, name, line, NULL, err);
		if (rc == SL_E_IDENT)
			(void)sl_err_set(err, SL_E_IDENT, "nobody here is called %s", session);
	} else if (key_path != NULL) {
		rc = by_key(e, standing, key_path, out, err);
	} else {
		rc = become(out, SL_ACTOR_OPERATOR, "", NULL, NULL, err);
	}
	if (rc != SL_OK)
		sl_actor_free(out);
	return rc;
}

void sl_actor_free(struct sl_actor *a)
{
	free(a->person);
	free(a->key_path);
	free(a->key_line);
	memset(a, 0, sizeof *a);
}

static bool operator_may(enum sl_action action)
{
	switch (action) {
	case SL_ACTION_DATA_IMPORT:
	case SL_ACTION_DATA_LIST:
	case SL_ACTION_DATA_VERIFY:
	case SL_ACTION_DATA_FORGET:
	case SL_ACTION_RELEASE_RECOVER:
	case SL_ACTION_DATA_QUALITY:
	case SL_ACTION_POLICY_APPLY:
	case SL_ACTION_POLICY_SHOW:
	case SL_ACTION_AUDIT_READ:
	case SL_ACTION_JOB_LIST:
		return true;
	default:
		return false;
	}
}

enum sl_rc sl_actor_may(const struct sl_actor *a, const struct sl_standing *standing, enum sl_action action,
                        struct sl_err *err)
{
	const struct sl_action_row *row = sl_roles_action(action);
	enum sl_rc rc;

	SL_REQUIRE(row != NULL);
	if (a->kind == SL_ACTOR_OPERATOR) {
		if (operator_may(action))
			return SL_OK;
		rc = sl_err_set(err, SL_E_IDENT, "%s: who are you?", row->name);
		sl_err_remedy(err, "say it with your key: --key PATH, or SLUICE_KEY");
		return rc;
	}
	const struct sl_person *p =
		standing->has_policy && a->person != NULL ? sl_policy_person(&standing->policy, a->person) : NULL;
	uint32_t roles = p != NULL ? sl_policy_roles(&standing->policy, p, sl_enclave_today())
	                 : !standing->has_policy ? SL_ROLE_OFFICER : SL_ROLE_NONE;
	if (a->kind != SL_ACTOR_NONE && sl_roles_allow(roles, action))
		return SL_OK;
	rc = sl_err_set(err, SL_E_DENIED, "%s may not: %s", a->person != NULL ? a->person : "nobody", row->name);
	sl_err_rule(err, "role");
	sl_err_remedy(err, "%s", row->remedy);
	return rc;
}
