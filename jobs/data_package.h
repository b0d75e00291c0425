/*
 * data_package.h - a data package on the operator's disk, and the files its tables come from.
 *
 * Inside jobs only: import, attach, refresh and append share it.
 */
#ifndef SL_JOBS_DATA_PACKAGE_H
#define SL_JOBS_DATA_PACKAGE_H

#include <time.h>

#include "jobs/import.h"
#include "jobs/snapshot.h"

struct sl_data_package {
	char *path; /* absolute */
	struct sl_buf text;
	struct sl_catalogue catalogue;
	int dir; /* its folder: resources are opened beneath it, through no link */
};

/*
 * sl_data_package_open - read and judge datapackage.json; p zeroed but for dir -1.
 * Fails: SL_E_INPUT with file, line and column. sl_data_package_close accepts a failed open.
 */
SL_MUST_CHECK enum sl_rc sl_data_package_open(const char *path, struct sl_data_package *p, struct sl_err *err);
void sl_data_package_close(struct sl_data_package *p);

/* A table's source, open. */
struct sl_data_origin {
	struct sl_store_source record;  /* sha256 after sl_data_origin_digest */
	struct sl_snapshot files; /* db: the file itself for a resource; wal -1 then */
	uint8_t format;           /* enum sl_load_format */
	bool append;              /* its rows come behind those that are there */
	struct timespec written;  /* the file itself, last, as it was opened */
};

/*
 * sl_data_origin_resource - the resource the package names for the table. sl_data_origin_sqlite - a snapshot of an
 * SQLite file, for a table of the package. Zeroed but for files -1, -1 before; closed with sl_data_origin_close, also
 * after failure. bytes_max: as of sl_snapshot_take.
 * Fails: SL_E_INPUT naming file and table; those of sl_snapshot_take.
 */
SL_MUST_CHECK enum sl_rc sl_data_origin_resource(const struct sl_data_package *p, const struct sl_cat_table *t,
                                                 struct sl_data_origin *o, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_data_origin_sqlite(const struct sl_data_package *p, const struct sl_cat_table *t,
                                               const char *file, const char *inside, uint64_t bytes_max,
                                               struct sl_data_origin *o, struct sl_err *err);
/* sl_data_origin_rows - a file of further rows, as the table's resource is but elsewhere. Contract as above. */
SL_MUST_CHECK enum sl_rc sl_data_origin_rows(const struct sl_data_package *p, const struct sl_cat_table *t,
                                             const char *file, struct sl_data_origin *o, struct sl_err *err);
void sl_data_origin_close(struct sl_data_origin *o);

/*
 * sl_data_origin_digest - what the source holds, as a digest into the record. A file that is no longer as long as when
 * it was opened gets all zeros, which no source has: it counts as changed.
 */
SL_MUST_CHECK enum sl_rc sl_data_origin_digest(struct sl_data_origin *o, struct sl_err *err);

/*
 * sl_data_origin_import - load it into the attempt, with its record; told to the watch.
 * Fails as sl_import_table; SL_E_INPUT too when the file was written to meanwhile: its rows are of no one moment.
 */
SL_MUST_CHECK enum sl_rc sl_data_origin_import(struct sl_import *im, const struct sl_cat_table *t,
                                               struct sl_data_origin *o, const struct sl_data_watch *watch,
                                               struct sl_err *err);

/* sl_data_is_named - whether `only` is empty or names the table, with or without its dataset. */
bool sl_data_is_named(const char *table, const char *const *only, size_t nonly);

#endif
