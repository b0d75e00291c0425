/*
 * memory.h - what an import holds, against what it may: rows go to the spill before they are too many. Used by import.c
 * and load.c.
 */
#ifndef SL_LOAD_MEMORY_H
#define SL_LOAD_MEMORY_H

#include "enclave/load/load.h"

/*
 * sl_memory_make_room - for `rows` more rows and `units` more units; puts the rows there are into the spill when they
 * would not fit beside them.
 * Fails: SL_E_LIMIT with numbers when they do not fit then either, SL_E_IO, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_memory_make_room(struct sl_load *l, uint64_t rows, uint64_t units, struct sl_err *err);

/*
 * sl_memory_for_merge - the source was read: give back what only reading needs, and see that all runs can be merged.
 * Fails: as above.
 */
SL_MUST_CHECK enum sl_rc sl_memory_for_merge(struct sl_load *l, struct sl_err *err);

#endif
