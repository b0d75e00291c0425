/* table.h - versions of tables (segments), their sources, unit spaces, rows of open reference tables. */
#ifndef SL_JOBS_STORE_TABLE_H
#define SL_JOBS_STORE_TABLE_H

#include "enclave/pact/load.h"
#include "enclave/vault/segment.h"
#include "jobs/store/db.h"

#define SL_WRAPPED_BYTES_MAX 128

#define SL_CHANGED_UNKNOWN (-1)

/*
 * A version: one segment file vault/<hex of segment_id>.seg. Moments are seconds since 1970; 0: not.
 * The version in force is the newest with in_force and without forgotten; newer ones wait, older ones are kept.
 */
struct sl_version {
	int64_t n;   /* rises with every version of any table */
	char *table; /* "dataset.table"; heap */
	uint8_t id[32], segment_id[SL_SEGMENT_ID_BYTES];
	uint8_t wrapped[SL_WRAPPED_BYTES_MAX]; /* the segment's key; nwrapped 0 once forgotten */
	size_t nwrapped;
	uint64_t bytes, rows, units;
	int64_t at;                            /* imported */
	int64_t changed;                       /* units that differ from what was in force then; or SL_CHANGED_UNKNOWN */
	int64_t in_force, forgotten;
};

struct sl_versions {
	struct sl_version *items;
	uint32_t n, cap;
};

/*
 * sl_version_put - one more version; n and forgotten are not read. sl_version_in_force - SL_E_NO: none.
 * sl_versions_load - of a table, or when table is NULL of all, by table; oldest first. sl_versions_waiting - those
 * newer than what is in force of their table, by table, oldest first. *_free accept zeroed ones.
 */
SL_MUST_CHECK enum sl_rc sl_version_put(struct sl_db *db, const struct sl_version *v, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_version_in_force(struct sl_db *db, const char *table, struct sl_version *out,
                                             struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_versions_load(struct sl_db *db, const char *table, struct sl_versions *out,
                                          struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_versions_waiting(struct sl_db *db, struct sl_versions *out, struct sl_err *err);
void sl_version_free(struct sl_version *v);
void sl_versions_free(struct sl_versions *all);
/* sl_version_is_kept - whether there is any version of the table that is not forgotten. */
SL_MUST_CHECK enum sl_rc sl_version_is_kept(struct sl_db *db, const char *table, bool *kept, struct sl_err *err);
/* sl_version_put_in_force. sl_version_forget - its key is gone from its row; sl_db_scrub sees to the file's bytes. */
SL_MUST_CHECK enum sl_rc sl_version_put_in_force(struct sl_db *db, int64_t n, int64_t at, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_version_forget(struct sl_db *db, int64_t n, int64_t at, struct sl_err *err);
/*
 * sl_version_has_segment - true in *known when a segment file belongs to some version that is not forgotten.
 * sl_version_segments - append the ids of all such segments, or of all that were forgotten, to out, SL_SEGMENT_ID_BYTES
 * each, ascending.
 */
SL_MUST_CHECK enum sl_rc sl_version_has_segment(struct sl_db *db, const uint8_t segment_id[static 16], bool *known,
                                                struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_version_segments(struct sl_db *db, bool forgotten, struct sl_buf *out, struct sl_err *err);

/* A unit space: ordinals given out, and the SHA-256 of as many hashes at the start of its registry file. */
struct sl_space {
	char *name;
	uint64_t units;
	bool is_sealed; /* false: from an enclave older than the seal */
	uint8_t sha256[32];
};

/* sl_space_get - zeroed for a new one. sl_space_each - by name; the space is borrowed. sl_space_set. */
SL_MUST_CHECK enum sl_rc sl_space_get(struct sl_db *db, const char *space, struct sl_space *out, struct sl_err *err);
typedef enum sl_rc sl_space_see(void *self, const struct sl_space *space, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_space_each(struct sl_db *db, sl_space_see *see, void *self, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_space_set(struct sl_db *db, const char *space, uint64_t units,
                                      const uint8_t sha256[static 32], struct sl_err *err);
void sl_space_free(struct sl_space *space);

enum sl_store_source_kind { SL_SOURCE_NONE = 0, SL_SOURCE_RESOURCE, SL_SOURCE_SQLITE, SL_SOURCE_APPENDED };

/* Where a table came from last; APPENDED: only its newest rows did. Heap texts. */
struct sl_store_source {
	char *table;
	uint8_t kind;      /* enum sl_store_source_kind */
	char *package;     /* absolute path of datapackage.json */
	char *path;        /* RESOURCE: below its folder, as the package says; the others: absolute */
	char *inside;      /* SQLITE: the table's name in the file */
	uint64_t bytes;
	uint8_t sha256[32];
};
/* sl_store_source_put - replaces. sl_store_source_get - SL_E_NO: not recorded. */
SL_MUST_CHECK enum sl_rc sl_store_source_put(struct sl_db *db, const struct sl_store_source *s, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_source_get(struct sl_db *db, const char *table, struct sl_store_source *out,
                                             struct sl_err *err);
void sl_store_source_free(struct sl_store_source *s);

/*
 * sl_reference_clear, sl_reference_add - replace the rows of a reference table. sl_reference_each - in order, by
 * table; the row is see's, who may take what it owns and zero it. sl_reference_row_free - accepts a zeroed one.
 */
SL_MUST_CHECK enum sl_rc sl_reference_clear(struct sl_db *db, const char *table, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_reference_add(struct sl_db *db, const char *table, uint32_t position,
                                          const struct sl_reference_row *row, struct sl_err *err);
typedef enum sl_rc sl_reference_see(void *self, const char *table, struct sl_reference_row *row, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_reference_each(struct sl_db *db, sl_reference_see *see, void *self, struct sl_err *err);
void sl_reference_row_free(struct sl_reference_row *row);

#endif
