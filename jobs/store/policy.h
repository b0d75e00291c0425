/* policy.h - every policy that was ever in force, newest serial counts; and the catalogues. */
#ifndef SL_JOBS_STORE_POLICY_H
#define SL_JOBS_STORE_POLICY_H

#include "jobs/store/db.h"

/* sl_policy_put - a new serial with its text, digest and signatures (armours, one behind the other). */
SL_MUST_CHECK enum sl_rc sl_policy_put(struct sl_db *db, uint64_t serial, const void *text, size_t len,
                                       const uint8_t digest[static 32], const struct sl_buf *armours, int64_t at,
                                       struct sl_err *err);
/*
 * sl_policy_stored - append the text, and the signatures, of the policy `back` serials before the one in force (0: that
 * one itself). SL_E_NO: there is none. SL_E_INTEGRITY: the text is not what its digest says.
 */
SL_MUST_CHECK enum sl_rc sl_policy_stored(struct sl_db *db, uint32_t back, struct sl_buf *text, struct sl_buf *armours,
                                          uint8_t digest[static 32], struct sl_err *err);

/* sl_policy_stored_at - when the same one came into force. SL_E_NO: there is none. */
SL_MUST_CHECK enum sl_rc sl_policy_stored_at(struct sl_db *db, uint32_t back, int64_t *at, struct sl_err *err);

/*
 * sl_catalogue_put - store or replace a dataset's catalogue text. sl_catalogue_each - every one, by dataset.
 * sl_catalogue_one - that of one dataset, when there is one. SL_E_INTEGRITY: a text is not what its digest says.
 */
SL_MUST_CHECK enum sl_rc sl_catalogue_put(struct sl_db *db, const char *dataset, const void *text, size_t len,
                                          const uint8_t digest[static 32], int64_t at, struct sl_err *err);
typedef enum sl_rc sl_catalogue_see(void *self, const char *dataset, const void *text, size_t len,
                                    const uint8_t digest[static 32], struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_catalogue_each(struct sl_db *db, sl_catalogue_see *see, void *self, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_catalogue_one(struct sl_db *db, const char *dataset, sl_catalogue_see *see, void *self,
                                          struct sl_err *err);

#endif
