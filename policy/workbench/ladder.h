/*
 * ladder.h - the round numbers that rules may have when they are asked of what left.
 *
 * Whoever may choose a rule's number freely finds by halving where it begins to hide a released cell, and so what one
 * unit's own part of it is. On a ladder of few rungs the answer stays between two of them, however often it is asked
 * (docs/decisions/0080-history-answers-to-round-numbers.md).
 */
#ifndef SL_POLICY_WORKBENCH_LADDER_H
#define SL_POLICY_WORKBENCH_LADDER_H

#include "enclave/base/buf.h"
#include "enclave/pact/setup.h"

/*
 * sl_ladder_round - bring each number of the rules to the next rung that hides no more than it does, so that whatever
 * is found under them would be found under the rules themselves. Jitter is left out, for the same reason.
 *   rules  in/out  whole, as a policy has them
 *   moved  out     appended: "dominance k 85 for 82.5, …", the keys as policies write them; nothing where all stand on
 *                  a rung
 */
void sl_ladder_round(struct sl_rules *rules, struct sl_buf *moved);

/* How many of its published numbers a release would lose, as it is told: one of four answers. */
enum sl_ladder_part { SL_LADDER_NONE = 0, SL_LADDER_TENTH, SL_LADDER_HALF, SL_LADDER_MOST };
enum sl_ladder_part sl_ladder_part(uint64_t hidden, uint64_t published);
const char *sl_ladder_part_name(enum sl_ladder_part part);

#endif
