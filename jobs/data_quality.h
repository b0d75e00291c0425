/*
 * data_quality.h - what the rows of a table's versions are like: missing values, values outside the domain, repeated
 * rows; counted when a version came in, sealed with it, and told beside the version before.
 */
#ifndef SL_JOBS_DATA_QUALITY_H
#define SL_JOBS_DATA_QUALITY_H

#include "jobs/actor.h"
#include "jobs/store/table.h"

/* Of one version, and of the one before; has_before: there is one, and it has the column. */
struct sl_quality_count {
	uint64_t now, before;
	bool has_before;
	bool stands_out; /* the share, or of rows and units the number, is another one than before */
};

struct sl_quality_of_column {
	char *name; /* heap */
	struct sl_quality_count missing, other;
};

/* In which band a share of rows lies; the bands are the same for every table. */
enum sl_quality_band {
	SL_QUALITY_UNTOLD = 0,
	SL_QUALITY_UNDER_5,
	SL_QUALITY_5_TO_20,
	SL_QUALITY_20_TO_50,
	SL_QUALITY_50_OR_MORE
};
const char *sl_quality_band_name(enum sl_quality_band band);
enum sl_quality_band sl_quality_band(uint64_t part, uint64_t all);

/* Free with sl_data_quality_free. */
struct sl_data_quality {
	uint8_t version[32];
	int64_t at;
	bool in_force;
	bool banded; /* the reader is told bands of missing and other alone: every other number is 0 */
	bool has_before;
	uint8_t before[32]; /* the version before, that is kept and was counted */
	struct sl_quality_count rows, units, repeated;
	struct sl_quality_of_column *columns;
	uint8_t *bands; /* banded: missing, other of each column */
	uint32_t ncolumns;
};

/*
 * sl_data_quality_get - of the newest version that is kept, beside the one before it, for operators, officers and
 * owners of the table; for others, where the catalogue opens it, of the version in force, in bands.
 *   standing  in/out  of sl_standing_people; what the table needs is added
 * Fails: SL_E_NO (no such table; no version; a version that nothing was counted of), SL_E_DENIED (the table's quality
 * is closed; fewer units than bands can hide, or one with too many of the rows), SL_E_INTEGRITY (the box is another
 * one's).
 */
SL_MUST_CHECK enum sl_rc sl_data_quality_get(struct sl_enclave *e, const struct sl_actor *actor,
                                             struct sl_standing *standing, const char *table,
                                             struct sl_data_quality *out, struct sl_err *err);
/* sl_data_quality_may - whether anything of the table is told to this actor, whose role allows it. With catalogues. */
SL_MUST_CHECK enum sl_rc sl_data_quality_may(const struct sl_standing *s, const struct sl_actor *actor,
                                             const char *table, struct sl_err *err);
void sl_data_quality_free(struct sl_data_quality *q);

/*
 * sl_data_quality_check - a report is a confined process's word: one count a column, none above what can be.
 * sl_data_quality_put - seal what was counted of a version that was put before; in the caller's transaction.
 * Fail: SL_E_INTEGRITY; SL_E_NOMEM and those of the store.
 */
SL_MUST_CHECK enum sl_rc sl_data_quality_check(const struct sl_load_setup *setup, const struct sl_load_report *report,
                                               struct sl_err *err);
struct sl_cat_table;
SL_MUST_CHECK enum sl_rc sl_data_quality_put(struct sl_enclave *e, const struct sl_cat_table *table,
                                             const struct sl_version *v, const struct sl_load_report *report,
                                             struct sl_err *err);

#endif
