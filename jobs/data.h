/*
 * data.h - tables come in: import of a data package, attach of an SQLite table; what is there.
 */
#ifndef SL_JOBS_DATA_H
#define SL_JOBS_DATA_H

#include "enclave/pact/load.h"
#include "jobs/actor.h"

/* What becomes of a new version when it is committed. */
struct sl_data_fate {
	bool waits;          /* until enough units differ from the version in force, or for policy's day */
	bool compared;       /* changed is known */
	uint64_t changed;    /* units whose rows differ from those of the version in force */
	uint32_t needed;     /* so many have to */
	bool has_day;
	int64_t day;         /* policy's for the table, since 1970-01-01 */
};

/* One table as a listing shows it. Heap texts. */
struct sl_data_table {
	char *name, *title, *owner, *space;
	char *rhythm;         /* how often the catalogue expects it to be imported; "" : not said */
	uint8_t class_;
	bool imported;
	bool counted; /* rows, units and bytes are told: unpublished counts are for those who import, and owners of theirs */
	uint64_t rows, units, bytes;
	uint8_t version[32];  /* in force */
	int64_t imported_at;
	int64_t due;          /* the last day on which its next import is in time; INT64_MAX: none is expected */
	bool late;            /* that day is over, or it was never imported; without counted, by what is in force */
	/* Of a table on application, in the best of the actor's projects that policy gives it to. */
	bool on_application;  /* in one of them; else nothing of it is told */
	struct sl_owner_word word;
	uint32_t versions;    /* that are kept; without counted, those that wait are not among them */
	/* The newest that is not in force yet; told only when counted is. */
	bool waits;
	uint8_t waiting[32];
	int64_t waiting_at;
	struct sl_data_fate fate;
};

/* Who is told while tables come in; what is passed is borrowed. Each may be NULL. */
struct sl_data_watch {
	void *self;
	/* A table is done; fate NULL: it has bad rows, nothing of this attempt is kept, and the error says why. */
	void (*table)(void *self, const char *table, const struct sl_load_report *report, const struct sl_data_fate *fate);
	/* refresh: there is no new version, and why. */
	void (*skipped)(void *self, const char *table, const char *why);
	/* How far it is; the numbers are a confined process's word. */
	void (*step)(void *self, const char *table, const struct sl_load_progress *progress);
};

/*
 * sl_data_import - load every resource of a package (only[] : those tables alone) and put all in force in one commit.
 *   path     in  of datapackage.json; the resources lie beside it
 *   actor    in  role operator or the local operator
 *   watch    in  may be NULL
 * Fails: SL_E_INPUT with file, line, column of the first bad row (the report with the rest went to the watch), and
 * those of the keeper. Nothing is half imported.
 */
SL_MUST_CHECK enum sl_rc sl_data_import(struct sl_enclave *e, const struct sl_actor *actor, const char *path,
                                        const char *const *only, size_t nonly, const struct sl_data_watch *watch,
                                        struct sl_err *err);

/*
 * sl_data_attach - snapshot one table of an SQLite file into the catalogue's table `table` ("dataset.table");
 * package as above describes it.
 */
SL_MUST_CHECK enum sl_rc sl_data_attach(struct sl_enclave *e, const struct sl_actor *actor, const char *sqlite_path,
                                        const char *sqlite_table, const char *package_path, const char *table,
                                        const struct sl_data_watch *watch, struct sl_err *err);

/*
 * sl_data_append - a new version of one table: the rows of the newest one, and behind them those of a file.
 *   path   in  of the package the table was imported with
 *   table  in  "dataset.table" or "table"; no open reference table
 *   file   in  CSV, or gzipped when its name ends in .gz; NULL: the table's resource
 * Fails: SL_E_INPUT (no version to append to; another catalogue), and as sl_data_import.
 */
SL_MUST_CHECK enum sl_rc sl_data_append(struct sl_enclave *e, const struct sl_actor *actor, const char *path,
                                        const char *table, const char *file, const struct sl_data_watch *watch,
                                        struct sl_err *err);

/*
 * sl_data_refresh - import again, each from where it came last: the tables named, or all whose source is on record.
 * What a package describes comes into force in one commit; a source with the length and digest it had makes no new
 * version, unless catalogue or codes have changed.
 *   nnew  out  tables that have a new version
 * Fails: SL_E_INPUT (no such table, its source not on record or not there), and as sl_data_import. Packages that were
 * done before one that failed stay done.
 */
SL_MUST_CHECK enum sl_rc sl_data_refresh(struct sl_enclave *e, const struct sl_actor *actor, const char *const *only,
                                         size_t nonly, const struct sl_data_watch *watch, uint32_t *nnew,
                                         struct sl_err *err);

/*
 * sl_data_list - every table of every catalogue; counts only for an actor who may import, and owners of their own.
 *   standing  in/out  its people and policy; for an analyst it has the owners' grants then
 */
SL_MUST_CHECK enum sl_rc sl_data_list(struct sl_enclave *e, const struct sl_actor *actor, struct sl_standing *standing,
                                      struct sl_data_table **out, uint32_t *nout, struct sl_err *err);
void sl_data_list_free(struct sl_data_table *tables, uint32_t ntables);

/* Where a version stands. Forgotten ones are not kept. */
enum sl_version_state { SL_VERSION_NONE = 0, SL_VERSION_OLD, SL_VERSION_IN_FORCE, SL_VERSION_WAITS };

/* One thing that was verified: a version of a table, or the registry of a unit space. Borrowed. */
struct sl_data_verified {
	const char *note;       /* about what is no version's; nothing else is set then. NULL: none */
	const char *table;      /* NULL: a registry */
	const char *space;      /* of a registry */
	const uint8_t *version; /* 32 bytes */
	uint8_t state;          /* enum sl_version_state */
	uint64_t rows, units;
	const char *fault;      /* what is wrong with it, and where; NULL: every byte is what was sealed */
};
struct sl_data_verify {
	void *self;
	void (*seen)(void *self, const struct sl_data_verified *seen);
};

/*
 * sl_data_verify - every version that is kept (of the tables named, or all with the registries): its file against its
 * id, its chunks, zones and manifest against their tags and each other. Deciphering is sluice-load's.
 * Fails: SL_E_INTEGRITY when something is not what was sealed, after everything was told; SL_E_NO (no version of a
 * table that is named), SL_E_DENIED, SL_E_BUSY (an import runs), and those of the keeper.
 */
SL_MUST_CHECK enum sl_rc sl_data_verify(struct sl_enclave *e, const struct sl_actor *actor, const char *const *only,
                                        size_t nonly, const struct sl_data_verify *watch, struct sl_err *err);

/* Which versions of a table to forget. */
struct sl_data_forget {
	const char *table;
	const char *version; /* its id, or the first eight digits or more; NULL: all older than the one in force */
	bool all;            /* the one in force and those that wait, too; without version */
};

/*
 * sl_data_forget - destroy the keys of versions and remove their files; a leaf "data.forgotten" names them.
 *   nforgotten  out  versions; over 0 also when all was done but writing state.db anew, which then fails with
 *               SL_E_BUSY (somebody reads it) or SL_E_IO
 * Fails: SL_E_NO (nothing imported under that name, no such version, nothing old, the version in force without
 * `all`), SL_E_DENIED, SL_E_BUSY (an import runs).
 */
SL_MUST_CHECK enum sl_rc sl_data_forget(struct sl_enclave *e, const struct sl_actor *actor,
                                        const struct sl_data_forget *what, uint32_t *nforgotten, struct sl_err *err);

/*
 * sl_data_forgotten - of the versions {"study.persons":"sha256:…"} that a job read, the tables whose version was
 * forgotten since, apart by ", ", appended to out.
 */
SL_MUST_CHECK enum sl_rc sl_data_forgotten(struct sl_enclave *e, const char *versions_json, struct sl_buf *out,
                                           struct sl_err *err);

/* What a job needs of a table's current version: its file opened, and keys for the granted columns. */
struct sl_data_segment {
	int fd;
	uint8_t segment_id[16], version[32];
	uint64_t bytes, rows;
	uint8_t key[32];     /* of the segment; wiped by sl_data_segment_close */
};
/* sl_data_segment_open - SL_E_NO: none of the table is in force. The version is pinned by the descriptor. */
SL_MUST_CHECK enum sl_rc sl_data_segment_open(struct sl_enclave *e, const char *table, struct sl_data_segment *out,
                                              struct sl_err *err);
/* sl_data_version_open - the same of any version that is kept. */
struct sl_version;
SL_MUST_CHECK enum sl_rc sl_data_version_open(struct sl_enclave *e, const struct sl_version *v,
                                              struct sl_data_segment *out, struct sl_err *err);
void sl_data_segment_close(struct sl_data_segment *s);

#endif
