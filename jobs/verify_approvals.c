/* verify_approvals.c - of a bundle: who approved, with which keys, and what each of them named. */
#include "jobs/verify_parts.h"

#include <stdio.h>
#include <string.h>

#include "jobs/acknowledged.h"
#include "jobs/owner_statement.h"
#include "jobs/pack.h"
#include "jobs/review_gate.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/sshsig.h"

/* Signed decisions of one kind: where they lie, how they are signed, and what makes one an approval. */
struct approvals {
	const char *folder, *namespace;
	const char *people; /* who they are, in the enclave's statement */
	const char *says;   /* member of a decision that has to be "approve" */
};
static const struct approvals by_reviewers = { SL_BUNDLE_APPROVALS, SL_REVIEW_NAMESPACE, "reviewers", "decision" };
static const struct approvals by_owners = { SL_BUNDLE_OWNERS, SL_GRANT_NAMESPACE, "owners", "act" };

/* The key of a person in the folder's allowed_signers: "PERSON namespaces=… TYPE BASE64". */
static enum sl_rc signer_key(const struct sl_verify *v, const struct approvals *a, const char *person,
                             struct sl_ssh_key *key, struct sl_err *err)
{
	char head[SL_NAME_BYTES + 64], path[SL_NAME_BYTES];
	const struct sl_release_file *f;

	(void)snprintf(path, sizeof path, "%s/allowed_signers", a->folder);
	enum sl_rc rc = sl_verify_need(v, path, &f, err);
	if (rc != SL_OK)
		return rc;
	int n = snprintf(head, sizeof head, "%s namespaces=\"%s\" ", person, a->namespace);
	const char *at = (const char *)f->bytes.data, *end = at + f->bytes.len;
	while (n > 0 && (size_t)n < sizeof head && at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at)), *stop = lf != NULL ? lf : end;
		if (stop - at > n && memcmp(at, head, (size_t)n) == 0)
			return sl_ssh_key_parse(at + n, (size_t)(stop - at - n), key, err);
		at = lf != NULL ? lf + 1 : end;
	}
	return sl_verify_differs(err, path, "names somebody else");
}

/* *said is the statement that was signed, the caller's to free. */
static enum sl_rc check_approval(const struct sl_verify *v, const struct approvals *a, const json_t *by, json_t **said,
                                 struct sl_err *err)
{
	const char *person = sl_pack_text(by, "person");
	const json_t *release = v->f->predicate;
	char path[SL_NAME_BYTES + 32], print[SL_SSH_FINGERPRINT_TEXT];
	const struct sl_release_file *text, *sig;
	struct sl_ssh_key key;

	*said = NULL;
	(void)snprintf(path, sizeof path, "%s/%s.json.sig", a->folder, person);
	enum sl_rc rc = sl_verify_need(v, path, &sig, err);
	(void)snprintf(path, sizeof path, "%s/%s.json", a->folder, person);
	if (rc == SL_OK)
		rc = sl_verify_need(v, path, &text, err);
	if (rc == SL_OK)
		rc = signer_key(v, a, person, &key, err);
	if (rc == SL_OK)
		rc = sl_ssh_key_fingerprint(&key, print, err);
	if (rc == SL_OK && strcmp(print, sl_pack_text(by, "fingerprint")) != 0)
		rc = sl_verify_differs(err, path, "by another key than the release says");
	if (rc == SL_OK)
		rc = sl_sshsig_verify(text->bytes.data, text->bytes.len, (const char *)sig->bytes.data, sig->bytes.len,
		                      a->namespace, &key, NULL, err);
	if (rc == SL_OK) {
		size_t len = text->bytes.len;
		len -= len > 0 && text->bytes.data[len - 1] == '\n';
		rc = sl_canon_read(path, text->bytes.data, len, SL_VERIFY_JSON_MAX, said, err);
	}
	if (rc == SL_OK && strcmp(sl_pack_text(*said, a->says), "approve") != 0)
		rc = sl_verify_differs(err, path, "approves nothing");
	if (rc == SL_OK && (!sl_verify_same(*said, release, "publication sha256") ||
	                    !sl_verify_same(*said, release, "request") ||
	                    !sl_verify_same(*said, release, "policy sha256") || !sl_verify_same(*said, release, "enclave")))
		rc = sl_verify_differs(err, path, "approves something else");
	return rc;
}

/* Each of them, nobody twice, and no file besides. *statements: what they signed, the caller's to free. */
static enum sl_rc check_approvals_of(struct sl_verify *v, const struct approvals *a, json_t **statements,
                                     struct sl_err *err)
{
	const json_t *people = json_object_get(v->f->predicate, a->people);
	size_t n = json_array_size(people), nfolder = strlen(a->folder);
	uint32_t files = 0;
	*statements = json_array();
	enum sl_rc rc = *statements != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");

	for (size_t i = 0; i < n && rc == SL_OK; i++) {
		const json_t *by = json_array_get(people, i);
		json_t *said = NULL;
		for (size_t j = 0; j < i; j++)
			if (sl_verify_same(by, json_array_get(people, j), "person") ||
			    sl_verify_same(by, json_array_get(people, j), "fingerprint"))
				return sl_verify_differs(err, SL_BUNDLE_STATEMENT, "one person twice");
		rc = check_approval(v, a, by, &said, err);
		if (rc == SL_OK && json_array_append(*statements, said) != 0)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
		json_decref(said);
	}
	for (uint32_t i = 0; i < v->f->b.nfiles; i++)
		files += strncmp(v->f->b.files[i].path, a->folder, nfolder) == 0 && v->f->b.files[i].path[nfolder] == '/';
	if (rc == SL_OK && files != (n > 0 ? 2 * n + 1 : 0))
		rc = sl_verify_differs(err, a->folder, "another number of files than people who approved");
	return rc;
}

enum sl_rc sl_verify_approvals(struct sl_verify *v, struct sl_err *err)
{
	if (json_array_size(json_object_get(v->f->predicate, "reviewers")) == 0)
		return sl_verify_differs(err, SL_BUNDLE_STATEMENT, "nobody approved");
	return check_approvals_of(v, &by_reviewers, &v->approvals, err);
}

/*
 * The leaf tells what the gate asked to be acknowledged: each approval names it. A leaf from before that was told has
 * no such list, and its approvals have no digest of findings, which came with it.
 */
enum sl_rc sl_verify_acknowledged(struct sl_verify *v, struct sl_err *err)
{
	json_t *leaf = NULL;
	enum sl_rc rc = sl_verify_need_json(v, "log/leaf.json", &leaf, err);
	const json_t *asked = json_object_get(leaf, "acknowledge"), *said;
	size_t i;

	json_array_foreach(v->approvals, i, said) {
		const char *lacks = sl_acknowledged_lacks(asked, json_object_get(said, "acknowledged"));
		if (rc == SL_OK && asked == NULL && json_is_string(json_object_get(said, "findings")))
			rc = sl_verify_differs(err, "log/leaf.json", "it does not say what was to be acknowledged");
		if (rc == SL_OK && lacks != NULL)
			rc = sl_err_set(err, SL_E_INTEGRITY, "%s/%s.json: it does not acknowledge \"%.48s\", which was left to judge",
			                SL_BUNDLE_APPROVALS,
			                sl_pack_text(json_array_get(json_object_get(v->f->predicate, "reviewers"), i), "person"), lacks);
	}
	json_decref(leaf);
	return rc;
}

/* The leaf tells whose approval the gate asked for: an owner of each has signed. */
enum sl_rc sl_verify_owners(struct sl_verify *v, struct sl_err *err)
{
	json_t *leaf = NULL;
	enum sl_rc rc = check_approvals_of(v, &by_owners, &v->owners, err);

	if (rc == SL_OK)
		rc = sl_verify_need_json(v, "log/leaf.json", &leaf, err);
	const json_t *asked = json_object_get(leaf, "owners"), *said;
	for (size_t i = 0; i < json_array_size(asked) && rc == SL_OK; i++) {
		const char *name = json_string_value(json_array_get(asked, i));
		bool spoke = false;
		size_t j;
		json_array_foreach(v->owners, j, said)
			spoke = spoke || (name != NULL && strcmp(sl_pack_text(said, "owner"), name) == 0);
		if (!spoke)
			rc = sl_err_set(err, SL_E_INTEGRITY, "%s: no owner of \"%s\" has approved", SL_BUNDLE_OWNERS,
			                name != NULL ? name : "");
	}
	json_decref(leaf);
	return rc;
}
