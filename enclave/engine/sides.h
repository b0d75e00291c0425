/*
 * sides.h - on which side of brackets the rows of a batch lie, unit by unit, where all rows of a unit are in one cell.
 * Used by bracket.c.
 *
 * There are two ways with one outcome: for any processor, and sixteen rows at once for those that can (x86-64 with
 * AVX-512 VBMI2), which is asked for as the program runs. Where all values of a batch are near zero (SL_BRACKET_NEAR),
 * as amounts of everyday are, their 32 bits are compared.
 */
#ifndef SL_ENGINE_SIDES_H
#define SL_ENGINE_SIDES_H

#include "enclave/engine/bracket.h"

#define SL_SIDES_SLACK_ROWS 16 /* written behind the last row of a list, and not used */

/* Rows of a batch inside of a bracket, before they are held. */
struct sl_inside {
	uint16_t rows[SL_BATCH_ROWS + SL_SIDES_SLACK_ROWS];   /* their numbers */
	uint8_t counted[SL_BATCH_ROWS + SL_SIDES_SLACK_ROWS]; /* of a unit's first one: sides it was counted on; else 0 */
	uint32_t n;
};

/* A unit's rows below each bracket of a pair, and inside of it; they fit, as a batch's rows do. */
struct sl_unit_sides {
	uint16_t below[SL_BRACKET_PAIR], inside[SL_BRACKET_PAIR];
};

/*
 * sl_sides_of_units - of a batch that tells where its units end, each of whose rows are all in one cell.
 *   of     in/out  the pair's brackets by cell; units that have no row in another batch, all but the first and the last
 *                  one, are counted there, with their rows
 *   two    in      both brackets are asked, else the first, and the second is told as 0
 *   in     in/out  rows inside are added to the lists, which are empty; marks of the first and last unit are not set
 *   edges  out     of the first and of the last unit, which may be the same
 */
void sl_sides_of_units(struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                       const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                       struct sl_unit_sides edges[static 2]);

/* sl_sides_anywhere - the same on any processor, whatever this one can; sl_sides_has_vectors - it can more. */
void sl_sides_anywhere(struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                       const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                       struct sl_unit_sides edges[static 2]);
bool sl_sides_has_vectors(void);

#endif
