/*
 * choosing.h - between choose.c, greedy.c, improve.c, exact.c and proofs.c only: one choice of what to hide, under way.
 */
#ifndef SL_POLICY_SECONDARY_CHOOSING_H
#define SL_POLICY_SECONDARY_CHOOSING_H

#include "policy/secondary/choose.h"
#include "policy/secondary/prover.h"

#define SL_NO_ROW UINT32_MAX

/* A table, told by where it differs from the true one: hiding more numbers never makes it less of a witness. */
struct sl_proof_table {
	struct sl_proof_change {
		uint32_t fact;
		int64_t value;
	} *changes;
	uint32_t n;
};

/* Of a primary that is protected; zeroed: of none. */
struct sl_proof {
	struct sl_proof_table high, low;
};

/* A row hidden for others, and what that costs. */
struct sl_hidden_row {
	uint32_t row;
	uint64_t cost;
};

struct sl_choosing {
	struct sl_system *s;
	struct sl_prover prover;
	struct sl_proof *proofs;      /* per fact */
	uint32_t *dead_ends;          /* of both searches for a primary */
	struct sl_hidden_row *hidden; /* in the order in which they were hidden; room for every fact */
	uint32_t nhidden;
	uint64_t key;
	uint64_t work_end;            /* of what is done at present: see prover.work */
	uint64_t cost_end;            /* what is dearer than this, of the rows hidden since, is not wanted */
	uint32_t banned;              /* a row that stays shown; SL_NO_ROW: none */
	struct sl_choice *out;
	bool no_memory;
};

/* --- proofs.c: two witnesses per primary ----------------------------------------------------------------- */

void sl_proof_forget(struct sl_proof *proof);
/* sl_proof_find - with what is hidden now; nobody has judged them yet. Whatever proof there was is forgotten. */
bool sl_proof_find(struct sl_choosing *c, uint32_t primary);
/* sl_proof_find_hiding - the same by paths, more rows are hidden for it. */
bool sl_proof_find_hiding(struct sl_choosing *c, uint32_t primary);
/* sl_proof_touches - it moves a number of the row. */
bool sl_proof_touches(const struct sl_system *s, const struct sl_proof *proof, uint32_t row);
/* sl_proofs_hold - whether the checker accepts a proof of every primary, for what is hidden now. */
bool sl_proofs_hold(struct sl_choosing *c);

/* --- greedy.c: more rows, for one primary after the other ------------------------------------------------ */

/* sl_choosing_hide, _show - a row, for others; the one hidden last is shown first. */
void sl_choosing_hide(struct sl_choosing *c, uint32_t fact);
void sl_choosing_show_last(struct sl_choosing *c);
/* sl_choosing_set - all numbers of a row in one state are in another now. */
void sl_choosing_set(struct sl_choosing *c, uint32_t row, enum sl_fact_state from, enum sl_fact_state to);
/* sl_choosing_protect - finds a proof, hiding what it takes. False: there is none within the work and the cost. */
bool sl_choosing_protect(struct sl_choosing *c, uint32_t primary);
/* sl_choosing_spent - no more is to be done. */
bool sl_choosing_spent(const struct sl_choosing *c);

/* --- improve.c ------------------------------------------------------------------------------------------- */

/* sl_choosing_improve - rows that turn out not to be needed are shown, or cheaper ones hidden instead. */
void sl_choosing_improve(struct sl_choosing *c);

/* --- exact.c --------------------------------------------------------------------------------------------- */

/*
 * sl_choosing_exact - of a network: the cheapest rows there are instead, when they are found before work_end and are
 * cheaper. c->out->cheapest says whether it is known that nothing is cheaper than what is hidden then.
 */
void sl_choosing_exact(struct sl_choosing *c);

#endif
