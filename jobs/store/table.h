/* table.h - versions of tables (segments), unit spaces, rows of open reference tables. */
#ifndef SL_JOBS_STORE_TABLE_H
#define SL_JOBS_STORE_TABLE_H

#include "jobs/store/db.h"

#define SL_WRAPPED_BYTES_MAX 128

/* A version: one segment file vault/<hex of segment_id>.seg. */
struct sl_version {
	char *table; /* "dataset.table"; heap */
	uint8_t id[32], segment_id[16];
	uint8_t wrapped[SL_WRAPPED_BYTES_MAX];
	size_t nwrapped;
	uint64_t bytes, rows, units;
	int64_t at;
};

/*
 * sl_version_put - the table's newest version; the one before stays. sl_version_latest - SL_E_NO: none.
 * sl_version_free.
 */
SL_MUST_CHECK enum sl_rc sl_version_put(struct sl_db *db, const struct sl_version *v, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_version_latest(struct sl_db *db, const char *table, struct sl_version *out,
                                           uint32_t *nversions, struct sl_err *err);
void sl_version_free(struct sl_version *v);
/* sl_version_has_segment - true in *known when a segment file belongs to some version. */
SL_MUST_CHECK enum sl_rc sl_version_has_segment(struct sl_db *db, const uint8_t segment_id[static 16], bool *known,
                                                struct sl_err *err);

/* sl_space_units - ordinals given out in a unit space; 0 for a new one. sl_space_set. */
SL_MUST_CHECK enum sl_rc sl_space_units(struct sl_db *db, const char *space, uint64_t *units, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_space_set(struct sl_db *db, const char *space, uint64_t units, struct sl_err *err);

/*
 * sl_reference_clear, sl_reference_add - replace the rows of a reference table. sl_reference_each - in order, by
 * table.
 */
SL_MUST_CHECK enum sl_rc sl_reference_clear(struct sl_db *db, const char *table, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_reference_add(struct sl_db *db, const char *table, uint32_t position, const char *key,
                                          const char *label, struct sl_err *err);
typedef enum sl_rc sl_reference_see(void *self, const char *table, const char *key, const char *label,
                                    struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_reference_each(struct sl_db *db, sl_reference_see *see, void *self, struct sl_err *err);

#endif
