/*
 * gate.h - the one place that decides whether something leaves: a pure function over facts, condition by condition.
 *
 * jobs gathers the facts under the writer lock and acts on the verdict in the same transaction. Zeroed facts meet no
 * condition.
 */
#ifndef SL_POLICY_GATE_H
#define SL_POLICY_GATE_H

#include "policy/owner.h"
#include "policy/released.h"

enum sl_decision { SL_DECISION_NONE = 0, SL_DECISION_APPROVE, SL_DECISION_REJECT, SL_DECISION_RETURN };

/* sl_gate_decision - "approve", "reject", "return": in what is signed. sl_gate_decision_named - 0 for another word. */
const char *sl_gate_decision(enum sl_decision decision);
enum sl_decision sl_gate_decision_named(const char *word);

enum sl_secondary { SL_SECONDARY_UNKNOWN = 0, SL_SECONDARY_WITHIN_REQUEST };

/* A signed decision on the request, each person's latest. */
struct sl_gate_review {
	const char *person; /* name in the policy */
	const char *key;    /* the key line that verified the signature; compared with the person's key of now */
	uint8_t decision;   /* enum sl_decision */
	bool signature_verified;
	uint8_t publication_digest[32]; /* as signed */
	uint8_t policy_digest[32];      /* as signed */
	uint8_t findings_digest[32];    /* of the findings it was signed in view of, as signed */
	uint64_t rules_acknowledged;    /* the rules it acknowledges, as policy/acknowledge.h */
};

/* An owner's signed decision on the request, each person's latest. */
struct sl_gate_owner {
	const char *person, *key;    /* as of a review */
	const char *organisation;    /* whose tables they said to speak for */
	uint8_t decision;            /* enum sl_decision */
	bool signature_verified;     /* and of this enclave and request */
	uint8_t publication_digest[32], policy_digest[32]; /* as signed */
};

struct sl_gate_facts {
	/* the request */
	bool submitted; /* it is waiting for review; not withdrawn, returned or released */
	bool request_signature_verified;
	uint8_t request_digest_signed[32], request_digest_now[32];
	const char *project, *author;
	/* the publication */
	bool releasable;
	uint8_t publication_digest[32];     /* frozen with the request */
	uint8_t publication_digest_now[32]; /* of the bytes that would leave now */
	uint8_t findings_digest[32];        /* of its findings */
	uint64_t rules_open; /* sl_acknowledge_open of it */
	uint8_t secondary; /* enum sl_secondary, as the record will say */
	/* the policy */
	const struct sl_policy *policy;      /* in force */
	uint8_t policy_digest[32];           /* in force */
	uint8_t policy_digest_evaluated[32]; /* under which the publication was made */
	bool policy_signature_verified;
	bool grant_holds; /* sl_grant_compile and sl_plan_grant_check again, now, for the author */
	bool owner_grants_hold; /* sl_owner_check_plan again, now: the owners let the job's tables be used and joined */
	int64_t today;
	/* reviews */
	const struct sl_gate_review *reviews;
	uint32_t nreviews;
	/* the owners */
	const struct sl_cat_table *const *tables; /* that the job used, as the catalogues describe them now */
	uint32_t ntables;
	const struct sl_gate_owner *owners;
	uint32_t nowners;
	/* what left before */
	const struct sl_released *released; /* of each unit space of its outputs */
	uint32_t nreleased;
	bool history_holds; /* judged beside every release there is of its unit spaces, the publication is the one frozen */
	/* the log */
	bool log_consistent; /* tree, checkpoint and state agree */
};

enum sl_condition {
	SL_CONDITION_SUBMITTED = 0,
	SL_CONDITION_UNCHANGED,
	SL_CONDITION_RELEASABLE,
	SL_CONDITION_POLICY,
	SL_CONDITION_GRANT,
	SL_CONDITION_OWNER_GRANT,
	SL_CONDITION_EXPIRY,
	SL_CONDITION_APPROVALS,
	SL_CONDITION_OWNER_APPROVAL,
	SL_CONDITION_BOUND,
	SL_CONDITION_FINDINGS,
	SL_CONDITION_INDEPENDENT,
	SL_CONDITION_NO_REJECTION,
	SL_CONDITION_RELEASED,
	SL_CONDITION_HISTORY,
	SL_CONDITION_SECONDARY,
	SL_CONDITION_LOG,
	SL_CONDITION_COUNT_
};

struct sl_condition_row {
	enum sl_condition condition;
	const char *id;     /* "approvals": stable, in records */
	const char *reason; /* what it asks */
	const char *remedy; /* what to do when it is not met */
	bool (*met)(const struct sl_gate_facts *f);
};

/* Indexed by enum sl_condition. */
extern const struct sl_condition_row sl_conditions_table[SL_CONDITION_COUNT_];

/* Zeroed: shut. */
struct sl_gate_verdict {
	bool open; /* every condition is met */
	bool met[SL_CONDITION_COUNT_];
	uint32_t approvals, approvals_needed; /* that count; for "1 of 2 approvals" */
	uint8_t class_asks;                   /* enum sl_class: whose number it is; 0: the project's */
	bool waiting;                         /* all that is unmet is a number of approvals, or an owner's: undecided */
	char owner_waits[2 * SL_NAME_BYTES];  /* a table whose owner is asked and has not approved; "" : none */
	char owner_asked[SL_NAME_BYTES];      /* its owner */
	struct sl_released_told released;     /* of the fullest unit space */
};

/* sl_gate_decide - ask every condition; never stops at the first, so that all reasons can be told. */
void sl_gate_decide(const struct sl_gate_facts *facts, struct sl_gate_verdict *out);

/*
 * sl_gate_refusal - the first unmet condition as an error, with rule id and remedy: SL_E_UNDECIDED when waiting, else
 * SL_E_DENIED. SL_OK when open. What no reviewer could mend comes before what one could.
 */
enum sl_rc sl_gate_refusal(const struct sl_gate_verdict *verdict, struct sl_err *err);

/*
 * sl_gate_may_review - may this person decide on a request of this project and author at all? For `review` to refuse
 * before a signature is asked. author "": of somebody else, of another organisation. Fails: SL_E_DENIED with rule and
 * remedy.
 * sl_gate_asks_owner - must an owner of the table approve what leaves the project? The catalogue or the project says.
 */
bool sl_gate_asks_owner(const struct sl_policy *policy, const char *project, const struct sl_cat_table *table);
SL_MUST_CHECK enum sl_rc sl_gate_may_review(const struct sl_policy *policy, const char *project, const char *author,
                                            const char *person, struct sl_err *err);

#endif
