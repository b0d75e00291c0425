/*
 * compare.h - sluice-load's third work: two versions of one table, and how many units have other rows in the one than
 * in the other. What an append to a version that is not in force is judged by. Nothing is written.
 */
#ifndef SL_LOAD_COMPARE_H
#define SL_LOAD_COMPARE_H

#include "enclave/load/base.h"
#include "enclave/load/changes.h"

struct sl_compare {
	struct sl_layout layout;
	struct sl_base older, newer;
	struct sl_changes changes;
	uint64_t key[2];
};

/*
 * sl_compare_prepare - map and open both segments; before lock-down.
 *   c      out  caller's storage, zeroed; sl_compare_fini also after failure
 *   setup  in   format SL_LOAD_COMPARE; columns of both; base_* name the older, segment_id and segment_key the newer
 *   newer, older  in  the files
 * Fails: SL_E_INPUT (the setup, or other columns), SL_E_INTEGRITY, SL_E_IO, SL_E_NOMEM, SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_compare_prepare(struct sl_compare *c, const struct sl_load_setup *setup, int newer,
                                            int older, struct sl_err *err);

/*
 * sl_compare_run - asks the system for nothing.
 *   report  out  zeroed by the caller: rows and units of the newer; changed_units, added_units, removed_units; complete
 * Fails: SL_E_INTEGRITY.
 */
SL_MUST_CHECK enum sl_rc sl_compare_run(struct sl_compare *c, struct sl_load_report *report, struct sl_err *err);

void sl_compare_fini(struct sl_compare *c);

#endif
