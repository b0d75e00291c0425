/*
 * reviews.h - how many approvals a request needs, and whose count, by the policy's terms. Pure. Asked by the gate, by
 * lint and by what shows requests.
 */
#ifndef SL_POLICY_REVIEWS_H
#define SL_POLICY_REVIEWS_H

#include "policy/policy.h"

/* sl_reviews_by_class - some class of tables asks for a number of its own, so that tables must be known. */
bool sl_reviews_by_class(const struct sl_policy *policy);

/*
 * sl_reviews_needed - the largest of what the project and the classes of the tables ask; 0, which refuses: no project.
 *   tables  in   ntables that a request was made from; none is known: all classes are asked
 *   asks    out  the class whose number it is; SL_CLASS_NONE: the project's. May be NULL
 */
uint32_t sl_reviews_needed(const struct sl_policy *policy, const struct sl_project *project,
                           const struct sl_cat_table *const *tables, uint32_t ntables, enum sl_class *asks);

/*
 * sl_reviews_apart - organisations do not keep this person from deciding on a request of this author: policy does not
 * ask, or both have one and it is not the same. Who has none is not known to be of another.
 */
bool sl_reviews_apart(const struct sl_policy *policy, const char *author, const char *person);

/* sl_reviews_able - reviewers who could decide on a request of this author in the project. */
uint32_t sl_reviews_able(const struct sl_policy *policy, const struct sl_project *project, const char *author);

#endif
