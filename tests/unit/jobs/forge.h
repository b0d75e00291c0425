/* forge.h - a bundle put together by hand and signed in order, or with one thing wrong that no signature shows. */
#ifndef SL_TEST_JOBS_FORGE_H
#define SL_TEST_JOBS_FORGE_H

#include "jobs/bundle.h"
#include "jobs/sign/ed25519.h"
#include "jobs/sign/ssh_key.h"

/* What is wrong with a bundle that is otherwise signed in order. */
enum fault {
	NOTHING = 0, NOBODY_APPROVED, REJECTED, OTHER_PUBLICATION_APPROVED, OTHER_POLICY_APPROVED, OTHER_FINGERPRINT,
	APPROVED_TWICE, CSV_NOT_APPROVED, EXTRA_CSV, OTHER_RELEASE_IN_LOG, OTHER_KIND_IN_LOG, FIRST_LEAF_NOT_FIRST,
	PUBLICATION_OF_OTHER_REQUEST, EXTRA_APPROVAL, ROOT_NOT_TOLD, ROOT_TOLD_OTHERWISE, RESTORE_NOT_TOLD,
	RESTORE_TOLD_OTHERWISE, RESTORE_NOT_SIGNED, OWNER_DID_NOT_ANSWER, OWNER_REJECTED, OWNER_APPROVED_OTHER,
	OWNER_SIGNED_AS_REVIEWER, NOT_ACKNOWLEDGED, OTHER_ACKNOWLEDGED, ONE_OF_TWO_ACKNOWLEDGED, NOT_TOLD_WHAT,
	NOT_A_LIST_OF_RULES, FAULTS_
};

/*
 * What the log of a bundle has between its first leaf and its own; or that an owner was asked as well, or something was
 * left to judge.
 */
enum between { PLAIN = 0, REROOTED, RESTORED, OWNED, JUDGED, BETWEENS_ };

/* Who signs it; all borrowed. */
struct forge {
	const struct sl_ed25519 *signer; /* the enclave */
	const struct sl_ssh_key *rui;    /* the one person, whose private key is in the file key_path */
	const char *key_path;
	enum between between;
};

/* forge_bundle - for the caller to free. */
void forge_bundle(const struct forge *by, struct sl_bundle *b, enum fault f);
/* forge_anchor - of the enclave with this key, appended; rooted: it names the root of trust of a REROOTED one. */
void forge_anchor(const struct sl_ed25519 *key, bool rooted, struct sl_buf *out);

#endif
