/*
 * policy_reviews.c - what is asked of reviewers in every project: approvals by class of table, organisations apart, and
 * how many requests may be judged before one of them looks, and jobs end otherwise than held before anybody does.
 */
#include <string.h>

#include "policy/json/policy_read.h"

#define UNSEEN_MAX 100000
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const reviews_keys[] = { "approvals_by_class", "same_organisation", "unseen_requests_max",
	                                      "unseen_jobs_max" };
static const char *const class_keys[] = { "open", "on_application", "confidential" };
static const char *const same_names[] = { "allowed", "never" };

static enum sl_rc read_classes(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	enum sl_rc rc = sl_json_keys(at, class_keys, COUNT(class_keys), err);

	for (size_t i = 0; i < COUNT(class_keys) && rc == SL_OK; i++) {
		uint64_t n = 0;
		if (sl_json_opt(at, class_keys[i], &m))
			rc = sl_json_u64(&m, 1, 10, &n, err);
		p->reviews.approvals_by_class[SL_CLASS_OPEN + i] = (uint32_t)n;
	}
	return rc;
}

/* What is not said stays as it is. */
static enum sl_rc read_unseen(const struct sl_json_at *at, const char *key, uint32_t *out, struct sl_err *err)
{
	struct sl_json_at m;
	uint64_t n = *out;
	enum sl_rc rc = sl_json_opt(at, key, &m) ? sl_json_u64(&m, 1, UNSEEN_MAX, &n, err) : SL_OK;

	*out = (uint32_t)n;
	return rc;
}

enum sl_rc sl_policy_read_reviews(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	size_t same = 0;
	enum sl_rc rc = sl_json_keys(at, reviews_keys, COUNT(reviews_keys), err);

	if (rc == SL_OK && sl_json_opt(at, "approvals_by_class", &m))
		rc = read_classes(&m, p, err);
	if (rc == SL_OK && sl_json_opt(at, "same_organisation", &m))
		rc = sl_json_choice(&m, same_names, COUNT(same_names), &same, err);
	p->reviews.apart = same == 1;
	if (rc == SL_OK)
		rc = read_unseen(at, "unseen_requests_max", &p->reviews.unseen_max, err);
	return rc == SL_OK ? read_unseen(at, "unseen_jobs_max", &p->reviews.unseen_jobs_max, err) : rc;
}
