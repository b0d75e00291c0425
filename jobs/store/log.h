/* log.h - the audit leaves and the right edge of their tree. */
#ifndef SL_JOBS_STORE_LOG_H
#define SL_JOBS_STORE_LOG_H

#include "jobs/sign/merkle.h"
#include "jobs/store/db.h"

/* sl_log_edge - the edge as stored. sl_log_add - append leaf `edge->size` with its bytes, and store the grown edge. */
SL_MUST_CHECK enum sl_rc sl_log_edge(struct sl_db *db, struct sl_merkle_edge *edge, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_log_add(struct sl_db *db, struct sl_merkle_edge *edge, const void *body, size_t len,
                                    struct sl_err *err);

/*
 * sl_log_body - append a leaf's bytes; SL_E_NO: no such leaf. sl_log_leaves - the leaf hashes of the first `size`,
 * by query.
 */
SL_MUST_CHECK enum sl_rc sl_log_body(struct sl_db *db, uint64_t index, struct sl_buf *out, struct sl_err *err);
struct sl_merkle_leaves sl_log_leaves(struct sl_db *db, uint64_t size);
/* sl_log_last_policy - append the bytes of the last policy.applied leaf; SL_E_NO: none (err untouched). */
SL_MUST_CHECK enum sl_rc sl_log_last_policy(struct sl_db *db, struct sl_buf *out, struct sl_err *err);

/*
 * sl_log_node - the kept hash of a whole subtree, as struct sl_merkle_leaves asks for it: at levels that are multiples
 * of SL_MERKLE_TILE, since the state file has them. SL_E_NO: not kept (err untouched).
 */
SL_MUST_CHECK enum sl_rc sl_log_node(struct sl_db *db, unsigned level, uint64_t index, struct sl_merkle_hash *out,
                                     struct sl_err *err);

/* sl_log_each - every leaf from `from` on, in order, with its stored hash; a failure of `see` ends it. */
SL_MUST_CHECK enum sl_rc sl_log_each(struct sl_db *db, uint64_t from,
                                     enum sl_rc (*see)(void *self, uint64_t index, const void *body, size_t len,
                                                       const struct sl_merkle_hash *hash, struct sl_err *err),
                                     void *self, struct sl_err *err);

#endif
