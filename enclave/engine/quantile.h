/*
 * quantile.h - order statistics per cell without a sort: rows are counted by leading digits, again and again. Used by
 * lane.c and order.c.
 *
 * Values are taken as offsets from the smallest one. Each pass counts, per cell and quantile, the values whose leading
 * digits are those found so far by their next digit, and so fixes that digit; a last pass counts the units on each
 * side. Memory is cells × quantiles × digit, whatever the rows; how many passes that takes is chosen before the first.
 */
#ifndef SL_ENGINE_QUANTILE_H
#define SL_ENGINE_QUANTILE_H

#include "enclave/engine/compute.h"
#include "enclave/pact/result.h"

#define SL_QUANTILE_BITS_MIN 4
#define SL_QUANTILE_BITS_MAX 12 /* with more the counts of an everyday table leave the processor's cache */

/* Units with a row on one side of a value, and the one that was counted last. */
struct sl_quantile_side {
	int64_t unit;        /* -1: none */
	uint64_t units;
};

enum sl_side { SL_SIDE_BELOW, SL_SIDE_AT, SL_SIDE_ABOVE, SL_SIDE_COUNT };

/* Beside one (cell, quantile). */
struct sl_quantile_sides {
	struct sl_quantile_side of[SL_SIDE_COUNT];
};

/* One thread's counts. */
struct sl_quantile_lane {
	uint32_t *buckets;   /* [cell][quantile][bucket] */
	struct sl_quantile_sides *sides;
};

/* Shared by all threads, changed between passes only. */
struct sl_quantiles {
	uint32_t ncells, n;
	uint8_t bits;                     /* of the widest digit: there is room for it, and from the first pass on it occurs */
	uint32_t like[SL_STATS_MAX];      /* first one of the same argument: in the first pass its counts serve all */
	bool is_first;                    /* the present pass is the first */
	uint8_t shift[SL_STATS_MAX], width[SL_STATS_MAX]; /* of the present pass; width 0: that quantile is found */
	int64_t least[SL_STATS_MAX];
	uint64_t *prefix, *rank;          /* [cell][quantile]: digits found; rows to go, 0: there is no row */
	struct sl_quantile_lane lanes[64];
	uint32_t nlanes;
};

/*
 * sl_quantile_bits - the widest digit that fits: of ncells × n × nlanes counters in `bytes`; at least
 * SL_QUANTILE_BITS_MIN. sl_quantile_bytes - memory of digits of so many bits.
 */
uint8_t sl_quantile_bits(uint32_t ncells, uint32_t n, uint32_t nlanes, uint64_t bytes);
uint64_t sl_quantile_bytes(uint32_t ncells, uint32_t n, uint32_t nlanes, uint8_t bits);

/* sl_quantiles_init - SL_E_NOMEM; sl_quantiles_fini also after failure, accepts a zeroed one. */
SL_MUST_CHECK enum sl_rc sl_quantiles_init(struct sl_quantiles *q, uint32_t ncells, uint32_t n, uint32_t nlanes,
                                           uint8_t bits, struct sl_err *err);
void sl_quantiles_fini(struct sl_quantiles *q);

/* sl_quantile_rank - which one of `rows` values in order is the p-th (in ten-thousandths), from 1 on; 0: of none. */
uint64_t sl_quantile_rank(uint64_t rows, uint32_t p);

/* sl_quantiles_rank - of `rows` rows with a value in the cell, the p-th is looked for. */
void sl_quantiles_rank(struct sl_quantiles *q, uint32_t cell, uint32_t at, uint64_t rows, uint32_t p);
/*
 * sl_quantiles_span - all values of the at-th lie in least … most; `like` is the first one of the same argument, or
 * `at`. After all ranks, before the first pass.
 */
void sl_quantiles_span(struct sl_quantiles *q, uint32_t at, uint32_t like, int64_t least, int64_t most);

/* sl_quantiles_is_counted - whether the present pass has counts of its own for that quantile. */
static inline bool sl_quantiles_is_counted(const struct sl_quantiles *q, uint32_t at)
{
	return q->width[at] > 0 && (!q->is_first || q->like[at] == at);
}

/* sl_quantiles_pass - make ready for another pass; false: every value is found. */
bool sl_quantiles_pass(struct sl_quantiles *q);
/* sl_quantiles_count - one thread's kept rows. sl_quantiles_settle - all have been: the digit is known. */
void sl_quantiles_count(const struct sl_quantiles *q, uint32_t lane, uint32_t at, const struct sl_batch *batch,
                        const uint8_t *marks, const uint32_t *cells, const struct sl_computed *arg);
void sl_quantiles_settle(struct sl_quantiles *q);
/* sl_quantiles_value - once every digit is found, else the least that it can be; of a place with a rank. */
static inline int64_t sl_quantiles_value(const struct sl_quantiles *q, uint32_t cell, uint32_t at)
{
	return (int64_t)((uint64_t)q->least[at] + (q->prefix[(size_t)cell * q->n + at] << q->shift[at]));
}

/* sl_quantiles_beside - the last pass: units below, at and above. sl_quantiles_tell - out has ncells × n. */
void sl_quantiles_beside(const struct sl_quantiles *q, uint32_t lane, uint32_t at, const struct sl_batch *batch,
                         const uint8_t *marks, const uint32_t *cells, const struct sl_computed *arg);
void sl_quantiles_tell(const struct sl_quantiles *q, struct sl_quantile *out);

#endif
