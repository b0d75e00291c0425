/*
 * diff.h - two policies compared in effects: who may do what afterwards that they may not now, and the reverse.
 *
 * Not a comparison of texts: an order, a comment, a use that no catalogue offers, a project without analysts change
 * nothing for anybody and are no effect.
 */
#ifndef SL_POLICY_WORKBENCH_DIFF_H
#define SL_POLICY_WORKBENCH_DIFF_H

#include "policy/policy.h"

enum sl_effect_kind {
	SL_EFFECT_NONE = 0,
	SL_EFFECT_LOSES,
	SL_EFFECT_GAINS,
	SL_EFFECT_STRICTER,
	SL_EFFECT_LOOSER,
	SL_EFFECT_CHANGES, /* neither more nor less */
};

/* What an effect is about. */
enum sl_effect_about {
	SL_EFFECT_NOTHING = 0,
	SL_EFFECT_PERSON,
	SL_EFFECT_ROLE,
	SL_EFFECT_KEY,
	SL_EFFECT_PROJECT,
	SL_EFFECT_TABLE,
	SL_EFFECT_COLUMN,
	SL_EFFECT_TERMS,     /* of a project: approvals, expiry, purpose */
	SL_EFFECT_RULE,      /* of disclosure */
	SL_EFFECT_LIMIT,
	SL_EFFECT_CATALOGUE,
	SL_EFFECT_OFFICERS,  /* how many must sign the next policy */
	SL_EFFECT_LAYER,
	SL_EFFECT_REFRESH,
	SL_EFFECT_ENCLAVE,
	SL_EFFECT_EXCEPTION,
};

/* Heap texts; from and to "" where there is no value. */
struct sl_effect {
	uint8_t kind, about;
	char *who;  /* a person, a project, "everybody" */
	char *what; /* "measure on \"days\" of \"study.events\", in project \"liver\"" */
	char *from, *to;
};

/* Zeroed: none. */
struct sl_effects {
	struct sl_effect *items;
	uint32_t nitems;
	bool failed; /* sticky: out of memory */
};

/*
 * sl_policy_diff - append the effects of putting `next` in force after `now`.
 *   catalogues in  what is offered; a table that none of them has counts as offered in full
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_policy_diff(const struct sl_policy *now, const struct sl_policy *next,
                                        const struct sl_catalogue *const *catalogues, uint32_t ncatalogues,
                                        struct sl_effects *out, struct sl_err *err);
void sl_effects_free(struct sl_effects *e);

/* "loses"; "column": for tables and JSON. "none" for others. */
const char *sl_effect_kind_name(enum sl_effect_kind kind);
const char *sl_effect_about_name(enum sl_effect_about about);

/* sl_effects_add - inside policy/workbench: one more; a failure is remembered. */
void sl_effects_add(struct sl_effects *e, enum sl_effect_kind kind, enum sl_effect_about about, const char *who,
                    const char *from, const char *to, const char *fmt, ...) SL_PRINTF(7, 8);
/* sl_policy_diff_terms - inside policy/workbench: what concerns everybody and what a project's terms are. */
void sl_policy_diff_terms(const struct sl_policy *now, const struct sl_policy *next, struct sl_effects *out);

#endif
