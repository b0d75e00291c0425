/*
 * cover.h - the cheapest rows of which every cut has enough. A cut names rows and what each of them gives; together
 * they must give 1. There are too many cuts to make them all: those that a choice does not meet are asked for.
 *
 * Branch and bound: rows are taken and left out, and what cannot become cheaper than the best so far is not looked at.
 * The bound is Lagrange's, with a price for each cut, found by subgradients (Fisher, Management Science 27 (1981) 1;
 * for cuts that come as they are needed Fischetti and Salazar, Management Science 47 (2001) 1008).
 */
#ifndef SL_POLICY_SECONDARY_COVER_H
#define SL_POLICY_SECONDARY_COVER_H

#include <stdbool.h>
#include <stdint.h>

#include "enclave/base/err.h"

/* Where costs are larger, a bound could not be told from the next whole number. */
#define SL_COVER_COST_MAX (UINT64_C(1) << 24)

struct sl_cover;

enum sl_cover_answer {
	SL_COVER_STOP = 0, /* no more is to be done */
	SL_COVER_HOLDS,
	SL_COVER_CUT,      /* cuts were added that these rows do not meet */
};

/* Whether these rows do: chosen[row]. */
typedef enum sl_cover_answer (*sl_cover_ask)(void *ctx, struct sl_cover *cover, const bool *chosen);

struct sl_cover {
	uint32_t nrows;
	uint64_t *cost;             /* per row, > 0; to be set before the search */
	uint64_t best_cost;         /* only what is cheaper is looked for; to be set, <= SL_COVER_COST_MAX; later of best */
	bool *best;                 /* per row, of what was found; */
	bool found;                 /* something was */
	uint64_t work, work_end;    /* rows and entries looked at; to be set: it stops there */
	bool no_memory;
	struct sl_cover_cut *cuts;
	uint32_t ncuts, cuts_cap;
	struct sl_cover_entry *entries;
	uint32_t nentries, entries_cap;
	struct sl_cover_row *rows;
	uint32_t *order;            /* rows, the dearest first */
	uint32_t *trail, ntrail;    /* rows that were taken or left out, in the order in which they were */
	bool *chosen;
	sl_cover_ask ask;
	void *ctx;
	bool stopped;
};

/* sl_cover_init - no cuts yet. SL_E_NOMEM; sl_cover_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_cover_init(struct sl_cover *c, uint32_t nrows, struct sl_err *err);
void sl_cover_fini(struct sl_cover *c);

/*
 * sl_cover_cut - of these rows, each at most once, what they give must be at least `wanted` > 0; what one gives > 0.
 * False: no memory, see no_memory.
 */
bool sl_cover_cut(struct sl_cover *c, const uint32_t *rows, const int64_t *gives, uint32_t n, int64_t wanted);

/* sl_cover_accept - rows that do and cost this, less than best_cost: whoever is asked may know some. */
void sl_cover_accept(struct sl_cover *c, const bool *rows, uint64_t cost);

/*
 * sl_cover_search - asks of ever cheaper rows until none is left. True: what was found, or if nothing was what
 * best_cost said, is the least there is, as far as `ask` is right. False: it was stopped.
 */
bool sl_cover_search(struct sl_cover *c, sl_cover_ask ask, void *ctx);

#endif
