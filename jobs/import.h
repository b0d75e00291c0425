/*
 * import.h - one attempt to bring tables in: what is loaded lies aside until all of it is good, then one commit.
 *
 * Inside jobs only: data.c drives it. Order on disk: segment fsync, registry fsync, folder fsync, then the rows of
 * state.db and their leaf in one commit. What a killed attempt leaves is removed when the enclave is opened next.
 */
#ifndef SL_JOBS_IMPORT_H
#define SL_JOBS_IMPORT_H

#include "jobs/data.h"
#include "jobs/store/table.h"

/* A table that was loaded in this attempt. */
struct sl_import_table {
	const struct sl_cat_table *table;
	bool reference;
	bool is_first;                  /* no version was there before, forgotten or not */
	bool is_another;                /* catalogue or codes are not those of the versions before */
	int64_t base_n;                 /* the version it was compared or merged with; 0: none */
	struct sl_version version;      /* of a segment */
	struct sl_load_report report;
	struct sl_data_fate fate;       /* of the version, once it is loaded */
	struct sl_store_source source;        /* what is recorded of where it came from; table NULL: nothing */
};

struct sl_import_space {
	const char *name;               /* borrowed from the catalogue */
	struct sl_space space;          /* with the units of this attempt */
	bool is_checked;                /* its file was what was sealed */
};

struct sl_import {
	struct sl_enclave *e;
	const struct sl_catalogue *catalogue;
	struct sl_limits limits;
	int lock;                        /* vault/import.lock, held for the whole attempt */
	struct sl_import_table *tables;
	uint32_t ntables;
	struct sl_import_space *spaces;
	uint32_t nspaces;
	struct sl_reference *references; /* those stored and those of this attempt; items borrowed */
	uint32_t nreferences;
	const struct sl_standing *standing;
};

/* sl_import_lock - who changes the tables holds it; closing *lock gives it back. SL_E_BUSY, after half a second. */
SL_MUST_CHECK enum sl_rc sl_import_lock(struct sl_enclave *e, int *lock, struct sl_err *err);

/* sl_import_check_registry - SL_E_INTEGRITY: the registry file is not what was sealed, or shorter. */
SL_MUST_CHECK enum sl_rc sl_import_check_registry(const struct sl_space *space, int fd, struct sl_err *err);

/*
 * sl_import_begin - take the lock. SL_E_BUSY. sl_import_end - remove segments, and hashes of units, that were not
 * committed; accepts a failed begin.
 */
SL_MUST_CHECK enum sl_rc sl_import_begin(struct sl_import *im, struct sl_enclave *e, const struct sl_standing *standing,
                                         const struct sl_catalogue *catalogue, struct sl_err *err);
void sl_import_end(struct sl_import *im);

/* Where a table's rows come from. */
struct sl_import_source {
	int fd, wal;                     /* wal -1: none */
	uint8_t format;                  /* enum sl_load_format */
	const char *sqlite_table;        /* "" unless SL_LOAD_SQLITE */
	const char *name;                /* for messages */
	bool append;                     /* its rows come behind those of the newest version */
	void (*step)(void *self, const char *table, const struct sl_load_progress *progress); /* may be NULL */
	void *step_self;
};

/*
 * sl_import_table - run sluice-load on one table. *report is borrowed from im, also when rows are bad.
 * Fails: SL_E_INPUT with the first bad row's place, and those of the keeper.
 */
SL_MUST_CHECK enum sl_rc sl_import_table(struct sl_import *im, const struct sl_cat_table *table,
                                         const struct sl_import_source *source, const struct sl_load_report **report,
                                         struct sl_err *err);

/* sl_import_codes_moved - whether a reference table of this attempt gives a code of the table another meaning. */
bool sl_import_codes_moved(const struct sl_import *im, const struct sl_cat_table *table);

/*
 * Inside import*.c: sl_import_segment - a table of units: fresh keys, the load, t->version sealed on disk.
 * sl_import_segment_path - heap; NULL: no memory. sl_import_run - sluice-load once, within im->limits and nothing else
 * of im, which dummy tables have no more of; keys are wiped from the setup. sl_import_judge - SL_E_INPUT with the first
 * bad row's place. sl_import_choose_base - what the new version is merged (source->append) or compared with, into setup
 * and *fd; -1: nothing. sl_import_decide - after the load: t->fate, and what of it is kept with the version.
 */
SL_MUST_CHECK enum sl_rc sl_import_segment(struct sl_import *im, struct sl_import_table *t,
                                           struct sl_load_setup *setup, const struct sl_import_source *source,
                                           struct sl_err *err);
char *sl_import_segment_path(const struct sl_import *im, const uint8_t id[static SL_SEGMENT_ID_BYTES]);
SL_MUST_CHECK enum sl_rc sl_import_judge(const struct sl_import_source *source, const struct sl_load_report *report,
                                         struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_import_run(const struct sl_import *im, const struct sl_import_source *source,
                                       const char *table, struct sl_load_setup *setup, const int *fds, uint32_t nfds,
                                       struct sl_load_report *report, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_import_choose_base(struct sl_import *im, struct sl_import_table *t,
                                               const struct sl_import_source *source, struct sl_load_setup *setup,
                                               int *fd, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_import_decide(struct sl_import *im, struct sl_import_table *t, struct sl_err *err);

/*
 * sl_import_commit - put everything in force: catalogue text, versions, units, reference rows, one leaf.
 * Fails: SL_E_INPUT: a table that is left out keeps a segment whose codes would mean something else.
 */
SL_MUST_CHECK enum sl_rc sl_import_commit(struct sl_import *im, const struct sl_actor *actor,
                                          const void *catalogue_text, size_t len, struct sl_err *err);

#endif
