/*
 * lying.h - of one column, how rows of units lie in some sets, in several versions of a table: each way once, and which
 * units have which. Used by row_versions.c, made of rows that are alike (pact/alike.h).
 */
#ifndef SL_POLICY_HISTORY_LYING_H
#define SL_POLICY_HISTORY_LYING_H

#include "enclave/pact/members.h"
#include "policy/history/ways.h"

/* Rows that lie so: terms[first] … terms[first + n - 1]. */
struct sl_lying {
	uint64_t key;
	uint64_t units;    /* that have such rows */
	uint32_t first, n;
	uint32_t last;     /* 1 + the units that were seen last to have them; 0: none */
};

/* Units, and how their rows lie: lying_of[first] … lying_of[first + n - 1], none for rows in none of the sets. */
struct sl_lying_units {
	uint64_t units;
	uint32_t first, n;
};

struct sl_lyings {
	uint32_t *sets, nsets;       /* those at hand, by their number over all */
	uint32_t *number;            /* per set over all: its place among them; SL_LYING_NO_SET */
	struct sl_way_term *terms;   /* by places */
	struct sl_lying *all;
	uint32_t n;
	struct sl_lying_units *units;
	uint32_t nunits;
	uint32_t *lying_of;
	uint64_t *same;              /* per set at hand: equal in sets of the same rows */
	uint32_t *slots, nslots;     /* 1 + lying; 0: free */
	uint32_t *in_first, *in;     /* lyings of each set at hand: in[in_first[i]] … in[in_first[i + 1] - 1] */
};
#define SL_LYING_NO_SET UINT32_MAX

/* sl_lyings_init - room for nsets sets over all. SL_E_NOMEM; sl_lyings_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_lyings_init(struct sl_lyings *l, const struct sl_atoms *atoms, uint32_t nsets,
                                        struct sl_err *err);
void sl_lyings_fini(struct sl_lyings *l);

/*
 * sl_lyings_make - of a column, in the sets at hand: sets and nsets are filled in. Sets that cannot be taken in any way
 *   that leaves something of fewer units than the threshold are dropped, and those that no rows are known of.
 */
SL_MUST_CHECK enum sl_rc sl_lyings_make(struct sl_lyings *l, const struct sl_atoms *atoms, uint32_t column,
                                        uint64_t threshold, struct sl_err *err);

/* sl_lyings_left - units of which a way leaves something; left has room for a byte per lying. */
uint64_t sl_lyings_left(const struct sl_lyings *l, const uint64_t *way, bool *left);

#endif
