/*
 * policy_can.h - may somebody do something? The answer with the rule that decides it, without doing it.
 *
 * Asks what the commands themselves ask: the role table, the grant, the independence of reviewers, who sees what.
 */
#ifndef SL_JOBS_POLICY_CAN_H
#define SL_JOBS_POLICY_CAN_H

#include "jobs/actor.h"

/* What the thing behind an action is. */
enum sl_can_about {
	SL_CAN_ABOUT_NOTHING = 0, /* the role alone decides */
	SL_CAN_ABOUT_GRANT,       /* a project: what it grants, today */
	SL_CAN_ABOUT_SIGHT,       /* a project: whether its jobs, requests, releases are shown */
	SL_CAN_ABOUT_REVIEW,      /* a project: whether its requests are this reviewer's to judge */
};

struct sl_can_question {
	enum sl_action action;
	const char *person;
	const char *project; /* NULL: no thing is named, the role alone is asked */
	const char *author;  /* of the job or request meant; "" : of none in particular */
	const char *table;   /* instead of a project: in whichever of the person's projects; NULL: none is named */
	const struct sl_actor *asker; /* with table: what owners granted is told to those whom it concerns */
};

/* Zeroed: no, for no reason. */
struct sl_can_answer {
	bool yes;
	char rule[48];    /* that decided */
	char reason[512];
	char remedy[256]; /* "" : none needed, or none known */
};

/* sl_can_about - what an action's thing is. */
enum sl_can_about sl_can_about(enum sl_action action);

/*
 * sl_can_ask - answer a question under what holds now.
 * Fails: SL_E_IDENT (the policy does not know the person; a near name is the remedy), SL_E_USAGE (a thing is named that
 * the action is not about), SL_E_INPUT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_can_ask(const struct sl_standing *standing, const struct sl_can_question *q,
                                    struct sl_can_answer *out, struct sl_err *err);

/* sl_can_yes, sl_can_no - the answer; what is neither SL_E_DENIED nor SL_E_NO is no answer and stays an error. */
void sl_can_yes(struct sl_can_answer *out, const char *rule, const char *reason);
SL_MUST_CHECK enum sl_rc sl_can_no(struct sl_can_answer *out, const struct sl_err *no, struct sl_err *err);

#endif
