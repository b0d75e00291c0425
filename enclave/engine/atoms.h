/*
 * atoms.h - several outputs' units, compared: how many are in exactly which sets. Used by main.c.
 *
 * No row is read and no unit leaves: what comes out are counts of units that cannot be told apart by the outputs.
 */
#ifndef SL_ENGINE_ATOMS_H
#define SL_ENGINE_ATOMS_H

#include "enclave/pact/setup.h"

/*
 * What to look for besides: where units have in an output that is renewed what they have in none of the request's; of
 * one row, where these do not tell it, not in the last earlier one that is not renewed, or else in the last that is.
 *   prints  as of struct sl_engine_setup; an output has as many as a row of it has, or they are passed over
 */
struct sl_atoms_prints {
	const struct sl_members_print *prints;
	uint32_t nprints;
	uint32_t nearlier;
};

/*
 * sl_atoms_make - go through the units of all outputs, lowest ordinal first.
 *   members  in   n of one unit space, from sealed bytes: their units are checked here
 *   prints   in   NULL: no changes are looked for
 *   out      out  caller's storage, any content; free with sl_codec_free(&sl_atoms_packed_record, out). Zeroed on
 *                 failure.
 * The same input gives the same bytes. Fails: SL_E_INTEGRITY (units out of order, a set that is none), SL_E_LIMIT,
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_atoms_make(const struct sl_members *members, uint32_t n,
                                       const struct sl_atoms_prints *prints, struct sl_atoms_packed *out,
                                       struct sl_err *err);

#endif
