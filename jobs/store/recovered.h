/*
 * recovered.h - the rows of releases that were entered again after a restore. One whose units could be found stands
 * among the releases as well; of one that could not nothing but this row is known, and it shuts its unit spaces.
 */
#ifndef SL_JOBS_STORE_RECOVERED_H
#define SL_JOBS_STORE_RECOVERED_H

#include "jobs/store/db.h"

#define SL_STORE_EVERY_SPACE "*" /* in place of a unit space: nobody knows which */

struct sl_store_recovered {
	int64_t release, request, at;
	uint8_t publication[32];     /* digest */
	char *project, *person;
	char *why;                   /* its units are not known; "": they are, history counts it */
	bool is_fork;                /* another release has its number here; it is known by its publication */
};
/*
 * sl_store_recovered_put - replaces, without its spaces. sl_store_recovered_get, of a number; sl_store_recovered_fork,
 * of a publication - SL_E_NO: none (err untouched).
 * A fork that is counted has two rows: the fork's, with the numbers it left under, and one of the number it has here.
 */
SL_MUST_CHECK enum sl_rc sl_store_recovered_put(struct sl_db *db, const struct sl_store_recovered *row,
                                                struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_recovered_get(struct sl_db *db, int64_t release, struct sl_store_recovered *out,
                                                struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_recovered_fork(struct sl_db *db, const uint8_t publication[static 32],
                                                 struct sl_store_recovered *out, struct sl_err *err);
void sl_store_recovered_free(struct sl_store_recovered *row);
/* sl_store_recovered_space - a unit space that it shuts, or every. Once is enough. */
SL_MUST_CHECK enum sl_rc sl_store_recovered_space(struct sl_db *db, const struct sl_store_recovered *of,
                                                  const char *space, struct sl_err *err);
/*
 * sl_store_recovered_unknown - those whose units are not known, forks as well, by number: of a space and of every,
 * or all when space is NULL.
 */
SL_MUST_CHECK enum sl_rc sl_store_recovered_unknown(struct sl_db *db, const char *space,
                                                    struct sl_store_recovered **rows, uint32_t *n, struct sl_err *err);
void sl_store_recovered_list_free(struct sl_store_recovered *rows, uint32_t n);

/*
 * sl_store_reached_release - the highest number that a release ever had here. sl_store_reach_release,
 * sl_store_reach_request - the next one gets a higher number than this.
 */
SL_MUST_CHECK enum sl_rc sl_store_reached_release(struct sl_db *db, int64_t *id, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_reach_release(struct sl_db *db, int64_t id, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_reach_request(struct sl_db *db, int64_t id, struct sl_err *err);

#endif
