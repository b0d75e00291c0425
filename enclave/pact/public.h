/*
 * public.h - what everybody may know of tables from elsewhere: plans that count units by some columns, with a view of
 * their own, as they are kept sealed with a request. Made by policy/public.h.
 */
#ifndef SL_PACT_PUBLIC_H
#define SL_PACT_PUBLIC_H

#include "enclave/pact/plan.h"

/*
 * In findings and history a public total goes by who keeps it, the request or a release, and as output by
 * SL_PUBLIC_FIRST + its place there, which no output has.
 */
#define SL_PUBLIC_FIRST SL_PLANS_MAX
#define SL_PUBLIC_TOTALS_MAX SL_PLANS_MAX

struct sl_public_total {
	char *name;            /* of the catalogue: "census 2021" */
	struct sl_plan plan;   /* one source, of a table of the view; units by the columns */
};

/* Those of all tables that a request touches. Zeroed: nothing is public. */
struct sl_public {
	struct sl_view view;
	struct sl_public_total *totals;
	uint32_t ntotals;
};

extern const struct sl_record sl_public_record;

/* sl_public_check - view and plans are sound, each plan of one whole table. SL_E_INPUT. */
SL_MUST_CHECK enum sl_rc sl_public_check(const struct sl_public *p, struct sl_err *err);

#endif
