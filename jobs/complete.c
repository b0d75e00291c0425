/* complete.c - see complete.h. */
#include "jobs/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/pack.h"
#include "jobs/request.h"
#include "jobs/store/entry.h"
#include "jobs/store/known.h"
#include "policy/gate.h"

struct completing {
	struct sl_standing *standing;
	struct sl_actor actor;
	enum sl_complete_kind kind;
	const char *prefix;
	struct sl_buf *out;
};

static void offer(const struct completing *c, const char *word)
{
	if (strncmp(word, c->prefix, strlen(c->prefix)) == 0)
		sl_buf_printf(c->out, "%s\n", word);
}

static enum sl_rc see_table(void *self, const struct sl_store_entry *entry, struct sl_err *err)
{
	(void)err;
	offer(self, entry->table);
	return SL_OK;
}

/* Numbers that are somebody else's are left out, as their lists leave them out. */
static bool is_theirs(const struct completing *c, const struct sl_store_known *k)
{
	const struct sl_standing *s = c->standing;

	switch (c->kind) {
	case SL_COMPLETE_JOBS:
		return sl_pack_is_operator(&c->actor, s) ||
		       sl_pack_sees(&c->actor, s, SL_ACTION_JOB_LIST, k->project, k->author);
	case SL_COMPLETE_REQUESTS:
		return sl_pack_sees(&c->actor, s, SL_ACTION_REQUEST_LIST, k->project, k->author);
	case SL_COMPLETE_RELEASES:
		return sl_pack_sees(&c->actor, s, SL_ACTION_RELEASE_GET, k->project, k->author);
	case SL_COMPLETE_TO_REVIEW:
		return k->state == SL_REQUEST_SUBMITTED &&
		       sl_actor_may(&c->actor, s, SL_ACTION_REVIEW_SHOW, NULL) == SL_OK &&
		       sl_gate_may_review(&s->policy, k->project, k->author, c->actor.person, NULL) == SL_OK;
	case SL_COMPLETE_APPLICATIONS:
	case SL_COMPLETE_GRANTS:
		return sl_standing_owns(s, c->actor.person, k->owner) || strcmp(c->actor.person, k->author) == 0 ||
		       sl_actor_may(&c->actor, s, SL_ACTION_POLICY_TRY, NULL) == SL_OK;
	default:
		return false;
	}
}

static enum sl_rc see_known(void *self, const struct sl_store_known *known, struct sl_err *err)
{
	static const char letters[] = {
		[SL_COMPLETE_JOBS] = 'J', [SL_COMPLETE_REQUESTS] = 'R', [SL_COMPLETE_RELEASES] = 'L',
		[SL_COMPLETE_APPLICATIONS] = 'A', [SL_COMPLETE_GRANTS] = 'G', [SL_COMPLETE_TO_REVIEW] = 'R',
	};
	const struct completing *c = self;
	char id[32];

	(void)err;
	(void)snprintf(id, sizeof id, "%c-%lld", letters[c->kind], (long long)known->id);
	if (is_theirs(c, known))
		offer(c, id);
	return SL_OK;
}

static void offer_policy(const struct completing *c)
{
	const struct sl_policy *p = &c->standing->policy;
	const struct sl_person *me = sl_policy_person(p, c->actor.person);
	bool analyst = me != NULL && me->roles == SL_ROLE_ANALYST;

	for (uint32_t i = 0; c->kind == SL_COMPLETE_PROJECTS && i < p->nprojects; i++)
		if (!analyst || sl_project_has_analyst(&p->projects[i], me->name))
			offer(c, p->projects[i].name);
	for (uint32_t i = 0; c->kind == SL_COMPLETE_PEOPLE && i < p->npeople; i++)
		offer(c, p->people[i].name);
}

/* The person of the policy whose key KEY.pub is; without a key the account's owner. False: nobody's. */
static bool take_actor(const char *key_path, const struct sl_policy *policy, struct sl_actor *out)
{
	char path[4096], line[SL_KEY_LINE_BYTES + 2] = "";
	FILE *f;

	out->kind = SL_ACTOR_OPERATOR;
	if (key_path == NULL)
		return (out->person = strdup("")) != NULL;
	(void)snprintf(path, sizeof path, "%s.pub", key_path);
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	bool read = fgets(line, sizeof line, f) != NULL;
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	for (uint32_t i = 0; read && i < policy->npeople; i++)
		if (sl_policy_same_key(policy->people[i].key, line)) {
			out->kind = SL_ACTOR_KEY;
			return (out->person = strdup(policy->people[i].name)) != NULL;
		}
	return false;
}

static void complete(struct sl_enclave *e, struct completing *c, const char *key_path)
{
	static const enum sl_store_known_kind known[] = {
		[SL_COMPLETE_JOBS] = SL_KNOWN_JOB, [SL_COMPLETE_REQUESTS] = SL_KNOWN_REQUEST,
		[SL_COMPLETE_RELEASES] = SL_KNOWN_RELEASE, [SL_COMPLETE_APPLICATIONS] = SL_KNOWN_APPLICATION,
		[SL_COMPLETE_GRANTS] = SL_KNOWN_GRANT, [SL_COMPLETE_TO_REVIEW] = SL_KNOWN_REQUEST,
	};

	/* Every table's name is known to every role: that needs no policy. */
	if (c->kind == SL_COMPLETE_TABLES) {
		(void)!sl_store_entry_tables(&e->db, see_table, c, NULL);
		return;
	}
	if (sl_standing_people(e, c->standing, NULL) != SL_OK || !take_actor(key_path, &c->standing->policy, &c->actor))
		return;
	if (c->kind == SL_COMPLETE_PROJECTS || c->kind == SL_COMPLETE_PEOPLE)
		offer_policy(c);
	else
		(void)!sl_store_known_each(&e->db, known[c->kind], see_known, c, NULL);
}

void sl_complete(const char *dir, const char *key_path, enum sl_complete_kind kind, const char *prefix,
                 struct sl_buf *out)
{
	struct sl_standing standing = {0};
	struct completing c = {.standing = &standing, .kind = kind, .prefix = prefix, .out = out};
	struct sl_enclave e = {.dir = strdup(dir)};
	char *path = e.dir != NULL && kind != SL_COMPLETE_NOTHING ? sl_enclave_path(&e, "state.db") : NULL;

	if (path != NULL && sl_db_open_reading(path, &e.db, NULL) == SL_OK)
		complete(&e, &c, key_path);
	free(path);
	sl_actor_free(&c.actor);
	sl_standing_free(&standing);
	sl_enclave_close(&e);
}
