/*
 * Atoms as sluice-check gets them: unpacked or refused; of those that pass, each place is of one atom and names a set
 * that is there; so of rows that are alike.
 */
#include "enclave/pact/members.h"
#include "tests/fuzz/pact_round.h"

static void walk(const struct sl_atoms *a)
{
	uint64_t nsets = 0, seen = 0;

	for (uint32_t i = 0; i < a->noutputs; i++)
		nsets += a->outputs[i].nsets;
	for (uint32_t i = 0; i < a->natoms; i++)
		for (uint32_t p = 0; p < a->atoms[i].n; p++, seen++)
			if (a->places[(uint64_t)a->atoms[i].first + p].set >= nsets || a->atoms[i].units == 0)
				abort();
	if (seen != a->nplaces)
		abort();
	seen = 0;
	for (uint32_t i = 0; i < a->nalike; i++)
		for (uint32_t p = 0; p < a->alike[i].n; p++, seen++)
			if (a->alike_places[a->alike[i].first + p].set >= nsets || a->alike_places[a->alike[i].first + p].times == 0)
				abort();
	if (seen != a->nalike_places)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_atoms_packed packed;
	struct sl_atoms atoms;

	if (!pact_round(&sl_atoms_packed_record, data, size, &packed))
		return 0;
	if (sl_atoms_unpack(&packed, &atoms, NULL) != SL_OK)
		return 0;
	if (sl_atoms_check(&atoms, NULL) == SL_OK)
		walk(&atoms);
	sl_codec_free(&sl_atoms_record, &atoms);
	return 0;
}
