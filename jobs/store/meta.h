/* meta.h - single facts about the enclave: name, public key, where the keys lie. */
#ifndef SL_JOBS_STORE_META_H
#define SL_JOBS_STORE_META_H

#include "jobs/store/db.h"

/* sl_meta_put - set a key. sl_meta_get - append its value; SL_E_INTEGRITY when it is not there. */
SL_MUST_CHECK enum sl_rc sl_meta_put(struct sl_db *db, const char *key, const void *value, size_t len,
                                     struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_meta_get(struct sl_db *db, const char *key, struct sl_buf *out, struct sl_err *err);
/* sl_meta_has - whether a key is set. sl_meta_remove - unset it; one that is not set is no fault. */
SL_MUST_CHECK enum sl_rc sl_meta_has(struct sl_db *db, const char *key, bool *has, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_meta_remove(struct sl_db *db, const char *key, struct sl_err *err);

#endif
