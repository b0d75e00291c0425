/* policy_apply.c - see policy_apply.h. */
#include "jobs/policy_apply.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/sign/sshsign.h"
#include "jobs/store/log.h"
#include "jobs/store/policy.h"

enum sl_rc sl_policy_sign(const char *key_path, const void *text, size_t len, struct sl_buf *armour, struct sl_err *err)
{
	return sl_sshsign_make(key_path, SL_POLICY_NAMESPACE, text, len, armour, NULL, err);
}

/* The root that stands over a policy: officers of the policy itself may then sign nothing more. NULL: none. */
static const struct sl_root *root_over(const struct sl_standing *s)
{
	return sl_root_over(s->roots, s->nroots, s->has_policy ? s->policy.serial : 0);
}

/* The officers who may sign: of the policy in force, or of the root before the first one and where it was changed. */
static uint32_t officers_of(const struct sl_standing *s, struct sl_officer *out, uint32_t max)
{
	const struct sl_root *root = root_over(s);
	uint32_t n = 0;

	for (uint32_t i = 0; root != NULL && i < root->nofficers && n < max; i++)
		out[n++] = root->officers[i];
	for (uint32_t i = 0; root == NULL && i < s->policy.npeople && n < max; i++)
		if ((s->policy.people[i].roles & SL_ROLE_OFFICER) != 0)
			out[n++] = (struct sl_officer){.name = s->policy.people[i].name, .key_line = s->policy.people[i].key};
	return n;
}

#define OFFICERS_MAX 64

/* Which officer made a signature; noofficer: SL_E_IDENT. */
static enum sl_rc find_signer(const struct sl_officer *officers, uint32_t nofficers, const void *text, size_t len,
                              const struct sl_signature_file *sig, uint32_t *who, struct sl_err *err)
{
	struct sl_ssh_key signer, theirs;
	enum sl_rc rc = sl_sshsig_verify(text, len, sig->armour, sig->len, SL_POLICY_NAMESPACE, NULL, &signer, err);

	if (rc != SL_OK)
		return rc;
	for (uint32_t i = 0; i < nofficers; i++)
		if (sl_ssh_key_parse(officers[i].key_line, strlen(officers[i].key_line), &theirs, NULL) == SL_OK &&
		    sl_ssh_key_equal(&theirs, &signer)) {
			*who = i;
			return SL_OK;
		}
	rc = sl_err_set(err, SL_E_DENIED, "the policy is signed by a key that is no officer's of the policy in force");
	sl_err_rule(err, "policy-officers");
	return rc;
}

static enum sl_rc count_officers(const struct sl_standing *s, const void *text, size_t len,
                                 const struct sl_signature_file *signatures, size_t n, json_t *names,
                                 struct sl_buf *armours, struct sl_err *err)
{
	struct sl_officer officers[OFFICERS_MAX];
	bool signed_by[OFFICERS_MAX] = {false};
	uint32_t nofficers = officers_of(s, officers, OFFICERS_MAX), distinct = 0, who = 0;
	uint32_t needed = root_over(s) == NULL ? s->policy.officers_needed : 1;
	enum sl_rc rc = SL_OK;

	for (size_t i = 0; i < n && rc == SL_OK; i++) {
		rc = find_signer(officers, nofficers, text, len, &signatures[i], &who, err);
		if (rc == SL_OK && !signed_by[who]) {
			signed_by[who] = true;
			distinct++;
			(void)json_array_append_new(names, json_string(officers[who].name));
			sl_buf_put(armours, signatures[i].armour, signatures[i].len);
			if (signatures[i].len > 0 && signatures[i].armour[signatures[i].len - 1] != '\n')
				sl_buf_text(armours, "\n");
		}
	}
	if (rc == SL_OK && (needed == 0 || distinct < needed)) {
		rc = sl_err_set(err, SL_E_DENIED, "the policy has the signatures of %u officers and needs %u", distinct, needed);
		sl_err_rule(err, "policy-officers");
		sl_err_remedy(err, "an officer signs it: sluice policy sign FILE --key KEY");
	}
	return rc;
}

static enum sl_rc check_succession(const struct sl_enclave *e, const struct sl_standing *s,
                                   const struct sl_policy *next, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (strcmp(next->enclave, e->name) != 0)
		rc = sl_err_set(err, SL_E_DENIED, "the policy is for enclave \"%s\", this is \"%s\"", next->enclave, e->name);
	else if (s->has_policy && next->serial <= s->policy.serial)
		rc = sl_err_set(err, SL_E_DENIED, "the policy has serial %llu; the one in force has %llu, and serials rise",
		                (unsigned long long)next->serial, (unsigned long long)s->policy.serial);
	if (rc != SL_OK)
		sl_err_rule(err, "policy-succession");
	return rc;
}

/* Every person's key must be one that Sluice can verify: found now, not at their first signature. */
static enum sl_rc check_keys(const struct sl_policy *p, struct sl_err *err)
{
	struct sl_ssh_key key;

	for (uint32_t i = 0; i < p->npeople; i++) {
		enum sl_rc rc = sl_ssh_key_parse(p->people[i].key, strlen(p->people[i].key), &key, err);
		if (rc != SL_OK) {
			sl_err_at(err, p->file, p->people[i].line, p->people[i].col);
			return rc;
		}
	}
	return SL_OK;
}

static enum sl_rc check_lint(const struct sl_standing *s, const struct sl_policy *next, struct sl_err *err)
{
	struct sl_notes notes = {0};
	enum sl_rc rc =
		sl_policy_lint(next, s->catalogue_list, s->ncatalogues, sl_enclave_today(), &notes, err);

	for (uint32_t i = 0; rc == SL_OK && i < notes.nitems; i++)
		if (notes.items[i].kind == SL_NOTE_ERROR) {
			rc = SL_E_INPUT;
			if (err != NULL)
				*err = notes.items[i].what;
			if (err != NULL)
				err->rc = rc;
		}
	sl_notes_free(&notes);
	return rc;
}

/* Within the open transaction: row and leaf. */
static enum sl_rc store_policy(struct sl_enclave *e, const struct sl_policy *next, const void *text, size_t len,
                               const struct sl_buf *armours, json_t *names, struct sl_err *err)
{
	uint8_t digest[32];
	char hex[65];
	enum sl_rc rc = sl_buf_ok(armours, "policy signatures", err);

	if (rc == SL_OK)
		rc = sl_seal_sha256(text, len, digest, err);
	if (rc == SL_OK)
		rc = sl_policy_put(&e->db, next->serial, text, len, digest, armours, sl_enclave_now(), err);
	if (rc != SL_OK)
		return rc;
	sl_text_hex(digest, 32, hex);
	return sl_audit_append(e, SL_AUDIT_POLICY_APPLIED, "operator",
	                       json_pack("{s:s, s:I, s:O}", "sha256", hex, "serial", (json_int_t)next->serial, "officers",
	                                 names),
	                       NULL, err);
}

enum sl_rc sl_policy_apply(struct sl_enclave *e, const char *file, const void *text, size_t len,
                           const struct sl_signature_file *signatures, size_t nsignatures, uint64_t *serial,
                           struct sl_err *err)
{
	struct sl_standing s = {0};
	struct sl_policy next = {0};
	struct sl_buf armours = {0};
	json_t *names = json_array();
	enum sl_rc rc = sl_policy_load(file, text, len, &next, err);

	if (rc == SL_OK)
		rc = check_keys(&next, err);
	/* From here under the writer lock: who may sign is asked of the policy that this one really follows. */
	if (rc == SL_OK)
		rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = sl_standing_load(e, &s, err);
	if (rc == SL_OK)
		rc = check_lint(&s, &next, err);
	if (rc == SL_OK)
		rc = check_succession(e, &s, &next, err);
	if (rc == SL_OK)
		rc = count_officers(&s, text, len, signatures, nsignatures, names, &armours, err);
	if (rc == SL_OK)
		rc = store_policy(e, &next, text, len, &armours, names, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	if (rc == SL_OK)
		*serial = next.serial;
	json_decref(names);
	sl_buf_free(&armours);
	sl_policy_free(&next);
	sl_standing_free(&s);
	return rc;
}

enum sl_rc sl_policy_new(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err)
{
	struct sl_standing s = {0};
	struct sl_officer officer = {0};
	enum sl_rc rc = sl_standing_load(e, &s, err);

	if (rc == SL_OK && officers_of(&s, &officer, 1) == 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "this enclave has no officer");
	if (rc == SL_OK) {
		struct sl_template t = {
			.enclave = e->name,
			.serial = s.has_policy ? s.policy.serial + 1 : 1,
			.officer = officer.name,
			.officer_key = officer.key_line,
			.catalogues = s.catalogue_list,
			.ncatalogues = s.ncatalogues,
		};
		rc = sl_policy_template(&t, out, err);
	}
	sl_standing_free(&s);
	return rc;
}

#define ARMOUR_END "-----END SSH SIGNATURE-----\n"

/* Armours stand one behind the other as sl_policy_apply stored them. */
static size_t split_armours(const struct sl_buf *armours, struct sl_signature_file *out, size_t max)
{
	const char *s = (const char *)armours->data, *end = s + armours->len;
	size_t n = 0;

	while (s < end && n < max) {
		const char *stop = memmem(s, (size_t)(end - s), ARMOUR_END, strlen(ARMOUR_END));
		size_t len = stop != NULL ? (size_t)(stop - s) + strlen(ARMOUR_END) : (size_t)(end - s);
		out[n++] = (struct sl_signature_file){.armour = s, .len = len};
		s += len;
	}
	return n;
}

/* A policy as stored, `back` serials before the one in force; text.len 0: there was none. */
struct link {
	struct sl_buf text, armours;
	struct sl_standing s;  /* the policy, if any; roots borrowed */
};

static void free_link(struct link *l)
{
	sl_policy_free(&l->s.policy);
	sl_buf_free(&l->text);
	sl_buf_free(&l->armours);
	memset(l, 0, sizeof *l);
}

static enum sl_rc load_link(struct sl_enclave *e, const struct sl_standing *now, uint32_t back, struct link *l,
                            struct sl_err *err)
{
	memset(l, 0, sizeof *l);
	l->text.max = SL_POLICY_BYTES_MAX;
	l->s.roots = now->roots;
	l->s.nroots = now->nroots;
	enum sl_rc rc = sl_policy_stored(&e->db, back, &l->text, &l->armours, l->s.policy_digest, err);
	if (rc == SL_E_NO)
		return SL_OK;
	if (rc == SL_OK)
		rc = sl_policy_load("stored policy", l->text.data, l->text.len, &l->s.policy, err);
	l->s.has_policy = rc == SL_OK;
	return rc;
}

/* Did `before` put `l` in force: enough of its officers signed, and the serial rose? names: appended, who signed. */
static enum sl_rc check_link(struct sl_enclave *e, const struct link *before, const struct link *l, json_t *names,
                             struct sl_err *err)
{
	struct sl_signature_file signatures[OFFICERS_MAX];
	struct sl_buf seen = {0};
	size_t n = split_armours(&l->armours, signatures, OFFICERS_MAX);
	enum sl_rc rc = check_succession(e, &before->s, &l->s.policy, err);

	if (rc == SL_OK)
		rc = count_officers(&before->s, l->text.data, l->text.len, signatures, n, names, &seen, err);
	sl_buf_free(&seen);
	return rc;
}

static enum sl_rc log_entry(struct sl_enclave *e, uint32_t back, const struct link *before, const struct link *l,
                            struct sl_policy_entry *out, struct sl_err *err)
{
	struct sl_buf officers = {0};
	json_t *names = json_array();
	enum sl_rc rc = check_link(e, before, l, names, err);

	if (rc == SL_OK)
		rc = sl_policy_stored_at(&e->db, back, &out->at, err);
	out->serial = l->s.policy.serial;
	memcpy(out->digest, l->s.policy_digest, sizeof out->digest);
	for (size_t i = 0; i < json_array_size(names); i++)
		sl_buf_printf(&officers, "%s%s", i > 0 ? ", " : "", json_string_value(json_array_get(names, i)));
	if (rc == SL_OK)
		rc = sl_buf_ok(&officers, "officers", err);
	if (rc == SL_OK && (out->officers = strdup(sl_buf_cstr(&officers))) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	json_decref(names);
	sl_buf_free(&officers);
	return rc;
}

enum sl_rc sl_policy_log(struct sl_enclave *e, struct sl_policy_entry **out, uint32_t *nout, struct sl_err *err)
{
	struct sl_standing now = {0};
	struct link l = {0}, before = {0};
	enum sl_rc rc = sl_standing_load(e, &now, err);

	*out = NULL;
	*nout = 0;
	if (rc == SL_OK)
		rc = load_link(e, &now, 0, &l, err);
	while (rc == SL_OK && l.s.has_policy) {
		struct sl_policy_entry *more = realloc(*out, (*nout + 1) * sizeof *more);

		if (more == NULL) {
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
			break;
		}
		*out = more;
		memset(&more[*nout], 0, sizeof *more);
		rc = load_link(e, &now, *nout + 1, &before, err);
		if (rc == SL_OK)
			rc = log_entry(e, *nout, &before, &l, &more[*nout], err);
		++*nout;
		free_link(&l);
		l = before;
		memset(&before, 0, sizeof before);
	}
	free_link(&l);
	sl_standing_free(&now);
	return rc;
}

void sl_policy_log_free(struct sl_policy_entry *entries, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		free(entries[i].officers);
	free(entries);
}

/* The log's last word on policies is the one in force: a newer one that was taken out of state.db is missed. */
static enum sl_rc check_logged(struct sl_enclave *e, const struct link *l, struct sl_err *err)
{
	struct sl_buf leaf = {0};
	char hex[65];
	enum sl_rc rc = sl_log_last_policy(&e->db, &leaf, err);

	sl_text_hex(l->s.policy_digest, 32, hex);
	if (rc == SL_E_NO || (rc == SL_OK && memmem(leaf.data, leaf.len, hex, 64) == NULL))
		rc = sl_err_set(err, SL_E_INTEGRITY, "state.db: the policy in force is not the last one that the log has");
	sl_buf_free(&leaf);
	return rc;
}

/* Every policy back to leaf 0: an unsigned one in between could have named the officers of the next. */
static enum sl_rc check_chain(struct sl_enclave *e, const struct sl_standing *now, struct sl_err *err)
{
	struct link l, before;
	json_t *names = json_array();
	enum sl_rc rc = load_link(e, now, 0, &l, err);

	if (rc == SL_OK && !l.s.has_policy)
		rc = sl_err_set(err, SL_E_DENIED, "no policy is in force");
	if (rc == SL_OK)
		rc = check_logged(e, &l, err);
	for (uint32_t back = 1; rc == SL_OK && l.s.has_policy; back++) {
		rc = load_link(e, now, back, &before, err);
		if (rc == SL_OK)
			rc = check_link(e, &before, &l, names, err);
		free_link(&l);
		l = before;
	}
	free_link(&l);
	json_decref(names);
	return rc;
}

enum sl_rc sl_policy_still_signed(struct sl_enclave *e, struct sl_err *err)
{
	struct sl_standing now = {0};
	struct sl_err why = {0};
	enum sl_rc rc = sl_standing_load(e, &now, &why);

	if (rc == SL_OK)
		rc = check_chain(e, &now, &why);
	sl_standing_free(&now);
	/* What was well formed when it was stored and no longer is was changed. */
	if (rc == SL_E_INPUT)
		rc = SL_E_INTEGRITY;
	if (rc != SL_OK)
		(void)sl_err_set(err, rc, "%s", why.text);
	return rc;
}
