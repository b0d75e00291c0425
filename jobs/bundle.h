/*
 * bundle.h - inside jobs: the files of a release as bytes in memory, so that making and verifying share their words.
 *
 *   data/NAME.csv  datapackage.json  sdc-record.json  publication.json
 *   approvals/PERSON.json  approvals/PERSON.json.sig  approvals/allowed_signers
 *   owners/PERSON.json  owners/PERSON.json.sig  owners/allowed_signers  where an owner of a table approved
 *   log/leaf.json  log/inclusion.json  log/first-leaf.json  log/first-inclusion.json  log/checkpoint.txt
 *   log/root-leaf.json  log/root-inclusion.json  where the root of trust was changed
 *   log/restored-leaf.json  log/restored-inclusion.json  where the log was brought back from a backup
 *   enclave.pub.pem  VERIFY.txt
 *   statement.dsse.json          signed by the enclave; its subjects are the files above
 *   statement.pae statement.sig  the same statement as openssl takes it; made from statement.dsse.json alone
 *   SHA256SUMS                   of every other file; made from them alone
 */
#ifndef SL_JOBS_BUNDLE_H
#define SL_JOBS_BUNDLE_H

#include <jansson.h>

#include "jobs/request.h"
#include "jobs/sign/checkpoint.h"

#define SL_BUNDLE_FILES_MAX 1024
#define SL_BUNDLE_STATEMENT "statement.dsse.json"
#define SL_BUNDLE_PAE "statement.pae"
#define SL_BUNDLE_SIG "statement.sig"
#define SL_BUNDLE_SUMS "SHA256SUMS"
#define SL_BUNDLE_APPROVALS "approvals"
#define SL_BUNDLE_OWNERS "owners"
#define SL_BUNDLE_PREDICATE "urn:sluice:release:v1"
#define SL_BUNDLE_STATEMENT_TYPE "https://in-toto.io/Statement/v1"

/* Files in byte order of their paths. */
struct sl_bundle {
	struct sl_release_file *files;
	uint32_t nfiles;
};
void sl_bundle_free(struct sl_bundle *b);

/* sl_bundle_add - copy bytes in under a path, digest included. sl_bundle_find - NULL when not there. */
SL_MUST_CHECK enum sl_rc sl_bundle_add(struct sl_bundle *b, const char *path, const void *data, size_t len,
                                       struct sl_err *err);
const struct sl_release_file *sl_bundle_find(const struct sl_bundle *b, const char *path);

/* sl_bundle_is_subject - whether the statement names this file: all but the statement's own three and the sums. */
bool sl_bundle_is_subject(const char *path);

/* What follows from other files: the bytes openssl verifies, the signature, the sums. Appended. */
SL_MUST_CHECK enum sl_rc sl_bundle_pae(const void *payload, size_t len, struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_bundle_sig(const struct sl_release_file *envelope, struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_bundle_sums(const struct sl_bundle *b, struct sl_buf *out, struct sl_err *err);

/*
 * sl_bundle_build - all files of a release, from state. SL_E_NO: no such release, or one that was entered again after a
 * restore, whose leaf is of another log. sl_bundle_place - as DIR/releases/L-n, when there is none. sl_bundle_make -
 * both.
 */
SL_MUST_CHECK enum sl_rc sl_bundle_build(struct sl_enclave *e, int64_t release, struct sl_bundle *out,
                                         struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_bundle_place(struct sl_enclave *e, int64_t release, const struct sl_bundle *b,
                                         struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_bundle_make(struct sl_enclave *e, int64_t release, struct sl_err *err);

/* sl_bundle_write - as directory `to` (must not exist): written beside, on disk, then renamed. SL_E_NO, SL_E_IO. */
SL_MUST_CHECK enum sl_rc sl_bundle_write(const struct sl_bundle *b, const char *to, struct sl_err *err);
/* sl_bundle_read - every file below dir; SL_E_INTEGRITY for anything that is no regular file or is too much. */
SL_MUST_CHECK enum sl_rc sl_bundle_read(const char *dir, struct sl_bundle *out, struct sl_err *err);

/* A bundle that was verified, and what it says of itself. Free with sl_bundle_facts_free. */
struct sl_bundle_facts {
	struct sl_bundle b;
	uint8_t public[SL_ED25519_PUBLIC_BYTES]; /* of the enclave that signed it */
	struct sl_buf payload;
	json_t *statement;
	const json_t *predicate;                 /* borrowed from statement */
	struct sl_checkpoint cp;                 /* of the log it lies in */
	struct sl_merkle_hash first, leaf_hash;  /* of leaf 0, and of its own leaf */
	uint64_t leaf;                           /* its own leaf's place */
	uint64_t root;                           /* the leaf that changed the root of trust last; 0: none before it */
	struct sl_merkle_hash root_hash;
};

/*
 * sl_bundle_open - read and verify as sl_release_verify does, and keep what was read.
 *   anchor  in  NULL: whose it is stays open, and is the caller's to ask
 * Fails: as sl_release_verify; *out is then zeroed.
 */
SL_MUST_CHECK enum sl_rc sl_bundle_open(const char *dir, const char *anchor, size_t nanchor,
                                        struct sl_bundle_facts *out, struct sl_buf *steps, struct sl_err *err);
void sl_bundle_facts_free(struct sl_bundle_facts *f);

#endif
