/*
 * trial.h - a request as if one of its outputs, or one statistic of an output, had not been asked for: for trying what
 * would cure a finding by the code that made it. Everything is taken from what the engine counted; no row is read.
 */
#ifndef SL_POLICY_TRIAL_H
#define SL_POLICY_TRIAL_H

#include "policy/check.h"

/* What is judged, as sl_check_after takes it: checked, and borrowed while a trial of it is open. */
struct sl_trial_of {
	const struct sl_check_setup *setup;
	const struct sl_plan *plans;
	const struct sl_result *results;
	const struct sl_check_space *spaces;
};

/* Ready to be judged; what was not changed is borrowed. */
struct sl_trial {
	struct sl_check_setup setup;
	struct sl_plan *plans;
	struct sl_result *results;
	struct sl_check_space *spaces;
	uint32_t output, stat;             /* what was left out; stat SL_FINDING_WHOLE: the output */
	uint32_t from[SL_STATS_MAX];       /* of the output that lost a statistic: which each of its others was */
};

/*
 * sl_trial_open - stat: one that its author asked for; calcs that read it are left out with it, and counts that it
 * alone implied. SL_FINDING_WHOLE: the output. Something must be left: of several outputs, or several statistics.
 * Free with sl_trial_close, also after failure. Fails: SL_E_NOMEM; SL_E_DENIED (as sl_implied_add); SL_E_LIMIT: rows of
 * several versions are compared, which sl_trial_atoms cannot renumber.
 */
SL_MUST_CHECK enum sl_rc sl_trial_open(const struct sl_trial_of *of, uint32_t output, uint32_t stat,
                                       struct sl_trial *out, struct sl_err *err);
void sl_trial_close(struct sl_trial *t);

/* sl_trial_output, sl_trial_stat - where an output, or a statistic, of the trial stands in the request. */
uint32_t sl_trial_output(const struct sl_trial *t, uint32_t output);
uint32_t sl_trial_stat(const struct sl_trial *t, uint32_t output, uint32_t stat);

/*
 * sl_trial_result - inside trial*.c: what the engine would have told of a plan that lost statistics. Its arrays are its
 * own; free with sl_codec_free. from: as above. SL_E_NOMEM.
 * sl_trial_atoms - units by fewer sets. to: per set of `of` the set it becomes, or SL_TRIAL_NO_SET; outputs: as they
 * become, borrowed. Free with sl_codec_free. SL_E_NOMEM.
 */
#define SL_TRIAL_NO_SET UINT32_MAX
SL_MUST_CHECK enum sl_rc sl_trial_result(const struct sl_view *view, const struct sl_plan *was,
                                         const struct sl_result *told, const struct sl_plan *plan, const uint32_t *from,
                                         struct sl_result *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_trial_atoms(const struct sl_atoms *of, const uint32_t *to,
                                        const struct sl_atoms_output *outputs, uint32_t noutputs, struct sl_atoms *out,
                                        struct sl_err *err);

#endif
