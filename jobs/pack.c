/* pack.c - see pack.h. */
#include "jobs/pack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/sign/canon.h"

enum sl_rc sl_pack_list(const struct sl_buf *items, uint32_t n, struct sl_buf *out, struct sl_err *err)
{
	sl_buf_u32(out, n);
	for (uint32_t i = 0; i < n; i++) {
		sl_buf_u32(out, (uint32_t)items[i].len);
		sl_buf_put(out, items[i].data, items[i].len);
	}
	return sl_buf_ok(out, "list", err);
}

enum sl_rc sl_pack_unlist(const struct sl_buf *box, uint32_t max, struct sl_buf **items, uint32_t *n,
                          struct sl_err *err)
{
	struct sl_cursor c = sl_cursor_over(box->data, box->len);
	uint32_t count = sl_cursor_u32(&c);
	enum sl_rc rc = SL_OK;

	*items = NULL;
	*n = 0;
	if (c.failed || count > max)
		return sl_err_set(err, SL_E_INTEGRITY, "a stored list is damaged");
	*items = calloc((size_t)count + 1, sizeof **items);
	if (*items == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	*n = count;
	for (uint32_t i = 0; i < count && rc == SL_OK; i++) {
		uint32_t len = sl_cursor_u32(&c);
		const uint8_t *data = sl_cursor_take(&c, len);
		if (c.failed)
			break;
		sl_buf_put(&(*items)[i], data, len);
		rc = sl_buf_ok(&(*items)[i], "list", err);
	}
	if (rc == SL_OK && (c.failed || sl_cursor_left(&c) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "a stored list is damaged");
	if (rc != SL_OK) {
		sl_pack_free(*items, *n);
		*items = NULL;
		*n = 0;
	}
	return rc;
}

void sl_pack_free(struct sl_buf *items, uint32_t n)
{
	for (uint32_t i = 0; items != NULL && i < n; i++)
		sl_buf_free(&items[i]);
	free(items);
}

json_t *sl_pack_hex(const uint8_t digest[static 32])
{
	char hex[65];

	sl_text_hex(digest, 32, hex);
	return json_string(hex);
}

json_t *sl_pack_sha256(const void *data, size_t len)
{
	uint8_t digest[32];
	enum sl_rc rc = sl_seal_sha256(data, len, digest, NULL);

	return rc == SL_OK ? sl_pack_hex(digest) : NULL;
}

json_t *sl_pack_keyed(const struct sl_enclave *e, const void *data, size_t len)
{
	struct sl_secret vault, key = { 0 };
	uint8_t mac[32] = { 0 };
	enum sl_rc rc = sl_enclave_vault_key(e, &vault, NULL);

	if (rc != SL_OK)
		return NULL;
	rc = sl_secret_derive(&vault, "sluice log digest v0", &key, NULL);
	if (rc == SL_OK)
		rc = sl_seal_hmac(&key, data, len, mac, NULL);
	sl_secret_wipe(&vault);
	sl_secret_wipe(&key);
	return rc == SL_OK ? sl_pack_hex(mac) : NULL;
}

bool sl_pack_unhex(const json_t *obj, const char *key, uint8_t out[static 32])
{
	const char *hex = sl_pack_text(obj, key);
	char again[65];

	memset(out, 0, 32);
	if (strlen(hex) != 64 || !sl_text_unhex(hex, out, 32))
		return false;
	sl_text_hex(out, 32, again);
	return strcmp(again, hex) == 0;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum sl_rc sl_pack_keys(json_t *obj, json_t **out, struct sl_err *err)
{
	const char **names = calloc(json_object_size(obj) + 1, sizeof *names), *name;
	size_t n = 0;
	json_t *v;

	*out = names != NULL ? json_array() : NULL;
	json_object_foreach(obj, name, v) {
		if (names != NULL)
			names[n++] = name;
	}
	if (n > 0)
		qsort(names, n, sizeof *names, compare_texts);
	for (size_t i = 0; i < n && *out != NULL; i++)
		if (json_array_append_new(*out, json_string(names[i])) != 0) {
			json_decref(*out);
			*out = NULL;
		}
	free(names);
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

const char *sl_pack_text(const json_t *obj, const char *key)
{
	const char *s = json_string_value(json_object_get(obj, key));

	return s != NULL ? s : "";
}

void sl_pack_name(char letter, int64_t id, char out[static SL_PACK_NAME])
{
	(void)snprintf(out, SL_PACK_NAME, "%c-%" PRId64, letter, id);
}

enum sl_rc sl_pack_cstr(json_t *v, char **out, struct sl_err *err)
{
	struct sl_buf b = { 0 };
	enum sl_rc rc;

	*out = NULL;
	if (v == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_canon_put(v, &b, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_buf_cstr(&b), out, err);
	sl_buf_free(&b);
	json_decref(v);
	return rc;
}

enum sl_rc sl_pack_dup(const char *s, char **out, struct sl_err *err)
{
	*out = strdup(s != NULL ? s : "");
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static uint32_t roles_of(const struct sl_actor *actor, const struct sl_standing *standing)
{
	const struct sl_person *p;

	if (actor->kind == SL_ACTOR_NONE || actor->kind == SL_ACTOR_OPERATOR || !standing->has_policy)
		return 0;
	p = sl_policy_person(&standing->policy, actor->person);
	return p != NULL ? sl_policy_roles(&standing->policy, p, sl_enclave_today()) : 0;
}

bool sl_pack_sees(const struct sl_actor *actor, const struct sl_standing *standing, enum sl_action action,
                  const char *project, const char *author)
{
	uint32_t roles = roles_of(actor, standing);
	const struct sl_project *p;

	if (sl_roles_allow(roles & ~(uint32_t)SL_ROLE_ANALYST, action))
		return true;
	if (!sl_roles_allow(roles, action))
		return false;
	p = sl_policy_project(&standing->policy, project);
	return strcmp(actor->person, author) == 0 || (p != NULL && sl_project_has_analyst(p, actor->person));
}

bool sl_pack_is_operator(const struct sl_actor *actor, const struct sl_standing *standing)
{
	return actor->kind == SL_ACTOR_OPERATOR || (roles_of(actor, standing) & SL_ROLE_OPERATOR) != 0;
}

const char *sl_pack_who(const struct sl_actor *actor)
{
	return actor->kind == SL_ACTOR_OPERATOR || actor->person == NULL ? "operator" : actor->person;
}
