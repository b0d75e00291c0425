/*
 * recover.h - after a restore: releases that left since the backup are entered again from their bundles, and the log
 * goes on with a leaf that names the checkpoint it cannot reach. Nothing leaves by this; later requests are compared
 * with more.
 */
#ifndef SL_JOBS_RECOVER_H
#define SL_JOBS_RECOVER_H

#include "jobs/actor.h"
#include "jobs/pack.h"

enum sl_recovered_fate {
	SL_RECOVERED_NONE = 0,
	SL_RECOVERED_UNKNOWN, /* entered; who stands behind it is not known: its unit spaces are shut */
	SL_RECOVERED_COUNTED, /* entered; its units are known, proved by the bytes that left */
	SL_RECOVERED_HERE,    /* it was here already */
};

struct sl_recovered_one {
	char release[SL_PACK_NAME]; /* as it left */
	char as[SL_PACK_NAME];      /* as it is counted here, when another has that number; else "" */
	uint8_t fate;
	char *why;            /* UNKNOWN: what is missing, and what cures it. Heap; NULL otherwise */
};

/* What is asked. All borrowed. */
struct sl_recover_ask {
	const char *const *bundles; /* directories */
	uint32_t nbundles;
	const struct sl_buf *notes; /* checkpoints that others hold: what was lost reached at least so far */
	uint32_t nnotes;
	const struct sl_buf *policies; /* texts that are not in force here: each is one that a bundle names by its digest */
	uint32_t npolicies;
};

struct sl_recovery {
	struct sl_recovered_one *releases; /* by number */
	uint32_t n;
	uint64_t outside;                  /* size of the checkpoint that the log does not reach; 0: it reaches all */
	uint64_t bundles;                  /* of the largest among those in the bundles */
};

/*
 * sl_recover - verify every bundle, then the log's leaf, then each release in one commit of its own, then the
 * checkpoint of now beside the keys: killed between, it is done again and nothing is entered twice. Without bundles it
 * says that nothing left.
 * Fails: SL_E_DENIED; as sl_bundle_open with this enclave's anchor (SL_E_INTEGRITY: changed, or another enclave's);
 *        SL_E_INPUT (a release between is missing; a bundle lies in DIR/releases and is not named). Until it succeeds
 *        the gate stays shut.
 * A bundle whose number another release has here is counted under a number of its own: both left.
 */
SL_MUST_CHECK enum sl_rc sl_recover(struct sl_enclave *e, const struct sl_actor *actor,
                                    const struct sl_recover_ask *ask, struct sl_recovery *out, struct sl_err *err);
void sl_recovery_free(struct sl_recovery *r);
/* sl_recover_clock - sl_audit_correct_clock, by who may recover. SL_E_DENIED. */
SL_MUST_CHECK enum sl_rc sl_recover_clock(struct sl_enclave *e, const struct sl_actor *actor, struct sl_err *err);

#endif
