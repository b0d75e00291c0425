/* policy_read.h - inside policy/json only: the parts of a policy file. */
#ifndef SL_POLICY_JSON_POLICY_READ_H
#define SL_POLICY_JSON_POLICY_READ_H

#include "policy/json/json.h"
#include "policy/policy.h"

/* Each reads one member of the policy; *policy is freed by the caller on failure. */
SL_MUST_CHECK enum sl_rc sl_policy_read_people(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err);
/* Needs people. */
SL_MUST_CHECK enum sl_rc sl_policy_read_exceptions(const struct sl_json_at *at, struct sl_policy *p,
                                                   struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_policy_read_pins(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_policy_read_disclosure(const struct sl_json_at *at, struct sl_policy *p,
                                                   struct sl_err *err);
/* Of disclosure; r has the profile's and the threshold. */
SL_MUST_CHECK enum sl_rc sl_policy_read_transform(const struct sl_json_at *at, struct sl_rules *r, struct sl_err *err);
/* The key released_numbers_max of disclosure or of a project; absent: *out stays, false: unbounded. */
SL_MUST_CHECK enum sl_rc sl_policy_read_released(const struct sl_json_at *at, uint64_t *out, struct sl_err *err);
/* at NULL: the defaults. */
SL_MUST_CHECK enum sl_rc sl_policy_read_limits(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err);
/* Needs pins. */
SL_MUST_CHECK enum sl_rc sl_policy_read_refresh_days(const struct sl_json_at *at, struct sl_policy *p,
                                                     struct sl_err *err);
/* The key of a member is "dataset.table", and the dataset's catalogue is pinned. */
SL_MUST_CHECK enum sl_rc sl_policy_check_table_name(const struct sl_json_at *at, const struct sl_policy *p,
                                                    struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_policy_read_reviews(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err);
/* A day "YYYY-MM-DD". */
SL_MUST_CHECK enum sl_rc sl_policy_read_day(const struct sl_json_at *at, int64_t *out, struct sl_err *err);
/* Needs people and pins. */
SL_MUST_CHECK enum sl_rc sl_policy_read_projects(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err);

/* What the file alone shows to be wrong or unwise goes to p->notes. */
void sl_policy_lint_people(struct sl_policy *p);
void sl_policy_lint_projects(struct sl_policy *p);

#endif
