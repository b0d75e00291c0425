/*
 * draws.h - one number per count that decides how it is rounded at random: the same for the same units, whoever asks
 * for them, however, and whenever; of other units it says nothing. Used by lane.c and engine.c.
 *
 * A keyed function of each row's unit is added up, modulo 2^128, over the rows that are counted (for a count of units
 * once per unit), so that the sum knows neither order nor threads nor the words of the question. A second key makes a
 * number of the sum. The sum itself does not leave: sums of parts give the sum of the whole, and could be put together.
 */
#ifndef SL_ENGINE_DRAWS_H
#define SL_ENGINE_DRAWS_H

#include "enclave/engine/compute.h"
#include "enclave/engine/siphash.h"
#include "enclave/pact/setup.h"

#define SL_DRAWS_KEYS 2

struct sl_draws_cell {
	unsigned __int128 units, rows;
	int64_t last;                 /* unit that was added last; -1: none */
};

struct sl_draws_arg {
	unsigned __int128 counted;    /* rows that have a value, or meet the condition */
	unsigned __int128 known;      /* rows of which it is known whether they do */
};

/* Of limits: who has a value, or meets the condition, each once. */
struct sl_draws_contributors {
	unsigned __int128 units;
	int64_t last;                 /* as of a cell */
};

/* ncells 0: nothing is drawn. */
struct sl_draws {
	uint32_t ncells, nargs;
	const bool *is_condition;     /* per argument; borrowed */
	uint8_t keys[SL_DRAWS_KEYS][SL_SIPHASH_KEY_BYTES]; /* of this unit space */
	int64_t unit;                 /* of the row before; -1: none */
	unsigned __int128 of_unit;
	struct sl_draws_cell *cells;
	struct sl_draws_arg *args;    /* [cell][argument] */
	struct sl_draws_contributors *contributors; /* likewise; NULL: limits are not drawn */
};

/*
 * sl_draws_init - d is zeroed by the caller; sl_draws_fini also after failure, accepts a zeroed one. SL_E_NOMEM.
 *   key    in  of the enclave, the same for ever; another one for each unit space is made of it
 *   space  in  of the units
 *   level  in  COUNTS or LIMITS
 */
SL_MUST_CHECK enum sl_rc sl_draws_init(struct sl_draws *d, const uint8_t key[static SL_ROUNDING_KEY_BYTES],
                                       const char *space, uint8_t level, uint32_t ncells, const bool *is_condition,
                                       uint32_t nargs, struct sl_err *err);

/* sl_draws_add - the kept rows of a batch; whole units per thread, as sl_tally_add. */
void sl_draws_add(struct sl_draws *d, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                  const struct sl_computed *args);

void sl_draws_merge(struct sl_draws *d, const struct sl_draws *from);

/* sl_draws_tell - of a cell, for the statistic that asks; arg below 0: it has none. */
struct sl_draw sl_draws_tell(const struct sl_draws *d, uint32_t cell, int arg, enum sl_stat_fn fn);

/* sl_draws_limit - likewise of limits: sl_result_limit_draw. sl_draws_cell_limit - sl_result_cell_draw. */
struct sl_draw sl_draws_limit(const struct sl_draws *d, uint32_t cell, int arg, enum sl_stat_fn fn);
struct sl_draw sl_draws_cell_limit(const struct sl_draws *d, uint32_t cell);

void sl_draws_fini(struct sl_draws *d);

#endif
