/*
 * verify_parts.h - inside jobs/verify*.c only: a bundle that is being verified, and what its parts are asked.
 */
#ifndef SL_JOBS_VERIFY_PARTS_H
#define SL_JOBS_VERIFY_PARTS_H

#include "jobs/bundle.h"

#define SL_VERIFY_JSON_MAX ((size_t)64 << 20)

/* What is asked of a bundle, and where each answer goes. */
struct sl_verify {
	struct sl_bundle_facts *f;
	struct sl_buf *steps;
	json_t *approvals, *owners; /* the statements that were verified, of reviewers and of owners */
};

/*
 * sl_verify_need, _need_json - a file of the bundle, which must be there; the JSON is the caller's to free.
 * sl_verify_differs - the fault of a file. sl_verify_same - both have the member, as the same text.
 */
SL_MUST_CHECK enum sl_rc sl_verify_need(const struct sl_verify *v, const char *path, const struct sl_release_file **out,
                                        struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_verify_need_json(const struct sl_verify *v, const char *path, json_t **out,
                                             struct sl_err *err);
enum sl_rc sl_verify_differs(struct sl_err *err, const char *path, const char *what);
bool sl_verify_same(const json_t *a, const json_t *b, const char *key);

/* What reviewers signed; that they named what was left to judge; what owners signed. In this order. */
SL_MUST_CHECK enum sl_rc sl_verify_approvals(struct sl_verify *v, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_verify_acknowledged(struct sl_verify *v, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_verify_owners(struct sl_verify *v, struct sl_err *err);

/* That the release is in the log, and how the log goes on from a backup; then whose the log is. In this order. */
SL_MUST_CHECK enum sl_rc sl_verify_log(struct sl_verify *v, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_verify_root(struct sl_verify *v, struct sl_err *err);

#endif
