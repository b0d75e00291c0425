/*
 * job_replay.h - a recorded job run again: the same plans, versions and confinement give the same bytes.
 *
 * Results are compared as they came, sealed against everybody: this program does not decode them, and says by the place
 * of the first other byte which cell differs. No number of them is shown.
 */
#ifndef SL_JOBS_JOB_REPLAY_H
#define SL_JOBS_JOB_REPLAY_H

#include "jobs/actor.h"

/* Zeroed: nothing ran. */
struct sl_job_replay {
	uint32_t noutputs;
	uint32_t ndiffering;
	char *first;         /* name of the first output that differs; NULL: none does. Heap */
	char *first_cell;    /* keys and labels of its first cell that differs; NULL: what differs is of no cell. Heap */
};

/*
 * sl_job_replay - for whoever may verify data. Every layer that was on then is required now; the log gets a leaf.
 * Fails: SL_E_NO (no held job; a version was forgotten), SL_E_DENIED (role; "grant-changed": the author's view of
 *        the tables is not the one the job ran on), SL_E_HOST, SL_E_INTEGRITY (outputs differ: *out says which).
 */
SL_MUST_CHECK enum sl_rc sl_job_replay(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                       struct sl_job_replay *out, struct sl_err *err);
void sl_job_replay_free(struct sl_job_replay *r);

#endif
