/*
 * atom_table.h - the kinds of units that there are, each once, and how many units each has: one hash table. Used by
 * atoms.c, which says what a unit is in.
 */
#ifndef SL_ENGINE_ATOM_TABLE_H
#define SL_ENGINE_ATOM_TABLE_H

#include "enclave/pact/setup.h"

struct sl_atom_bytes;

struct sl_atom_table {
	struct sl_atoms_packed *out;  /* borrowed: what is counted goes there */
	bool compares;                /* units that have changed at other places are of another kind */
	struct sl_atom_bytes *bytes;  /* per atom */
	uint32_t *slots;              /* open addressing: atom + 1; 0 is free */
	uint32_t nslots;              /* a power of two */
	uint32_t atoms_cap, bytes_cap, changes_cap;
};

/* Where one unit is. Borrowed. */
struct sl_atom_unit {
	const uint8_t *packed;        /* its places, as sl_atom_pack */
	uint32_t npacked, nplaces;
	const uint32_t *columns;      /* per place what has changed there; asked where the table compares */
};

/*
 * sl_atom_table_count - one unit more of its kind.
 *   table  in/out  zeroed but for out and compares
 * Fails: SL_E_LIMIT, SL_E_NOMEM; then only sl_atom_table_fini.
 */
SL_MUST_CHECK enum sl_rc sl_atom_table_count(struct sl_atom_table *table, const struct sl_atom_unit *unit,
                                             struct sl_err *err);
/* sl_atom_table_fini - what is in out stays. */
void sl_atom_table_fini(struct sl_atom_table *table);

#endif
