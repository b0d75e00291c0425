/* known.h - numbers of what there is, newest first, with whose it is: what a shell completes. Nothing is written. */
#ifndef SL_JOBS_STORE_KNOWN_H
#define SL_JOBS_STORE_KNOWN_H

#include "jobs/store/db.h"

enum sl_store_known_kind {
	SL_KNOWN_NONE = 0, SL_KNOWN_JOB, SL_KNOWN_REQUEST, SL_KNOWN_RELEASE, SL_KNOWN_APPLICATION, SL_KNOWN_GRANT
};

struct sl_store_known {
	int64_t id, state;
	const char *project, *author;
	const char *owner; /* of the table, for APPLICATION and GRANT; else "" */
};

typedef enum sl_rc sl_store_known_see(void *self, const struct sl_store_known *known, struct sl_err *err);
/* sl_store_known_each - the newest 500. */
SL_MUST_CHECK enum sl_rc sl_store_known_each(struct sl_db *db, enum sl_store_known_kind kind, sl_store_known_see *see,
                                             void *self, struct sl_err *err);

#endif
