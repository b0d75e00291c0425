/* owner_statement.c - see owner_statement.h. */
#include "jobs/owner_statement.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/pack.h"
#include "jobs/review_gate.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/sshsig.h"

#define GRANT_BYTES_MAX ((size_t)1 << 20)

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc bad(struct sl_err *err, const char *key)
{
	return sl_err_set(err, SL_E_INPUT, "the statement's \"%s\" is missing or not what it has to be", key);
}

/* --- reading ------------------------------------------------------------------------------------------ */

static enum sl_rc take_text(const json_t *v, const char *key, char **out, struct sl_err *err)
{
	const char *s = sl_pack_text(v, key);

	if (s[0] == '\0' || !sl_text_is_clean(s, strlen(s)))
		return bad(err, key);
	return sl_pack_dup(s, out, err);
}

static enum sl_rc take_analysts(const json_t *v, struct sl_owner_grant *g, struct sl_err *err)
{
	const json_t *list = json_object_get(v, "analysts");
	enum sl_rc rc = SL_OK;

	if (!json_is_array(list) || json_array_size(list) > SL_PEOPLE_MAX)
		return bad(err, "analysts");
	g->analysts = calloc(json_array_size(list) + 1, sizeof *g->analysts);
	if (g->analysts == NULL)
		return no_memory(err);
	for (size_t i = 0; i < json_array_size(list) && rc == SL_OK; i++) {
		const char *name = json_string_value(json_array_get(list, i));
		rc = name == NULL ? bad(err, "analysts") : sl_pack_dup(name, &g->analysts[g->nanalysts], err);
		g->nanalysts += rc == SL_OK;
	}
	return rc;
}

static enum sl_rc take_uses(const json_t *list, uint8_t *uses, struct sl_err *err)
{
	*uses = 0;
	if (!json_is_array(list) || json_array_size(list) == 0)
		return bad(err, "columns");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));
		uint32_t bit = SL_USE_GROUP;
		while (word != NULL && bit <= SL_USE_MEASURE && strcmp(sl_use_name((enum sl_use)bit), word) != 0)
			bit <<= 1;
		if (word == NULL || bit > SL_USE_MEASURE || (*uses & bit) != 0)
			return bad(err, "columns");
		*uses |= (uint8_t)bit;
	}
	return SL_OK;
}

static enum sl_rc take_columns(const json_t *v, struct sl_owner_grant *g, struct sl_err *err)
{
	json_t *columns = json_object_get(v, "columns");
	enum sl_rc rc = SL_OK;
	const char *name;
	json_t *uses;

	if (!json_is_object(columns) || json_object_size(columns) > SL_COLUMNS_MAX)
		return bad(err, "columns");
	g->columns = calloc(json_object_size(columns) + 1, sizeof *g->columns);
	if (g->columns == NULL)
		return no_memory(err);
	json_object_foreach(columns, name, uses) {
		struct sl_granted_column *c = &g->columns[g->ncolumns];
		rc = sl_pack_dup(name, &c->name, err);
		if (rc != SL_OK)
			break;
		g->ncolumns++;
		rc = take_uses(uses, &c->uses, err);
		if (rc != SL_OK)
			break;
	}
	return rc;
}

static enum sl_rc take(const json_t *v, struct sl_owner_statement *out, struct sl_err *err)
{
	static const char *const others[] = { "act", "analysts", "columns", "enclave key", "log root", "log size",
		                                  "policy serial", "policy sha256", "until" };
	struct sl_owner_grant *g = &out->grant;
	const struct {
		const char *key;
		char **to;
	} texts[] = { { "application", &g->application }, { "enclave", &out->enclave }, { "owner", &g->owner },
		          { "project", &g->project }, { "purpose", &g->purpose }, { "table", &g->table } };
	size_t ntexts = sizeof texts / sizeof texts[0], nothers = sizeof others / sizeof others[0];
	const char *until = sl_pack_text(v, "until");
	uint8_t unused[32];
	enum sl_rc rc = SL_OK;

	if (strcmp(sl_pack_text(v, "act"), "grant") != 0)
		return bad(err, "act");
	for (size_t i = 0; i < nothers; i++)
		if (json_object_get(v, others[i]) == NULL)
			return bad(err, others[i]);
	if (json_object_size(v) != ntexts + nothers)
		return sl_err_set(err, SL_E_INPUT, "the statement says more than a grant does");
	if (!sl_parse_date(until, strlen(until), &g->until))
		return bad(err, "until");
	if (!sl_pack_unhex(v, "enclave key", out->enclave_key) || !sl_pack_unhex(v, "policy sha256", unused) ||
	    !sl_pack_unhex(v, "log root", unused))
		return sl_err_set(err, SL_E_INPUT, "a digest of the statement is not 64 hexadecimal digits");
	for (size_t i = 0; i < ntexts && rc == SL_OK; i++)
		rc = take_text(v, texts[i].key, texts[i].to, err);
	if (rc == SL_OK)
		rc = take_analysts(v, g, err);
	return rc == SL_OK ? take_columns(v, g, err) : rc;
}

enum sl_rc sl_owner_statement_read(const void *text, size_t len, struct sl_owner_statement *out, struct sl_err *err)
{
	json_t *v = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_canon_read("the grant", text, len, GRANT_BYTES_MAX, &v, err);
	if (rc == SL_OK && !json_is_object(v))
		rc = sl_err_set(err, SL_E_INPUT, "a grant is an object");
	if (rc == SL_OK)
		rc = take(v, out, err);
	json_decref(v);
	if (rc != SL_OK)
		sl_owner_statement_free(out);
	return rc;
}

void sl_owner_statement_free(struct sl_owner_statement *s)
{
	free(s->enclave);
	sl_owner_grant_free(&s->grant);
	memset(s, 0, sizeof *s);
}

/* --- writing ------------------------------------------------------------------------------------------ */

/* NULL: out of memory. */
static json_t *columns_json(const struct sl_owner_grant *g)
{
	json_t *o = json_object();

	for (uint32_t i = 0; i < g->ncolumns && o != NULL; i++) {
		json_t *uses = json_array();
		bool ok = uses != NULL;
		for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE && ok; bit <<= 1)
			if ((g->columns[i].uses & bit) != 0)
				ok = json_array_append_new(uses, json_string(sl_use_name((enum sl_use)bit))) == 0;
		if (json_object_set_new(o, g->columns[i].name, uses) != 0 || !ok) {
			json_decref(o);
			o = NULL;
		}
	}
	return o;
}

static json_t *analysts_json(const struct sl_owner_grant *g)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < g->nanalysts && a != NULL; i++)
		if (json_array_append_new(a, json_string(g->analysts[i])) != 0) {
			json_decref(a);
			a = NULL;
		}
	return a;
}

/* v is taken; NULL: out of memory. Enclave, policy and log are in every statement. */
static enum sl_rc put(const struct sl_enclave *e, const struct sl_standing *standing, json_t *v, uint64_t log_size,
                      const uint8_t log_root[static 32], struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (v == NULL || json_object_set_new(v, "enclave", json_string(e->name)) != 0 ||
	    json_object_set_new(v, "enclave key", sl_pack_hex(e->public)) != 0 ||
	    json_object_set_new(v, "policy serial", json_integer((json_int_t)standing->policy.serial)) != 0 ||
	    json_object_set_new(v, "policy sha256", sl_pack_hex(standing->policy_digest)) != 0 ||
	    json_object_set_new(v, "log size", json_integer((json_int_t)log_size)) != 0 ||
	    json_object_set_new(v, "log root", sl_pack_hex(log_root)) != 0)
		rc = no_memory(err);
	if (rc == SL_OK)
		rc = sl_canon_put(v, out, err);
	json_decref(v);
	return rc;
}

enum sl_rc sl_owner_statement_put(const struct sl_enclave *e, const struct sl_standing *standing,
                                  const struct sl_owner_grant *g, uint64_t log_size,
                                  const uint8_t log_root[static 32], struct sl_buf *out, struct sl_err *err)
{
	char day[SL_DECIMAL_TEXT];

	if (!sl_format_date(g->until, day))
		return sl_err_set(err, SL_E_INPUT, "the last day is none");
	return put(e, standing,
	           json_pack("{s:s, s:o, s:s, s:o, s:s, s:s, s:s, s:s, s:s}", "act", "grant", "analysts", analysts_json(g),
	                     "application", g->application, "columns", columns_json(g), "owner", g->owner, "project",
	                     g->project, "purpose", g->purpose, "table", g->table, "until", day),
	           log_size, log_root, out, err);
}

enum sl_rc sl_owner_release_put(const struct sl_enclave *e, const struct sl_standing *standing,
                                const struct sl_opened *o, enum sl_decision decision, const char *organisation,
                                const char *comment, uint64_t log_size, const uint8_t log_root[static 32],
                                struct sl_buf *out, struct sl_err *err)
{
	char name[SL_PACK_NAME];

	comment = comment != NULL ? comment : "";
	enum sl_rc rc = sl_review_words(decision, comment, err);
	if (rc != SL_OK)
		return rc;
	sl_pack_name('R', o->row.id, name);
	return put(e, standing,
	           json_pack("{s:s, s:s, s:o, s:s, s:o, s:s}", "act",
	                     decision == SL_DECISION_APPROVE ? "approve" : "reject", "comment", comment, "files",
	                     sl_review_files(&o->now), "owner", organisation, "publication sha256",
	                     sl_pack_hex(o->now.digest), "request", name),
	           log_size, log_root, out, err);
}

/* --- verifying ---------------------------------------------------------------------------------------- */

static bool is_of(const struct sl_enclave *e, const struct sl_store_application *a, const struct sl_owner_statement *s)
{
	char name[SL_PACK_NAME];

	sl_pack_name('A', a->id, name);
	return strcmp(s->enclave, e->name) == 0 && memcmp(s->enclave_key, e->public, sizeof s->enclave_key) == 0 &&
	       strcmp(s->grant.application, name) == 0 && strcmp(s->grant.project, a->project) == 0 &&
	       strcmp(s->grant.table, a->table) == 0;
}

/* SL_E_NOMEM is no verdict: a grant that holds must not be told not to. */
static enum sl_rc check_signature(const struct sl_store_owner_grant *row)
{
	struct sl_ssh_key key;
	enum sl_rc rc = sl_ssh_key_parse(row->key, strlen(row->key), &key, NULL);

	return rc != SL_OK ? rc
	                   : sl_sshsig_verify(row->statement, strlen(row->statement), row->signature,
	                                      strlen(row->signature), SL_GRANT_NAMESPACE, &key, NULL, NULL);
}

enum sl_rc sl_owner_verify(struct sl_enclave *e, const struct sl_store_owner_grant *row, struct sl_owner_grant *out,
                           struct sl_err *err)
{
	struct sl_store_application a = { 0 };
	struct sl_owner_statement s = { 0 };
	struct sl_err why = { 0 };
	size_t len = strlen(row->statement);
	bool lf = len > 0 && row->statement[len - 1] == '\n';
	enum sl_rc rc = sl_store_application_get(&e->db, row->application, &a, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_E_NO)
		return sl_err_set(err, SL_E_INTEGRITY, "the application of G-%lld is gone", (long long)row->id);
	if (rc == SL_OK) {
		enum sl_rc read = sl_owner_statement_read(row->statement, len - lf, &s, &why);
		enum sl_rc holds = check_signature(row);
		if (read == SL_E_NOMEM || holds == SL_E_NOMEM)
			rc = no_memory(err);
		*out = s.grant;
		out->id = row->id;
		out->withdrawn = row->withdrawn_at != 0;
		out->verified = read == SL_OK && is_of(e, &a, &s) && holds == SL_OK;
	}
	/* What cannot be read says nothing; it still stands beside the table it was kept for, as one that does not hold. */
	if (rc == SL_OK && out->table == NULL) {
		rc = sl_pack_dup(a.project, &out->project, err);
		if (rc == SL_OK)
			rc = sl_pack_dup(a.table, &out->table, err);
	}
	if (rc == SL_OK)
		rc = sl_pack_dup(row->person, &out->person, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(row->key, &out->key, err);
	free(s.enclave);
	sl_store_application_free(&a);
	if (rc != SL_OK)
		sl_owner_grant_free(out);
	return rc;
}
