/*
 * spill.h - sorted rows that do not fit the memory, in a file nobody else can read: AES-256-GCM under a key that was
 * made in this process and ends with it.
 *
 * The file is the parent's and has no name. It is written front to back, run after run, each in blocks; block n of the
 * file is sealed with nonce n. Reading asks for a place (pread); that is all that is asked of the system.
 */
#ifndef SL_LOAD_SPILL_H
#define SL_LOAD_SPILL_H

#include "enclave/load/stream.h"

/* Of rows in a block. Also what a run takes in memory while runs are merged. */
#define SL_SPILL_BLOCK_BYTES ((uint32_t)64 << 10)

struct sl_cipher;

/* Where a run lies. */
struct sl_spill_run {
	uint64_t at, block, rows;
};

struct sl_spill {
	int fd;                     /* borrowed */
	struct sl_cipher *cipher;
	uint32_t row_bytes, block_rows;
	uint64_t at, block;         /* what is written next */
	struct sl_spill_run *runs;
	uint32_t nruns, runs_cap;
	uint8_t *plain;             /* a block, its tag behind it */
};

/*
 * sl_spill_init - make the key; before lock-down.
 *   fd  in  an empty file, for reading and writing, at offset 0
 * Fails: SL_E_NOMEM, SL_E_BUG. fini also after failure; accepts a zeroed one.
 */
SL_MUST_CHECK enum sl_rc sl_spill_init(struct sl_spill *s, int fd, uint32_t row_bytes, struct sl_err *err);
void sl_spill_fini(struct sl_spill *s);

/* sl_spill_write - all of rows, sorted, as one more run. SL_E_IO (the disk is full), SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_spill_write(struct sl_spill *s, const struct sl_rows *rows, struct sl_err *err);

/* A run being read. next fails with SL_E_IO; SL_E_INTEGRITY: not the bytes that were written. */
struct sl_spill_stream {
	struct sl_stream base;
	struct sl_spill *spill;     /* borrowed */
	struct sl_spill_run left;
	uint32_t rows, next_row;    /* in the block */
	uint8_t *block;
};
SL_MUST_CHECK enum sl_rc sl_spill_stream_init(struct sl_spill_stream *s, struct sl_spill *spill, uint32_t run,
                                              struct sl_err *err);
void sl_spill_stream_fini(struct sl_spill_stream *s);

#endif
