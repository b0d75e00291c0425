/* ledger.c - see ledger.h: leaves are chosen by what they name; each line of the export is a leaf with its proof. */
#include "jobs/ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "enclave/base/text.h"
#include "jobs/owner_terms.h"
#include "jobs/pack.h"
#include "jobs/sign/base64.h"
#include "jobs/store/log.h"

#define MAGIC "sluice ledger v1\n"
#define LINE_BYTES_MAX ((size_t)4 << 20)

struct choosing {
	const char *table;
	struct sl_ledger *out;
};

static bool among(const json_t *set, const char *name)
{
	return name[0] != '\0' && json_object_get(set, name) != NULL;
}

/* Of a release that was entered again the job's leaf may be lost: the leaf names its tables itself. */
static bool is_of_table(const struct choosing *c, const json_t *body)
{
	const json_t *tables = json_object_get(body, "tables"), *one;
	size_t i;

	json_array_foreach(tables, i, one)
		if (json_is_string(one) && strcmp(json_string_value(one), c->table) == 0)
			return true;
	return false;
}

/* What the leaf names joins the sets: later leaves about it belong to the ledger. True: so does this one. */
static bool choose(struct choosing *c, const json_t *body, bool *failed)
{
	struct sl_ledger *l = c->out;
	const char *kind = sl_pack_text(body, "kind"), *job = sl_pack_text(body, "job"),
	           *request = sl_pack_text(body, "request"), *release = sl_pack_text(body, "release");

	if (json_object_get(json_object_get(body, "reads"), c->table) != NULL) {
		*failed = json_object_set_new(l->jobs, job, json_true()) != 0;
		return true;
	}
	if (strcmp(sl_pack_text(body, "table"), c->table) == 0)
		return true;
	if (strncmp(kind, "request.", 8) == 0 && among(l->jobs, job)) {
		*failed = json_object_set_new(l->requests, request, json_true()) != 0;
		l->refused += strcmp(kind, "request.refused") == 0;
		return false;
	}
	if (strcmp(kind, "job.replayed") == 0)
		return among(l->jobs, job);
	if ((strcmp(kind, "release.made") == 0 && among(l->requests, request)) ||
	    (strcmp(kind, "release.recovered") == 0 && is_of_table(c, body))) {
		*failed = json_object_set_new(l->releases, release, json_true()) != 0;
		return true;
	}
	if (strcmp(kind, "request.shown") == 0) {
		l->shown += among(l->requests, request);
		return false;
	}
	if (among(l->requests, request))
		l->rejected += strcmp(kind, "review.rejected") == 0 || strcmp(kind, "owner.rejected") == 0;
	return among(l->releases, release);
}

static enum sl_rc see(void *self, uint64_t index, const void *body, size_t len, const struct sl_merkle_hash *hash,
                      struct sl_err *err)
{
	struct choosing *c = self;
	json_t *v = json_loadb(body, len, 0, NULL);
	bool failed = v == NULL;

	(void)hash;
	if (v == NULL)
		return sl_err_set(err, SL_E_INTEGRITY, "log leaf %" PRIu64 " cannot be read", index);
	bool chosen = choose(c, v, &failed);
	struct sl_ledger_line *more =
		chosen && !failed ? realloc(c->out->lines, (c->out->n + 1u) * sizeof *more) : c->out->lines;
	if (failed || (chosen && more == NULL)) {
		json_decref(v);
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	if (!chosen) {
		json_decref(v);
		return SL_OK;
	}
	c->out->lines = more;
	more[c->out->n++] = (struct sl_ledger_line){ index, v };
	return SL_OK;
}

enum sl_rc sl_ledger_may(const struct sl_standing *s, const struct sl_actor *actor, const char *table,
                         struct sl_err *err)
{
	const struct sl_cat_table *t = sl_owner_table(s, table);

	if (t == NULL) {
		(void)sl_err_set(err, SL_E_NO, "there is no table \"%.100s\"", table);
		sl_err_remedy(err, "sluice data ls lists them");
		return SL_E_NO;
	}
	const struct sl_person *p = sl_policy_person(&s->policy, actor->person);
	uint32_t roles = p != NULL ? sl_policy_roles(&s->policy, p, sl_enclave_today()) : 0;
	if ((roles & SL_ROLE_AUDITOR) != 0 || sl_owner_is(&s->policy, p, t->owner, sl_enclave_today()))
		return SL_OK;
	(void)sl_err_set(err, SL_E_DENIED, "the ledger of \"%s\" is for \"%s\", who owns it, and for auditors", table,
	                 t->owner);
	sl_err_rule(err, SL_GRANT_NOT_OWNER);
	sl_err_remedy(err, "ask an owner of the table, or an auditor");
	return SL_E_DENIED;
}

static enum sl_rc may_see(struct sl_enclave *e, const struct sl_actor *actor, const char *table, struct sl_err *err)
{
	struct sl_standing s = { 0 };
	enum sl_rc rc = sl_standing_load(e, &s, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &s, SL_ACTION_DATA_LEDGER, err);
	if (rc == SL_OK)
		rc = sl_ledger_may(&s, actor, table, err);
	sl_standing_free(&s);
	return rc;
}

enum sl_rc sl_ledger_make(struct sl_enclave *e, const struct sl_actor *actor, const char *table, struct sl_ledger *out,
                          struct sl_err *err)
{
	struct choosing c = { table, out };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = may_see(e, actor, table, err);
	out->jobs = json_object();
	out->requests = json_object();
	out->releases = json_object();
	if (rc == SL_OK && (out->jobs == NULL || out->requests == NULL || out->releases == NULL))
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = sl_log_each(&e->db, 0, see, &c, err);
	if (rc != SL_OK)
		sl_ledger_free(out);
	return rc;
}

void sl_ledger_free(struct sl_ledger *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		json_decref(l->lines[i].body);
	free(l->lines);
	json_decref(l->jobs);
	json_decref(l->requests);
	json_decref(l->releases);
	memset(l, 0, sizeof *l);
}

/* --- the file ----------------------------------------------------------------------------------------- */

static enum sl_rc put_line(struct sl_enclave *e, uint64_t leaf, uint64_t size, struct sl_buf *out, struct sl_err *err)
{
	struct sl_merkle_proof proof;
	struct sl_buf body = { 0 };
	enum sl_rc rc = sl_audit_inclusion(e, leaf, size, &proof, err);

	if (rc == SL_OK)
		rc = sl_audit_leaf(e, leaf, &body, err);
	if (rc == SL_OK) {
		sl_buf_printf(out, "%" PRIu64 " ", leaf);
		sl_base64_put(out, (const uint8_t *)proof.hash, proof.n * sizeof proof.hash[0]);
		sl_buf_text(out, " ");
		sl_buf_put(out, body.data, body.len);
		sl_buf_text(out, "\n");
		rc = sl_buf_ok(out, "ledger", err);
	}
	sl_buf_free(&body);
	return rc;
}

/* What the enclave signs: whose ledger, how many lines, their digest, and the log they are in. */
static enum sl_rc seal_text(const char *table, uint32_t n, const void *lines, size_t len,
                            const struct sl_checkpoint *cp, struct sl_buf *out, struct sl_err *err)
{
	uint8_t digest[32];
	char hex[65], root[65];
	enum sl_rc rc = sl_seal_sha256(lines, len, digest, err);

	sl_text_hex(digest, sizeof digest, hex);
	sl_text_hex(cp->root.b, sizeof cp->root.b, root);
	sl_buf_printf(out, "sluice ledger\n%s\n%u\n%s\n%" PRIu64 "\n%s\n", table, n, hex, cp->size, root);
	return rc == SL_OK ? sl_buf_ok(out, "ledger", err) : rc;
}

enum sl_rc sl_ledger_export(struct sl_enclave *e, const char *table, const struct sl_ledger *l, struct sl_buf *out,
                            struct sl_err *err)
{
	struct sl_buf text = { 0 };
	struct sl_checkpoint cp;
	enum sl_rc rc = sl_audit_checkpoint(e, &cp, err);

	sl_buf_text(out, MAGIC);
	size_t from = out->len;
	for (uint32_t i = 0; i < l->n && rc == SL_OK; i++)
		rc = put_line(e, l->lines[i].leaf, cp.size, out, err);
	if (rc == SL_OK)
		rc = seal_text(table, l->n, out->data + from, out->len - from, &cp, &text, err);
	sl_buf_text(out, "\n");
	if (rc == SL_OK)
		rc = sl_enclave_sign_note(e, &text, out, err);
	sl_buf_free(&text);
	return rc;
}

static enum sl_rc broken(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INTEGRITY, "the ledger was changed: %s", why);
}

/* One line: its number, its proof, its leaf. */
static enum sl_rc check_line(const char *line, size_t len, const struct sl_checkpoint *cp, struct sl_err *err)
{
	const char *proof_at = memchr(line, ' ', len), *end = line + len;
	const char *leaf = proof_at != NULL ? memchr(proof_at + 1, ' ', (size_t)(end - proof_at - 1)) : NULL;
	struct sl_merkle_proof proof = { 0 };
	struct sl_merkle_hash hash;
	int64_t index = -1;
	size_t n = 0;

	if (leaf == NULL || !sl_parse_int(line, (size_t)(proof_at - line), &index) || index < 0)
		return broken(err, "a line is no leaf with its proof");
	if (!sl_base64_read(proof_at + 1, (size_t)(leaf - proof_at - 1), (uint8_t *)proof.hash, sizeof proof.hash, &n) ||
	    n % sizeof proof.hash[0] != 0)
		return broken(err, "a proof is no hashes in base64");
	proof.n = (uint32_t)(n / sizeof proof.hash[0]);
	enum sl_rc rc = sl_merkle_leaf(leaf + 1, (size_t)(end - leaf - 1), &hash, err);
	return rc == SL_OK ? sl_merkle_verify_inclusion(&hash, (uint64_t)index, cp->size, &cp->root, &proof, err) : rc;
}

/* The six lines that were signed. */
static enum sl_rc read_seal(const char *text, size_t len, char table[static 2 * SL_NAME_BYTES], uint32_t *n,
                            struct sl_checkpoint *cp, struct sl_err *err)
{
	char copy[1024], root[80] = "", digest[80] = "";
	uint64_t size = 0;

	if (len >= sizeof copy)
		return broken(err, "its seal is too long");
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (sscanf(copy, "sluice ledger\n%127[^\n]\n%u\n%64[0-9a-f]\n%" SCNu64 "\n%64[0-9a-f]\n", table, n, digest, &size,
	           root) != 5 || strlen(root) != 64 || !sl_text_unhex(root, cp->root.b, sizeof cp->root.b))
		return broken(err, "its seal is not what the enclave writes");
	cp->size = size;
	return SL_OK;
}

enum sl_rc sl_ledger_verify(const struct sl_buf *text, const struct sl_audit_trust *trust, char **table,
                            uint32_t *lines, struct sl_err *err)
{
	const char *at = (const char *)text->data, *end = at + text->len;
	size_t magic = sizeof MAGIC - 1, ntext = 0;
	char name[2 * SL_NAME_BYTES] = "";
	struct sl_checkpoint cp = { 0 };
	struct sl_buf ours = { 0 };
	struct sl_err why = { 0 };

	*table = NULL;
	*lines = 0;
	if (trust->key.name[0] == '\0') {
		(void)sl_err_set(err, SL_E_UNDECIDED, "whose ledger this is cannot be told without the enclave's key");
		sl_err_remedy(err, "give the anchor that the enclave published: --anchor FILE");
		return SL_E_UNDECIDED;
	}
	if (text->len < magic || memcmp(at, MAGIC, magic) != 0)
		return sl_err_set(err, SL_E_INPUT, "this is no ledger: it does not begin with \"sluice ledger v1\"");
	at += magic;
	const char *first = at, *gap = at < end && *at == '\n' ? at : memmem(at, (size_t)(end - at), "\n\n", 2);
	if (gap == NULL)
		return broken(err, "it has no seal");
	const char *last = gap == first ? first : gap + 1, *note = last + 1;
	if (sl_signed_note_verify(note, (size_t)(end - note), &trust->key, &ntext, &why) != SL_OK)
		return broken(err, why.text);
	enum sl_rc rc = read_seal(note, ntext, name, lines, &cp, err);
	if (rc == SL_OK)
		rc = seal_text(name, *lines, first, (size_t)(last - first), &cp, &ours, err);
	if (rc == SL_OK && (ours.len != ntext || memcmp(ours.data, note, ntext) != 0))
		rc = broken(err, "its lines are not those that were signed");
	if (rc == SL_OK && trust->against.size == cp.size && memcmp(trust->against.root.b, cp.root.b, sizeof cp.root.b) != 0)
		rc = broken(err, "it is of another log than the checkpoint given");
	for (at = first; at < last && rc == SL_OK;) {
		const char *lf = memchr(at, '\n', (size_t)(last - at));
		rc = check_line(at, (size_t)(lf - at), &cp, err);
		at = lf + 1;
	}
	if (rc == SL_OK)
		rc = sl_pack_dup(name, table, err);
	sl_buf_free(&ours);
	return rc;
}
