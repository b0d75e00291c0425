/*
 * past.h - a kit whose first outputs were released and whose others are asked for: what sluice-check is told of the
 * past, counted the naive way.
 */
#ifndef SL_TEST_RULES_PAST_H
#define SL_TEST_RULES_PAST_H

#include "tests/unit/rules/kit.h"

struct past {
	struct kit *k;
	uint32_t earlier;
	bool is_public;   /* the first ones did not leave: they are public from elsewhere */
	bool one_by_one;  /* the first ones left in a release each, the first as L-7; before is empty then */
	struct sl_check_setup setup;
	struct sl_check_space space;
	struct sl_publication before, now;
	struct sl_err err;
};

/* past_open, past_close - with an empty kit, to be filled. */
void past_open(struct past *t);
void past_close(struct past *t);
/* past_persons - plan i: persons by region and, if wanted, gender. */
struct sl_plan *past_persons(struct past *t, uint32_t i, bool by_gender);
/* past_release - the first `earlier` plans leave, as L-7, as judged beside each other; or they are public. */
void past_release(struct past *t, uint32_t earlier);
/* past_judge - the others, into t->now. */
enum sl_rc past_judge(struct past *t);
/*
 * past_judge_failing - again and again, each time with another allocation failing, until none does: without memory
 * nothing is judged, and at last `rule` has found something.
 */
void past_judge_failing(struct past *t, enum sl_rule rule);

#endif
