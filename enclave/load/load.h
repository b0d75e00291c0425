/*
 * load.h - sluice-load without its process: a source in, a sealed segment (or reference rows) and a report out.
 *
 * Nothing of the segment is written before the whole source was read and found good. Rows are held in memory, packed;
 * when they fill what there is, they are sorted and put into the spill, enciphered, and merged at the end.
 */
#ifndef SL_LOAD_LOAD_H
#define SL_LOAD_LOAD_H

#include "enclave/load/base.h"
#include "enclave/load/csv.h"
#include "enclave/load/gzip.h"
#include "enclave/load/intake.h"
#include "enclave/load/report.h"
#include "enclave/load/rows.h"
#include "enclave/load/spill.h"
#include "enclave/load/sqlite.h"
#include "enclave/vault/registry.h"
#include "enclave/vault/writer.h"

/* Open descriptors, borrowed; -1: not there. */
struct sl_load_fds {
	int source;
	int segment;   /* an empty file at offset 0; not for a reference table */
	int registry;  /* for reading and writing, at offset 0; not for a reference table */
	int spill;     /* an empty file for reading and writing; not for a reference table */
	int base;      /* the segment of an earlier version, when the setup names one */
	int wal;       /* SQLite: the log beside the database, when there is one */
};

/* Told how far the work is, at most SL_LOAD_PROGRESS_MAX times. */
typedef void sl_load_on_progress(void *arg, const struct sl_load_progress *progress);

struct sl_load {
	const struct sl_load_setup *setup; /* borrowed */
	struct sl_load_fds fds;
	uint64_t memory_bytes;         /* for the rows and all that grows with them; prepare sets what it was told */
	uint64_t source_bytes, wal_bytes;
	struct sl_typer *typers;       /* one per column */
	uint32_t *place;
	struct sl_bytes_fd file;
	struct sl_gzip *gzip;
	struct sl_csv csv;
	struct sl_sqlite sqlite;
	uint8_t *db, *wal;
	struct sl_registry registry;
	struct sl_writer writer;
	struct sl_intake_plan plan;
	struct sl_intake *intakes;     /* one per thread */
	uint32_t threads;
	struct sl_rows rows;
	struct sl_spill spill;
	struct sl_base base;
	uint64_t changes_key[2];
	uint8_t *seen;                 /* one_row_per_unit: a bit per ordinal */
	uint64_t seen_bits;
	struct sl_report_builder builder;
	sl_load_on_progress *on_progress; /* may be set between prepare and run */
	void *progress_arg;
	uint64_t told;                 /* of the source's bytes, or of the rows, when progress was told last */
};

/*
 * sl_load_prepare - check the setup and do all that asks the system for anything but reading and writing.
 *   l      out  caller's storage; sl_load_fini also after failure
 *   setup  in   decoded; borrowed until fini
 *   fds    in   the sizes of source, log and base are taken here
 *   memory_bytes in  what the whole process may allocate
 * Fails: SL_E_INPUT (the setup contradicts itself, the descriptors or the base), SL_E_LIMIT, SL_E_NOMEM, SL_E_IO,
 * SL_E_INTEGRITY (base), SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_load_prepare(struct sl_load *l, const struct sl_load_setup *setup,
                                         const struct sl_load_fds *fds, uint64_t memory_bytes, struct sl_err *err);

/*
 * sl_load_run - read, type, sort, write, on the whole crew. Uses read(2), write(2) and pread(2) alone.
 *   report  out  zeroed by the caller; free with sl_codec_free(&sl_load_report_record, report), also after failure
 * SL_OK: report->complete says whether all went in; bad rows and a broken source are an answer, not a failure.
 * Fails: SL_E_LIMIT (rows, bytes, or memory for what cannot be spilt), SL_E_NOMEM, SL_E_IO, SL_E_INTEGRITY (registry,
 * base, spill). Segment and registry are then to be thrown away behind what they held.
 */
SL_MUST_CHECK enum sl_rc sl_load_run(struct sl_load *l, struct sl_load_report *report, struct sl_err *err);

void sl_load_fini(struct sl_load *l);

/* sl_load_tell - progress, when enough was done since it was told last. Used within load. */
void sl_load_tell(struct sl_load *l, enum sl_load_phase phase, uint64_t rows, uint64_t done, uint64_t total);

#endif
