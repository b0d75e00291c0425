/*
 * harness.h - one import over descriptors in memory: in this process, or in the real sluice-load.
 */
#ifndef SL_TEST_LOAD_HARNESS_H
#define SL_TEST_LOAD_HARNESS_H

#include "enclave/load/load.h"
#include "enclave/vault/keys.h"
#include "enclave/vault/reader.h"

#define HARNESS_COLUMNS 24

struct harness {
	struct sl_load_setup setup;
	struct sl_load_column columns[HARNESS_COLUMNS];
	int segment, registry;      /* memfds; the registry stays over several runs */
	int base;                   /* of setup.base_bytes; -1 */
	uint64_t spilt_bytes;       /* by the last run */
	bool full_spill, full_segment; /* disks without room */
	void (*progress)(void *self, const uint8_t *body, size_t len); /* of confined runs; self is the harness */
	int source;                 /* of the run that goes on */
	uint64_t memory_bytes;      /* 0: 256 MiB */
	struct sl_load_report report;
	struct sl_err err;
	bool in_process_only;
	uint8_t *bytes;             /* of the segment, after a complete run */
	struct sl_reader reader;    /* over it, every column open */
};

/* A setup for CSV with a unit column named `unit` (NULL: a reference table). */
void harness_init(struct harness *h, const char *unit);
void harness_fini(struct harness *h);
/* Forget report and segment; the registry is kept and its count taken over when the run was complete. */
void harness_again(struct harness *h);

struct sl_load_column *harness_column(struct harness *h, const char *name, enum sl_type type);
/* labels ends with NULL. */
void harness_labels(struct sl_load_column *c, const char *const *labels);
void harness_missing(struct sl_load_column *c, const char *const *texts);

/* The segment of the last run, which was complete, is the base of the next one. */
void harness_base(struct harness *h, bool compare);

/* Import the bytes; wal may be NULL. After a complete run the segment is open. */
enum sl_rc harness_run(struct harness *h, const void *source, size_t len, const void *wal, size_t wal_len);
enum sl_rc harness_text(struct harness *h, const char *text);
/* The same through sl_keeper_run and the real executable. */
enum sl_rc harness_confined(struct harness *h, const void *source, size_t len, const void *wal, size_t wal_len);

/* The cells of one column and row group, at most SL_CHUNK_ROWS of each; how many. */
uint32_t harness_chunk(struct harness *h, uint32_t column, uint32_t group, int64_t *values, uint8_t *nulls);
/* The value of a cell in the segment; INT64_MIN when missing. */
int64_t harness_value(struct harness *h, uint32_t column, uint64_t row);

/* Fails the test unless there is exactly one bad row, and it is this one. */
void harness_only_bad_row(struct harness *h, uint64_t line, const char *column, const char *reason_part);

#endif
