/*
 * keys.h - from a row's keys to its cell. Used by engine.c.
 *
 * Cells are the full cross of the keys' groups in canonical order, first key slowest: the index is dense, known before
 * a row is read, and the same in every process (pact/plan.h).
 */
#ifndef SL_ENGINE_KEYS_H
#define SL_ENGINE_KEYS_H

#include "enclave/engine/batch.h"
#include "enclave/pact/result.h"

#define SL_KEY_NEAR 4096 /* values whose cells are kept in a table: codes, ages, years, days of a decade */

/* One key, made ready; groups as sl_column_group counts them. SL_KEY_NONE: the domain has no such group. */
struct sl_key_map {
	uint16_t input;
	bool banded;
	const struct sl_band *bands;
	uint32_t nlabelled, other, missing;
	uint32_t ngroups;
	uint64_t stride;       /* cells from one group to the next */
	const char *name;
	int64_t near_first;    /* near[] is of near_first … near_first + SL_KEY_NEAR - 1: group × stride, or SL_KEY_NONE */
	uint32_t near[SL_KEY_NEAR];
};
/* Beyond every cell, and so large that no sum of one per key wraps: one look at a batch's cells finds it. */
#define SL_KEY_NONE (UINT32_C(1) << 28)
_Static_assert(SL_CELLS_MAX < SL_KEY_NONE, "cells and the mark of none are apart");

struct sl_keys {
	struct sl_key_map maps[SL_KEYS_MAX];
	uint32_t nkeys;
};

/* sl_keys_init - of a checked plan whose cells fit uint32_t; view and plan are borrowed while keys is used. */
void sl_keys_init(struct sl_keys *keys, const struct sl_plan *plan, const struct sl_view *view);

/*
 * sl_keys_cells - the cell of every row of mark SL_ROW_KEPT (marks NULL: all); for the others some cell.
 * Fails: SL_E_INTEGRITY: a row whose value the catalogue says cannot be (outside a closed domain, missing where
 * required); putting it into any cell would make that cell wrong.
 */
SL_MUST_CHECK enum sl_rc sl_keys_cells(const struct sl_keys *keys, const struct sl_batch *batch, const uint8_t *marks,
                                       uint32_t cells[static SL_BATCH_ROWS], struct sl_err *err);

/* sl_keys_are_by_unit - whether all rows of a unit have one cell, since every key is known by unit. */
bool sl_keys_are_by_unit(const struct sl_keys *keys, const struct sl_batch *batch);

/*
 * sl_keys_unit_cells - of a batch whose keys are all told by unit: the cell of each unit. False: one of them has none,
 * and cells are anything.
 */
bool sl_keys_unit_cells(const struct sl_keys *keys, const struct sl_batch *batch,
                        uint32_t unit_cells[static SL_BATCH_ROWS]);

/* sl_keys_without - the index of `cell` in the cross without key k. */
static inline uint32_t sl_keys_without(const struct sl_keys *keys, uint32_t cell, uint32_t k)
{
	uint64_t stride = keys->maps[k].stride, outer = stride * keys->maps[k].ngroups;

	return (uint32_t)(cell / outer * stride + cell % stride);
}

#endif
