/*
 * verify.h - sluice-load's other work: a whole segment deciphered and compared with all that is said of it. Nothing is
 * written, and nothing of a row is told: main.c sends a report of how many rows there are, or says what is wrong.
 */
#ifndef SL_LOAD_VERIFY_H
#define SL_LOAD_VERIFY_H

#include "enclave/pact/load.h"
#include "enclave/vault/reader.h"

struct sl_verify {
	struct sl_reader reader;
	struct sl_chunk *scratch; /* one per column */
	uint32_t nscratch;
};

/*
 * sl_verify_prepare - map the segment, open its manifest and every column; before lock-down.
 *   v      out  caller's storage, zeroed; sl_verify_fini also after failure
 *   setup  in   format SL_LOAD_VERIFY; base_bytes, base_id, base_key say which segment it must be
 *   fd     in   the file; the mapping stays until the process ends
 * Fails: SL_E_INTEGRITY (another length or segment, or a byte of header, manifest or zones), SL_E_IO, SL_E_NOMEM,
 * SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_verify_prepare(struct sl_verify *v, const struct sl_load_setup *setup, int fd,
                                           struct sl_err *err);

/*
 * sl_verify_run - every chunk of every column. Asks the system for nothing.
 *   report  out  zeroed by the caller: rows, units, complete
 * Fails: SL_E_INTEGRITY naming column and row group.
 */
SL_MUST_CHECK enum sl_rc sl_verify_run(struct sl_verify *v, struct sl_load_report *report, struct sl_err *err);

void sl_verify_fini(struct sl_verify *v);

#endif
