/* acknowledged.c - see acknowledged.h. */
#include "jobs/acknowledged.h"

#include <inttypes.h>
#include <string.h>

#include "jobs/pack.h"
#include "jobs/sign/canon.h"

const char *sl_acknowledged_lacks(const json_t *asked, const json_t *named)
{
	for (size_t i = 0; i < json_array_size(asked); i++) {
		const char *rule = json_string_value(json_array_get(asked, i));
		bool has = false;
		for (size_t j = 0; j < json_array_size(named) && rule != NULL; j++) {
			const char *said = json_string_value(json_array_get(named, j));
			has = has || (said != NULL && strcmp(said, rule) == 0);
		}
		if (!has)
			return rule != NULL ? rule : "?";
	}
	return NULL;
}

/* What a leaf does to what waits. */
enum does { DOES_NOTHING = 0, DOES_BEGIN, DOES_APPROVE, DOES_LEAVE };

static const struct {
	const char *kind;
	enum does does;
} kinds[] = {
	{ "request.submitted", DOES_BEGIN }, /* of a later revision too: votes begin anew */
	{ "request.drafted", DOES_BEGIN },
	{ "request.withdrawn", DOES_BEGIN },
	{ "review.approved", DOES_APPROVE },
	{ "release.made", DOES_LEAVE },
};

/* Leaves are canonical JSON: a quote within a text is escaped, so only the member itself reads like this. */
static enum does what_it_does(const void *body, size_t len)
{
	static const char key[] = "\"kind\":\"";
	const char *at = memmem(body, len, key, sizeof key - 1);

	if (at == NULL)
		return DOES_NOTHING;
	at += sizeof key - 1;
	size_t left = len - (size_t)(at - (const char *)body);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t n = strlen(kinds[i].kind);
		if (left > n && memcmp(at, kinds[i].kind, n) == 0 && at[n] == '"')
			return kinds[i].does;
	}
	return DOES_NOTHING;
}

static enum sl_rc approve(struct sl_acknowledged *a, const json_t *leaf, const char *request, struct sl_err *err)
{
	json_t *people = json_object_get(a->waiting, request), *named = json_object_get(leaf, "acknowledged");
	bool ok = people != NULL || json_object_set_new(a->waiting, request, json_object()) == 0;

	people = json_object_get(a->waiting, request);
	ok = ok && json_object_set_new(people, sl_pack_text(leaf, "who"),
	                               json_is_array(named) ? json_incref(named) : json_array()) == 0;
	return ok ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc leave(const struct sl_acknowledged *a, uint64_t index, const json_t *leaf, const char *request,
                        struct sl_err *err)
{
	json_t *people = json_object_get(a->waiting, request), *named;
	const json_t *asked = json_object_get(leaf, "acknowledge");
	const char *person, *lacks;

	if (json_array_size(asked) > 0 && json_object_size(people) == 0)
		return sl_err_set(err, SL_E_INTEGRITY, "log leaf %" PRIu64 ": %.24s left, and nobody acknowledged \"%.48s\"",
		                  index, sl_pack_text(leaf, "release"), sl_acknowledged_lacks(asked, NULL));
	json_object_foreach(people, person, named) {
		lacks = sl_acknowledged_lacks(asked, named);
		if (lacks != NULL)
			return sl_err_set(err, SL_E_INTEGRITY,
			                  "log leaf %" PRIu64 ": %.24s left, and the approval of \"%.64s\" does not acknowledge "
			                  "\"%.48s\", which was left to judge",
			                  index, sl_pack_text(leaf, "release"), person, lacks);
	}
	return SL_OK;
}

enum sl_rc sl_acknowledged_see(struct sl_acknowledged *a, uint64_t index, const void *body, size_t len,
                               struct sl_err *err)
{
	enum does does = what_it_does(body, len);
	enum sl_rc rc = SL_OK;

	if (does == DOES_NOTHING)
		return SL_OK;
	if (a->waiting == NULL && (a->waiting = json_object()) == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	json_t *leaf;
	rc = sl_canon_parse("the leaf", body, len, len, &leaf, NULL);
	const char *request = sl_pack_text(leaf, "request");
	if (rc == SL_E_NOMEM)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	else if (rc != SL_OK)
		rc = sl_err_set(err, SL_E_INTEGRITY, "log leaf %" PRIu64 " cannot be read", index);
	else if (does == DOES_APPROVE)
		rc = approve(a, leaf, request, err);
	else if (does == DOES_LEAVE)
		rc = leave(a, index, leaf, request, err);
	/* What has left, or begins anew, waits for nothing. */
	if (rc == SL_OK && does != DOES_APPROVE)
		(void)json_object_del(a->waiting, request);
	json_decref(leaf);
	return rc;
}

void sl_acknowledged_free(struct sl_acknowledged *a)
{
	json_decref(a->waiting);
	a->waiting = NULL;
}
