/* Units of outputs as they come out of a box: refused, or counted into lawful atoms. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "enclave/engine/atoms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Up to three outputs: a byte for how many; of each, sets, units, whether one row and prints, bytes; then the bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sl_cursor c = sl_cursor_over(data, size);
	struct sl_members members[3] = { { .nsets = 0 } };
	struct sl_atoms_packed packed;
	struct sl_atoms atoms;
	uint32_t n = 1 + sl_cursor_u8(&c) % 3;
	struct sl_members_print prints[3 * 3];
	struct sl_atoms_prints all = { prints, 0, 1 };
	uint64_t units = 0, counted = 0;

	for (uint32_t i = 0; i < n; i++) {
		members[i].nsets = 1 + sl_cursor_u8(&c);
		members[i].nunits = sl_cursor_u8(&c);
		uint8_t kind = sl_cursor_u8(&c);
		members[i].one_row = kind & 1;
		members[i].nprints = kind >> 1 & 3;
		for (uint32_t k = 0; k < members[i].nprints; k++)
			prints[all.nprints++] = (struct sl_members_print){ i, k, i < all.nearlier };
		members[i].rows_of[0] = sl_cursor_u8(&c) & 1;
		uint32_t bytes = sl_cursor_u8(&c);
		members[i].units = (uint8_t *)(uintptr_t)sl_cursor_take(&c, bytes);
		members[i].nunits_bytes = members[i].units != NULL ? bytes : 0;
		units += members[i].nunits;
	}
	if (sl_atoms_make(members, n, &all, &packed, NULL) != SL_OK)
		return 0;
	if (sl_atoms_unpack(&packed, &atoms, NULL) != SL_OK || sl_atoms_check(&atoms, NULL) != SL_OK)
		abort();
	for (uint32_t i = 0; i < atoms.natoms; i++)
		counted += atoms.atoms[i].units;
	if (counted > units || (n == 1 && counted != units))
		abort();
	sl_codec_free(&sl_atoms_record, &atoms);
	return 0;
}
